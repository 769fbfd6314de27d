/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IIO_SIM_FILL_H
#define IIO_SIM_FILL_H

#include <linux/types.h>

struct iio_sim_dma;

enum iio_sim_fill_mode {
	IIO_SIM_FILL_NONE,
	IIO_SIM_FILL_COUNTER,
	IIO_SIM_FILL_LOOPBACK,
};

/**
 * struct iio_sim_fill - a way to make up the samples of an ADC, or to use those of a DAC
 * @name: the word for it in configfs
 * @move: move @len bytes of the sample stream to or from @memory, of which the
 *	first is byte @position since the buffer was enabled, and return how many
 *	of them could be moved now; NULL leaves the memory alone
 *
 * The pieces of memory begin and end anywhere in a scan.
 */
struct iio_sim_fill {
	const char *name;
	size_t (*move)(struct iio_sim_dma *dma, void *memory, size_t len, u64 position);
};

const struct iio_sim_fill *iio_sim_fill_get(enum iio_sim_fill_mode mode);
const struct iio_sim_fill *iio_sim_fill_get_player(void);
const char *iio_sim_fill_name(u32 mode);

#endif
