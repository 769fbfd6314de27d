// SPDX-License-Identifier: MIT
#include "environment.h"
#include "interface.h"
#include "matrix.h"
#include "report.h"
#include "size.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Three digits that count, whatever the magnitude, and what counts of a large one. */
static void print_number(FILE *file, int width, double value)
{
	if (isnan(value))
		fprintf(file, " %*s", width, "-");
	else if (value < 99999.5)
		fprintf(file, " %*.*f", width, value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value);
	else if (value < 999500)
		fprintf(file, " %*.0fk", width - 1, value * 1e-3);
	else
		fprintf(file, " %*.*fM", width - 1, value < 99.95e6 ? 1 : 0, value * 1e-6);
}

static void print_median(FILE *file, int width, const struct bench_case *bench_case,
			 enum figure figure)
{
	print_number(file, width, case_statistic(bench_case, figure).median);
}

static void print_with_spread(FILE *file, int width, const struct bench_case *bench_case,
			      enum figure figure)
{
	struct statistic statistic = case_statistic(bench_case, figure);

	print_number(file, width, statistic.median);
	fprintf(file, " ±%3.0f%%", 50 * (statistic.max - statistic.min) / statistic.median);
}

static double ratio_to_dmabuf(const struct matrix *matrix, const struct bench_case *bench_case)
{
	const struct bench_case *other;

	for (other = matrix->cases; other < matrix->cases + matrix->count; other++) {
		if (other->block_bytes == bench_case->block_bytes && !other->failure &&
		    !strcmp(other->interface->name, "dmabuf"))
			return case_statistic(bench_case, FIGURE_CPU_TOTAL_US).median /
			       case_statistic(other, FIGURE_CPU_TOTAL_US).median;
	}
	return NAN;
}

static void print_data(FILE *file, const struct bench_case *bench_case)
{
	const struct counter_faults *faults = &bench_case->faults;
	double lost = case_lost_samples(bench_case);
	const char *verdict = "-";

	if (bench_case->verified_runs && case_verified(bench_case))
		verdict = "good";
	else if (bench_case->verified_runs)
		verdict =
			faults->duplicated || faults->reordered || faults->corrupt ? "BAD" : "gaps";
	/* Every single one counts while they can be counted. */
	if (lost < 99999.5)
		fprintf(file, " %5.0f", lost);
	else
		print_number(file, 5, lost);
	fprintf(file, " %5s", verdict);
}

static void print_head(FILE *file)
{
	fprintf(file, "%-14s %8s %12s | %-52s | %-11s | %s\n", "", "", "", "CPU time per block, us",
		"per block", "samples");
	fprintf(file, "%-14s %8s %12s | %11s %7s | %5s %7s %5s %5s %5s | %5s %5s | %5s %5s\n",
		"interface", "block", "MiB/s", "total", "/dmabuf", "app", "kworker", "iowq", "irq",
		"sim", "calls", "wakes", "lost", "data");
}

static void print_row(FILE *file, const struct matrix *matrix, const struct bench_case *bench_case)
{
	char block[SIZE_TEXT_MAX];

	fprintf(file, "%-14s %8s ", bench_case->interface->name,
		size_format(block, bench_case->block_bytes));
	if (bench_case->unsupported) {
		fprintf(file, "not supported by this kernel: %s\n", bench_case->unsupported);
		return;
	}
	if (bench_case->failure) {
		fprintf(file, "failed: %s\n", bench_case->failure);
		return;
	}

	print_with_spread(file, 5, bench_case, FIGURE_MIB_PER_S);
	fputs(" |", file);
	print_with_spread(file, 5, bench_case, FIGURE_CPU_TOTAL_US);
	print_number(file, 7, ratio_to_dmabuf(matrix, bench_case));
	fputs(" |", file);
	print_median(file, 5, bench_case, FIGURE_CPU_APP_US);
	print_median(file, 7, bench_case, FIGURE_CPU_KWORKER_US);
	print_median(file, 5, bench_case, FIGURE_CPU_IOWQ_US);
	print_median(file, 5, bench_case, FIGURE_CPU_INTERRUPT_US);
	print_median(file, 5, bench_case, FIGURE_CPU_SIMULATOR_US);
	fputs(" |", file);
	print_median(file, 5, bench_case, FIGURE_SYSCALLS);
	print_median(file, 5, bench_case, FIGURE_WAKEUPS);
	fputs(" |", file);
	print_data(file, bench_case);
	fputc('\n', file);
}

static void print_faults(FILE *file, const struct bench_case *bench_case)
{
	const struct counter_faults *faults = &bench_case->faults;
	char block[SIZE_TEXT_MAX];

	if (!bench_case->verified_runs || case_verified(bench_case))
		return;
	fprintf(file,
		"%s, %s: of %" PRIu64 " samples verified %" PRIu64 " lost, %" PRIu64
		" duplicated, %" PRIu64 " reordered, %" PRIu64 " corrupt",
		bench_case->interface->name, size_format(block, bench_case->block_bytes),
		faults->samples, faults->lost, faults->duplicated, faults->reordered,
		faults->corrupt);
	if (!isnan(bench_case->verified_lost_samples))
		fprintf(file, "; the simulator lost %.0f", bench_case->verified_lost_samples);
	fputc('\n', file);
}

static void print_environment(FILE *file, const struct environment *environment)
{
	fprintf(file, "%s, %zu bytes a sample, ", environment->device, environment->scan_bytes);
	if (isnan(environment->rate_hz))
		fputs("rate unknown", file);
	else if (environment->rate_hz)
		fprintf(file, "%.0f samples/s (%.1f MiB/s)", environment->rate_hz,
			environment->rate_hz * environment->scan_bytes / 1048576);
	else
		fputs("unpaced", file);
	fprintf(file, "\nLinux %s, %ld CPUs, accelerator %s; iio-bench %s; %s\n\n",
		environment->kernel.release, environment->cpus, environment->accelerator,
		environment->commit, environment->date);
}

static void print_method(FILE *file, const struct options *options,
			 const struct environment *environment)
{
	const char *data = "their data not looked at";
	char bytes[SIZE_TEXT_MAX];

	if (options->touch)
		data = "every byte read by the application";
	else if (options->bytes && options->verify)
		data = "every sample verified";

	fprintf(file, "\nMedian of %u round%s of ", options->rounds,
		options->rounds > 1 ? "s" : "");
	if (options->bytes)
		fprintf(file, "%s", size_format(bytes, options->bytes));
	else
		fprintf(file, "%g s", options->seconds);
	fprintf(file,
		", interleaved; ±: half of maximum - minimum. Blocks fetched, %s.\n"
		"Depth %u (read, uring: the kernel's two blocks). Blocks are %s pages; of dmabuf "
		"and dmabuf-cmd the system heap's.\n"
		"total = app + kworker + iowq (io_uring's workers) + irq (completions, which "
		"hardware has in interrupts);\nsim is the simulated hardware, in no total.\n",
		data, options->depth, options->pages == MEMORY_PAGES_HUGE ? "huge" : "4 KiB");
	if (options->verify && !options->bytes)
		fprintf(file, "data: every sample verified in a run apart, on %s.\n",
			environment->verify_device);
}

void report_table(FILE *file, const struct matrix *matrix, const struct options *options,
		  const struct environment *environment)
{
	const struct bench_case *bench_case;

	print_environment(file, environment);
	print_head(file);
	for (bench_case = matrix->cases; bench_case < matrix->cases + matrix->count; bench_case++) {
		if (bench_case > matrix->cases &&
		    bench_case->block_bytes != bench_case[-1].block_bytes)
			fputc('\n', file);
		print_row(file, matrix, bench_case);
	}
	print_method(file, options, environment);
	for (bench_case = matrix->cases; bench_case < matrix->cases + matrix->count; bench_case++)
		print_faults(file, bench_case);
}
