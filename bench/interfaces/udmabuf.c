// SPDX-License-Identifier: MIT
#include "fail.h"
#include "interfaces/fenced.h"
#include "interfaces/list.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/udmabuf.h>

#define UDMABUF "/dev/udmabuf"

static const char *udmabuf_probe(const struct stream *stream)
{
	const char *lacking = dmabufs_probe(stream->buffer_fd);

	if (!lacking && access(UDMABUF, F_OK))
		lacking = "it has no " UDMABUF;
	return lacking ? lacking : memory_file_probe(stream->pages);
}

static int add(struct dmabufs *dmabufs, const struct stream *stream, int udmabuf_fd, int memfd)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *data = memory_block(&dmabufs->memory, dmabufs->count);
	struct udmabuf_create request = {
		.memfd = memfd,
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.offset = data - dmabufs->memory.mapping,
		.size = (stream->block_bytes + page - 1) / page * page,
	};
	int fd;

	fd = ioctl(udmabuf_fd, UDMABUF_CREATE, &request);
	if (fd < 0)
		return fail(errno,
			    "cannot get a DMABUF of %zu bytes from " UDMABUF ": %s; see "
			    "/sys/module/udmabuf/parameters/size_limit_mb",
			    stream->block_bytes, strerror(errno));
	dmabufs->list[dmabufs->count++] = (struct dmabuf){ .fd = fd, .data = data };
	return 0;
}

static int get(struct dmabufs *dmabufs, const struct stream *stream)
{
	int udmabuf_fd, memfd, ret = 0;

	memfd = memory_map_file(&dmabufs->memory, stream->pages, stream->block_bytes,
				stream->depth);
	if (memfd < 0)
		return memfd;
	udmabuf_fd = open(UDMABUF, O_RDWR | O_CLOEXEC);
	if (udmabuf_fd < 0)
		ret = fail(errno, "cannot open " UDMABUF ": %s; run as root or change its mode",
			   strerror(errno));
	while (!ret && dmabufs->count < stream->depth)
		ret = add(dmabufs, stream, udmabuf_fd, memfd);
	if (udmabuf_fd >= 0)
		close(udmabuf_fd);
	close(memfd);
	return ret;
}

static int udmabuf_open(struct stream *stream)
{
	return fenced_open(stream, get);
}

const struct interface interface_udmabuf = {
	.name = "udmabuf",
	.help = "DMABUF ioctls on buffers made of --pages (udmabuf), no copy",
	.probe = udmabuf_probe,
	.open = udmabuf_open,
	.start = fenced_start,
	.next = fenced_next,
	.give_back = fenced_give_back,
	.close = fenced_close,
};
