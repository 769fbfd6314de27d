/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IIO_SIM_STREAM_H
#define IIO_SIM_STREAM_H

#include <linux/types.h>

/**
 * struct iio_sim_stream - the samples of a converter as one stream of bytes in time
 * @rate_hz: scans per second, 0 if time does not matter
 * @scan_bytes: size of a scan
 * @position: bytes from the start to the end of the last block
 * @started_ns: time of byte 0, CLOCK_MONOTONIC
 * @ended_ns: time at which the last block was given back. A converter that has
 *	no block from then on loses samples
 *
 * Times are calculated from the position alone and so do not drift.
 */
struct iio_sim_stream {
	u32 rate_hz;
	u32 scan_bytes;
	u64 position;
	u64 started_ns;
	u64 ended_ns;
};

void iio_sim_stream_reset(struct iio_sim_stream *stream, u32 scan_bytes);
void iio_sim_stream_start(struct iio_sim_stream *stream, u64 now_ns);
s64 iio_sim_stream_position_at(const struct iio_sim_stream *stream, u64 ns);
u64 iio_sim_stream_missed(const struct iio_sim_stream *stream, u64 until_ns);
u64 iio_sim_stream_skip(struct iio_sim_stream *stream, u64 until_ns);
u64 iio_sim_stream_due(const struct iio_sim_stream *stream, u64 len);
void iio_sim_stream_advance(struct iio_sim_stream *stream, u64 len, u64 now_ns);
u64 iio_sim_stream_scans(const struct iio_sim_stream *stream, u64 position);

#endif
