// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loopback: the line from a DAC to the ADC that records what it plays.
 *
 * Both ends count in the ADC's samples. With a pace that is time: a sample is
 * recorded at the position at which it is played, and where the DAC has nothing
 * to play there are zeros. A block is on the line as soon as the DAC begins with
 * it, and the ADC takes what is there; so the ring has to bridge no more than
 * what one of them is ahead. Without a pace the line has no time and no gaps:
 * each end waits for the other one.
 */

#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "iio_sim_desc.h"
#include "iio_sim_dma.h"
#include "iio_sim_engine.h"
#include "iio_sim_fill.h"
#include "iio_sim_instance.h"
#include "iio_sim_line.h"

/* Small enough to stay in a cache */
#define IIO_SIM_LINE_BYTES	SZ_1M

static bool iio_sim_line_is_running(const struct iio_sim_dma *end)
{
	return end && READ_ONCE(end->running);
}

static bool iio_sim_line_is_player(const struct iio_sim_dma *dma)
{
	return dma->direction == DMA_MEM_TO_DEV;
}

static s64 iio_sim_line_fill_level(const struct iio_sim_line *line)
{
	return max(line->written - line->read, 0);
}

/* NULL stands for silence */
static size_t iio_sim_line_push(struct iio_sim_line *line, const void *from, size_t len)
{
	size_t at, first;

	len = min_t(u64, len, IIO_SIM_LINE_BYTES - iio_sim_line_fill_level(line));
	at = line->written & (IIO_SIM_LINE_BYTES - 1);
	first = min(len, IIO_SIM_LINE_BYTES - at);

	if (from) {
		memcpy(line->ring + at, from, first);
		memcpy(line->ring, from + first, len - first);
	} else {
		memset(line->ring + at, 0, first);
		memset(line->ring, 0, len - first);
	}
	line->written += len;

	return len;
}

static size_t iio_sim_line_pull(struct iio_sim_line *line, void *to, size_t len)
{
	size_t at, first;

	len = min_t(u64, len, iio_sim_line_fill_level(line));
	at = line->read & (IIO_SIM_LINE_BYTES - 1);
	first = min(len, IIO_SIM_LINE_BYTES - at);

	memcpy(to, line->ring + at, first);
	memcpy(to + first, line->ring, len - first);
	line->read += len;

	return len;
}

/* Position that an end which has no block will have reached at least when it gets one */
static u64 iio_sim_line_idle_position(struct iio_sim_dma *dma)
{
	lockdep_assert_held(&dma->lock);

	if (!dma->starving)
		return dma->stream.position;

	return dma->stream.position +
	       iio_sim_stream_missed(&dma->stream, ktime_get_ns()) * dma->stream.scan_bytes;
}

/* How far it is certain that there is nothing behind what was written */
static s64 iio_sim_line_silent_until(struct iio_sim_line *line)
{
	struct iio_sim_dma *player = line->player;
	s64 position;

	if (!iio_sim_line_is_running(player))
		return iio_sim_stream_position_at(&line->recorder->stream, ktime_get_ns());

	spin_lock_irq(&player->lock);
	position = line->origin + iio_sim_line_idle_position(player);
	spin_unlock_irq(&player->lock);

	return position;
}

/* An ADC without a block has no use for what it will find to have lost */
static void iio_sim_line_drop_lost(struct iio_sim_line *line)
{
	struct iio_sim_dma *recorder = line->recorder;
	s64 lost_until;

	spin_lock_irq(&recorder->lock);
	lost_until = iio_sim_line_idle_position(recorder);
	spin_unlock_irq(&recorder->lock);

	line->read = max(line->read, lost_until);
}

static size_t iio_sim_line_play_at(struct iio_sim_line *line, s64 at, const void *from, size_t len)
{
	/* What the client took back was on the line ahead of its time */
	if (at < line->written) {
		line->origin += line->written - at;
		at = line->written;
	}

	if (at > line->written) {
		if (line->written < line->read)
			line->written = min(at, line->read);
		iio_sim_line_push(line, NULL, at - line->written);
		if (at > line->written)
			return 0;
	}

	/* What was played before the ADC began, or while it had no block */
	if (line->written < line->read) {
		len = min_t(u64, len, line->read - line->written);
		line->written += len;
		return len;
	}

	return iio_sim_line_push(line, from, len);
}

/**
 * iio_sim_line_play() - put what a DAC plays on its line
 * @dma: of the DAC
 * @from: first of the samples
 * @len: bytes of them
 * @position: of the first one in the DAC's samples
 *
 * Return: number of bytes for which there was room.
 */
size_t iio_sim_line_play(struct iio_sim_dma *dma, void *from, size_t len, u64 position)
{
	struct iio_sim_line *line = dma->line;
	s64 before = line->written, at;
	size_t played;

	if (!iio_sim_line_is_heard(line))
		return len;

	if (iio_sim_line_fill_level(line) == IIO_SIM_LINE_BYTES)
		iio_sim_line_drop_lost(line);
	at = dma->stream.rate_hz ? line->origin + (s64)position : line->written;
	played = iio_sim_line_play_at(line, at, from, len);
	line->changed |= line->written != before;

	return played;
}

/* Silence is written only now: nobody knew before how long it would be */
static size_t iio_sim_line_pull_silence(struct iio_sim_line *line, void *to, size_t len)
{
	s64 silent = iio_sim_line_silent_until(line) - line->read;

	if (silent <= 0)
		return 0;

	len = min_t(u64, len, silent);
	memset(to, 0, len);
	line->read += len;
	line->written = line->read;

	return len;
}

/**
 * iio_sim_line_record() - have an ADC record what there is on its line
 * @dma: of the ADC
 * @to: to where the samples go
 * @len: bytes of them
 * @position: of the first one in the ADC's samples
 *
 * Return: number of bytes recorded.
 */
size_t iio_sim_line_record(struct iio_sim_dma *dma, void *to, size_t len, u64 position)
{
	struct iio_sim_line *line = dma->line;
	bool paced = dma->stream.rate_hz;
	s64 before = line->read;
	size_t recorded;

	if (paced)
		line->read = max_t(s64, line->read, position);
	recorded = iio_sim_line_pull(line, to, len);
	/* As late as possible, so as not to be called for every single scan */
	if (!recorded && paced && ktime_get_ns() >= dma->active->due_ns)
		recorded = iio_sim_line_pull_silence(line, to, len);
	line->changed |= line->read != before;

	return recorded;
}

/**
 * iio_sim_line_is_heard() - does anybody record what is played?
 * @line: on which it is played
 *
 * Return: whether an ADC with an enabled buffer is connected.
 */
bool iio_sim_line_is_heard(const struct iio_sim_line *line)
{
	return iio_sim_line_is_running(line->recorder);
}

/**
 * iio_sim_line_has_changed() - is there something new for the other end?
 * @line: to look at
 *
 * Return: whether something was played or recorded since the last time.
 */
bool iio_sim_line_has_changed(struct iio_sim_line *line)
{
	bool changed = line->changed;

	line->changed = false;

	return changed;
}

static int iio_sim_line_connect_recorder(struct iio_sim_dma *dma)
{
	struct device *dev = dma->device.dev;
	const struct iio_sim_config *config = &dma->instance->config;
	const struct iio_sim_config *peer_config;
	const char *name = dma->instance->loopback_from;
	struct iio_sim_instance *peer;
	int ret = -EINVAL;
	u8 *ring;

	peer = iio_sim_instance_find(name);
	if (!peer) {
		dev_err(dev, "no instance '%s' to record from, see loopback_from\n", name);
		return -ENODEV;
	}

	/* They may change until its power is on: iio_sim_line_check() looks again */
	peer_config = &peer->config;
	if (READ_ONCE(peer_config->direction) != IIO_SIM_OUT) {
		dev_err(dev, "instance '%s' is no DAC to record from\n", name);
		goto err_put;
	}
	if (READ_ONCE(peer_config->channels) != config->channels ||
	    READ_ONCE(peer_config->storage_bits) != config->storage_bits) {
		dev_err(dev, "channels or storage_bits of '%s' are not the same\n", name);
		goto err_put;
	}

	ret = -ENOMEM;
	ring = kvmalloc(IIO_SIM_LINE_BYTES, GFP_KERNEL);
	if (!ring)
		goto err_put;

	iio_sim_engine_pause();
	if (peer->line.recorder) {
		iio_sim_engine_resume();
		dev_err(dev, "another ADC records from '%s'\n", name);
		ret = -EBUSY;
		goto err_free;
	}
	peer->line.recorder = dma;
	peer->line.ring = ring;
	dma->line = &peer->line;
	dma->peer = peer;
	iio_sim_engine_resume();

	return 0;

err_free:
	kvfree(ring);
err_put:
	iio_sim_instance_put(peer);
	return ret;
}

/**
 * iio_sim_line_connect() - connect a converter to the line it plays on or records from
 * @dma: of the converter
 *
 * Return: 0, also for an ADC that does not record from a line. -ENODEV if there
 * is no instance of that name, -EINVAL if it cannot be recorded from, -EBUSY if
 * another ADC does, -ENOMEM.
 */
int iio_sim_line_connect(struct iio_sim_dma *dma)
{
	struct iio_sim_line *own = &dma->instance->line;

	if (!iio_sim_line_is_player(dma)) {
		if (dma->instance->config.fill != IIO_SIM_FILL_LOOPBACK)
			return 0;
		return iio_sim_line_connect_recorder(dma);
	}

	iio_sim_engine_pause();
	own->player = dma;
	dma->line = own;
	iio_sim_engine_resume();

	return 0;
}

/**
 * iio_sim_line_disconnect() - take a converter off its line
 * @dma: of the converter, which may never have been connected
 *
 * May sleep. What the other end waits for will not come any more: the line is
 * silent for an ADC, and takes everything from a DAC.
 */
void iio_sim_line_disconnect(struct iio_sim_dma *dma)
{
	struct iio_sim_line *line = dma->line;
	u8 *ring = NULL;

	if (!line)
		return;

	iio_sim_engine_pause();
	dma->line = NULL;
	dma->fill = NULL;
	if (iio_sim_line_is_player(dma)) {
		line->player = NULL;
	} else {
		swap(ring, line->ring);
		line->recorder = NULL;
	}
	iio_sim_engine_resume();
	iio_sim_engine_kick();

	kvfree(ring);
	if (dma->peer)
		iio_sim_instance_put(dma->peer);
	dma->peer = NULL;
}

static struct iio_sim_dma *iio_sim_line_other_end(const struct iio_sim_dma *dma)
{
	return iio_sim_line_is_player(dma) ? dma->line->recorder : dma->line->player;
}

/**
 * iio_sim_line_check() - may a converter start, as far as its line is concerned?
 * @dma: of the converter
 *
 * Return: 0, -EINVAL if what runs at the other end has another scan or another rate.
 */
int iio_sim_line_check(struct iio_sim_dma *dma)
{
	struct iio_sim_dma *other;

	if (!dma->line)
		return 0;

	other = iio_sim_line_other_end(dma);
	if (!iio_sim_line_is_running(other))
		return 0;
	if (other->stream.scan_bytes == dma->stream.scan_bytes &&
	    other->stream.rate_hz == dma->stream.rate_hz)
		return 0;

	dev_err(dma->device.dev, "'%s' at the other end of the line has another %s\n",
		config_item_name(&other->instance->item),
		other->stream.rate_hz == dma->stream.rate_hz ? "set of channels" : "rate");

	return -EINVAL;
}

/* What the DAC is just playing is recorded from now on, which may be in the middle of a block */
static void iio_sim_line_start_recorder(struct iio_sim_line *line)
{
	struct iio_sim_dma *player = line->player;

	line->read = 0;
	line->written = 0;
	if (!iio_sim_line_is_running(player) || !player->stream.rate_hz)
		return;

	spin_lock_irq(&player->lock);
	line->origin = -iio_sim_stream_position_at(&player->stream,
						   line->recorder->stream.started_ns);
	line->written = line->origin + (s64)player->stream.position;
	if (player->active)
		iio_sim_desc_rewind(player->active);
	spin_unlock_irq(&player->lock);
}

/**
 * iio_sim_line_start() - a converter begins to play or to record
 * @dma: of the converter, whose stream has started
 */
void iio_sim_line_start(struct iio_sim_dma *dma)
{
	struct iio_sim_line *line = dma->line;

	if (!line)
		return;

	if (!iio_sim_line_is_player(dma)) {
		iio_sim_line_start_recorder(line);
		return;
	}

	line->origin = line->written;
	if (iio_sim_line_is_heard(line) && dma->stream.rate_hz)
		line->origin = max(line->written,
				   iio_sim_stream_position_at(&line->recorder->stream,
							      dma->stream.started_ns));
}
