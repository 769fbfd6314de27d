# SPDX-License-Identifier: MIT
"""The virtual machine as tests and tests/vm use it."""

import os
import re
import select
import sys
import time
from dataclasses import dataclass, field
from itertools import count

from . import wire
from .kernel_log import KernelLog
from .paths import GUEST, OUT, REPOSITORY, Failed, Kernel
from .qemu import KvmMemory, NoBoot, Qemu

BOOT_SECONDS = {"kvm": 15, "tcg": 90}
BOOT_ATTEMPTS = 3
# So many times as long as in the stock lane may things take
PATIENCE = {"stock": 1, "full": 5}
# The agent kills a late command itself; if it is not heard of within this time, the guest hangs
SECONDS_OF_GRACE = 15
SECONDS_TO_KEEP_CONSOLES = 24 * 3600
TIMED_OUT = 124
CONVERTER = "adc0"

_numbers = count()


@dataclass
class Result:
    """What became of a command.

    `returncode` is 128 + N for a command that signal N ended, 124 for one that
    was too late, and None if the machine ended before the command did. Each of
    `splats` is an excerpt of the kernel's log.
    """

    returncode: int | None
    stdout: str
    stderr: str
    timed_out: bool = False
    splats: list[str] = field(default_factory=list)


class VirtualMachine:
    """A running machine; use it in a `with` statement, or call `stop`.

    `variant` names a kernel and the modules for it, see Kernel. With
    `simulator`, iio_sim is loaded and its converter adc0 is there. The guest
    sees the host's files, read only; /tmp, /run and /var/tmp are its own. Its
    kernel gets `command_line` in addition to what it needs.
    `splats` collects those of all commands.
    """

    def __init__(self, *, variant="patched", simulator=True, memory="2G", accelerator="auto", command_line=()):
        self.kernel = Kernel(variant)
        self.patience = PATIENCE[self.kernel.lane]
        self.accelerator = None
        self.splats = []
        self.console = new_console()
        self._command_line = command_line
        self._log = KernelLog(self.console)
        self._keep_console = False
        self._commands = 0
        self._parser = wire.Parser()
        self._qemu = None
        try:
            self._boot(accelerator, memory)
            self._prepare(simulator)
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def alive(self):
        return self._qemu is not None and self._qemu.running()

    @property
    def pid(self):
        return self._qemu.pid

    def stop(self):
        if self._qemu:
            self._qemu.end()
        self._qemu = None
        if not self._keep_console:
            self.console.unlink(missing_ok=True)

    def last_words(self):
        """Return the end of what the kernel wrote to its console."""
        self._log.update()
        return "\n".join(self._log.lines[-20:])

    def run(self, command, *, timeout=60, directory=None, environment=None, on_stdout=None, on_stderr=None, terminal=None):
        """Run a shell command (a string) or a program (a list) and return its Result.

        Past `timeout` seconds it is killed with its process group; the machine
        lives on unless the guest hangs. Output goes to `on_stdout` and
        `on_stderr`, as bytes, where given, and otherwise into the Result.
        Commands left running in the background have to redirect their output.
        """
        if not self.alive:
            raise Failed("the virtual machine has ended")
        argv = ["/bin/sh", "-c", command] if isinstance(command, str) else [str(word) for word in command]
        request = {
            "argv": argv,
            "directory": str(directory or REPOSITORY),
            "environment": self._environment() | (environment or {}),
            "timeout": float(timeout),
            "terminal": terminal is not None,
        }
        stdout, stderr = bytearray(), bytearray()
        sinks = {wire.STDOUT: on_stdout or stdout.extend, wire.STDERR: on_stderr or stderr.extend}
        self._commands += 1
        ending = None
        try:
            self._qemu.channel.sendall(wire.frame(wire.RUN, wire.encode(request)))
            for kind, payload in self._frames(time.monotonic() + timeout + SECONDS_OF_GRACE, terminal):
                if kind == wire.END:
                    ending = wire.decode(payload)
                    break
                sinks[kind](payload)
        except (BrokenPipeError, ConnectionResetError) as error:
            if self.alive:
                raise error
        return self._judge(ending, stdout.decode(errors="replace"), stderr.decode(errors="replace"))

    def leaks(self, modules=()):
        """Return kmemleak's reports of memory that our modules, or these, have lost; none where there is no kmemleak.

        It takes a while, and what was allocated within the last seconds is not seen.
        """
        if self.kernel.lane != "full" or not self.alive:
            return []
        result = self.run([GUEST / "leaks"], timeout=60 * self.patience)
        if result.returncode != 0:
            raise Failed(f"looking for leaks failed: {result.stderr}")
        names = [name.replace("-", "_") for name in modules or [module.stem for module in self.kernel.our_modules.glob("*.ko")]]
        # a module that was removed has taken its names with it
        culprit = re.compile(rf"\[(?:{'|'.join(names)})\]$|^ +0x[0-9a-f]+$", re.MULTILINE)
        reports = re.split(r"^(?=unreferenced object)", result.stdout, flags=re.MULTILINE)
        return [report for report in reports if culprit.search(report)]

    def _judge(self, ending, stdout, stderr):
        result = Result(None, stdout, stderr)
        if ending:
            self._log.wait_for(f"{wire.PORT}: end of command {self._commands}", seconds=5)
            result.timed_out = ending["timed_out"]
            result.returncode = TIMED_OUT if result.timed_out else ending["status"]
        else:
            self._keep_console = True
            if self._qemu.still_running_after(seconds=1):
                # the guest hangs: nothing more can be asked of it
                self.stop()
                result.timed_out, result.returncode = True, TIMED_OUT
        result.splats = self._log.new_splats()
        self.splats += result.splats
        self._keep_console |= bool(result.splats)
        return result

    def _environment(self):
        return {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/tmp",
            "LANG": "C.UTF-8",
            "IIO_VM_ACCELERATOR": self.accelerator,
            "IIO_VM_MODULES": str(self.kernel.our_modules),
            "IIO_VM_PATIENCE": str(self.patience),
        }

    def _boot(self, accelerator, memory):
        if accelerator != "auto":
            self._try_to_boot(accelerator, memory)
            return
        kvm = KvmMemory()
        if kvm.recall() is not False:
            try:
                self._try_to_boot("kvm", memory)
                kvm.keep(True)
                return
            except NoBoot:
                kvm.keep(False)
                print("KVM boots no machine here, so the CPUs are emulated (TCG)", file=sys.stderr)
        self._try_to_boot("tcg", memory)

    def _try_to_boot(self, accelerator, memory):
        self.accelerator = accelerator
        seconds = BOOT_SECONDS[accelerator] * self.patience
        for attempt in range(1, BOOT_ATTEMPTS + 1):
            self._log = KernelLog(self.console)
            self._qemu = Qemu(self.kernel, accelerator, memory, self.console, self._command_line)
            if next(self._frames(time.monotonic() + seconds), None):
                return
            self._qemu.end()
            last_words = self.last_words()
            # see COMMAND_LINE: QEMU's fault, not the kernel's
            if "Oops: int3" not in "\n".join(self._log.lines) or attempt == BOOT_ATTEMPTS:
                break
        # KVM is only tried; where it fails, the next machine writes to the same console
        self._keep_console = accelerator != "kvm"
        advice = "\nTCG, which emulates the CPUs, needs nothing of the host" if accelerator == "kvm" else ""
        raise NoBoot(
            f"the machine ({accelerator}) did not boot within {seconds} s. "
            f"{self._qemu.complaint.partition(chr(10))[0]}\n"
            f"The end of its console: {last_words or 'nothing at all'}{advice}"
        )

    def _prepare(self, simulator):
        modules = self.kernel.our_modules
        if simulator and not (modules / "iio_sim.ko").exists():
            raise Failed("the simulator is not built; kernel/build builds it, and --no-sim does without")
        command = [GUEST / "prepare", self.kernel.own_modules, modules, CONVERTER if simulator else ""]
        result = self.run(command, timeout=60 * self.patience)
        if result.returncode != 0 or result.splats:
            raise Failed("\n".join(["the guest could not be prepared", result.stdout, result.stderr, *result.splats]))

    def _frames(self, deadline, terminal=None):
        """Yield frames from the guest until the deadline or the machine's end."""
        channel = self._qemu.channel
        while (left := deadline - time.monotonic()) > 0:
            ready = select.select([channel, *([terminal] if terminal else [])], [], [], min(left, 3600))[0]
            if terminal in ready:
                channel.sendall(terminal.read_frames())
            if channel in ready:
                data = channel.recv(1 << 18)
                if not data:
                    return
                yield from self._parser.feed(data)


def new_console():
    """Return a path for a machine's console; old ones, kept because something went wrong, are removed."""
    directory = OUT / "vm"
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.glob("console-*.log"):
        if old.stat().st_mtime < time.time() - SECONDS_TO_KEEP_CONSOLES:
            old.unlink()
    return directory / f"console-{os.getpid()}-{next(_numbers)}.log"
