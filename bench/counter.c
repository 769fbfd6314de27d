// SPDX-License-Identifier: MIT
#include "counter.h"

#include <endian.h>
#include <string.h>

/* A lone jump farther ahead than this is a corrupt sample, not a gap. */
#define LONE_JUMP_MAX 65536

/* Samples compared at once while nothing is wrong. */
#define CHUNK 64

bool counter_scan_bytes_supported(size_t scan_bytes)
{
	return scan_bytes && (scan_bytes < 8 || scan_bytes % 8 == 0);
}

void counter_check_begin(struct counter_check *check, size_t scan_bytes)
{
	memset(check, 0, sizeof(*check));
	check->scan_bytes = scan_bytes;
}

bool counter_faults_any(const struct counter_faults *faults)
{
	return !faults->samples || faults->lost || faults->duplicated || faults->reordered ||
	       faults->corrupt;
}

void counter_faults_add(struct counter_faults *sum, const struct counter_faults *faults)
{
	sum->samples += faults->samples;
	sum->lost += faults->lost;
	sum->duplicated += faults->duplicated;
	sum->reordered += faults->reordered;
	sum->corrupt += faults->corrupt;
}

static void gap_add(struct counter_check *check, uint64_t first, uint64_t count)
{
	check->newest_gap = (check->newest_gap + 1) % COUNTER_GAPS;
	check->gaps[check->newest_gap] = (struct counter_gap){ first, count };
}

/* Takes a late sample out of the gap it left; false if it left none. */
static bool gap_close(struct counter_check *check, uint64_t sequence)
{
	struct counter_gap *gap, left, right;

	for (gap = check->gaps; gap < check->gaps + COUNTER_GAPS; gap++) {
		if (sequence - gap->first >= gap->count)
			continue;
		left = (struct counter_gap){ gap->first, sequence - gap->first };
		right = (struct counter_gap){ sequence + 1, gap->count - left.count - 1 };
		*gap = right.count ? right : left;
		if (right.count && left.count)
			gap_add(check, left.first, left.count);
		return true;
	}
	return false;
}

static void note_corrupt(struct counter_check *check)
{
	check->faults.corrupt++;
	check->expected++;
}

static void judge_doubtful(struct counter_check *check, bool confirmed)
{
	uint64_t sequence = check->doubtful;

	check->is_doubtful = false;
	if (sequence < check->expected) {
		if (gap_close(check, sequence)) {
			check->faults.lost--;
			check->faults.reordered++;
		} else {
			check->faults.duplicated++;
		}
	} else if (!confirmed && sequence - check->expected > LONE_JUMP_MAX) {
		note_corrupt(check);
	} else {
		gap_add(check, check->expected, sequence - check->expected);
		check->faults.lost += sequence - check->expected;
		check->expected = sequence + 1;
	}
}

static void check_sequence(struct counter_check *check, uint64_t sequence)
{
	check->faults.samples++;
	if (check->is_doubtful) {
		if (sequence == check->expected + 1) {
			check->is_doubtful = false;
			note_corrupt(check);
		} else {
			judge_doubtful(check, sequence == check->doubtful + 1);
		}
	}
	if (sequence == check->expected) {
		check->expected++;
	} else {
		check->is_doubtful = true;
		check->doubtful = sequence;
	}
}

/* The full sequence number nearest to the expected one with these low bits. */
static uint64_t extend(uint64_t expected, uint64_t low, size_t bytes)
{
	unsigned int unused = 64 - 8 * bytes;
	uint64_t ahead = (low - expected) << unused >> unused;
	uint64_t behind = -(low - expected) << unused >> unused;

	return behind < ahead && behind <= expected ? expected - behind : expected + ahead;
}

static void check_short_scan(struct counter_check *check, const uint8_t *scan)
{
	uint64_t low = 0;

	memcpy(&low, scan, check->scan_bytes);
	check_sequence(check, extend(check->expected, le64toh(low), check->scan_bytes));
}

static void check_long_scan(struct counter_check *check, const uint8_t *scan)
{
	size_t word_at;

	for (word_at = 8; word_at < check->scan_bytes; word_at += 8) {
		if (memcmp(scan, scan + word_at, 8)) {
			if (check->is_doubtful)
				judge_doubtful(check, false);
			check->faults.samples++;
			note_corrupt(check);
			return;
		}
	}
	check_sequence(check, le64toh(*(const uint64_t *)scan));
}

/* Nothing doubtful, one word a sample: by far the most frequent case. */
static bool check_chunk(struct counter_check *check, const uint64_t *words)
{
	uint64_t difference = 0;
	unsigned int i;

	for (i = 0; i < CHUNK; i++)
		difference |= le64toh(words[i]) ^ (check->expected + i);
	if (difference)
		return false;

	check->expected += CHUNK;
	check->faults.samples += CHUNK;
	return true;
}

void counter_check_block(struct counter_check *check, const void *data, size_t bytes)
{
	const uint8_t *scan = data, *end = scan + bytes, *chunk_end;

	while (scan < end) {
		chunk_end = end;
		if (check->scan_bytes == 8 && end - scan >= CHUNK * 8) {
			chunk_end = scan + CHUNK * 8;
			if (!check->is_doubtful && check_chunk(check, (const uint64_t *)scan)) {
				scan = chunk_end;
				continue;
			}
		}
		for (; scan < chunk_end; scan += check->scan_bytes) {
			if (check->scan_bytes < 8)
				check_short_scan(check, scan);
			else
				check_long_scan(check, scan);
		}
	}
}

void counter_check_end(struct counter_check *check)
{
	if (check->is_doubtful)
		judge_doubtful(check, false);
}
