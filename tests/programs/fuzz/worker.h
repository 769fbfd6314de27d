/* SPDX-License-Identifier: MIT */
/* One of several processes that use the converters at once. */
#ifndef IIO_FUZZ_WORKER_H
#define IIO_FUZZ_WORKER_H

#include <linux/aio_abi.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "converters.h"
#include "random.h"
#include "results.h"

#define WORKERS 4
#define RINGS   2
#define DMABUFS 2
#define READERS 4

/* How long an operation may wait for something that others decide */
#define PATIENCE_MS 20

/**
 * struct report - what a worker tells, in memory that it shares with the supervisor
 * @pid:	of the worker, 0 if there is none
 * @next:	number of the operation that comes next, or is under way
 * @is_busy:	an operation is under way
 * @buffers:	descriptors of the buffers it has open, or -1; others borrow them
 * @has_complained: set once @complaint says what the contract does not allow
 */
struct report {
	_Atomic pid_t pid;
	atomic_uint next;
	atomic_bool is_busy;
	atomic_int buffers[CONVERTERS];
	atomic_bool has_complained;
	char complaint[256];
};

/**
 * struct statistics - what all requests came to, to see what is tried at all
 * @results:	of each kind of request: how many succeeded [0], and how many
 *		failed with which error
 * @verified:	how many transfers had the right data
 * @longest_ms:	how long each operation took at most
 */
#define ERRORS     128
#define OPERATIONS 64
struct statistics {
	atomic_uint results[KINDS][ERRORS];
	atomic_uint verified;
	atomic_uint count[OPERATIONS];
	atomic_uint longest_us[OPERATIONS];
};

struct shared {
	struct report reports[WORKERS];
	struct statistics statistics;
};

/**
 * struct opened - a converter as a worker has it open
 * @device:	descriptor of /dev/iio:deviceN, or -1
 * @buffer:	descriptor of its buffer, or -1
 */
struct opened {
	int device;
	int buffer;
};

struct worker {
	unsigned int number;
	struct shared *shared;
	struct report *report;
	struct opened opened[CONVERTERS];
	struct ring *rings[RINGS];
	aio_context_t aio;
	struct aio_memory *aio_memory;
	int (*dmabufs)[DMABUFS];
	atomic_uint readers;
};

/**
 * dmabuf_begin() - attach DMABUFs to some converters, which is possible only at first
 * @random:	decides to which
 */
void dmabuf_begin(struct worker *worker, struct random random);

/**
 * worker_run() - do the operations up to @end, one after the other
 * @epoch:	decides what is the same for all workers
 * @random:	from which the parameters of each operation are derived, by its number
 *
 * Then keeps everything open, and in flight, until it is killed.
 */
void worker_run(struct worker *worker, struct random epoch, struct random random, unsigned int end)
	__attribute__((noreturn));

/** worker_complain() - end the run: the contract does not allow this */
void worker_complain(struct worker *worker, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/** worker_expect() - count a result, and complain if it is not allowed */
void worker_expect(struct worker *worker, enum kind kind, long long result, size_t bytes);

/** interrupt_soon() - have a signal interrupt whatever waits for longer than @ms */
void interrupt_soon(unsigned int ms);

/** interrupt_never() - any more */
void interrupt_never(void);

#endif
