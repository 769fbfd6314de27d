# SPDX-License-Identifier: MIT
"""The kernel of tests/run --full checks what it is built to check: each fault that a test provokes is told."""

import pytest

pytestmark = pytest.mark.full_only

CHECKERS = [
    "/proc/lockdep_stats",
    "/sys/kernel/debug/dma-api/driver_filter",
    "/sys/kernel/debug/fail_page_alloc",
    "/sys/kernel/debug/fail_usercopy",
    "/sys/kernel/debug/failslab",
    "/sys/kernel/debug/kmemleak",
    "/sys/kernel/debug/kunit",
    "/sys/kernel/tracing/events/kmem",
]
# What LKDTM calls a fault, and how the kernel tells it
FAULTS = {"READ_AFTER_FREE": "KASAN: slab-use-after-free", "ARRAY_BOUNDS": "UBSAN: array-index-out-of-bounds"}


def test_checkers_are_there(vm):
    result = vm.run(["ls", "-d", *CHECKERS])
    assert result.returncode == 0, result.stderr


def test_locks_are_still_checked_with_our_modules_loaded(vm):
    assert "debug_locks: 1" in " ".join(vm.run(["cat", "/proc/lockdep_stats"]).stdout.split())


def test_dma_mappings_are_checked(vm):
    assert vm.run("cat /sys/kernel/debug/dma-api/disabled").stdout == "N\n"


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_told(boot, fault):
    machine = boot()
    result = machine.run(f"modprobe lkdtm && echo {fault} >/sys/kernel/debug/provoke-crash/DIRECT")
    assert any(FAULTS[fault] in splat for splat in result.splats), result.stderr


def test_memory_that_a_module_loses_is_told(boot):
    machine = boot()
    assert machine.run(["modprobe", "kmemleak-test"]).returncode == 0
    assert machine.leaks() == []
    assert any("kmemleak_test_init" in leak for leak in machine.leaks(["kmemleak-test"]))


def test_allocation_fails_on_demand(vm):
    """The next allocation of the task that asks for it, which opening a file needs."""
    script = "import os; os.write(os.open('/proc/thread-self/fail-nth', os.O_WRONLY), b'1'); os.open('/dev/null', os.O_RDONLY)"
    result = vm.run(f'echo N >/sys/kernel/debug/failslab/ignore-gfp-wait; python3 -c "{script}"')
    assert "Cannot allocate memory" in result.stderr
