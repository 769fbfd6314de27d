# SPDX-License-Identifier: MIT
"""bench/run compares all interfaces with one command, and refuses what is wrong before the machine boots."""

import json
import os
import subprocess

import jsonschema
import pytest
from vmlib.paths import REPOSITORY
from vmlib.qemu import QEMU

pytestmark = pytest.mark.usefixtures("no_vm")

SCHEMA = json.loads((REPOSITORY / "bench" / "iio-bench.schema.json").read_text())
INTERFACES = ["read", "dmabuf", "dmabuf-cmd", "udmabuf", "uring", "uring-fixed", "uring-attached"]
SHORT = ("--seconds=0.1", "--rounds=1", "--block-size=64k")


def bench_run(*options, **more):
    return subprocess.run([REPOSITORY / "bench" / "run", *options], capture_output=True, text=True, timeout=200, **more)


def test_one_table_and_the_same_as_json(tmp_path):
    result = bench_run(*SHORT, "--json", tmp_path / "results.json")
    assert result.returncode == 0, result.stderr
    report = json.loads((tmp_path / "results.json").read_text())
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    rows = report["results"]
    assert [row["interface"] for row in rows] == INTERFACES
    assert all(row["verified"] for row in rows)
    assert report["environment"]["accelerator"] in ("kvm", "tcg")
    for row in rows:
        assert f"\n{row['interface']:12}" in result.stdout
    assert list(tmp_path.iterdir()) == [tmp_path / "results.json"]


def test_json_on_standard_output():
    result = bench_run(*SHORT, "--interface=read", "--json=-")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["results"][0]["interface"] == "read"
    assert "interface " in result.stderr


class Boots:
    """Stands in for QEMU, and tells whether a machine was to be booted."""

    def __init__(self, directory):
        self.trace = directory / "booted"
        stand_in = directory / QEMU
        stand_in.write_text(f"#!/bin/sh\ntouch {self.trace}\nexit 1\n")
        stand_in.chmod(0o755)
        self.environment = os.environ | {"PATH": f"{directory}:{os.environ['PATH']}"}

    def seen(self):
        return self.trace.exists()


@pytest.fixture
def boots(tmp_path):
    return Boots(tmp_path)


@pytest.mark.parametrize(
    ("options", "status", "complaint"),
    [
        (["--interface=carrier-pigeon"], 2, "carrier-pigeon"),
        (["--no-such-option"], 2, "--no-such-option"),
        (["--json", "/no/such/directory/results.json"], 1, "/no/such/directory"),
    ],
)
def test_what_is_wrong_is_told_at_once(options, status, complaint, boots):
    result = bench_run(*options, env=boots.environment)
    assert result.returncode == status
    assert complaint in result.stderr
    assert not boots.seen()


def test_what_is_right_boots(boots):
    """Else the test above would show nothing."""
    assert bench_run(*SHORT, env=boots.environment).returncode == 1
    assert boots.seen()


def test_bytes_are_read_and_verified_in_one_go():
    result = bench_run("--bytes=1M", "--block-size=64k")
    assert result.returncode == 0, result.stderr
    assert "1 MiB" in result.stdout


def test_help_tells_every_option():
    result = bench_run("--help")
    assert result.returncode == 0
    for option in ("--quick", "--json", "--vm-timeout", "--unpatched", "--interface", "--block-size", "--depth", "--touch"):
        assert option in result.stdout
