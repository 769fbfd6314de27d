// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads and writes of the buffer's file that are direct transfers: those of
 * io_uring and libaio, and those whose caller waits.
 */

#include <linux/aio.h>
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/sched/signal.h>
#include <linux/uio.h>
#include <linux/workqueue.h>

#include <linux/iio/buffer-dma.h>

#include "industrialio-buffer-dma.h"

/* For a caller that waits for its transfer, on its stack */
struct iio_dma_rw_waiter {
	struct completion done;
	ssize_t result;
};

void iio_dma_rw_abort_work(struct work_struct *work)
{
	struct iio_dma_buffer_queue *queue =
		container_of(work, struct iio_dma_buffer_queue,
			     direct.abort_work);

	iio_dma_buffer_abort(queue);
	iio_buffer_put(&queue->buffer);
}

/*
 * A process that exits waits for its libaio requests before it closes files.
 * Called with interrupts disabled, for a request that is not complete.
 */
static int iio_dma_rw_cancel_aio(struct kiocb *iocb)
{
	struct iio_dma_buffer_queue *queue = iocb->private;

	iio_buffer_get(&queue->buffer);
	if (!queue_work(iio_dma_buffer_wq, &queue->direct.abort_work))
		iio_buffer_put(&queue->buffer);

	return 0;
}

static void iio_dma_rw_set_cancel(struct iio_dma_buffer_queue *queue,
				  struct kiocb *iocb)
{
	if (!(iocb->ki_flags & IOCB_AIO_RW))
		return;

	iocb->private = queue;
	kiocb_set_cancel_fn(iocb, iio_dma_rw_cancel_aio);
}

static void iio_dma_rw_complete_iocb(void *request, ssize_t result)
{
	struct kiocb *iocb = request;

	iocb->ki_complete(iocb, result);
}

static void iio_dma_rw_complete_waiter(void *request, ssize_t result)
{
	struct iio_dma_rw_waiter *waiter = request;

	waiter->result = result;
	complete(&waiter->done);
}

static ssize_t iio_dma_rw_start_and_wait(struct iio_dma_buffer_queue *queue,
					 const struct iov_iter *iter)
{
	struct iio_dma_rw_waiter waiter = {
		.done = COMPLETION_INITIALIZER_ONSTACK(waiter.done),
	};
	const struct iio_dma_requester requester = {
		.complete = iio_dma_rw_complete_waiter,
		.request = &waiter,
	};
	int ret;

	ret = iio_dma_direct_start(queue, iter, &requester, false);
	if (ret)
		return ret;

	/* Single transfers can't be stopped, and the pages have to go back */
	if (wait_for_completion_killable(&waiter.done)) {
		iio_dma_buffer_abort(queue);
		wait_for_completion(&waiter.done);
	}

	return waiter.result;
}

/**
 * iio_dma_buffer_direct_io() - DMA buffer direct_io callback
 * @buffer: Buffer to transfer from or to
 * @iocb: The request
 * @iter: The memory, all of which is one block for the DMA controller
 *
 * Should be used as the direct_io callback for iio_buffer_access_ops struct
 * for DMA buffers.
 *
 * Blocks are transferred in the order of the requests, and complete in that
 * order unless pinned pages have to be dirtied first. Requests may be sent
 * before the buffer is enabled, in which case the first one gets the first
 * sample.
 *
 * READ_MULTISHOT is a synchronous request that must not wait, each time, and
 * poll() does not tell of direct transfers: io_uring finds nothing to do.
 *
 * Return: Number of bytes transferred; -EIOCBQUEUED if @iocb is asynchronous,
 * then it is completed with that number or an error. Errors:
 *
 * * -EAGAIN - a synchronous request must not wait, nothing has been queued
 * * -EBUSY - the buffer is in use by read(), write() or DMABUFs
 * * -EINVAL - the length is not a multiple of the scan size, or address or
 *   length of a piece is not a multiple of length_align_bytes; with a disabled
 *   buffer the scan size is not known, so that this is found out when it is
 *   enabled
 * * -EFAULT, -ENOMEM - the pages can't be pinned, or are more than
 *   RLIMIT_MEMLOCK allows
 * * -ENOBUFS - there are more requests in flight, or more bytes, than the
 *   buffer's direct_max_requests and direct_max_bytes allow
 * * -ECANCELED - the buffer has been disabled, or its transfers aborted
 * * -EIO - the DMA controller has failed
 * * -ENODEV - the device is gone
 */
ssize_t iio_dma_buffer_direct_io(struct iio_buffer *buffer, struct kiocb *iocb,
				 struct iov_iter *iter)
{
	struct iio_dma_buffer_queue *queue = iio_buffer_to_queue(buffer);
	const struct iio_dma_requester requester = {
		.complete = iio_dma_rw_complete_iocb,
		.request = iocb,
	};
	int ret;

	if (!iov_iter_count(iter))
		return 0;

	if (is_sync_kiocb(iocb)) {
		if (iocb->ki_flags & IOCB_NOWAIT ||
		    iocb->ki_filp->f_flags & O_NONBLOCK)
			return -EAGAIN;

		return iio_dma_rw_start_and_wait(queue, iter);
	}

	iio_dma_rw_set_cancel(queue, iocb);

	ret = iio_dma_direct_start(queue, iter, &requester, false);

	return ret ? ret : -EIOCBQUEUED;
}
EXPORT_SYMBOL_NS_GPL(iio_dma_buffer_direct_io, IIO_DMA_BUFFER);
