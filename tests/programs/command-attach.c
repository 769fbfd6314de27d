// SPDX-License-Identifier: MIT
/*
 * Claim: requests inside an attached region get the samples they ask for,
 * wherever they begin and end, with small and with huge pages, beside requests
 * that are not inside of it, or with the argument "overlap" partly; and an
 * attachment ends by ABORT, after the transfers that use it.
 */
#include <unistd.h>

#include <iio-uring/uapi.h>

#include "check.h"
#include "counter.h"
#include "device.h"
#include "requests.h"

#define MEMORY        ((size_t)4 << 20)
#define PATTERN       0x5a
#define ATTACHED_FROM 69632
#define ATTACHED_TO   (MEMORY - 4096)

struct piece {
	size_t offset;
	size_t bytes;
};

static const struct piece pieces[] = {
	{ ATTACHED_FROM, 4096 },                        /* its beginning */
	{ ATTACHED_FROM, ATTACHED_TO - ATTACHED_FROM }, /* all of it */
	{ ATTACHED_FROM + 8, 8 },                       /* as little as can be */
	{ ATTACHED_FROM + 4088, 16 },                   /* across pages */
	{ 2097152 - 4104, 12312 },                      /* across huge pages */
	{ 131072, 65536 },                              /* whole pages */
	{ 131072 + 24, 1048576 },                       /* many, trimmed at both ends */
	{ ATTACHED_TO - 16, 16 },                       /* its end */
	{ 0, 4096 },                                    /* not in it */
};

static const struct piece overlapping[] = {
	{ ATTACHED_TO - 16, 4096 },     /* over its end */
	{ ATTACHED_FROM - 4096, 8192 }, /* over its beginning */
};

/* What is outside of a request stays as it was. */
static void check_untouched(const struct requests *requests, size_t from, size_t to)
{
	for (size_t at = from; at < to; at++)
		check(requests->memory[at] == PATTERN, "byte %zu has been written to", at);
}

static void check_piece(struct requests *requests, int buffer, struct counter_check *check,
			const struct piece *piece)
{
	size_t offset = piece->offset, bytes = piece->bytes;

	memset(requests->memory, PATTERN, MEMORY);
	requests_read_fixed(requests, buffer, offset, bytes);
	check_equal("a read", requests_wait(requests, 5000), (long long)bytes);
	counter_check_block(check, requests->memory + offset, bytes);
	check_untouched(requests, 0, offset);
	check_untouched(requests, offset + bytes, MEMORY);
}

static void check_reads(bool huge, bool overlap)
{
	const char *const fields[] = { "rate_hz=0", NULL };
	struct counter_check check;
	struct requests requests;
	struct device device;
	uint64_t tag;
	int buffer;

	device_create(&device, fields);
	requests_init_with(&requests, MEMORY, 0, huge);
	buffer = device_open_direct(&device);
	check(buffer >= 0, "opening the buffer with O_DIRECT: %s", strerror(-buffer));
	requests_region(&requests, buffer, IIO_BUFFER_CMD_ATTACH, ATTACHED_FROM,
			ATTACHED_TO - ATTACHED_FROM, 0);
	check_error("a new attachment", requests_wait(&requests, 200), -ETIME);

	counter_check_begin(&check, device.scan_bytes);
	requests_read_fixed(&requests, buffer, pieces[0].offset, pieces[0].bytes);
	check_error("enabling the buffer", device_enable(&device, true), 0);
	check_equal("the first read", requests_wait(&requests, 5000), (long long)pieces[0].bytes);
	counter_check_block(&check, requests.memory + pieces[0].offset, pieces[0].bytes);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		check_piece(&requests, buffer, &check, &pieces[i]);
	for (size_t i = 0; overlap && i < sizeof(overlapping) / sizeof(overlapping[0]); i++)
		check_piece(&requests, buffer, &check, &overlapping[i]);
	counter_check_end(&check);
	check(!check.faults.lost && !check.faults.duplicated && !check.faults.reordered &&
		      !check.faults.corrupt,
	      "lost %llu, duplicated %llu, reordered %llu, corrupt %llu",
	      (unsigned long long)check.faults.lost, (unsigned long long)check.faults.duplicated,
	      (unsigned long long)check.faults.reordered, (unsigned long long)check.faults.corrupt);

	device_set(&device, "stall", "1");
	requests_read_fixed(&requests, buffer, ATTACHED_FROM, 4096);
	check_error("a read of a stalled device", requests_wait(&requests, 200), -ETIME);
	requests_region(&requests, buffer, IIO_BUFFER_CMD_ABORT, 0, 0, 0);
	for (int completions = 0; completions < 3; completions++) {
		int ret = requests_wait_tagged(&requests, &tag, 2000);

		check_error("a completion after ABORT", ret,
			    tag == IIO_BUFFER_CMD_ABORT ? 0 : -ECANCELED);
	}
	check_error("one completion more", requests_wait(&requests, 100), -ETIME);

	close(buffer);
	requests_exit(&requests);
	device_remove(&device);
}

int main(int argc, char **argv)
{
	bool overlap = argc > 1 && !strcmp(argv[1], "overlap");

	test_deadline(60);
	check_reads(false, overlap);
	check_reads(true, overlap);
	return EXIT_SUCCESS;
}
