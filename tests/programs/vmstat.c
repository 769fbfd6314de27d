// SPDX-License-Identifier: MIT
#include "vmstat.h"

#include <time.h>

#include "check.h"
#include "device.h"

struct pin_count pin_count_read(void)
{
	struct pin_count count = { .pinned = UINT64_MAX, .unpinned = UINT64_MAX };
	unsigned long long value;
	char name[64];
	FILE *file;

	/* Each CPU keeps its last few to itself otherwise */
	file = fopen("/proc/sys/vm/stat_refresh", "r");
	check(file && fgetc(file) == EOF, "refreshing /proc/vmstat: %s", strerror(errno));
	fclose(file);

	file = fopen("/proc/vmstat", "r");
	check(file, "opening /proc/vmstat: %s", strerror(errno));
	while (fscanf(file, "%63s %llu", name, &value) == 2) {
		if (!strcmp(name, "nr_foll_pin_acquired"))
			count.pinned = value;
		else if (!strcmp(name, "nr_foll_pin_released"))
			count.unpinned = value;
	}
	fclose(file);
	check(count.pinned != UINT64_MAX && count.unpinned != UINT64_MAX,
	      "/proc/vmstat does not count pinned pages");

	return count;
}

void check_unpinned(const struct pin_count *start)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	struct pin_count now;
	int tries = 1000 * test_patience();

	while (now = pin_count_read(), now.pinned != now.unpinned && --tries)
		nanosleep(&pause, NULL);

	check(now.pinned != start->pinned, "no page was pinned");
	check_equal("the number of unpinned pages", now.unpinned, now.pinned);
}
