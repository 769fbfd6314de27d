# SPDX-License-Identifier: MIT
"""The user-space parts build from scratch without root or a machine, and pass the tests that need neither."""

import json
import subprocess

from vmlib.paths import REPOSITORY

MESON = "/usr/bin/meson"


def meson(*arguments):
    result = subprocess.run([MESON, *arguments], capture_output=True, text=True, timeout=300, cwd=REPOSITORY)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_build_from_scratch_warns_of_nothing_and_passes_its_tests(tmp_path):
    assert "WARNING" not in meson("setup", tmp_path)
    assert "warning:" not in meson("compile", "-C", tmp_path)
    meson("test", "-C", tmp_path, "--print-errorlogs")
    with open(tmp_path / "meson-logs" / "testlog.json") as log:
        results = {test["name"]: test["result"] for test in map(json.loads, log)}
    assert set(results.values()) == {"OK"}, results
    assert any("header alone in c++" in name for name in results), results


def test_sanitizers_find_nothing(tmp_path):
    meson("setup", tmp_path, "-Db_sanitize=address,undefined", "-Dc_args=-fno-sanitize-recover=all")
    meson("test", "-C", tmp_path, "--suite", "bench", "--print-errorlogs")
