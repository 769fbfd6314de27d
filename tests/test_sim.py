# SPDX-License-Identifier: MIT
"""The simulated converters are what bench and tests take them for."""

import hashlib

import pytest
from programs import check_program

ROOT = "/sys/kernel/config/iio_sim"

# In the guest. Everything that a converter leaves behind would be in one of these.
TRACES = "ls /sys/bus/iio/devices /sys/bus/platform/devices /sys/class/dma /sys/kernel/debug/dmaengine | grep -c 'iio\\|dma'"


def sh(vm, script, **options):
    result = vm.run(["/bin/sh", "-euc", script], **options)
    assert result.returncode == 0, f"`{script}` failed: {result.stderr}"
    return result.stdout


def enable(vm, device, length):
    """Enable a converter's buffer with all its channels."""
    sh(vm, f"""cd /sys/bus/iio/devices/{device}/buffer0
               for channel in *_en; do echo 1 >$channel; done
               echo {length} >length; echo 1 >enable""")  # fmt: skip


def disable(vm, device):
    sh(vm, f"echo 0 >/sys/bus/iio/devices/{device}/buffer0/enable")


def read_bytes(vm, device, size):
    # read() gives no more than the rest of a block, and refuses to give less than a scan
    output = sh(vm, f"dd if=/dev/{device} bs=4096 count={size // 512 + 20} 2>/dev/null | head -c {size} | od -An -v -tx1")
    return bytes.fromhex(output)


def counter_pattern(scan_bytes, size):
    """The definition, spelled out: each scan is its own number, little endian, in as many words as it takes."""
    stream = bytearray()
    for number in range(size // scan_bytes + 1):
        words = number.to_bytes(8, "little") * (scan_bytes // 8 + 1)
        stream += words[:scan_bytes]
    return bytes(stream[:size])


def error_of_write(vm, path, value):
    result = vm.run(["/bin/sh", "-c", 'printf "%s\\n" "$1" | tee "$2" >/dev/null', "-", str(value), path])
    return result.stderr.strip().rpartition(": ")[2]


@pytest.mark.parametrize("channels, storage_bits", [(1, 16), (1, 32), (3, 16), (4, 16), (3, 32), (5, 32), (64, 32)])
def test_scans_carry_their_number(sim, channels, storage_bits):
    """Whatever the size of a scan, the counter pattern is the one that is documented."""
    scan_bytes = channels * storage_bits // 8
    device = sim.create("pattern", channels=channels, storage_bits=storage_bits, rate_hz=0, length_align_bytes=2)
    enable(sim.machine, device, 300)
    assert read_bytes(sim.machine, device, 500 * scan_bytes) == counter_pattern(scan_bytes, 500 * scan_bytes)


def test_block_that_ends_within_a_scan_is_continued_by_the_next(sim):
    """3 channels make scans of 6 bytes, 333 of them two blocks of 999 bytes, of which the DMA takes 998."""
    device = sim.create("torn", channels=3, rate_hz=0, length_align_bytes=2)
    enable(sim.machine, device, 333)
    assert read_bytes(sim.machine, device, 6000) == counter_pattern(6, 6000)


def test_numbers_start_again_with_every_enable(sim):
    device = sim.create("again", rate_hz=0)
    for _ in range(2):
        enable(sim.machine, device, 1024)
        assert read_bytes(sim.machine, device, 80) == counter_pattern(8, 80)
        disable(sim.machine, device)


def test_fill_none_leaves_the_memory_untouched(sim):
    device = sim.create("untouched", fill="none", rate_hz=0)
    enable(sim.machine, device, 1024)
    assert read_bytes(sim.machine, device, 4096) == bytes(4096)


@pytest.mark.parametrize("what_happens", ["late-reader", "stall", "failed-transfer", "short-transfer", "late-completion"])
@pytest.mark.parametrize("pace", ["", "unpaced-"])
def test_lost_samples_is_what_the_reader_misses(vm, pace, what_happens):
    check_program(vm, "sim-lost-samples", pace + what_happens)


def test_samples_come_at_the_rate(vm):
    check_program(vm, "sim-rate")


@pytest.mark.parametrize("rate", [0, 1000000])
def test_completions_come_late_on_demand(sim, rate):
    """Of three blocks two were ready, and the third was queued when the first of them was read."""
    device = sim.create("late", rate_hz=rate)
    enable(sim.machine, device, 2048)
    sim.set("late", completion_delay_us=300000)
    started, ended = sh(sim.machine, f"date +%s%N; head -c 24576 /dev/{device} >/dev/null; date +%s%N").split()
    assert int(ended) - int(started) >= 0.3e9


def test_converters_do_not_disturb_each_other(sim):
    """Two at once, one of them unpaced: each delivers its own numbers, all of them."""
    paced = sim.create("paced", rate_hz=100000)
    unpaced = sim.create("unpaced", rate_hz=0, channels=8)
    # a second a block, so that the reader is there in time
    enable(sim.machine, paced, 200000)
    enable(sim.machine, unpaced, 4096)
    read = f"""head -c 1600000 /dev/{paced} | md5sum >/tmp/paced &
               head -c 16000000 /dev/{unpaced} | md5sum
               wait; cat /tmp/paced"""
    sums = [line.split()[0] for line in sh(sim.machine, read, timeout=120).splitlines()]
    assert sums == [hashlib.md5(counter_pattern(*stream)).hexdigest() for stream in ((16, 16000000), (8, 1600000))]


def test_dac_takes_its_time(sim):
    """A DAC plays 1 s of samples in no less than 1 s, but for the two blocks that write() does not wait for."""
    device = sim.create("dac", direction="out", rate_hz=100000)
    enable(sim.machine, device, 10000)
    started, ended = sh(sim.machine, f"date +%s%N; head -c 800000 /dev/zero >/dev/{device}; date +%s%N").split()
    assert int(ended) - int(started) >= 0.9e9
    assert int(sim.get("dac", "completed_blocks")) >= 18


def test_every_field_is_described(sim):
    described = sh(sim.machine, f"cut -d' ' -f1 {ROOT}/features").split()
    assert sorted(described) == sorted(sh(sim.machine, f"ls {ROOT}/adc0").split())


@pytest.mark.parametrize(
    "field, value, error",
    [
        ("direction", "up", "Invalid argument"),
        ("fill", "noise", "Invalid argument"),
        ("channels", "0", "Numerical result out of range"),
        ("channels", "65", "Numerical result out of range"),
        ("storage_bits", "24", "Invalid argument"),
        ("length_align_bytes", "3", "Invalid argument"),
        ("rate_hz", "-1", "Invalid argument"),
        ("rate_hz", "1000000001", "Numerical result out of range"),
        ("stall", "2", "Numerical result out of range"),
    ],
)
def test_wrong_value_is_refused(sim, field, value, error):
    sim.set("adc0", power=0)
    before = sim.get("adc0", field)
    assert error_of_write(sim.machine, f"{ROOT}/adc0/{field}", value) == error
    assert sim.get("adc0", field) == before


def test_settings_change_only_while_the_power_is_off(sim):
    assert error_of_write(sim.machine, f"{ROOT}/adc0/channels", 2) == "Device or resource busy"
    sim.set("adc0", power=0)
    sim.set("adc0", channels=2, power=1)
    device = sim.get("adc0", "device")
    assert sh(sim.machine, f"ls -d /sys/bus/iio/devices/{device}/buffer0/*_en").count("_en") == 2


def test_rate_changes_only_while_the_buffer_is_disabled(sim):
    device = sim.get("adc0", "device")
    attribute = f"/sys/bus/iio/devices/{device}/sampling_frequency"
    enable(sim.machine, device, 1024)
    assert error_of_write(sim.machine, attribute, 1000) == "Device or resource busy"
    disable(sim.machine, device)
    assert error_of_write(sim.machine, attribute, 1000) == ""
    assert sh(sim.machine, f"cat {attribute}") == "1000\n"


def test_engine_costs_nothing_while_nothing_is_converted(sim):
    """busy time and time in callbacks grow with the work, and with nothing else."""
    sim.remove("adc0")
    times = f"cat {ROOT}/engine_busy_ns {ROOT}/callback_ns"
    before = sh(sim.machine, times).split()
    assert sh(sim.machine, f"sleep 1; {times}").split() == before
    device = sim.create("working", rate_hz=1000000)
    enable(sim.machine, device, 4096)
    read_bytes(sim.machine, device, 80000)
    after = sh(sim.machine, times).split()
    assert all(int(late) > int(early) for early, late in zip(before, after))


def test_converters_leave_nothing_behind(sim):
    """20 times each: never used, enabled, and enabled without a pace."""
    before = sh(sim.machine, TRACES)
    for use in ("true", "echo 1 >$device/buffer0/enable", "echo 0 >$device/sampling_frequency; echo 1 >$device/buffer0/enable"):
        sh(sim.machine, f"""for round in $(seq 20); do
                mkdir {ROOT}/short-lived
                echo 1 >{ROOT}/short-lived/power
                device=/sys/bus/iio/devices/$(cat {ROOT}/short-lived/device)
                for channel in $device/buffer0/*_en; do echo 1 >$channel; done
                {use}
                rmdir {ROOT}/short-lived
            done""", timeout=120)  # fmt: skip
    assert sh(sim.machine, TRACES) == before


@pytest.mark.parametrize("end", [f"echo 0 >{ROOT}/gone/power", f"rmdir {ROOT}/gone"])
def test_reader_that_waits_learns_that_the_converter_is_gone(sim, end):
    device = sim.create("gone", stall=1)
    enable(sim.machine, device, 1024)
    script = f"""exec 3</dev/{device}
                 head -c 80 <&3 >/dev/null 2>/tmp/gone & exec 3<&-; sleep 0.5; {end}; wait $! || cat /tmp/gone"""
    assert "No such device" in sh(sim.machine, script)


def test_converter_disappears_while_it_streams(sim):
    """10 times in the middle of an unpaced stream, when most is going on."""
    for _ in range(10):
        device = sim.create("gone", rate_hz=0)
        enable(sim.machine, device, 131072)
        script = f"""exec 3</dev/{device}
                     dd of=/dev/null bs=512k <&3 2>/tmp/gone & exec 3<&-; sleep 0.1; rmdir {ROOT}/gone; wait $! || cat /tmp/gone"""
        assert "No such device" in sh(sim.machine, script)


def test_module_stays_as_long_as_there_are_converters(sim):
    vm = sim.machine
    assert "in use" in vm.run("rmmod iio_sim").stderr
    sim.remove("adc0")
    sh(vm, f"rmmod iio_sim; test ! -e {ROOT}; modprobe -d {vm.kernel.our_modules} iio_sim; test -e {ROOT}/features")
    sim.create("adc0")
