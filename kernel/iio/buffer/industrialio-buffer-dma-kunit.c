// SPDX-License-Identifier: GPL-2.0-only
/*
 * A DMA buffer without hardware, for the KUnit tests.
 *
 * The tests go through the functions that drivers and the IIO core use. There
 * is no file behind the buffer; its requests are asynchronous ones for pages
 * that belong to the test, as io_uring sends them for registered buffers.
 */

#include <linux/dma-mapping.h>
#include <linux/io_uring/cmd.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/uio.h>

#include <kunit/device.h>
#include <kunit/test.h>

#include <uapi/linux/iio/buffer.h>
#include <uapi/linux/io_uring.h>

#include "industrialio-buffer-dma-kunit.h"

static struct iio_dma_kunit *
iio_dma_queue_to_kunit(struct iio_dma_buffer_queue *queue)
{
	return container_of(queue, struct iio_dma_kunit, queue);
}

static int iio_dma_kunit_submit(struct iio_dma_buffer_queue *queue,
				struct iio_dma_buffer_block *block)
{
	struct iio_dma_kunit *fake = iio_dma_queue_to_kunit(queue);

	if (fake->submit_error)
		return fake->submit_error;

	guard(spinlock_irq)(&queue->list_lock);
	list_add_tail(&block->head, &fake->active);
	fake->num_submitted++;

	return 0;
}

static void iio_dma_kunit_abort_active(struct iio_dma_buffer_queue *queue)
{
	struct iio_dma_kunit *fake = iio_dma_queue_to_kunit(queue);

	iio_dma_buffer_block_list_abort(queue, &fake->active);
}

static const struct iio_dma_buffer_ops iio_dma_kunit_ops = {
	.submit = iio_dma_kunit_submit,
	.abort = iio_dma_kunit_abort_active,
};

static void iio_dma_kunit_release(struct iio_buffer *buffer)
{
	struct iio_dma_kunit *fake = container_of(buffer, struct iio_dma_kunit,
						  queue.buffer);

	iio_dma_buffer_release(&fake->queue);
	complete(&fake->released);
}

static const struct iio_buffer_access_funcs iio_dma_kunit_access = {
	.release = iio_dma_kunit_release,
};

static void iio_dma_kunit_complete(struct kiocb *iocb, long result)
{
	struct iio_dma_kunit_request *request =
		container_of(iocb, struct iio_dma_kunit_request, iocb);
	struct iio_dma_kunit *fake = iocb->private;

	request->result = result;
	request->completions++;
	request->turn = fake->num_completed++;
}

static void iio_dma_kunit_free_pages(void *pages)
{
	__free_pages(pages, compound_order(pages));
}

/* Contiguous, and given back when the test ends */
struct page *iio_dma_kunit_alloc_pages(struct kunit *test, unsigned int order)
{
	struct page *pages = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP,
					 order);

	KUNIT_ASSERT_NOT_NULL(test, pages);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, iio_dma_kunit_free_pages,
						  pages));

	return pages;
}

/* An input buffer that can do direct transfers and is not enabled */
int iio_dma_kunit_init(struct kunit *test)
{
	struct iio_dma_kunit *fake;
	struct device *dev;

	fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fake);
	dev = kunit_device_register(test, "controller");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);

	dev->dma_parms = &fake->dma_parms;
	dma_set_max_seg_size(dev, 2 * PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, 0,
			dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(64)));

	init_completion(&fake->released);
	INIT_LIST_HEAD(&fake->active);
	fake->pages = iio_dma_kunit_alloc_pages(test,
						ilog2(IIO_DMA_KUNIT_REQUESTS));

	iio_dma_buffer_init(&fake->queue, dev, &iio_dma_kunit_ops);
	fake->queue.buffer.access = &iio_dma_kunit_access;
	fake->queue.buffer.direction = IIO_BUFFER_DIRECTION_IN;
	iio_dma_buffer_set_bytes_per_datum(&fake->queue.buffer,
					   IIO_DMA_KUNIT_SCAN_BYTES);
	iio_dma_buffer_set_length(&fake->queue.buffer, 1024);
	iio_dma_buffer_allow_direct(&fake->queue, IIO_DMA_KUNIT_SCAN_BYTES);
	test->priv = fake;

	return 0;
}

/* Every block, and whatever else refers to the buffer, has to be gone */
void iio_dma_kunit_exit(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	if (!fake)
		return;

	iio_dma_kunit_disable(fake);
	iio_dma_buffer_exit(&fake->queue);
	iio_dma_buffer_last_closed(&fake->queue.buffer);
	iio_buffer_put(&fake->queue.buffer);

	KUNIT_EXPECT_NE(test, 0, wait_for_completion_timeout(&fake->released,
							     10 * HZ));
}

void iio_dma_kunit_enable(struct iio_dma_kunit *fake)
{
	iio_dma_buffer_enable(&fake->queue.buffer, NULL);
}

void iio_dma_kunit_disable(struct iio_dma_kunit *fake)
{
	iio_dma_buffer_disable(&fake->queue.buffer, NULL);
}

/* Returns what direct_io returns; -EIOCBQUEUED if the request is in flight */
int iio_dma_kunit_start(struct iio_dma_kunit *fake, unsigned int request,
			size_t len)
{
	struct iio_dma_kunit_request *req = &fake->requests[request];
	struct iov_iter iter;

	*req = (struct iio_dma_kunit_request) {
		.iocb.ki_complete = iio_dma_kunit_complete,
		.iocb.private = fake,
	};
	bvec_set_page(&req->bvec, nth_page(fake->pages, request), len, 0);
	iov_iter_bvec(&iter, ITER_DEST, &req->bvec, 1, len);

	return iio_dma_buffer_direct_io(&fake->queue.buffer, &req->iocb, &iter);
}

/* Sends IIO_BUFFER_CMD_ABORT */
void iio_dma_kunit_abort(struct iio_dma_kunit *fake)
{
	static const struct io_uring_sqe sqe = {};
	struct io_uring_cmd cmd = {
		.sqe = &sqe,
		.cmd_op = IIO_BUFFER_CMD_ABORT,
	};

	iio_dma_buffer_uring_cmd(&fake->queue.buffer, &cmd, 0);
}

unsigned int iio_dma_kunit_num_active(struct iio_dma_kunit *fake)
{
	return list_count_nodes(&fake->active);
}

/* The block that the DMA controller is at, NULL if it has none */
struct iio_dma_buffer_block *
iio_dma_kunit_first_active(struct iio_dma_kunit *fake)
{
	return list_first_entry_or_null(&fake->active,
					struct iio_dma_buffer_block, head);
}

/* Ends the transfer of the first block that the DMA controller has, if any */
void iio_dma_kunit_finish(struct iio_dma_kunit *fake, size_t residue, int error)
{
	struct iio_dma_buffer_block *block = iio_dma_kunit_first_active(fake);

	if (!block)
		return;

	scoped_guard(spinlock_irq, &fake->queue.list_lock)
		list_del(&block->head);
	block->bytes_used -= residue;
	block->error = error;
	iio_dma_buffer_block_done(block);
}

MODULE_DESCRIPTION("KUnit tests of the IIO DMA buffer");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(IIO_DMA_BUFFER);
