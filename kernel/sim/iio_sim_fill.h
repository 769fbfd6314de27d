/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IIO_SIM_FILL_H
#define IIO_SIM_FILL_H

#include <linux/types.h>

enum iio_sim_fill_mode {
	IIO_SIM_FILL_NONE,
	IIO_SIM_FILL_COUNTER,
};

/**
 * struct iio_sim_fill - a way to make up the samples of an ADC
 * @name: the word for it in configfs
 * @write: write @len bytes of the sample stream, of which the first is byte
 *	@position since the buffer was enabled; NULL leaves the memory untouched
 *
 * The pieces of memory begin and end anywhere in a scan.
 */
struct iio_sim_fill {
	const char *name;
	void (*write)(void *to, size_t len, u64 position, u32 scan_bytes);
};

const struct iio_sim_fill *iio_sim_fill_get(enum iio_sim_fill_mode mode);
const char *iio_sim_fill_name(u32 mode);

#endif
