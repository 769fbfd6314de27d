# SPDX-License-Identifier: MIT
"""Every kind of kernel splat is recognised in a console's log, and ordinary messages are not."""

import pytest
from vmlib.kernel_log import KernelLog

SPLATS = [
    "BUG: kernel NULL pointer dereference, address: 0000000000000010",
    "BUG: sleeping function called from invalid context at kernel/locking/mutex.c:585",
    "BUG: KASAN: slab-use-after-free in iio_buffer_read+0x12/0x90",
    "BUG kmalloc-64 (Not tainted): Poison overwritten",
    "kernel BUG at mm/slub.c:553!",
    "WARNING: CPU: 1 PID: 77 at drivers/iio/industrialio-buffer.c:1 iio_buffer_release+0x3/0x20 [industrialio]",
    "WARNING: possible circular locking dependency detected",
    "WARNING: suspicious RCU usage",
    "WARNING: possible recursive locking detected",
    "WARNING: inconsistent lock state",
    "WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected",
    "WARNING: bad unlock balance detected!",
    "WARNING: held lock freed!",
    "WARNING: lock held when returning to user space!",
    "[ BUG: Invalid wait context ]",
    "BUG: MAX_LOCKDEP_CHAINS too low!",
    "INFO: trying to register non-static key.",
    "UBSAN: array-index-out-of-bounds in drivers/iio/buffer/kfifo_buf.c:10:2",
    "Oops: general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1]",
    "general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1]",
    "refcount_t: underflow; use-after-free.",
    "list_add corruption. prev->next should be next (ffff), but was dead. (prev=beef).",
    "INFO: task fio:123 blocked for more than 60 seconds.",
    "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
    "rcu: INFO: rcu_preempt self-detected stall on CPU",
    "watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [fio:123]",
    "unregister_netdevice: waiting for lo to become free. Usage count = 2",
    "kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)",
    "kmemleak: Kernel memory leak detector disabled",
    "DMA-API: iio_sim iio_sim.0: device driver tries to free DMA memory it has not allocated [device address=0x1] [size=4 bytes]",
    "DMA-API: debugging out of memory - disabling",
    "BUG: KASAN: double-free in iio_dma_buffer_exit+0x5/0x10 [industrialio_buffer_dma]",
    "UBSAN: shift-out-of-bounds in drivers/iio/industrialio-buffer.c:1:2",
    "Kernel panic - not syncing: sysrq triggered crash",
]
ORDINARY = [
    "industrialio: loading out-of-tree module taints kernel.",
    "industrialio: module verification failed: signature and/or required key missing - tainting kernel",
    "Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on",
    "traps: prog[12] general protection fault ip:55d0 sp:7ffc error:0 in prog[55d0+1000]",
    "prog[12]: segfault at 0 ip 000055d0 sp 00007ffc error 6 in prog[55d0+1000] likely on CPU 0",
    "DMA-API: preallocated 65536 debug entries",
    "DMA-API: debugging enabled by kernel config",
    "DMA-API: dma_debug_entry pool grown to 131072 (200%)",
    "kmemleak: Kernel memory leak detector initialized (mem pool available: 37000)",
    "FAULT_INJECTION: forcing a failure.",
    "Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar",
    "Run /init as init process",
    "iio-vm: end of command 1",
]


@pytest.fixture
def log(tmp_path):
    return KernelLog(tmp_path / "console")


def append(log, *lines):
    with open(log.path, "ab") as file:
        file.write(b"".join(b"[    1.234567] " + line.encode() + b"\r\n" for line in lines))


@pytest.mark.parametrize("line", SPLATS)
def test_splat_is_recognised(log, line):
    append(log, ORDINARY[0], line, ORDINARY[1])
    (excerpt,) = log.new_splats()
    assert line in excerpt


@pytest.mark.parametrize("line", ORDINARY)
def test_ordinary_message_is_not_taken_for_a_splat(log, line):
    append(log, line)
    assert log.new_splats() == []


def test_splat_is_reported_once(log):
    append(log, SPLATS[0])
    assert len(log.new_splats()) == 1
    append(log, ORDINARY[0])
    assert log.new_splats() == []


def test_message_cut_in_two_by_the_reader_is_recognised(log):
    with open(log.path, "ab") as file:
        file.write(b"[    1.234567] BU")
    assert log.new_splats() == []
    with open(log.path, "ab") as file:
        file.write(b"G: unable to handle page fault\r\n")
    assert len(log.new_splats()) == 1
