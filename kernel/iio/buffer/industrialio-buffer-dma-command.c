// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands that io_uring sends to the file of a DMA buffer, but the one
 * that enqueues a DMABUF, see include/uapi/linux/iio/buffer.h.
 *
 * A command that is in progress is cancelable, and from then on it must be
 * completed rather than returned from with an error. As io_uring can't cancel
 * reads and writes, its call to cancel a command is also the only word that
 * comes when these have lost their ring.
 */

#include <linux/io_uring/cmd.h>
#include <linux/uio.h>

#include <linux/iio/buffer-dma.h>
#include <uapi/linux/iio/buffer.h>

#include "industrialio-buffer-dma.h"

static void iio_dma_command_read(const struct io_uring_cmd *cmd,
				 struct iio_buffer_region *region)
{
	const struct iio_buffer_region *sqe_cmd = io_uring_sqe_cmd(cmd->sqe);

	region->addr = READ_ONCE(sqe_cmd->addr);
	region->len = READ_ONCE(sqe_cmd->len);
	region->flags = READ_ONCE(sqe_cmd->flags);
}

static int iio_dma_command_import(struct iio_dma_buffer_queue *queue,
				  struct io_uring_cmd *cmd,
				  const struct iio_buffer_region *region,
				  struct iov_iter *iter)
{
	int dir = iio_dma_buffer_dir(queue) == DMA_FROM_DEVICE ? ITER_DEST :
								 ITER_SOURCE;

	if (!region->len || !(cmd->flags & IORING_URING_CMD_FIXED))
		return -EINVAL;

	return io_uring_cmd_import_fixed(region->addr, region->len, dir, iter,
					 cmd);
}

static int iio_dma_command_attach(struct iio_dma_buffer_queue *queue,
				  struct io_uring_cmd *cmd,
				  unsigned int issue_flags)
{
	struct iio_buffer_region region;
	struct iov_iter iter;
	int ret;

	iio_dma_command_read(cmd, &region);
	if (region.flags)
		return -EINVAL;

	if (region.len) {
		ret = iio_dma_command_import(queue, cmd, &region, &iter);
		if (ret)
			return ret;
	} else if (region.addr) {
		return -EINVAL;
	}

	io_uring_cmd_mark_cancelable(cmd, issue_flags);

	ret = iio_dma_attachment_begin(queue, region.len ? &iter : NULL, cmd);
	if (ret)
		io_uring_cmd_done(cmd, ret, 0, issue_flags);

	return -EIOCBQUEUED;
}

static void iio_dma_command_complete(void *request, ssize_t result)
{
	iio_buffer_complete_cmd(request, result);
}

static int iio_dma_command_transfer(struct iio_dma_buffer_queue *queue,
				    struct io_uring_cmd *cmd,
				    unsigned int issue_flags)
{
	const struct iio_dma_requester requester = {
		.complete = iio_dma_command_complete,
		.request = cmd,
	};
	struct iio_buffer_region region;
	struct iov_iter iter;
	int ret;

	iio_dma_command_read(cmd, &region);
	if (region.flags & ~IIO_BUFFER_TRANSFER_CYCLIC)
		return -EINVAL;

	/* What has no end can't fill memory */
	if (region.flags && iio_dma_buffer_dir(queue) == DMA_FROM_DEVICE)
		return -EINVAL;

	ret = iio_dma_command_import(queue, cmd, &region, &iter);
	if (ret)
		return ret;

	io_uring_cmd_mark_cancelable(cmd, issue_flags);

	ret = iio_dma_direct_start(queue, &iter, &requester,
				   region.flags & IIO_BUFFER_TRANSFER_CYCLIC);
	if (ret)
		io_uring_cmd_done(cmd, ret, 0, issue_flags);

	return -EIOCBQUEUED;
}

static int iio_dma_command_abort(struct iio_dma_buffer_queue *queue,
				 struct io_uring_cmd *cmd)
{
	struct iio_buffer_region zero;

	iio_dma_command_read(cmd, &zero);
	if (zero.addr || zero.len || zero.flags)
		return -EINVAL;

	iio_dma_buffer_abort(queue);
	iio_dma_attachments_end(queue, -ECANCELED);

	return 0;
}

/* The DMA controller can't stop a single transfer */
static int iio_dma_command_cancel(struct iio_dma_buffer_queue *queue,
				  struct io_uring_cmd *cmd)
{
	iio_dma_buffer_abort(queue);
	if (cmd->cmd_op == IIO_BUFFER_CMD_ATTACH)
		iio_dma_attachment_cancel(queue, cmd);

	return 0;
}

/**
 * iio_dma_buffer_uring_cmd() - DMA buffer uring_cmd callback
 * @buffer: Buffer that the command is for
 * @cmd: The command
 * @issue_flags: How io_uring sends it
 *
 * Should be used as the uring_cmd callback for iio_buffer_access_ops struct
 * for DMA buffers.
 *
 * * IIO_BUFFER_CMD_ATTACH maps a registered buffer, or a part of it, and stays
 *   in progress until IIO_BUFFER_CMD_ABORT, the end of its task or ring
 *   (-ECANCELED), or the removal of the device (-ENODEV). Until then requests
 *   inside of it need no mapping. The end of the task or ring aborts all
 *   transfers of the buffer. A length of 0 attaches nothing and only does that.
 * * IIO_BUFFER_CMD_TRANSFER is a READ_FIXED or WRITE_FIXED that can be
 *   cancelled, which aborts all transfers of the buffer. A cyclic one is
 *   repeated until the next one is ready to replace it.
 * * IIO_BUFFER_CMD_ABORT ends everything that is queued, and all attachments,
 *   with -ECANCELED.
 *
 * Return: 0 if the command is complete, -EIOCBQUEUED if it is in progress. The
 * CQE of a transfer tells the number of bytes or an error, see
 * iio_dma_buffer_direct_io(). Errors:
 *
 * * -EINVAL - unknown flags, not a registered buffer, not aligned, cyclic
 *   input, or something where zero belongs
 * * -EFAULT - outside of the registered buffer
 * * -EOPNOTSUPP - no such command, no direct transfers with this DMA
 *   controller, or it can't repeat a transfer
 */
int iio_dma_buffer_uring_cmd(struct iio_buffer *buffer,
			     struct io_uring_cmd *cmd,
			     unsigned int issue_flags)
{
	struct iio_dma_buffer_queue *queue = iio_buffer_to_queue(buffer);

	if (issue_flags & IO_URING_F_CANCEL)
		return iio_dma_command_cancel(queue, cmd);

	if (!buffer->can_direct && cmd->cmd_op != IIO_BUFFER_CMD_ABORT)
		return -EOPNOTSUPP;

	switch (cmd->cmd_op) {
	case IIO_BUFFER_CMD_ATTACH:
		return iio_dma_command_attach(queue, cmd, issue_flags);
	case IIO_BUFFER_CMD_TRANSFER:
		return iio_dma_command_transfer(queue, cmd, issue_flags);
	case IIO_BUFFER_CMD_ABORT:
		return iio_dma_command_abort(queue, cmd);
	default:
		return -EOPNOTSUPP;
	}
}
EXPORT_SYMBOL_NS_GPL(iio_dma_buffer_uring_cmd, IIO_DMA_BUFFER);
