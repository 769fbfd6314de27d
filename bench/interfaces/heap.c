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

/* Returns a descriptor or -errno, with fail(). */
static int allocate(size_t bytes)
{
	struct dma_heap_allocation_data request = {
		.len = bytes,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	int heap_fd, ret = 0;

	heap_fd = open(HEAP, O_RDWR | O_CLOEXEC);
	if (heap_fd < 0)
		return fail(errno, "cannot open " HEAP ": %s; run as root or change its mode",
			    strerror(errno));
	if (ioctl(heap_fd, DMA_HEAP_IOCTL_ALLOC, &request))
		ret = fail(errno, "cannot get a DMABUF of %zu bytes from " HEAP ": %s", bytes,
			   strerror(errno));
	close(heap_fd);
	return ret ? ret : (int)request.fd;
}

int heap_add(struct dmabufs *dmabufs, const struct stream *stream)
{
	struct dmabuf *dmabuf = &dmabufs->list[dmabufs->count];
	int fd = allocate(stream->block_bytes);

	if (fd < 0)
		return fd;
	dmabuf->fd = fd;
	dmabuf->data = mmap(NULL, stream->block_bytes, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
	dmabufs->count++;
	if (dmabuf->data == MAP_FAILED)
		return fail(errno, "cannot map a DMABUF: %s", strerror(errno));
	return 0;
}
