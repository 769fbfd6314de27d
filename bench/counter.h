/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_COUNTER_H
#define IIO_BENCH_COUNTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNTER_GAPS 64

/**
 * struct counter_faults - what is wrong with a stream, in samples (scans)
 * @samples:	samples looked at
 * @lost:	sequence numbers that never came
 * @duplicated:	samples that came before
 * @reordered:	samples that came after a later one
 * @corrupt:	samples that are no plausible sequence number
 */
struct counter_faults {
	uint64_t samples;
	uint64_t lost;
	uint64_t duplicated;
	uint64_t reordered;
	uint64_t corrupt;
};

struct counter_gap {
	uint64_t first;
	uint64_t count;
};

/**
 * struct counter_check - verifies a stream filled with the counter pattern
 * @faults:	result, complete after counter_check_end()
 *
 * Each sample carries its own sequence number, little endian, starting at 0:
 * cut to the sample's size below 8 bytes, repeated in every 8-byte word above.
 * A sample that is not the expected one is judged when the next one is seen:
 * only that tells a corrupt sample from a gap. With samples of 1 or 2 bytes a
 * gap of half their range or more cannot be told from a repetition.
 */
struct counter_check {
	struct counter_faults faults;
	size_t scan_bytes;
	uint64_t expected;
	uint64_t doubtful;
	bool is_doubtful;
	struct counter_gap gaps[COUNTER_GAPS];
	unsigned int newest_gap;
};

/** counter_scan_bytes_supported() - can samples of this size be verified? */
bool counter_scan_bytes_supported(size_t scan_bytes);

/** counter_check_begin() - expect a stream that starts with sequence number 0 */
void counter_check_begin(struct counter_check *check, size_t scan_bytes);

/** counter_check_block() - verify the next @bytes of the stream, whole samples */
void counter_check_block(struct counter_check *check, const void *data, size_t bytes);

/** counter_check_end() - judge the last sample too */
void counter_check_end(struct counter_check *check);

/** counter_faults_any() - is anything wrong, or was nothing verified at all? */
bool counter_faults_any(const struct counter_faults *faults);

/** counter_faults_add() - add what was found in another stream */
void counter_faults_add(struct counter_faults *sum, const struct counter_faults *faults);

#endif
