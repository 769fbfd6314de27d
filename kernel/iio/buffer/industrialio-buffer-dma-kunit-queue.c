// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the block queue: where blocks are, in which order, and how
 * they end.
 */

#include <linux/dmaengine.h>

#include <kunit/test.h>

#include "industrialio-buffer-dma-kunit.h"

#define LEN	(64 * IIO_DMA_KUNIT_SCAN_BYTES)

static void iio_dma_queue_test_start(struct kunit *test, unsigned int num)
{
	struct iio_dma_kunit *fake = test->priv;
	unsigned int i;

	for (i = 0; i < num; i++)
		KUNIT_ASSERT_EQ(test, -EIOCBQUEUED,
				iio_dma_kunit_start(fake, i, LEN));
}

static void iio_dma_queue_test_expect(struct kunit *test, unsigned int request,
				      ssize_t result)
{
	struct iio_dma_kunit *fake = test->priv;

	KUNIT_EXPECT_EQ(test, 1, fake->requests[request].completions);
	KUNIT_EXPECT_EQ(test, result, fake->requests[request].result);
}

static void iio_dma_queue_test_expect_pending(struct kunit *test,
					      unsigned int request)
{
	struct iio_dma_kunit *fake = test->priv;

	KUNIT_EXPECT_EQ(test, 0, fake->requests[request].completions);
}

static void iio_dma_queue_test_waits_for_enable(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;
	struct iio_dma_buffer_block *block;

	iio_dma_queue_test_start(test, 2);
	KUNIT_EXPECT_EQ(test, 0, iio_dma_kunit_num_active(fake));
	list_for_each_entry(block, &fake->queue.incoming, head)
		KUNIT_EXPECT_EQ(test, IIO_BLOCK_STATE_QUEUED, block->state);

	iio_dma_kunit_enable(fake);
	KUNIT_EXPECT_EQ(test, 2, iio_dma_kunit_num_active(fake));
	KUNIT_EXPECT_TRUE(test, list_empty(&fake->queue.incoming));
	list_for_each_entry(block, &fake->active, head)
		KUNIT_EXPECT_EQ(test, IIO_BLOCK_STATE_ACTIVE, block->state);
	iio_dma_queue_test_expect_pending(test, 0);
	iio_dma_queue_test_expect_pending(test, 1);
}

/* Some before and some after the buffer is enabled */
static void iio_dma_queue_test_order(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;
	struct iio_dma_buffer_block *block;
	unsigned int i;

	iio_dma_queue_test_start(test, 3);
	iio_dma_kunit_enable(fake);
	for (i = 3; i < 6; i++)
		KUNIT_ASSERT_EQ(test, -EIOCBQUEUED,
				iio_dma_kunit_start(fake, i, (i + 1) * 8));

	i = 0;
	list_for_each_entry(block, &fake->active, head) {
		KUNIT_EXPECT_EQ(test, 1, block->num_vecs);
		KUNIT_EXPECT_EQ(test, block->vecs[0].addr,
				page_to_phys(nth_page(fake->pages, i)));
		KUNIT_EXPECT_EQ(test, block->vecs[0].len, block->bytes_used);
		i++;
	}
	KUNIT_ASSERT_EQ(test, 6, i);

	for (i = 0; i < 6; i++) {
		iio_dma_kunit_finish(fake, 0, 0);
		iio_dma_queue_test_expect(test, i, i < 3 ? LEN : (i + 1) * 8);
		KUNIT_EXPECT_EQ(test, i, fake->requests[i].turn);
	}
}

static void iio_dma_queue_test_done_block_is_done(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;
	struct iio_dma_buffer_block *block;

	iio_dma_kunit_enable(fake);
	iio_dma_queue_test_start(test, 1);
	block = iio_dma_kunit_first_active(fake);
	KUNIT_ASSERT_NOT_NULL(test, block);
	iio_dma_kunit_finish(fake, 0, 0);
	KUNIT_EXPECT_EQ(test, IIO_BLOCK_STATE_DONE, block->state);

	/* And serves the next request */
	iio_dma_queue_test_start(test, 1);
	KUNIT_EXPECT_PTR_EQ(test, block, iio_dma_kunit_first_active(fake));
}

static void iio_dma_queue_test_short_transfer(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	iio_dma_kunit_enable(fake);
	iio_dma_queue_test_start(test, 2);
	iio_dma_kunit_finish(fake, 24, 0);
	iio_dma_queue_test_expect(test, 0, LEN - 24);
	iio_dma_kunit_finish(fake, 0, 0);
	iio_dma_queue_test_expect(test, 1, LEN);
}

static void iio_dma_queue_test_failed_transfer(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;
	struct iio_dma_buffer_block *block;

	iio_dma_kunit_enable(fake);
	iio_dma_queue_test_start(test, 1);
	iio_dma_kunit_finish(fake, 0, -EIO);
	iio_dma_queue_test_expect(test, 0, -EIO);

	/* The error is not that of the next request for which the block serves */
	iio_dma_queue_test_start(test, 1);
	block = iio_dma_kunit_first_active(fake);
	KUNIT_ASSERT_NOT_NULL(test, block);
	KUNIT_EXPECT_EQ(test, 0, block->error);
	KUNIT_EXPECT_EQ(test, LEN, block->bytes_used);
}

static void iio_dma_queue_test_refused_submit(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	iio_dma_kunit_enable(fake);
	fake->submit_error = -ENOSPC;
	iio_dma_queue_test_start(test, 1);
	iio_dma_queue_test_expect(test, 0, -ENOSPC);

	fake->submit_error = 0;
	iio_dma_queue_test_start(test, 1);
	iio_dma_kunit_finish(fake, 0, 0);
	iio_dma_queue_test_expect(test, 0, LEN);
}

static void iio_dma_queue_test_disable(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	iio_dma_kunit_enable(fake);
	iio_dma_queue_test_start(test, 2);
	iio_dma_kunit_disable(fake);
	iio_dma_queue_test_expect(test, 0, -ECANCELED);
	iio_dma_queue_test_expect(test, 1, -ECANCELED);

	/* What comes now is for the next time */
	iio_dma_queue_test_start(test, 1);
	KUNIT_EXPECT_EQ(test, 0, iio_dma_kunit_num_active(fake));
	iio_dma_kunit_enable(fake);
	iio_dma_kunit_finish(fake, 0, 0);
	iio_dma_queue_test_expect(test, 0, LEN);
}

static void iio_dma_queue_test_abort_before_enable(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	iio_dma_queue_test_start(test, 2);
	iio_dma_kunit_abort(fake);
	iio_dma_queue_test_expect(test, 0, -ECANCELED);
	iio_dma_queue_test_expect(test, 1, -ECANCELED);

	iio_dma_kunit_enable(fake);
	KUNIT_EXPECT_EQ(test, 0, fake->num_submitted);
}

static void iio_dma_queue_test_abort_after_enable(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	iio_dma_kunit_enable(fake);
	iio_dma_queue_test_start(test, 2);
	iio_dma_kunit_finish(fake, 0, 0);
	iio_dma_kunit_abort(fake);
	iio_dma_queue_test_expect(test, 0, LEN);
	iio_dma_queue_test_expect(test, 1, -ECANCELED);

	/* The buffer stays enabled */
	iio_dma_queue_test_start(test, 1);
	KUNIT_EXPECT_EQ(test, 1, iio_dma_kunit_num_active(fake));
	iio_dma_kunit_finish(fake, 0, 0);
	iio_dma_queue_test_expect(test, 0, LEN);
}

static void iio_dma_queue_test_removal(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	iio_dma_queue_test_start(test, 1);
	iio_dma_buffer_exit(&fake->queue);
	iio_dma_queue_test_expect(test, 0, -ENODEV);
	KUNIT_EXPECT_EQ(test, -ENODEV, iio_dma_kunit_start(fake, 1, LEN));
	iio_dma_queue_test_expect_pending(test, 1);
}

/* When the buffer is enabled it is too late to say so at once */
static void iio_dma_queue_test_scan_size(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;
	struct iio_buffer *buffer = &fake->queue.buffer;

	KUNIT_ASSERT_EQ(test, -EIOCBQUEUED, iio_dma_kunit_start(fake, 0, 48));
	KUNIT_ASSERT_EQ(test, -EIOCBQUEUED, iio_dma_kunit_start(fake, 1, 40));
	KUNIT_ASSERT_EQ(test, -EIOCBQUEUED, iio_dma_kunit_start(fake, 2, 24));
	iio_dma_buffer_set_bytes_per_datum(buffer, 24);
	iio_dma_kunit_enable(fake);
	iio_dma_queue_test_expect(test, 1, -EINVAL);
	KUNIT_EXPECT_EQ(test, 2, iio_dma_kunit_num_active(fake));

	KUNIT_EXPECT_EQ(test, -EINVAL, iio_dma_kunit_start(fake, 3, 40));
	iio_dma_queue_test_expect_pending(test, 3);

	iio_dma_kunit_finish(fake, 0, 0);
	iio_dma_kunit_finish(fake, 0, 0);
	iio_dma_queue_test_expect(test, 0, 48);
	iio_dma_queue_test_expect(test, 2, 24);
}

static void iio_dma_queue_test_max_requests(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	fake->queue.direct.max_requests = 2;
	iio_dma_kunit_enable(fake);
	iio_dma_queue_test_start(test, 2);
	KUNIT_EXPECT_EQ(test, -ENOBUFS, iio_dma_kunit_start(fake, 2, 8));

	iio_dma_kunit_finish(fake, 0, 0);
	KUNIT_EXPECT_EQ(test, -EIOCBQUEUED, iio_dma_kunit_start(fake, 2, 8));
	KUNIT_EXPECT_EQ(test, -ENOBUFS, iio_dma_kunit_start(fake, 3, 8));
}

static void iio_dma_queue_test_max_bytes(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	fake->queue.direct.max_bytes = 2 * LEN;
	iio_dma_queue_test_start(test, 1);
	KUNIT_EXPECT_EQ(test, -ENOBUFS, iio_dma_kunit_start(fake, 1, LEN + 8));
	KUNIT_EXPECT_EQ(test, -EIOCBQUEUED, iio_dma_kunit_start(fake, 1, LEN));
	KUNIT_EXPECT_EQ(test, -ENOBUFS, iio_dma_kunit_start(fake, 2, 8));

	/* A request that failed counts no more */
	iio_dma_kunit_abort(fake);
	KUNIT_EXPECT_EQ(test, 0, fake->queue.direct.bytes);
	KUNIT_EXPECT_EQ(test, 0, fake->queue.direct.requests);
}

/* All of a request counts, even if only a part of it was transferred */
static void iio_dma_queue_test_short_transfer_frees_all_bytes(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	iio_dma_kunit_enable(fake);
	iio_dma_queue_test_start(test, 1);
	KUNIT_EXPECT_EQ(test, LEN, fake->queue.direct.bytes);
	iio_dma_kunit_finish(fake, 8, 0);
	KUNIT_EXPECT_EQ(test, 0, fake->queue.direct.bytes);
}

static void iio_dma_queue_test_refused_request_leaves_nothing(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	KUNIT_EXPECT_EQ(test, -EINVAL, iio_dma_kunit_start(fake, 0, 12));
	KUNIT_EXPECT_EQ(test, 0, iio_dma_kunit_start(fake, 0, 0));
	KUNIT_EXPECT_EQ(test, 0, fake->queue.direct.requests);
	KUNIT_EXPECT_EQ(test, 0, fake->queue.direct.bytes);
	KUNIT_EXPECT_TRUE(test, list_empty(&fake->queue.direct.in_flight));
	KUNIT_EXPECT_TRUE(test, list_empty(&fake->queue.incoming));
}

static struct kunit_case iio_dma_queue_test_cases[] = {
	KUNIT_CASE(iio_dma_queue_test_waits_for_enable),
	KUNIT_CASE(iio_dma_queue_test_order),
	KUNIT_CASE(iio_dma_queue_test_done_block_is_done),
	KUNIT_CASE(iio_dma_queue_test_short_transfer),
	KUNIT_CASE(iio_dma_queue_test_failed_transfer),
	KUNIT_CASE(iio_dma_queue_test_refused_submit),
	KUNIT_CASE(iio_dma_queue_test_disable),
	KUNIT_CASE(iio_dma_queue_test_abort_before_enable),
	KUNIT_CASE(iio_dma_queue_test_abort_after_enable),
	KUNIT_CASE(iio_dma_queue_test_removal),
	KUNIT_CASE(iio_dma_queue_test_scan_size),
	KUNIT_CASE(iio_dma_queue_test_max_requests),
	KUNIT_CASE(iio_dma_queue_test_max_bytes),
	KUNIT_CASE(iio_dma_queue_test_short_transfer_frees_all_bytes),
	KUNIT_CASE(iio_dma_queue_test_refused_request_leaves_nothing),
	{}
};

static struct kunit_suite iio_dma_queue_test_suite = {
	.name = "iio_dma_buffer_queue",
	.init = iio_dma_kunit_init,
	.exit = iio_dma_kunit_exit,
	.test_cases = iio_dma_queue_test_cases,
};

kunit_test_suite(iio_dma_queue_test_suite);
