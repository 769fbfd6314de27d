# SPDX-License-Identifier: MIT
"""The commands that io_uring sends to a buffer do what include/iio-uring/uapi.h says."""

import pytest
from programs import check_program, program_names


@pytest.mark.parametrize("name", program_names("command"))
def test_command(vm, name):
    check_program(vm, name)
