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

#ifndef IIO_BUFFER_CMD_ATTACH

/*
 * Commands: requests of IORING_OP_URING_CMD on a descriptor of the buffer, its
 * own one or that of the device. The SQE's cmd_op is one of IIO_BUFFER_CMD_*,
 * and its 16 bytes at cmd hold the argument; bytes that the argument does not
 * need are zero. No command ever waits or goes to a worker thread.
 *
 * A kernel or a buffer without commands completes them with EOPNOTSUPP.
 * Errors that any of them can complete with: ENODEV (the device is gone),
 * ENOMEM, EBUSY (another process has the buffer open; for a transfer: the
 * buffer is in use by read() and write(), or by DMABUFs).
 */

/* Flag of struct iio_buffer_region: play the block over and over (output). */
#define IIO_BUFFER_TRANSFER_CYCLIC (1 << 0)

/**
 * struct iio_buffer_region - part of a buffer that is registered with io_uring
 * @addr:	address of the first byte; a multiple of length_align_bytes
 * @len:	length in bytes, likewise
 * @flags:	IIO_BUFFER_TRANSFER_* flags for IIO_BUFFER_CMD_TRANSFER, else 0
 *
 * Which registered buffer it is a part of is told by the SQE's buf_index,
 * together with IORING_URING_CMD_FIXED in its uring_cmd_flags.
 */
struct iio_buffer_region {
	__u64 addr;
	__u32 len;
	__u32 flags;
};

/**
 * IIO_BUFFER_CMD_ATTACH - map registered memory, &struct iio_buffer_region
 *
 * The request stays in progress. Until it completes, READ_FIXED, WRITE_FIXED
 * and IIO_BUFFER_CMD_TRANSFER inside the region cost no mapping, from any ring
 * that shares the registered buffer; a request that is partly outside of it is
 * mapped by itself. A region may be attached to several buffers, and a buffer
 * may have many; a page may be in several of them. Where the device does not
 * see what the CPU has in its caches, no two that write to memory may share a
 * cache line, neither attachments nor transfers.
 *
 * It also guards its ring: when io_uring cancels it, because the task that sent
 * it exits or executes another program, or because the ring is closed, all
 * transfers of the buffer are aborted. @len and @addr 0 attach nothing and do
 * only that; no registered buffer is needed then.
 *
 * Completes with ECANCELED (IIO_BUFFER_CMD_ABORT, or io_uring cancelled it) or
 * ENODEV (the device is gone) once the last transfer in the region is over; at
 * once with EINVAL (flags, alignment, no registered buffer) or EFAULT (not
 * inside the registered buffer). Unregistering the buffer waits for it.
 */
#define IIO_BUFFER_CMD_ATTACH _IOW('i', 0xa0, struct iio_buffer_region)

/**
 * IIO_BUFFER_CMD_TRANSFER - queue a transfer, &struct iio_buffer_region
 *
 * What READ_FIXED and WRITE_FIXED with O_DIRECT do, but cancelable: when
 * io_uring cancels it, all transfers of the buffer are aborted.
 *
 * With IIO_BUFFER_TRANSFER_CYCLIC the block is played over and over until the
 * next transfer is queued, which replaces it at its end, or until it is
 * aborted. The buffer's memory is read each time.
 *
 * Completes with the number of bytes transferred, or with an error: EINVAL
 * (flags, alignment, no multiple of the scan size, cyclic input, no registered
 * buffer), EFAULT (not inside the registered buffer), EOPNOTSUPP (cyclic, and
 * the DMA controller cannot repeat), ENOBUFS (direct_max_requests or
 * direct_max_bytes of the buffer), ECANCELED (disabled or aborted), EIO.
 */
#define IIO_BUFFER_CMD_TRANSFER _IOW('i', 0xa1, struct iio_buffer_region)

/**
 * IIO_BUFFER_CMD_DMABUF_ENQUEUE - queue an attached DMABUF, &struct iio_dmabuf
 *
 * IIO_BUFFER_DMABUF_ENQUEUE_IOCTL, but the end of the transfer completes the
 * request, with the number of bytes transferred. When io_uring cancels it, all
 * transfers of the buffer are aborted. The DMABUF polls ready as well.
 *
 * Completes with the errors of the ioctl; EBUSY also where that would wait for
 * others to finish with the DMABUF; ECANCELED (disabled or aborted), EIO.
 */
#define IIO_BUFFER_CMD_DMABUF_ENQUEUE _IOW('i', 0xa2, struct iio_dmabuf)

/**
 * IIO_BUFFER_CMD_ABORT - end everything, no argument
 *
 * All transfers of the buffer, DMABUFs too, and all attachments complete with
 * ECANCELED, whoever asked for them. A single one cannot be ended:
 * IORING_OP_ASYNC_CANCEL does not find reads, writes or commands that a driver
 * has accepted. The buffer stays enabled and takes new transfers.
 *
 * Completes with 0 when everything has ended, though completions of the others
 * may be posted after its own, or with EINVAL (a byte of the argument is not
 * zero).
 */
#define IIO_BUFFER_CMD_ABORT _IO('i', 0xa3)

#endif /* IIO_BUFFER_CMD_ATTACH */

#endif /* IIO_URING_UAPI_H */
