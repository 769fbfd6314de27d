// SPDX-License-Identifier: MIT
/*
 * Claim: what other parts of a process do does not disturb its stream: system(),
 * closing a duplicate of the descriptor, a child that exits or runs another
 * program, an exec() that fails, a thread that exits.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "device.h"
#include "requests.h"

#define BLOCKS 8
#define BYTES  4096

static struct requests requests;
static int buffer;

static void run_program(void)
{
	check_equal("system()", system("true"), 0);
}

static void close_duplicate(void)
{
	int duplicate = dup(buffer);

	check(duplicate >= 0, "dup(): %s", strerror(errno));
	close(duplicate);
}

static void exit_child(void)
{
	pid_t child = fork();
	int status;

	check(child >= 0, "fork(): %s", strerror(errno));
	if (!child)
		_exit(0);
	check(waitpid(child, &status, 0) == child, "waitpid(): %s", strerror(errno));
}

static void exec_child(void)
{
	pid_t child = fork();
	int status;

	check(child >= 0, "fork(): %s", strerror(errno));
	if (!child) {
		fcntl(buffer, F_SETFD, 0);
		execl("/bin/true", "true", NULL);
		_exit(127);
	}
	check(waitpid(child, &status, 0) == child, "waitpid(): %s", strerror(errno));
	check_equal("the child's status", status, 0);
}

static void fail_exec(void)
{
	check(execl("/", "/", NULL) < 0 && errno == EACCES, "exec() of a directory: %s",
	      strerror(errno));
}

static void *return_at_once(void *unused)
{
	return unused;
}

static void exit_thread(void)
{
	pthread_t thread;

	check(!pthread_create(&thread, NULL, return_at_once, NULL), "starting a thread");
	pthread_join(thread, NULL);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*disturb)(void);
	} disturbances[] = {
		{ "system()", run_program },          { "close() of a duplicate", close_duplicate },
		{ "a child that exits", exit_child }, { "a child that execs", exec_child },
		{ "a failing exec()", fail_exec },    { "a thread that exits", exit_thread },
	};
	const char *const fields[] = { "rate_hz=1000000", NULL };
	struct device device;
	unsigned int disturbance, block;

	test_deadline(30);
	device_create(&device, fields);
	requests_init(&requests, BLOCKS * BYTES);
	buffer = device_open_direct(&device);
	check(buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-buffer));
	check_error("enabling the buffer", device_enable(&device, true), 0);

	for (disturbance = 0; disturbance < sizeof(disturbances) / sizeof(disturbances[0]);
	     disturbance++) {
		device_set(&device, "stall", "1");
		for (block = 0; block < BLOCKS; block++)
			requests_read_fixed(&requests, buffer, block * BYTES, BYTES);
		disturbances[disturbance].disturb();
		device_set(&device, "stall", "0");
		for (block = 0; block < BLOCKS; block++) {
			int ret = requests_wait(&requests, 2000);

			check(ret == BYTES, "%s: a request ends with %d",
			      disturbances[disturbance].name, ret);
		}
	}
	check_error("disabling the buffer", device_enable(&device, false), 0);

	return EXIT_SUCCESS;
}
