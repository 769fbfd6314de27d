/* SPDX-License-Identifier: MIT */
/* One cell of the table of ends: who asked for transfers, how, and how it ends. */
#ifndef IIO_TEST_LIFE_H
#define IIO_TEST_LIFE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "device.h"
#include "requests.h"

#define LIFE_BLOCKS 4
#define LIFE_BYTES  65536

/**
 * struct user - the process whose end is looked at
 * @device:	the converter
 * @bound_ms:	in how many milliseconds everything has to be over
 * @is_guarded:	guard the ring with an ATTACH of nothing
 * @is_polled:	the ring has a thread of the kernel that polls it
 * @is_fixed:	the buffer is a fixed file, and its descriptors are closed
 * @requests:	its ring, and the memory of all kinds of requests
 * @buffer:	descriptor of the buffer, or index of the fixed file
 * @dmabufs:	allocated by who looks on, to see their fences
 * @thread:	that sends the requests, if they make it wait
 * @result:	of a request that makes its thread wait
 */
struct user {
	const struct device *device;
	unsigned int bound_ms;
	bool is_guarded;
	bool is_polled;
	bool is_fixed;
	struct requests requests;
	int buffer;
	int dmabufs[LIFE_BLOCKS];
	pthread_t thread;
	int result;
};

/**
 * struct kind - one way to ask for transfers
 * @name:	as on the command line
 * @is_output:	needs a converter that plays
 * @prepare:	what has to be done before the buffer is enabled, or NULL
 * @send:	asks for LIFE_BLOCKS transfers and returns while they are in flight
 * @collect:	waits for one of them and returns its result, -ETIME after the
 *		bound; NULL if that can't be known
 */
struct kind {
	const char *name;
	bool is_output;
	void (*prepare)(struct user *user);
	void (*send)(struct user *user);
	int (*collect)(struct user *user);
};

extern const struct kind life_kinds[];

/**
 * struct end - one way to end, or what must not be taken for one
 * @name:	as on the command line
 * @is_polled:	the ring has a thread of the kernel that polls it
 * @is_fixed:	the buffer is a fixed file, and its descriptors are closed
 * @thread_sends: a thread of its own sends the requests, and exits
 * @act:	what the user does; NULL if it is not its own doing
 * @happen:	what happens to the user; NULL if nothing does
 * @is_over:	the process ends by that
 * @collects:	the requests have to complete, and the user can tell
 * @loses_ring:	what is not guarded goes on until the process ends
 * @loses_device: there is nothing to open again
 * @lives_on:	the process does, and its transfers with it
 */
struct end {
	const char *name;
	bool is_polled;
	bool is_fixed;
	bool thread_sends;
	void (*act)(struct user *user);
	void (*happen)(struct device *device, int pid);
	bool is_over;
	bool collects;
	bool loses_ring;
	bool loses_device;
	bool lives_on;
};

extern const struct end life_ends[];

#endif
