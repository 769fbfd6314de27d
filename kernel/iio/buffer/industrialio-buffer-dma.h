/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the source files of the IIO DMA buffer share.
 */

#ifndef __DRIVERS_IIO_BUFFER_INDUSTRIALIO_BUFFER_DMA_H__
#define __DRIVERS_IIO_BUFFER_INDUSTRIALIO_BUFFER_DMA_H__

#include <linux/container_of.h>
#include <linux/dma-direction.h>
#include <linux/iio/buffer-dma.h>

struct iov_iter;

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

static inline enum dma_data_direction
iio_dma_buffer_dir(const struct iio_dma_buffer_queue *queue)
{
	if (queue->buffer.direction == IIO_BUFFER_DIRECTION_IN)
		return DMA_FROM_DEVICE;

	return DMA_TO_DEVICE;
}

/**
 * struct iio_dma_requester - Who asks for a direct transfer
 * @complete: Tells the number of bytes transferred or an error, in any context
 * @request: What @complete gets
 */
struct iio_dma_requester {
	void (*complete)(void *request, ssize_t result);
	void *request;
};

extern struct workqueue_struct *iio_dma_buffer_wq;
extern const struct iio_dma_buffer_block_ops iio_dma_direct_ops;

void iio_dma_direct_init(struct iio_dma_buffer_queue *queue);
bool iio_dma_direct_in_flight(struct iio_dma_buffer_queue *queue);
void iio_dma_direct_free_idle(struct iio_dma_buffer_queue *queue);
int iio_dma_direct_start(struct iio_dma_buffer_queue *queue,
			 const struct iov_iter *iter,
			 const struct iio_dma_requester *requester,
			 bool cyclic);

void iio_dma_rw_abort_work(struct work_struct *work);

struct iio_dma_attachment;
struct iio_dma_pages;

int iio_dma_attachment_begin(struct iio_dma_buffer_queue *queue,
			     const struct iov_iter *iter,
			     struct io_uring_cmd *cmd);
bool iio_dma_attachment_cancel(struct iio_dma_buffer_queue *queue,
			       struct io_uring_cmd *cmd);
void iio_dma_attachments_end(struct iio_dma_buffer_queue *queue, int error);

struct iio_dma_attachment *
iio_dma_attachment_find(struct iio_dma_buffer_queue *queue,
			const struct iov_iter *iter, size_t *position);
int iio_dma_attachment_use(struct iio_dma_attachment *attachment,
			   size_t position, size_t len,
			   struct iio_dma_pages *room,
			   struct iio_dma_buffer_block *block);
void iio_dma_attachment_done(struct iio_dma_attachment *attachment,
			     struct iio_dma_buffer_block *block);

void iio_dma_watch_init(struct iio_dma_buffer_queue *queue);
void iio_dma_watch_exit(struct iio_dma_buffer_queue *queue);
void iio_dma_watch_current(struct iio_dma_buffer_queue *queue);

#endif
