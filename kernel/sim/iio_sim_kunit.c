// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of what needs no converter: the fields of an instance, the
 * arithmetic of its pace, and the samples that it counts.
 */

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <kunit/test.h>

/* So that nothing has to be exported for the sake of tests */
#include "iio_sim_config.c"
#include "iio_sim_fill.c"
#include "iio_sim_stream.c"

/* There is no line between converters in these tests */
size_t iio_sim_line_play(struct iio_sim_dma *dma, void *from, size_t len, u64 position)
{
	return 0;
}

size_t iio_sim_line_record(struct iio_sim_dma *dma, void *to, size_t len, u64 position)
{
	return 0;
}

static char *iio_sim_test_page(struct kunit *test)
{
	char *page = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	return page;
}

static const struct iio_sim_field *iio_sim_test_field(struct kunit *test, const char *name)
{
	const struct iio_sim_field *field = iio_sim_field_find(name);

	KUNIT_ASSERT_NOT_NULL(test, field);
	return field;
}

static void iio_sim_test_defaults(struct kunit *test)
{
	struct iio_sim_config config;

	memset(&config, 0xff, sizeof(config));
	iio_sim_config_init(&config);
	KUNIT_EXPECT_EQ(test, config.direction, IIO_SIM_IN);
	KUNIT_EXPECT_EQ(test, config.channels, 4);
	KUNIT_EXPECT_EQ(test, config.storage_bits, 16);
	KUNIT_EXPECT_EQ(test, config.length_align_bytes, 8);
	KUNIT_EXPECT_EQ(test, config.max_segment_bytes, SZ_16M);
	KUNIT_EXPECT_EQ(test, config.fill, IIO_SIM_FILL_COUNTER);
	KUNIT_EXPECT_EQ(test, config.rate_hz, 12500000);
}

static const void *iio_sim_test_next_field(const void *previous, char *desc)
{
	const struct iio_sim_field *field = previous ? previous + sizeof(*field) : iio_sim_fields;

	if (field == iio_sim_fields + ARRAY_SIZE(iio_sim_fields))
		return NULL;

	strscpy(desc, field->name, KUNIT_PARAM_DESC_SIZE);
	return field;
}

/* What is printed as the default of a field means that */
static void iio_sim_test_default_is_valid(struct kunit *test)
{
	const struct iio_sim_field *field = test->param_value;
	char *page = iio_sim_test_page(test);
	u32 value = ~field->initial;

	KUNIT_EXPECT_PTR_EQ(test, field, iio_sim_field_find(field->name));
	if (field->kind == IIO_SIM_FIELD_COUNTER)
		return;

	KUNIT_EXPECT_GT(test, iio_sim_field_print(field, field->initial, page), 1);
	KUNIT_EXPECT_EQ(test, 0, iio_sim_field_parse(field, page, &value));
	KUNIT_EXPECT_EQ(test, field->initial, value);
}

/* Anything beyond the limits is refused, and leaves the value as it was */
static void iio_sim_test_limits(struct kunit *test)
{
	const struct iio_sim_field *field = test->param_value;
	char *text = iio_sim_test_page(test);
	u32 value = 4711;

	if (field->kind == IIO_SIM_FIELD_COUNTER || field->word)
		return;

	snprintf(text, PAGE_SIZE, "%lld", (s64)field->min - 1);
	KUNIT_EXPECT_EQ(test, field->min ? -ERANGE : -EINVAL,
			iio_sim_field_parse(field, text, &value));
	snprintf(text, PAGE_SIZE, "%lld\n", (s64)field->max + 1);
	KUNIT_EXPECT_EQ(test, -ERANGE, iio_sim_field_parse(field, text, &value));
	KUNIT_EXPECT_EQ(test, 4711, value);

	snprintf(text, PAGE_SIZE, "%u\n", field->min);
	KUNIT_EXPECT_EQ(test, 0, iio_sim_field_parse(field, text, &value));
	KUNIT_EXPECT_EQ(test, field->min, value);
	snprintf(text, PAGE_SIZE, "%u", field->max);
	KUNIT_EXPECT_EQ(test, 0, iio_sim_field_parse(field, text, &value));
	KUNIT_EXPECT_EQ(test, field->max, value);
}

static void iio_sim_test_powers_of_two(struct kunit *test)
{
	const struct iio_sim_field *bits = iio_sim_test_field(test, "storage_bits");
	u32 value = 4711;

	KUNIT_EXPECT_EQ(test, -EINVAL, iio_sim_field_parse(bits, "24", &value));
	KUNIT_EXPECT_EQ(test, 4711, value);
	KUNIT_EXPECT_EQ(test, 0, iio_sim_field_parse(bits, "0x20", &value));
	KUNIT_EXPECT_EQ(test, 32, value);
}

static void iio_sim_test_words(struct kunit *test)
{
	const struct iio_sim_field *direction = iio_sim_test_field(test, "direction");
	const struct iio_sim_field *fill = iio_sim_test_field(test, "fill");
	u32 value = 4711;

	KUNIT_EXPECT_EQ(test, -EINVAL, iio_sim_field_parse(direction, "", &value));
	KUNIT_EXPECT_EQ(test, -EINVAL, iio_sim_field_parse(direction, "1", &value));
	KUNIT_EXPECT_EQ(test, -EINVAL, iio_sim_field_parse(direction, "outs", &value));
	KUNIT_EXPECT_EQ(test, -EINVAL, iio_sim_field_parse(fill, "out", &value));
	KUNIT_EXPECT_EQ(test, 4711, value);

	KUNIT_EXPECT_EQ(test, 0, iio_sim_field_parse(direction, "out\n", &value));
	KUNIT_EXPECT_EQ(test, IIO_SIM_OUT, value);
	KUNIT_EXPECT_EQ(test, 0, iio_sim_field_parse(fill, "none", &value));
	KUNIT_EXPECT_EQ(test, IIO_SIM_FILL_NONE, value);
	KUNIT_EXPECT_EQ(test, 0, iio_sim_field_parse(fill, "loopback", &value));
	KUNIT_EXPECT_EQ(test, IIO_SIM_FILL_LOOPBACK, value);
}

static void iio_sim_test_nonsense(struct kunit *test)
{
	static const char *const texts[] = { "", "\n", "abc", "4 4", "4x", "0x", "+-4" };
	const struct iio_sim_field *channels = iio_sim_test_field(test, "channels");
	u32 value = 4711;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    iio_sim_field_parse(channels, texts[i], &value), "'%s'",
				    texts[i]);
	KUNIT_EXPECT_EQ(test, -ERANGE, iio_sim_field_parse(channels, "4294967297", &value));
	KUNIT_EXPECT_EQ(test, 4711, value);
	KUNIT_EXPECT_PTR_EQ(test, NULL, iio_sim_field_find("channel"));
	KUNIT_EXPECT_PTR_EQ(test, NULL, iio_sim_field_find(""));
}

/* A line for each field, which says all there is to know about it */
static void iio_sim_test_features(struct kunit *test)
{
	char *page = iio_sim_test_page(test), *line = page;
	int len = iio_sim_features_print(page);
	size_t i, lines = 0;

	KUNIT_EXPECT_EQ(test, len, strlen(page));
	KUNIT_EXPECT_LT(test, len, PAGE_SIZE - 1);
	KUNIT_EXPECT_EQ(test, '\n', page[len - 1]);
	for (; (line = strchr(line, '\n')); line++)
		lines++;
	KUNIT_EXPECT_EQ(test, ARRAY_SIZE(iio_sim_fields) + 3, lines);

	for (i = 0; i < ARRAY_SIZE(iio_sim_fields); i++)
		KUNIT_EXPECT_NOT_NULL(test, strstr(page, iio_sim_fields[i].help));
	KUNIT_EXPECT_NOT_NULL(test, strstr(page, " (1 to 64; default 4)\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(page, " (16 to 32, a power of two; default 16)\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(page, "\ndirection word "));
	KUNIT_EXPECT_NOT_NULL(test, strstr(page, " (in, out; default in)\n"));
}

/* Late or not, the end of a block is that of its last sample */
static void iio_sim_test_pace_does_not_drift(struct kunit *test)
{
	struct iio_sim_stream stream = { .rate_hz = 3 };
	unsigned int i;

	iio_sim_stream_reset(&stream, 8);
	iio_sim_stream_start(&stream, 1000);
	for (i = 1; i <= 300; i++) {
		u64 due = iio_sim_stream_due(&stream, 8);

		KUNIT_ASSERT_EQ(test, due, 1000 + i * NSEC_PER_SEC / 3);
		iio_sim_stream_advance(&stream, 8, due + 50);
	}
	KUNIT_EXPECT_EQ(test, 300, iio_sim_stream_scans(&stream, stream.position));
	KUNIT_EXPECT_EQ(test, 300 * 8,
			iio_sim_stream_position_at(&stream, 1000 + 100 * NSEC_PER_SEC));
	KUNIT_EXPECT_EQ(test, 0, iio_sim_stream_position_at(&stream, 999));
}

/* What is lost is what was converted without a block, whole scans */
static void iio_sim_test_pace_loses(struct kunit *test)
{
	struct iio_sim_stream stream = { .rate_hz = 1000 };

	iio_sim_stream_reset(&stream, 4);
	iio_sim_stream_start(&stream, 0);
	iio_sim_stream_advance(&stream, 40, 10 * NSEC_PER_MSEC);
	KUNIT_EXPECT_EQ(test, 0, iio_sim_stream_skip(&stream, 10 * NSEC_PER_MSEC));
	KUNIT_EXPECT_EQ(test, 40, stream.position);
	KUNIT_EXPECT_EQ(test, 2, iio_sim_stream_missed(&stream, 12999999));
	KUNIT_EXPECT_EQ(test, 3, iio_sim_stream_skip(&stream, 13 * NSEC_PER_MSEC));
	KUNIT_EXPECT_EQ(test, 52, stream.position);
	KUNIT_EXPECT_EQ(test, 0, iio_sim_stream_skip(&stream, 13 * NSEC_PER_MSEC));
	KUNIT_EXPECT_EQ(test, 14 * NSEC_PER_MSEC, iio_sim_stream_due(&stream, 4));

	stream.rate_hz = 0;
	KUNIT_EXPECT_EQ(test, 0, iio_sim_stream_due(&stream, 4));
	KUNIT_EXPECT_EQ(test, 0, iio_sim_stream_missed(&stream, NSEC_PER_SEC));
}

/* However the memory is cut, the samples are those of one stream */
static void iio_sim_test_counter_in_pieces(struct kunit *test)
{
	static const u32 scans[] = { 2, 4, 6, 8, 12, 20 };
	u8 *whole = iio_sim_test_page(test), *pieces = iio_sim_test_page(test);
	size_t i, at, n;

	for (i = 0; i < ARRAY_SIZE(scans); i++) {
		iio_sim_fill_count(whole, PAGE_SIZE, 0, scans[i]);
		for (at = 0, n = 1; at < PAGE_SIZE; at += n, n = 1 + at % 29) {
			n = min(n, PAGE_SIZE - at);
			iio_sim_fill_count(pieces + at, n, at, scans[i]);
		}
		KUNIT_EXPECT_MEMEQ(test, whole, pieces, PAGE_SIZE);

		/* The third scan is number 2 */
		KUNIT_EXPECT_EQ(test, 2, whole[2 * scans[i]]);
		KUNIT_EXPECT_EQ(test, 0, whole[2 * scans[i] + 1]);
	}
}

static struct kunit_case iio_sim_config_test_cases[] = {
	KUNIT_CASE(iio_sim_test_defaults),
	KUNIT_CASE_PARAM(iio_sim_test_default_is_valid, iio_sim_test_next_field),
	KUNIT_CASE_PARAM(iio_sim_test_limits, iio_sim_test_next_field),
	KUNIT_CASE(iio_sim_test_powers_of_two),
	KUNIT_CASE(iio_sim_test_words),
	KUNIT_CASE(iio_sim_test_nonsense),
	KUNIT_CASE(iio_sim_test_features),
	{}
};

static struct kunit_suite iio_sim_config_test_suite = {
	.name = "iio_sim_config",
	.test_cases = iio_sim_config_test_cases,
};

static struct kunit_case iio_sim_samples_test_cases[] = {
	KUNIT_CASE(iio_sim_test_pace_does_not_drift),
	KUNIT_CASE(iio_sim_test_pace_loses),
	KUNIT_CASE(iio_sim_test_counter_in_pieces),
	{}
};

static struct kunit_suite iio_sim_samples_test_suite = {
	.name = "iio_sim_samples",
	.test_cases = iio_sim_samples_test_cases,
};

kunit_test_suites(&iio_sim_config_test_suite, &iio_sim_samples_test_suite);

MODULE_DESCRIPTION("KUnit tests of the simulated converters");
MODULE_LICENSE("GPL");
