// SPDX-License-Identifier: MIT
/*
 * Claim: who moves data by an interface learns what a fault of the DMA
 * controller did to it, and the next transfer works again.
 *
 * Usage: failure-by-interface FAULT INTERFACE
 *
 * read() copies, and knows nothing of single blocks: it waits for samples, and a
 * block that failed has none. What the transfer of a DMABUF by ioctl came to can't
 * be known.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include <iio-uring/uapi.h>

#include "check.h"
#include "device.h"
#include "dmabuf.h"
#include "requests.h"

#define BYTES    65536
#define SHORT    4096
#define DELAY_MS 500

static struct requests requests;
static struct device device;
static int buffer, dmabuf;

/* A read() in a thread, as it may wait */
static struct {
	pthread_t thread;
	ssize_t result;
} reader;

static void *read_in_thread(void *argument)
{
	reader.result = read(buffer, requests.memory, BYTES);
	if (reader.result < 0)
		reader.result = -errno;
	return argument;
}

static void start_read(void)
{
	const struct timespec pause = { .tv_nsec = 50000000 };

	check(!pthread_create(&reader.thread, NULL, read_in_thread, NULL), "no thread");
	/* Enabling the buffer first would start blocks for a copying read() */
	nanosleep(&pause, NULL);
}

static int finish_read(unsigned int timeout_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += timeout_ms % 1000 * 1000000L;
	until.tv_sec += timeout_ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return pthread_timedjoin_np(reader.thread, NULL, &until) ? -ETIME : reader.result;
}

static void start_read_fixed(void)
{
	requests_read_fixed(&requests, buffer, 0, BYTES);
}

static void start_transfer(void)
{
	requests_region(&requests, buffer, IIO_BUFFER_CMD_TRANSFER, 0, BYTES, 0);
}

static int finish_request(unsigned int timeout_ms)
{
	return requests_wait(&requests, timeout_ms);
}

static void start_dmabuf(void)
{
	check_error("queueing a DMABUF", dmabuf_enqueue(buffer, dmabuf, BYTES, 0), 0);
}

static int finish_dmabuf(unsigned int timeout_ms)
{
	return dmabuf_wait(dmabuf, POLLIN, timeout_ms) ? -ETIME : 0;
}

static void start_dmabuf_command(void)
{
	struct iio_dmabuf argument = { .fd = dmabuf, .bytes_used = BYTES };

	requests_command(&requests, buffer, IIO_BUFFER_CMD_DMABUF_ENQUEUE, &argument,
			 sizeof(argument), 0);
}

/* What an interface can tell */
enum knows { SAMPLES, RESULT, NOTHING };

static const struct interface {
	const char *name;
	enum knows knows;
	bool is_direct;
	bool needs_dmabuf;
	void (*start)(void);
	int (*finish)(unsigned int timeout_ms);
} interfaces[] = {
	{ "read", SAMPLES, false, false, start_read, finish_read },
	{ "read-direct", RESULT, true, false, start_read, finish_read },
	{ "READ_FIXED", RESULT, true, false, start_read_fixed, finish_request },
	{ "TRANSFER", RESULT, true, false, start_transfer, finish_request },
	{ "DMABUF", NOTHING, false, true, start_dmabuf, finish_dmabuf },
	{ "DMABUF_ENQUEUE", RESULT, false, true, start_dmabuf_command, finish_request },
};

/* A fault, and what a transfer then comes to where that is known */
static const struct fault {
	const char *name;
	const char *field;
	const char *value;
	bool is_late;
	int result;
	int samples;
} faults[] = {
	{ "stall", "stall", "1", true, BYTES, BYTES },
	{ "late-completion", "completion_delay_us", "500000", true, BYTES, BYTES },
	{ "short-transfer", "short_transfer_bytes", "4096", false, BYTES - SHORT, BYTES - SHORT },
	{ "transfer-error", "fail_transfers", "1", false, -EIO, BYTES },
	/* Nothing else is in flight, with which it would be tried again */
	{ "refused-submit", "refuse_submits", "1", false, -EBUSY, -ETIME },
};

static int expected(const struct interface *interface, int result, int samples)
{
	if (interface->knows == NOTHING)
		return 0;
	return interface->knows == SAMPLES ? samples : result;
}

static void prepare(const struct interface *interface)
{
	requests_init(&requests, BYTES);
	buffer = interface->is_direct ? device_open_direct(&device) : device_open_buffer(&device);
	check(buffer >= 0, "opening the buffer: %s", strerror(-buffer));
	dmabuf = dmabuf_allocate(BYTES);
	if (interface->needs_dmabuf)
		check_error("attaching a DMABUF", dmabuf_attach(buffer, dmabuf), 0);
	/* Of two blocks */
	device_set_length(&device, 2 * BYTES / device.scan_bytes);
}

static void check_fault(const struct interface *interface, const struct fault *fault)
{
	unsigned int patience = test_patience();
	int result = -ETIME, wanted = expected(interface, fault->result, fault->samples);

	device_set(&device, fault->field, fault->value);
	/* A buffer that was never enabled has no samples, which read() takes for the end */
	if (interface->knows != SAMPLES)
		interface->start();
	check_error("enabling the buffer", device_enable(&device, true), 0);
	if (interface->knows == SAMPLES)
		interface->start();
	if (fault->is_late) {
		check_error("a transfer that can't be over", interface->finish(DELAY_MS / 4),
			    -ETIME);
		device_set(&device, "stall", "0");
	}
	result = interface->finish(wanted == -ETIME ? 300 : 3000 * patience);
	check(result == wanted, "the transfer came to %d, expected %d", result, wanted);
}

/* With read(), a refused block is tried again when the buffer is enabled again */
static void check_next(const struct interface *interface, const struct fault *fault)
{
	int result = fault->result == -EBUSY && interface->knows == SAMPLES;

	device_set(&device, fault->field, "0");
	if (result) {
		check_error("disabling the buffer", device_enable(&device, false), 0);
		check_error("enabling the buffer again", device_enable(&device, true), 0);
	} else {
		interface->start();
	}
	result = interface->finish(3000 * test_patience());
	check_equal("the next transfer", result, expected(interface, BYTES, BYTES));
}

int main(int argc, char **argv)
{
	const char *const fields[] = { "rate_hz=4000000", NULL };
	const struct interface *interface = NULL;
	const struct fault *fault = NULL;

	for (size_t i = 0; argc == 3 && i < sizeof(faults) / sizeof(faults[0]); i++)
		fault = !strcmp(faults[i].name, argv[1]) ? &faults[i] : fault;
	for (size_t i = 0; argc == 3 && i < sizeof(interfaces) / sizeof(interfaces[0]); i++)
		interface = !strcmp(interfaces[i].name, argv[2]) ? &interfaces[i] : interface;
	check(fault && interface, "usage: failure-by-interface FAULT INTERFACE");

	test_deadline(20);
	device_create(&device, fields);
	prepare(interface);
	check_fault(interface, fault);
	check_next(interface, fault);
	check_error("disabling the buffer", device_enable(&device, false), 0);
	return EXIT_SUCCESS;
}
