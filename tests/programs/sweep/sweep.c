// SPDX-License-Identifier: MIT
/*
 * Claim: whichever allocation or copy fails while the kernel does what a path
 * is about, the result is an error that says so, or the operation succeeds all
 * the same with the right data, and afterwards it works.
 *
 * Usage: sweep [PATH]
 *
 * Without a path it tells which there are. In the Nth attempt the Nth allocation or copy of the
 * task fails. The last attempt is the one that has less of them.
 */
#include "check.h"
#include "fault.h"
#include "sweep.h"

#define PATTERN      0x5a
#define ATTEMPTS_MAX 10000

static const struct path *const groups[] = {
	sweep_direct_paths,
	sweep_dmabuf_paths,
	sweep_copy_paths,
	sweep_simulator_paths,
};

static const struct path *path;
static unsigned int nth;

static void tell_where(void)
{
	if (nth)
		fprintf(stderr, "this was attempt %u of %s\n", nth, path->name);
}

void sweep_spoil(void *memory, size_t bytes)
{
	memset(memory, PATTERN, bytes);
}

bool sweep_is_spoilt(const void *memory, size_t bytes)
{
	const char *data = memory;

	return data[0] == PATTERN && !memcmp(data, data + 1, bytes - 1);
}

void sweep_check_samples(const void *memory, size_t bytes)
{
	const uint64_t *samples = memory;

	for (size_t i = 1; i < bytes / sizeof(*samples); i++)
		check(samples[i] == samples[0] + i, "sample %zu is %llx, the first one %llx", i,
		      (unsigned long long)samples[i], (unsigned long long)samples[0]);
}

unsigned int sweep_timeout_ms(void)
{
	return 2000 * test_patience();
}

int sweep_submit(struct sweep *sweep)
{
	return io_uring_submit(&sweep->requests.ring);
}

/* Instead of a request that the ring still has, io_uring gets one that does nothing. */
static void drop_request(struct requests *requests)
{
	struct io_uring_sq *sq = &requests->ring.sq;

	io_uring_prep_nop(&sq->sqes[*sq->khead & sq->ring_mask]);
	check_equal("submitting nothing", io_uring_submit(&requests->ring), 1);
	check_error("nothing", requests_wait(requests, sweep_timeout_ms()), 0);
}

int sweep_settle_submit(struct sweep *sweep, int ret)
{
	if (ret < 0) {
		drop_request(&sweep->requests);
		return ret;
	}
	check_equal("submitting a request", ret, 1);
	return requests_wait(&sweep->requests, sweep_timeout_ms());
}

static int tell_paths(void)
{
	for (size_t group = 0; group < sizeof(groups) / sizeof(groups[0]); group++) {
		for (const struct path *found = groups[group]; found->name; found++)
			puts(found->name);
	}
	return EXIT_SUCCESS;
}

static const struct path *find_path(const char *name)
{
	for (size_t group = 0; group < sizeof(groups) / sizeof(groups[0]); group++) {
		for (const struct path *found = groups[group]; found->name; found++)
			if (!strcmp(found->name, name))
				return found;
	}
	check(false, "%s: no such path", name);
	return NULL;
}

static bool is_sane(int error)
{
	for (size_t i = 0; i < sizeof(path->other_errors) / sizeof(path->other_errors[0]); i++) {
		if (error == -path->other_errors[i])
			return true;
	}
	return error == -ENOMEM || error == -EFAULT || error == -EAGAIN;
}

static int attempt(struct sweep *sweep, bool *has_failed)
{
	int ret;

	fault_arm(nth);
	ret = path->attempt(sweep);
	*has_failed = fault_disarm();
	if (path->settle)
		ret = path->settle(sweep, ret);
	check(ret >= 0 || (*has_failed && is_sane(ret)), "the error is %d (%s)%s", ret,
	      strerror(-ret), *has_failed ? "" : ", and nothing has failed");
	return ret;
}

int main(int argc, char **argv)
{
	unsigned int errors = 0;
	struct sweep sweep = { 0 };
	bool has_failed = true;

	if (argc == 1)
		return tell_paths();

	path = find_path(argv[1]);
	fault_allow(path->module);
	atexit(tell_where);

	while (has_failed) {
		int ret;

		check(++nth < ATTEMPTS_MAX, "this has no end");
		test_deadline(20);
		if (nth == 1 || !path->goes_on)
			path->set_up(&sweep);
		ret = attempt(&sweep, &has_failed);
		errors += ret < 0;
		path->use(&sweep, ret);
		if (!has_failed || !path->goes_on)
			path->tear_down(&sweep);
	}

	printf("%s: %u faults, %u errors\n", path->name, nth - 1, errors);
	if (path->tries_again)
		check(nth > 1 && !errors, "nothing has failed, or it was not tried again");
	else
		check(path->needs_nothing == !errors,
		      path->needs_nothing ? "something can fail" : "nothing has failed");
	nth = 0;
	return EXIT_SUCCESS;
}
