// SPDX-License-Identifier: MIT
/*
 * Claim: a reader whose memory has to be faulted in, however long that takes,
 * keeps nobody from disabling the buffer. Debian's kernel holds the queue's
 * lock meanwhile.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "device.h"

#define BYTES    4096
#define BOUND_MS 5000

struct reader {
	int buffer;
	char *memory;
	ssize_t result;
};

struct disabler {
	const struct device *device;
	int done[2];
};

/* Memory with a fault that nobody handles but who reads from the descriptor */
static int memory_that_faults(char **memory)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int faults = (int)syscall(SYS_userfaultfd, O_CLOEXEC);

	if (faults < 0 && errno == ENOSYS) {
		fputs("this kernel is built without CONFIG_USERFAULTFD\n", stderr);
		exit(TEST_SKIPPED);
	}
	check(faults >= 0, "userfaultfd(): %s", strerror(errno));
	check(!ioctl(faults, UFFDIO_API, &api), "UFFDIO_API: %s", strerror(errno));
	*memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(*memory != MAP_FAILED, "mmap(): %s", strerror(errno));
	range.range.start = (uintptr_t)*memory;
	range.range.len = BYTES;
	check(!ioctl(faults, UFFDIO_REGISTER, &range), "UFFDIO_REGISTER: %s", strerror(errno));
	return faults;
}

static bool wait_for(int descriptor)
{
	struct pollfd poll_in = { .fd = descriptor, .events = POLLIN };

	return poll(&poll_in, 1, BOUND_MS) == 1;
}

static void end_fault(int faults, const char *memory)
{
	struct uffdio_zeropage zero = { .range = { (uintptr_t)memory, BYTES } };

	check(!ioctl(faults, UFFDIO_ZEROPAGE, &zero), "UFFDIO_ZEROPAGE: %s", strerror(errno));
}

static void *read_once(void *argument)
{
	struct reader *reader = argument;

	reader->result = read(reader->buffer, reader->memory, BYTES);
	return NULL;
}

static void *disable(void *argument)
{
	struct disabler *disabler = argument;

	if (!device_enable(disabler->device, false))
		check(write(disabler->done[1], "", 1) == 1, "write(): %s", strerror(errno));
	return NULL;
}

int main(void)
{
	const char *const fields[] = { NULL };
	struct device device;
	struct reader reader;
	struct disabler disabler = { .device = &device };
	pthread_t reading, disabling;
	bool disabled;
	int faults;

	test_deadline(30);
	faults = memory_that_faults(&reader.memory);
	device_create(&device, fields);
	device_set_length(&device, 2 * BYTES / device.scan_bytes);
	reader.buffer = device_open(&device, O_RDONLY);
	check(reader.buffer >= 0, "opening the device: %s", strerror(-reader.buffer));
	check_error("enabling the buffer", device_enable(&device, true), 0);
	check(!pthread_create(&reading, NULL, read_once, &reader), "no thread");
	check(wait_for(faults), "read() does not touch its memory");

	check(!pipe(disabler.done), "pipe(): %s", strerror(errno));
	check(!pthread_create(&disabling, NULL, disable, &disabler), "no thread");
	disabled = wait_for(disabler.done[0]);
	end_fault(faults, reader.memory);
	pthread_join(reading, NULL);
	pthread_join(disabling, NULL);
	check(disabled, "the buffer can't be disabled while a page is faulted in");
	check_equal("bytes read", reader.result, BYTES);

	return EXIT_SUCCESS;
}
