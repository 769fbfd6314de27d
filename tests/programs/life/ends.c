// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <iio-uring/uapi.h>

#include "check.h"
#include "life.h"
#include "sysfs.h"

static void exit_process(struct user *user)
{
	(void)user;
	_exit(EXIT_SUCCESS);
}

static void execute(struct user *user)
{
	(void)user;
	execl("/bin/sleep", "sleep", "20", NULL);
	check(false, "exec: %s", strerror(errno));
}

static void close_ring(struct user *user)
{
	io_uring_queue_exit(&user->requests.ring);
	close(user->buffer);
}

static void close_descriptor(struct user *user)
{
	close(user->buffer);
	io_uring_queue_exit(&user->requests.ring);
}

static void fork_and_exit(struct user *user)
{
	pid_t child = fork();

	(void)user;
	check(child >= 0, "fork(): %s", strerror(errno));
	if (child)
		_exit(EXIT_SUCCESS);
	/* Has the descriptors, and nothing in flight */
	sleep(1);
	_exit(EXIT_SUCCESS);
}

static void unmap(struct user *user)
{
	munmap(user->requests.memory, user->requests.bytes);
	_exit(EXIT_SUCCESS);
}

static void unmap_and_live(struct user *user)
{
	munmap(user->requests.memory, user->requests.bytes);
}

static void disable(struct user *user)
{
	check_error("enabling the buffer", device_enable(user->device, true), 0);
	check_error("disabling the buffer", device_enable(user->device, false), 0);
}

static void abort_all(struct user *user)
{
	struct requests other;
	uint64_t tag;
	int ret;

	/* Of another ring, as some kinds have none */
	requests_init(&other, 4096);
	requests_region(&other, user->buffer, IIO_BUFFER_CMD_ABORT, 0, 0, 0);
	ret = requests_wait_tagged(&other, &tag, user->bound_ms);
	check_error("ABORT", ret, 0);
	requests_exit(&other);
}

static void kill_process(struct device *device, int pid)
{
	(void)device;
	kill(pid, SIGKILL);
}

static void unbind_driver(struct device *device, int pid)
{
	(void)pid;
	device_unbind(device);
}

static void remove_instance(struct device *device, int pid)
{
	(void)pid;
	device_remove(device);
}

const struct end life_ends[] = {
	{ .name = "kill", .happen = kill_process, .is_over = true },
	{ .name = "kill-polled", .is_polled = true, .happen = kill_process, .is_over = true },
	{ .name = "kill-fixed-file", .is_fixed = true, .happen = kill_process, .is_over = true },
	{ .name = "exit", .act = exit_process, .is_over = true },
	{ .name = "exit-polled", .is_polled = true, .act = exit_process, .is_over = true },
	{ .name = "exit-fixed-file", .is_fixed = true, .act = exit_process, .is_over = true },
	{ .name = "exec", .act = execute },
	{ .name = "exec-polled", .is_polled = true, .act = execute },
	{ .name = "ring-then-descriptor", .act = close_ring, .loses_ring = true },
	{ .name = "descriptor-then-ring", .act = close_descriptor, .loses_ring = true },
	{ .name = "fork-then-exit", .act = fork_and_exit, .is_over = true },
	{ .name = "munmap", .act = unmap, .is_over = true },
	{ .name = "thread-exit", .thread_sends = true, .act = exit_process, .is_over = true },
	{ .name = "munmap-and-live", .act = unmap_and_live, .lives_on = true },
	{ .name = "thread-exit-and-live", .thread_sends = true, .lives_on = true },
	{ .name = "disable", .act = disable, .collects = true },
	{ .name = "ABORT", .act = abort_all, .collects = true },
	{ .name = "remove", .happen = remove_instance, .collects = true, .loses_device = true },
	{ .name = "unbind", .happen = unbind_driver, .collects = true, .loses_device = true },
	{ .name = NULL },
};
