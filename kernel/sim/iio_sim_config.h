/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IIO_SIM_CONFIG_H
#define IIO_SIM_CONFIG_H

#include <linux/atomic.h>
#include <linux/types.h>

enum iio_sim_direction {
	IIO_SIM_IN,
	IIO_SIM_OUT,
};

/**
 * struct iio_sim_config - settings of an instance, see iio_sim_fields.h
 * @direction: enum iio_sim_direction
 * @channels: number of them
 * @storage_bits: of a sample
 * @length_align_bytes: of a transfer
 * @max_segment_bytes: of a transfer
 * @fill: enum iio_sim_fill_mode
 * @rate_hz: scans per second
 */
struct iio_sim_config {
	u32 direction;
	u32 channels;
	u32 storage_bits;
	u32 length_align_bytes;
	u32 max_segment_bytes;
	u32 fill;
	u32 rate_hz;
};

/**
 * struct iio_sim_faults - faults on demand, see iio_sim_fields.h
 * @stall: whether transfers do not complete
 * @refuse_submits: how many submits will fail
 * @fail_transfers: how many transfers will fail
 * @short_transfer_bytes: residue of the next transfer
 * @completion_delay_us: how much later transfers complete
 * @stall_ended_ns: when @stall was last set to 0, CLOCK_MONOTONIC
 */
struct iio_sim_faults {
	atomic_t stall;
	atomic_t refuse_submits;
	atomic_t fail_transfers;
	atomic_t short_transfer_bytes;
	atomic_t completion_delay_us;
	u64 stall_ended_ns;
};

/**
 * struct iio_sim_counters - since the buffer was enabled, see iio_sim_fields.h
 * @lost_samples: scans
 * @produced_samples: scans
 * @completed_blocks: number of them
 * @cyclic_periods: number of them
 */
struct iio_sim_counters {
	u64 lost_samples;
	u64 produced_samples;
	u64 completed_blocks;
	u64 cyclic_periods;
};

enum iio_sim_field_kind {
	IIO_SIM_FIELD_SETTING,
	IIO_SIM_FIELD_FAULT,
	IIO_SIM_FIELD_COUNTER,
};

/**
 * struct iio_sim_field - what is known about a field
 * @kind: which of the three structures has it
 * @name: of the field
 * @unit: of its value
 * @help: what it does
 * @word: the word for a value, NULL past the last one; unset for numbers
 * @offset: of its value in the structure
 * @initial: value in a new instance
 * @min: smallest number
 * @max: largest number
 * @power_of_two: whether any other number is refused
 */
struct iio_sim_field {
	enum iio_sim_field_kind kind;
	const char *name;
	const char *unit;
	const char *help;
	const char *(*word)(u32 value);
	size_t offset;
	u32 initial;
	u32 min;
	u32 max;
	bool power_of_two;
};

const struct iio_sim_field *iio_sim_field_find(const char *name);
int iio_sim_field_parse(const struct iio_sim_field *field, const char *text, u32 *value);
int iio_sim_field_print(const struct iio_sim_field *field, u64 value, char *page);

void iio_sim_config_init(struct iio_sim_config *config);
int iio_sim_features_print(char *page);

#endif
