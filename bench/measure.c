// SPDX-License-Identifier: MIT
#include "measure.h"
#include "accounting.h"
#include "bounds.h"
#include "converter.h"
#include "fail.h"
#include "reading.h"
#include "simulator.h"
#include "size.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define WARM_UP_SECONDS 0.1

static void fill_figures(struct run *run, const struct reading *reading, const struct usage *usage)
{
	double us_per_block = 1e-3 / reading->blocks;
	double iowq_ns = fmax(usage->iowq_ns, 0);
	double total_ns = usage->app_ns + usage->kworker_ns + iowq_ns;

	if (!isnan(usage->interrupt_ns))
		total_ns += usage->interrupt_ns;

	run->blocks = reading->blocks;
	run->bytes = reading->bytes;
	run->figures[FIGURE_MIB_PER_S] = run->bytes / 1048576.0 / (usage->elapsed_ns * 1e-9);
	run->figures[FIGURE_CPU_TOTAL_US] = total_ns * us_per_block;
	run->figures[FIGURE_CPU_APP_US] = usage->app_ns * us_per_block;
	run->figures[FIGURE_CPU_KWORKER_US] = usage->kworker_ns * us_per_block;
	run->figures[FIGURE_CPU_IOWQ_US] = iowq_ns * us_per_block;
	run->figures[FIGURE_CPU_INTERRUPT_US] = usage->interrupt_ns * us_per_block;
	run->figures[FIGURE_CPU_SIMULATOR_US] = usage->simulator_ns * us_per_block;
	run->figures[FIGURE_SYSCALLS] = (double)reading->stream.syscalls / run->blocks;
	run->figures[FIGURE_WAKEUPS] = usage->wakeups / run->blocks;
}

static double lost_samples(const struct reading *reading)
{
	return simulator_lost_samples(reading->stream.converter);
}

static int end_account(struct reading *reading, struct accounting *accounting, struct run *run)
{
	struct usage usage;
	int ret;

	ret = accounting_end(accounting, reading->stream.converter, &usage);
	if (!ret)
		fill_figures(run, reading, &usage);
	return ret;
}

/* A stream in full swing. */
static int measure_after_warm_up(struct reading *reading, struct accounting *accounting,
				 struct run *run)
{
	struct converter *converter = reading->stream.converter;
	double lost_before;
	int ret;

	ret = converter_enable(converter);
	if (!ret)
		ret = reading_read_seconds(reading, WARM_UP_SECONDS);
	if (!ret)
		ret = accounting_begin(accounting, converter);
	reading_count_from_here(reading);
	/* What the converter lost while the account was opened is our doing. */
	if (!ret)
		ret = reading_read_blocks(reading, reading->plan->depth + 1);
	lost_before = lost_samples(reading);
	if (!ret)
		ret = reading_read_seconds(reading, reading->plan->seconds);
	if (!ret)
		ret = end_account(reading, accounting, run);
	run->lost_samples = lost_samples(reading) - lost_before;
	return ret;
}

/* A stream as a whole: not a sample of it must be missing. */
static int measure_from_first_sample(struct reading *reading, struct accounting *accounting,
				     struct run *run)
{
	struct converter *converter = reading->stream.converter;
	const struct plan *plan = reading->plan;
	int ret;

	ret = accounting_begin(accounting, converter);
	reading_count_from_here(reading);
	if (!ret)
		ret = converter_enable(converter);
	if (!ret)
		ret = plan->bytes ? reading_read_bytes(reading, plan->bytes)
				  : reading_read_seconds(reading, plan->seconds);
	if (!ret)
		ret = end_account(reading, accounting, run);
	/*
	 * A gap is counted when the block after it is queued, and seen when that
	 * block is read: the count and what verifying saw agree only once
	 * the blocks are read that were queued when it was taken.
	 */
	run->lost_samples = lost_samples(reading);
	if (!ret)
		ret = reading_read_queued(reading);
	counter_check_end(&reading->check);
	run->faults = reading->check.faults;
	return ret;
}

static int check_block_size(const struct reading *reading)
{
	char asked[SIZE_TEXT_MAX], got[SIZE_TEXT_MAX];

	if (reading->largest_block == reading->plan->block_bytes)
		return 0;
	return fail(EMSGSIZE,
		    "asked for blocks of %s, the device makes %s at most; choose a smaller "
		    "--block-size",
		    size_format(asked, reading->plan->block_bytes),
		    size_format(got, reading->largest_block));
}

int measure(const struct plan *plan, struct converter *converter, struct run *run)
{
	struct accounting accounting = { 0 };
	struct reading reading;
	int ret;

	memset(run, 0, sizeof(*run));
	bounds_begin(plan->timeout_s);
	ret = reading_open(&reading, plan, converter);
	if (!ret && (plan->bytes || plan->verify))
		ret = measure_from_first_sample(&reading, &accounting, run);
	else if (!ret)
		ret = measure_after_warm_up(&reading, &accounting, run);
	reading_close(&reading);
	bounds_end();
	accounting_free(&accounting);
	return ret ? ret : check_block_size(&reading);
}
