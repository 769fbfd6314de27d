// SPDX-License-Identifier: MIT
/*
 * Claim: after a transfer that was short, write() fills output blocks as
 * before. Debian's kernel fills that block only as far as the transfer went
 * from then on.
 */
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "device.h"

#define BLOCKS  16
#define SCANS   8192
#define RESIDUE 512

static void wait_for_blocks(const struct device *device, uint64_t blocks)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	int tries = 5000;

	while (device_get(device, "completed_blocks") < blocks && --tries)
		nanosleep(&pause, NULL);
	check_equal("completed blocks", (long long)device_get(device, "completed_blocks"),
		    (long long)blocks);
}

int main(void)
{
	const char *const fields[] = { "direction=out", "rate_hz=0", NULL };
	static char block[SCANS * 8];
	struct device device;
	char residue[16];
	int file;

	test_deadline(20);
	device_create(&device, fields);
	device_set_length(&device, 2 * SCANS);
	check_equal("bytes of a scan", (long long)device.scan_bytes, 8);
	file = device_open(&device, O_WRONLY);
	check(file >= 0, "opening the device: %s", strerror(-file));
	check_error("enabling the buffer", device_enable(&device, true), 0);

	snprintf(residue, sizeof(residue), "%zu", RESIDUE * device.scan_bytes);
	device_set(&device, "short_transfer_bytes", residue);
	for (int i = 0; i < BLOCKS; i++)
		check_equal("a write", write(file, block, sizeof(block)), sizeof(block));
	wait_for_blocks(&device, BLOCKS);
	check_equal("samples played", (long long)device_get(&device, "produced_samples"),
		    BLOCKS * SCANS - RESIDUE);

	return EXIT_SUCCESS;
}
