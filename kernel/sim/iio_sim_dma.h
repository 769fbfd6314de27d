/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IIO_SIM_DMA_H
#define IIO_SIM_DMA_H

#include <linux/dmaengine.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "iio_sim_config.h"
#include "iio_sim_engine.h"
#include "iio_sim_stream.h"

struct iio_sim_desc;
struct iio_sim_fill;
struct iio_sim_instance;
struct iio_sim_line;

/**
 * struct iio_sim_dma - DMA controller with one channel, and the converter behind it
 * @device: towards dmaengine
 * @chan: its only channel
 * @map: tells dmaengine who may have the channel
 * @job: the engine's side
 * @instance: to which it belongs
 * @faults: faults on demand of the instance
 * @fill: what is done with the samples, NULL for nothing
 * @line: on which it plays or from which it records, NULL if there is none
 * @peer: whose line that is, referenced; NULL if it is that of @instance
 * @direction: the only one that the channel can do
 * @length_align: what the length of a transfer is a multiple of
 * @lock: protects all that follows
 * @free: descriptors to be used again
 * @prepared: descriptors that the client has not submitted yet
 * @submitted: descriptors waiting for issue_pending
 * @issued: descriptors waiting for the engine
 * @active: descriptor in the hands of the engine. Only the engine changes this,
 *	and it forgets a descriptor only after the callback
 * @running: whether samples are converted
 * @starving: whether the engine waits for a descriptor, and so needs a kick
 * @stream: position in the samples
 * @counters: what happened since the buffer was enabled
 * @spin_until_ns: until then an unpaced converter looks out for a block, local_clock()
 */
struct iio_sim_dma {
	struct dma_device device;
	struct dma_chan chan;
	struct dma_slave_map map;
	struct iio_sim_job job;
	struct iio_sim_instance *instance;
	struct iio_sim_faults *faults;
	const struct iio_sim_fill *fill;
	struct iio_sim_line *line;
	struct iio_sim_instance *peer;
	enum dma_transfer_direction direction;
	u32 length_align;

	spinlock_t lock;	/* protects all that follows */
	struct list_head free;
	struct list_head prepared;
	struct list_head submitted;
	struct list_head issued;
	struct iio_sim_desc *active;
	bool running;
	bool starving;
	struct iio_sim_stream stream;
	struct iio_sim_counters counters;
	u64 spin_until_ns;
};

struct iio_sim_dma *iio_sim_dma_register(struct device *dev, struct iio_sim_instance *instance);
void iio_sim_dma_unregister(struct iio_sim_dma *dma);
const char *iio_sim_dma_channel_name(enum iio_sim_direction direction);

void iio_sim_dma_reset(struct iio_sim_dma *dma, u32 scan_bytes);
int iio_sim_dma_start(struct iio_sim_dma *dma);
void iio_sim_dma_stop(struct iio_sim_dma *dma);
void iio_sim_dma_set_rate(struct iio_sim_dma *dma, u32 rate_hz);
u32 iio_sim_dma_rate(struct iio_sim_dma *dma);
struct iio_sim_counters iio_sim_dma_counters(struct iio_sim_dma *dma);

u64 iio_sim_transfer_run(struct iio_sim_job *job);

#endif
