// SPDX-License-Identifier: MIT
#include "bounds.h"
#include "fail.h"
#include "interfaces/list.h"
#include "memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *read_probe(const struct stream *stream)
{
	(void)stream;
	return NULL;
}

static int read_open(struct stream *stream)
{
	struct memory *memory;

	memory = stream->state = calloc(1, sizeof(*memory));
	if (!memory)
		return fail(ENOMEM, "out of memory");
	stream->queued = stream->depth;
	return memory_map(memory, stream->pages, stream->block_bytes, 1);
}

static ssize_t counted_read(struct stream *stream, void *data)
{
	ssize_t bytes;

	stream->syscalls++;
	bytes = read(stream->buffer_fd, data, stream->block_bytes);
	return bytes < 0 ? -errno : bytes;
}

static int read_next(struct stream *stream, struct block *block)
{
	void *data = memory_block(stream->state, 0);
	ssize_t bytes;
	int ret;

	while ((bytes = counted_read(stream, data)) == -EINTR) {
		ret = bounds_check();
		if (ret)
			return ret;
	}
	if (bytes <= 0)
		return fail(bytes ? -bytes : EIO, "read() of a block: %s",
			    bytes ? strerror(-bytes) : "end of file");

	*block = (struct block){ .data = data, .bytes = bytes };
	return 0;
}

static void read_close(struct stream *stream)
{
	if (stream->state)
		memory_unmap(stream->state);
	free(stream->state);
}

const struct interface interface_read = {
	.name = "read",
	.help = "read(): the kernel's two blocks, copied",
	.fixed_depth = 2,
	.probe = read_probe,
	.open = read_open,
	.next = read_next,
	.close = read_close,
};
