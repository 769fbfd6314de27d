/* SPDX-License-Identifier: MIT */
/* DMABUFs as the test programs use them; errors of the set-up end the test. */
#ifndef IIO_TEST_DMABUF_H
#define IIO_TEST_DMABUF_H

#include <stddef.h>
#include <stdint.h>

/** dmabuf_allocate() - a DMABUF from the system heap; returns its descriptor */
int dmabuf_allocate(size_t bytes);

/** dmabuf_attach() - attach it to a buffer; returns 0 or -errno */
int dmabuf_attach(int buffer_fd, int dmabuf_fd);

/** dmabuf_enqueue() - enqueue all of it; returns 0 or -errno */
int dmabuf_enqueue(int buffer_fd, int dmabuf_fd, size_t bytes, uint32_t flags);

/**
 * dmabuf_wait() - wait until the device is done with it
 * @events:	POLLIN after input, POLLOUT after output
 *
 * Return: 0, -ETIMEDOUT after @timeout_ms
 */
int dmabuf_wait(int dmabuf_fd, short events, int timeout_ms);

/** dmabuf_map() - map it for reading and writing */
void *dmabuf_map(int dmabuf_fd, size_t bytes);

#endif
