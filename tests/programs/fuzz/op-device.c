// SPDX-License-Identifier: MIT
/* Operations on the converters themselves: settings, faults, removal. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "files.h"
#include "operations.h"
#include "worker.h"

static void write_attribute(struct worker *worker, struct random *random, enum kind kind,
			    const char *attribute, const char *value)
{
	const struct converter *converter = &converters[file_converter(random)];

	worker_expect(worker, kind, converter_write(converter, attribute, value), 0);
}

static void set_field(struct worker *worker, struct random *random, const char *field,
		      unsigned int value)
{
	const struct converter *converter = &converters[file_converter(random)];
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	worker_expect(worker, KIND_SIMULATOR, converter_set(converter, field, text), 0);
}

void op_enable(struct worker *worker, struct random *random)
{
	write_attribute(worker, random, KIND_ENABLE, "enable", "1");
}

void op_disable(struct worker *worker, struct random *random)
{
	write_attribute(worker, random, KIND_ENABLE, "enable", "0");
}

void op_change_scan(struct worker *worker, struct random *random)
{
	const struct converter *converter = &converters[file_converter(random)];
	unsigned int channel = random_below(random, CHANNELS);

	worker_expect(worker, KIND_SETTING,
		      converter_enable_channel(converter, channel, random_chance(random, 80)), 0);
}

void op_change_length(struct worker *worker, struct random *random)
{
	char value[16];

	snprintf(value, sizeof(value), "%u", (unsigned int)random_below(random, 8192));
	write_attribute(worker, random, KIND_SETTING, "length", value);
}

void op_change_limits(struct worker *worker, struct random *random)
{
	static const char *const limits[][2] = {
		{ "direct_max_requests", "4096" },    { "direct_max_requests", "2" },
		{ "direct_max_requests", "0" },       { "direct_max_bytes", "4294967296" },
		{ "direct_max_bytes", "4294967296" }, { "direct_max_bytes", "16384" },
		{ "direct_max_requests", "4096" },    { "direct_max_requests", "8" },
	};
	unsigned int limit = random_below(random, sizeof(limits) / sizeof(limits[0]));

	write_attribute(worker, random, KIND_SETTING, limits[limit][0], limits[limit][1]);
}

void op_stall(struct worker *worker, struct random *random)
{
	set_field(worker, random, "stall", 1);
}

void op_go_on(struct worker *worker, struct random *random)
{
	set_field(worker, random, "stall", 0);
}

void op_fail_transfers(struct worker *worker, struct random *random)
{
	set_field(worker, random, "fail_transfers", 1 + random_below(random, 2));
}

void op_refuse_submits(struct worker *worker, struct random *random)
{
	set_field(worker, random, "refuse_submits", 1 + random_below(random, 2));
}

void op_cut_transfer(struct worker *worker, struct random *random)
{
	/* Whole scans of any size, so that the next transfer begins with one */
	set_field(worker, random, "short_transfer_bytes", 24 * (1 + random_below(random, 300)));
}

void op_delay_completions(struct worker *worker, struct random *random)
{
	set_field(worker, random, "completion_delay_us", 10000 * random_below(random, 3));
}

/* What is made of more than one step is made by one process at a time */
static int try_to_lock(void)
{
	int lock = open("/tmp/iio-fuzz-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB)) {
		close(lock);
		lock = -1;
	}
	return lock;
}

void op_rebind_driver(struct worker *worker, struct random *random)
{
	const struct converter *converter = &converters[file_converter(random)];
	bool waits = random_chance(random, 50);
	int lock = try_to_lock();

	if (lock < 0)
		return;
	worker_expect(worker, KIND_SIMULATOR, converter_unbind(converter), 0);
	if (waits)
		usleep(PATIENCE_MS * 1000);
	converters_bind();
	close(lock);
}

void op_replace_converter(struct worker *worker, struct random *random)
{
	const struct converter *converter = &converters[file_converter(random)];
	int lock = try_to_lock();

	if (lock < 0)
		return;
	worker_expect(worker, KIND_SIMULATOR, converter_remove(converter), 0);
	worker_expect(worker, KIND_SIMULATOR, converter_create(converter), 0);
	close(lock);
}
