# SPDX-License-Identifier: MIT
"""Whichever allocation or copy of an operation fails, an error tells it, and nothing is lost: see tests/programs/sweep."""

import re

import pytest
from programs import REPOSITORY, check_program, run_program

pytestmark = pytest.mark.full_only

SOURCES = sorted((REPOSITORY / "tests" / "programs" / "sweep").glob("*.c"))
PATHS = [name for source in SOURCES for name in re.findall(r'^\t{ \.name = "(\S+)"', source.read_text(), re.MULTILINE)]


def test_paths_are_those_of_the_sources(vm):
    assert PATHS
    assert sorted(run_program(vm, "sweep").stdout.split()) == sorted(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_sweep(vm, path):
    check_program(vm, "sweep", path, timeout=120)
