// SPDX-License-Identifier: MIT
/*
 * Claim: when a process with direct requests in flight is killed or exits, on a
 * running or a stalled converter, with READ_FIXED, with READ into pinned pages,
 * with libaio, or waiting in read(), the buffer can be opened again within a
 * second (longer where everything is slower), and no page stays pinned. ROUNDS
 * times.
 *
 * Usage: direct-kill [ROUNDS]
 */
#include <linux/aio_abi.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "device.h"
#include "requests.h"
#include "vmstat.h"

#define BLOCKS 8
#define BYTES  65536

enum request { READ_FIXED, READ_PINNED, READ_LIBAIO, READ_SYNCHRONOUS, REQUESTS };

static const char *const request_names[REQUESTS] = {
	[READ_FIXED] = "READ_FIXED",
	[READ_PINNED] = "READ",
	[READ_LIBAIO] = "libaio",
	[READ_SYNCHRONOUS] = "read()",
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

static void pause_ms(unsigned int ms)
{
	const struct timespec pause = { .tv_nsec = ms * 1000000L };

	nanosleep(&pause, NULL);
}

static void submit(struct requests *requests, int buffer, enum request request, size_t offset)
{
	if (request == READ_FIXED)
		requests_read_fixed(requests, buffer, offset, BYTES);
	else
		requests_read(requests, buffer, offset, BYTES);
}

static void tell(int ready)
{
	check(write(ready, "", 1) == 1, "telling the parent: %s", strerror(errno));
}

static void stream_libaio(struct requests *requests, int buffer, int ready)
{
	aio_context_t context = 0;
	unsigned int block;

	check(!syscall(SYS_io_setup, BLOCKS, &context), "io_setup(): %s", strerror(errno));
	for (block = 0; block < BLOCKS; block++) {
		struct iocb iocb = {
			.aio_lio_opcode = IOCB_CMD_PREAD,
			.aio_fildes = buffer,
			.aio_buf = (uintptr_t)requests->memory + block * BYTES,
			.aio_nbytes = BYTES,
		};
		struct iocb *iocbs[] = { &iocb };

		check(syscall(SYS_io_submit, context, 1, iocbs) == 1, "io_submit(): %s",
		      strerror(errno));
	}
	tell(ready);
	pause();
}

static void stream_synchronously(struct requests *requests, int buffer, int ready)
{
	tell(ready);
	for (;;)
		check(read(buffer, requests->memory, BYTES) > 0, "read(): %s", strerror(errno));
}

/* Keeps BLOCKS requests in flight, tells so, and goes on until it is killed */
static void stream(const struct device *device, enum request request, int ready, bool is_exiting)
{
	struct requests requests;
	int buffer = device_open_direct(device);
	unsigned int block;

	check(buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-buffer));
	requests_init(&requests, BLOCKS * BYTES);

	if (request == READ_LIBAIO)
		stream_libaio(&requests, buffer, ready);
	if (request == READ_SYNCHRONOUS)
		stream_synchronously(&requests, buffer, ready);

	for (block = 0; block < BLOCKS; block++)
		submit(&requests, buffer, request, block * BYTES);
	tell(ready);
	if (is_exiting)
		exit(EXIT_SUCCESS);

	for (block = 0;; block = (block + 1) % BLOCKS) {
		int ret = requests_wait(&requests, 60000);

		check_equal("the result of a request", ret, BYTES);
		submit(&requests, buffer, request, block * BYTES);
	}
}

static void end_one(const struct device *device, enum request request, bool is_exiting,
		    unsigned int round)
{
	int ready[2], buffer, status;
	const unsigned int limit_ms = 1000 * test_patience();
	uint64_t since;
	pid_t child;
	char byte;

	check(!pipe(ready), "making a pipe: %s", strerror(errno));
	child = fork();
	check(child >= 0, "fork(): %s", strerror(errno));
	if (!child) {
		close(ready[0]);
		stream(device, request, ready[1], is_exiting);
	}
	close(ready[1]);
	check(read(ready[0], &byte, 1) == 1, "the child did not come up");
	close(ready[0]);

	/* at different points of what it does */
	pause_ms(round % 7);
	since = now_ms();
	if (!is_exiting)
		kill(child, SIGKILL);
	check(waitpid(child, &status, 0) == child, "waiting for the child: %s", strerror(errno));

	while ((buffer = device_open_direct(device)) == -EBUSY && now_ms() - since < limit_ms)
		pause_ms(1);
	check(buffer >= 0, "%s, %s, round %u: opening the buffer again: %s", request_names[request],
	      is_exiting ? "exit" : "kill", round, strerror(-buffer));
	close(buffer);
}

int main(int argc, char **argv)
{
	const char *const fields[] = { "rate_hz=50000000", NULL };
	unsigned int rounds = argc > 1 ? atoi(argv[1]) : 5;
	struct pin_count start = pin_count_read();
	struct device device;
	unsigned int round;

	test_deadline(30 + rounds);
	device_create(&device, fields);
	check_error("enabling the buffer", device_enable(&device, true), 0);

	for (round = 0; round < rounds; round++) {
		enum request request = round % REQUESTS;
		bool is_stalled = round / REQUESTS % 2;
		bool is_exiting = request < READ_LIBAIO && round / REQUESTS % 5 == 4;

		device_set(&device, "stall", is_stalled ? "1" : "0");
		end_one(&device, request, is_exiting, round);
	}

	check_error("disabling the buffer", device_enable(&device, false), 0);
	check_unpinned(&start);

	return EXIT_SUCCESS;
}
