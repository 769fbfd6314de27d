# SPDX-License-Identifier: MIT
"""What a block costs in the kernel once a stream is under way: no allocation, and with ATTACH no mapping."""

import re

import pytest
from programs import REPOSITORY

pytestmark = pytest.mark.stock_only("the other kernel has no probes, and its checks allocate")

BENCH = REPOSITORY / "build" / "bench" / "iio-bench"
TRACING = "/sys/kernel/tracing"
DEPTH = 8

# Traces a stream in full swing while some hundred blocks come: for so long as that takes. The probes are set while
# nobody runs where they are: QEMU 7.2 may execute what another emulated CPU has just patched away
TRACE = f"""
blocks() {{ read blocks </sys/kernel/config/iio_sim/adc0/completed_blocks; }}
until_blocks() {{ until blocks && [ $blocks -ge $1 ]; do kill -0 $bench; sleep 0.05; done; }}
cd {TRACING}
echo 0 >tracing_on
echo 8192 >buffer_size_kb
echo 'p:iio_map dma_map_sgtable segments=+12($arg2):u32' >kprobe_events # that is orig_nents
echo "p:iio_done iio_dma_buffer_block_done" >>kprobe_events
for event in kprobes/iio_done $2; do echo 1 >events/$event/enable; done
{BENCH} --interface=$1 --pages=$3 --rate=0 --block-size=64k --depth={DEPTH} --seconds=100 --rounds=1 >/tmp/bench & bench=$!
until grep -q 1 /sys/bus/iio/devices/iio:device0/buffer0/enable; do kill -0 $bench; sleep 0.1; done
until_blocks 500
echo 1 >tracing_on
blocks; until_blocks $((blocks + 500))
echo 0 >tracing_on
kill $bench
wait $bench || true
cat trace
for event in kprobes/iio_done $2; do echo 0 >events/$event/enable; done
echo >trace
echo >kprobe_events
echo 1 >tracing_on
"""
OURS = re.compile(r"call_site=\S+ ?(\[industrialio\w*\])")


def trace(vm, interface, *events, pages="huge"):
    result = vm.run(["bash", "-euc", TRACE, "trace", interface, " ".join(events), pages], timeout=60)
    assert result.returncode == 0, result.stderr
    assert "[LOST" not in result.stdout
    return result.stdout, result.stdout.count(" iio_done:")


@pytest.mark.parametrize(("interface", "allocates"), [("uring-fixed", False), ("uring-attached", False), ("dmabuf", True)])
def test_allocations_of_ours(vm, interface, allocates):
    """DMABUFs get a fence and a list of segments for each block, which shows that allocations are seen."""
    lines, blocks = trace(vm, interface, "kmem/kmalloc", "kmem/kmem_cache_alloc")
    allocations = len(OURS.findall(lines))
    assert allocations >= blocks - DEPTH - 1 if allocates else allocations == 0


@pytest.mark.parametrize(("interface", "maps"), [("uring-attached", False), ("uring-fixed", True)])
def test_mappings(vm, interface, maps):
    lines, blocks = trace(vm, interface, "kprobes/iio_map")
    mappings = lines.count(" iio_map:")
    # as many blocks may be on their way at the beginning and at the end
    assert abs(mappings - blocks) <= DEPTH + 1 if maps else mappings == 0


@pytest.mark.parametrize(("pages", "scattered"), [("huge", False), ("4k", True)])
def test_pages_lie_as_the_bench_says(vm, pages, scattered):
    """A block of 64 KiB is in one huge page or in two; few of its 16 small pages are neighbours, if any."""
    lines, _ = trace(vm, "uring-fixed", "kprobes/iio_map", pages=pages)
    segments = {int(number) for number in re.findall(r"iio_map:.* segments=(\d+)", lines)}
    assert 8 < min(segments) and max(segments) <= 16 if scattered else segments <= {1, 2}
