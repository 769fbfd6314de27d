// SPDX-License-Identifier: MIT
/*
 * Claim: a simulated ADC records what a simulated DAC plays, number for number,
 * whatever the size of the blocks at both ends.
 */
#include <pthread.h>

#include "check.h"
#include "loopback.h"

#define MEBIBYTE (1 << 20)

/* In a thread of its own, while the recorder listens */
struct performance {
	struct player player;
	unsigned int blocks;
	size_t recorded_scans;
};

static void *perform(void *data)
{
	struct performance *performance = data;

	player_play_blocks(&performance->player, performance->blocks);
	player_flush(&performance->player, performance->recorded_scans);

	return NULL;
}

int main(int argc, char **argv)
{
	struct performance performance = {};
	struct player *player = &performance.player;
	struct recorder recorder;
	pthread_t thread;
	size_t block_scans;
	char rate[32];

	if (argc != 6) {
		fprintf(stderr, "usage: sim-loopback write|dmabuf RATE PLAYED RECORDED MEBIBYTES\n"
				"PLAYED and RECORDED are the scans in a block\n");
		return 2;
	}

	test_deadline(300);
	snprintf(rate, sizeof(rate), "rate_hz=%s", argv[2]);
	block_scans = strtoul(argv[3], NULL, 10);
	performance.recorded_scans = strtoul(argv[4], NULL, 10);
	performance.blocks =
		strtoul(argv[5], NULL, 10) * MEBIBYTE / (block_scans * LOOPBACK_SCAN_BYTES);

	player_create(player, rate, block_scans, !strcmp(argv[1], "dmabuf"));
	recorder_create(&recorder, &player->dac, rate, performance.recorded_scans);
	check_error("enabling the DAC", device_enable(&player->dac, true), 0);
	check(!pthread_create(&thread, NULL, perform, &performance), "no thread");
	recorder_read_until(&recorder, performance.blocks * (uint64_t)block_scans);
	check(!pthread_join(thread, NULL), "no end of the thread");

	check_equal("the number of scans that were not recorded", recorder.missing, 0);
	if (!device_get(&player->dac, "rate_hz")) {
		check_equal("the number of zeros recorded", recorder.silent, 0);
		check_equal("the number of scans lost by the DAC",
			    device_get(&player->dac, "lost_samples"), 0);
	}
	check_equal("the number of scans lost by the ADC",
		    device_get(&recorder.adc, "lost_samples"), 0);

	return EXIT_SUCCESS;
}
