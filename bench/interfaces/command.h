/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_INTERFACES_COMMAND_H
#define IIO_BENCH_INTERFACES_COMMAND_H

#include <liburing.h>
#include <stddef.h>
#include <stdint.h>

/**
 * command_prepare() - prepare a command for the buffer that is the ring's file 0
 * @sqe:	to fill
 * @command:	IIO_BUFFER_CMD_*
 * @argument:	16 bytes, NULL for zeros
 */
void command_prepare(struct io_uring_sqe *sqe, uint32_t command, const void *argument);

/** command_probe() - why a buffer takes no commands, NULL if it does */
const char *command_probe(int buffer_fd);

#endif
