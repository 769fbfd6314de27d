// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated DMA controller at work, on the engine's thread: takes one
 * descriptor after another, moves its data as soon as it is the active one and
 * completes it when its time has come.
 */

#include <linux/bottom_half.h>
#include <linux/highmem.h>
#include <linux/iommu.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/sched/clock.h>

#include "dmaengine.h"
#include "iio_sim_desc.h"
#include "iio_sim_dma.h"
#include "iio_sim_fill.h"

/* So long an unpaced converter looks out for the next block before it sleeps */
#define IIO_SIM_SPIN_NS		(10 * NSEC_PER_MSEC)

/* The page that the device gets to at an address, IOMMU or not */
static struct page *iio_sim_dma_page(struct iommu_domain *domain, dma_addr_t addr)
{
	phys_addr_t phys = domain ? iommu_iova_to_phys(domain, addr) : addr;

	if (!phys || !pfn_valid(PHYS_PFN(phys)))
		return NULL;

	return pfn_to_page(PHYS_PFN(phys));
}

static int iio_sim_transfer_move_segment(struct iio_sim_dma *dma, struct iio_sim_desc *desc,
					 const struct dma_vec *segment, u64 position)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dma->device.dev);
	dma_addr_t addr = segment->addr;
	size_t left = segment->len;

	/* The client that terminates a transfer waits for this loop */
	while (left && !READ_ONCE(desc->terminated)) {
		size_t len = min(left, PAGE_SIZE - offset_in_page(addr));
		struct page *page = iio_sim_dma_page(domain, addr);
		void *memory;

		if (!page)
			return -EFAULT;

		memory = kmap_local_page(page);
		dma->fill->write(memory + offset_in_page(addr), len, position,
				 dma->stream.scan_bytes);
		kunmap_local(memory);

		addr += len;
		position += len;
		left -= len;
	}

	return 0;
}

static int iio_sim_transfer_move(struct iio_sim_dma *dma, struct iio_sim_desc *desc)
{
	u64 position = dma->stream.position;
	size_t i;
	int ret;

	if (!dma->fill || !dma->fill->write)
		return 0;

	for (i = 0; i < desc->num_segments; i++) {
		ret = iio_sim_transfer_move_segment(dma, desc, &desc->segments[i], position);
		if (ret)
			return ret;
		position += desc->segments[i].len;
	}

	return 0;
}

static void iio_sim_transfer_begin(struct iio_sim_dma *dma, struct iio_sim_desc *desc)
{
	desc->len = iio_sim_desc_len(desc);
	desc->due_ns = iio_sim_stream_due(&dma->stream, desc->len);

	if (!desc->len || desc->len % dma->length_align || iio_sim_transfer_move(dma, desc))
		desc->failed = true;
}

/* What is lost is known once there is a block again */
static void iio_sim_transfer_activate(struct iio_sim_dma *dma, struct iio_sim_desc *desc)
{
	list_del(&desc->node);
	dma->active = desc;
	if (desc->submitted_ns)
		dma->counters.lost_samples += iio_sim_stream_skip(&dma->stream, desc->submitted_ns);
}

/* The descriptor to go on with, NULL if there is none */
static struct iio_sim_desc *iio_sim_transfer_next(struct iio_sim_dma *dma)
{
	struct iio_sim_desc *desc;

	/* To look out for a descriptor must not slow down who brings one */
	if (!dma->active && READ_ONCE(dma->starving))
		return NULL;

	spin_lock_irq(&dma->lock);
	if (dma->active && dma->active->terminated) {
		list_add(&dma->active->node, &dma->free);
		dma->active = NULL;
	}
	if (!dma->active && dma->running) {
		desc = list_first_entry_or_null(&dma->issued, struct iio_sim_desc, node);
		WRITE_ONCE(dma->starving, !desc);
		if (desc)
			iio_sim_transfer_activate(dma, desc);
	}
	desc = dma->active;
	spin_unlock_irq(&dma->lock);

	return desc;
}

/* Whether the transfer is over when it has come to its end */
static bool iio_sim_transfer_is_last(struct iio_sim_dma *dma, struct iio_sim_desc *desc)
{
	struct iio_sim_desc *next;

	if (desc->failed || !(desc->tx.flags & DMA_PREP_REPEAT))
		return true;

	next = list_first_entry_or_null(&dma->issued, struct iio_sim_desc, node);

	return next && next->tx.flags & DMA_PREP_LOAD_EOT;
}

static struct dmaengine_result iio_sim_transfer_result(struct iio_sim_dma *dma,
						       struct iio_sim_desc *desc)
{
	struct dmaengine_result result = { .result = DMA_TRANS_NOERROR };

	if (desc->failed || atomic_dec_if_positive(&dma->faults->fail_transfers) >= 0) {
		result.result = dma->direction == DMA_DEV_TO_MEM ? DMA_TRANS_READ_FAILED :
								   DMA_TRANS_WRITE_FAILED;
		result.residue = desc->len;
	} else {
		result.residue = min_t(u64, desc->len,
				       atomic_xchg(&dma->faults->short_transfer_bytes, 0));
	}

	return result;
}

/* What was not transferred is lost to a converter that keeps time; any other one waits */
static void iio_sim_transfer_account(struct iio_sim_dma *dma, struct iio_sim_desc *desc,
				     u32 residue, u64 now_ns)
{
	struct iio_sim_stream *stream = &dma->stream;
	u64 transferred = stream->position + desc->len - residue;
	u64 end = stream->rate_hz ? stream->position + desc->len : transferred;
	u64 first_scan = iio_sim_stream_scans(stream, stream->position);
	u64 transferred_scan = iio_sim_stream_scans(stream, transferred);

	dma->counters.produced_samples += transferred_scan - first_scan;
	dma->counters.lost_samples += iio_sim_stream_scans(stream, end) - transferred_scan;
	if (desc->tx.flags & DMA_PREP_REPEAT)
		dma->counters.cyclic_periods++;

	/* Unlike the engine's own lateness, that of a stall is not made up for */
	if (desc->due_ns <= READ_ONCE(dma->faults->stall_ended_ns))
		now_ns = desc->due_ns;
	iio_sim_stream_advance(stream, end - stream->position, now_ns);
}

static void iio_sim_transfer_complete(struct iio_sim_dma *dma, struct iio_sim_desc *desc,
				      u64 now_ns)
{
	struct dmaengine_result result = { .result = DMA_TRANS_NOERROR };
	u64 started_ns = local_clock();
	u64 called_ns, returned_ns;
	bool last;

	spin_lock_irq(&dma->lock);
	if (desc->terminated) {
		spin_unlock_irq(&dma->lock);
		return;
	}
	last = iio_sim_transfer_is_last(dma, desc);
	if (last) {
		result = iio_sim_transfer_result(dma, desc);
		dma->counters.completed_blocks++;
		dma_cookie_complete(&desc->tx);
	}
	iio_sim_transfer_account(dma, desc, result.residue, now_ns);
	spin_unlock_irq(&dma->lock);

	/* As from the tasklet in which most DMA drivers call back */
	local_bh_disable();
	called_ns = local_clock();
	if (last || desc->tx.flags & DMA_PREP_INTERRUPT)
		dmaengine_desc_get_callback_invoke(&desc->tx, &result);
	returned_ns = local_clock();
	local_bh_enable();

	spin_lock_irq(&dma->lock);
	desc->moved = false;
	if (last) {
		list_add(&desc->node, &dma->free);
		dma->active = NULL;
	}
	spin_unlock_irq(&dma->lock);

	iio_sim_engine_charge(called_ns - started_ns, returned_ns - called_ns);
}

/**
 * iio_sim_transfer_run() - go on with the transfers of a channel
 * @job: of the channel
 *
 * Return: when to go on, see struct iio_sim_job.
 */
u64 iio_sim_transfer_run(struct iio_sim_job *job)
{
	struct iio_sim_dma *dma = container_of(job, struct iio_sim_dma, job);
	struct iio_sim_desc *desc = iio_sim_transfer_next(dma);
	u64 now_ns = local_clock();

	if (!desc)
		return now_ns < dma->spin_until_ns ? IIO_SIM_NOW : IIO_SIM_NEVER;

	if (!desc->moved) {
		iio_sim_transfer_begin(dma, desc);
		desc->moved = true;
		iio_sim_engine_charge(local_clock() - now_ns, 0);
	}

	if (!READ_ONCE(dma->running) || atomic_read_acquire(&dma->faults->stall))
		return IIO_SIM_NEVER;

	if (desc->due_ns) {
		now_ns = ktime_get_ns();
		if (now_ns < desc->due_ns)
			return desc->due_ns;
	} else {
		dma->spin_until_ns = now_ns + IIO_SIM_SPIN_NS;
	}

	iio_sim_transfer_complete(dma, desc, now_ns);

	return IIO_SIM_NOW;
}

/**
 * iio_sim_dma_reset() - forget what the converter has converted
 * @dma: behind which the converter is
 * @scan_bytes: size of its scans from now on
 */
void iio_sim_dma_reset(struct iio_sim_dma *dma, u32 scan_bytes)
{
	spin_lock_irq(&dma->lock);
	iio_sim_stream_reset(&dma->stream, scan_bytes);
	dma->counters = (struct iio_sim_counters){};
	spin_unlock_irq(&dma->lock);
}

/**
 * iio_sim_dma_start() - have the converter convert
 * @dma: behind which the converter is
 *
 * Blocks submitted before begin with the first sample.
 */
void iio_sim_dma_start(struct iio_sim_dma *dma)
{
	spin_lock_irq(&dma->lock);
	iio_sim_stream_start(&dma->stream, ktime_get_ns());
	WRITE_ONCE(dma->starving, false);
	dma->running = true;
	spin_unlock_irq(&dma->lock);

	iio_sim_engine_kick();
}

/**
 * iio_sim_dma_stop() - have the converter convert no more
 * @dma: behind which the converter is
 */
void iio_sim_dma_stop(struct iio_sim_dma *dma)
{
	spin_lock_irq(&dma->lock);
	dma->running = false;
	spin_unlock_irq(&dma->lock);
}

/**
 * iio_sim_dma_set_rate() - change the converter's rate
 * @dma: behind which the stopped converter is
 * @rate_hz: scans per second, 0 for unpaced
 */
void iio_sim_dma_set_rate(struct iio_sim_dma *dma, u32 rate_hz)
{
	spin_lock_irq(&dma->lock);
	dma->stream.rate_hz = rate_hz;
	spin_unlock_irq(&dma->lock);
}

u32 iio_sim_dma_rate(struct iio_sim_dma *dma)
{
	return READ_ONCE(dma->stream.rate_hz);
}

/**
 * iio_sim_dma_counters() - tell what happened since the buffer was enabled
 * @dma: behind which the converter is
 *
 * Return: a copy, consistent in itself.
 */
struct iio_sim_counters iio_sim_dma_counters(struct iio_sim_dma *dma)
{
	struct iio_sim_counters counters;

	spin_lock_irq(&dma->lock);
	counters = dma->counters;
	spin_unlock_irq(&dma->lock);

	return counters;
}
