// SPDX-License-Identifier: MIT
/*
 * Claim: however the user of a buffer ends while its transfers wait for the
 * buffer to be enabled, are under way, or are stalled, within a bound the
 * process is gone, its transfers are over, the buffer can be opened again and
 * streams, and no page is pinned.
 *
 * Usage: life END KIND STATE GUARD BOUND_MS
 *
 * STATE is queued, streaming or stalled, GUARD is guarded or plain. Exception:
 * a process that lives on without the ring of its plain transfers keeps the
 * buffer busy until these can be done, or until it ends too. One that lives on
 * without their memory, or the thread that asked for them, still gets them.
 */
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <iio-uring/uapi.h>

#include "check.h"
#include "dmabuf.h"
#include "life.h"
#include "vmstat.h"

struct cell {
	const struct end *end;
	const struct kind *kind;
	const char *state;
	unsigned int bound_ms;
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

static void pause_ms(unsigned int ms)
{
	const struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&pause, NULL);
}

static void guard(struct user *user)
{
	requests_region(&user->requests, user->buffer, IIO_BUFFER_CMD_ATTACH, 0, 0, 0);
}

static void fix_file(struct user *user)
{
	check_error("registering the buffer's file",
		    io_uring_register_files(&user->requests.ring, &user->buffer, 1), 0);
	close(user->buffer);
	user->buffer = 0;
	user->requests.sqe_flags = IOSQE_FIXED_FILE;
}

struct sender {
	const struct cell *cell;
	struct user *user;
};

static void *send_requests(void *argument)
{
	struct sender *sender = argument;

	if (sender->user->is_guarded)
		guard(sender->user);
	sender->cell->kind->send(sender->user);
	return NULL;
}

static void send_from_thread(struct sender *sender)
{
	pthread_t thread;

	check(!pthread_create(&thread, NULL, send_requests, sender), "no thread");
	pthread_join(thread, NULL);
}

static void check_collected(const struct cell *cell, struct user *user)
{
	int requests = !strcmp(cell->kind->name, "read") ? 1 : LIFE_BLOCKS;

	if (!cell->kind->collect)
		return;
	while (requests--) {
		int ret = cell->kind->collect(user);

		check(ret == LIFE_BYTES || ret == -ECANCELED || ret == -ENODEV || ret == -EINTR,
		      "a request completed with %d (%s)", ret, ret < 0 ? strerror(-ret) : "bytes");
	}
}

static void tell(int ready)
{
	check(write(ready, "", 1) == 1, "telling that it is ready: %s", strerror(errno));
}

static void live(const struct cell *cell, struct user *user, int ready)
{
	struct sender sender = { cell, user };

	requests_init_with(&user->requests, LIFE_BLOCKS * LIFE_BYTES,
			   cell->end->is_polled ? IORING_SETUP_SQPOLL : 0, false);
	user->buffer = device_open_direct(user->device);
	check(user->buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-user->buffer));
	if (cell->kind->prepare)
		cell->kind->prepare(user);
	if (strcmp(cell->state, "queued"))
		check_error("enabling the buffer", device_enable(user->device, true), 0);
	if (cell->end->is_fixed)
		fix_file(user);

	if (cell->end->thread_sends)
		send_from_thread(&sender);
	else
		send_requests(&sender);
	if (cell->end->is_polled)
		pause_ms(20);
	if (!cell->end->lives_on)
		tell(ready);

	if (cell->end->act)
		cell->end->act(user);
	if (cell->end->lives_on) {
		if (!strcmp(cell->state, "streaming"))
			check_collected(cell, user);
		tell(ready);
	}
	if (cell->end->collects) {
		check_collected(cell, user);
		_exit(EXIT_SUCCESS);
	}
	for (;;)
		pause();
}

static void check_gone(pid_t pid, unsigned int bound_ms, bool succeeds)
{
	uint64_t since = now_ms();
	int status;

	while (!waitpid(pid, &status, WNOHANG)) {
		check(now_ms() - since < bound_ms, "the process is still there");
		pause_ms(1);
	}
	if (succeeds)
		check(WIFEXITED(status) && !WEXITSTATUS(status), "the process has failed");
}

static int open_within(const struct device *device, unsigned int bound_ms)
{
	uint64_t since = now_ms();
	int buffer;

	while ((buffer = device_open_direct(device)) == -EBUSY && now_ms() - since < bound_ms)
		pause_ms(1);
	return buffer;
}

static void check_fences(const struct user *user)
{
	for (int block = 0; block < LIFE_BLOCKS; block++)
		check_error("waiting for the fence of a DMABUF",
			    dmabuf_wait(user->dmabufs[block], POLLIN, user->bound_ms), 0);
}

static int transfer_once(const struct cell *cell, struct requests *requests, int buffer)
{
	if (cell->kind->is_output)
		requests_write_fixed(requests, buffer, 0, LIFE_BYTES);
	else
		requests_read_fixed(requests, buffer, 0, LIFE_BYTES);
	return requests_wait(requests, cell->bound_ms);
}

/* Whoever comes next finds a buffer that works; DMABUFs are let go in the background. */
static void check_streams(const struct cell *cell, const struct device *device, int buffer)
{
	uint64_t since = now_ms();
	struct requests requests;
	int ret;

	device_set(device, "stall", "0");
	check_error("disabling the buffer", device_enable(device, false), 0);
	requests_init(&requests, LIFE_BYTES);
	check_error("enabling the buffer again", device_enable(device, true), 0);
	do {
		ret = transfer_once(cell, &requests, buffer);
	} while (ret == -EBUSY && now_ms() - since < cell->bound_ms);
	check_equal("a transfer afterwards", ret, LIFE_BYTES);
	check_error("disabling the buffer again", device_enable(device, false), 0);
	requests_exit(&requests);
}

/* The buffer is busy until the process ends */
static bool is_exception(const struct cell *cell, const struct user *user)
{
	if (cell->end->lives_on)
		return true;
	return cell->end->loses_ring && !user->is_guarded && strcmp(cell->state, "streaming");
}

static void look_on(const struct cell *cell, struct device *device, const struct user *user,
		    pid_t pid)
{
	int buffer;

	if (cell->end->happen)
		cell->end->happen(device, pid);
	if (cell->end->is_over || cell->end->collects)
		check_gone(pid, cell->bound_ms + 1000, !cell->end->happen || cell->end->collects);
	if (is_exception(cell, user)) {
		kill(pid, SIGKILL);
		check_gone(pid, cell->bound_ms, false);
	}
	if (cell->end->loses_device)
		return;

	/* A child that it has left behind has the descriptor for a second */
	if (!strcmp(cell->end->name, "fork-then-exit"))
		pause_ms(1000);
	buffer = open_within(device, cell->bound_ms);
	check(buffer >= 0, "opening the buffer again: %s", strerror(-buffer));
	if (!cell->end->is_over && !cell->end->collects && !is_exception(cell, user)) {
		kill(pid, SIGKILL);
		check_gone(pid, cell->bound_ms, false);
	}
	check_streams(cell, device, buffer);
	close(buffer);
}

static const struct kind *find_kind(const char *name)
{
	const struct kind *kind;

	for (kind = life_kinds; kind->name; kind++)
		if (!strcmp(kind->name, name))
			return kind;
	check(false, "%s: no such kind of request", name);
	return NULL;
}

static const struct end *find_end(const char *name)
{
	const struct end *end;

	for (end = life_ends; end->name; end++)
		if (!strcmp(end->name, name))
			return end;
	check(false, "%s: no such end", name);
	return NULL;
}

int main(int argc, char **argv)
{
	const char *fields[] = { "rate_hz=200000", NULL, NULL };
	struct pin_count start = pin_count_read();
	struct user user = { 0 };
	struct device device;
	struct cell cell;
	int ready[2];
	pid_t pid;
	char byte;

	check(argc == 6, "usage: life END KIND STATE GUARD BOUND_MS");
	cell = (struct cell){ find_end(argv[1]), find_kind(argv[2]), argv[3], atoi(argv[5]) };
	user.device = &device;
	user.is_guarded = !strcmp(argv[4], "guarded");
	user.bound_ms = cell.bound_ms;
	test_deadline(20 + 10 * cell.bound_ms / 1000);

	if (cell.kind->is_output)
		fields[1] = "direction=out";
	device_create(&device, fields);
	for (int block = 0; block < LIFE_BLOCKS; block++)
		user.dmabufs[block] = dmabuf_allocate(LIFE_BYTES);
	device_set(&device, "stall", !strcmp(cell.state, "stalled") ? "1" : "0");

	check(!pipe(ready), "making a pipe: %s", strerror(errno));
	pid = fork();
	check(pid >= 0, "fork(): %s", strerror(errno));
	if (!pid)
		live(&cell, &user, ready[1]);
	close(ready[1]);
	check(read(ready[0], &byte, 1) == 1, "the user of the buffer did not come up");

	look_on(&cell, &device, &user, pid);
	check_fences(&user);
	check_unpinned(&start);
	return EXIT_SUCCESS;
}
