// SPDX-License-Identifier: MIT
#include "pattern.h"

#include <stdint.h>
#include <string.h>

#include "converters.h"

#define CLEAR        0xee
/* The same from an odd address, which a write() that copies may have */
#define PLAYED       0xa5a5
#define SAMPLE_BYTES 2

void pattern_clear(void *data, size_t bytes)
{
	memset(data, CLEAR, bytes);
}

bool pattern_is_clear(const void *data, size_t bytes)
{
	const unsigned char *byte = data;

	return !bytes || (byte[0] == CLEAR && !memcmp(byte, byte + 1, bytes - 1));
}

void pattern_play(void *data, size_t bytes)
{
	uint16_t *sample = data;

	for (size_t i = 0; i < bytes / SAMPLE_BYTES; i++)
		sample[i] = PLAYED;
}

bool pattern_is_played(const void *data, size_t bytes)
{
	const uint16_t *sample = data;

	for (size_t i = 0; i < bytes / SAMPLE_BYTES; i++) {
		if (sample[i] && sample[i] != PLAYED)
			return false;
	}
	return true;
}

/* Whether a part of a scan is that of this number */
static bool is_part(const unsigned char *data, size_t from, size_t bytes, uint64_t number)
{
	for (size_t i = 0; i < bytes; i++) {
		if (data[i] != (unsigned char)(number >> 8 * (from + i)))
			return false;
	}
	return true;
}

static uint64_t number_at(const unsigned char *data, size_t scan_bytes)
{
	uint64_t number = 0;

	for (size_t i = 0; i < scan_bytes; i++)
		number |= (uint64_t)data[i] << 8 * i;
	return number;
}

/* Samples of @scan_bytes, the first @head bytes being the end of one */
static bool is_counted_as(const unsigned char *data, size_t bytes, size_t scan_bytes, size_t head)
{
	uint64_t number;
	size_t at = head;

	if (bytes < head + scan_bytes)
		return true;
	number = number_at(data + head, scan_bytes);
	if (!is_part(data, scan_bytes - head, head, number - 1))
		return false;
	for (; at + scan_bytes <= bytes; at += scan_bytes) {
		if (!is_part(data + at, 0, scan_bytes, number++))
			return false;
	}
	return is_part(data + at, 0, bytes - at, number);
}

bool pattern_is_counted(const void *data, size_t bytes)
{
	for (size_t scan_bytes = SAMPLE_BYTES; scan_bytes <= CHANNELS * SAMPLE_BYTES;
	     scan_bytes += SAMPLE_BYTES) {
		for (size_t head = 0; head < scan_bytes; head++) {
			if (is_counted_as(data, bytes, scan_bytes, head))
				return true;
		}
	}
	return false;
}
