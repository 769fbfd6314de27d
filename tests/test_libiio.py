# SPDX-License-Identifier: MIT
"""Debian's libiio, which is older than DMABUFs and O_DIRECT, works as before."""


def test_iio_info_sees_the_converter(vm):
    result = vm.run(["iio_info"], timeout=60)
    assert result.returncode == 0, result.stderr
    assert "adc0 (buffer capable)" in result.stdout
    assert result.stdout.count("(input, index: ") == 4


def test_iio_readdev_reads_it_in_order(vm):
    samples = 200000
    result = vm.run(
        f"iio_readdev -T 5000 -b 8192 -s {samples} adc0 >/tmp/samples && od -A n -t u8 -w8 -v /tmp/samples >&2", timeout=120
    )
    assert result.returncode == 0, result.stderr[-500:]
    scans = [int(line) for line in result.stderr.split()[-samples:]]
    assert len(scans) == samples
    # 100 MB/s may be too fast for it, but what comes is in order and begins with the first sample
    assert scans[0] == 0
    assert all(before < after for before, after in zip(scans, scans[1:]))
