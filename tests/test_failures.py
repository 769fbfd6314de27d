# SPDX-License-Identifier: MIT
"""Each fault of a DMA controller is seen by each interface as the contract says, and the next transfer works again."""

import pytest
from programs import check_program

FAULTS = ["stall", "late-completion", "short-transfer", "transfer-error", "refused-submit"]
INTERFACES = ["read", "read-direct", "READ_FIXED", "TRANSFER", "DMABUF", "DMABUF_ENQUEUE"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("interface", INTERFACES)
def test_fault_is_seen(vm, fault, interface):
    check_program(vm, "failure-by-interface", fault, interface)
