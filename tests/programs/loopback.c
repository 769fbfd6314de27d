// SPDX-License-Identifier: MIT
#include "loopback.h"

#include <endian.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/types.h>
#include <unistd.h>

#include "check.h"
#include "dmabuf.h"

static void allocate_blocks(struct player *player)
{
	size_t bytes = player->block_scans * LOOPBACK_SCAN_BYTES;
	int i;

	for (i = 0; i < PLAYER_DMABUFS; i++) {
		if (player->by_dmabuf) {
			player->dmabufs[i] = dmabuf_allocate(bytes);
			player->memory[i] = dmabuf_map(player->dmabufs[i], bytes);
			check_error("attaching a DMABUF",
				    dmabuf_attach(player->fd, player->dmabufs[i]), 0);
		} else {
			player->memory[i] = malloc(bytes);
			check(player->memory[i], "no memory");
		}
	}
}

void player_create(struct player *player, const char *rate, size_t block_scans, bool by_dmabuf)
{
	const char *const fields[] = { "direction=out", rate, NULL };

	*player = (struct player){ .by_dmabuf = by_dmabuf, .block_scans = block_scans, .next = 1 };
	device_create(&player->dac, fields);
	device_set_length(&player->dac, 2 * block_scans);
	player->fd = device_open_buffer(&player->dac);
	check(player->fd >= 0, "opening the DAC's buffer: %s", strerror(-player->fd));
	allocate_blocks(player);
}

static void write_block(const struct player *player, const uint64_t *block)
{
	size_t bytes = player->block_scans * LOOPBACK_SCAN_BYTES, done = 0;

	while (done < bytes) {
		ssize_t written = write(player->fd, (const char *)block + done, bytes - done);

		check(written > 0, "write() gave %zd: %s", written, strerror(errno));
		done += written;
	}
}

void player_play(struct player *player)
{
	unsigned int slot = player->blocks % PLAYER_DMABUFS;
	size_t bytes = player->block_scans * LOOPBACK_SCAN_BYTES, i;

	if (player->by_dmabuf)
		check_error("waiting for a DMABUF",
			    dmabuf_wait(player->dmabufs[slot], POLLOUT, 10000), 0);

	for (i = 0; i < player->block_scans; i++)
		player->memory[slot][i] = htole64(player->next++);

	if (player->by_dmabuf)
		check_error("enqueueing a DMABUF",
			    dmabuf_enqueue(player->fd, player->dmabufs[slot], bytes, 0), 0);
	else
		write_block(player, player->memory[slot]);
	player->blocks++;
}

void player_play_blocks(struct player *player, unsigned int blocks)
{
	while (blocks--)
		player_play(player);
}

void player_flush(struct player *player, size_t recorded_scans)
{
	if (!device_get(&player->dac, "rate_hz"))
		player_play_blocks(player, recorded_scans / player->block_scans + 1);
}

void player_wait(const struct player *player)
{
	int tries = 10000;

	while (device_get(&player->dac, "completed_blocks") < player->blocks) {
		check(tries--, "the DAC has played %llu blocks, expected %u",
		      (unsigned long long)device_get(&player->dac, "completed_blocks"),
		      player->blocks);
		usleep(1000);
	}
}

void recorder_create(struct recorder *recorder, const struct device *dac, const char *rate,
		     size_t block_scans)
{
	char from[64];
	const char *const fields[] = { "fill=loopback", from, rate, NULL };

	snprintf(from, sizeof(from), "loopback_from=%s", dac->name);
	*recorder = (struct recorder){};
	device_create(&recorder->adc, fields);
	device_set_length(&recorder->adc, 2 * block_scans);
	recorder->fd = device_open(&recorder->adc, O_RDONLY);
	check(recorder->fd >= 0, "opening the ADC: %s", strerror(-recorder->fd));
	check_error("enabling the ADC", device_enable(&recorder->adc, true), 0);
}

static void judge(struct recorder *recorder, uint64_t number)
{
	if (!number) {
		recorder->zeros += recorder->last ? 1 : 0;
		return;
	}

	check(number > recorder->last, "%llu was recorded after %llu", (unsigned long long)number,
	      (unsigned long long)recorder->last);
	check(recorder->last || number == 1, "%llu is the first number recorded",
	      (unsigned long long)number);
	recorder->missing += number - recorder->last - 1;
	recorder->silent += recorder->zeros;
	recorder->zeros = 0;
	recorder->last = number;
}

void recorder_read_until(struct recorder *recorder, uint64_t number)
{
	static uint64_t block[1 << 17];
	static size_t bytes;
	size_t i;

	while (recorder->last < number) {
		ssize_t got = read(recorder->fd, (char *)block + bytes, sizeof(block) - bytes);

		check(got > 0, "read() gave %zd: %s", got, strerror(errno));
		bytes += got;
		for (i = 0; i < bytes / LOOPBACK_SCAN_BYTES; i++)
			judge(recorder, le64toh(block[i]));
		memmove(block, block + i, bytes % LOOPBACK_SCAN_BYTES);
		bytes %= LOOPBACK_SCAN_BYTES;
	}
}
