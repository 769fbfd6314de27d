# SPDX-License-Identifier: MIT
"""Direct transfers keep what the contract promises: modes, order, errors, memory, and every end of life."""

import pytest
from programs import check_program, program_names

pytestmark = pytest.mark.sampled(1)

KILLS = 100


@pytest.mark.parametrize("name", [name for name in program_names("direct") if name != "direct-kill"])
def test_direct(vm, name):
    check_program(vm, name)


def test_killed_and_exiting_readers_leave_the_buffer_free(vm):
    check_program(vm, "direct-kill", KILLS, timeout=60 + 2 * KILLS)


@pytest.mark.parametrize("name", program_names("copy"))
def test_copying(vm, name):
    check_program(vm, name)
