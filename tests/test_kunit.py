# SPDX-License-Identifier: MIT
"""The unit tests of our kernel code need no converter: KUnit runs them when their modules are loaded."""

import re
from functools import cache

import pytest
from programs import REPOSITORY

pytestmark = pytest.mark.full_only

SOURCES = [path for folder in ("iio", "sim") for path in sorted((REPOSITORY / "kernel" / folder).rglob("*kunit*.c"))]
MODULES = "industrialio-buffer-dma-kunit-test iio_sim_kunit"
ARRAY = re.compile(r"^static struct kunit_case (\w+)\[\] = {(.*?)^};", re.MULTILINE | re.DOTALL)
CASE = re.compile(r"^\tKUNIT_CASE\w*\((\w+)", re.MULTILINE)
SUITE = re.compile(r"^static struct kunit_suite \w+ = {\s+\.name = \"(\w+)\",.*?\.test_cases = (\w+),", re.MULTILINE | re.DOTALL)
# of a suite; what is indented more is about the parameters of a case
SUBTEST = re.compile(r"^    # Subtest: (\w+)$", re.MULTILINE)
RESULT = re.compile(r"^    (not ok|ok) \d+ (.+)$", re.MULTILINE)


def cases_in_sources():
    """Return which cases each suite should have."""
    suites = {}
    for path in SOURCES:
        text = path.read_text()
        arrays = {array: CASE.findall(body) for array, body in ARRAY.findall(text)}
        suites |= {suite: arrays[array] for suite, array in SUITE.findall(text)}
    return suites


CASES = cases_in_sources()


@cache
def run_suites(machine):
    """Return what became of the cases of each suite, and all that KUnit says about the suite."""
    result = machine.run(f"modprobe -d $IIO_VM_MODULES -a {MODULES} && cat /sys/kernel/debug/kunit/*/results")
    assert result.returncode == 0, result.stderr
    _, *parts = SUBTEST.split(result.stdout)
    return {
        suite: ({name: verdict for verdict, name in RESULT.findall(text)}, text)
        for suite, text in zip(parts[::2], parts[1::2], strict=True)
    }


def test_suites_are_those_of_the_sources(vm):
    ran = {suite: list(became) for suite, (became, _) in run_suites(vm).items()}
    assert ran == CASES
    assert CASES and all(CASES.values())


@pytest.mark.parametrize("suite, case", [(suite, case) for suite, cases in CASES.items() for case in cases])
def test_case(vm, suite, case):
    became, text = run_suites(vm)[suite]
    assert became.get(case) == "ok", text
