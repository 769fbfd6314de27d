// SPDX-License-Identifier: MIT
#include "matrix.h"
#include "bounds.h"
#include "converter.h"
#include "fail.h"
#include "interface.h"
#include "progress.h"
#include "size.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int create_case(struct bench_case *bench_case, const struct options *options)
{
	const struct interface *interface = bench_case->interface;

	bench_case->direction = "in";
	bench_case->depth = options->depth;
	bench_case->depth_effective =
		interface->fixed_depth ? interface->fixed_depth : options->depth;
	bench_case->runs = calloc(options->rounds, sizeof(*bench_case->runs));
	return bench_case->runs ? 0 : fail(ENOMEM, "out of memory");
}

static int probe(struct matrix *matrix, const struct options *options, struct converter *converter)
{
	struct stream stream = { .converter = converter, .pages = options->pages };
	struct bench_case *bench_case = matrix->cases;

	for (; bench_case < matrix->cases + matrix->count; bench_case++) {
		/* A descriptor each: a probe may change what a descriptor can do. */
		stream.buffer_fd = converter_open(converter);
		if (stream.buffer_fd < 0)
			return stream.buffer_fd;
		bench_case->unsupported = bench_case->interface->probe(&stream);
		close(stream.buffer_fd);
	}
	return 0;
}

int matrix_create(struct matrix *matrix, const struct options *options, struct converter *converter)
{
	unsigned int size, i;
	int ret = 0;

	matrix->cases = calloc(options->block_size_count * options->interface_count,
			       sizeof(*matrix->cases));
	matrix->count = 0;
	if (!matrix->cases)
		return fail(ENOMEM, "out of memory");

	for (size = 0; size < options->block_size_count; size++) {
		for (i = 0; !ret && i < options->interface_count; i++) {
			struct bench_case *bench_case = &matrix->cases[matrix->count++];

			bench_case->interface = options->interfaces[i];
			bench_case->block_bytes = options->block_sizes[size];
			ret = create_case(bench_case, options);
		}
	}
	return ret ? ret : probe(matrix, options, converter);
}

static void add_verified(struct bench_case *bench_case, const struct run *run)
{
	bench_case->verified_runs++;
	bench_case->verified_lost_samples += run->lost_samples;
	counter_faults_add(&bench_case->faults, &run->faults);
}

static void run_case(struct bench_case *bench_case, const struct options *options,
		     struct converter *converter, bool only_verify)
{
	struct plan plan = {
		.interface = bench_case->interface,
		.block_bytes = bench_case->block_bytes,
		.depth = bench_case->depth_effective,
		.pages = options->pages,
		.touch = options->touch && !only_verify,
		.verify = only_verify || (options->verify && options->bytes),
		.seconds = options->seconds,
		.bytes = options->bytes,
		.timeout_s = options->timeout_s,
	};
	struct run run;

	if (measure(&plan, converter, &run)) {
		bench_case->failure = strdup(failure_reason());
		return;
	}
	if (plan.verify)
		add_verified(bench_case, &run);
	if (!only_verify)
		bench_case->runs[bench_case->run_count++] = run;
}

static void describe_pass(char *text, size_t size, unsigned int pass, unsigned int rounds)
{
	if (pass < rounds)
		snprintf(text, size, "round %u of %u", pass + 1, rounds);
	else
		snprintf(text, size, "verifying");
}

int matrix_run(struct matrix *matrix, const struct options *options, struct converter *measured,
	       struct converter *verified)
{
	unsigned int passes = options->rounds + (options->verify && !options->bytes);
	unsigned int steps = passes * matrix->count, step;
	char description[64], block[SIZE_TEXT_MAX];

	for (step = 0; step < steps; step++) {
		struct bench_case *bench_case = &matrix->cases[step % matrix->count];
		unsigned int pass = step / matrix->count;

		if (bench_case->unsupported || bench_case->failure)
			continue;
		describe_pass(description, sizeof(description), pass, options->rounds);
		if (options->progress)
			progress_show(step, steps, "%s: %s, %s", description,
				      bench_case->interface->name,
				      size_format(block, bench_case->block_bytes));
		if (pass < options->rounds)
			run_case(bench_case, options, measured, false);
		else
			run_case(bench_case, options, verified, true);
		if (bounds_interrupted())
			return fail(EINTR, "interrupted");
	}
	return 0;
}

void matrix_free(struct matrix *matrix)
{
	unsigned int i;

	for (i = 0; i < matrix->count; i++) {
		free(matrix->cases[i].failure);
		free(matrix->cases[i].runs);
	}
	free(matrix->cases);
}

struct statistic case_statistic(const struct bench_case *bench_case, enum figure figure)
{
	double values[STATISTIC_VALUES_MAX];
	unsigned int i;

	for (i = 0; i < bench_case->run_count; i++)
		values[i] = bench_case->runs[i].figures[figure];
	return statistic_of(values, bench_case->run_count);
}

double case_lost_samples(const struct bench_case *bench_case)
{
	double lost = 0;
	unsigned int i;

	for (i = 0; i < bench_case->run_count; i++)
		lost += bench_case->runs[i].lost_samples;
	return lost;
}

bool case_verified(const struct bench_case *bench_case)
{
	return bench_case->verified_runs && !counter_faults_any(&bench_case->faults);
}
