/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A registered buffer and commands that attach it, for the KUnit tests.
 */

#ifndef __DRIVERS_IIO_BUFFER_INDUSTRIALIO_BUFFER_DMA_KUNIT_ATTACHMENT_H__
#define __DRIVERS_IIO_BUFFER_INDUSTRIALIO_BUFFER_DMA_KUNIT_ATTACHMENT_H__

#include <linux/bvec.h>
#include <linux/io_uring/cmd.h>
#include <linux/mm.h>

#include "industrialio-buffer-dma-kunit.h"

struct iio_dma_attachment;
struct iov_iter;

/*
 * What is registered begins and ends inside of a page. Its pages are contiguous
 * in pairs: segments are up to two pages long.
 */
#define PAGES_ORDER	5
#define BVECS		16
#define FIRST_OFFSET	512
#define FIRST_LEN	(PAGE_SIZE - FIRST_OFFSET)
#define LAST_LEN	1024
#define REGISTERED	(FIRST_LEN + (BVECS - 2) * PAGE_SIZE + LAST_LEN)

/**
 * struct iio_dma_attachment_test_cmd - A command that attaches
 * @cmd: The command
 * @completions: How often it was completed
 * @result: With what
 */
struct iio_dma_attachment_test_cmd {
	struct io_uring_cmd cmd;
	unsigned int completions;
	ssize_t result;
};

/**
 * struct iio_dma_attachment_test - What each test begins with
 * @fake: The buffer
 * @bvecs: Of a registered buffer, as io_uring makes them
 * @cmds: For tests to use
 */
struct iio_dma_attachment_test {
	struct iio_dma_kunit *fake;
	struct bio_vec bvecs[BVECS];
	struct iio_dma_attachment_test_cmd cmds[2];
};

int iio_dma_attachment_test_init(struct kunit *test);
void iio_dma_attachment_test_exit(struct kunit *test);
struct iov_iter
iio_dma_attachment_test_iter(const struct bio_vec *bvecs, size_t offset,
			     size_t len);
int iio_dma_attachment_test_begin(struct kunit *test, unsigned int cmd,
				  size_t offset, size_t len);
struct iio_dma_attachment *
iio_dma_attachment_test_find(struct kunit *test, size_t offset, size_t len,
			     size_t *position);

#endif
