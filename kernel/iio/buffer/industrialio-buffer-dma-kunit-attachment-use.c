// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the DMA addresses that a transfer into a part of an attachment
 * gets.
 */

#include <linux/dmaengine.h>
#include <linux/uio.h>

#include <kunit/test.h>

#include "industrialio-buffer-dma.h"
#include "industrialio-buffer-dma-kunit-attachment.h"
#include "industrialio-buffer-dma-pages.h"

/* Where the device gets to, 8 bytes at a time, is where the bvecs say */
static void iio_dma_use_test_expect(struct kunit *test, size_t offset,
				    size_t len)
{
	struct iio_dma_attachment_test *ctx = test->priv;
	struct iio_dma_buffer_block block = { .queue = &ctx->fake->queue };
	struct iio_dma_pages room = {};
	struct iio_dma_attachment *attachment;
	struct iov_iter iter;
	size_t position, at;
	unsigned int i;

	attachment = iio_dma_attachment_test_find(test, offset, len, &position);
	KUNIT_ASSERT_NOT_NULL(test, attachment);
	KUNIT_ASSERT_EQ(test, 0, iio_dma_attachment_use(attachment, position,
							len, &room, &block));

	for (i = 0; i < block.num_vecs; i++) {
		for (at = 0; at < block.vecs[i].len; at += 8) {
			iter = iio_dma_attachment_test_iter(ctx->bvecs, offset, 8);
			KUNIT_EXPECT_EQ(test, block.vecs[i].addr + at,
					bvec_phys(iter.bvec) + iter.iov_offset);
			offset += 8;
			len -= 8;
		}
	}
	KUNIT_EXPECT_EQ(test, 0, len);
	iio_dma_attachment_done(attachment, &block);
	iio_dma_pages_free(&room);
}

static void iio_dma_use_test_parts(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, 0, iio_dma_attachment_test_begin(test, 0, 0,
							       REGISTERED));
	iio_dma_use_test_expect(test, 0, REGISTERED);
	/* In the middle of a segment, and of a page */
	iio_dma_use_test_expect(test, FIRST_LEN + PAGE_SIZE + 64, 128);
	/* From the middle of a segment to the middle of another one */
	iio_dma_use_test_expect(test, 2 * PAGE_SIZE, 7 * PAGE_SIZE);
	/* Up to an end, and from a beginning */
	iio_dma_use_test_expect(test, 0, 8);
	iio_dma_use_test_expect(test, FIRST_LEN + PAGE_SIZE - 8, 8);
	iio_dma_use_test_expect(test, FIRST_LEN + PAGE_SIZE - 8, 16);
	iio_dma_use_test_expect(test, REGISTERED - 8, 8);
}

static void iio_dma_use_test_whole_segments(struct kunit *test)
{
	struct iio_dma_attachment_test *ctx = test->priv;
	struct iio_dma_buffer_block block = { .queue = &ctx->fake->queue };
	struct iio_dma_pages room = {};
	struct iio_dma_attachment *attachment;
	size_t position;

	KUNIT_ASSERT_EQ(test, 0, iio_dma_attachment_test_begin(test, 0, 0,
							       REGISTERED));
	attachment = iio_dma_attachment_test_find(test, 0, 8, &position);
	KUNIT_ASSERT_NOT_NULL(test, attachment);

	/* Two whole segments behind the first one */
	KUNIT_EXPECT_EQ(test, 0,
			iio_dma_attachment_use(attachment, FIRST_LEN + PAGE_SIZE,
					       4 * PAGE_SIZE, &room, &block));
	KUNIT_EXPECT_EQ(test, 2, block.num_vecs);
	KUNIT_EXPECT_EQ(test, 0, room.capacity);

	KUNIT_EXPECT_EQ(test, -EINVAL,
			iio_dma_attachment_use(attachment, 4, 8, &room, &block));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			iio_dma_attachment_use(attachment, 8, 4, &room, &block));
	iio_dma_attachment_done(attachment, NULL);
}

static struct kunit_case iio_dma_use_test_cases[] = {
	KUNIT_CASE(iio_dma_use_test_parts),
	KUNIT_CASE(iio_dma_use_test_whole_segments),
	{}
};

static struct kunit_suite iio_dma_use_test_suite = {
	.name = "iio_dma_buffer_attachment_use",
	.init = iio_dma_attachment_test_init,
	.exit = iio_dma_attachment_test_exit,
	.test_cases = iio_dma_use_test_cases,
};

kunit_test_suite(iio_dma_use_test_suite);
