// SPDX-License-Identifier: MIT
#include "interfaces/dmabufs.h"
#include "bounds.h"
#include "converter.h"
#include "fail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <iio-uring/uapi.h>
#include <linux/dma-buf.h>

const char *dmabufs_probe(int buffer_fd)
{
	int no_dmabuf = -1;

	/* Whoever knows the request refuses the descriptor, not the request. */
	if (!ioctl(buffer_fd, IIO_BUFFER_DMABUF_ATTACH_IOCTL, &no_dmabuf) || errno == EBADF)
		return NULL;
	if (errno == EPERM)
		return "the device's buffer takes no DMABUF";
	return "its IIO buffers know no DMABUF";
}

static int attach(const struct dmabuf *dmabuf, const struct stream *stream)
{
	const struct converter *converter = stream->converter;
	int fd = dmabuf->fd, err;

	if (!ioctl(stream->buffer_fd, IIO_BUFFER_DMABUF_ATTACH_IOCTL, &fd))
		return 0;
	err = errno;
	if (err == EBUSY)
		return fail(EBUSY,
			    "cannot attach a DMABUF to buffer%u of %s: it is being read by "
			    "read(); end that first",
			    converter->buffer, converter->name);
	return fail(err, "cannot attach a DMABUF to buffer%u of %s: %s", converter->buffer,
		    converter->name, strerror(err));
}

int dmabufs_open(struct dmabufs *dmabufs, const struct stream *stream, dmabufs_get *get)
{
	unsigned int i;
	int ret;

	dmabufs->list = calloc(stream->depth, sizeof(*dmabufs->list));
	if (!dmabufs->list)
		return fail(ENOMEM, "out of memory");
	ret = get(dmabufs, stream);
	for (i = 0; !ret && i < dmabufs->count; i++)
		ret = attach(&dmabufs->list[i], stream);
	return ret;
}

void dmabufs_close(struct dmabufs *dmabufs, const struct stream *stream)
{
	struct dmabuf *dmabuf;

	for (dmabuf = dmabufs->list; dmabuf < dmabufs->list + dmabufs->count; dmabuf++) {
		if (!dmabufs->memory.mapping && dmabuf->data != MAP_FAILED)
			munmap(dmabuf->data, stream->block_bytes);
		ioctl(stream->buffer_fd, IIO_BUFFER_DMABUF_DETACH_IOCTL, &dmabuf->fd);
		close(dmabuf->fd);
	}
	memory_unmap(&dmabufs->memory);
	free(dmabufs->list);
	/*
	 * The kernel lets go of DMABUFs in the background, and until it has the
	 * buffer refuses read() without a word: give it the time.
	 */
	usleep(50000);
}

int dmabufs_ioctl(struct stream *stream, int fd, unsigned long request, void *argument,
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

int dmabufs_sync(struct stream *stream, const struct dmabuf *dmabuf, uint64_t phase)
{
	struct dma_buf_sync sync = { .flags = DMA_BUF_SYNC_READ | phase };

	return dmabufs_ioctl(stream, dmabuf->fd, DMA_BUF_IOCTL_SYNC, &sync, "SYNC of a DMABUF");
}
