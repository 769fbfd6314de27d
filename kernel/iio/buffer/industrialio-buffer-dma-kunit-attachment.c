// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of attachments: which requests are for one, and when it ends.
 */

#include <linux/uio.h>

#include <kunit/test.h>

#include "industrialio-buffer-dma-kunit-attachment.h"

/* Commands that io_uring knows nothing of are completed by the test */
static void iio_dma_attachment_test_complete(struct io_uring_cmd *cmd,
					     ssize_t result);
#define iio_buffer_complete_cmd iio_dma_attachment_test_complete

/* So that nothing has to be exported for the sake of tests */
#include "industrialio-buffer-dma-attachment.c"

static void iio_dma_attachment_test_complete(struct io_uring_cmd *cmd,
					     ssize_t result)
{
	struct iio_dma_attachment_test_cmd *test_cmd =
		container_of(cmd, struct iio_dma_attachment_test_cmd, cmd);

	test_cmd->completions++;
	test_cmd->result = result;
}

/* The page of a bvec: pairs of neighbours, and the pairs backwards */
static struct page *iio_dma_attachment_test_page(struct page *pages,
						 unsigned int bvec)
{
	return nth_page(pages, 2 * (BVECS - 2 - (bvec & ~1)) + (bvec & 1));
}

int iio_dma_attachment_test_init(struct kunit *test)
{
	struct page *pages = iio_dma_kunit_alloc_pages(test, PAGES_ORDER);
	struct iio_dma_attachment_test *ctx;
	unsigned int i;

	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	iio_dma_kunit_init(test);
	ctx->fake = test->priv;

	for (i = 0; i < BVECS; i++)
		bvec_set_page(&ctx->bvecs[i],
			      iio_dma_attachment_test_page(pages, i), PAGE_SIZE,
			      0);
	ctx->bvecs[0].bv_offset = FIRST_OFFSET;
	ctx->bvecs[0].bv_len = FIRST_LEN;
	ctx->bvecs[BVECS - 1].bv_len = LAST_LEN;
	test->priv = ctx;

	return 0;
}

void iio_dma_attachment_test_exit(struct kunit *test)
{
	struct iio_dma_attachment_test *ctx = test->priv;

	if (!ctx)
		return;

	iio_dma_attachments_end(&ctx->fake->queue, -ECANCELED);
	test->priv = ctx->fake;
	iio_dma_kunit_exit(test);
}

/* As io_uring does it for a part of a registered buffer */
struct iov_iter
iio_dma_attachment_test_iter(const struct bio_vec *bvecs, size_t offset,
			     size_t len)
{
	unsigned int skipped = 0;
	struct iov_iter iter;

	if (offset >= bvecs[0].bv_len) {
		offset -= bvecs[0].bv_len;
		skipped = 1 + offset / PAGE_SIZE;
		offset %= PAGE_SIZE;
	}
	iov_iter_bvec(&iter, ITER_DEST, bvecs + skipped, BVECS - skipped, len);
	iter.iov_offset = offset;

	return iter;
}

int iio_dma_attachment_test_begin(struct kunit *test, unsigned int cmd,
				  size_t offset, size_t len)
{
	struct iio_dma_attachment_test *ctx = test->priv;
	struct iov_iter iter = iio_dma_attachment_test_iter(ctx->bvecs, offset,
							    len);

	return iio_dma_attachment_begin(&ctx->fake->queue, &iter,
					&ctx->cmds[cmd].cmd);
}

struct iio_dma_attachment *
iio_dma_attachment_test_find(struct kunit *test, size_t offset, size_t len,
			     size_t *position)
{
	struct iio_dma_attachment_test *ctx = test->priv;
	struct iov_iter iter = iio_dma_attachment_test_iter(ctx->bvecs, offset,
							    len);

	return iio_dma_attachment_find(&ctx->fake->queue, &iter, position);
}

static void iio_dma_attachment_test_expect_found(struct kunit *test,
						 size_t offset, size_t len,
						 size_t expected)
{
	size_t position = SIZE_MAX;
	struct iio_dma_attachment *attachment;

	attachment = iio_dma_attachment_test_find(test, offset, len, &position);
	KUNIT_ASSERT_NOT_NULL(test, attachment);
	KUNIT_EXPECT_EQ(test, expected, position);
	iio_dma_attachment_done(attachment, NULL);
}

static void iio_dma_attachment_test_expect_lost(struct kunit *test,
						size_t offset, size_t len)
{
	size_t position;

	KUNIT_EXPECT_PTR_EQ(test, NULL,
			    iio_dma_attachment_test_find(test, offset, len,
							 &position));
}

static void iio_dma_attachment_test_expect_ended(struct kunit *test,
						 unsigned int cmd,
						 ssize_t result)
{
	struct iio_dma_attachment_test *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, 1, ctx->cmds[cmd].completions);
	KUNIT_EXPECT_EQ(test, result, ctx->cmds[cmd].result);
}

static void iio_dma_attachment_test_finds_all_of_it(struct kunit *test)
{
	size_t offset;

	KUNIT_ASSERT_EQ(test, 0, iio_dma_attachment_test_begin(test, 0, 0,
							       REGISTERED));
	iio_dma_attachment_test_expect_found(test, 0, REGISTERED, 0);
	iio_dma_attachment_test_expect_found(test, REGISTERED - 8, 8,
					     REGISTERED - 8);
	for (offset = 0; offset < REGISTERED; offset += 8)
		iio_dma_attachment_test_expect_found(test, offset, 8, offset);
}

static void iio_dma_attachment_test_finds_a_part(struct kunit *test)
{
	const size_t from = 2 * PAGE_SIZE + 8, len = 3 * PAGE_SIZE;

	KUNIT_ASSERT_EQ(test, 0, iio_dma_attachment_test_begin(test, 0, from,
							       len));
	iio_dma_attachment_test_expect_found(test, from, len, 0);
	iio_dma_attachment_test_expect_found(test, from + PAGE_SIZE, 64,
					     PAGE_SIZE);
	iio_dma_attachment_test_expect_found(test, from + len - 8, 8, len - 8);

	iio_dma_attachment_test_expect_lost(test, from - 8, 8);
	iio_dma_attachment_test_expect_lost(test, from - 8, 16);
	iio_dma_attachment_test_expect_lost(test, from + len - 8, 16);
	iio_dma_attachment_test_expect_lost(test, from + len, 8);
	iio_dma_attachment_test_expect_lost(test, 0, 8);
	iio_dma_attachment_test_expect_lost(test, 0, REGISTERED);
}

/* The same pages, registered once more, are another buffer */
static void iio_dma_attachment_test_other_bvecs(struct kunit *test)
{
	struct iio_dma_attachment_test *ctx = test->priv;
	struct bio_vec *others;
	struct iov_iter iter;
	size_t position;

	others = kunit_kmalloc(test, sizeof(ctx->bvecs), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, others);
	memcpy(others, ctx->bvecs, sizeof(ctx->bvecs));
	KUNIT_ASSERT_EQ(test, 0, iio_dma_attachment_test_begin(test, 0, 0,
							       REGISTERED));

	iter = iio_dma_attachment_test_iter(others, 0, 8);
	KUNIT_EXPECT_PTR_EQ(test, NULL,
			    iio_dma_attachment_find(&ctx->fake->queue, &iter,
						    &position));
}

static void iio_dma_attachment_test_two_parts(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, 0, iio_dma_attachment_test_begin(test, 0, 0, 512));
	KUNIT_ASSERT_EQ(test, 0, iio_dma_attachment_test_begin(test, 1, 512,
							       512));
	iio_dma_attachment_test_expect_found(test, 504, 8, 504);
	iio_dma_attachment_test_expect_found(test, 512, 8, 0);
	iio_dma_attachment_test_expect_lost(test, 504, 16);
}

static void iio_dma_attachment_test_refused(struct kunit *test)
{
	struct iio_dma_attachment_test *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, -EINVAL,
			iio_dma_attachment_test_begin(test, 0, 4, 64));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			iio_dma_attachment_test_begin(test, 0, 0, 60));

	/* A position could not be calculated */
	ctx->bvecs[5].bv_len = PAGE_SIZE - 8;
	KUNIT_EXPECT_EQ(test, -EINVAL,
			iio_dma_attachment_test_begin(test, 0, 0,
						      8 * PAGE_SIZE));

	/* With an error it is io_uring's again */
	KUNIT_EXPECT_EQ(test, 0, ctx->cmds[0].completions);
	KUNIT_ASSERT_TRUE(test,
			  list_empty(&ctx->fake->queue.direct.attachments));

	iio_dma_buffer_exit(&ctx->fake->queue);
	KUNIT_EXPECT_EQ(test, -ENODEV,
			iio_dma_attachment_test_begin(test, 0, 0, 64));
}

static void iio_dma_attachment_test_index(struct kunit *test)
{
	struct iio_dma_attachment *attachment;
	size_t position, expected = 0;

	KUNIT_ASSERT_EQ(test, 0, iio_dma_attachment_test_begin(test, 0, 0,
							       REGISTERED));
	attachment = iio_dma_attachment_test_find(test, 0, 8, &position);
	KUNIT_ASSERT_NOT_NULL(test, attachment);
	KUNIT_EXPECT_EQ(test, BVECS / 2, attachment->pages.sgt.nents);

	for (position = 0; position < REGISTERED; position += 8) {
		if (position == attachment->ends[expected])
			expected++;
		KUNIT_ASSERT_EQ(test, expected,
				iio_dma_attachment_index(attachment, position));
	}
	KUNIT_EXPECT_EQ(test, BVECS / 2 - 1, expected);
	iio_dma_attachment_done(attachment, NULL);
}

static void iio_dma_attachment_test_end(struct kunit *test)
{
	struct iio_dma_attachment_test *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, 0, iio_dma_attachment_test_begin(test, 0, 0, 512));
	KUNIT_ASSERT_EQ(test, 0, iio_dma_attachment_begin(&ctx->fake->queue, NULL,
							  &ctx->cmds[1].cmd));
	KUNIT_EXPECT_EQ(test, 0, ctx->cmds[0].completions);

	iio_dma_attachments_end(&ctx->fake->queue, -ENODEV);
	iio_dma_attachment_test_expect_ended(test, 0, -ENODEV);
	iio_dma_attachment_test_expect_ended(test, 1, -ENODEV);
	iio_dma_attachment_test_expect_lost(test, 0, 8);
}

/* Nothing is unmapped under the device */
static void iio_dma_attachment_test_end_in_flight(struct kunit *test)
{
	struct iio_dma_attachment_test *ctx = test->priv;
	struct iio_dma_attachment *attachment;
	size_t position;

	KUNIT_ASSERT_EQ(test, 0, iio_dma_attachment_test_begin(test, 0, 0, 512));
	attachment = iio_dma_attachment_test_find(test, 0, 8, &position);
	KUNIT_ASSERT_NOT_NULL(test, attachment);
	KUNIT_ASSERT_PTR_EQ(test, attachment,
			    iio_dma_attachment_test_find(test, 8, 8, &position));

	iio_dma_attachments_end(&ctx->fake->queue, -ECANCELED);
	iio_dma_attachment_test_expect_lost(test, 0, 8);
	iio_dma_attachment_done(attachment, NULL);
	KUNIT_EXPECT_EQ(test, 0, ctx->cmds[0].completions);
	iio_dma_attachment_done(attachment, NULL);
	iio_dma_attachment_test_expect_ended(test, 0, -ECANCELED);
}

static void iio_dma_attachment_test_cancel(struct kunit *test)
{
	struct iio_dma_attachment_test *ctx = test->priv;
	struct iio_dma_buffer_queue *queue = &ctx->fake->queue;

	KUNIT_ASSERT_EQ(test, 0, iio_dma_attachment_test_begin(test, 0, 0, 512));
	KUNIT_ASSERT_EQ(test, 0, iio_dma_attachment_test_begin(test, 1, 512,
							       512));
	KUNIT_EXPECT_TRUE(test, iio_dma_attachment_cancel(queue,
							  &ctx->cmds[0].cmd));
	iio_dma_attachment_test_expect_ended(test, 0, -ECANCELED);
	KUNIT_EXPECT_FALSE(test, iio_dma_attachment_cancel(queue,
							   &ctx->cmds[0].cmd));
	KUNIT_EXPECT_EQ(test, 0, ctx->cmds[1].completions);
	iio_dma_attachment_test_expect_found(test, 512, 8, 0);
}

static struct kunit_case iio_dma_attachment_test_cases[] = {
	KUNIT_CASE(iio_dma_attachment_test_finds_all_of_it),
	KUNIT_CASE(iio_dma_attachment_test_finds_a_part),
	KUNIT_CASE(iio_dma_attachment_test_other_bvecs),
	KUNIT_CASE(iio_dma_attachment_test_two_parts),
	KUNIT_CASE(iio_dma_attachment_test_refused),
	KUNIT_CASE(iio_dma_attachment_test_index),
	KUNIT_CASE(iio_dma_attachment_test_end),
	KUNIT_CASE(iio_dma_attachment_test_end_in_flight),
	KUNIT_CASE(iio_dma_attachment_test_cancel),
	{}
};

static struct kunit_suite iio_dma_attachment_test_suite = {
	.name = "iio_dma_buffer_attachment",
	.init = iio_dma_attachment_test_init,
	.exit = iio_dma_attachment_test_exit,
	.test_cases = iio_dma_attachment_test_cases,
};

kunit_test_suite(iio_dma_attachment_test_suite);
