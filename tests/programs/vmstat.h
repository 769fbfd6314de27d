/* SPDX-License-Identifier: MIT */
#ifndef IIO_TEST_VMSTAT_H
#define IIO_TEST_VMSTAT_H

#include <stdint.h>

/**
 * struct pin_count - how many pages the whole system has pinned and unpinned
 * @pinned:	nr_foll_pin_acquired of /proc/vmstat
 * @unpinned:	nr_foll_pin_released
 */
struct pin_count {
	uint64_t pinned;
	uint64_t unpinned;
};

/** pin_count_read() - the counts now */
struct pin_count pin_count_read(void);

/**
 * check_unpinned() - fail unless all pages that were ever pinned are unpinned
 *
 * Waits a second or so: a ring gives its memory back in a worker. Fails also
 * if no page was pinned since @start.
 */
void check_unpinned(const struct pin_count *start);

#endif
