# SPDX-License-Identifier: MIT
"""What a simulated DAC says it has played is what an ADC at the other end of its line records."""

import pytest
from programs import check_program
from test_sim import ROOT, disable, enable, error_of_write, sh

INTERFACES = ["write", "dmabuf"]

# What is behind the names is told by sim-underflow.c
REASONS = ["late-writer", "stall", "late-completion", "failed-transfer", "short-transfer"]


@pytest.mark.parametrize("interface", INTERFACES)
@pytest.mark.parametrize(
    "rate, played, recorded",
    [(0, 1024, 65536), (0, 65536, 1024), (0, 4093, 5003), (1000000, 4096, 262144), (1000000, 262144, 131072)],
)
def test_what_is_played_is_recorded(vm, interface, rate, played, recorded):
    check_program(vm, "sim-loopback", interface, str(rate), str(played), str(recorded), "16")


@pytest.mark.parametrize("interface", INTERFACES)
def test_ten_gigabytes_are_recorded(vm, interface):
    check_program(vm, "sim-loopback", interface, "0", "524288", "524288", "10240", timeout=300)


@pytest.mark.parametrize("interface", INTERFACES)
@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("pace", ["paced", "unpaced"])
def test_lost_samples_is_the_silence_recorded(vm, interface, reason, pace):
    check_program(vm, "sim-underflow", interface, pace, reason)


def test_cyclic_block_is_recorded_without_a_gap(vm):
    check_program(vm, "sim-cyclic")


def test_refused_block_comes_with_the_next_one(sim):
    """write() has handed its block over when that is found out; it plays as soon as the DAC takes one."""
    dac = sim.create("dac", direction="out", rate_hz=0)
    adc = sim.create("adc", fill="loopback", loopback_from="dac", rate_hz=0)
    for device in (adc, dac):
        enable(sim.machine, device, 1024)
    sim.set("dac", refuse_submits=1)
    output = sh(sim.machine, f"seq 10000 | head -c 16384 >/dev/{dac}; head -c 16384 /dev/{adc}")
    assert output == sh(sim.machine, "seq 10000 | head -c 16384")
    assert sim.get("dac", "refuse_submits") == "0"


def test_odd_scans_are_recorded(sim):
    """3 channels of 16 bits: blocks and pages end within a scan."""
    fields = {"channels": 3, "rate_hz": 0, "length_align_bytes": 2}
    dac = sim.create("dac", direction="out", **fields)
    adc = sim.create("adc", fill="loopback", loopback_from="dac", **fields)
    enable(sim.machine, adc, 3333)
    enable(sim.machine, dac, 3334)
    write = f"seq 30000 | head -c 120024 >/tmp/odd; dd if=/tmp/odd of=/dev/{dac} bs=120024 status=none"
    output = sh(sim.machine, f"({write}) & head -c 90000 /dev/{adc}; wait", timeout=20)
    assert output == sh(sim.machine, "seq 30000 | head -c 90000")


@pytest.mark.parametrize("end", ["echo 0 >{root}/dac/power", "rmdir {root}/dac", "echo 0 >{enable}"])
def test_line_is_silent_once_the_dac_is_gone(sim, end):
    """The ADC goes on in its own time, and records zeros."""
    dac = sim.create("dac", direction="out", rate_hz=100000)
    adc = sim.create("adc", fill="loopback", loopback_from="dac", rate_hz=100000)
    enable(sim.machine, adc, 20000)
    enable(sim.machine, dac, 2000)
    end = end.format(root=ROOT, enable=f"/sys/bus/iio/devices/{dac}/buffer0/enable")
    # what is recorded grows by a second: more than is on its way when the DAC goes
    recorded = sh(sim.machine, f"""exec 3>/dev/{dac}
                 yes >&3 2>/dev/null & exec 3>&-
                 cat /dev/{adc} >/tmp/recorded & recorder=$!
                 until grep -aqx y /tmp/recorded; do sleep 0.1; done
                 {end}
                 size=$(stat -c %s /tmp/recorded)
                 until [ $(stat -c %s /tmp/recorded) -ge $((size + 800000)) ]; do sleep 0.1; done
                 kill $recorder
                 tail -c 80000 /tmp/recorded | od -An -v -tx1
                 rm /tmp/recorded""")  # fmt: skip
    assert bytes.fromhex(recorded) == bytes(80000)


def test_unpaced_line_without_a_dac_has_nothing_to_record(sim):
    sim.create("dac", direction="out", rate_hz=0)
    adc = sim.create("adc", fill="loopback", loopback_from="dac", rate_hz=0)
    enable(sim.machine, adc, 1024)
    sim.remove("dac")
    assert sim.machine.run(["timeout", "1", "head", "-c", "8", f"/dev/{adc}"]).returncode == 124
    assert sim.get("adc", "completed_blocks") == "0"


@pytest.mark.parametrize("end", ["echo 0 >{root}/adc/power", "rmdir {root}/adc", "echo 0 >{enable}"])
def test_dac_goes_on_when_the_adc_is_gone(sim, end):
    """A DAC without a pace, which waits until the ADC takes what it plays, waits no longer."""
    dac = sim.create("dac", direction="out", rate_hz=0)
    adc = sim.create("adc", fill="loopback", loopback_from="dac", rate_hz=0)
    enable(sim.machine, adc, 1024)
    enable(sim.machine, dac, 1024)
    write = f"head -c 8M /dev/zero >/dev/{dac}"
    assert sim.machine.run(["timeout", "1", "sh", "-c", write]).returncode == 124
    end = end.format(root=ROOT, enable=f"/sys/bus/iio/devices/{adc}/buffer0/enable")
    sh(sim.machine, f"{write} & sleep 0.5; {end}; wait $!")


def power_on_error(sim, name, **fields):
    sh(sim.machine, f"test -e {ROOT}/{name} || mkdir {ROOT}/{name}")
    sim.set(name, power=0, **fields)
    return error_of_write(sim.machine, f"{ROOT}/{name}/power", 1)


def test_line_that_makes_no_sense_is_refused(sim):
    sim.create("dac", direction="out")
    loopback = {"fill": "loopback", "loopback_from": "dac"}
    assert power_on_error(sim, "adc", fill="loopback") == "No such device"
    assert power_on_error(sim, "adc", fill="loopback", loopback_from="nobody") == "No such device"
    assert power_on_error(sim, "adc", fill="loopback", loopback_from="adc0") == "Invalid argument"
    assert power_on_error(sim, "adc", fill="loopback", loopback_from="adc") == "Invalid argument"
    assert power_on_error(sim, "adc", **loopback, channels=2) == "Invalid argument"
    assert power_on_error(sim, "adc", **loopback, channels=4, storage_bits=32) == "Invalid argument"
    assert power_on_error(sim, "adc", **loopback, storage_bits=16) == ""
    assert power_on_error(sim, "second", **loopback) == "Device or resource busy"
    assert error_of_write(sim.machine, f"{ROOT}/adc/loopback_from", "x") == "Device or resource busy"
    sim.set("adc", power=0)
    assert error_of_write(sim.machine, f"{ROOT}/adc/loopback_from", "x" * 64) == "File name too long"
    assert sim.get("adc", "loopback_from") == "dac"


@pytest.mark.parametrize("difference", ["rate", "channels"])
def test_ends_that_differ_do_not_run_at_once(sim, difference):
    dac = sim.create("dac", direction="out", rate_hz=100000)
    adc = sim.create("adc", fill="loopback", loopback_from="dac", rate_hz=100000)
    enable(sim.machine, adc, 1024)
    if difference == "rate":
        sh(sim.machine, f"echo 100001 >/sys/bus/iio/devices/{dac}/sampling_frequency")
        sh(sim.machine, f"for channel in /sys/bus/iio/devices/{dac}/buffer0/*_en; do echo 1 >$channel; done")
    else:
        sh(sim.machine, f"echo 1 >/sys/bus/iio/devices/{dac}/buffer0/out_voltage0_en")
    attribute = f"/sys/bus/iio/devices/{dac}/buffer0/enable"
    assert error_of_write(sim.machine, attribute, 1) == "Invalid argument"
    disable(sim.machine, adc)
    assert error_of_write(sim.machine, attribute, 1) == ""


def test_order_of_power_does_not_matter(sim):
    """The ADC finds the DAC of a directory, whose power may come, go and come again."""
    sh(sim.machine, f"mkdir {ROOT}/dac")
    sim.set("dac", direction="out", rate_hz=0)
    adc = sim.create("adc", fill="loopback", loopback_from="dac", rate_hz=0)
    enable(sim.machine, adc, 1024)
    for word in ("first", "other"):
        sim.set("dac", power=1)
        dac = sim.get("dac", "device")
        enable(sim.machine, dac, 1024)
        heard = sh(sim.machine, f"yes {word} | head -c 4096 >/dev/{dac}; head -c 4096 /dev/{adc}")
        assert heard.startswith(f"{word}\n" * 600)
        sim.set("dac", power=0)


@pytest.mark.parametrize("victim", ["dac", "adc"])
def test_end_of_a_line_disappears_while_it_streams(sim, victim):
    """10 times in the middle of an unpaced stream, when most is going on."""
    for _ in range(10):
        dac = sim.create("dac", direction="out", rate_hz=0)
        adc = sim.create("adc", fill="loopback", loopback_from="dac", rate_hz=0)
        enable(sim.machine, adc, 131072)
        enable(sim.machine, dac, 131072)
        sh(sim.machine, f"""exec 3>/dev/{dac} 4</dev/{adc}
                            yes >&3 2>/dev/null & cat <&4 >/dev/null 2>&1 & exec 3>&- 4<&-
                            sleep 0.1; rmdir {ROOT}/{victim}; sleep 0.05
                            rmdir {ROOT}/{"adc" if victim == "dac" else "dac"}; wait""")  # fmt: skip
