// SPDX-License-Identifier: MIT
#include "environment.h"
#include "interface.h"
#include "matrix.h"
#include "report.h"

#include <errno.h>
#include <math.h>

#include <jansson.h>

#define SCHEMA_VERSION 1

static const struct {
	const char *group;
	const char *name;
} figure_names[FIGURES] = {
	[FIGURE_MIB_PER_S] = { NULL, "mib_per_s" },
	[FIGURE_CPU_TOTAL_US] = { "cpu_us_per_block", "total" },
	[FIGURE_CPU_APP_US] = { "cpu_us_per_block", "app" },
	[FIGURE_CPU_KWORKER_US] = { "cpu_us_per_block", "kworker" },
	[FIGURE_CPU_IOWQ_US] = { "cpu_us_per_block", "iowq" },
	[FIGURE_CPU_INTERRUPT_US] = { "cpu_us_per_block", "interrupt" },
	[FIGURE_CPU_SIMULATOR_US] = { "cpu_us_per_block", "simulator" },
	[FIGURE_SYSCALLS] = { NULL, "syscalls_per_block" },
	[FIGURE_WAKEUPS] = { NULL, "wakeups_per_block" },
};

static void set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

static json_t *number(double value)
{
	return isnan(value) ? json_null() : json_real(value);
}

static json_t *count(double value)
{
	return isnan(value) ? json_null() : json_integer(value);
}

/* Exact where number() would round. */
static json_t *rate(double rate_hz)
{
	return rate_hz == trunc(rate_hz) ? json_integer(rate_hz) : number(rate_hz);
}

static void set_figure(json_t *object, enum figure figure, json_t *value)
{
	const char *group = figure_names[figure].group;

	if (group) {
		if (!json_object_get(object, group))
			set(object, group, json_object());
		object = json_object_get(object, group);
	}
	set(object, figure_names[figure].name, value);
}

static void set_figures(json_t *row, const struct bench_case *bench_case)
{
	json_t *spread = json_object();
	enum figure figure;

	set(spread, "statistic", json_string("minimum and maximum over the rounds"));

	for (figure = 0; figure < FIGURES; figure++) {
		struct statistic statistic = case_statistic(bench_case, figure);

		set_figure(row, figure, number(statistic.median));
		set_figure(spread, figure,
			   json_pack("[o, o]", number(statistic.min), number(statistic.max)));
	}
	set(row, "spread", spread);
}

static json_t *verification(const struct bench_case *bench_case, const struct options *options,
			    const struct environment *environment)
{
	const struct counter_faults *faults = &bench_case->faults;
	json_t *object = json_object();

	set(object, "device", json_string(environment->verify_device));
	set(object, "run", json_string(options->bytes ? "same" : "separate"));
	set(object, "samples", json_integer(faults->samples));
	set(object, "lost", json_integer(faults->lost));
	set(object, "duplicated", json_integer(faults->duplicated));
	set(object, "reordered", json_integer(faults->reordered));
	set(object, "corrupt", json_integer(faults->corrupt));
	set(object, "lost_samples", count(bench_case->verified_lost_samples));
	return object;
}

static uint64_t total_blocks(const struct bench_case *bench_case)
{
	uint64_t blocks = 0;
	unsigned int i;

	for (i = 0; i < bench_case->run_count; i++)
		blocks += bench_case->runs[i].blocks;
	return blocks;
}

static const char *pages(const struct bench_case *bench_case, const struct options *options)
{
	const char *own = bench_case->interface->own_memory;

	return own ? own : memory_pages_name(options->pages);
}

static json_t *make_row(const struct bench_case *bench_case, const struct options *options,
			const struct environment *environment)
{
	bool verified_same_run = options->bytes && options->verify;
	json_t *row = json_object();

	set(row, "interface", json_string(bench_case->interface->name));
	set(row, "direction", json_string(bench_case->direction));
	set(row, "block_bytes", json_integer(bench_case->block_bytes));
	set(row, "depth", json_integer(bench_case->depth));
	set(row, "depth_effective", json_integer(bench_case->depth_effective));
	set(row, "pages", json_string(pages(bench_case, options)));
	set(row, "touched", json_boolean(options->touch || verified_same_run));
	set(row, "supported", json_boolean(!bench_case->unsupported));
	if (bench_case->unsupported) {
		set(row, "reason", json_string(bench_case->unsupported));
		return row;
	}
	if (bench_case->failure) {
		set(row, "failure", json_string(bench_case->failure));
		return row;
	}

	set(row, "rounds", json_integer(bench_case->run_count));
	set(row, "blocks", json_integer(total_blocks(bench_case)));
	set_figures(row, bench_case);
	set(row, "lost_samples", count(case_lost_samples(bench_case)));
	if (bench_case->verified_runs) {
		set(row, "verified", json_boolean(case_verified(bench_case)));
		set(row, "verification", verification(bench_case, options, environment));
	} else {
		set(row, "verified", json_null());
		set(row, "verification", json_null());
	}
	return row;
}

static json_t *make_environment(const struct environment *environment)
{
	json_t *object = json_object();

	set(object, "kernel", json_string(environment->kernel.release));
	set(object, "machine", json_string(environment->kernel.machine));
	set(object, "accelerator", json_string(environment->accelerator));
	set(object, "cpus", json_integer(environment->cpus));
	set(object, "commit", json_string(environment->commit));
	set(object, "device", json_string(environment->device));
	set(object, "scan_bytes", json_integer(environment->scan_bytes));
	set(object, "rate_hz", rate(environment->rate_hz));
	set(object, "date", json_string(environment->date));
	return object;
}

int report_json(FILE *file, const struct matrix *matrix, const struct options *options,
		const struct environment *environment)
{
	json_t *report = json_object(), *rows = json_array();
	unsigned int i;
	int ret;

	for (i = 0; i < matrix->count; i++)
		json_array_append_new(rows, make_row(&matrix->cases[i], options, environment));
	set(report, "schema", json_integer(SCHEMA_VERSION));
	set(report, "environment", make_environment(environment));
	set(report, "results", rows);

	errno = 0;
	ret = json_dumpf(report, file, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	json_decref(report);
	if (ret || fputc('\n', file) == EOF || fflush(file))
		return errno ? -errno : -EIO;
	return 0;
}
