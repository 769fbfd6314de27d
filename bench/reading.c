// SPDX-License-Identifier: MIT
#include "reading.h"
#include "bounds.h"
#include "converter.h"
#include "fail.h"

#include <string.h>
#include <unistd.h>

int reading_open(struct reading *reading, const struct plan *plan, struct converter *converter)
{
	struct stream *stream = &reading->stream;
	int ret;

	memset(reading, 0, sizeof(*reading));
	counter_check_begin(&reading->check, converter->scan_bytes);
	reading->plan = plan;
	*stream = (struct stream){
		.converter = converter,
		.block_bytes = plan->block_bytes,
		.depth = plan->depth,
		.pages = plan->pages,
		.cpu_access = plan->touch || plan->verify,
	};

	stream->buffer_fd = converter_open(converter);
	if (stream->buffer_fd < 0)
		return stream->buffer_fd;

	/* Two blocks is how the kernel divides its length. */
	converter_disable(converter);
	ret = converter_set_length(converter, 2 * plan->block_bytes / converter->scan_bytes);
	if (!ret)
		ret = plan->interface->open(stream);
	if (!ret && plan->interface->start)
		ret = plan->interface->start(stream);
	return ret;
}

void reading_close(struct reading *reading)
{
	struct stream *stream = &reading->stream;

	if (stream->buffer_fd < 0)
		return;
	converter_disable(stream->converter);
	reading->plan->interface->close(stream);
	close(stream->buffer_fd);
}

void reading_count_from_here(struct reading *reading)
{
	reading->blocks = 0;
	reading->bytes = 0;
	reading->stream.syscalls = 0;
}

static uint64_t touch(const struct block *block)
{
	const uint64_t *word = block->data, *end = word + block->bytes / sizeof(*word);
	uint64_t sum = 0;

	while (word < end)
		sum += *word++;
	return sum;
}

static int get_block(struct reading *reading, struct block *block)
{
	static volatile uint64_t touched;
	int ret;

	ret = reading->plan->interface->next(&reading->stream, block);
	if (ret)
		return ret;
	bounds_note_block();
	if (reading->plan->touch)
		touched = touch(block);
	if (reading->plan->verify)
		counter_check_block(&reading->check, block->data, block->bytes);
	if (block->bytes > reading->largest_block)
		reading->largest_block = block->bytes;
	(void)touched;
	return 0;
}

static int read_block(struct reading *reading)
{
	const struct interface *interface = reading->plan->interface;
	struct block block;
	int ret;

	ret = get_block(reading, &block);
	if (ret)
		return ret;
	reading->blocks++;
	reading->bytes += block.bytes;
	return interface->give_back ? interface->give_back(&reading->stream, &block) : 0;
}

int reading_read_blocks(struct reading *reading, unsigned int blocks)
{
	int ret = 0;

	while (!ret && blocks--)
		ret = read_block(reading);
	return ret;
}

int reading_read_bytes(struct reading *reading, uint64_t bytes)
{
	int ret = 0;

	while (!ret && reading->bytes < bytes && !bounds_interrupted())
		ret = read_block(reading);
	return ret ? ret : bounds_check();
}

int reading_read_seconds(struct reading *reading, double seconds)
{
	int ret;

	bounds_set_deadline(seconds);
	do {
		ret = read_block(reading);
	} while (!ret && !bounds_expired() && !bounds_interrupted());
	return ret ? ret : bounds_check();
}

int reading_read_queued(struct reading *reading)
{
	unsigned int queued = reading->stream.queued;
	struct block block;
	int ret = 0;

	while (!ret && queued--)
		ret = get_block(reading, &block);
	return ret;
}
