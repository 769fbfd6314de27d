// SPDX-License-Identifier: MIT
/*
 * Claim: whatever several processes do at once to two ADCs and a DAC, each
 * operation is over within a bound, each request comes to what the contract
 * allows, what was transferred is right, and when the processes have been
 * killed nothing is left of them and the converters work.
 *
 * Usage: fuzz [--seed N] [--operations N] [--epoch N] [--statistics] [--progress] [--plan]
 *
 * The seed decides what each worker does in each epoch, killed or not. How the
 * workers interleave is up to the machine: a replay may take several attempts.
 * With --epoch all epochs are that one, which the line that a failure ends with
 * asks for. --plan tells the operations instead of doing them.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <unistd.h>

#include "check.h"
#include "dmabuf.h"
#include "fuzz.h"
#include "operations.h"
#include "pattern.h"

#define OPERATIONS_DEFAULT   5000
#define OPERATIONS_PER_EPOCH 200
#define EPOCHS_OF_A_REPLAY   20

struct options {
	uint64_t seed;
	unsigned int operations;
	int epoch;
	int shows_statistics;
	int shows_progress;
	int only_plans;
};

/* Who reports a failure, unlike its children */
static pid_t runner;

static void tell_how_to_replay(const struct fuzz *fuzz)
{
	const char *modules = getenv("IIO_VM_MODULES");
	const char *lane = modules && strstr(modules, "/full") ? "--full " : "";

	fprintf(stderr,
		"seed %#" PRIx64 ", epoch %u; replay: tests/vm %sbuild/tests/programs/fuzz "
		"--seed %#" PRIx64 " --epoch %u --operations %u\n",
		fuzz->seed, fuzz->epoch, lane, fuzz->seed, fuzz->epoch,
		EPOCHS_OF_A_REPLAY * OPERATIONS_PER_EPOCH);
}

void fuzz_fail(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "fuzz: ");
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

static struct fuzz fuzz;

/* However the run fails */
static void at_exit(void)
{
	if (runner != getpid())
		return;
	if (fuzz.group)
		kill(-fuzz.group, SIGKILL);
	tell_how_to_replay(&fuzz);
}

static void prepare(void)
{
	/* Orphans of the workers come to us */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	runner = getpid();
	atexit(at_exit);

	fuzz.shared = mmap(NULL, sizeof(*fuzz.shared), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check(fuzz.shared != MAP_FAILED, "mapping memory: %s", strerror(errno));

	for (int output = 0; output < 2; output++) {
		for (int i = 0; i < DMABUFS; i++) {
			int dmabuf = dmabuf_allocate(DMABUF_BYTES);
			void *data = dmabuf_map(dmabuf, DMABUF_BYTES);

			pattern_play(data, DMABUF_BYTES);
			munmap(data, DMABUF_BYTES);
			fuzz.dmabufs[output][i] = dmabuf;
		}
	}
	for (int i = 0; i < CONVERTERS; i++)
		converter_repair(&converters[i]);
}

static void show_statistics(const struct statistics *statistics)
{
	for (int kind = 0; kind < KINDS; kind++) {
		printf("%-32s %6u", kind_name(kind), atomic_load(&statistics->results[kind][0]));
		for (int error = 1; error < ERRORS; error++) {
			unsigned int count = atomic_load(&statistics->results[kind][error]);

			if (count)
				printf("  %u %s", count, strerrorname_np(error));
		}
		printf("\n");
	}
	printf("%u transfers verified\n", atomic_load(&statistics->verified));
	for (int i = 0; i < OPERATIONS; i++) {
		unsigned int count = atomic_load(&statistics->count[i]);

		if (count)
			printf("%-32s %6u, at most %.1f ms\n", operations[i].name, count,
			       atomic_load(&statistics->longest_us[i]) / 1000.0);
	}
}

static void run(const struct options *options)
{
	unsigned int epochs =
		(options->operations + OPERATIONS_PER_EPOCH - 1) / OPERATIONS_PER_EPOCH;

	for (unsigned int epoch = 0; epoch < epochs; epoch++) {
		fuzz.epoch = options->epoch < 0 ? epoch : (unsigned int)options->epoch;
		if (options->only_plans) {
			show_plan(&fuzz, OPERATIONS_PER_EPOCH / WORKERS);
			continue;
		}
		supervise_workers(&fuzz, OPERATIONS_PER_EPOCH / WORKERS);
		check_invariants();
		if (options->shows_progress)
			fprintf(stderr, "%u of %u operations\n", (epoch + 1) * OPERATIONS_PER_EPOCH,
				epochs * OPERATIONS_PER_EPOCH);
	}
}

static struct options parse(int argc, char **argv)
{
	struct options options = { .operations = OPERATIONS_DEFAULT, .epoch = -1 };
	const struct option known[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "operations", required_argument, NULL, 'o' },
		{ "epoch", required_argument, NULL, 'e' },
		{ "statistics", no_argument, &options.shows_statistics, 1 },
		{ "progress", no_argument, &options.shows_progress, 1 },
		{ "plan", no_argument, &options.only_plans, 1 },
		{ 0 },
	};
	int option;

	if (getrandom(&options.seed, sizeof(options.seed), 0) < 0)
		options.seed = getpid();
	while ((option = getopt_long(argc, argv, "", known, NULL)) >= 0) {
		if (option == 's')
			options.seed = strtoull(optarg, NULL, 0);
		else if (option == 'o')
			options.operations = strtoul(optarg, NULL, 0);
		else if (option == 'e')
			options.epoch = strtol(optarg, NULL, 0);
		else if (option)
			exit(EXIT_FAILURE);
	}
	return options;
}

int main(int argc, char **argv)
{
	struct options options = parse(argc, argv);

	printf("seed %#" PRIx64 "\n", options.seed);
	fflush(stdout);
	fuzz.seed = options.seed;
	if (!options.only_plans)
		prepare();
	run(&options);
	for (int i = 0; i < CONVERTERS; i++)
		converter_remove(&converters[i]);
	runner = 0;
	if (options.shows_statistics)
		show_statistics(&fuzz.shared->statistics);
	return EXIT_SUCCESS;
}
