// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the pages list: which scatter list becomes of a request's
 * memory.
 */

#include <linux/mman.h>
#include <linux/uio.h>

#include <kunit/test.h>

#include "industrialio-buffer-dma-kunit.h"

/* So that nothing has to be exported for the sake of tests */
#include "industrialio-buffer-dma-pages.c"

#define ALIGN_BYTES	8
#define PAGES_ORDER	5
#define PAGES		BIT(PAGES_ORDER)

/**
 * struct iio_dma_pages_test - What each test begins with
 * @memory: Contiguous pages, PAGES of them
 * @bvecs: For the request
 * @pages: The list
 * @limits: Segments of up to two pages
 */
struct iio_dma_pages_test {
	struct page *memory;
	struct bio_vec bvecs[PAGES];
	struct iio_dma_pages pages;
	struct iio_dma_pages_limits limits;
};

static int iio_dma_pages_test_init(struct kunit *test)
{
	struct iio_dma_pages_test *ctx;

	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->memory = iio_dma_kunit_alloc_pages(test, PAGES_ORDER);
	ctx->limits = (struct iio_dma_pages_limits) {
		.align = ALIGN_BYTES,
		.max_len = 2 * PAGE_SIZE,
		.write = true,
	};
	test->priv = ctx;

	return 0;
}

static void iio_dma_pages_test_exit(struct kunit *test)
{
	struct iio_dma_pages_test *ctx = test->priv;

	if (!ctx)
		return;

	iio_dma_pages_put(&ctx->pages);
	iio_dma_pages_free(&ctx->pages);
}

static void iio_dma_pages_test_set(struct iio_dma_pages_test *ctx,
				   unsigned int bvec, unsigned int page,
				   unsigned int offset, unsigned int len)
{
	bvec_set_page(&ctx->bvecs[bvec], nth_page(ctx->memory, page), len,
		      offset);
}

/* A request that begins @skip bytes behind the beginning of the bvecs */
static int iio_dma_pages_test_get(struct iio_dma_pages_test *ctx,
				  unsigned int num_bvecs, size_t skip,
				  size_t len)
{
	struct iov_iter iter;

	iov_iter_bvec(&iter, ITER_DEST, ctx->bvecs, num_bvecs, len);
	iter.iov_offset = skip;

	return iio_dma_pages_get(&ctx->pages, &iter, &ctx->limits);
}

static void iio_dma_pages_test_expect(struct kunit *test, unsigned int entry,
				      unsigned int page, unsigned int offset,
				      unsigned int len)
{
	struct iio_dma_pages_test *ctx = test->priv;
	struct scatterlist *sg = &ctx->pages.sgt.sgl[entry];

	KUNIT_EXPECT_PTR_EQ(test, sg_page(sg), nth_page(ctx->memory, page));
	KUNIT_EXPECT_EQ(test, sg->offset, offset);
	KUNIT_EXPECT_EQ(test, sg->length, len);
}

/* As many entries, the last of which and no other one is marked */
static void iio_dma_pages_test_expect_entries(struct kunit *test,
					      unsigned int entries)
{
	struct iio_dma_pages_test *ctx = test->priv;
	struct sg_table *sgt = &ctx->pages.sgt;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, entries, sgt->orig_nents);
	for (i = 0; i < entries; i++)
		KUNIT_EXPECT_EQ(test, i == entries - 1,
				!!sg_is_last(&sgt->sgl[i]));
}

static void iio_dma_pages_test_merges_contiguous(struct kunit *test)
{
	struct iio_dma_pages_test *ctx = test->priv;

	iio_dma_pages_test_set(ctx, 0, 0, 512, PAGE_SIZE - 512);
	iio_dma_pages_test_set(ctx, 1, 1, 0, 1024);
	KUNIT_ASSERT_EQ(test, 0, iio_dma_pages_test_get(ctx, 2, 0,
							PAGE_SIZE + 512));
	iio_dma_pages_test_expect_entries(test, 1);
	iio_dma_pages_test_expect(test, 0, 0, 512, PAGE_SIZE + 512);
}

static void iio_dma_pages_test_keeps_others_apart(struct kunit *test)
{
	struct iio_dma_pages_test *ctx = test->priv;

	iio_dma_pages_test_set(ctx, 0, 4, 0, PAGE_SIZE);
	iio_dma_pages_test_set(ctx, 1, 6, 0, PAGE_SIZE);
	iio_dma_pages_test_set(ctx, 2, 5, 0, PAGE_SIZE - 8);
	/* A gap of 8 bytes */
	iio_dma_pages_test_set(ctx, 3, 6, 0, 8);
	KUNIT_ASSERT_EQ(test, 0, iio_dma_pages_test_get(ctx, 4, 0,
							3 * PAGE_SIZE));
	iio_dma_pages_test_expect_entries(test, 4);
	iio_dma_pages_test_expect(test, 0, 4, 0, PAGE_SIZE);
	iio_dma_pages_test_expect(test, 1, 6, 0, PAGE_SIZE);
	iio_dma_pages_test_expect(test, 2, 5, 0, PAGE_SIZE - 8);
	iio_dma_pages_test_expect(test, 3, 6, 0, 8);
}

static void iio_dma_pages_test_merges_up_to_a_segment(struct kunit *test)
{
	struct iio_dma_pages_test *ctx = test->priv;
	unsigned int i;

	for (i = 0; i < 5; i++)
		iio_dma_pages_test_set(ctx, i, i, 0, PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, 0, iio_dma_pages_test_get(ctx, 5, 0,
							5 * PAGE_SIZE));
	iio_dma_pages_test_expect_entries(test, 3);
	iio_dma_pages_test_expect(test, 0, 0, 0, 2 * PAGE_SIZE);
	iio_dma_pages_test_expect(test, 1, 2, 0, 2 * PAGE_SIZE);
	iio_dma_pages_test_expect(test, 2, 4, 0, PAGE_SIZE);
}

static void iio_dma_pages_test_splits_at_a_segment(struct kunit *test)
{
	struct iio_dma_pages_test *ctx = test->priv;

	iio_dma_pages_test_set(ctx, 0, 0, 16, 5 * PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, 0, iio_dma_pages_test_get(ctx, 1, 0,
							5 * PAGE_SIZE));
	iio_dma_pages_test_expect_entries(test, 3);
	iio_dma_pages_test_expect(test, 0, 0, 16, 2 * PAGE_SIZE);
	iio_dma_pages_test_expect(test, 1, 2, 16, 2 * PAGE_SIZE);
	iio_dma_pages_test_expect(test, 2, 4, 16, PAGE_SIZE);
}

static void iio_dma_pages_test_begins_inside_a_bvec(struct kunit *test)
{
	struct iio_dma_pages_test *ctx = test->priv;

	iio_dma_pages_test_set(ctx, 0, 8, 256, 2 * PAGE_SIZE);
	iio_dma_pages_test_set(ctx, 1, 3, 0, PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, 0, iio_dma_pages_test_get(ctx, 2, PAGE_SIZE + 8,
							PAGE_SIZE));
	iio_dma_pages_test_expect_entries(test, 2);
	iio_dma_pages_test_expect(test, 0, 9, 264, PAGE_SIZE - 8);
	iio_dma_pages_test_expect(test, 1, 3, 0, 8);
}

static void iio_dma_pages_test_skips_empty_bvecs(struct kunit *test)
{
	struct iio_dma_pages_test *ctx = test->priv;

	iio_dma_pages_test_set(ctx, 0, 0, 0, 64);
	iio_dma_pages_test_set(ctx, 1, 7, 4, 0);
	iio_dma_pages_test_set(ctx, 2, 0, 64, 64);
	KUNIT_ASSERT_EQ(test, 0, iio_dma_pages_test_get(ctx, 3, 0, 128));
	iio_dma_pages_test_expect_entries(test, 1);
	iio_dma_pages_test_expect(test, 0, 0, 0, 128);
}

static void iio_dma_pages_test_refuses_what_is_not_aligned(struct kunit *test)
{
	struct iio_dma_pages_test *ctx = test->priv;

	iio_dma_pages_test_set(ctx, 0, 0, 4, 64);
	KUNIT_EXPECT_EQ(test, -EINVAL, iio_dma_pages_test_get(ctx, 1, 0, 64));
	iio_dma_pages_put(&ctx->pages);

	iio_dma_pages_test_set(ctx, 0, 0, 0, 64);
	KUNIT_EXPECT_EQ(test, -EINVAL, iio_dma_pages_test_get(ctx, 1, 0, 60));
	iio_dma_pages_put(&ctx->pages);
	KUNIT_EXPECT_EQ(test, -EINVAL, iio_dma_pages_test_get(ctx, 1, 4, 56));
	iio_dma_pages_put(&ctx->pages);

	/* Both bvecs, although they are 64 bytes together */
	iio_dma_pages_test_set(ctx, 0, 0, 0, 28);
	iio_dma_pages_test_set(ctx, 1, 0, 28, 36);
	KUNIT_EXPECT_EQ(test, -EINVAL, iio_dma_pages_test_get(ctx, 2, 0, 64));
	iio_dma_pages_put(&ctx->pages);

	/* There is nothing left of these attempts */
	iio_dma_pages_test_set(ctx, 0, 0, 8, 64);
	KUNIT_EXPECT_EQ(test, 0, iio_dma_pages_test_get(ctx, 1, 0, 64));
	iio_dma_pages_test_expect_entries(test, 1);
}

static void iio_dma_pages_test_refuses_kernel_memory(struct kunit *test)
{
	struct iio_dma_pages_test *ctx = test->priv;
	struct kvec kvec = { page_address(ctx->memory), PAGE_SIZE };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_DEST, &kvec, 1, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			iio_dma_pages_get(&ctx->pages, &iter, &ctx->limits));
}

/* More entries than a list begins with, in steps */
static void iio_dma_pages_test_grows(struct kunit *test)
{
	struct iio_dma_pages_test *ctx = test->priv;
	unsigned int i;

	for (i = 0; i < PAGES; i++)
		iio_dma_pages_test_set(ctx, i, PAGES - 1 - i, 0, PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, 0, iio_dma_pages_test_get(ctx, PAGES, 0,
							PAGES * PAGE_SIZE));
	iio_dma_pages_test_expect_entries(test, PAGES);
	for (i = 0; i < PAGES; i++)
		iio_dma_pages_test_expect(test, i, PAGES - 1 - i, 0, PAGE_SIZE);
}

static void iio_dma_pages_test_is_used_again(struct kunit *test)
{
	struct iio_dma_pages_test *ctx = test->priv;
	struct scatterlist *sgl;

	iio_dma_pages_test_grows(test);
	sgl = ctx->pages.sgt.sgl;

	iio_dma_pages_put(&ctx->pages);
	KUNIT_EXPECT_EQ(test, 0, ctx->pages.sgt.orig_nents);

	iio_dma_pages_test_set(ctx, 0, 1, 0, 64);
	KUNIT_ASSERT_EQ(test, 0, iio_dma_pages_test_get(ctx, 1, 0, 64));
	iio_dma_pages_test_expect_entries(test, 1);
	iio_dma_pages_test_expect(test, 0, 1, 0, 64);
	iio_dma_pages_put(&ctx->pages);

	/* The marks of earlier ends are gone, and nothing was allocated */
	iio_dma_pages_test_grows(test);
	KUNIT_EXPECT_PTR_EQ(test, sgl, ctx->pages.sgt.sgl);
}

static void iio_dma_pages_test_pins_user_memory(struct kunit *test)
{
	struct iio_dma_pages_test *ctx = test->priv;
	unsigned long addr = kunit_vm_mmap(test, NULL, 0, 2 * PAGE_SIZE,
					   PROT_READ | PROT_WRITE,
					   MAP_ANONYMOUS | MAP_PRIVATE, 0);
	struct iov_iter iter;
	struct page *first;

	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr) || !addr);
	iov_iter_ubuf(&iter, ITER_DEST, (void __user *)addr + 128, PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, 0,
			iio_dma_pages_get(&ctx->pages, &iter, &ctx->limits));
	KUNIT_ASSERT_EQ(test, 2, ctx->pages.nr_pinned);
	first = ctx->pages.pinned[0];
	KUNIT_EXPECT_PTR_EQ(test, first, sg_page(ctx->pages.sgt.sgl));
	KUNIT_EXPECT_EQ(test, 128, ctx->pages.sgt.sgl->offset);
	KUNIT_EXPECT_TRUE(test, folio_maybe_dma_pinned(page_folio(first)));

	iio_dma_pages_put(&ctx->pages);
	KUNIT_EXPECT_EQ(test, 0, ctx->pages.nr_pinned);
	KUNIT_EXPECT_FALSE(test, folio_maybe_dma_pinned(page_folio(first)));

	/* The second page is there, the third is not */
	iov_iter_ubuf(&iter, ITER_DEST, (void __user *)addr + PAGE_SIZE,
		      2 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, -EFAULT,
			iio_dma_pages_get(&ctx->pages, &iter, &ctx->limits));
	iio_dma_pages_put(&ctx->pages);
	KUNIT_EXPECT_EQ(test, 0, ctx->pages.nr_pinned);
}

static struct kunit_case iio_dma_pages_test_cases[] = {
	KUNIT_CASE(iio_dma_pages_test_merges_contiguous),
	KUNIT_CASE(iio_dma_pages_test_keeps_others_apart),
	KUNIT_CASE(iio_dma_pages_test_merges_up_to_a_segment),
	KUNIT_CASE(iio_dma_pages_test_splits_at_a_segment),
	KUNIT_CASE(iio_dma_pages_test_begins_inside_a_bvec),
	KUNIT_CASE(iio_dma_pages_test_skips_empty_bvecs),
	KUNIT_CASE(iio_dma_pages_test_refuses_what_is_not_aligned),
	KUNIT_CASE(iio_dma_pages_test_refuses_kernel_memory),
	KUNIT_CASE(iio_dma_pages_test_grows),
	KUNIT_CASE(iio_dma_pages_test_is_used_again),
	KUNIT_CASE(iio_dma_pages_test_pins_user_memory),
	{}
};

static struct kunit_suite iio_dma_pages_test_suite = {
	.name = "iio_dma_buffer_pages",
	.init = iio_dma_pages_test_init,
	.exit = iio_dma_pages_test_exit,
	.test_cases = iio_dma_pages_test_cases,
};

kunit_test_suite(iio_dma_pages_test_suite);
