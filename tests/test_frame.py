# SPDX-License-Identifier: MIT
"""A test run ends with one line that counts every test once, and fails unless something passed and nothing failed."""

import os
import re
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
PASSES = "def test_passes(): pass\n"
FAILS = "def test_fails(): assert False\n"
SKIPS = "import pytest\ndef test_skips(): pytest.skip('no such hardware')\n"
FAILS_AFTERWARDS = """
import pytest
@pytest.fixture
def broken():
    yield
    assert False
def test_fails_afterwards(broken): pass
"""
CANNOT_START = """
import pytest
@pytest.fixture
def missing(): assert False
def test_cannot_start(missing): pass
"""


SAMPLED = """
import pytest
@pytest.mark.sampled(1 / 4)
@pytest.mark.parametrize("number", range(100))
def test_number(vm, number): print(f"number {number}.")
@pytest.mark.sampled(1)
def test_always(vm): pass
def test_never(vm): pass
@pytest.fixture
def vm(): pass
"""


def run(directory, *sources, options=()):
    (directory / "test_it.py").write_text("".join(sources))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", TESTS / "pytest.ini", "--rootdir", directory, "-p", "conftest", *options, directory],
        capture_output=True, text=True, timeout=60, cwd=directory, env=os.environ | {"PYTHONPATH": str(TESTS)},
    )  # fmt: skip


def last_line(result):
    return result.stdout.splitlines()[-1]


def test_all_outcomes_are_counted(tmp_path):
    result = run(tmp_path, PASSES, FAILS, SKIPS, FAILS_AFTERWARDS, CANNOT_START)
    assert last_line(result) == "1 passed, 3 failed, 1 skipped"
    assert result.returncode != 0


def test_reason_of_a_skip_is_told(tmp_path):
    result = run(tmp_path, PASSES, SKIPS)
    assert "no such hardware" in result.stdout
    assert last_line(result) == "1 passed, 0 failed, 1 skipped"
    assert result.returncode == 0


def test_run_without_a_test_that_ran_fails(tmp_path):
    result = run(tmp_path, SKIPS)
    assert last_line(result) == "0 passed, 0 failed, 1 skipped"
    assert result.returncode != 0


def test_file_that_cannot_be_read_fails(tmp_path):
    result = run(tmp_path, PASSES, "import no_such_module\n")
    assert last_line(result) == "0 passed, 1 failed, 0 skipped"
    assert result.returncode != 0


def test_runs_are_counted_together(tmp_path):
    tally = tmp_path / "tally"
    tally.touch()
    run(tmp_path, PASSES, FAILS, options=[f"--tally={tally}"])
    result = run(tmp_path, PASSES, SKIPS, options=[f"--tally={tally}"])
    assert last_line(result) == "2 passed, 1 failed, 1 skipped"


def sampled(directory, seed):
    result = run(directory, SAMPLED, options=["--full", "--sample", f"--seed={seed}", "-s"])
    assert last_line(result) == "26 passed, 0 failed, 0 skipped"
    return set(re.findall(r"number (\d+)\.", result.stdout))


def test_sample_is_a_share_that_the_seed_decides(tmp_path):
    assert sampled(tmp_path, 1) == sampled(tmp_path, 1) != sampled(tmp_path, 2)
