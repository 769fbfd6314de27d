// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pages that a direct transfer moves data into or out of: those of a
 * buffer that is registered with io_uring, or user pages that are pinned for
 * the transfer.
 */

#include <linux/bvec.h>
#include <linux/capability.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/errno.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/user.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "industrialio-buffer-dma-pages.h"

/**
 * iio_dma_pages_reserve() - Make room for a number of entries
 * @pages: The list, which keeps what it holds
 * @capacity: Number of entries
 *
 * Return: 0 or -ENOMEM.
 */
int iio_dma_pages_reserve(struct iio_dma_pages *pages, unsigned int capacity)
{
	struct scatterlist *sgl;
	struct dma_vec *vecs;

	if (capacity <= pages->capacity)
		return 0;

	sgl = kvmalloc_array(capacity, sizeof(*sgl), GFP_KERNEL);
	vecs = kvmalloc_array(capacity, sizeof(*vecs), GFP_KERNEL);
	if (!sgl || !vecs) {
		kvfree(sgl);
		kvfree(vecs);
		return -ENOMEM;
	}

	sg_init_table(sgl, capacity);
	sg_unmark_end(&sgl[capacity - 1]);
	if (pages->capacity)
		memcpy(sgl, pages->sgt.sgl, pages->capacity * sizeof(*sgl));

	kvfree(pages->sgt.sgl);
	kvfree(pages->vecs);
	pages->sgt.sgl = sgl;
	pages->vecs = vecs;
	pages->capacity = capacity;

	return 0;
}

/* Adds contiguous memory, to the last entry if it follows on that */
static int iio_dma_pages_add(struct iio_dma_pages *pages,
			     const struct iio_dma_pages_limits *limits,
			     struct page *page, size_t offset, size_t len)
{
	struct sg_table *sgt = &pages->sgt;
	struct scatterlist *last;
	int ret;

	page = nth_page(page, offset >> PAGE_SHIFT);
	offset = offset_in_page(offset);

	if ((offset | len) & (limits->align - 1))
		return -EINVAL;

	last = sgt->orig_nents ? &sgt->sgl[sgt->orig_nents - 1] : NULL;
	if (last && last->length + len <= limits->max_len &&
	    sg_phys(last) + last->length == page_to_phys(page) + offset &&
	    zone_device_pages_have_same_pgmap(sg_page(last), page)) {
		last->length += len;
		return 0;
	}

	while (len) {
		size_t part = min(len, limits->max_len);

		if (sgt->orig_nents == pages->capacity) {
			ret = iio_dma_pages_reserve(pages,
						    max(2 * pages->capacity,
							16U));
			if (ret)
				return ret;
		}

		sg_set_page(&sgt->sgl[sgt->orig_nents++], page, part, offset);

		page = nth_page(page, (offset + part) >> PAGE_SHIFT);
		offset = offset_in_page(offset + part);
		len -= part;
	}

	return 0;
}

/* Whoever sends bvecs keeps their pages alive until the request completes */
static int iio_dma_pages_add_bvecs(struct iio_dma_pages *pages,
				   const struct iio_dma_pages_limits *limits,
				   const struct iov_iter *iter)
{
	const struct bio_vec *bvec = iter->bvec;
	size_t left = iov_iter_count(iter);
	size_t skip = iter->iov_offset;
	int ret;

	for (; left; bvec++, skip = 0) {
		size_t len = min(bvec->bv_len - skip, left);

		if (!len)
			continue;

		ret = iio_dma_pages_add(pages, limits, bvec->bv_page,
					bvec->bv_offset + skip, len);
		if (ret)
			return ret;

		left -= len;
	}

	return 0;
}

static int iio_dma_pages_reserve_pinned(struct iio_dma_pages *pages,
					unsigned int nr_pages)
{
	if (nr_pages <= pages->pinned_capacity)
		return 0;

	kvfree(pages->pinned);
	pages->pinned_capacity = 0;
	pages->pinned = kvmalloc_array(nr_pages, sizeof(*pages->pinned),
				       GFP_KERNEL);
	if (!pages->pinned)
		return -ENOMEM;

	pages->pinned_capacity = nr_pages;

	return 0;
}

static int iio_dma_pages_account(struct iio_dma_pages *pages,
				 unsigned int nr_pages)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	struct user_struct *user = current_user();

	if (capable(CAP_IPC_LOCK))
		return 0;

	if (atomic_long_add_return(nr_pages, &user->locked_vm) > limit) {
		atomic_long_sub(nr_pages, &user->locked_vm);
		return -ENOMEM;
	}

	pages->user = get_uid(user);
	pages->nr_accounted = nr_pages;

	return 0;
}

/* A converter may take any time to fill a page, hence FOLL_LONGTERM */
static int iio_dma_pages_pin(struct iio_dma_pages *pages,
			     const struct iio_dma_pages_limits *limits,
			     unsigned long addr, size_t len)
{
	unsigned int gup_flags = FOLL_LONGTERM | (limits->write ? FOLL_WRITE : 0);
	struct page **pinned = pages->pinned + pages->nr_pinned;
	int nr_pages = DIV_ROUND_UP(offset_in_page(addr) + len, PAGE_SIZE);
	int ret, i;

	ret = pin_user_pages_fast(addr & PAGE_MASK, nr_pages, gup_flags,
				  pinned);
	/* io_uring would poll for what can't be pinned, and poll in vain */
	if (ret == -EOPNOTSUPP || ret == -EAGAIN)
		return -EFAULT;
	if (ret < 0)
		return ret;

	pages->nr_pinned += ret;
	if (ret != nr_pages)
		return -EFAULT;

	for (i = 0; i < nr_pages; i++) {
		size_t part = min(PAGE_SIZE - offset_in_page(addr), len);

		ret = iio_dma_pages_add(pages, limits, pinned[i],
					offset_in_page(addr), part);
		if (ret)
			return ret;

		addr += part;
		len -= part;
	}

	return 0;
}

static int iio_dma_pages_pin_iter(struct iio_dma_pages *pages,
				  const struct iio_dma_pages_limits *limits,
				  const struct iov_iter *iter)
{
	unsigned int nr_pages = iov_iter_npages(iter, INT_MAX);
	size_t left = iov_iter_count(iter);
	size_t skip = iter->iov_offset;
	const struct iovec *iov;
	int ret;

	ret = iio_dma_pages_reserve_pinned(pages, nr_pages);
	if (ret)
		return ret;

	ret = iio_dma_pages_account(pages, nr_pages);
	if (ret)
		return ret;

	if (iter_is_ubuf(iter))
		return iio_dma_pages_pin(pages, limits,
					 (unsigned long)iter->ubuf + skip,
					 left);

	for (iov = iter_iov(iter); left; iov++, skip = 0) {
		size_t len = min(iov->iov_len - skip, left);

		if (!len)
			continue;

		ret = iio_dma_pages_pin(pages, limits,
					(unsigned long)iov->iov_base + skip,
					len);
		if (ret)
			return ret;

		left -= len;
	}

	return 0;
}

/**
 * iio_dma_pages_get() - Make a scatter list of the memory of a request
 * @pages: An empty list
 * @iter: The memory of the request, not empty
 * @limits: What the device asks of the pages
 *
 * Pages of user memory are pinned, and count as locked memory of the user. The
 * pages of bvecs, which is what io_uring sends for registered buffers, belong
 * to the requester, who keeps them until the request has been completed.
 *
 * Return: 0, or after an error, which leaves something to put:
 *
 * * -EINVAL - a piece of memory is not aligned, or @iter is neither user
 *   memory nor bvecs
 * * -EFAULT - no memory, or no memory to write to, at the user's address
 * * -ENOMEM - out of memory, or RLIMIT_MEMLOCK has been reached
 */
int iio_dma_pages_get(struct iio_dma_pages *pages, const struct iov_iter *iter,
		      const struct iio_dma_pages_limits *limits)
{
	struct sg_table *sgt = &pages->sgt;
	int ret;

	if (iov_iter_is_bvec(iter))
		ret = iio_dma_pages_add_bvecs(pages, limits, iter);
	else if (user_backed_iter(iter))
		ret = iio_dma_pages_pin_iter(pages, limits, iter);
	else
		ret = -EINVAL;
	if (ret)
		return ret;

	sg_mark_end(&sgt->sgl[sgt->orig_nents - 1]);

	return 0;
}

/**
 * iio_dma_pages_map() - Give the device access to the pages
 * @pages: The pages
 * @dev: The device that does the DMA
 * @dir: What it does with them
 *
 * Return: 0 or the error of dma_map_sgtable().
 */
int iio_dma_pages_map(struct iio_dma_pages *pages, struct device *dev,
		      enum dma_data_direction dir)
{
	struct scatterlist *sg;
	unsigned int i;
	int ret;

	ret = dma_map_sgtable(dev, &pages->sgt, dir, 0);
	if (ret)
		return ret;

	for_each_sgtable_dma_sg(&pages->sgt, sg, i) {
		pages->vecs[i].addr = sg_dma_address(sg);
		pages->vecs[i].len = sg_dma_len(sg);
	}

	return 0;
}

/**
 * iio_dma_pages_split() - Divide the DMA addresses as the memory is divided
 * @pages: Mapped pages
 *
 * An IOMMU makes one piece of memory that is not contiguous. What is to be
 * synchronised for the CPU has to be.
 *
 * Return: Number of DMA addresses that there are now.
 */
unsigned int iio_dma_pages_split(struct iio_dma_pages *pages)
{
	struct scatterlist *mapped = pages->sgt.sgl, *sg;
	unsigned int done = 0;
	unsigned int i;

	for_each_sgtable_sg(&pages->sgt, sg, i) {
		pages->vecs[i].addr = sg_dma_address(mapped) + done;
		pages->vecs[i].len = sg->length;

		done += sg->length;
		if (done == sg_dma_len(mapped)) {
			mapped = sg_next(mapped);
			done = 0;
		}
	}

	return pages->sgt.orig_nents;
}

/**
 * iio_dma_pages_unmap() - Undo iio_dma_pages_map()
 * @pages: The pages, with which the device has finished
 * @dev: As when they were mapped
 * @dir: As when they were mapped
 * @attrs: DMA_ATTR_SKIP_CPU_SYNC if the CPU has the data already, else 0
 *
 * Any context.
 */
void iio_dma_pages_unmap(struct iio_dma_pages *pages, struct device *dev,
			 enum dma_data_direction dir, unsigned long attrs)
{
	dma_unmap_sgtable(dev, &pages->sgt, dir, attrs);
}

/**
 * iio_dma_pages_need_dirty() - Whether pages have to be marked as dirty
 * @pages: Pages that the device has written into
 *
 * As for direct I/O of files, only pinned pages: who registers a buffer looks
 * after its pages. Most often they are dirty already, and then there is no need
 * to go where set_page_dirty_lock() may sleep.
 */
bool iio_dma_pages_need_dirty(const struct iio_dma_pages *pages)
{
	unsigned int i;

	for (i = 0; i < pages->nr_pinned; i++) {
		if (!PageDirty(pages->pinned[i]))
			return true;
	}

	return false;
}

/**
 * iio_dma_pages_dirty() - Mark pages as dirty
 * @pages: Pages that the device has written into
 *
 * May sleep.
 */
void iio_dma_pages_dirty(struct iio_dma_pages *pages)
{
	unsigned int i;

	for (i = 0; i < pages->nr_pinned; i++)
		set_page_dirty_lock(pages->pinned[i]);
}

/**
 * iio_dma_pages_put() - Give the pages back and leave an empty list
 * @pages: The pages, which the device does not use any more
 *
 * Any context.
 */
void iio_dma_pages_put(struct iio_dma_pages *pages)
{
	struct sg_table *sgt = &pages->sgt;

	unpin_user_pages(pages->pinned, pages->nr_pinned);
	pages->nr_pinned = 0;

	if (pages->user) {
		atomic_long_sub(pages->nr_accounted, &pages->user->locked_vm);
		free_uid(pages->user);
		pages->user = NULL;
	}

	if (sgt->orig_nents)
		sg_unmark_end(&sgt->sgl[sgt->orig_nents - 1]);
	sgt->orig_nents = 0;
	sgt->nents = 0;
}

/**
 * iio_dma_pages_free() - Free the memory of an empty list
 * @pages: List whose pages have been put
 */
void iio_dma_pages_free(struct iio_dma_pages *pages)
{
	kvfree(pages->pinned);
	kvfree(pages->vecs);
	kvfree(pages->sgt.sgl);
}
