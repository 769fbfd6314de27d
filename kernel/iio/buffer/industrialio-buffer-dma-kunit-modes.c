// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the interfaces that exclude each other, copying, DMABUFs and
 * direct transfers, and of what closing the buffer does.
 */

#include <linux/dma-buf.h>
#include <linux/string.h>
#include <linux/uio.h>

#include <kunit/test.h>

#include "industrialio-buffer-dma-kunit.h"

/* Half of the buffer, which is one block of the copying interface */
#define BLOCK	(512 * IIO_DMA_KUNIT_SCAN_BYTES)

static void iio_dma_modes_test_enable_copy(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	KUNIT_ASSERT_EQ(test, 0,
			iio_dma_buffer_request_update(&fake->queue.buffer));
	iio_dma_kunit_enable(fake);
}

static int iio_dma_modes_test_read(struct iio_dma_kunit *fake, void *to,
				   size_t len)
{
	struct kvec kvec = { .iov_base = to, .iov_len = len };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_DEST, &kvec, 1, len);

	return iio_dma_buffer_read_iter(&fake->queue.buffer, len, &iter);
}

/* The DMA controller fills both blocks, and gets each back when it is read */
static void iio_dma_modes_test_copy(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;
	char *data = kunit_kzalloc(test, BLOCK, GFP_KERNEL);
	struct iio_dma_buffer_block *first, *second;

	KUNIT_ASSERT_NOT_NULL(test, data);
	iio_dma_modes_test_enable_copy(test);
	KUNIT_ASSERT_EQ(test, 2, iio_dma_kunit_num_active(fake));
	KUNIT_EXPECT_EQ(test, 0, iio_dma_buffer_usage(&fake->queue.buffer));
	KUNIT_EXPECT_EQ(test, 0, iio_dma_modes_test_read(fake, data, BLOCK));

	first = iio_dma_kunit_first_active(fake);
	memset(first->vaddr, 'a', BLOCK);
	iio_dma_kunit_finish(fake, 0, 0);
	second = iio_dma_kunit_first_active(fake);
	memset(second->vaddr, 'b', BLOCK);
	iio_dma_kunit_finish(fake, 16, 0);
	KUNIT_EXPECT_EQ(test, 2 * BLOCK,
			iio_dma_buffer_usage(&fake->queue.buffer));

	KUNIT_EXPECT_EQ(test, 24, iio_dma_modes_test_read(fake, data, 30));
	KUNIT_EXPECT_EQ(test, 0, iio_dma_kunit_num_active(fake));
	KUNIT_EXPECT_EQ(test, BLOCK - 24,
			iio_dma_modes_test_read(fake, data, BLOCK));
	KUNIT_EXPECT_PTR_EQ(test, NULL, memchr_inv(data, 'a', BLOCK - 24));
	KUNIT_EXPECT_PTR_EQ(test, first, iio_dma_kunit_first_active(fake));

	/* Of a short transfer no more is read than has come */
	KUNIT_EXPECT_EQ(test, BLOCK - 16,
			iio_dma_modes_test_read(fake, data, BLOCK));
	KUNIT_EXPECT_PTR_EQ(test, NULL, memchr_inv(data, 'b', BLOCK - 16));
	KUNIT_EXPECT_EQ(test, 2, iio_dma_kunit_num_active(fake));
}

static void iio_dma_modes_test_refused_copy_block_waits(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	fake->submit_error = -ENOMEM;
	iio_dma_modes_test_enable_copy(test);
	KUNIT_EXPECT_EQ(test, 0, iio_dma_kunit_num_active(fake));
	KUNIT_EXPECT_EQ(test, 2, list_count_nodes(&fake->queue.incoming));

	fake->submit_error = 0;
	iio_dma_kunit_enable(fake);
	KUNIT_EXPECT_EQ(test, 2, iio_dma_kunit_num_active(fake));
}

static void iio_dma_modes_test_direct_drops_copy(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	iio_dma_modes_test_enable_copy(test);
	KUNIT_EXPECT_EQ(test, -EIOCBQUEUED, iio_dma_kunit_start(fake, 0, 8));
	KUNIT_ASSERT_EQ(test, 1, iio_dma_kunit_num_active(fake));
	KUNIT_EXPECT_NE(test, 0, iio_dma_kunit_first_active(fake)->num_vecs);
	KUNIT_EXPECT_EQ(test, -EBUSY,
			iio_dma_buffer_check_copy(&fake->queue.buffer));
}

static void iio_dma_modes_test_copy_keeps_direct_out(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	iio_dma_modes_test_enable_copy(test);
	KUNIT_EXPECT_EQ(test, 0,
			iio_dma_buffer_check_copy(&fake->queue.buffer));
	KUNIT_EXPECT_EQ(test, -EBUSY, iio_dma_kunit_start(fake, 0, 8));
	KUNIT_EXPECT_EQ(test, 2, iio_dma_kunit_num_active(fake));
}

/* A request that does not fit the scan size ends nothing */
static void iio_dma_modes_test_bad_request_keeps_copy(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	iio_dma_buffer_set_bytes_per_datum(&fake->queue.buffer, 16);
	iio_dma_modes_test_enable_copy(test);
	KUNIT_EXPECT_EQ(test, -EINVAL, iio_dma_kunit_start(fake, 0, 24));
	KUNIT_EXPECT_EQ(test, 2, iio_dma_kunit_num_active(fake));
	KUNIT_EXPECT_EQ(test, 0,
			iio_dma_buffer_check_copy(&fake->queue.buffer));
}

static void iio_dma_modes_test_dmabuf_keeps_others_out(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;
	struct iio_buffer *buffer = &fake->queue.buffer;
	struct dma_buf dmabuf = { .size = BLOCK };
	struct dma_buf_attachment attach = { .dmabuf = &dmabuf };
	struct iio_dma_buffer_block *block;

	block = iio_dma_buffer_attach_dmabuf(buffer, &attach);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, block);
	KUNIT_EXPECT_EQ(test, BLOCK, block->size);
	KUNIT_EXPECT_EQ(test, -EBUSY, iio_dma_buffer_check_copy(buffer));
	KUNIT_EXPECT_EQ(test, -EBUSY, iio_dma_kunit_start(fake, 0, 8));

	iio_dma_buffer_detach_dmabuf(buffer, block);
	KUNIT_EXPECT_EQ(test, -EIOCBQUEUED, iio_dma_kunit_start(fake, 0, 8));
	block = iio_dma_buffer_attach_dmabuf(buffer, &attach);
	KUNIT_EXPECT_EQ(test, -EBUSY, PTR_ERR_OR_ZERO(block));
}

static void iio_dma_modes_test_last_close_frees_the_mode(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;
	struct iio_buffer *buffer = &fake->queue.buffer;

	KUNIT_ASSERT_EQ(test, -EIOCBQUEUED, iio_dma_kunit_start(fake, 0, 8));
	KUNIT_EXPECT_EQ(test, -EBUSY, iio_dma_buffer_check_copy(buffer));

	/* Whoever has opened the buffer since has a request in flight */
	iio_dma_buffer_last_closed(buffer);
	KUNIT_EXPECT_EQ(test, -EBUSY, iio_dma_buffer_check_copy(buffer));

	iio_dma_kunit_abort(fake);
	iio_dma_buffer_last_closed(buffer);
	KUNIT_EXPECT_TRUE(test, list_empty(&fake->queue.direct.idle));
	KUNIT_EXPECT_EQ(test, 0, iio_dma_buffer_check_copy(buffer));
	KUNIT_EXPECT_EQ(test, -EBUSY, iio_dma_kunit_start(fake, 0, 8));

	iio_dma_buffer_last_closed(buffer);
	KUNIT_EXPECT_EQ(test, -EIOCBQUEUED, iio_dma_kunit_start(fake, 0, 8));
}

/* Whoever opens it next finds an enabled buffer that can be read */
static void iio_dma_modes_test_last_close_starts_copy(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;

	iio_dma_kunit_enable(fake);
	KUNIT_ASSERT_EQ(test, -EIOCBQUEUED, iio_dma_kunit_start(fake, 0, 8));
	iio_dma_kunit_finish(fake, 0, 0);
	iio_dma_buffer_last_closed(&fake->queue.buffer);

	KUNIT_EXPECT_EQ(test, 2, iio_dma_kunit_num_active(fake));
	KUNIT_EXPECT_EQ(test, 0,
			iio_dma_buffer_check_copy(&fake->queue.buffer));
}

/* As if a second buffer of the device had been enabled meanwhile */
static void iio_dma_modes_test_restart_keeps_copying(struct kunit *test)
{
	struct iio_dma_kunit *fake = test->priv;
	struct dma_buf dmabuf = { .size = PAGE_SIZE };
	struct dma_buf_attachment attachment = { .dmabuf = &dmabuf };

	iio_dma_modes_test_enable_copy(test);
	iio_dma_kunit_disable(fake);
	iio_dma_kunit_enable(fake);
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EBUSY),
			    iio_dma_buffer_attach_dmabuf(&fake->queue.buffer,
							 &attachment));
}

static struct kunit_case iio_dma_modes_test_cases[] = {
	KUNIT_CASE(iio_dma_modes_test_copy),
	KUNIT_CASE(iio_dma_modes_test_refused_copy_block_waits),
	KUNIT_CASE(iio_dma_modes_test_direct_drops_copy),
	KUNIT_CASE(iio_dma_modes_test_copy_keeps_direct_out),
	KUNIT_CASE(iio_dma_modes_test_bad_request_keeps_copy),
	KUNIT_CASE(iio_dma_modes_test_dmabuf_keeps_others_out),
	KUNIT_CASE(iio_dma_modes_test_last_close_frees_the_mode),
	KUNIT_CASE(iio_dma_modes_test_last_close_starts_copy),
	KUNIT_CASE(iio_dma_modes_test_restart_keeps_copying),
	{}
};

static struct kunit_suite iio_dma_modes_test_suite = {
	.name = "iio_dma_buffer_modes",
	.init = iio_dma_kunit_init,
	.exit = iio_dma_kunit_exit,
	.test_cases = iio_dma_modes_test_cases,
};

kunit_test_suite(iio_dma_modes_test_suite);
