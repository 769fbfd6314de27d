// SPDX-License-Identifier: GPL-2.0-only
/*
 * Direct transfers: the DMA controller moves data between the converter and
 * the pages of whoever asked for it.
 *
 * Each request is one block of the queue. What a block needs, its scatter list
 * above all, is kept for the next request when it is done, so that a stream
 * allocates nothing.
 */

#include <linux/cleanup.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/log2.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/workqueue.h>

#include <linux/iio/buffer-dma.h>

#include "industrialio-buffer-dma.h"
#include "industrialio-buffer-dma-pages.h"

/* So that a mistake does not eat up the memory; sysfs changes them */
#define IIO_DMA_DIRECT_MAX_REQUESTS	4096
#define IIO_DMA_DIRECT_MAX_BYTES	SZ_4G

/**
 * struct iio_dma_direct - A transfer into or out of its requester's pages
 * @block: The block that the queue sees
 * @entry: Entry in the queue's list of idle transfers or of those in flight
 * @pages: The pages, and room for the DMA addresses of a part of @attachment
 * @attachment: Of which the transfer is a part, NULL if @pages is mapped for it
 * @requester: To be told when the transfer is over
 * @owner: Through which files_struct the transfer was requested
 * @result: Result of the request while it waits for @dirty_work
 * @dirty_work: Marks the pages as dirty where that may sleep
 */
struct iio_dma_direct {
	struct iio_dma_buffer_block block;
	struct list_head entry;
	struct iio_dma_pages pages;
	struct iio_dma_attachment *attachment;

	struct iio_dma_requester requester;
	fl_owner_t owner;

	ssize_t result;
	struct work_struct dirty_work;
};

static struct iio_dma_direct *
iio_block_to_direct(struct iio_dma_buffer_block *block)
{
	return container_of(block, struct iio_dma_direct, block);
}

/* The transfer may serve another request as soon as this returns */
static void iio_dma_direct_put(struct iio_dma_direct *direct)
{
	struct iio_dma_buffer_queue *queue = direct->block.queue;
	unsigned long flags;

	iio_dma_pages_put(&direct->pages);

	spin_lock_irqsave(&queue->list_lock, flags);
	queue->direct.requests--;
	queue->direct.bytes -= direct->block.size;
	list_move(&direct->entry, &queue->direct.idle);
	spin_unlock_irqrestore(&queue->list_lock, flags);
}

static void iio_dma_direct_complete(struct iio_dma_direct *direct,
				    ssize_t result)
{
	const struct iio_dma_requester requester = direct->requester;

	/* First, so that the completion finds it to send the next request */
	iio_dma_direct_put(direct);

	requester.complete(requester.request, result);
}

static void iio_dma_direct_dirty_work(struct work_struct *work)
{
	struct iio_dma_direct *direct =
		container_of(work, struct iio_dma_direct, dirty_work);

	iio_dma_pages_dirty(&direct->pages);
	iio_dma_direct_complete(direct, direct->result);
}

/* With @given_back the device had it, without it was not even queued */
static void iio_dma_direct_unmap(struct iio_dma_direct *direct, bool given_back)
{
	struct iio_dma_buffer_queue *queue = direct->block.queue;

	if (direct->attachment)
		iio_dma_attachment_done(direct->attachment,
					given_back ? &direct->block : NULL);
	else
		iio_dma_pages_unmap(&direct->pages, queue->dev,
				    iio_dma_buffer_dir(queue), 0);
}

static void iio_dma_direct_done(struct iio_dma_buffer_block *block, int error)
{
	struct iio_dma_direct *direct = iio_block_to_direct(block);

	iio_dma_direct_unmap(direct, true);

	direct->result = error ? error : (ssize_t)block->bytes_used;
	if (iio_dma_buffer_dir(block->queue) == DMA_FROM_DEVICE &&
	    iio_dma_pages_need_dirty(&direct->pages))
		queue_work(iio_dma_buffer_wq, &direct->dirty_work);
	else
		iio_dma_direct_complete(direct, direct->result);
}

static int iio_dma_direct_check(struct iio_dma_buffer_block *block)
{
	size_t datum_size = block->queue->buffer.bytes_per_datum;

	if (!datum_size || block->size % datum_size)
		return -EINVAL;

	return 0;
}

static void iio_dma_direct_release(struct iio_dma_buffer_block *block)
{
	struct iio_dma_direct *direct = iio_block_to_direct(block);

	iio_dma_pages_free(&direct->pages);
	kfree(direct);
}

const struct iio_dma_buffer_block_ops iio_dma_direct_ops = {
	.check = iio_dma_direct_check,
	.done = iio_dma_direct_done,
	.release = iio_dma_direct_release,
};

static struct iio_dma_direct *
iio_dma_direct_alloc(struct iio_dma_buffer_queue *queue)
{
	struct iio_dma_direct *direct;

	direct = kzalloc(sizeof(*direct), GFP_KERNEL);
	if (!direct)
		return NULL;

	iio_dma_buffer_init_block(queue, &direct->block, 0,
				  &iio_dma_direct_ops);
	INIT_LIST_HEAD(&direct->entry);
	INIT_WORK(&direct->dirty_work, iio_dma_direct_dirty_work);

	return direct;
}

/* Has it serve a request of the current process, for which there is room */
static void iio_dma_direct_begin(struct iio_dma_direct *direct, size_t len)
{
	struct iio_dma_buffer_queue *queue = direct->block.queue;

	lockdep_assert_held(&queue->list_lock);

	direct->owner = current->files;
	direct->block.size = len;
	direct->block.bytes_used = len;
	direct->block.error = 0;
	list_move(&direct->entry, &queue->direct.in_flight);
}

static struct iio_dma_direct *
iio_dma_direct_get(struct iio_dma_buffer_queue *queue, size_t len)
{
	struct iio_dma_direct *direct;

	scoped_guard(spinlock_irq, &queue->list_lock) {
		if (queue->direct.requests >= READ_ONCE(queue->direct.max_requests) ||
		    queue->direct.bytes + len > queue->direct.max_bytes)
			return ERR_PTR(-ENOBUFS);

		queue->direct.requests++;
		queue->direct.bytes += len;

		direct = list_first_entry_or_null(&queue->direct.idle,
						  struct iio_dma_direct, entry);
		if (direct) {
			iio_dma_direct_begin(direct, len);
			return direct;
		}
	}

	direct = iio_dma_direct_alloc(queue);

	guard(spinlock_irq)(&queue->list_lock);

	if (!direct) {
		queue->direct.requests--;
		queue->direct.bytes -= len;
		return ERR_PTR(-ENOMEM);
	}

	iio_dma_direct_begin(direct, len);

	return direct;
}

static int iio_dma_direct_get_pages(struct iio_dma_direct *direct,
				    const struct iov_iter *iter)
{
	struct iio_dma_buffer_queue *queue = direct->block.queue;
	const struct iio_dma_pages_limits limits = {
		.align = queue->direct.align,
		.max_len = queue->direct.max_segment,
		.write = iio_dma_buffer_dir(queue) == DMA_FROM_DEVICE,
	};

	return iio_dma_pages_get(&direct->pages, iter, &limits);
}

static int iio_dma_direct_use_attachment(struct iio_dma_direct *direct,
					 size_t position)
{
	int ret;

	ret = iio_dma_attachment_use(direct->attachment, position,
				     direct->block.size, &direct->pages,
				     &direct->block);
	if (ret)
		iio_dma_attachment_done(direct->attachment, NULL);

	return ret;
}

/* Memory that is not pinned yet is that of a registered buffer */
static int iio_dma_direct_map(struct iio_dma_direct *direct,
			      const struct iov_iter *iter)
{
	struct iio_dma_buffer_queue *queue = direct->block.queue;
	struct iio_dma_pages *pages = &direct->pages;
	size_t position;
	int ret;

	direct->attachment = NULL;
	if (iov_iter_is_bvec(iter)) {
		direct->attachment = iio_dma_attachment_find(queue, iter,
							     &position);
		if (direct->attachment)
			return iio_dma_direct_use_attachment(direct, position);

		ret = iio_dma_direct_get_pages(direct, iter);
		if (ret)
			return ret;
	}

	ret = iio_dma_pages_map(pages, queue->dev, iio_dma_buffer_dir(queue));
	if (ret)
		return ret;

	direct->block.vecs = pages->vecs;
	direct->block.num_vecs = pages->sgt.nents;

	return 0;
}

/* Maps the memory and queues the block, or neither */
static int iio_dma_direct_submit(struct iio_dma_direct *direct,
				 const struct iov_iter *iter)
{
	struct iio_dma_buffer_queue *queue = direct->block.queue;
	int ret;

	/* The device stays until the transfer is queued, which removal ends */
	guard(rwsem_read)(&queue->direct.removal);

	if (!queue->ops)
		return -ENODEV;

	ret = iio_dma_direct_map(direct, iter);
	if (ret)
		return ret;

	scoped_guard(mutex, &queue->lock) {
		/* A request that fails must not end the copying interface */
		if (queue->active)
			ret = iio_dma_direct_check(&direct->block);
		if (!ret)
			ret = iio_dma_buffer_enter_direct(queue);
		if (!ret)
			iio_dma_buffer_enqueue(queue, &direct->block);
	}

	/* Once it is queued the transfer may be over, and serve another one */
	if (ret)
		iio_dma_direct_unmap(direct, false);

	return ret;
}

/**
 * iio_dma_direct_start() - Start a direct transfer
 * @queue: Buffer to transfer from or to
 * @iter: The memory, not empty, all of which is one block
 * @requester: Whom to tell the end, if this succeeds
 * @cyclic: Repeat the transfer until the next one is ready to replace it
 *
 * Return: 0 or an error, see iio_dma_buffer_direct_io().
 */
int iio_dma_direct_start(struct iio_dma_buffer_queue *queue,
			 const struct iov_iter *iter,
			 const struct iio_dma_requester *requester,
			 bool cyclic)
{
	struct iio_dma_direct *direct;
	int ret = 0;

	if (cyclic && !queue->can_repeat)
		return -EOPNOTSUPP;

	direct = iio_dma_direct_get(queue, iov_iter_count(iter));
	if (IS_ERR(direct))
		return PTR_ERR(direct);

	direct->requester = *requester;
	direct->block.cyclic = cyclic;

	/* As the user's memory may let one wait, removal must not wait for it */
	if (!iov_iter_is_bvec(iter))
		ret = iio_dma_direct_get_pages(direct, iter);
	if (!ret)
		ret = iio_dma_direct_submit(direct, iter);
	if (ret)
		iio_dma_direct_put(direct);

	return ret;
}

/**
 * iio_dma_buffer_allow_direct() - Allow direct transfers
 * @queue: Buffer, before it is attached to a device
 * @align: What the DMA controller wants addresses and lengths to be a multiple
 *   of, in bytes, a power of two
 *
 * The DMA controller's driver has to take a block with a scatter list.
 */
void iio_dma_buffer_allow_direct(struct iio_dma_buffer_queue *queue,
				 unsigned int align)
{
	size_t max_segment = min_t(size_t, dma_get_max_seg_size(queue->dev),
				   dma_max_mapping_size(queue->dev));

	/* What the CPU writes beside the transfer would be lost */
	if (!dev_is_dma_coherent(queue->dev))
		align = max_t(unsigned int, align, dma_get_cache_alignment());

	/* Segments of whole pages: what is left of a longer one is aligned */
	if (max_segment < PAGE_SIZE || !is_power_of_2(align))
		return;

	queue->direct.max_segment = round_down(max_segment, PAGE_SIZE);
	queue->direct.align = align;
	queue->buffer.can_direct = true;
}
EXPORT_SYMBOL_NS_GPL(iio_dma_buffer_allow_direct, IIO_DMA_BUFFER);

/**
 * iio_dma_buffer_owner_gone() - DMA buffer owner_gone callback
 * @buffer: Buffer whose user exits
 * @owner: The files_struct of the user
 *
 * Should be used as the owner_gone callback for iio_buffer_access_ops struct
 * for DMA buffers.
 */
void iio_dma_buffer_owner_gone(struct iio_buffer *buffer, fl_owner_t owner)
{
	struct iio_dma_buffer_queue *queue = iio_buffer_to_queue(buffer);
	struct iio_dma_direct *direct;
	bool found = false;

	scoped_guard(spinlock_irq, &queue->list_lock) {
		list_for_each_entry(direct, &queue->direct.in_flight, entry)
			found |= direct->owner == owner;
	}

	if (found)
		iio_dma_buffer_abort(queue);
}
EXPORT_SYMBOL_NS_GPL(iio_dma_buffer_owner_gone, IIO_DMA_BUFFER);

void iio_dma_direct_init(struct iio_dma_buffer_queue *queue)
{
	INIT_LIST_HEAD(&queue->direct.idle);
	INIT_LIST_HEAD(&queue->direct.in_flight);
	INIT_LIST_HEAD(&queue->direct.attachments);
	queue->direct.max_requests = IIO_DMA_DIRECT_MAX_REQUESTS;
	queue->direct.max_bytes = IIO_DMA_DIRECT_MAX_BYTES;
	init_rwsem(&queue->direct.removal);
	INIT_WORK(&queue->direct.abort_work, iio_dma_rw_abort_work);
}

bool iio_dma_direct_in_flight(struct iio_dma_buffer_queue *queue)
{
	guard(spinlock_irq)(&queue->list_lock);

	return !list_empty(&queue->direct.in_flight);
}

void iio_dma_direct_free_idle(struct iio_dma_buffer_queue *queue)
{
	struct iio_dma_direct *direct, *next;
	LIST_HEAD(idle);

	scoped_guard(spinlock_irq, &queue->list_lock)
		list_splice_init(&queue->direct.idle, &idle);

	list_for_each_entry_safe(direct, next, &idle, entry) {
		list_del(&direct->entry);
		iio_buffer_block_put(&direct->block);
	}
}
