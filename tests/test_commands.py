# SPDX-License-Identifier: MIT
"""The commands that io_uring sends to a buffer do what include/iio-uring/uapi.h says."""

import pytest
from programs import check_program, program_names

pytestmark = pytest.mark.sampled(1)


@pytest.mark.parametrize("name", program_names("command"))
def test_command(vm, name):
    check_program(vm, name)


@pytest.mark.stock_only("maps memory twice at a time, which DMA_API_DEBUG takes for an error")
def test_requests_may_overlap_an_attachment(vm):
    check_program(vm, "command-attach", "overlap")
