/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pages that a direct transfer moves data into or out of.
 */

#ifndef __DRIVERS_IIO_BUFFER_INDUSTRIALIO_BUFFER_DMA_PAGES_H__
#define __DRIVERS_IIO_BUFFER_INDUSTRIALIO_BUFFER_DMA_PAGES_H__

#include <linux/dma-direction.h>
#include <linux/scatterlist.h>
#include <linux/types.h>

struct device;
struct dma_vec;
struct iov_iter;
struct page;
struct user_struct;

/**
 * struct iio_dma_pages - Scatter list of somebody else's pages
 * @sgt: The pages, in the first orig_nents entries
 * @vecs: DMA addresses of the mapped @sgt, in the first nents entries
 * @capacity: Number of entries that there is memory for
 * @pinned: The pages, if they are pinned for the transfer
 * @nr_pinned: Number of pinned pages, 0 if the requester keeps them alive
 * @pinned_capacity: Number of pages that there is memory for in @pinned
 * @user: Whose locked memory the pinned pages count as, NULL if nobody's
 * @nr_accounted: Number of pages that count as locked memory of @user
 *
 * All zero is an empty list. Memory that the list has grown to is kept for the
 * next transfer when the pages are put.
 */
struct iio_dma_pages {
	struct sg_table sgt;
	struct dma_vec *vecs;
	unsigned int capacity;

	struct page **pinned;
	unsigned int nr_pinned;
	unsigned int pinned_capacity;
	struct user_struct *user;
	unsigned int nr_accounted;
};

/**
 * struct iio_dma_pages_limits - What the device asks of the pages
 * @align: Addresses and lengths in bytes have to be a multiple of this power
 *   of two
 * @max_len: Maximum length of a segment in bytes, at least a page
 * @write: Whether the device writes into the pages
 */
struct iio_dma_pages_limits {
	unsigned int align;
	size_t max_len;
	bool write;
};

int iio_dma_pages_get(struct iio_dma_pages *pages, const struct iov_iter *iter,
		      const struct iio_dma_pages_limits *limits);
int iio_dma_pages_reserve(struct iio_dma_pages *pages, unsigned int capacity);
int iio_dma_pages_map(struct iio_dma_pages *pages, struct device *dev,
		      enum dma_data_direction dir);
unsigned int iio_dma_pages_split(struct iio_dma_pages *pages);
void iio_dma_pages_unmap(struct iio_dma_pages *pages, struct device *dev,
			 enum dma_data_direction dir, unsigned long attrs);
bool iio_dma_pages_need_dirty(const struct iio_dma_pages *pages);
void iio_dma_pages_dirty(struct iio_dma_pages *pages);
void iio_dma_pages_put(struct iio_dma_pages *pages);
void iio_dma_pages_free(struct iio_dma_pages *pages);

#endif
