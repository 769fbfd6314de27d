# SPDX-License-Identifier: MIT
"""Whatever several processes do at once, each operation ends, each result is allowed, and nothing is left behind."""

import subprocess
import sys

import pytest
from programs import BUILT

OPERATIONS = 5_000
OPERATIONS_OF_A_SOAK = 100_000
# What an operation takes with the checks that follow it, at most and on average
SECONDS_PER_OPERATION = 0.05
DRIVER_WHOSE_ERRORS_COUNT = "/sys/kernel/debug/dma-api/driver_filter"


def show(data):
    sys.stderr.write("\r" + data.decode(errors="replace").strip().rpartition("\n")[2])
    sys.stderr.flush()


@pytest.fixture
def overlaps_are_no_error(vm):
    """On a coherent machine requests may share memory, and at random they do. DMA_API_DEBUG only knows others."""
    there = f"test ! -e {DRIVER_WHOSE_ERRORS_COUNT}"
    vm.run(f"{there} || echo nobody >{DRIVER_WHOSE_ERRORS_COUNT}")
    yield
    if vm.alive:
        vm.run(f"{there} || echo >{DRIVER_WHOSE_ERRORS_COUNT}")


@pytest.mark.sampled(1)
@pytest.mark.usefixtures("overlaps_are_no_error")
def test_nothing_goes_wrong_at_random(vm, request, capfd):
    operations = OPERATIONS_OF_A_SOAK if request.config.getoption("--soak") else OPERATIONS
    seed = request.config.getoption("--seed")
    command = [BUILT / "fuzz", "--operations", operations, *(["--seed", seed] if seed is not None else [])]
    with capfd.disabled():
        if sys.stderr.isatty():
            command.append("--progress")
        complaints = bytearray()

        def listen(data):
            complaints.extend(data)
            if sys.stderr.isatty():
                show(data)

        result = vm.run(command, timeout=60 + operations * SECONDS_PER_OPERATION, on_stderr=listen)
    print(result.stdout)
    assert result.returncode == 0, complaints.decode(errors="replace")


def test_seed_decides_what_is_done():
    """The same seed makes the same operations, another one makes others."""

    def plan(seed):
        command = [BUILT / "fuzz", "--seed", str(seed), "--operations", "400", "--plan"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[1:]

    assert plan(1) == plan(1)
    assert plan(1) != plan(2)
