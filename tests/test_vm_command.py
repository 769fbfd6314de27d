# SPDX-License-Identifier: MIT
"""tests/vm passes on what its command says and does, and leaves no machine behind."""

import os
import signal
import subprocess
import time

import pytest
from vmlib.paths import REPOSITORY

pytestmark = pytest.mark.usefixtures("no_vm")


def vm(*arguments, **options):
    return subprocess.run([REPOSITORY / "tests" / "vm", *arguments], capture_output=True, text=True, timeout=200, **options)


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def machine_of(runner):
    """Wait until the runner has started its QEMU; return its process id."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for child in children(runner.pid):
            with open(f"/proc/{child}/comm") as file:
                if file.read().startswith("qemu-system"):
                    return child
        time.sleep(0.1)
    raise AssertionError("no machine was started")


def is_gone(pid):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not os.path.exists(f"/proc/{pid}"):
            return True
        time.sleep(0.1)
    return False


def test_output_status_and_directory_are_passed_on(tmp_path):
    result = vm("sh", "-c", "pwd; echo $IIO_VM_ACCELERATOR >&2; exit 3", cwd=tmp_path)
    assert result.returncode == 3
    assert result.stdout == f"{tmp_path}\n"
    assert result.stderr in ("kvm\n", "tcg\n")


def test_late_command_ends_with_status_124():
    started = time.monotonic()
    result = vm("--timeout", "20", "sleep", "1000")
    assert result.returncode == 124
    assert "--timeout" in result.stderr
    assert time.monotonic() - started > 19


def test_splat_fails_a_command_that_succeeds():
    result = vm("--no-sim", "sh", "-c", "echo '<0>BUG: made up by a test' >/dev/kmsg")
    assert result.returncode == 1
    assert "BUG: made up by a test" in result.stderr


def test_unpatched_machine_has_debians_own_code():
    look = "grep -q iio_buffer_read_iter /proc/kallsyms && echo ours || echo theirs"
    assert vm("sh", "-c", look).stdout == "ours\n"
    assert vm("--unpatched", "sh", "-c", look).stdout == "theirs\n"


@pytest.mark.parametrize("arguments", [(), ("--no-such-option", "true"), ("--timeout", "0", "true"), ("--shell", "true")])
def test_wrong_usage_ends_with_status_2(arguments):
    result = vm(*arguments)
    assert result.returncode == 2
    assert "usage: tests/vm" in result.stderr


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_machine_survives_its_runner(ending):
    runner = subprocess.Popen([REPOSITORY / "tests" / "vm", "sleep", "1000"], stderr=subprocess.DEVNULL)
    machine = machine_of(runner)
    runner.send_signal(ending)
    runner.wait(20)
    assert is_gone(machine)
