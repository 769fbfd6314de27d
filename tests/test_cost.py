# SPDX-License-Identifier: MIT
"""What a block costs in the kernel once a stream is under way: no allocation, and with ATTACH no mapping."""

import re

import pytest
from programs import REPOSITORY

BENCH = REPOSITORY / "build" / "bench" / "iio-bench"
TRACING = "/sys/kernel/tracing"

# Traces a stream in full swing, and tells how many blocks it was
TRACE = f"""
blocks() {{ read blocks </sys/kernel/config/iio_sim/adc0/completed_blocks; }}
cd {TRACING}
echo 8192 >buffer_size_kb
echo "p:iio_map dma_map_sgtable" >kprobe_events
{BENCH} --interface=$1 --rate=0 --block-size=64k --depth=8 --seconds=3 --rounds=1 >/tmp/bench &
sleep 2
echo >trace
for event in $2; do echo 1 >events/$event/enable; done
blocks; before=$blocks
sleep 0.3
blocks; after=$blocks
for event in $2; do echo 0 >events/$event/enable; done
cat trace
wait $! || cat /tmp/bench >&2
echo >kprobe_events
echo "blocks $((after - before))"
"""
OURS = re.compile(r"call_site=\S+ ?(\[industrialio\w*\])")


def trace(vm, interface, *events):
    result = vm.run(["bash", "-euc", TRACE, "trace", interface, " ".join(events)], timeout=60)
    assert result.returncode == 0, result.stderr
    assert "[LOST" not in result.stdout
    blocks = int(result.stdout.rsplit("blocks ", 1)[1])
    assert blocks > 200, "the stream was not under way"
    return result.stdout, blocks


@pytest.mark.parametrize(("interface", "allocates"), [("uring-fixed", False), ("uring-attached", False), ("dmabuf", True)])
def test_allocations_of_ours(vm, interface, allocates):
    """DMABUFs get a fence and a list of segments for each block, which shows that allocations are seen."""
    lines, blocks = trace(vm, interface, "kmem/kmalloc", "kmem/kmem_cache_alloc")
    allocations = len(OURS.findall(lines))
    assert allocations >= blocks if allocates else allocations == 0


@pytest.mark.parametrize(("interface", "maps"), [("uring-attached", False), ("uring-fixed", True)])
def test_mappings(vm, interface, maps):
    lines, blocks = trace(vm, interface, "kprobes/iio_map")
    mappings = lines.count(" iio_map:")
    assert abs(mappings - blocks) <= blocks / 10 if maps else mappings == 0
