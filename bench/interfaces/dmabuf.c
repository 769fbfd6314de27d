// SPDX-License-Identifier: MIT
#include "interfaces/fenced.h"
#include "interfaces/heap.h"
#include "interfaces/list.h"

static const char *dmabuf_probe(const struct stream *stream)
{
	const char *lacking = heap_probe();

	return lacking ? lacking : dmabufs_probe(stream->buffer_fd);
}

static int dmabuf_open(struct stream *stream)
{
	return fenced_open(stream, heap_get);
}

const struct interface interface_dmabuf = {
	.name = "dmabuf",
	.help = "DMABUF ioctls on buffers of the system heap, no copy",
	.own_memory = HEAP_PAGES,
	.probe = dmabuf_probe,
	.open = dmabuf_open,
	.start = fenced_start,
	.next = fenced_next,
	.give_back = fenced_give_back,
	.close = fenced_close,
};
