# SPDX-License-Identifier: MIT
"""Faults of Debian's IIO code that the first patches of the series mend: each test fails without its patch."""

import pytest
from programs import SKIPPED, check_program, program_names, run_program

pytestmark = pytest.mark.sampled(1)

FAULTS = program_names("fault")


@pytest.mark.parametrize("name", FAULTS)
def test_mended(vm, name):
    check_program(vm, name)


@pytest.mark.parametrize("name", FAULTS)
def test_there_without_our_patches(unpatched_vm, name):
    result = run_program(unpatched_vm, name, timeout=60)
    assert result.splats or result.returncode not in (0, SKIPPED), f"{name} passes on Debian's own code"
