# SPDX-License-Identifier: MIT
"""The kernel's own checkers find nothing in our kernel code; the compiler's warnings are errors in every build."""

import subprocess

import pytest
from programs import REPOSITORY

SCRIPTS = REPOSITORY / "out" / "kernel" / "current" / "source" / "scripts"
PATCHES = sorted((REPOSITORY / "kernel" / "patches").glob("*/*.patch"))
SOURCES = sorted(
    path for folder in ("iio", "sim") for path in (REPOSITORY / "kernel" / folder).rglob("*") if path.suffix in (".c", ".h")
)
# Needs a git repository of the kernel: which commits exist
UNKNOWABLE = "UNKNOWN_COMMIT_ID"
# Asks for a look at MAINTAINERS, whose wildcards cover drivers/iio
ANSWERED = "FILE_PATH_CHANGES"


def named(paths):
    return [pytest.param(path, id=str(path.relative_to(REPOSITORY))) for path in paths]


def checkpatch(*arguments):
    command = ["perl", SCRIPTS / "checkpatch.pl", "--no-tree", "--strict", "--terse", "--no-summary", *arguments]
    return subprocess.run(command, capture_output=True, text=True).stdout


@pytest.mark.parametrize("patch", named(PATCHES))
def test_checkpatch_finds_nothing_in_patch(patch):
    assert checkpatch("--ignore", f"{UNKNOWABLE},{ANSWERED}", patch) == ""


@pytest.mark.parametrize("source", named(SOURCES))
def test_checkpatch_finds_nothing_in_source(source):
    assert checkpatch("--file", source) == ""


def test_checkpatch_finds_something_where_there_is():
    assert "trailing whitespace" in subprocess.run(
        ["perl", SCRIPTS / "checkpatch.pl", "--no-tree", "--strict", "--terse", "-"],
        input="--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-int x;\n+int x; \n",
        capture_output=True,
        text=True,
    ).stdout


@pytest.mark.parametrize("variant", ["patched", "unpatched"])
def test_sparse_finds_nothing(variant):
    result = subprocess.run([REPOSITORY / "kernel" / "build", "--sparse", variant], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
