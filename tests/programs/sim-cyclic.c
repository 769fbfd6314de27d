// SPDX-License-Identifier: MIT
/*
 * Claim: a simulated DAC plays a cyclic DMABUF without a gap until the next one
 * replaces it at its end, counts how often, and an ADC that is enabled in the
 * middle records it from there.
 */
#include <endian.h>
#include <poll.h>
#include <sys/types.h>
#include <unistd.h>

#include "check.h"
#include "dmabuf.h"
#include "iio-uring/uapi.h"
#include "loopback.h"

/* 50 ms */
#define RATE         "rate_hz=1000000"
#define PERIOD_SCANS 50000
#define PERIODS      10

static uint64_t read_number(int fd)
{
	static uint64_t block[8192];
	static size_t next, count;

	if (next == count) {
		ssize_t got = read(fd, block, sizeof(block));

		check(got > 0 && got % sizeof(*block) == 0, "read() gave %zd: %s", got,
		      strerror(errno));
		count = got / sizeof(*block);
		next = 0;
	}

	return le64toh(block[next++]);
}

static void play_cyclic(struct player *player)
{
	size_t i;

	for (i = 0; i < PERIOD_SCANS; i++)
		player->memory[0][i] = htole64(player->next++);
	check_error("enqueueing the cyclic DMABUF",
		    dmabuf_enqueue(player->fd, player->dmabufs[0],
				   PERIOD_SCANS * LOOPBACK_SCAN_BYTES, IIO_BUFFER_DMABUF_CYCLIC),
		    0);
	player->blocks = 1;
}

int main(void)
{
	uint64_t first, number, expected, periods, ended;
	struct recorder recorder;
	struct player player;

	test_deadline(30);
	player_create(&player, RATE, PERIOD_SCANS, true);
	play_cyclic(&player);
	check_error("enabling the DAC", device_enable(&player.dac, true), 0);
	usleep(PERIOD_SCANS * 5 / 2);
	recorder_create(&recorder, &player.dac, RATE, PERIOD_SCANS);

	first = read_number(recorder.fd);
	check(first > 1 && first <= PERIOD_SCANS, "the first number recorded is %llu",
	      (unsigned long long)first);
	for (periods = 0, expected = first; periods < PERIODS;) {
		expected = expected % PERIOD_SCANS + 1;
		number = read_number(recorder.fd);
		check(number == expected, "%llu was recorded, expected %llu",
		      (unsigned long long)number, (unsigned long long)expected);
		periods += number == PERIOD_SCANS;
	}
	check_error("the cyclic DMABUF", dmabuf_wait(player.dmabufs[0], POLLOUT, 0), -ETIMEDOUT);

	/* The numbers go on where the cyclic DMABUF ended for the last time */
	player_play(&player);
	do {
		expected = expected % PERIOD_SCANS + 1;
		number = read_number(recorder.fd);
	} while (number == expected);
	check(expected == 1 && number == PERIOD_SCANS + 1,
	      "%llu was recorded instead of %llu when the next DMABUF came",
	      (unsigned long long)number, (unsigned long long)expected);
	check_error("the replaced DMABUF", dmabuf_wait(player.dmabufs[0], POLLOUT, 2000), 0);
	check_error("the next DMABUF", dmabuf_wait(player.dmabufs[1], POLLOUT, 2000), 0);

	ended = device_get(&player.dac, "cyclic_periods");
	check_equal("the number of scans played", device_get(&player.dac, "produced_samples"),
		    (ended + 1) * PERIOD_SCANS);
	check_equal("the number of scans lost by the DAC", device_get(&player.dac, "lost_samples"),
		    0);
	check(ended >= PERIODS + 2, "%llu periods were counted", (unsigned long long)ended);

	return EXIT_SUCCESS;
}
