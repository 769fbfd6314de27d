/* SPDX-License-Identifier: MIT */
/* A DAC that plays numbers and the ADC that records them; errors end the test. */
#ifndef IIO_TEST_LOOPBACK_H
#define IIO_TEST_LOOPBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "device.h"

/* All numbers are 8 bytes, which are one scan */
#define LOOPBACK_SCAN_BYTES 8

#define PLAYER_DMABUFS 4

/**
 * struct player - plays the numbers from 1 on, never 0
 * @dac:	that does it
 * @by_dmabuf:	whether with DMABUFs or with write()
 * @fd:		of the buffer
 * @block_scans:	in a block
 * @next:	number
 * @blocks:	played so far
 * @memory:	of the blocks
 */
struct player {
	struct device dac;
	bool by_dmabuf;
	int fd;
	size_t block_scans;
	uint64_t next;
	unsigned int blocks;
	int dmabufs[PLAYER_DMABUFS];
	uint64_t *memory[PLAYER_DMABUFS];
};

/**
 * struct recorder - judges what comes out at the other end
 * @adc:	that records
 * @fd:		of its buffer
 * @last:	number recorded
 * @silent:	zeros after the first number and before @last
 * @missing:	numbers left out before @last
 * @zeros:	after @last
 */
struct recorder {
	struct device adc;
	int fd;
	uint64_t last;
	uint64_t silent;
	uint64_t missing;
	uint64_t zeros;
};

/** player_create() - make the DAC; its buffer is not enabled yet */
void player_create(struct player *player, const char *rate, size_t block_scans, bool by_dmabuf);

/** player_play() - fill a block with the next numbers and play it */
void player_play(struct player *player);

/** player_play_blocks() - the same, several times */
void player_play_blocks(struct player *player, unsigned int blocks);

/**
 * player_flush() - play on until an ADC's block is full
 * @recorded_scans:	in that block
 *
 * Without a pace the ADC has no other reason to give it back.
 */
void player_flush(struct player *player, size_t recorded_scans);

/** player_wait() - until all that was played is over */
void player_wait(const struct player *player);

/** recorder_create() - make an ADC that records a DAC, and enable it */
void recorder_create(struct recorder *recorder, const struct device *dac, const char *rate,
		     size_t block_scans);

/** recorder_read_until() - record until a number came */
void recorder_read_until(struct recorder *recorder, uint64_t number);

#endif
