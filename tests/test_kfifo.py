# SPDX-License-Identifier: MIT
"""Buffers without DMA work as before for read(), and with io_uring as well."""

import pytest
from programs import check_program

DUMMY = "/sys/kernel/config/iio/devices/dummy/dummy0"


@pytest.fixture
def dummy(vm):
    """The kernel's dummy sensor, triggered by sysfs; returns its device and the directory of its trigger."""
    script = f"""
    modprobe -d {vm.kernel.our_modules} -a iio_dummy iio-trig-sysfs
    mkdir {DUMMY}
    echo 7 >/sys/bus/iio/devices/iio_sysfs_trigger/add_trigger
    trigger=$(dirname $(grep -lx sysfstrig7 /sys/bus/iio/devices/trigger*/name))
    device=$(dirname $(grep -lx dummy0 /sys/bus/iio/devices/iio:device*/name))
    echo sysfstrig7 >$device/trigger/current_trigger
    for channel in $device/buffer0/in_*_en; do echo 1 >$channel; done
    echo $(basename $device) $trigger
    """
    result = vm.run(["sh", "-euc", script])
    assert result.returncode == 0, result.stderr
    yield result.stdout.split()
    vm.run(f"rmdir {DUMMY}; echo 7 >/sys/bus/iio/devices/iio_sysfs_trigger/remove_trigger")


def test_kfifo(vm, dummy):
    check_program(vm, "kfifo-copy", *dummy)
