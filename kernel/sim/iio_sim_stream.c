// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arithmetic of a paced converter: which sample is converted when, and how
 * many are lost while there is no block to take them.
 *
 * Who is late decides who pays. A client that leaves the converter without a
 * block loses the samples of that time. The engine thread never is the reason
 * for a loss: as if the converter had a FIFO, the time without a block counts
 * from the moment the last one was really given back, and the blocks that
 * follow fall due a little early until the stream is back in step.
 */

#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>

#include "iio_sim_stream.h"

void iio_sim_stream_reset(struct iio_sim_stream *stream, u32 scan_bytes)
{
	stream->scan_bytes = scan_bytes;
	stream->position = 0;
	stream->started_ns = 0;
	stream->ended_ns = 0;
}

void iio_sim_stream_start(struct iio_sim_stream *stream, u64 now_ns)
{
	stream->started_ns = now_ns;
	stream->ended_ns = now_ns;
}

/**
 * iio_sim_stream_scans() - count the whole scans before a position
 * @stream: whose scans
 * @position: bytes from the start
 *
 * Return: number of scans.
 */
u64 iio_sim_stream_scans(const struct iio_sim_stream *stream, u64 position)
{
	return div_u64(position, stream->scan_bytes);
}

/**
 * iio_sim_stream_position_at() - how far is a paced converter that is never late
 * @stream: which has started
 * @ns: CLOCK_MONOTONIC
 *
 * Return: bytes from the start, whole scans.
 */
s64 iio_sim_stream_position_at(const struct iio_sim_stream *stream, u64 ns)
{
	if (ns <= stream->started_ns)
		return 0;

	return mul_u64_u64_div_u64(ns - stream->started_ns, stream->rate_hz, NSEC_PER_SEC) *
	       stream->scan_bytes;
}

/**
 * iio_sim_stream_missed() - count the scans of a time with no block to take them
 * @stream: without a block
 * @until_ns: end of that time
 *
 * Return: number of scans, 0 if the stream is not paced.
 */
u64 iio_sim_stream_missed(const struct iio_sim_stream *stream, u64 until_ns)
{
	if (until_ns <= stream->ended_ns)
		return 0;

	return mul_u64_u64_div_u64(until_ns - stream->ended_ns, stream->rate_hz, NSEC_PER_SEC);
}

/**
 * iio_sim_stream_skip() - leave out what was converted with no block to take it
 * @stream: to move on
 * @until_ns: time at which there was a block again
 *
 * Return: number of scans lost.
 */
u64 iio_sim_stream_skip(struct iio_sim_stream *stream, u64 until_ns)
{
	u64 lost = iio_sim_stream_missed(stream, until_ns);

	stream->position += lost * stream->scan_bytes;
	stream->ended_ns = max(stream->ended_ns, until_ns);

	return lost;
}

/**
 * iio_sim_stream_due() - when will the next bytes have been converted
 * @stream: whose bytes
 * @len: how many more than before
 *
 * Return: CLOCK_MONOTONIC in ns, 0 if the stream is not paced.
 */
u64 iio_sim_stream_due(const struct iio_sim_stream *stream, u64 len)
{
	u64 bytes_per_second = (u64)stream->rate_hz * stream->scan_bytes;

	if (!bytes_per_second)
		return 0;

	return stream->started_ns +
	       mul_u64_u64_div_u64(stream->position + len, NSEC_PER_SEC, bytes_per_second);
}

/**
 * iio_sim_stream_advance() - a block came to its end
 * @stream: to move on
 * @len: bytes that the stream is further now
 * @now_ns: when the block is given back
 */
void iio_sim_stream_advance(struct iio_sim_stream *stream, u64 len, u64 now_ns)
{
	stream->position += len;
	stream->ended_ns = now_ns;
}
