// SPDX-License-Identifier: MIT
/*
 * Claim: lost_samples of a simulated DAC is exactly the silence that an ADC
 * records from it, and where a block was not played as a whole, what is missing
 * is what was said to be.
 */
#include <pthread.h>
#include <unistd.h>

#include "check.h"
#include "loopback.h"

/* A scan takes 1 us, a block 16 ms */
#define BLOCK_SCANS    16384
#define RECORDED_SCANS 131072
#define BLOCKS         8
#define PAUSE_US       100000

/* What PAUSE_US has to leave when the blocks that are queued have been played */
#define PAUSE_SCANS_LOST (PAUSE_US - (PLAYER_DMABUFS + 1) * BLOCK_SCANS)

static void pause_writer(struct player *player)
{
	(void)player;
	usleep(PAUSE_US);
}

static void stall(struct player *player)
{
	device_set(&player->dac, "stall", "1");
	usleep(PAUSE_US);
	device_set(&player->dac, "stall", "0");
}

static void fail_two_transfers(struct player *player)
{
	player_wait(player);
	device_set(&player->dac, "fail_transfers", "2");
}

static void cut_a_transfer_short(struct player *player)
{
	player_wait(player);
	device_set(&player->dac, "short_transfer_bytes", "4096");
}

static void complete_late(struct player *player)
{
	device_set(&player->dac, "completion_delay_us", "100000");
}

/**
 * struct reason - why samples are lost, or are not
 * @name:	as given on the command line
 * @happen:	what happens in the middle of playing
 * @min_lost:	scans lost by that, without a pace none are
 * @missing:	scans that are never played
 */
static const struct reason {
	const char *name;
	void (*happen)(struct player *player);
	uint64_t min_lost;
	uint64_t missing;
} reasons[] = {
	{ "late-writer", pause_writer, PAUSE_SCANS_LOST, 0 },
	{ "stall", stall, PAUSE_SCANS_LOST, 0 },
	{ "failed-transfer", fail_two_transfers, 2 * BLOCK_SCANS, 2 * BLOCK_SCANS },
	{ "short-transfer", cut_a_transfer_short, 4096 / LOOPBACK_SCAN_BYTES,
	  4096 / LOOPBACK_SCAN_BYTES },
	{ "late-completion", complete_late, PAUSE_SCANS_LOST, 0 },
};

/* Everything that the player does, while the recorder listens */
struct performance {
	struct player player;
	const struct reason *reason;
	uint64_t lost_first;
};

static void *perform(void *data)
{
	struct performance *performance = data;
	struct player *player = &performance->player;

	/* What the DAC lost before its first number is no part of the silence */
	player_play(player);
	player_wait(player);
	performance->lost_first = device_get(&player->dac, "lost_samples");

	player_play_blocks(player, BLOCKS);
	performance->reason->happen(player);
	player_play_blocks(player, BLOCKS);
	player_flush(player, RECORDED_SCANS);

	return NULL;
}

static void test(const struct reason *reason, const char *rate, bool by_dmabuf)
{
	struct performance performance = { .reason = reason };
	struct player *player = &performance.player;
	struct recorder recorder;
	uint64_t lost, completed;
	pthread_t thread;
	bool is_paced;

	player_create(player, rate, BLOCK_SCANS, by_dmabuf);
	recorder_create(&recorder, &player->dac, rate, RECORDED_SCANS);
	check_error("enabling the DAC", device_enable(&player->dac, true), 0);
	check(!pthread_create(&thread, NULL, perform, &performance), "no thread");
	recorder_read_until(&recorder, (2 * BLOCKS + 1) * BLOCK_SCANS);
	check(!pthread_join(thread, NULL), "no end of the thread");

	is_paced = device_get(&player->dac, "rate_hz");
	lost = device_get(&player->dac, "lost_samples") - performance.lost_first;
	check_equal("the number of zeros recorded", recorder.silent, lost);
	check_equal("the number of scans that are missing", recorder.missing, reason->missing);
	check(is_paced ? lost >= reason->min_lost : !lost,
	      "%llu scans were lost on purpose, expected at least %llu", (unsigned long long)lost,
	      (unsigned long long)reason->min_lost);
	check_equal("the number of scans lost by the ADC",
		    device_get(&recorder.adc, "lost_samples"), 0);

	device_set(&player->dac, "completion_delay_us", "0");
	player_wait(player);
	completed = device_get(&player->dac, "produced_samples");
	check_equal("the number of scans played", completed, player->next - 1 - reason->missing);
}

int main(int argc, char **argv)
{
	size_t i;

	test_deadline(60);
	for (i = 0; argc == 4 && i < sizeof(reasons) / sizeof(*reasons); i++) {
		if (!strcmp(reasons[i].name, argv[3])) {
			test(&reasons[i],
			     !strcmp(argv[2], "paced") ? "rate_hz=1000000" : "rate_hz=0",
			     !strcmp(argv[1], "dmabuf"));
			return EXIT_SUCCESS;
		}
	}

	fprintf(stderr, "usage: sim-underflow write|dmabuf paced|unpaced REASON, one of\n");
	for (i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		fprintf(stderr, "\t%s\n", reasons[i].name);
	return 2;
}
