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
		printf("%-12s %s\n", (*interface)->name, (*interface)->help);
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
static int check_options(const struct options *options, const struct converter *converter)
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
	if (!options->verify)
		return 0;
	if (!simulator_fills_counter(converter))
		return fail(EINVAL,
			    "--verify: %s does not deliver the simulator's counter pattern "
			    "(its field fill); leave out --verify",
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
		  const struct converter *converter)
{
	struct environment environment;
	unsigned int i;

	environment_read(&environment, converter);
	report_table(json == stdout ? stderr : stdout, matrix, options, &environment);
	if (json && write_json(json, matrix, options, &environment))
		return complain(EXIT_FAILED);
	for (i = 0; i < matrix->count; i++) {
		if (matrix->cases[i].failure ||
		    (matrix->cases[i].verified_runs && !case_verified(&matrix->cases[i])))
			return EXIT_FAILED;
	}
	return EXIT_DONE;
}

static int bench(const struct options *options, struct converter *converter, FILE *json)
{
	struct matrix matrix = { 0 };
	int ret;

	ret = matrix_create(&matrix, options, converter);
	if (!ret)
		ret = matrix_run(&matrix, options, converter);
	progress_clear();
	ret = ret ? complain(EXIT_FAILED) : report(json, &matrix, options, converter);
	matrix_free(&matrix);
	return ret;
}

static int prepare(const struct options *options, struct converter *converter)
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
	if (!ret)
		ret = run_on_cpu(options->cpu);
	if (!ret)
		ret = bounds_install();
	close(fd);
	return ret;
}

static int bench_device(const struct options *options, FILE *json)
{
	struct converter converter;
	int ret;

	if (converter_find(&converter, options->device, options->buffer))
		return complain(EXIT_FAILED);

	if (prepare(options, &converter))
		ret = complain(EXIT_FAILED);
	else if (check_options(options, &converter))
		ret = complain(EXIT_USAGE);
	else
		ret = bench(options, &converter, json);
	converter_release(&converter);
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
	ret = bench_device(&options, json);
	if (json && json != stdout)
		fclose(json);
	return ret;
}
