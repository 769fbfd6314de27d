// SPDX-License-Identifier: MIT
/*
 * Writes a report of made-up results, one row of every kind there is: as JSON
 * to standard output, for check-report to hold against the schema; with the
 * argument "table" as a table.
 */
#include "environment.h"
#include "interface.h"
#include "matrix.h"
#include "report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS 3

static struct run made_up_run(double value, bool hardware)
{
	struct run run = { .blocks = 1000, .bytes = 65536000, .lost_samples = hardware ? NAN : 2 };
	enum figure figure;

	for (figure = 0; figure < FIGURES; figure++)
		run.figures[figure] = value * (figure + 1);
	if (hardware) {
		run.figures[FIGURE_CPU_INTERRUPT_US] = NAN;
		run.figures[FIGURE_CPU_SIMULATOR_US] = NAN;
	}
	return run;
}

int main(int argc, char **argv)
{
	static struct run simulated[ROUNDS], real[ROUNDS];
	struct bench_case cases[] = {
		{ .interface = interface_find("read"), .runs = simulated, .run_count = ROUNDS },
		{ .interface = interface_find("dmabuf"),
		  .runs = simulated,
		  .run_count = ROUNDS,
		  .verified_runs = 1,
		  .faults = { .samples = 1000 } },
		{ .interface = interface_find("uring"),
		  .runs = real,
		  .run_count = ROUNDS,
		  .verified_runs = 1,
		  .verified_lost_samples = NAN,
		  .faults = { 1000, 1, 2, 3, 4 } },
		{ .interface = interface_find("uring-fixed"), .unsupported = "it is \"too old\"" },
		{ .interface = interface_find("read"), .failure = "no block for 10 s" },
	};
	struct options options = { .depth = 4, .rounds = ROUNDS, .seconds = 2, .verify = true };
	struct matrix matrix = { cases, sizeof(cases) / sizeof(cases[0]) };
	struct environment environment = {
		.kernel = { .release = "6.12.0-test", .machine = "x86_64" },
		.accelerator = "none",
		.cpus = 2,
		.commit = "unknown",
		.device = "adc0",
		.verify_device = "adc1",
		.scan_bytes = 8,
		.rate_hz = NAN,
		.date = "2000-01-01T00:00:00Z",
	};
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		simulated[i] = made_up_run(10 + i, false);
		real[i] = made_up_run(10 + i, true);
	}
	for (i = 0; i < matrix.count; i++) {
		matrix.cases[i].direction = "in";
		matrix.cases[i].block_bytes = 65536;
		matrix.cases[i].depth = 4;
		matrix.cases[i].depth_effective = 2;
	}

	if (argc > 1 && !strcmp(argv[1], "table")) {
		report_table(stdout, &matrix, &options, &environment);
		return 0;
	}
	return report_json(stdout, &matrix, &options, &environment) ? 1 : 0;
}
