/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * User API of IIO buffers: every request a program needs, also where the
 * installed <linux/iio/buffer.h> is older than the running kernel.
 */

#ifndef IIO_URING_UAPI_H
#define IIO_URING_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>
#include <linux/iio/buffer.h>

#ifndef IIO_BUFFER_GET_FD_IOCTL
/**
 * IIO_BUFFER_GET_FD_IOCTL - open one buffer of a device
 *
 * Issued on /dev/iio:deviceN. The int argument holds the buffer's index and
 * receives its file descriptor, which the caller owns. Reads and writes on
 * that descriptor with O_DIRECT set, by fcntl(F_SETFL), go straight to the
 * caller's pages; a kernel or a buffer that cannot do so refuses O_DIRECT
 * with EINVAL.
 *
 * Return: 0, or -1 with errno EBUSY (another process has the buffer open),
 * ENODEV (no buffer of that index).
 */
#define IIO_BUFFER_GET_FD_IOCTL _IOWR('i', 0x91, int)
#endif

#ifndef IIO_BUFFER_DMABUF_ENQUEUE_IOCTL

/* Flag of struct iio_dmabuf: play the block over and over (output only). */
#define IIO_BUFFER_DMABUF_CYCLIC          (1 << 0)
#define IIO_BUFFER_DMABUF_SUPPORTED_FLAGS 0x00000001

/**
 * struct iio_dmabuf - one transfer into or out of an attached DMABUF
 * @fd:		file descriptor of the DMABUF
 * @flags:	IIO_BUFFER_DMABUF_* flags
 * @bytes_used:	bytes to transfer, from the start of the DMABUF; never 0
 */
struct iio_dmabuf {
	__u32 fd;
	__u32 flags;
	__u64 bytes_used;
};

/**
 * IIO_BUFFER_DMABUF_ATTACH_IOCTL - map a DMABUF for a buffer's device
 *
 * The int argument is the DMABUF's file descriptor. Attach every DMABUF
 * before the first is enqueued and before the buffer is enabled.
 *
 * Return: 0, or -1 with errno EBUSY (attached already, or the buffer is being
 * read by read()), EPERM (this buffer takes no DMABUF), EBADF (not a DMABUF).
 */
#define IIO_BUFFER_DMABUF_ATTACH_IOCTL _IOW('i', 0x92, int)

/**
 * IIO_BUFFER_DMABUF_DETACH_IOCTL - undo IIO_BUFFER_DMABUF_ATTACH_IOCTL
 *
 * Closing the buffer's descriptor detaches whatever is still attached.
 *
 * Return: 0, or -1 with errno EPERM (not attached).
 */
#define IIO_BUFFER_DMABUF_DETACH_IOCTL _IOW('i', 0x93, int)

/**
 * IIO_BUFFER_DMABUF_ENQUEUE_IOCTL - queue one transfer, &struct iio_dmabuf
 *
 * The transfer is done when the DMABUF polls ready (POLLIN for input). The
 * number of bytes that really came is not reported.
 *
 * Return: 0, or -1 with errno EBUSY (still queued), EPERM (not attached),
 * EINVAL (length or flags).
 */
#define IIO_BUFFER_DMABUF_ENQUEUE_IOCTL _IOW('i', 0x94, struct iio_dmabuf)

#endif /* IIO_BUFFER_DMABUF_ENQUEUE_IOCTL */

#endif /* IIO_URING_UAPI_H */
