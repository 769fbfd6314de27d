/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_MEASURE_H
#define IIO_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "counter.h"
#include "memory.h"

struct converter;
struct interface;

/* What one run yields; per block unless told otherwise. */
enum figure {
	FIGURE_MIB_PER_S,
	FIGURE_CPU_TOTAL_US,
	FIGURE_CPU_APP_US,
	FIGURE_CPU_KWORKER_US,
	FIGURE_CPU_IOWQ_US,
	FIGURE_CPU_INTERRUPT_US,
	FIGURE_CPU_SIMULATOR_US,
	FIGURE_SYSCALLS,
	FIGURE_WAKEUPS,
	FIGURES,
};

/**
 * struct plan - how to read one converter through one interface, once
 * @block_bytes: bytes of a block
 * @depth:	blocks queued
 * @pages:	what blocks are made of, where the interface leaves a choice
 * @touch:	read every byte of every block
 * @verify:	check every sample against the counter pattern
 * @seconds:	how long to measure, after a short warm-up; or
 * @bytes:	how much to read, from the first sample on; else 0
 * @timeout_s:	longest wait for a block
 */
struct plan {
	const struct interface *interface;
	size_t block_bytes;
	unsigned int depth;
	enum memory_pages pages;
	bool touch;
	bool verify;
	double seconds;
	uint64_t bytes;
	unsigned int timeout_s;
};

/**
 * struct run - what came of it
 * @figures:	NAN for what this machine cannot tell
 * @lost_samples: by the simulator's count; or NAN
 * @faults:	what verifying found
 */
struct run {
	uint64_t blocks;
	uint64_t bytes;
	double figures[FIGURES];
	double lost_samples;
	struct counter_faults faults;
};

/**
 * measure() - read a converter as planned
 *
 * Whatever happens, the buffer is disabled and closed when this returns.
 *
 * Return: 0 or -errno, with fail().
 */
int measure(const struct plan *plan, struct converter *converter, struct run *run);

#endif
