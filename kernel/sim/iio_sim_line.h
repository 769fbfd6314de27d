/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IIO_SIM_LINE_H
#define IIO_SIM_LINE_H

#include <linux/types.h>

struct iio_sim_dma;

/**
 * struct iio_sim_line - a line out of a DAC, to which an ADC may be connected
 * @player: the DAC, NULL while it has no converter
 * @recorder: the ADC, NULL while there is none
 * @ring: holds what was played and not recorded yet
 * @origin: position of the first sample of the DAC
 * @written: position up to which it is known what was played
 * @read: position up to which that was recorded or lost
 * @changed: whether @written or @read moved since somebody last looked
 *
 * Positions are bytes since the ADC's buffer was enabled. All of this belongs to
 * the engine: who changes it has it pause.
 */
struct iio_sim_line {
	struct iio_sim_dma *player;
	struct iio_sim_dma *recorder;
	u8 *ring;
	s64 origin;
	s64 written;
	s64 read;
	bool changed;
};

int iio_sim_line_connect(struct iio_sim_dma *dma);
void iio_sim_line_disconnect(struct iio_sim_dma *dma);

int iio_sim_line_check(struct iio_sim_dma *dma);
void iio_sim_line_start(struct iio_sim_dma *dma);

bool iio_sim_line_has_changed(struct iio_sim_line *line);
bool iio_sim_line_is_heard(const struct iio_sim_line *line);
size_t iio_sim_line_play(struct iio_sim_dma *dma, void *from, size_t len, u64 position);
size_t iio_sim_line_record(struct iio_sim_dma *dma, void *to, size_t len, u64 position);

#endif
