// SPDX-License-Identifier: MIT
#include "interfaces/command.h"
#include "interfaces/ring.h"

#include <errno.h>
#include <string.h>

#include <iio-uring/uapi.h>

#define ARGUMENT_BYTES 16

void command_prepare(struct io_uring_sqe *sqe, uint32_t command, const void *argument)
{
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, 0, NULL, 0, 0);
	io_uring_sqe_set_flags(sqe, IOSQE_FIXED_FILE);
	sqe->cmd_op = command;
	memset(sqe->cmd, 0, ARGUMENT_BYTES);
	if (argument)
		memcpy(sqe->cmd, argument, ARGUMENT_BYTES);
}

/* To end everything while nothing is there harms nobody. */
const char *command_probe(int buffer_fd)
{
	const char *lacking = "its IIO buffers take no commands from io_uring";
	struct io_uring_cqe *cqe;
	struct ring ring;

	if (ring_open(&ring, 1, buffer_fd))
		return "io_uring cannot be set up";
	command_prepare(io_uring_get_sqe(&ring.uring), IIO_BUFFER_CMD_ABORT, NULL);
	if (io_uring_submit_and_wait(&ring.uring, 1) == 1) {
		cqe = ring_first_cqe(&ring);
		if (cqe && !cqe->res)
			lacking = NULL;
	}
	ring_close(&ring);
	return lacking;
}
