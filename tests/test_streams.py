# SPDX-License-Identifier: MIT
"""Long streams arrive sample for sample through every interface, and what an overload loses is counted exactly."""

import json

import pytest
from programs import REPOSITORY

BENCH = REPOSITORY / "build" / "bench" / "iio-bench"
INTERFACES = ["read", "dmabuf", "dmabuf-cmd", "uring", "uring-fixed"]
# Each takes 107 seconds; dmabuf-cmd differs from dmabuf in who asks
LONG_INTERFACES = [name for name in INTERFACES if name != "dmabuf-cmd"]


def run_bench(vm, *arguments, timeout):
    """Run iio-bench in the guest and return its exit status, its only result, and what it told a person."""
    result = vm.run([BENCH, "--verify", "--json", "-", *arguments], timeout=timeout)
    assert result.stdout, result.stderr
    (row,) = json.loads(result.stdout)["results"]
    return result.returncode, row, result.stderr


@pytest.mark.stock_only("keeps a real converter's pace")
@pytest.mark.parametrize("interface", LONG_INTERFACES)
def test_ten_gigabytes_are_exact(vm, interface):
    options = f"--interface {interface} --bytes 10G --rate 12500000 --block-size 4M --depth 8"
    _, row, told = run_bench(vm, *options.split(), timeout=1200)
    found = row["verification"]
    assert found["samples"] >= (10 << 30) // 8
    assert (found["duplicated"], found["reordered"], found["corrupt"]) == (0, 0, 0), told
    assert found["lost"] == row["lost_samples"], told
    if found["lost"]:
        # The converter keeps real time: 84 ms of it is all that the two blocks of read() bridge
        pytest.skip(f"the host stopped the machine for too long: {found['lost']} samples lost, all of them counted")
    assert row["verified"]


@pytest.mark.parametrize("interface", INTERFACES)
def test_overload_is_counted_exactly(vm, interface):
    options = f"--interface {interface} --bytes 512M --rate 200000000 --block-size 64k --depth 2"
    status, row, told = run_bench(vm, *options.split(), timeout=600)
    assert status == 1 and not row["verified"], "nothing was lost, which shows nothing"
    found = row["verification"]
    assert found["lost"] == row["lost_samples"] > 0, told
    assert (found["duplicated"], found["reordered"], found["corrupt"]) == (0, 0, 0), told
