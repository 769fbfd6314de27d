// SPDX-License-Identifier: MIT
/* Starts the workers of an epoch, sees that none of them gets stuck, and kills them. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "fuzz.h"
#include "operations.h"

#define TICK_MS 2

/* A sleep that took longer is the machine's fault */
#define TICK_MAX_MS 20

/* What a worker was at when it was last looked at, and for how long */
struct sight {
	pid_t pid;
	unsigned int next;
	unsigned int unchanged_ms;
};

unsigned int bound_ms(void)
{
	/* The second of the contract, and one for having the CPUs to share with the others */
	return 2000 * test_patience();
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

unsigned int tick(void)
{
	uint64_t since = now_ms(), slept;

	usleep(TICK_MS * 1000);
	slept = now_ms() - since;
	return slept < TICK_MAX_MS ? slept : TICK_MAX_MS;
}

/* Where the threads of a process wait */
static void show_stacks(pid_t pid)
{
	char command[128];

	snprintf(command, sizeof(command),
		 "cd /proc/%d/task 2>&- && for task in *; do cat $task/comm $task/stack; done >&2",
		 pid);
	/* It may have ended meanwhile */
	if (system(command))
		return;
}

/* Keeps the process group while all workers are dead */
static void start_group(struct fuzz *fuzz)
{
	fuzz->group = fork();
	if (!fuzz->group) {
		setpgid(0, 0);
		for (;;)
			pause();
	}
	setpgid(fuzz->group, fuzz->group);
}

static void start_worker(struct fuzz *fuzz, unsigned int number, unsigned int operations)
{
	struct report *report = &fuzz->shared->reports[number];
	struct random random = random_branch((struct random){ fuzz->seed }, fuzz->epoch);
	struct worker worker = {
		.number = number,
		.shared = fuzz->shared,
		.report = report,
		.dmabufs = fuzz->dmabufs,
	};
	pid_t pid;

	atomic_store(&report->is_busy, false);
	pid = fork();
	if (pid < 0)
		fuzz_fail("fork(): %s", strerror(errno));
	if (!pid) {
		setpgid(0, fuzz->group);
		worker_run(&worker, random, random_branch(random, number), operations);
	}
	setpgid(pid, fuzz->group);
	atomic_store(&report->pid, pid);
}

static unsigned int operation_of(const struct fuzz *fuzz, unsigned int number, unsigned int next)
{
	struct random random = random_branch((struct random){ fuzz->seed }, fuzz->epoch);

	random = random_branch(random_branch(random, number), next);
	return operation_choose(&random);
}

static const char *operation_name(const struct fuzz *fuzz, unsigned int number, unsigned int next)
{
	return operations[operation_of(fuzz, number, next)].name;
}

/* A worker that an operation ends can't tell how long it took */
static void account(struct fuzz *fuzz, unsigned int number, const struct sight *sight)
{
	unsigned int operation = operation_of(fuzz, number, sight->next);
	atomic_uint *longest_us = &fuzz->shared->statistics.longest_us[operation];

	if (sight->unchanged_ms * 1000 > atomic_load(longest_us))
		atomic_store(longest_us, sight->unchanged_ms * 1000);
}

void show_plan(const struct fuzz *fuzz, unsigned int operations)
{
	for (unsigned int number = 0; number < WORKERS; number++) {
		printf("epoch %u, worker %u:", fuzz->epoch, number);
		for (unsigned int next = 0; next < operations; next++)
			printf(" %s", operation_name(fuzz, number, next));
		printf("\n");
	}
}

static void describe(const struct fuzz *fuzz, unsigned int number, char *text, size_t size)
{
	unsigned int next = atomic_load(&fuzz->shared->reports[number].next);

	snprintf(text, size, "worker %u, operation %u (%s)", number, next,
		 operation_name(fuzz, number, next));
}

static void check_status(const struct fuzz *fuzz, unsigned int number, int status)
{
	struct report *report = &fuzz->shared->reports[number];
	char text[128];

	describe(fuzz, number, text, sizeof(text));
	if (atomic_load(&report->has_complained))
		fuzz_fail("%s: %s", text, report->complaint);
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return;
	fuzz_fail("%s: the worker ended with status %#x", text, status);
}

/* One that has ended goes on behind the operation that ended it */
static void replace_worker(struct fuzz *fuzz, pid_t pid, int status, unsigned int operations)
{
	for (unsigned int number = 0; number < WORKERS; number++) {
		struct report *report = &fuzz->shared->reports[number];

		if (atomic_load(&report->pid) != pid)
			continue;
		check_status(fuzz, number, status);
		atomic_store(&report->pid, 0);
		if (atomic_load(&report->is_busy))
			atomic_fetch_add(&report->next, 1);
		if (atomic_load(&report->next) < operations)
			start_worker(fuzz, number, operations);
	}
}

static void watch(struct fuzz *fuzz, unsigned int number, struct sight *sight, unsigned int ms)
{
	struct report *report = &fuzz->shared->reports[number];
	struct sight now = { atomic_load(&report->pid), atomic_load(&report->next), 0 };
	char text[128];

	describe(fuzz, number, text, sizeof(text));
	if (atomic_load(&report->has_complained))
		fuzz_fail("%s: %s", text, report->complaint);
	if (now.pid == sight->pid && now.next == sight->next && atomic_load(&report->is_busy))
		now.unchanged_ms = sight->unchanged_ms + ms;
	if (now.unchanged_ms > bound_ms()) {
		show_stacks(now.pid);
		fuzz_fail("%s: not over after %u ms", text, now.unchanged_ms);
	}
	account(fuzz, number, &now);
	*sight = now;
}

static bool are_done(const struct fuzz *fuzz, unsigned int operations)
{
	for (int number = 0; number < WORKERS; number++) {
		if (atomic_load(&fuzz->shared->reports[number].next) < operations)
			return false;
	}
	return true;
}

static void end_group(struct fuzz *fuzz)
{
	unsigned int waited_ms = 0;
	pid_t pid;

	kill(-fuzz->group, SIGKILL);
	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0) {
		if (pid > 0)
			continue;
		waited_ms += tick();
		if (waited_ms <= bound_ms())
			continue;
		for (int number = 0; number < WORKERS; number++)
			show_stacks(atomic_load(&fuzz->shared->reports[number].pid));
		fuzz_fail("a process is still there %u ms after it was killed", waited_ms);
	}
	for (int number = 0; number < WORKERS; number++)
		atomic_store(&fuzz->shared->reports[number].pid, 0);
}

void supervise_workers(struct fuzz *fuzz, unsigned int operations)
{
	struct sight sights[WORKERS] = { 0 };

	start_group(fuzz);
	for (int number = 0; number < WORKERS; number++) {
		atomic_store(&fuzz->shared->reports[number].next, 0);
		start_worker(fuzz, number, operations);
	}
	while (!are_done(fuzz, operations)) {
		unsigned int ms = tick();
		int status;
		pid_t pid;

		while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
			replace_worker(fuzz, pid, status, operations);
		for (int number = 0; number < WORKERS; number++)
			watch(fuzz, number, &sights[number], ms);
	}
	end_group(fuzz);
}
