/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the source files of the IIO DMA buffer share.
 */

#ifndef __DRIVERS_IIO_BUFFER_INDUSTRIALIO_BUFFER_DMA_H__
#define __DRIVERS_IIO_BUFFER_INDUSTRIALIO_BUFFER_DMA_H__

#include <linux/container_of.h>
#include <linux/iio/buffer-dma.h>

static inline struct iio_dma_buffer_queue *
iio_buffer_to_queue(struct iio_buffer *buf)
{
	return container_of(buf, struct iio_dma_buffer_queue, buffer);
}

void iio_dma_buffer_init_block(struct iio_dma_buffer_queue *queue,
			       struct iio_dma_buffer_block *block, size_t size,
			       const struct iio_dma_buffer_block_ops *ops);
void iio_buffer_block_put(struct iio_dma_buffer_block *block);
void iio_dma_buffer_enqueue(struct iio_dma_buffer_queue *queue,
			    struct iio_dma_buffer_block *block);
int iio_dma_buffer_enter_direct(struct iio_dma_buffer_queue *queue);
void iio_dma_buffer_abort(struct iio_dma_buffer_queue *queue);

extern struct workqueue_struct *iio_dma_buffer_wq;
extern const struct iio_dma_buffer_block_ops iio_dma_direct_ops;

void iio_dma_direct_init(struct iio_dma_buffer_queue *queue);
bool iio_dma_direct_in_flight(struct iio_dma_buffer_queue *queue);
void iio_dma_direct_free_idle(struct iio_dma_buffer_queue *queue);

#endif
