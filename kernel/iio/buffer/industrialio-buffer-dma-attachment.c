// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attachments: buffers that are registered with io_uring and stay mapped for
 * the device, so that the transfers into or out of them need no mapping each.
 *
 * An attachment is a command that stays in progress. As long as it does,
 * io_uring keeps the buffer with its array of bvecs. A request that points into
 * that array is for this buffer and no other one, whatever ring it comes from.
 */

#include <linux/bvec.h>
#include <linux/cleanup.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/io_uring/cmd.h>
#include <linux/kref.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include <linux/iio/buffer-dma.h>

#include "industrialio-buffer-dma.h"
#include "industrialio-buffer-dma-pages.h"

/**
 * struct iio_dma_attachment - A registered buffer, mapped for the device
 * @entry: Entry in the queue's list of attachments, until it has ended
 * @ref: One for the list, and one for each transfer
 * @rcu: Who looks for an attachment may still see it when it is gone
 * @queue: The queue
 * @cmd: Command that completes when the buffer is not mapped any more
 * @error: What @cmd completes with
 * @bvecs: Where the buffer's memory is, in the array of io_uring
 * @num_bvecs: Number of @bvecs that belong to the attachment
 * @first_len: Length of the first bvec in bytes
 * @bvec_len: Length of those between the first and the last
 * @skip: Where the attachment begins in the first bvec, in bytes
 * @len: Length in bytes, 0 for a guard that attaches nothing
 * @pages: The memory
 * @num_vecs: Number of DMA addresses in @pages
 * @ends: Where each of them ends, in bytes from the start
 * @need_sync: Whether the CPU and the device don't see the same by themselves
 */
struct iio_dma_attachment {
	struct list_head entry;
	struct kref ref;
	struct rcu_head rcu;
	struct iio_dma_buffer_queue *queue;
	struct io_uring_cmd *cmd;
	int error;

	const struct bio_vec *bvecs;
	unsigned int num_bvecs;
	size_t first_len;
	size_t bvec_len;
	size_t skip;
	size_t len;

	struct iio_dma_pages pages;
	unsigned int num_vecs;
	size_t *ends;
	bool need_sync;
};

static void iio_dma_attachment_free(struct iio_dma_attachment *attachment)
{
	iio_dma_pages_put(&attachment->pages);
	iio_dma_pages_free(&attachment->pages);
	kvfree(attachment->ends);
	kfree_rcu(attachment, rcu);
}

/* In whatever context the last transfer has ended */
static void iio_dma_attachment_release(struct kref *ref)
{
	struct iio_dma_attachment *attachment =
		container_of(ref, struct iio_dma_attachment, ref);
	struct iio_dma_buffer_queue *queue = attachment->queue;
	struct io_uring_cmd *cmd = attachment->cmd;
	int error = attachment->error;

	/* Each transfer has been synchronised, and the rest is the CPU's */
	if (attachment->len)
		iio_dma_pages_unmap(&attachment->pages, queue->dev,
				    iio_dma_buffer_dir(queue),
				    DMA_ATTR_SKIP_CPU_SYNC);
	iio_dma_attachment_free(attachment);

	/* Last, for the pages are those of the command's buffer */
	iio_buffer_complete_cmd(cmd, error);
}

static void iio_dma_attachment_put(struct iio_dma_attachment *attachment)
{
	kref_put(&attachment->ref, iio_dma_attachment_release);
}

/* All bvecs of a registered buffer have one length, but the first and the last */
static bool iio_dma_attachment_is_even(const struct iio_dma_attachment *attachment)
{
	unsigned int i;

	for (i = 1; i + 1 < attachment->num_bvecs; i++) {
		if (attachment->bvecs[i].bv_len != attachment->bvec_len)
			return false;
	}

	return true;
}

static int iio_dma_attachment_init(struct iio_dma_attachment *attachment,
				   const struct iov_iter *iter)
{
	size_t left = iov_iter_count(iter) + iter->iov_offset;
	const struct bio_vec *bvec = iter->bvec;

	attachment->bvecs = iter->bvec;
	attachment->skip = iter->iov_offset;
	attachment->len = iov_iter_count(iter);

	for (; left; bvec++)
		left -= min(left, bvec->bv_len);
	attachment->num_bvecs = bvec - iter->bvec;
	attachment->first_len = iter->bvec[0].bv_len;
	if (attachment->num_bvecs > 1)
		attachment->bvec_len = iter->bvec[1].bv_len;

	return iio_dma_attachment_is_even(attachment) ? 0 : -EINVAL;
}

static int iio_dma_attachment_map(struct iio_dma_attachment *attachment,
				  const struct iov_iter *iter)
{
	struct iio_dma_buffer_queue *queue = attachment->queue;
	enum dma_data_direction dir = iio_dma_buffer_dir(queue);
	const struct iio_dma_pages_limits limits = {
		.align = queue->direct.align,
		.max_len = queue->direct.max_segment,
		.write = dir == DMA_FROM_DEVICE,
	};
	struct iio_dma_pages *pages = &attachment->pages;
	size_t end = 0;
	unsigned int i;
	int ret;

	ret = iio_dma_pages_get(pages, iter, &limits);
	if (ret)
		return ret;

	/* Mapping may make fewer entries of them, never more */
	attachment->ends = kvmalloc_array(pages->sgt.orig_nents,
					  sizeof(*attachment->ends),
					  GFP_KERNEL);
	if (!attachment->ends)
		return -ENOMEM;

	ret = iio_dma_pages_map(pages, queue->dev, dir);
	if (ret)
		return ret;

	attachment->num_vecs = pages->sgt.nents;
	for (i = 0; i < attachment->num_vecs; i++)
		attachment->need_sync |= dma_need_sync(queue->dev,
						       pages->vecs[i].addr);
	if (attachment->need_sync)
		attachment->num_vecs = iio_dma_pages_split(pages);

	for (i = 0; i < attachment->num_vecs; i++) {
		end += pages->vecs[i].len;
		attachment->ends[i] = end;
	}

	return 0;
}

/**
 * iio_dma_attachment_begin() - Attach a registered buffer
 * @queue: To which it is attached
 * @iter: The buffer, or the part of it that is to be mapped; NULL for none,
 *   then the command only guards its ring
 * @cmd: Command that will complete when the attachment has ended
 *
 * Return: 0, then @cmd may be complete already. Or an error:
 *
 * * -EINVAL - the memory is not aligned, or not made of pieces of one size
 * * -ENOMEM - out of memory
 * * -ENODEV - the device is gone
 */
int iio_dma_attachment_begin(struct iio_dma_buffer_queue *queue,
			     const struct iov_iter *iter,
			     struct io_uring_cmd *cmd)
{
	struct iio_dma_attachment *attachment;
	int ret = 0;

	/* The device stays until the attachment is in the list */
	guard(rwsem_read)(&queue->direct.removal);

	if (!queue->ops)
		return -ENODEV;

	attachment = kzalloc(sizeof(*attachment), GFP_KERNEL);
	if (!attachment)
		return -ENOMEM;

	kref_init(&attachment->ref);
	attachment->queue = queue;
	attachment->cmd = cmd;

	if (iter)
		ret = iio_dma_attachment_init(attachment, iter);
	if (iter && !ret)
		ret = iio_dma_attachment_map(attachment, iter);
	if (ret) {
		iio_dma_attachment_free(attachment);
		return ret;
	}

	guard(spinlock_irq)(&queue->list_lock);
	list_add_rcu(&attachment->entry, &queue->direct.attachments);

	return 0;
}

/* Each attachment ends once */
static struct iio_dma_attachment *
iio_dma_attachment_take(struct iio_dma_buffer_queue *queue,
			const struct io_uring_cmd *cmd)
{
	struct iio_dma_attachment *attachment;

	guard(spinlock_irq)(&queue->list_lock);

	list_for_each_entry(attachment, &queue->direct.attachments, entry) {
		if (!cmd || attachment->cmd == cmd) {
			list_del_rcu(&attachment->entry);
			return attachment;
		}
	}

	return NULL;
}

/**
 * iio_dma_attachment_cancel() - End the attachment of a command
 * @queue: To which it is attached
 * @cmd: The command, which completes with -ECANCELED once the transfers that
 *   use the attachment are over
 *
 * Return: Whether the attachment was there, and had not ended before.
 */
bool iio_dma_attachment_cancel(struct iio_dma_buffer_queue *queue,
			       struct io_uring_cmd *cmd)
{
	struct iio_dma_attachment *attachment;

	attachment = iio_dma_attachment_take(queue, cmd);
	if (!attachment)
		return false;

	attachment->error = -ECANCELED;
	iio_dma_attachment_put(attachment);

	return true;
}

/**
 * iio_dma_attachments_end() - End all attachments
 * @queue: To which they are attached
 * @error: What their commands complete with, once the transfers that use them
 *   are over
 */
void iio_dma_attachments_end(struct iio_dma_buffer_queue *queue, int error)
{
	struct iio_dma_attachment *attachment;

	while ((attachment = iio_dma_attachment_take(queue, NULL))) {
		attachment->error = error;
		iio_dma_attachment_put(attachment);
	}
}

/*
 * Where a request that points to the array of bvecs begins, if it is inside. As
 * the attachment may have ended, its bvecs may be gone.
 */
static bool iio_dma_attachment_has(const struct iio_dma_attachment *attachment,
				   const struct iov_iter *iter,
				   size_t *position)
{
	size_t len = iov_iter_count(iter);
	size_t offset = iter->iov_offset;
	size_t index;

	if (iter->bvec < attachment->bvecs ||
	    iter->bvec >= attachment->bvecs + attachment->num_bvecs)
		return false;

	index = iter->bvec - attachment->bvecs;
	if (index)
		offset += attachment->first_len +
			  (index - 1) * attachment->bvec_len;

	if (offset < attachment->skip)
		return false;

	*position = offset - attachment->skip;

	return *position < attachment->len &&
	       len <= attachment->len - *position;
}

/**
 * iio_dma_attachment_find() - Find the attachment that a request is for
 * @queue: Of the request
 * @iter: The memory of the request, which is bvecs
 * @position: Where the request begins, in bytes from the start of the
 *   attachment
 *
 * Return: The attachment, which the caller has to be done with, or NULL.
 */
struct iio_dma_attachment *
iio_dma_attachment_find(struct iio_dma_buffer_queue *queue,
			const struct iov_iter *iter, size_t *position)
{
	struct iio_dma_attachment *attachment;

	guard(rcu)();

	list_for_each_entry_rcu(attachment, &queue->direct.attachments, entry) {
		if (iio_dma_attachment_has(attachment, iter, position) &&
		    kref_get_unless_zero(&attachment->ref))
			return attachment;
	}

	return NULL;
}

/* The first of the DMA addresses that ends behind a position */
static unsigned int
iio_dma_attachment_index(const struct iio_dma_attachment *attachment,
			 size_t position)
{
	unsigned int first = 0, last = attachment->num_vecs - 1;

	while (first < last) {
		unsigned int middle = first + (last - first) / 2;

		if (attachment->ends[middle] > position)
			last = middle;
		else
			first = middle + 1;
	}

	return first;
}

static void iio_dma_attachment_sync(const struct iio_dma_buffer_block *block,
				    bool for_cpu)
{
	enum dma_data_direction dir = iio_dma_buffer_dir(block->queue);
	struct device *dev = block->queue->dev;
	unsigned int i;

	for (i = 0; i < block->num_vecs; i++) {
		dma_addr_t addr = block->vecs[i].addr;
		size_t len = block->vecs[i].len;

		if (for_cpu)
			dma_sync_single_for_cpu(dev, addr, len, dir);
		else
			dma_sync_single_for_device(dev, addr, len, dir);
	}
}

/**
 * iio_dma_attachment_use() - Make a block of a part of an attachment
 * @attachment: The attachment
 * @position: Where the part begins, in bytes from the start
 * @len: Its length in bytes
 * @room: For the DMA addresses, if those of the attachment do not begin and end
 *   where the part does
 * @block: Gets the DMA addresses
 *
 * Return: 0, -EINVAL if the part is not aligned, or -ENOMEM.
 */
int iio_dma_attachment_use(struct iio_dma_attachment *attachment,
			   size_t position, size_t len,
			   struct iio_dma_pages *room,
			   struct iio_dma_buffer_block *block)
{
	unsigned int first = iio_dma_attachment_index(attachment, position);
	unsigned int last = iio_dma_attachment_index(attachment,
						     position + len - 1);
	const struct dma_vec *vecs = &attachment->pages.vecs[first];
	size_t begin = first ? attachment->ends[first - 1] : 0;
	size_t end = attachment->ends[last];
	int ret;

	if ((position | len) & (attachment->queue->direct.align - 1))
		return -EINVAL;

	block->vecs = vecs;
	block->num_vecs = last - first + 1;

	if (begin != position || end != position + len) {
		ret = iio_dma_pages_reserve(room, block->num_vecs);
		if (ret)
			return ret;

		memcpy(room->vecs, vecs, array_size(block->num_vecs,
						    sizeof(*vecs)));
		room->vecs[block->num_vecs - 1].len -= end - (position + len);
		room->vecs[0].addr += position - begin;
		room->vecs[0].len -= position - begin;
		block->vecs = room->vecs;
	}

	if (attachment->need_sync)
		iio_dma_attachment_sync(block, false);

	return 0;
}

/**
 * iio_dma_attachment_done() - Be done with an attachment
 * @attachment: That iio_dma_attachment_find() found
 * @block: Made with iio_dma_attachment_use() and given back by the device, or
 *   NULL if there was none
 *
 * Any context.
 */
void iio_dma_attachment_done(struct iio_dma_attachment *attachment,
			     struct iio_dma_buffer_block *block)
{
	if (block && attachment->need_sync)
		iio_dma_attachment_sync(block, true);

	iio_dma_attachment_put(attachment);
}
