# SPDX-License-Identifier: MIT
"""The driver of a simulated converter can be unbound and bound in any state, and the instance stays usable."""

import pytest
from test_sim import ROOT, counter_pattern, enable, read_bytes, sh

DRIVER = "/sys/bus/platform/drivers/iio_sim"


def platform_device(sim, device):
    return sh(sim.machine, f"basename $(dirname $(readlink -f /sys/bus/iio/devices/{device}))").strip()


def unbind(sim, name):
    sh(sim.machine, f"echo {name} >{DRIVER}/unbind")


def bind(sim, name):
    sh(sim.machine, f"echo {name} >{DRIVER}/bind")


STATES = {
    "never-used": "true",
    "enabled": "echo 1 >$device/buffer0/enable",
    "unpaced": "echo 0 >$device/sampling_frequency; echo 1 >$device/buffer0/enable",
    "stalled": f"echo 1 >{ROOT}/adc0/stall; echo 1 >$device/buffer0/enable; sleep 0.1",
}


@pytest.mark.parametrize("state", STATES)
def test_instance_outlives_its_driver(sim, state):
    """Without the driver there is no device, but power; with it again a converter that works."""
    device = sim.get("adc0", "device")
    name = platform_device(sim, device)
    sh(sim.machine, f"""device=/sys/bus/iio/devices/{device}
                        for channel in $device/buffer0/*_en; do echo 1 >$channel; done
                        {STATES[state]}""")  # fmt: skip
    unbind(sim, name)
    assert (sim.get("adc0", "power"), sim.get("adc0", "device")) == ("1", "")
    assert sim.get("adc0", "lost_samples") == sim.get("adc0", "completed_blocks") == "0"
    assert not sh(sim.machine, f"ls /sys/bus/iio/devices | grep -x {device} || true")
    sim.set("adc0", stall=0)

    bind(sim, name)
    device = sim.get("adc0", "device")
    enable(sim.machine, device, 1024)
    assert read_bytes(sim.machine, device, 80) == counter_pattern(8, 80)


def test_power_goes_off_and_on_without_the_driver(sim):
    unbind(sim, platform_device(sim, sim.get("adc0", "device")))
    sim.set("adc0", power=0)
    sim.set("adc0", channels=2, power=1)
    assert sh(sim.machine, f"ls /sys/bus/iio/devices/{sim.get('adc0', 'device')}/buffer0/*_en").count("_en") == 2


def test_instance_is_removed_without_the_driver(sim):
    unbind(sim, platform_device(sim, sim.get("adc0", "device")))
    sim.remove("adc0")
    sim.create("adc0")


def test_reader_learns_that_the_driver_is_gone(sim):
    """Who keeps the old device open does not disturb the new one."""
    device = sim.create("gone", stall=1)
    name = platform_device(sim, device)
    enable(sim.machine, device, 1024)
    script = f"""exec 3</dev/{device}
                 head -c 80 <&3 >/dev/null 2>/tmp/gone & sleep 0.5
                 echo {name} >{DRIVER}/unbind; wait $! || cat /tmp/gone
                 echo {name} >{DRIVER}/bind; test -e /dev/$(cat {ROOT}/gone/device)"""
    assert "No such device" in sh(sim.machine, script)


def test_driver_comes_and_goes_while_everybody_looks(sim):
    """5 s of unbinding, binding, switching the power and reading every field, all at once."""
    name = platform_device(sim, sim.get("adc0", "device"))
    sh(sim.machine, f"""end=$(($(date +%s) + 5))
            forever() {{ while [ $(date +%s) -lt $end ]; do eval "$1" || true; done; }}
            forever 'echo {name} >{DRIVER}/unbind; echo {name} >{DRIVER}/bind' 2>/dev/null &
            forever 'cat {ROOT}/adc0/*' >/dev/null 2>&1 &
            forever 'echo 1 >/sys/bus/iio/devices/$(cat {ROOT}/adc0/device)/buffer0/enable' 2>/dev/null &
            (sleep 2; forever 'echo 0 >{ROOT}/adc0/power; echo 1 >{ROOT}/adc0/power') 2>/dev/null &
            wait
            echo 0 >{ROOT}/adc0/power; echo 1 >{ROOT}/adc0/power""", timeout=60)  # fmt: skip
    assert sim.get("adc0", "device")


def test_line_is_silent_while_the_driver_of_the_dac_is_unbound(sim):
    """Bound again, the DAC is on the same line."""
    dac = sim.create("dac", direction="out", rate_hz=0)
    adc = sim.create("adc", fill="loopback", loopback_from="dac", rate_hz=0)
    name = platform_device(sim, dac)
    enable(sim.machine, adc, 1024)
    unbind(sim, name)
    bind(sim, name)
    dac = sim.get("dac", "device")
    enable(sim.machine, dac, 1024)
    assert sh(sim.machine, f"yes | head -c 4096 >/dev/{dac}; head -c 4096 /dev/{adc}", timeout=10) == "y\n" * 2048
