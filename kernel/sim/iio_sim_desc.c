// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors of the simulated DMA controller. They are kept, with the memory
 * for their segments, and used again, so that a stream allocates nothing.
 */

#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "iio_sim_desc.h"
#include "iio_sim_dma.h"

static struct iio_sim_desc *iio_sim_desc_take_free(struct iio_sim_dma *dma)
{
	struct iio_sim_desc *desc;
	unsigned long flags;

	spin_lock_irqsave(&dma->lock, flags);
	desc = list_first_entry_or_null(&dma->free, struct iio_sim_desc, node);
	if (desc)
		list_move(&desc->node, &dma->prepared);
	spin_unlock_irqrestore(&dma->lock, flags);

	return desc;
}

static struct iio_sim_desc *iio_sim_desc_alloc(struct iio_sim_dma *dma)
{
	struct iio_sim_desc *desc;
	unsigned long flags;

	desc = kzalloc(sizeof(*desc), GFP_NOWAIT | __GFP_NOWARN);
	if (!desc)
		return NULL;

	dma_async_tx_descriptor_init(&desc->tx, &dma->chan);
	desc->segments = &desc->single;
	desc->max_segments = 1;

	spin_lock_irqsave(&dma->lock, flags);
	list_add(&desc->node, &dma->prepared);
	spin_unlock_irqrestore(&dma->lock, flags);

	return desc;
}

static void iio_sim_desc_put(struct iio_sim_dma *dma, struct iio_sim_desc *desc)
{
	unsigned long flags;

	spin_lock_irqsave(&dma->lock, flags);
	list_move(&desc->node, &dma->free);
	spin_unlock_irqrestore(&dma->lock, flags);
}

static void iio_sim_desc_free_segments(struct iio_sim_desc *desc)
{
	if (desc->segments != &desc->single)
		kfree(desc->segments);
}

static int iio_sim_desc_reserve(struct iio_sim_desc *desc, size_t num_segments)
{
	struct dma_vec *segments;

	if (num_segments <= desc->max_segments)
		return 0;

	num_segments = roundup_pow_of_two(num_segments);
	segments = kmalloc_array(num_segments, sizeof(*segments), GFP_NOWAIT | __GFP_NOWARN);
	if (!segments)
		return -ENOMEM;

	iio_sim_desc_free_segments(desc);
	desc->segments = segments;
	desc->max_segments = num_segments;

	return 0;
}

/**
 * iio_sim_desc_get() - take a descriptor for a new transfer
 * @dma: of the transfer
 * @num_segments: for which it has room
 *
 * Does not sleep. The descriptor belongs to the client until it is submitted.
 *
 * Return: the descriptor, NULL if memory is short.
 */
struct iio_sim_desc *iio_sim_desc_get(struct iio_sim_dma *dma, size_t num_segments)
{
	struct iio_sim_desc *desc;

	desc = iio_sim_desc_take_free(dma) ?: iio_sim_desc_alloc(dma);
	if (!desc)
		return NULL;

	if (iio_sim_desc_reserve(desc, num_segments)) {
		iio_sim_desc_put(dma, desc);
		return NULL;
	}

	desc->tx.callback = NULL;
	desc->tx.callback_result = NULL;
	desc->tx.callback_param = NULL;
	desc->num_segments = num_segments;
	desc->submitted_ns = 0;
	desc->begun = false;
	desc->failed = false;
	desc->terminated = false;

	return desc;
}

/**
 * iio_sim_desc_rewind() - have the data of a transfer moved from its beginning
 * @desc: of the transfer
 */
void iio_sim_desc_rewind(struct iio_sim_desc *desc)
{
	desc->moved = 0;
	desc->segment = 0;
	desc->segment_moved = 0;
}

/**
 * iio_sim_desc_segment() - find the segment in which to go on
 * @desc: of a transfer of which not everything was moved
 *
 * Return: the segment.
 */
const struct dma_vec *iio_sim_desc_segment(struct iio_sim_desc *desc)
{
	while (desc->segment_moved == desc->segments[desc->segment].len) {
		desc->segment_moved = 0;
		desc->segment++;
	}

	return &desc->segments[desc->segment];
}

u64 iio_sim_desc_len(const struct iio_sim_desc *desc)
{
	u64 len = 0;
	size_t i;

	for (i = 0; i < desc->num_segments; i++)
		len += desc->segments[i].len;

	return len;
}

/**
 * iio_sim_desc_free_all() - free all descriptors of a channel
 * @dma: that nobody uses any more
 */
void iio_sim_desc_free_all(struct iio_sim_dma *dma)
{
	struct iio_sim_desc *desc, *next;

	if (dma->active)
		list_add(&dma->active->node, &dma->free);
	dma->active = NULL;
	list_splice_init(&dma->prepared, &dma->free);
	list_splice_init(&dma->submitted, &dma->free);
	list_splice_init(&dma->issued, &dma->free);

	list_for_each_entry_safe(desc, next, &dma->free, node) {
		iio_sim_desc_free_segments(desc);
		kfree(desc);
	}
	INIT_LIST_HEAD(&dma->free);
}
