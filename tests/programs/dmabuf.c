// SPDX-License-Identifier: MIT
#include "dmabuf.h"

#include <fcntl.h>
#include <linux/dma-heap.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "iio-uring/uapi.h"

int dmabuf_allocate(size_t bytes)
{
	struct dma_heap_allocation_data allocation = {
		.len = bytes,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	int heap = open("/dev/dma_heap/system", O_RDWR | O_CLOEXEC);

	check(heap >= 0, "opening the system heap: %s", strerror(errno));
	check(!ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &allocation), "allocating a DMABUF: %s",
	      strerror(errno));
	close(heap);

	return allocation.fd;
}

int dmabuf_attach(int buffer_fd, int dmabuf_fd)
{
	return ioctl(buffer_fd, IIO_BUFFER_DMABUF_ATTACH_IOCTL, &dmabuf_fd) ? -errno : 0;
}

int dmabuf_enqueue(int buffer_fd, int dmabuf_fd, size_t bytes, uint32_t flags)
{
	struct iio_dmabuf request = { .fd = dmabuf_fd, .flags = flags, .bytes_used = bytes };

	return ioctl(buffer_fd, IIO_BUFFER_DMABUF_ENQUEUE_IOCTL, &request) ? -errno : 0;
}

int dmabuf_wait(int dmabuf_fd, short events, int timeout_ms)
{
	struct pollfd pollfd = { .fd = dmabuf_fd, .events = events };
	int ret = poll(&pollfd, 1, timeout_ms);

	check(ret >= 0, "polling a DMABUF: %s", strerror(errno));

	return ret ? 0 : -ETIMEDOUT;
}

void *dmabuf_map(int dmabuf_fd, size_t bytes)
{
	void *data = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, dmabuf_fd, 0);

	check(data != MAP_FAILED, "mapping a DMABUF: %s", strerror(errno));

	return data;
}
