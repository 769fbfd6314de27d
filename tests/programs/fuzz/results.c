// SPDX-License-Identifier: MIT
#include "results.h"

#include <errno.h>

#define ERRORS_MAX 16

/* Whoever meets the device or its buffer at any time may find it gone or in use */
#define ANY_TIME ENODEV, EBUSY

/* How a transfer that was accepted ends; a submit is refused with EBUSY */
#define TRANSFER_ENDS ECANCELED, EIO

/* What is wrong with the request: its length, its memory, its number */
#define TRANSFER_REFUSED EINVAL, EFAULT, ENOBUFS, ENOMEM

static const struct {
	const char *name;
	int errors[ERRORS_MAX];
} kinds[KINDS] = {
	[KIND_DIRECT] = { "direct", { ANY_TIME, TRANSFER_ENDS, TRANSFER_REFUSED, EPERM } },
	[KIND_DIRECT_SYNC] = { "read() or write() with O_DIRECT",
			       { ANY_TIME, TRANSFER_ENDS, TRANSFER_REFUSED, EPERM } },
	[KIND_DIRECT_NOWAIT] = { "RWF_NOWAIT with O_DIRECT", { ANY_TIME, EPERM, EAGAIN, EFAULT } },
	/* A worker thread that waits for samples is interrupted when its ring goes away */
	[KIND_COPY] = { "copy", { ANY_TIME, ECANCELED, EINVAL, EFAULT, EPERM, EINTR } },
	[KIND_COPY_SYNC] = { "read() or write()", { ANY_TIME, EINVAL, EFAULT, EPERM, EINTR } },
	[KIND_COPY_NOWAIT] = { "RWF_NOWAIT", { ANY_TIME, EINVAL, EFAULT, EPERM, EAGAIN } },
	[KIND_ANY_FILE] = { "IOSQE_ASYNC",
			    { ANY_TIME, TRANSFER_ENDS, TRANSFER_REFUSED, EPERM, EINTR, EBADF } },
	[KIND_TRANSFER] = { "TRANSFER", { ANY_TIME, TRANSFER_ENDS, TRANSFER_REFUSED } },
	[KIND_ATTACH] = { "ATTACH", { ANY_TIME, ECANCELED, EINVAL, EFAULT, ENOMEM } },
	[KIND_ABORT] = { "ABORT", { ANY_TIME, EINVAL } },
	[KIND_ENQUEUE] = { "DMABUF_ENQUEUE",
			   { ANY_TIME, TRANSFER_ENDS, EINVAL, ENOMEM, EPERM, EBADF } },
	[KIND_DMABUF_ATTACH] = { "DMABUF_ATTACH_IOCTL", { ANY_TIME, EINTR } },
	[KIND_DMABUF_DETACH] = { "DMABUF_DETACH_IOCTL", { EPERM } },
	[KIND_DMABUF_ENQUEUE] = { "DMABUF_ENQUEUE_IOCTL",
				  { ANY_TIME, EINVAL, EPERM, EBADF, EINTR } },
	[KIND_OPEN] = { "opening", { ANY_TIME, ENOENT, ENXIO } },
	[KIND_ENABLE] = { "enabling or disabling", { ANY_TIME, EINVAL, ENOENT } },
	[KIND_SETTING] = { "changing a setting", { ANY_TIME, EINVAL, ENOENT } },
	[KIND_SIMULATOR] = { "the simulator's", { ANY_TIME, ENOENT, EEXIST, EINVAL } },
};

bool result_is_allowed(enum kind kind, long long result, size_t bytes)
{
	if (result >= 0)
		return (size_t)result <= bytes;

	for (const int *error = kinds[kind].errors; *error; error++) {
		if (result == -*error)
			return true;
	}
	return false;
}

const char *kind_name(enum kind kind)
{
	return kinds[kind].name;
}
