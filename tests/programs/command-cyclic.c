// SPDX-License-Identifier: MIT
/*
 * Claim: a cyclic TRANSFER is played over and over without a gap, and its memory
 * is read each time, until the next transfer replaces it at its end, or until
 * it is aborted. What an ADC records shows it.
 */
#include <endian.h>
#include <time.h>

#include <iio-uring/uapi.h>

#include "check.h"
#include "loopback.h"
#include "requests.h"

#define SCANS   512
#define BYTES   (SCANS * LOOPBACK_SCAN_BYTES)
#define PERIODS 10

/* Enough to record all that is played */
#define RATE            "rate_hz=200000"
#define RECORDED_BLOCKS 32
#define RECORD          ((size_t)1 << 18)

/* The cyclic block, changed meanwhile, and the one that replaces it */
enum part { FIRST = 0x100000, CHANGED = 0x200000, LAST = 0x300000 };

/* Where in its block a number is */
#define AT_MASK 0xfffff

static struct requests player, recorder;
static struct device dac, adc;

static void fill(size_t offset, enum part part)
{
	uint64_t *scans = (uint64_t *)(player.memory + offset);

	for (size_t i = 0; i < SCANS; i++)
		scans[i] = htole64(part + i);
}

static void wait_for_periods(unsigned int more)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	uint64_t until = device_get(&dac, "cyclic_periods") + more;
	int tries = 5000 * test_patience();

	while (device_get(&dac, "cyclic_periods") < until) {
		check(tries--, "%llu periods played, expected %llu",
		      (unsigned long long)device_get(&dac, "cyclic_periods"),
		      (unsigned long long)until);
		nanosleep(&pause, NULL);
	}
}

static void play_cyclically(int buffer)
{
	requests_region(&player, buffer, IIO_BUFFER_CMD_TRANSFER, 0, BYTES,
			IIO_BUFFER_TRANSFER_CYCLIC);
	check_error("enabling the DAC", device_enable(&dac, true), 0);
	wait_for_periods(PERIODS);
	check_error("the cyclic transfer", requests_wait(&player, 0), -ETIME);
}

/* @previous is 0 in the silence before the first number */
static void judge(uint64_t previous, uint64_t number)
{
	uint64_t at = number & AT_MASK, before = previous & AT_MASK;

	if (!previous) {
		check(!number || number == FIRST, "%#llx was recorded first",
		      (unsigned long long)number);
		return;
	}
	check(number && (at ? before == at - 1 : before == SCANS - 1),
	      "%#llx was recorded after %#llx", (unsigned long long)number,
	      (unsigned long long)previous);
	/* The memory is changed while it is read, but each block is played to its end */
	check(!at || (number >= LAST) == (previous >= LAST), "%#llx was recorded after %#llx",
	      (unsigned long long)number, (unsigned long long)previous);
}

static void start_recording(int buffer)
{
	for (size_t block = 0; block < RECORDED_BLOCKS; block++)
		requests_read_fixed(&recorder, buffer, block * RECORD, RECORD);
	check_error("enabling the ADC", device_enable(&adc, true), 0);
}

/* Until the block that replaces the cyclic one is over */
static void check_recorded(void)
{
	const uint64_t *scans = (const uint64_t *)recorder.memory;
	uint64_t previous = 0, at = 0, recorded = 0;
	bool was_changed = false;

	for (; previous != LAST + SCANS - 1; at++) {
		if (at == recorded) {
			check_equal("a recorded block", requests_wait(&recorder, 5000), RECORD);
			recorded += RECORD / LOOPBACK_SCAN_BYTES;
		}
		judge(previous, le64toh(scans[at]));
		previous = le64toh(scans[at]);
		was_changed |= previous >= CHANGED && previous < LAST;
	}
	check(was_changed, "what was changed in the memory has not been played");
	check_error("disabling the ADC", device_enable(&adc, false), 0);
}

static void check_replaced(int buffer)
{
	uint64_t tag;

	fill(0, FIRST);
	fill(BYTES, LAST);
	play_cyclically(buffer);
	fill(0, CHANGED);
	wait_for_periods(2);
	requests_region(&player, buffer, IIO_BUFFER_CMD_TRANSFER, BYTES, BYTES, 0);
	check_equal("the replaced transfer", requests_wait_tagged(&player, &tag, 2000), BYTES);
	check_equal("the last transfer", requests_wait_tagged(&player, &tag, 2000), BYTES);
}

static void check_aborted(int buffer)
{
	uint64_t tag;

	play_cyclically(buffer);
	requests_region(&player, buffer, IIO_BUFFER_CMD_ABORT, 0, 0, 0);
	for (int completions = 0; completions < 2; completions++) {
		int ret = requests_wait_tagged(&player, &tag, 2000);

		check_error("a completion after ABORT", ret,
			    tag == IIO_BUFFER_CMD_ABORT ? 0 : -ECANCELED);
	}
}

int main(void)
{
	const char *const output[] = { "direction=out", RATE, NULL };
	char from[64];
	const char *const input[] = { "fill=loopback", from, RATE, NULL };
	int playing, recording;

	test_deadline(30);
	device_create(&dac, output);
	snprintf(from, sizeof(from), "loopback_from=%s", dac.name);
	device_create(&adc, input);
	requests_init(&player, 2 * BYTES);
	requests_init(&recorder, RECORDED_BLOCKS * RECORD);
	playing = device_open_direct(&dac);
	recording = device_open_direct(&adc);
	check(playing >= 0 && recording >= 0, "opening the buffers with O_DIRECT failed");

	start_recording(recording);
	check_replaced(playing);
	check_recorded();
	check_aborted(playing);

	return EXIT_SUCCESS;
}
