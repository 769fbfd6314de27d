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
#include "iio_sim_line.h"

/* So long a paced converter that is due waits for the other end of its line at a time */
#define IIO_SIM_RETRY_NS	(100 * NSEC_PER_USEC)

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

/* Within a page and a segment. Returns the number of bytes moved, or a negative error code */
static ssize_t iio_sim_transfer_move_piece(struct iio_sim_dma *dma, struct iio_sim_desc *desc,
					   struct iommu_domain *domain)
{
	const struct dma_vec *segment = iio_sim_desc_segment(desc);
	dma_addr_t addr = segment->addr + desc->segment_moved;
	struct page *page = iio_sim_dma_page(domain, addr);
	size_t len = min3(segment->len - desc->segment_moved, PAGE_SIZE - offset_in_page(addr),
			  desc->len - desc->residue - desc->moved);
	void *memory;

	if (!page)
		return -EFAULT;

	memory = kmap_local_page(page);
	len = dma->fill->move(dma, memory + offset_in_page(addr), len,
			      dma->stream.position + desc->moved);
	kunmap_local(memory);

	desc->moved += len;
	desc->segment_moved += len;

	return len;
}

static bool iio_sim_transfer_is_moved(const struct iio_sim_desc *desc)
{
	return desc->moved >= desc->len - desc->residue;
}

static void iio_sim_transfer_fail(struct iio_sim_desc *desc)
{
	desc->failed = true;
	desc->residue = desc->len;
}

/* Whether nobody cares for the samples */
static bool iio_sim_transfer_is_idle(const struct iio_sim_dma *dma)
{
	if (!dma->fill || !dma->fill->move)
		return true;

	return dma->direction == DMA_MEM_TO_DEV && !iio_sim_line_is_heard(dma->line);
}

/* What can be moved now */
static void iio_sim_transfer_move(struct iio_sim_dma *dma, struct iio_sim_desc *desc)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dma->device.dev);
	ssize_t moved = 1;

	if (iio_sim_transfer_is_idle(dma))
		desc->moved = desc->len - desc->residue;

	/* The client that terminates a transfer waits for this loop */
	while (moved > 0 && !iio_sim_transfer_is_moved(desc) && !READ_ONCE(desc->terminated))
		moved = iio_sim_transfer_move_piece(dma, desc, domain);

	if (moved < 0)
		iio_sim_transfer_fail(desc);
}

static void iio_sim_transfer_take_faults(struct iio_sim_dma *dma, struct iio_sim_desc *desc)
{
	if (desc->failed)
		return;

	if (atomic_dec_if_positive(&dma->faults->fail_transfers) >= 0)
		iio_sim_transfer_fail(desc);
	else if (!desc->residue)
		desc->residue = min_t(u64, desc->len,
				      atomic_xchg(&dma->faults->short_transfer_bytes, 0));
}

static void iio_sim_transfer_begin(struct iio_sim_dma *dma, struct iio_sim_desc *desc)
{
	iio_sim_desc_rewind(desc);
	desc->len = iio_sim_desc_len(desc);
	desc->due_ns = iio_sim_stream_due(&dma->stream, desc->len);
	desc->over_ns = desc->due_ns;
	desc->residue = 0;
	desc->begun = true;

	if (!desc->len || desc->len % dma->length_align)
		iio_sim_transfer_fail(desc);
	/* The other end of a line sees what is not transferred; a cyclic block may go on */
	if (dma->line && !(desc->tx.flags & DMA_PREP_REPEAT))
		iio_sim_transfer_take_faults(dma, desc);
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

	iio_sim_transfer_take_faults(dma, desc);
	if (desc->failed)
		result.result = dma->direction == DMA_DEV_TO_MEM ? DMA_TRANS_READ_FAILED :
								   DMA_TRANS_WRITE_FAILED;
	result.residue = desc->residue;

	return result;
}

/* What was not transferred is lost to a converter that keeps time; any other one waits */
static void iio_sim_transfer_account(struct iio_sim_dma *dma, struct iio_sim_desc *desc,
				     u64 now_ns)
{
	struct iio_sim_stream *stream = &dma->stream;
	u64 transferred = stream->position + desc->len - desc->residue;
	u64 end = stream->rate_hz ? stream->position + desc->len : transferred;
	u64 first_scan = iio_sim_stream_scans(stream, stream->position);
	u64 transferred_scan = iio_sim_stream_scans(stream, transferred);

	/* What an ADC has taken off its line does not come again */
	if (dma->line && dma->direction == DMA_DEV_TO_MEM)
		end = max(end, stream->position + desc->moved);

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
	iio_sim_transfer_account(dma, desc, now_ns);
	spin_unlock_irq(&dma->lock);

	/* As from the tasklet in which most DMA drivers call back */
	local_bh_disable();
	called_ns = local_clock();
	if (last || desc->tx.flags & DMA_PREP_INTERRUPT)
		dmaengine_desc_get_callback_invoke(&desc->tx, &result);
	returned_ns = local_clock();
	local_bh_enable();

	spin_lock_irq(&dma->lock);
	desc->begun = false;
	if (last) {
		list_add(&desc->node, &dma->free);
		dma->active = NULL;
	}
	spin_unlock_irq(&dma->lock);

	iio_sim_engine_charge(called_ns - started_ns, returned_ns - called_ns);
}

/* When to look again for what the other end of the line does */
static u64 iio_sim_transfer_retry(const struct iio_sim_desc *desc)
{
	if (!desc->due_ns)
		return IIO_SIM_NEVER;

	return max(desc->due_ns, ktime_get_ns() + IIO_SIM_RETRY_NS);
}

/* So much later than it is over, a transfer is completed */
static u64 iio_sim_transfer_delay(struct iio_sim_dma *dma, struct iio_sim_desc *desc)
{
	u64 delay_us = atomic_read(&dma->faults->completion_delay_us);

	if (delay_us && !desc->over_ns)
		desc->over_ns = ktime_get_ns();

	return delay_us * NSEC_PER_USEC;
}

/* Goes on with a transfer. Returns when to do so again, apart from what the other end needs */
static u64 iio_sim_transfer_proceed(struct iio_sim_dma *dma, struct iio_sim_desc *desc)
{
	u64 started_ns = local_clock(), delay_ns, now_ns = 0;

	if (!desc->begun)
		iio_sim_transfer_begin(dma, desc);
	if (!iio_sim_transfer_is_moved(desc)) {
		iio_sim_transfer_move(dma, desc);
		iio_sim_engine_charge(local_clock() - started_ns, 0);
	}

	if (!READ_ONCE(dma->running) || atomic_read_acquire(&dma->faults->stall))
		return IIO_SIM_NEVER;
	if (!iio_sim_transfer_is_moved(desc))
		return iio_sim_transfer_retry(desc);

	delay_ns = iio_sim_transfer_delay(dma, desc);
	if (desc->over_ns) {
		now_ns = ktime_get_ns();
		if (now_ns < desc->over_ns + delay_ns)
			return desc->over_ns + delay_ns;
	}
	if (!desc->due_ns)
		dma->spin_until_ns = started_ns + IIO_SIM_SPIN_NS;

	/* The converter does not wait for the client to be told */
	iio_sim_transfer_complete(dma, desc, now_ns - delay_ns);

	return IIO_SIM_NOW;
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
	u64 next;

	if (!desc)
		return local_clock() < dma->spin_until_ns ? IIO_SIM_NOW : IIO_SIM_NEVER;

	next = iio_sim_transfer_proceed(dma, desc);
	if (dma->line && iio_sim_line_has_changed(dma->line))
		return IIO_SIM_NOW;

	return next;
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
 *
 * Return: 0, -EINVAL if the other end of its line does something else.
 */
int iio_sim_dma_start(struct iio_sim_dma *dma)
{
	int ret;

	iio_sim_engine_pause();
	ret = iio_sim_line_check(dma);
	if (!ret) {
		spin_lock_irq(&dma->lock);
		iio_sim_stream_start(&dma->stream, ktime_get_ns());
		WRITE_ONCE(dma->starving, false);
		WRITE_ONCE(dma->running, true);
		spin_unlock_irq(&dma->lock);
		iio_sim_line_start(dma);
	}
	iio_sim_engine_resume();
	iio_sim_engine_kick();

	return ret;
}

/**
 * iio_sim_dma_stop() - have the converter convert no more
 * @dma: behind which the converter is
 */
void iio_sim_dma_stop(struct iio_sim_dma *dma)
{
	spin_lock_irq(&dma->lock);
	WRITE_ONCE(dma->running, false);
	spin_unlock_irq(&dma->lock);

	/* Whoever waited for it at the other end of its line goes on without it */
	iio_sim_engine_synchronize();
	iio_sim_engine_kick();
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
