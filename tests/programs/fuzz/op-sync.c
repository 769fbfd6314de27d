// SPDX-License-Identifier: MIT
/* Operations that read or write by system calls, which may wait. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "files.h"
#include "operations.h"
#include "pattern.h"

#define BYTES     16384
#define ALIGNMENT 4096

/* A read() or write() */
struct call {
	struct worker *worker;
	const struct converter *converter;
	int fd;
	size_t bytes;
	void *memory;
};

static bool prepare(struct worker *worker, struct random *random, struct call *call)
{
	unsigned int converter = file_converter(random);

	call->worker = worker;
	call->converter = &converters[converter];
	call->bytes = 8 * random_below(random, BYTES / 8 + 1);
	call->fd = file_get(worker, random, converter);
	if (call->fd < 0)
		return false;
	call->memory = aligned_alloc(ALIGNMENT, BYTES);
	pattern_clear(call->memory, BYTES);
	if (call->converter->is_output)
		pattern_play(call->memory, BYTES);
	return true;
}

static ssize_t perform(const struct call *call, int flags)
{
	struct iovec iovec = { call->memory, call->bytes };
	ssize_t ret;

	if (call->converter->is_output)
		ret = pwritev2(call->fd, &iovec, 1, -1, flags);
	else
		ret = preadv2(call->fd, &iovec, 1, -1, flags);
	return ret < 0 ? -errno : ret;
}

static void check_data(const struct call *call, ssize_t result)
{
	const char *data = call->memory;
	size_t got = result > 0 ? result : 0;

	if (call->converter->is_output)
		return;
	if (!pattern_is_clear(data + call->bytes, BYTES - call->bytes))
		worker_complain(call->worker, "memory behind a read() has been written to");
	if (call->converter->is_counting ? !pattern_is_counted(data, got)
					 : !pattern_is_played(data, got))
		worker_complain(call->worker, "%zu bytes of a read() are wrong", got);
	if (got)
		atomic_fetch_add(&call->worker->shared->statistics.verified, 1);
}

static void judge(const struct call *call, enum kind kind, ssize_t result)
{
	worker_expect(call->worker, kind, result, call->bytes);
	check_data(call, result);
	free(call->memory);
}

/* With O_DIRECT only a signal that ends the process ends the call, see fork_user */
void op_read_or_write(struct worker *worker, struct random *random)
{
	struct call call;
	ssize_t result;

	if (!prepare(worker, random, &call))
		return;
	if (file_is_direct(call.fd)) {
		free(call.memory);
		return;
	}
	interrupt_soon(PATIENCE_MS);
	result = perform(&call, 0);
	interrupt_never();
	judge(&call, KIND_COPY_SYNC, result);
}

void op_read_or_write_nowait(struct worker *worker, struct random *random)
{
	struct call call;

	if (prepare(worker, random, &call))
		judge(&call, file_is_direct(call.fd) ? KIND_DIRECT_NOWAIT : KIND_COPY_NOWAIT,
		      perform(&call, RWF_NOWAIT));
}

static void *perform_in_thread(void *argument)
{
	struct call *call = argument;
	bool is_direct = file_is_direct(call->fd);

	judge(call, is_direct ? KIND_DIRECT_SYNC : KIND_COPY_SYNC, perform(call, 0));
	close(call->fd);
	atomic_fetch_sub(&call->worker->readers, 1);
	free(call);
	return NULL;
}

/* A thread that waits as long as it takes */
static void start_thread(struct call *call)
{
	pthread_t thread;
	sigset_t all, old;

	/* The descriptor may be another file's by the time of the call */
	call->fd = dup(call->fd);
	atomic_fetch_add(&call->worker->readers, 1);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if (pthread_create(&thread, NULL, perform_in_thread, call))
		worker_complain(call->worker, "no thread");
	pthread_detach(thread);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void op_read_or_write_in_thread(struct worker *worker, struct random *random)
{
	struct call *call = malloc(sizeof(*call));

	if (atomic_load(&worker->readers) < READERS && prepare(worker, random, call))
		start_thread(call);
	else
		free(call);
}

/* A child whose call is ended by a signal that kills it */
void op_fork_user(struct worker *worker, struct random *random)
{
	struct call call;
	pid_t child;

	if (!prepare(worker, random, &call))
		return;
	child = fork();
	if (!child) {
		bool is_direct = file_is_direct(call.fd);

		signal(SIGALRM, SIG_DFL);
		interrupt_soon(PATIENCE_MS);
		judge(&call, is_direct ? KIND_DIRECT_SYNC : KIND_COPY_SYNC, perform(&call, 0));
		_exit(EXIT_SUCCESS);
	}
	free(call.memory);
}
