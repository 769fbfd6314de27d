/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A DMA buffer without hardware, for the KUnit tests: its DMA controller does
 * what a test tells it.
 */

#ifndef __DRIVERS_IIO_BUFFER_INDUSTRIALIO_BUFFER_DMA_KUNIT_H__
#define __DRIVERS_IIO_BUFFER_INDUSTRIALIO_BUFFER_DMA_KUNIT_H__

#include <linux/bvec.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/list.h>

#include <linux/iio/buffer-dma.h>

struct kunit;

#define IIO_DMA_KUNIT_SCAN_BYTES	8
#define IIO_DMA_KUNIT_REQUESTS		8

/**
 * struct iio_dma_kunit_request - An asynchronous direct transfer
 * @iocb: What the buffer completes
 * @bvec: The memory
 * @result: What it was completed with
 * @completions: How often it was completed
 * @turn: How many requests of the buffer were completed before it
 */
struct iio_dma_kunit_request {
	struct kiocb iocb;
	struct bio_vec bvec;
	ssize_t result;
	unsigned int completions;
	unsigned int turn;
};

/**
 * struct iio_dma_kunit - A DMA buffer without hardware
 * @queue: The buffer
 * @dma_parms: Of its device
 * @active: Blocks that the DMA controller has, in the order of their submission
 * @num_submitted: How many it has been given since the beginning
 * @submit_error: Error with which it refuses blocks, or 0
 * @pages: Memory for the @requests, a page for each, contiguous
 * @requests: For tests to use
 * @num_completed: How many of them have been completed
 * @released: Completed when nobody refers to @queue any more
 */
struct iio_dma_kunit {
	struct iio_dma_buffer_queue queue;
	struct device_dma_parameters dma_parms;
	struct list_head active;
	unsigned int num_submitted;
	int submit_error;

	struct page *pages;
	struct iio_dma_kunit_request requests[IIO_DMA_KUNIT_REQUESTS];
	unsigned int num_completed;
	struct completion released;
};

int iio_dma_kunit_init(struct kunit *test);
void iio_dma_kunit_exit(struct kunit *test);
struct page *iio_dma_kunit_alloc_pages(struct kunit *test, unsigned int order);

void iio_dma_kunit_enable(struct iio_dma_kunit *fake);
void iio_dma_kunit_disable(struct iio_dma_kunit *fake);
int iio_dma_kunit_start(struct iio_dma_kunit *fake, unsigned int request,
			size_t len);
void iio_dma_kunit_abort(struct iio_dma_kunit *fake);

unsigned int iio_dma_kunit_num_active(struct iio_dma_kunit *fake);
struct iio_dma_buffer_block *
iio_dma_kunit_first_active(struct iio_dma_kunit *fake);
void iio_dma_kunit_finish(struct iio_dma_kunit *fake, size_t residue, int error);

#endif
