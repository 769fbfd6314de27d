# SPDX-License-Identifier: MIT
"""The table of ends: every way to end, for every kind of request, in every state, with and without a guard."""

import itertools

import pytest
from programs import check_program

ENDS = [
    "kill", "kill-polled", "kill-fixed-file", "exit", "exit-polled", "exit-fixed-file", "exec", "exec-polled",
    "ring-then-descriptor", "descriptor-then-ring", "fork-then-exit", "munmap", "thread-exit", "munmap-and-live", "thread-exit-and-live",
    "disable", "ABORT", "remove", "unbind",
]  # fmt: skip
KINDS = ["READ_FIXED", "WRITE_FIXED", "TRANSFER", "read", "libaio", "DMABUF", "DMABUF_ENQUEUE"]
STATES = ["queued", "streaming", "stalled"]
GUARDS = ["guarded", "plain"]

OF_A_RING = {"kill-polled", "kill-fixed-file", "exit-polled", "exit-fixed-file", "exec-polled", "ring-then-descriptor", "descriptor-then-ring"}
WITHOUT_RING = {"read", "libaio", "DMABUF"}
BOUND_MS = 1000


def nonsense(end, kind, state, guard):
    """Return why a cell makes no sense, or None."""
    if kind in WITHOUT_RING and guard == "guarded":
        return "there is no ring to guard"
    if kind in WITHOUT_RING and end in OF_A_RING:
        return "there is no ring"
    if kind == "DMABUF_ENQUEUE" and "fixed-file" in end:
        return "a DMABUF is attached through a descriptor"
    if kind == "read" and end.startswith("thread-exit"):
        return "the thread waits for its request"
    return None


CELLS = list(itertools.product(ENDS, KINDS, STATES, GUARDS))


@pytest.mark.sampled(1 / 4)
@pytest.mark.parametrize("cell", [cell for cell in CELLS if not nonsense(*cell)], ids="-".join)
def test_end(vm, cell):
    check_program(vm, "life", *cell, BOUND_MS * vm.patience, timeout=60)


def test_cells_that_are_left_out(record_property):
    """They are told, and are no more than the reasons explain."""
    reasons = {}
    for cell in CELLS:
        reason = nonsense(*cell)
        if reason:
            reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in reasons.items():
        print(f"{count} cells left out: {reason}")
        record_property(reason, count)
    assert sum(reasons.values()) < len(CELLS) / 2
