// SPDX-License-Identifier: MIT
#include "bounds.h"
#include "converter.h"
#include "counter.h"
#include "environment.h"
#include "fail.h"
#include "interface.h"
#include "matrix.h"
#include "options.h"
#include "progress.h"
#include "report.h"
#include "simulator.h"
#include "size.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

static int complain(int exit_status)
{
	fprintf(stderr, "iio-bench: %s\n", failure_reason());
	return exit_status;
}

static int list_interfaces(void)
{
	const struct interface *const *interface;

	for (interface = interfaces; *interface; interface++)
		printf("%-14s %s\n", (*interface)->name, (*interface)->help);
	return EXIT_DONE;
}

static int run_on_cpu(int cpu)
{
	cpu_set_t cpus;

	if (cpu < 0)
		return 0;
	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		return fail(errno, "cannot run on CPU %d: %s; choose another --cpu, or none", cpu,
			    strerror(errno));
	return 0;
}

/* What the command line asks for and this converter cannot do. */
static int check_block_sizes(const struct options *options, const struct converter *converter)
{
	char block[SIZE_TEXT_MAX];
	unsigned int i;
	size_t bytes;

	for (i = 0; i < options->block_size_count; i++) {
		bytes = options->block_sizes[i];
		if (bytes % converter->scan_bytes)
			return fail(EINVAL,
				    "--block-size: %s is no multiple of the %zu bytes of a "
				    "sample of %s; choose other sizes or --channels",
				    size_format(block, bytes), converter->scan_bytes,
				    converter->name);
		if (bytes % converter->length_align_bytes)
			return fail(EINVAL,
				    "--block-size: %s is no multiple of the %zu bytes that "
				    "%s transfers at once",
				    size_format(block, bytes), converter->length_align_bytes,
				    converter->name);
	}
	return 0;
}

static int check_verifiable(const struct converter *converter)
{
	if (!simulator_fills_counter(converter))
		return fail(EINVAL,
			    "--verify: %s does not deliver the simulator's counter pattern (its "
			    "field fill); leave out --verify, or name another --verify-device",
			    converter->name);
	if (!counter_scan_bytes_supported(converter->scan_bytes))
		return fail(EINVAL,
			    "--verify: samples of %zu bytes carry no whole counter; choose "
			    "--channels that make 1 to 8 or a multiple of 8",
			    converter->scan_bytes);
	return 0;
}

/* What is there stays until there is something better. */
static FILE *open_json(const char *path)
{
	FILE *file = NULL;
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd >= 0)
		file = fdopen(fd, "w");
	if (!file)
		fail(errno, "cannot write %s: %s", path, strerror(errno));
	return file;
}

static int write_json(FILE *file, const struct matrix *matrix, const struct options *options,
		      const struct environment *environment)
{
	struct stat status;
	int ret = 0;

	if (!fstat(fileno(file), &status) && S_ISREG(status.st_mode) && file != stdout)
		ret = ftruncate(fileno(file), 0) ? -errno : 0;
	if (!ret)
		ret = report_json(file, matrix, options, environment);
	return ret ? fail(-ret, "cannot write %s: %s", options->json, strerror(-ret)) : 0;
}

static int report(FILE *json, const struct matrix *matrix, const struct options *options,
		  const struct environment *environment)
{
	unsigned int i;

	report_table(json == stdout ? stderr : stdout, matrix, options, environment);
	if (json && write_json(json, matrix, options, environment))
		return complain(EXIT_FAILED);
	for (i = 0; i < matrix->count; i++) {
		if (matrix->cases[i].failure ||
		    (matrix->cases[i].verified_runs && !case_verified(&matrix->cases[i])))
			return EXIT_FAILED;
	}
	return EXIT_DONE;
}

static int bench(const struct options *options, struct converter *measured,
		 struct converter *verified, FILE *json)
{
	struct environment environment;
	struct matrix matrix = { 0 };
	int ret;

	ret = matrix_create(&matrix, options, measured);
	if (!ret)
		ret = matrix_run(&matrix, options, measured, verified);
	progress_clear();
	environment_read(&environment, measured, verified);
	ret = ret ? complain(EXIT_FAILED) : report(json, &matrix, options, &environment);
	matrix_free(&matrix);
	return ret;
}

static int set_up(struct converter *converter, const struct options *options)
{
	int fd, ret;

	/* Nobody else may use the buffer that is set up here. */
	fd = converter_open(converter);
	if (fd < 0)
		return fd;
	converter_disable(converter);
	ret = converter_set_channels(converter, options->channels);
	if (!ret && !isnan(options->rate_hz))
		ret = converter_set_rate(converter, options->rate_hz);
	close(fd);
	return ret;
}

static int bench_converters(const struct options *options, struct converter *measured,
			    struct converter *verified, FILE *json)
{
	if (set_up(measured, options))
		return complain(EXIT_FAILED);
	if (verified != measured && set_up(verified, options))
		return complain(EXIT_FAILED);
	if (check_block_sizes(options, measured) || check_block_sizes(options, verified))
		return complain(EXIT_USAGE);
	if (options->verify && check_verifiable(verified))
		return complain(EXIT_USAGE);
	if (run_on_cpu(options->cpu) || bounds_install())
		return complain(EXIT_FAILED);
	return bench(options, measured, verified, json);
}

static int find_and_bench(const struct options *options, FILE *json)
{
	struct converter measured = { 0 }, other = { 0 }, *verified = &measured;
	int ret;

	ret = converter_find(&measured, options->device, options->buffer);
	if (!ret && options->verify_device) {
		ret = converter_find(&other, options->verify_device, options->buffer);
		verified = &other;
	}
	ret = ret ? complain(EXIT_FAILED) : bench_converters(options, &measured, verified, json);
	converter_release(&other);
	converter_release(&measured);
	return ret;
}

int main(int argc, char **argv)
{
	struct options options;
	FILE *json = NULL;
	int ret;

	options_parse(&options, argc, argv);
	if (options.list_interfaces)
		return list_interfaces();

	if (options.json) {
		json = strcmp(options.json, "-") ? open_json(options.json) : stdout;
		if (!json)
			return complain(EXIT_FAILED);
	}
	ret = find_and_bench(&options, json);
	if (json && json != stdout)
		fclose(json);
	return ret;
}
