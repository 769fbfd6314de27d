// SPDX-License-Identifier: MIT
/*
 * Claim: direct transfers fill exactly the memory of the request, whatever it
 * is: parts of registered buffers that begin inside a page, pieces of readv(),
 * a file that is mapped, more pages than one chunk of a scatter list has; and
 * all pages that were pinned for it are unpinned.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "check.h"
#include "device.h"
#include "requests.h"
#include "vmstat.h"

#define PAGE      4096
#define PAGES     2048
#define BYTES     (PAGES * PAGE)
#define UNTOUCHED 0xa5

static struct requests requests;
static uint64_t next_scan;
static int buffer;

static void check_scans(const void *memory, size_t bytes)
{
	const char *at = memory;
	size_t offset;

	for (offset = 0; offset < bytes; offset += sizeof(uint64_t), next_scan++) {
		uint64_t scan;

		memcpy(&scan, at + offset, sizeof(scan));
		check(scan == next_scan, "scan %llu instead of %llu at offset %zu of %zu",
		      (unsigned long long)scan, (unsigned long long)next_scan, offset, bytes);
	}
}

static void check_untouched(const void *memory, size_t bytes)
{
	const unsigned char *at = memory;
	size_t offset;

	for (offset = 0; offset < bytes; offset++)
		check(at[offset] == UNTOUCHED, "byte %zu beside the request was written", offset);
}

static void check_registered(size_t offset, size_t bytes)
{
	memset(requests.memory, UNTOUCHED, BYTES);
	requests_read_fixed(&requests, buffer, offset, bytes);
	check_equal("READ_FIXED", requests_wait(&requests, 5000), bytes);
	check_untouched(requests.memory, offset);
	check_scans(requests.memory + offset, bytes);
	check_untouched(requests.memory + offset + bytes, BYTES - offset - bytes);
}

static void check_pieces(void)
{
	struct iovec pieces[] = {
		{ requests.memory + 8, 16 },
		{ requests.memory + PAGE, 0 },
		{ requests.memory + 2 * PAGE + 4088, 3 * PAGE },
		{ requests.memory + 64 * PAGE, 200 * PAGE },
	};
	size_t count = sizeof(pieces) / sizeof(pieces[0]);
	size_t piece, bytes = 0;

	for (piece = 0; piece < count; piece++)
		bytes += pieces[piece].iov_len;

	memset(requests.memory, UNTOUCHED, BYTES);
	check_equal("readv()", readv(buffer, pieces, count), bytes);
	for (piece = 0; piece < count; piece++)
		check_scans(pieces[piece].iov_base, pieces[piece].iov_len);
	check_untouched(requests.memory + PAGE, PAGE);
}

static void check_mapped_file(void)
{
	int file = memfd_create("direct-memory", MFD_CLOEXEC);
	char *memory;

	check(file >= 0 && !ftruncate(file, BYTES), "making a file: %s", strerror(errno));
	memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	check(memory != MAP_FAILED, "mapping a file: %s", strerror(errno));
	check_equal("read() into a mapped file", read(buffer, memory, BYTES), BYTES);
	check_scans(memory, BYTES);
	munmap(memory, BYTES);
	close(file);
}

int main(void)
{
	const char *const fields[] = { "rate_hz=0", NULL };
	struct pin_count start;
	struct device device;

	test_deadline(60);
	device_create(&device, fields);
	check_equal("the scan size", device.scan_bytes, sizeof(uint64_t));
	requests_init(&requests, BYTES);
	buffer = device_open_direct(&device);
	check(buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-buffer));
	start = pin_count_read();

	/* Queued first, it gets the first scan */
	requests_read_fixed(&requests, buffer, 0, 8);
	check_error("enabling the buffer", device_enable(&device, true), 0);
	check_equal("READ_FIXED", requests_wait(&requests, 5000), 8);
	check_scans(requests.memory, 8);

	check_registered(0, 8);
	check_registered(8, PAGE);
	check_registered(PAGE - 8, 16);
	check_registered(3 * PAGE + 1000, 5 * PAGE + 2000);
	check_registered(0, BYTES);
	check_pieces();
	check_mapped_file();

	check_error("disabling the buffer", device_enable(&device, false), 0);
	close(buffer);
	requests_exit(&requests);
	check_unpinned(&start);

	return EXIT_SUCCESS;
}
