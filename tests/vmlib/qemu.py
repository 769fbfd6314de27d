# SPDX-License-Identifier: MIT
"""The QEMU process: its command line, the accelerator, and each virtual CPU on a core of its own."""

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from .initramfs import initramfs
from .paths import OUT, Failed
from .wire import PORT

QEMU = "qemu-system-x86_64"
# TCG emulates `rep movsb` byte by byte; without these flags the kernel copies as it does on real hardware
CPU = {"kvm": "host", "tcg": "max,erms=off,fsrm=off"}
ACCELERATOR = {"kvm": "kvm", "tcg": "tcg,thread=multi"}
COMMAND_LINE = (
    "console=ttyS0",
    # every oops ends the machine, and its end is noticed at once
    "oops=panic",
    "panic=-1",
    "sysctl.kernel.hung_task_timeout_secs=60",
    "sysctl.kernel.hung_task_panic=1",
    "printk.devkmsg=on",
    "random.trust_cpu=on",
    # The watchdog would take a host's pause for a broken clock, and fall back to one that costs an exit per look
    "tsc=reliable",
    # QEMU 7.2 may execute an instruction that another emulated CPU has just patched away, and the
    # kernel dies. While it boots it patches most, so the other CPUs join when init runs
    "maxcpus=1",
    "noreplace-smp",
    "nokaslr",
)
# That a checker has given up is told as if it mattered to nobody. Unit tests run when their module is loaded
LANE_COMMAND_LINE = {"stock": ("loglevel=7",), "full": ("loglevel=8", "kunit.enable=1")}


class NoBoot(Failed):
    """The machine did not get as far as our agent."""


def loops_per_jiffy(kernel):
    """Return what the guest would take two seconds to find out: emulated or not, its TSC is the host's."""
    bogomips = float(re.search(r"^bogomips\s*: ([\d.]+)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)[1])
    ticks = int(re.search(r"^CONFIG_HZ=(\d+)", kernel.configuration.read_text(), re.MULTILINE)[1])
    return round(bogomips * 500_000 / ticks)


def escape(path):
    """QEMU separates options by commas and takes a doubled one literally."""
    return str(path).replace(",", ",,")


class Qemu:
    """A machine that runs from `start` to `end`; `channel` leads to the guest's agent."""

    def __init__(self, kernel, accelerator, memory, console, more_command_line=()):
        if not shutil.which(QEMU):
            raise Failed(f"{QEMU} is not installed; tests/setup installs it")
        # what QEMU wrote, once it has ended
        self.complaint = None
        self.cores = sorted(os.sched_getaffinity(0))
        self.channel, channel_end = socket.socketpair()
        self._monitor, monitor_end = socket.socketpair()
        command_line = [*COMMAND_LINE, *LANE_COMMAND_LINE[kernel.lane], f"lpj={loops_per_jiffy(kernel)}", *more_command_line]
        command = [
            # whatever becomes of us, no machine is left behind
            "setpriv", "--pdeathsig", "KILL",
            QEMU, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-S",
            "-machine", "q35", "-accel", ACCELERATOR[accelerator], "-cpu", CPU[accelerator],
            "-smp", str(len(self.cores)), "-m", memory,
            "-kernel", str(kernel.image), "-initrd", str(initramfs(kernel)), "-append", " ".join(command_line),
            "-chardev", f"file,id=console,path={escape(console)}", "-serial", "chardev:console",
            "-chardev", f"socket,id=monitor,fd={monitor_end.fileno()}", "-mon", "chardev=monitor,mode=control",
            "-device", "virtio-serial-pci",
            "-chardev", f"socket,id=agent,fd={channel_end.fileno()}", "-device", f"virtserialport,chardev=agent,name={PORT}",
            "-fsdev", "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap",
            "-device", "virtio-9p-pci,fsdev=host,mount_tag=host",
        ]  # fmt: skip
        with channel_end, monitor_end:
            self._output = tempfile.TemporaryFile()
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=self._output,
                pass_fds=(channel_end.fileno(), monitor_end.fileno()),
                # Ctrl-C is for us; we end the machine
                start_new_session=True,
            )
        try:
            self._start_pinned()
        except (OSError, ValueError):
            self.end()
            raise NoBoot(f"QEMU did not start: {self.complaint or 'it said nothing'}") from None

    def _start_pinned(self):
        """Unpinned, emulated CPUs are many times slower, at random."""
        self._monitor.settimeout(30)
        with self._monitor.makefile("rw") as monitor:

            def ask(command):
                print(json.dumps({"execute": command}), file=monitor, flush=True)
                for line in monitor:
                    answer = json.loads(line)
                    if "return" in answer:
                        return answer["return"]
                raise OSError

            monitor.readline()
            ask("qmp_capabilities")
            for core, cpu in zip(self.cores, ask("query-cpus-fast")):
                os.sched_setaffinity(cpu["thread-id"], {core})
            ask("cont")

    @property
    def pid(self):
        return self._process.pid

    def running(self):
        return self._process.poll() is None

    def still_running_after(self, seconds):
        """A machine closes its channel some time before its process has ended."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return True
        return False

    def end(self):
        if self.complaint is not None:
            return
        self._process.kill()
        self._process.wait()
        with self._output:
            self._output.seek(0)
            self.complaint = self._output.read().decode(errors="replace").strip()
        self.channel.close()
        self._monitor.close()


class KvmMemory:
    """Remembers until the host boots again whether KVM could boot a machine: /dev/kvm alone proves nothing."""

    def __init__(self):
        self._file = OUT / "cache" / "kvm"
        self._boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()

    def recall(self):
        """Return True, False, or None where nobody has tried."""
        if not os.access("/dev/kvm", os.R_OK | os.W_OK):
            return False
        if not self._file.exists():
            return None
        boot, _, verdict = self._file.read_text().partition(" ")
        return verdict == "works" if boot == self._boot else None

    def keep(self, works):
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(f"{self._boot} {'works' if works else 'fails'}")
