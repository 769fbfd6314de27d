# SPDX-License-Identifier: MIT
"""iio-bench tells the truth about a stream, says clearly what it cannot do, and leaves a device as it was."""

import json
import re
import subprocess

import jsonschema
import pytest
from vmlib.paths import REPOSITORY

IIO_BENCH = REPOSITORY / "build" / "bench" / "iio-bench"
SCHEMA = json.loads((REPOSITORY / "bench" / "iio-bench.schema.json").read_text())
DEVICE = "/sys/bus/iio/devices/iio:device0"
COMPLETED_BLOCKS = "/sys/kernel/config/iio_sim/adc0/completed_blocks"
INTERFACES = ("read", "dmabuf", "dmabuf-cmd", "udmabuf", "uring", "uring-fixed", "uring-attached")
WIDTH = 120

UNTIL_IT_STREAMS = f"until grep -q 1 {DEVICE}/buffer0/enable; do kill -0 $! || exit 99; sleep 0.1; done"

# Prints what memory iio-bench has in the middle of a case, and has used while 100 blocks came
WHILE_IT_STREAMS = f"""
{IIO_BENCH} --seconds=60 --rounds=1 "$@" >/tmp/bench &
{UNTIL_IT_STREAMS}
echo 1 >/proc/$!/clear_refs
before=$(cat {COMPLETED_BLOCKS})
while [ $(cat {COMPLETED_BLOCKS}) -lt $((before + 100)) ]; do kill -0 $!; done
cat /proc/$!/smaps_rollup
kill $!
wait $! || true
"""


def bench(machine, *options, timeout=120):
    """Run iio-bench with its JSON on standard output and its table on standard error."""
    result = machine.run([IIO_BENCH, "--json=-", *options], timeout=timeout)
    result.report = json.loads(result.stdout) if result.stdout else None
    if result.report:
        jsonschema.Draft202012Validator(SCHEMA).validate(result.report)
    return result


def rows(result):
    return {(row["interface"], row["block_bytes"]): row for row in result.report["results"]}


def row(result):
    (only,) = result.report["results"]
    return only


def memory_while_it_streams(machine, *options):
    """Return what smaps tells of iio-bench in the middle of a case, in KiB."""
    result = machine.run(["sh", "-euc", WHILE_IT_STREAMS, "while", "--rate=0", *options], timeout=60)
    assert result.returncode == 0, result.stderr
    return {name: int(kib) for name, kib in re.findall(r"^(\w+): +(\d+) kB$", result.stdout, re.MULTILINE)}


def is_idle(machine):
    return machine.run(f"cat {DEVICE}/buffer0/enable").stdout == "0\n"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--no-such-option"], "--no-such-option"),
        (["stray"], "stray"),
        (["--interface=carrier-pigeon"], "carrier-pigeon: no such interface"),
        (["--interface=read,read"], "read is given twice"),
        (["--block-size=3x"], "3x: not a size"),
        (["--block-size=0"], "0: not a size"),
        (["--block-size=4k,4096"], "4096 is given twice"),
        (["--block-size=2G"], "larger than 1 GiB"),
        (["--depth=0"], "0: not a whole number"),
        (["--depth=four"], "four: not a whole number"),
        (["--seconds=-1"], "-1: not a number"),
        (["--seconds=nan"], "nan: not a number"),
        (["--rounds=0"], "0: not a whole number"),
        (["--timeout=0"], "0: not a whole number"),
        (["--rate=fast"], "fast: not a number"),
        (["--progress=sometimes"], "sometimes: neither"),
        (["--bytes=1M", "--seconds=1"], "exclude each other"),
        (["--bytes=4k", "--block-size=64k"], "less than one block of 64 KiB"),
        (["--pages=giant"], "giant: neither 4k nor huge"),
        (["--verify-device=adc0"], "asks for --verify"),
        (["--verify", "--verify-device=adc0", "--bytes=64M"], "excludes --bytes"),
        (["--json"], "requires an argument"),
    ],
)
def test_wrong_usage_is_told_with_status_2(options, complaint):
    result = subprocess.run([IIO_BENCH, *options], capture_output=True, text=True, timeout=10)
    assert result.returncode == 2
    assert complaint in result.stderr.splitlines()[0]
    assert result.stdout == ""


def test_missing_device_is_told():
    result = subprocess.run([IIO_BENCH, "--device=no-such-device"], capture_output=True, text=True, timeout=10)
    assert result.returncode == 1
    assert "no IIO device" in result.stderr


def test_unwritable_results_are_told_before_the_run(vm):
    result = vm.run([IIO_BENCH, "--json=/no/such/directory/results.json", "--seconds=60"], timeout=20)
    assert result.returncode == 1
    assert "cannot write /no/such/directory/results.json" in result.stderr


@pytest.mark.parametrize(
    ("options", "status", "complaint"),
    [
        (["--device=no-such-device"], 1, "there are: adc0 (iio:device0)"),
        (["--buffer=7"], 1, "buffer7 of adc0 does not exist"),
        (["--channels=voltage0,voltage99"], 1, "no channel 'voltage99'; it has: voltage0, voltage1"),
        (["--cpu=99"], 1, "cannot run on CPU 99"),
        (["--block-size=4k,100"], 2, "100 B is no multiple of the 8 bytes of a sample"),
        (["--channels=voltage0", "--block-size=1026"], 2, "1026 B is no multiple of the 8 bytes that adc0 transfers"),
    ],
)
def test_what_a_device_cannot_do_is_told(vm, options, status, complaint):
    result = bench(vm, *options)
    assert result.returncode == status
    assert complaint in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert is_idle(vm)


def test_verifying_needs_the_counter_pattern(sim, vm):
    sim.recreate("adc0", fill="none")
    result = bench(vm, "--verify")
    assert result.returncode == 2
    assert "does not deliver the simulator's counter pattern" in result.stderr


def test_another_device_can_be_verified(sim, vm):
    sim.create("adc1", fill="none")
    options = ("--rate=0", "--seconds=0.2", "--rounds=1", "--block-size=64k", "--verify")
    refused = bench(vm, "--device=adc1", *options)
    assert refused.returncode == 2
    assert "name another --verify-device" in refused.stderr

    result = bench(vm, "--device=adc1", "--verify-device=adc0", *options)
    assert result.returncode == 0, result.stderr
    assert result.report["environment"]["device"] == "adc1"
    for case in result.report["results"]:
        assert case["verified"] and case["verification"]["device"] == "adc0"


@pytest.mark.parametrize("interface", ["uring-fixed", "udmabuf"])
@pytest.mark.parametrize("pages", ["huge", "4k"])
def test_pages_are_what_was_asked_for(vm, pages, interface):
    """The kernel tells what the process has while it streams."""
    options = [f"--interface={interface}", f"--pages={pages}", "--block-size=4M"]
    memory = memory_while_it_streams(vm, *options)
    huge_kib = memory["AnonHugePages"] + memory["Shared_Hugetlb"] + memory["Private_Hugetlb"]
    assert huge_kib >= 4 * 4096 if pages == "huge" else huge_kib == 0
    assert row(bench(vm, "--bytes=4M", *options))["pages"] == pages


@pytest.mark.parametrize("interface", ["dmabuf", "dmabuf-cmd"])
def test_pages_of_the_heap_are_its_own(vm, interface):
    assert row(bench(vm, f"--interface={interface}", "--pages=4k", "--block-size=64k", "--bytes=64k"))["pages"] == "heap"


def test_missing_huge_pages_are_told(vm):
    switch = "/sys/kernel/mm/transparent_hugepage/enabled"
    result = vm.run(f"echo never >{switch}; {IIO_BENCH} --interface=uring --block-size=4k; echo always >{switch}")
    assert "choose --pages 4k" in result.stdout


def test_missing_huge_pages_for_files_are_told(vm):
    limit = "/proc/sys/vm/nr_overcommit_hugepages"
    result = vm.run(f"pages=$(cat {limit}); echo 0 >{limit}; {IIO_BENCH} --interface=udmabuf --block-size=4k; echo $pages >{limit}")
    assert "not supported by this kernel: no huge pages for files" in result.stdout


def test_block_too_large_for_udmabuf_is_told(vm):
    result = vm.run([IIO_BENCH, "--interface=udmabuf", "--pages=4k", "--block-size=65M", "--depth=1"])
    assert result.returncode == 1
    assert "size_limit_mb" in result.stdout


def test_missing_permission_is_told(vm):
    result = vm.run(["setpriv", "--reuid=65534", "--clear-groups", IIO_BENCH])
    assert result.returncode == 1
    assert "no permission to open /dev/iio:device0" in result.stderr


def test_buffer_in_use_is_told(vm):
    result = vm.run(
        f"{IIO_BENCH} --interface=dmabuf --block-size=64k --seconds=60 >/dev/null 2>&1 & "
        f"{UNTIL_IT_STREAMS}; {IIO_BENCH}; status=$?; kill $!; wait; exit $status"
    )
    assert result.returncode == 1
    assert "buffer0 of adc0 is in use by another process" in result.stderr


def test_every_interface_is_measured_and_verified(vm):
    result = bench(vm, "--rate=0", "--seconds=0.2", "--rounds=3", "--block-size=4k,1M", "--verify")
    assert result.returncode == 0, result.stderr
    assert set(rows(result)) == {(name, size) for name in INTERFACES for size in (4096, 1 << 20)}
    for case in rows(result).values():
        cpu = case["cpu_us_per_block"]
        assert case["supported"] and case["verified"] and case["rounds"] == 3
        assert case["lost_samples"] == 0
        assert case["mib_per_s"] > 0
        assert cpu["app"] > 0 and cpu["simulator"] > 0 and cpu["total"] >= cpu["app"]
        assert case["spread"]["mib_per_s"][0] <= case["mib_per_s"] <= case["spread"]["mib_per_s"][1]
    assert max(map(len, result.stderr.splitlines())) <= WIDTH, result.stderr
    assert result.report["environment"]["rate_hz"] == 0


@pytest.mark.stock_only("compares figures, which checks falsify")
def test_costs_are_charged_to_who_spends_them(vm):
    result = bench(vm, "--rate=0", "--seconds=0.3", "--rounds=5", "--block-size=1M", "--interface=read,dmabuf,dmabuf-cmd,uring-fixed")
    cases = {case["interface"]: case for case in result.report["results"]}
    assert cases["read"]["syscalls_per_block"] == pytest.approx(1, rel=0.05)
    assert cases["dmabuf"]["syscalls_per_block"] == pytest.approx(2, rel=0.05)
    assert cases["dmabuf-cmd"]["syscalls_per_block"] <= 1.05
    assert cases["uring-fixed"]["syscalls_per_block"] <= 1.05
    # fences are cleaned up by a kworker, per block
    assert cases["dmabuf"]["cpu_us_per_block"]["kworker"] > 2 * cases["read"]["cpu_us_per_block"]["kworker"]
    # only one of them copies
    assert cases["read"]["cpu_us_per_block"]["app"] > 2 * cases["uring-fixed"]["cpu_us_per_block"]["app"]


@pytest.mark.parametrize(("options", "is_touched"), [([], False), (["--touch"], True)])
def test_data_is_touched_if_wanted(vm, options, is_touched):
    """The CPU notes in the page tables which pages it has used, and the converter's DMA is none of the CPU's."""
    options = ["--interface=uring-fixed", "--pages=4k", "--block-size=4M", *options]
    touched_kib = memory_while_it_streams(vm, *options)["Referenced"]
    # beside the blocks there are the libraries, which others use as well
    assert touched_kib >= 4 * 4096 if is_touched else touched_kib < 4 * 4096
    assert row(bench(vm, "--rate=0", "--bytes=4M", *options))["touched"] == is_touched


@pytest.mark.parametrize("interface", INTERFACES)
def test_so_many_bytes_are_read_and_verified(vm, interface):
    result = bench(vm, "--rate=0", f"--interface={interface}", "--block-size=64k", "--bytes=32M", "--verify")
    case = row(result)
    assert result.returncode == 0, result.stderr
    assert case["blocks"] == 512 and case["verified"]
    assert case["verification"]["run"] == "same"
    assert case["verification"]["samples"] >= (32 << 20) // 8


@pytest.mark.parametrize(
    ("channels", "storage_bits", "scan_bytes"), [(1, 16, 2), (2, 16, 4), (3, 16, 6), (4, 16, 8), (8, 16, 16), (8, 32, 32)]
)
def test_samples_of_every_size_are_verified(sim, vm, channels, storage_bits, scan_bytes):
    sim.recreate("adc0", channels=channels, storage_bits=storage_bits, rate_hz=0)
    result = bench(vm, "--interface=dmabuf,uring-fixed", "--block-size=48k", "--bytes=3M", "--verify")
    assert result.returncode == 0, result.stderr
    assert result.report["environment"]["scan_bytes"] == scan_bytes


@pytest.mark.parametrize("interface", INTERFACES)
def test_overload_is_counted_exactly(vm, interface):
    """At 8 GB/s and 4 KiB a block nobody keeps up."""
    result = bench(vm, "--rate=1e9", f"--interface={interface}", "--block-size=4k", "--bytes=8M", "--verify")
    case = row(result)
    found = case["verification"]
    assert result.returncode == 1
    assert case["verified"] is False
    assert found["lost"] == found["lost_samples"] > 0
    assert (found["duplicated"], found["reordered"], found["corrupt"]) == (0, 0, 0)
    assert f"{found['lost']} lost" in result.stderr


def test_wrong_data_is_noticed(sim, vm):
    """DMABUF users cannot learn that a transfer was short: what is behind it is no sample."""
    sim.set("adc0", short_transfer_bytes=800)
    result = bench(vm, "--rate=0", "--interface=dmabuf", "--block-size=64k", "--bytes=1M", "--verify")
    assert result.returncode == 1
    found = row(result)["verification"]
    assert found["corrupt"] + found["duplicated"] + found["lost"] >= 100


def test_stall_ends_a_case_and_the_others_go_on(sim, vm):
    sim.set("adc0", stall=1)
    result = bench(vm, "--timeout=1", "--seconds=0.2", "--rounds=2", "--block-size=64k")
    assert result.returncode == 1
    for case in result.report["results"]:
        assert case["failure"].startswith("no block for 1 s: the device has stalled")
    assert is_idle(vm)

    sim.set("adc0", stall=0)
    assert bench(vm, "--rate=0", "--seconds=0.2", "--rounds=1", "--block-size=64k").returncode == 0


def test_regular_stream_is_no_stall(vm):
    """As many blocks, and an even number, between any two looks at whether there were some."""
    options = "--timeout=1 --seconds=4 --rounds=1 --interface=uring-fixed --rate=262144"
    assert bench(vm, *options.split(), "--block-size=64k").returncode == 0


@pytest.mark.parametrize("interface", INTERFACES)
def test_device_that_vanishes_is_told(sim, vm, interface):
    result = vm.run(
        f"{IIO_BENCH} --interface={interface} --block-size=64k --seconds=60 --rounds=1 --timeout=5 & "
        f"{UNTIL_IT_STREAMS}; echo 0 >/sys/kernel/config/iio_sim/adc0/power; wait $!",
        timeout=60,
    )
    assert result.returncode == 1
    assert "failed: " in result.stdout


@pytest.mark.parametrize("signal", ["INT", "TERM"])
def test_interrupted_run_leaves_the_device_as_it_was(vm, signal):
    settings = f"cd {DEVICE}; cat buffer0/enable sampling_frequency buffer0/length buffer0/in_voltage*_en"
    before = vm.run(settings).stdout
    result = vm.run(
        f"{IIO_BENCH} --rate=1000000 --channels=voltage1 --block-size=64k --seconds=30 & "
        f"{UNTIL_IT_STREAMS}; {settings}; kill -{signal} $!; wait $!"
    )
    assert result.returncode == 1
    assert "interrupted" in result.stderr
    assert result.stdout.startswith("1\n1000000\n"), "it was running when interrupted"
    assert vm.run(settings).stdout == before


def test_progress_is_shown_if_wanted(vm):
    options = ["--interface=read", "--block-size=4k,64k", "--seconds=0.1", "--rounds=1"]
    assert "\r" not in vm.run([IIO_BENCH, *options]).stderr
    assert "[2/2] round 1 of 1: read, 64 KiB" in vm.run([IIO_BENCH, *options, "--progress=always"]).stderr


def test_interface_the_kernel_lacks_is_a_row(unpatched_vm):
    result = bench(unpatched_vm, "--rate=0", "--seconds=0.2", "--rounds=1", "--block-size=64k")
    assert result.returncode == 0, result.stderr
    cases = {case["interface"]: case for case in result.report["results"]}
    assert cases["uring-fixed"]["supported"] is False
    assert "O_DIRECT" in cases["uring-fixed"]["reason"]
    assert cases["dmabuf-cmd"]["supported"] is False
    assert "no commands" in cases["dmabuf-cmd"]["reason"]
    assert all(cases[name]["supported"] for name in ("read", "dmabuf", "uring"))
    assert "not supported by this kernel" in result.stderr


def test_time_of_io_workers_is_told_apart(unpatched_vm):
    """Debian's own code cannot read without blocking, so io_uring takes workers."""
    case = row(bench(unpatched_vm, "--rate=0", "--seconds=0.3", "--rounds=5", "--block-size=1M", "--interface=uring"))
    assert case["cpu_us_per_block"]["iowq"] > case["cpu_us_per_block"]["app"]
