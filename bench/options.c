// SPDX-License-Identifier: MIT
#include "options.h"
#include "interface.h"
#include "size.h"
#include "statistic.h"
#include "version.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_BYTES_MAX (1UL << 30)
#define DEPTH_MAX       1024
#define SECONDS_DEFAULT 1
#define ROUNDS_DEFAULT  5
#define DEFAULT_SIZES   "4k,64k,1M,4M"

const char *argp_program_version = "iio-bench " IIO_URING_COMMIT;

enum {
	OPTION_BYTES = 0x100,
	OPTION_CHANNELS,
	OPTION_CPU,
	OPTION_LIST_INTERFACES,
	OPTION_PAGES,
	OPTION_PROGRESS,
	OPTION_ROUNDS,
	OPTION_TIMEOUT,
	OPTION_TOUCH,
	OPTION_VERIFY,
	OPTION_VERIFY_DEVICE,
};

static const struct argp_option argp_options[] = {
	{ NULL, 0, NULL, 0, "What to read:", 1 },
	{ "device", 'd', "NAME", 0,
	  "IIO device, by name or as iio:deviceN (default: the first with an input buffer filled "
	  "by DMA)",
	  0 },
	{ "buffer", 'b', "N", 0, "Buffer of the device (default: the first such)", 0 },
	{ "channels", OPTION_CHANNELS, "LIST", 0,
	  "Channels to enable, such as voltage0,voltage1 (default: all)", 0 },
	{ "rate", 'r', "HZ", 0,
	  "Set the sampling frequency; 0 has the simulator deliver as fast as it is read (default: "
	  "leave it)",
	  0 },

	{ NULL, 0, NULL, 0, "What to compare:", 2 },
	{ "interface", 'i', "LIST", 0, "Interfaces (default: all, see --list-interfaces)", 0 },
	{ "block-size", 's', "LIST", 0,
	  "Bytes per block, with k, M or G (default: " DEFAULT_SIZES ")", 0 },
	{ "depth", 'q', "N", 0, "Blocks queued, where the interface leaves a choice (default: 4)",
	  0 },
	{ "pages", OPTION_PAGES, "KIND", 0,
	  "Pages that blocks are made of, where the interface leaves a choice: huge, as a DMABUF "
	  "of the system heap has them, or 4k, scattered as on a machine that has been up for "
	  "long (default: huge)",
	  0 },
	{ "touch", OPTION_TOUCH, NULL, 0, "Read every byte of every block (default: fetch only)",
	  0 },
	{ "verify", OPTION_VERIFY, NULL, 0,
	  "Check every sample against the simulator's counter pattern: in one more run of each "
	  "case, or, with --bytes, in its only runs",
	  0 },

	{ "verify-device", OPTION_VERIFY_DEVICE, "NAME", 0,
	  "Do these runs on another device, so that the one to measure needs no pattern", 0 },

	{ NULL, 0, NULL, 0, "How long:", 3 },
	{ "seconds", 't', "S", 0, "Time per case and round (default: 1)", 0 },
	{ "rounds", OPTION_ROUNDS, "N", 0,
	  "Rounds over all cases, interleaved (default: 5; 1 with --bytes)", 0 },
	{ "bytes", OPTION_BYTES, "SIZE", 0,
	  "Read so much, in whole blocks, per case and round, from the first sample on, instead of "
	  "for some time",
	  0 },
	{ "timeout", OPTION_TIMEOUT, "SECONDS", 0,
	  "Longest wait for a block; past it the case fails (default: 10)", 0 },
	{ "cpu", OPTION_CPU, "N", 0,
	  "CPU to run on, or none for any (default: 0; the simulator works on the last)", 0 },

	{ NULL, 0, NULL, 0, "What to tell:", 4 },
	{ "json", 'j', "FILE", 0,
	  "Write the results there as JSON; - is standard output, and the table goes to standard "
	  "error",
	  0 },
	{ "progress", OPTION_PROGRESS, "WHEN", 0,
	  "Show progress on standard error: always, never, or auto, on a terminal (default: auto)",
	  0 },
	{ "list-interfaces", OPTION_LIST_INTERFACES, NULL, 0, "List the interfaces and exit", 0 },
	{ 0 },
};

static double parse_number(struct argp_state *state, const char *option, const char *text,
			   double min, double max)
{
	double number;
	char *end;

	number = strtod(text, &end);
	if (end == text || *end || !(number >= min && number <= max))
		argp_error(state, "--%s %s: not a number from %g to %g", option, text, min, max);
	return number;
}

static long parse_integer(struct argp_state *state, const char *option, const char *text, long min,
			  long max)
{
	long number;
	char *end;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno || end == text || *end || number < min || number > max)
		argp_error(state, "--%s %s: not a whole number from %ld to %ld", option, text, min,
			   max);
	return number;
}

static uint64_t parse_size(struct argp_state *state, const char *option, const char *text,
			   uint64_t max)
{
	char limit[SIZE_TEXT_MAX];
	uint64_t bytes = 0;

	if (size_parse(text, &bytes))
		argp_error(state, "--%s %s: not a size such as 4096, 64k or 1M", option, text);
	if (bytes > max)
		argp_error(state, "--%s %s: larger than %s", option, text, size_format(limit, max));
	return bytes;
}

static enum memory_pages parse_pages(struct argp_state *state, const char *text)
{
	if (!strcmp(text, memory_pages_name(MEMORY_PAGES_HUGE)))
		return MEMORY_PAGES_HUGE;
	if (strcmp(text, memory_pages_name(MEMORY_PAGES_4K)))
		argp_error(state, "--pages %s: neither 4k nor huge", text);
	return MEMORY_PAGES_4K;
}

static bool parse_progress(struct argp_state *state, const char *text)
{
	if (!strcmp(text, "auto"))
		return isatty(STDERR_FILENO);
	if (strcmp(text, "always") && strcmp(text, "never"))
		argp_error(state, "--progress %s: neither auto, always nor never", text);
	return !strcmp(text, "always");
}

static void add_interface(struct argp_state *state, struct options *options, const char *name)
{
	const struct interface *interface = interface_find(name);
	unsigned int i;

	if (!interface)
		argp_error(state, "--interface %s: no such interface; see --list-interfaces", name);
	for (i = 0; i < options->interface_count; i++) {
		if (options->interfaces[i] == interface)
			argp_error(state, "--interface: %s is given twice", name);
	}
	options->interfaces[options->interface_count++] = interface;
}

static void add_block_size(struct argp_state *state, struct options *options, const char *text)
{
	size_t bytes = parse_size(state, "block-size", text, BLOCK_BYTES_MAX);
	unsigned int i;

	for (i = 0; i < options->block_size_count; i++) {
		if (options->block_sizes[i] == bytes)
			argp_error(state, "--block-size: %s is given twice", text);
	}
	if (options->block_size_count == OPTIONS_BLOCK_SIZES_MAX)
		argp_error(state, "--block-size: more than %d sizes", OPTIONS_BLOCK_SIZES_MAX);
	options->block_sizes[options->block_size_count++] = bytes;
}

static void parse_list(struct argp_state *state, struct options *options, const char *list,
		       void (*add)(struct argp_state *, struct options *, const char *))
{
	char *copy, *rest, *item;

	copy = rest = strdup(list);
	if (!copy)
		argp_failure(state, 1, ENOMEM, "command line");
	while ((item = strsep(&rest, ",")))
		add(state, options, item);
	free(copy);
}

static void finish(struct argp_state *state, struct options *options)
{
	const struct interface *const *interface;
	char block[SIZE_TEXT_MAX];
	unsigned int i;

	if (options->bytes && options->seconds)
		argp_error(state, "--bytes and --seconds exclude each other: give one");
	if (options->verify_device && !options->verify)
		argp_error(state, "--verify-device asks for --verify");
	if (options->verify_device && options->bytes)
		argp_error(state, "--verify-device excludes --bytes, whose runs verify themselves");

	if (!options->interface_count) {
		for (interface = interfaces; *interface; interface++)
			options->interfaces[options->interface_count++] = *interface;
	}
	if (!options->block_size_count)
		parse_list(state, options, DEFAULT_SIZES, add_block_size);
	if (!options->rounds)
		options->rounds = options->bytes ? 1 : ROUNDS_DEFAULT;
	if (!options->seconds)
		options->seconds = SECONDS_DEFAULT;

	for (i = 0; options->bytes && i < options->block_size_count; i++) {
		if (options->bytes < options->block_sizes[i])
			argp_error(state,
				   "--bytes is less than one block of %s: choose another "
				   "--block-size",
				   size_format(block, options->block_sizes[i]));
	}
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'd':
		options->device = argument;
		break;
	case 'b':
		options->buffer = parse_integer(state, "buffer", argument, 0, 255);
		break;
	case OPTION_CHANNELS:
		options->channels = argument;
		break;
	case 'r':
		options->rate_hz = parse_number(state, "rate", argument, 0, 1e12);
		break;
	case 'i':
		parse_list(state, options, argument, add_interface);
		break;
	case 's':
		parse_list(state, options, argument, add_block_size);
		break;
	case 'q':
		options->depth = parse_integer(state, "depth", argument, 1, DEPTH_MAX);
		break;
	case OPTION_TOUCH:
		options->touch = true;
		break;
	case OPTION_VERIFY:
		options->verify = true;
		break;
	case OPTION_VERIFY_DEVICE:
		options->verify_device = argument;
		break;
	case OPTION_PAGES:
		options->pages = parse_pages(state, argument);
		break;
	case 't':
		options->seconds = parse_number(state, "seconds", argument, 0.01, 86400);
		break;
	case OPTION_ROUNDS:
		options->rounds = parse_integer(state, "rounds", argument, 1, STATISTIC_VALUES_MAX);
		break;
	case OPTION_BYTES:
		options->bytes = parse_size(state, "bytes", argument, UINT64_MAX);
		break;
	case OPTION_TIMEOUT:
		options->timeout_s = parse_integer(state, "timeout", argument, 1, 86400);
		break;
	case OPTION_CPU:
		options->cpu = strcmp(argument, "none")
				       ? parse_integer(state, "cpu", argument, 0, 1023)
				       : -1;
		break;
	case 'j':
		options->json = argument;
		break;
	case OPTION_PROGRESS:
		options->progress = parse_progress(state, argument);
		break;
	case OPTION_LIST_INTERFACES:
		options->list_interfaces = true;
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is no option; see --help", argument);
		break;
	case ARGP_KEY_END:
		finish(state, options);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

void options_parse(struct options *options, int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.doc = "Compares the interfaces through which samples of an IIO buffer reach an "
		       "application: speed, CPU time by who spent it, system calls, wake-ups."
		       "\vExit status: 0 done (an interface the kernel lacks is a row that says "
		       "so), "
		       "1 failed, 2 wrong usage.",
	};

	memset(options, 0, sizeof(*options));
	options->buffer = -1;
	options->depth = 4;
	options->pages = MEMORY_PAGES_HUGE;
	options->rate_hz = NAN;
	options->timeout_s = 10;
	options->progress = isatty(STDERR_FILENO);

	argp_err_exit_status = 2;
	argp_parse(&argp, argc, argv, 0, NULL, options);
}
