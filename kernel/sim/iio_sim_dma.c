// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated DMA controller as dmaengine sees it. What runs here runs at the
 * client's expense, so it does no more than hand over: the segments are copied
 * and nobody looks at them before the engine does.
 */

#include <linux/dma-mapping.h>
#include <linux/ktime.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "dmaengine.h"
#include "iio_sim_desc.h"
#include "iio_sim_dma.h"
#include "iio_sim_fill.h"
#include "iio_sim_instance.h"
#include "iio_sim_line.h"

static struct iio_sim_dma *to_iio_sim_dma(struct dma_chan *chan)
{
	return container_of(chan, struct iio_sim_dma, chan);
}

static struct iio_sim_desc *to_iio_sim_desc(struct dma_async_tx_descriptor *tx)
{
	return container_of(tx, struct iio_sim_desc, tx);
}

static dma_cookie_t iio_sim_dma_tx_submit(struct dma_async_tx_descriptor *tx)
{
	struct iio_sim_dma *dma = to_iio_sim_dma(tx->chan);
	struct iio_sim_desc *desc = to_iio_sim_desc(tx);
	dma_cookie_t cookie = -EBUSY;
	unsigned long flags;

	spin_lock_irqsave(&dma->lock, flags);
	if (atomic_dec_if_positive(&dma->faults->refuse_submits) >= 0) {
		list_move(&desc->node, &dma->free);
	} else {
		list_move_tail(&desc->node, &dma->submitted);
		cookie = dma_cookie_assign(tx);
	}
	spin_unlock_irqrestore(&dma->lock, flags);

	return cookie;
}

static struct iio_sim_desc *iio_sim_dma_prep(struct dma_chan *chan, size_t num_segments,
					     enum dma_transfer_direction direction,
					     unsigned long flags)
{
	struct iio_sim_dma *dma = to_iio_sim_dma(chan);
	struct iio_sim_desc *desc;

	if (!num_segments || direction != dma->direction)
		return NULL;

	desc = iio_sim_desc_get(dma, num_segments);
	if (!desc)
		return NULL;

	desc->tx.flags = flags;
	desc->tx.tx_submit = iio_sim_dma_tx_submit;

	return desc;
}

static struct dma_async_tx_descriptor *
iio_sim_dma_prep_peripheral_dma_vec(struct dma_chan *chan, const struct dma_vec *vecs,
				    size_t nents, enum dma_transfer_direction direction,
				    unsigned long flags)
{
	struct iio_sim_desc *desc;

	desc = iio_sim_dma_prep(chan, nents, direction, flags);
	if (!desc)
		return NULL;

	memcpy(desc->segments, vecs, array_size(nents, sizeof(*vecs)));

	return &desc->tx;
}

static struct dma_async_tx_descriptor *
iio_sim_dma_prep_slave_sg(struct dma_chan *chan, struct scatterlist *sgl, unsigned int sg_len,
			  enum dma_transfer_direction direction, unsigned long flags,
			  void *context)
{
	struct iio_sim_desc *desc;
	struct scatterlist *sg;
	unsigned int i;

	desc = iio_sim_dma_prep(chan, sg_len, direction, flags);
	if (!desc)
		return NULL;

	for_each_sg(sgl, sg, sg_len, i) {
		desc->segments[i].addr = sg_dma_address(sg);
		desc->segments[i].len = sg_dma_len(sg);
	}

	return &desc->tx;
}

/*
 * Only a block that ends a time without one needs to know when it came. While
 * completions are late, and until the engine has made up for a stall, every
 * block might turn out to be such a one.
 */
static bool iio_sim_dma_wants_timestamp(struct iio_sim_dma *dma)
{
	return dma->running && dma->stream.rate_hz &&
	       (dma->starving || atomic_read(&dma->faults->stall) ||
		atomic_read(&dma->faults->completion_delay_us) ||
		dma->stream.ended_ns < READ_ONCE(dma->faults->stall_ended_ns));
}

static void iio_sim_dma_issue_pending(struct dma_chan *chan)
{
	struct iio_sim_dma *dma = to_iio_sim_dma(chan);
	struct iio_sim_desc *desc;
	unsigned long flags;
	bool kick = false;
	u64 now_ns;

	spin_lock_irqsave(&dma->lock, flags);
	if (!list_empty(&dma->submitted)) {
		if (iio_sim_dma_wants_timestamp(dma)) {
			now_ns = ktime_get_ns();
			list_for_each_entry(desc, &dma->submitted, node)
				desc->submitted_ns = now_ns;
		}
		list_splice_tail_init(&dma->submitted, &dma->issued);
		kick = dma->starving;
		WRITE_ONCE(dma->starving, false);
	}
	spin_unlock_irqrestore(&dma->lock, flags);

	if (kick)
		iio_sim_engine_kick();
}

static enum dma_status iio_sim_dma_tx_status(struct dma_chan *chan, dma_cookie_t cookie,
					     struct dma_tx_state *state)
{
	struct iio_sim_dma *dma = to_iio_sim_dma(chan);
	struct iio_sim_desc *desc;
	enum dma_status status;
	unsigned long flags;

	status = dma_cookie_status(chan, cookie, state);
	if (status == DMA_COMPLETE || !state)
		return status;

	spin_lock_irqsave(&dma->lock, flags);
	if (dma->active && dma->active->tx.cookie == cookie)
		dma_set_residue(state, iio_sim_desc_len(dma->active));
	list_for_each_entry(desc, &dma->issued, node) {
		if (desc->tx.cookie == cookie)
			dma_set_residue(state, iio_sim_desc_len(desc));
	}
	spin_unlock_irqrestore(&dma->lock, flags);

	return status;
}

static int iio_sim_dma_terminate_all(struct dma_chan *chan)
{
	struct iio_sim_dma *dma = to_iio_sim_dma(chan);
	unsigned long flags;

	spin_lock_irqsave(&dma->lock, flags);
	list_splice_init(&dma->submitted, &dma->free);
	list_splice_init(&dma->issued, &dma->free);
	/* Whatever is issued from now on ends a time without a block */
	if (dma->active) {
		WRITE_ONCE(dma->active->terminated, true);
		WRITE_ONCE(dma->starving, true);
	}
	spin_unlock_irqrestore(&dma->lock, flags);

	return 0;
}

static void iio_sim_dma_synchronize(struct dma_chan *chan)
{
	iio_sim_engine_synchronize();
}

static int iio_sim_dma_alloc_chan_resources(struct dma_chan *chan)
{
	struct iio_sim_dma *dma = to_iio_sim_dma(chan);

	dma_cookie_init(chan);
	iio_sim_engine_add(&dma->job);

	return 0;
}

static void iio_sim_dma_free_chan_resources(struct dma_chan *chan)
{
	struct iio_sim_dma *dma = to_iio_sim_dma(chan);

	iio_sim_engine_remove(&dma->job);

	iio_sim_desc_free_all(dma);
}

/* A foreign client may hold the channel longer than the device exists */
static void iio_sim_dma_release(struct dma_device *device)
{
	struct iio_sim_dma *dma = container_of(device, struct iio_sim_dma, device);

	iio_sim_instance_put(dma->instance);
	kfree(dma);
}

/**
 * iio_sim_dma_channel_name() - name of the channel a converter asks for
 * @direction: of the converter
 *
 * Return: the name.
 */
const char *iio_sim_dma_channel_name(enum iio_sim_direction direction)
{
	return direction == IIO_SIM_OUT ? "tx" : "rx";
}

static void iio_sim_dma_init_device(struct iio_sim_dma *dma, struct device *dev)
{
	struct dma_device *device = &dma->device;

	dma_cap_set(DMA_SLAVE, device->cap_mask);
	dma_cap_set(DMA_PRIVATE, device->cap_mask);
	dma_cap_set(DMA_REPEAT, device->cap_mask);
	dma_cap_set(DMA_LOAD_EOT, device->cap_mask);

	device->dev = dev;
	device->directions = BIT(dma->direction);
	device->src_addr_widths = BIT(dma->length_align);
	device->dst_addr_widths = BIT(dma->length_align);
	device->residue_granularity = DMA_RESIDUE_GRANULARITY_DESCRIPTOR;
	device->filter.map = &dma->map;
	device->filter.mapcnt = 1;

	device->device_alloc_chan_resources = iio_sim_dma_alloc_chan_resources;
	device->device_free_chan_resources = iio_sim_dma_free_chan_resources;
	device->device_prep_peripheral_dma_vec = iio_sim_dma_prep_peripheral_dma_vec;
	device->device_prep_slave_sg = iio_sim_dma_prep_slave_sg;
	device->device_issue_pending = iio_sim_dma_issue_pending;
	device->device_tx_status = iio_sim_dma_tx_status;
	device->device_terminate_all = iio_sim_dma_terminate_all;
	device->device_synchronize = iio_sim_dma_synchronize;
	device->device_release = iio_sim_dma_release;

	INIT_LIST_HEAD(&device->channels);
	dma->chan.device = device;
	list_add_tail(&dma->chan.device_node, &device->channels);
}

/**
 * iio_sim_dma_register() - create the DMA controller of an instance
 * @dev: does the DMA, and is the one that may request the channel
 * @instance: configuration and faults; referenced until the controller is gone
 *
 * Return: the controller, or an error pointer.
 */
struct iio_sim_dma *iio_sim_dma_register(struct device *dev, struct iio_sim_instance *instance)
{
	const struct iio_sim_config *config = &instance->config;
	struct iio_sim_dma *dma;
	int ret;

	ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64));
	if (ret)
		return ERR_PTR(ret);
	dma_set_max_seg_size(dev, config->max_segment_bytes);

	dma = kzalloc(sizeof(*dma), GFP_KERNEL);
	if (!dma)
		return ERR_PTR(-ENOMEM);

	dma->instance = iio_sim_instance_get(instance);
	dma->faults = &instance->faults;
	dma->job.run = iio_sim_transfer_run;
	dma->length_align = config->length_align_bytes;
	dma->stream.rate_hz = config->rate_hz;
	if (config->direction == IIO_SIM_OUT) {
		dma->direction = DMA_MEM_TO_DEV;
		dma->fill = iio_sim_fill_get_player();
	} else {
		dma->direction = DMA_DEV_TO_MEM;
		dma->fill = iio_sim_fill_get(config->fill);
	}
	dma->map.devname = dev_name(dev);
	dma->map.slave = iio_sim_dma_channel_name(config->direction);
	spin_lock_init(&dma->lock);
	INIT_LIST_HEAD(&dma->free);
	INIT_LIST_HEAD(&dma->prepared);
	INIT_LIST_HEAD(&dma->submitted);
	INIT_LIST_HEAD(&dma->issued);
	iio_sim_dma_init_device(dma, dev);

	ret = iio_sim_line_connect(dma);
	if (ret)
		goto err_release;

	ret = dma_async_device_register(&dma->device);
	if (ret)
		goto err_disconnect;

	return dma;

err_disconnect:
	iio_sim_line_disconnect(dma);
err_release:
	iio_sim_dma_release(&dma->device);
	return ERR_PTR(ret);
}

/**
 * iio_sim_dma_unregister() - remove the DMA controller of an instance
 * @dma: to remove; freed when nobody holds its channel any more
 */
void iio_sim_dma_unregister(struct iio_sim_dma *dma)
{
	iio_sim_line_disconnect(dma);
	dma_async_device_unregister(&dma->device);
}
