# SPDX-License-Identifier: MIT
"""The commands that io_uring sends to a buffer do what include/iio-uring/uapi.h says."""

import pytest
from programs import check_program, program_names

pytestmark = pytest.mark.sampled(1)


@pytest.mark.parametrize("name", program_names("command"))
def test_command(vm, name):
    check_program(vm, name)


def test_device_that_does_not_see_the_memory(boot):
    """Its data goes through bounce buffers, so every transfer has to be synchronised, and nothing else may be."""
    machine = boot(command_line=("swiotlb=force",))
    for name in ("command-attach", "command-attach-and-write", "command-transfer"):
        check_program(machine, name)


@pytest.mark.stock_only("maps memory twice at a time, which DMA_API_DEBUG takes for an error")
def test_requests_may_overlap_an_attachment(vm):
    check_program(vm, "command-attach", "overlap")
