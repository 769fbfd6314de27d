// SPDX-License-Identifier: MIT
#include "bounds.h"
#include "converter.h"
#include "fail.h"
#include "interfaces/list.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <iio-uring/uapi.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>

#define HEAP "/dev/dma_heap/system"

struct dmabuf {
	int fd;
	void *data;
};

/**
 * struct dmabufs - blocks that are DMABUFs of the system heap
 * @list:	in the order they are filled
 * @count:	how many there are
 * @next:	the one to come
 */
struct dmabufs {
	struct dmabuf *list;
	unsigned int count;
	unsigned int next;
};

static const char *dmabuf_probe(const struct converter *converter, int buffer_fd)
{
	int no_dmabuf = -1;

	(void)converter;
	if (access(HEAP, F_OK))
		return "it has no " HEAP;
	/* Whoever knows the request refuses the descriptor, not the request. */
	if (!ioctl(buffer_fd, IIO_BUFFER_DMABUF_ATTACH_IOCTL, &no_dmabuf) || errno == EBADF)
		return NULL;
	if (errno == EPERM)
		return "the device's buffer takes no DMABUF";
	return "its IIO buffers know no DMABUF";
}

static int counted_ioctl(struct stream *stream, int fd, unsigned long request, void *argument,
			 const char *name)
{
	int ret;

	do {
		stream->syscalls++;
		if (!ioctl(fd, request, argument))
			return 0;
		if (errno != EINTR)
			return fail(errno, "%s: %s", name, strerror(errno));
		ret = bounds_check();
	} while (!ret);
	return ret;
}

static int add_block(struct dmabufs *dmabufs, int heap_fd, const struct stream *stream)
{
	struct dma_heap_allocation_data request = {
		.len = stream->block_bytes,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	struct dmabuf *dmabuf = &dmabufs->list[dmabufs->count];
	int fd, err;

	if (ioctl(heap_fd, DMA_HEAP_IOCTL_ALLOC, &request))
		return fail(errno, "cannot get a DMABUF of %zu bytes from " HEAP ": %s",
			    stream->block_bytes, strerror(errno));
	fd = request.fd;
	dmabuf->fd = fd;
	dmabuf->data = mmap(NULL, stream->block_bytes, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
	dmabufs->count++;
	if (dmabuf->data == MAP_FAILED)
		return fail(errno, "cannot map a DMABUF: %s", strerror(errno));

	if (!ioctl(stream->buffer_fd, IIO_BUFFER_DMABUF_ATTACH_IOCTL, &fd))
		return 0;
	err = errno;
	if (err == EBUSY)
		return fail(EBUSY,
			    "cannot attach a DMABUF to buffer%u of %s: it is being read by "
			    "read(); end that first",
			    stream->converter->buffer, stream->converter->name);
	return fail(err, "cannot attach a DMABUF to buffer%u of %s: %s", stream->converter->buffer,
		    stream->converter->name, strerror(err));
}

static int dmabuf_open(struct stream *stream)
{
	struct dmabufs *dmabufs;
	int heap_fd, ret = 0;

	dmabufs = stream->state = calloc(1, sizeof(*dmabufs));
	if (!dmabufs)
		return fail(ENOMEM, "out of memory");
	dmabufs->list = calloc(stream->depth, sizeof(*dmabufs->list));
	if (!dmabufs->list)
		return fail(ENOMEM, "out of memory");

	heap_fd = open(HEAP, O_RDWR | O_CLOEXEC);
	if (heap_fd < 0)
		return fail(errno, "cannot open " HEAP ": %s; run as root or change its mode",
			    strerror(errno));
	while (!ret && dmabufs->count < stream->depth)
		ret = add_block(dmabufs, heap_fd, stream);
	close(heap_fd);
	return ret;
}

static int enqueue(struct stream *stream, unsigned int index)
{
	struct dmabufs *dmabufs = stream->state;
	struct iio_dmabuf transfer = {
		.fd = dmabufs->list[index].fd,
		.bytes_used = stream->block_bytes,
	};

	stream->queued++;
	return counted_ioctl(stream, stream->buffer_fd, IIO_BUFFER_DMABUF_ENQUEUE_IOCTL, &transfer,
			     "ENQUEUE of a DMABUF");
}

static int dmabuf_start(struct stream *stream)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < stream->depth; i++)
		ret = enqueue(stream, i);
	return ret;
}

static int sync_for_cpu(struct stream *stream, unsigned int index, uint64_t phase)
{
	struct dmabufs *dmabufs = stream->state;
	struct dma_buf_sync sync = { .flags = DMA_BUF_SYNC_READ | phase };

	return counted_ioctl(stream, dmabufs->list[index].fd, DMA_BUF_IOCTL_SYNC, &sync,
			     "SYNC of a DMABUF");
}

/*
 * Of the oldest alone: polling the others along costs more than it saves, as
 * each poll() of a block not yet done hangs a callback onto it.
 */
static int counted_poll(struct stream *stream, int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	int ret;

	do {
		stream->syscalls++;
		ret = poll(&poll_fd, 1, -1);
		if (ret > 0)
			return 0;
		if (errno != EINTR)
			return fail(errno, "poll() of a DMABUF: %s", strerror(errno));
		ret = bounds_check();
	} while (!ret);
	return ret;
}

static int dmabuf_next(struct stream *stream, struct block *block)
{
	struct dmabufs *dmabufs = stream->state;

	block->index = dmabufs->next;
	block->data = dmabufs->list[block->index].data;
	/* The kernel does not tell how many bytes came. */
	block->bytes = stream->block_bytes;
	dmabufs->next = (dmabufs->next + 1) % dmabufs->count;
	stream->queued--;

	/* Making the data visible to the CPU waits for it, too. */
	if (stream->cpu_access)
		return sync_for_cpu(stream, block->index, DMA_BUF_SYNC_START);
	return counted_poll(stream, dmabufs->list[block->index].fd);
}

static int dmabuf_give_back(struct stream *stream, const struct block *block)
{
	int ret = 0;

	if (stream->cpu_access)
		ret = sync_for_cpu(stream, block->index, DMA_BUF_SYNC_END);
	return ret ? ret : enqueue(stream, block->index);
}

static void dmabuf_close(struct stream *stream)
{
	struct dmabufs *dmabufs = stream->state;
	struct dmabuf *dmabuf;

	if (!dmabufs)
		return;
	for (dmabuf = dmabufs->list; dmabuf < dmabufs->list + dmabufs->count; dmabuf++) {
		if (dmabuf->data != MAP_FAILED)
			munmap(dmabuf->data, stream->block_bytes);
		ioctl(stream->buffer_fd, IIO_BUFFER_DMABUF_DETACH_IOCTL, &dmabuf->fd);
		close(dmabuf->fd);
	}
	free(dmabufs->list);
	free(dmabufs);
	/*
	 * The kernel lets go of DMABUFs in the background, and until it has the
	 * buffer refuses read() without a word: give it the time.
	 */
	usleep(50000);
}

const struct interface interface_dmabuf = {
	.name = "dmabuf",
	.help = "DMABUF ioctls on buffers of the system heap, no copy",
	.own_memory = "heap",
	.probe = dmabuf_probe,
	.open = dmabuf_open,
	.start = dmabuf_start,
	.next = dmabuf_next,
	.give_back = dmabuf_give_back,
	.close = dmabuf_close,
};
