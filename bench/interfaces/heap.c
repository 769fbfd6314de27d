// SPDX-License-Identifier: MIT
#include "interfaces/heap.h"
#include "fail.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-heap.h>

#define HEAP "/dev/dma_heap/system"

const char *heap_probe(void)
{
	return access(HEAP, F_OK) ? "it has no " HEAP : NULL;
}

static int add(struct dmabufs *dmabufs, const struct stream *stream, int heap_fd)
{
	struct dma_heap_allocation_data request = {
		.len = stream->block_bytes,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	struct dmabuf *dmabuf = &dmabufs->list[dmabufs->count];

	if (ioctl(heap_fd, DMA_HEAP_IOCTL_ALLOC, &request))
		return fail(errno, "cannot get a DMABUF of %zu bytes from " HEAP ": %s",
			    stream->block_bytes, strerror(errno));
	dmabuf->fd = request.fd;
	dmabuf->data = mmap(NULL, stream->block_bytes, PROT_READ, MAP_SHARED | MAP_POPULATE,
			    dmabuf->fd, 0);
	dmabufs->count++;
	if (dmabuf->data == MAP_FAILED)
		return fail(errno, "cannot map a DMABUF: %s", strerror(errno));
	return 0;
}

int heap_get(struct dmabufs *dmabufs, const struct stream *stream)
{
	int heap_fd, ret = 0;

	heap_fd = open(HEAP, O_RDWR | O_CLOEXEC);
	if (heap_fd < 0)
		return fail(errno, "cannot open " HEAP ": %s; run as root or change its mode",
			    strerror(errno));
	while (!ret && dmabufs->count < stream->depth)
		ret = add(dmabufs, stream, heap_fd);
	close(heap_fd);
	return ret;
}
