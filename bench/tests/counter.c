// SPDX-License-Identifier: MIT
/*
 * Verifying counts each lost, duplicated, reordered and corrupt sample exactly,
 * at every scan size, wherever the stream is cut into blocks.
 */
#include "counter.h"
#include "check.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES 1000

/* Sequence numbers in the order they arrive. */
struct arrival {
	uint64_t sequence[3 * SAMPLES];
	size_t count;
};

static const size_t scan_sizes[] = { 2, 4, 6, 8, 16, 24 };

static void arrive(struct arrival *arrival, uint64_t first, uint64_t last)
{
	for (; first <= last; first++)
		arrival->sequence[arrival->count++] = first;
}

/* Little endian and cut below 8 bytes, repeated above. */
static void write_scan(uint8_t *scan, size_t scan_bytes, uint64_t sequence)
{
	uint64_t word = htole64(sequence);
	size_t at;

	for (at = 0; at < scan_bytes; at += sizeof(word))
		memcpy(scan + at, &word, scan_bytes < sizeof(word) ? scan_bytes : sizeof(word));
}

static struct counter_faults verify_bytes(const uint8_t *data, size_t bytes, size_t scan_bytes,
					  size_t block_scans)
{
	struct counter_check check;
	size_t block_bytes = block_scans * scan_bytes, at, piece;

	counter_check_begin(&check, scan_bytes);
	for (at = 0; at < bytes; at += piece) {
		piece = bytes - at < block_bytes ? bytes - at : block_bytes;
		counter_check_block(&check, data + at, piece);
	}
	counter_check_end(&check);
	return check.faults;
}

static bool is(const struct counter_faults *faults, const struct counter_faults *expected)
{
	return faults->samples == expected->samples && faults->lost == expected->lost &&
	       faults->duplicated == expected->duplicated &&
	       faults->reordered == expected->reordered && faults->corrupt == expected->corrupt;
}

static void check_faults(const char *what, const struct arrival *arrival,
			 struct counter_faults expected)
{
	static const size_t blocks[] = { 1, 3, 64, 100, 3 * SAMPLES };
	struct counter_faults faults;
	size_t size, block, i, scan_bytes;
	uint8_t *data;

	expected.samples = arrival->count;
	for (size = 0; size < sizeof(scan_sizes) / sizeof(scan_sizes[0]); size++) {
		scan_bytes = scan_sizes[size];
		data = malloc(arrival->count * scan_bytes);
		for (i = 0; i < arrival->count; i++)
			write_scan(data + i * scan_bytes, scan_bytes, arrival->sequence[i]);
		for (block = 0; block < sizeof(blocks) / sizeof(blocks[0]); block++) {
			faults = verify_bytes(data, arrival->count * scan_bytes, scan_bytes,
					      blocks[block]);
			if (!is(&faults, &expected))
				fprintf(stderr,
					"%s, %zu bytes a scan, blocks of %zu: lost %lu, duplicated "
					"%lu, reordered %lu, corrupt %lu\n",
					what, scan_bytes, blocks[block], faults.lost,
					faults.duplicated, faults.reordered, faults.corrupt);
			CHECK(is(&faults, &expected));
			CHECK(counter_faults_any(&faults) == counter_faults_any(&expected));
		}
		free(data);
	}
}

#define FAULTS(...) ((struct counter_faults){ __VA_ARGS__ })

static void check_order(void)
{
	struct arrival good = { 0 }, late_start = { 0 }, gap = { 0 }, gaps = { 0 }, twice = { 0 };
	struct arrival block_twice = { 0 }, pair = { 0 }, blocks = { 0 }, late = { 0 };
	struct arrival decimated = { 0 }, after_gap_twice = { 0 };
	uint64_t i;

	arrive(&good, 0, SAMPLES - 1);
	check_faults("no fault", &good, FAULTS(0));

	arrive(&late_start, 123, SAMPLES);
	check_faults("gap at the start", &late_start, FAULTS(.lost = 123));

	arrive(&gap, 0, 99);
	arrive(&gap, 200, SAMPLES);
	check_faults("one gap", &gap, FAULTS(.lost = 100));

	for (i = 0; i < 300; i += 3)
		arrive(&gaps, i, i + 1);
	check_faults("every third lost", &gaps, FAULTS(.lost = 99));

	for (i = 0; i < 1000; i += 10)
		arrive(&decimated, i, i);
	check_faults("nine of ten lost", &decimated, FAULTS(.lost = 99 * 9));

	arrive(&twice, 0, 500);
	arrive(&twice, 500, SAMPLES);
	check_faults("one sample twice", &twice, FAULTS(.duplicated = 1));

	arrive(&after_gap_twice, 0, 99);
	arrive(&after_gap_twice, 200, 299);
	arrive(&after_gap_twice, 200, 200);
	arrive(&after_gap_twice, 300, SAMPLES);
	check_faults("the first sample after a gap twice", &after_gap_twice,
		     FAULTS(.lost = 100, .duplicated = 1));

	arrive(&block_twice, 0, 299);
	arrive(&block_twice, 200, SAMPLES);
	check_faults("a hundred samples twice", &block_twice, FAULTS(.duplicated = 100));

	arrive(&pair, 0, 99);
	arrive(&pair, 101, 101);
	arrive(&pair, 100, 100);
	arrive(&pair, 102, SAMPLES);
	check_faults("two samples swapped", &pair, FAULTS(.reordered = 1));

	arrive(&blocks, 0, 99);
	arrive(&blocks, 200, 299);
	arrive(&blocks, 100, 199);
	arrive(&blocks, 300, SAMPLES);
	check_faults("two blocks swapped", &blocks, FAULTS(.reordered = 100));

	arrive(&late, 0, 99);
	arrive(&late, 200, 299);
	arrive(&late, 140, 149);
	arrive(&late, 300, 399);
	arrive(&late, 110, 114);
	arrive(&late, 400, SAMPLES);
	check_faults("a part of a gap comes late", &late, FAULTS(.lost = 85, .reordered = 15));
}

static void check_end_of_stream(void)
{
	struct arrival jump = { 0 }, again = { 0 };

	arrive(&jump, 0, 99);
	arrive(&jump, 102, 102);
	check_faults("a gap before the last sample", &jump, FAULTS(.lost = 2));

	arrive(&again, 0, 99);
	arrive(&again, 99, 99);
	check_faults("the last sample twice", &again, FAULTS(.duplicated = 1));
}

static void check_corrupt(void)
{
	struct arrival low_bit = { 0 }, zero = { 0 };

	arrive(&low_bit, 0, SAMPLES);
	low_bit.sequence[500] ^= 1 << 7;
	check_faults("a bit flipped", &low_bit, FAULTS(.corrupt = 1));

	arrive(&zero, 0, SAMPLES);
	zero.sequence[300] = 0;
	zero.sequence[600] = 0;
	check_faults("two samples zero", &zero, FAULTS(.corrupt = 2));
}

static void check_wild_values(void)
{
	uint64_t words[SAMPLES];
	struct counter_faults faults;
	unsigned int i;

	for (i = 0; i < SAMPLES; i++)
		words[i] = htole64(i);
	words[400] = htole64(0xdeadbeefdeadbeef);
	words[401] = htole64(0x0123456789abcdef);
	words[402] = htole64(0xdeadbeefdeadbeef);
	words[SAMPLES - 1] = htole64(0xdeadbeefdeadbeef);
	faults = verify_bytes((uint8_t *)words, sizeof(words), 8, 100);
	CHECK(is(&faults, &FAULTS(.samples = SAMPLES, .corrupt = 4)));
}

/* Words of one scan that differ are corrupt, whichever it is. */
static void check_torn_scan(void)
{
	static const size_t torn[] = { 50, 51, 399 };
	uint64_t words[400][3];
	struct counter_faults faults;
	unsigned int i;

	for (i = 0; i < 400; i++)
		words[i][0] = words[i][1] = words[i][2] = htole64(i);
	for (i = 0; i < 3; i++)
		words[torn[i]][i] = 0;
	faults = verify_bytes((uint8_t *)words, sizeof(words), 24, 7);
	CHECK(is(&faults, &FAULTS(.samples = 400, .corrupt = 3)));

	/* Before a torn sample nothing tells that the 49 at place 50 is no repetition. */
	for (i = 0; i < 3; i++)
		words[50][i] = htole64(49);
	faults = verify_bytes((uint8_t *)words, sizeof(words), 24, 7);
	CHECK(is(&faults, &FAULTS(.samples = 400, .lost = 1, .duplicated = 1, .corrupt = 2)));
}

/* Far ahead, but going on from there: that is a gap and nothing corrupt. */
static void check_large_gap(void)
{
	uint64_t words[SAMPLES];
	struct counter_faults faults;
	unsigned int i;

	for (i = 0; i < SAMPLES; i++)
		words[i] = htole64(i < 500 ? i : i + 1000000000000);
	faults = verify_bytes((uint8_t *)words, sizeof(words), 8, 100);
	CHECK(is(&faults, &FAULTS(.samples = SAMPLES, .lost = 1000000000000)));
}

/* Counters of two bytes begin again at 65536, which is no fault. */
static void check_wrap(void)
{
	uint16_t *words = malloc(200000 * sizeof(*words));
	struct counter_faults faults;
	uint64_t sequence = 0;
	unsigned int i;

	for (i = 0; i < 200000; i++, sequence++) {
		if (i == 100000)
			sequence += 30000;
		words[i] = htole16(sequence);
	}
	faults = verify_bytes((uint8_t *)words, 100000 * sizeof(*words), 2, 512);
	CHECK(is(&faults, &FAULTS(.samples = 100000)));
	faults = verify_bytes((uint8_t *)words, 200000 * sizeof(*words), 2, 512);
	CHECK(is(&faults, &FAULTS(.samples = 200000, .lost = 30000)));
	/* Nothing is before 0, so the nearest number is 40000 ahead. */
	faults = verify_bytes((uint8_t *)(words + 40000), 10000 * sizeof(*words), 2, 512);
	CHECK(is(&faults, &FAULTS(.samples = 10000, .lost = 40000)));
	free(words);
}

int main(void)
{
	struct counter_faults none = { 0 }, sum = { 1, 2, 3, 4, 5 };

	check_order();
	check_end_of_stream();
	check_corrupt();
	check_wild_values();
	check_torn_scan();
	check_large_gap();
	check_wrap();

	/* A stream of nothing is no good stream. */
	CHECK(counter_faults_any(&none));
	counter_faults_add(&sum, &sum);
	CHECK(is(&sum,
		 &FAULTS(.samples = 2, .lost = 4, .duplicated = 6, .reordered = 8, .corrupt = 10)));

	CHECK(!counter_scan_bytes_supported(0));
	CHECK(counter_scan_bytes_supported(2));
	CHECK(counter_scan_bytes_supported(6));
	CHECK(counter_scan_bytes_supported(8));
	CHECK(!counter_scan_bytes_supported(12));
	CHECK(counter_scan_bytes_supported(16));

	return check_result();
}
