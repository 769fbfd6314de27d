// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fill modes: what the simulated ADC writes. A mode is a function and a line in
 * iio_sim_fills. What a DAC plays is moved by such a function, too.
 */

#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "iio_sim_dma.h"
#include "iio_sim_fill.h"
#include "iio_sim_line.h"

/* A scan of 8 bytes is one counter, which deserves a loop that costs nothing */
static void iio_sim_fill_counter_u64(u8 *to, size_t len, u64 scan)
{
	u8 *end = to + len;

	for (; to < end; to += sizeof(scan))
		put_unaligned_le64(scan++, to);
}

/* Read as little-endian 64-bit words, every word of a scan is its number, the last one cut short */
static void iio_sim_fill_count(u8 *to, size_t len, u64 position, u32 scan_bytes)
{
	u32 offset;
	u64 scan = div_u64_rem(position, scan_bytes, &offset);

	if (scan_bytes == sizeof(scan) && !offset && IS_ALIGNED(len, sizeof(scan))) {
		iio_sim_fill_counter_u64(to, len, scan);
		return;
	}

	while (len) {
		__le64 word = cpu_to_le64(scan);
		u32 skip = offset % sizeof(word);
		size_t n = min3(sizeof(word) - skip, (size_t)scan_bytes - offset, len);

		memcpy(to, (u8 *)&word + skip, n);
		to += n;
		len -= n;
		offset += n;
		if (offset == scan_bytes) {
			offset = 0;
			scan++;
		}
	}
}

static size_t iio_sim_fill_counter(struct iio_sim_dma *dma, void *to, size_t len, u64 position)
{
	iio_sim_fill_count(to, len, position, dma->stream.scan_bytes);
	return len;
}

static const struct iio_sim_fill iio_sim_fills[] = {
	[IIO_SIM_FILL_NONE] = { .name = "none" },
	[IIO_SIM_FILL_COUNTER] = { .name = "counter", .move = iio_sim_fill_counter },
	[IIO_SIM_FILL_LOOPBACK] = { .name = "loopback", .move = iio_sim_line_record },
};

static const struct iio_sim_fill iio_sim_fill_play = { .name = "play", .move = iio_sim_line_play };

/**
 * iio_sim_fill_get() - find out how samples are made up
 * @mode: to look up
 *
 * Return: what an ADC does in this mode.
 */
const struct iio_sim_fill *iio_sim_fill_get(enum iio_sim_fill_mode mode)
{
	return &iio_sim_fills[mode];
}

/**
 * iio_sim_fill_get_player() - find out what becomes of the samples of a DAC
 *
 * Return: what a DAC does.
 */
const struct iio_sim_fill *iio_sim_fill_get_player(void)
{
	return &iio_sim_fill_play;
}

/**
 * iio_sim_fill_name() - name a fill mode
 * @mode: to name
 *
 * Return: its name, NULL past the last mode.
 */
const char *iio_sim_fill_name(u32 mode)
{
	return mode < ARRAY_SIZE(iio_sim_fills) ? iio_sim_fills[mode].name : NULL;
}
