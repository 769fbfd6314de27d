// SPDX-License-Identifier: MIT
#include "size.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static int unit_shift(char unit)
{
	switch (tolower((unsigned char)unit)) {
	case 'k':
		return 10;
	case 'm':
		return 20;
	case 'g':
		return 30;
	default:
		return -1;
	}
}

int size_parse(const char *text, uint64_t *bytes)
{
	unsigned long long number;
	int shift = 0;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return -EINVAL;

	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno)
		return -ERANGE;
	if (*end) {
		shift = unit_shift(*end++);
		if (shift < 0 || *end)
			return -EINVAL;
	}
	if (!number)
		return -EINVAL;
	if (number > UINT64_MAX >> shift)
		return -ERANGE;

	*bytes = (uint64_t)number << shift;
	return 0;
}

char *size_format(char *text, uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB" };
	unsigned int unit = 0;

	while (bytes && !(bytes % 1024) && unit + 1 < sizeof(units) / sizeof(units[0])) {
		bytes /= 1024;
		unit++;
	}
	snprintf(text, SIZE_TEXT_MAX, "%" PRIu64 " %s", bytes, units[unit]);
	return text;
}
