# SPDX-License-Identifier: MIT
"""The example of README.md compiles, and prints what README.md says."""

import re
import subprocess

import pytest
from programs import REPOSITORY


def block(language):
    """Return the only block of README.md in this language."""
    (text,) = re.findall(rf"^```{language}\n(.*?)^```$", (REPOSITORY / "README.md").read_text(), re.M | re.S)
    return text


@pytest.fixture
def example(tmp_path):
    (tmp_path / "capture.c").write_text(block("c"))
    build, in_vm = block("sh").split("\n", 1)
    subprocess.run(build, shell=True, check=True, cwd=tmp_path)
    (script,) = re.fullmatch(r"tests/vm sh -c '(.*)'\n", in_vm, re.S).groups()
    return tmp_path, script


def test_example(vm, example):
    directory, script = example
    # the guest has a /tmp of its own
    result = vm.run(["sh", "-c", script], directory=f"/run/host{directory}", timeout=30)
    assert (result.returncode, result.stdout) == (0, block("text")), result.stderr
