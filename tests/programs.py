# SPDX-License-Identifier: MIT
"""The test programs of tests/programs, which run in the guest: each proves the claim at its top."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
BUILT = REPOSITORY / "build" / "tests" / "programs"
SKIPPED = 77


def program_names(prefix):
    """Return the names of the programs that begin with `prefix`."""
    return sorted(path.stem for path in (REPOSITORY / "tests" / "programs").glob(f"{prefix}-*.c"))


def run_program(machine, name, *arguments, timeout=60):
    """Run a program in the guest; its splats are part of the result."""
    return machine.run([BUILT / name, *arguments], timeout=timeout)


def check_program(machine, name, *arguments, timeout=60):
    """Run a program whose claim has to hold."""
    result = run_program(machine, name, *arguments, timeout=timeout)
    if result.returncode == SKIPPED:
        pytest.skip(result.stderr.strip())
    assert result.returncode == 0 and not result.splats, result.stderr + "\n".join(result.splats)
