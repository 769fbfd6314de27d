# SPDX-License-Identifier: MIT
"""Debian's unmodified fio reads the converter, with every engine and with and without O_DIRECT."""

import json

import pytest

SIZE = 32 << 20
BUFFER = "/sys/bus/iio/devices/iio:device0/buffer0"
PREPARE = f"""
cd /tmp
for channel in 0 1 2 3; do echo 1 >{BUFFER}/in_voltage${{channel}}_en; done
echo 16384 >{BUFFER}/length
"""
FIO = (
    r"fio --name=converter --filename=/dev/iio\\:device0 --rw=read --bs=64k --iodepth=4"
    f" --size={SIZE} --output-format=json"
)
ENGINES = [
    "--ioengine=io_uring --fixedbufs=1 --direct=1",
    "--ioengine=io_uring --direct=1",
    "--ioengine=io_uring --direct=0",
    "--ioengine=psync --direct=1",
    "--ioengine=psync --direct=0",
]


def run_fio(vm, script):
    result = vm.run(PREPARE + script + f"\nstatus=$?\necho 0 >{BUFFER}/enable\nexit $status", timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr
    job = json.loads(result.stdout[result.stdout.index("{") :])["jobs"][0]
    assert (job["error"], job["read"]["io_bytes"], job["read"]["short_ios"]) == (0, SIZE, 0)


@pytest.mark.parametrize("options", ENGINES)
def test_buffer_enabled_before(vm, options):
    run_fio(vm, f"echo 1 >{BUFFER}/enable\n{FIO} {options}")


@pytest.mark.parametrize("options", ENGINES)
def test_buffer_enabled_by_prerun(vm, options):
    # fio redirects the command's output itself, so the command must not
    run_fio(vm, f"""{FIO} {options} --exec_prerun="sh -c 'echo 1 >{BUFFER}/enable'" """)
