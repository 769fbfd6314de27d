// SPDX-License-Identifier: MIT
#include "accounting.h"
#include "fail.h"
#include "simulator.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

static bool read_task(int proc, const char *pid, const char *file, char *text, size_t size)
{
	char path[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "%.20s/%s", pid, file);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, text, size - 1);
	close(fd);
	if (length < 0)
		return false;
	text[length] = '\0';
	return true;
}

static bool read_kworker(int proc, const char *pid, struct kworker *kworker)
{
	char text[128];

	if (!read_task(proc, pid, "comm", text, sizeof(text)) || strncmp(text, "kworker/", 8))
		return false;
	if (!read_task(proc, pid, "schedstat", text, sizeof(text)))
		return false;
	kworker->pid = atoi(pid);
	return sscanf(text, "%" SCNu64, &kworker->ns) == 1;
}

static int add_kworker(struct kworkers *kworkers, const struct kworker *kworker)
{
	struct kworker *list;

	list = realloc(kworkers->list, (kworkers->count + 1) * sizeof(*list));
	if (!list)
		return fail(ENOMEM, "out of memory");
	kworkers->list = list;
	list[kworkers->count++] = *kworker;
	return 0;
}

static int read_kworkers(struct kworkers *kworkers)
{
	struct kworker kworker;
	struct dirent *entry;
	DIR *directory;
	int ret = 0;

	directory = opendir("/proc");
	if (!directory)
		return fail(errno, "cannot read /proc: %s", strerror(errno));
	while (!ret && (entry = readdir(directory))) {
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    read_kworker(dirfd(directory), entry->d_name, &kworker))
			ret = add_kworker(kworkers, &kworker);
	}
	closedir(directory);
	return ret;
}

/* One that was not there before has worked for us since it began. */
static double kworkers_ns_since(const struct kworkers *now, const struct kworkers *before)
{
	double total = 0;
	size_t i, j;

	for (i = 0; i < now->count; i++) {
		total += now->list[i].ns;
		for (j = 0; j < before->count; j++) {
			if (before->list[j].pid == now->list[i].pid)
				total -= before->list[j].ns;
		}
	}
	return total;
}

static void read_clocks(struct usage *usage, const struct converter *converter)
{
	struct rusage resources;

	usage->simulator_ns = simulator_engine_ns(converter);
	usage->interrupt_ns = simulator_callback_ns(converter);
	getrusage(RUSAGE_SELF, &resources);
	usage->wakeups = resources.ru_nvcsw;
	/* This program has one thread: whatever else it has is io_uring's. */
	usage->app_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	usage->iowq_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - usage->app_ns;
	usage->elapsed_ns = clock_ns(CLOCK_MONOTONIC);
}

int accounting_begin(struct accounting *accounting, const struct converter *converter)
{
	int ret;

	memset(accounting, 0, sizeof(*accounting));
	ret = read_kworkers(&accounting->kworkers);
	read_clocks(&accounting->start, converter);
	return ret;
}

int accounting_end(struct accounting *accounting, const struct converter *converter,
		   struct usage *usage)
{
	const struct usage *start = &accounting->start;
	struct kworkers kworkers = { 0 };
	struct usage end;
	int ret;

	read_clocks(&end, converter);
	ret = read_kworkers(&kworkers);

	usage->elapsed_ns = end.elapsed_ns - start->elapsed_ns;
	usage->app_ns = end.app_ns - start->app_ns;
	usage->iowq_ns = end.iowq_ns - start->iowq_ns;
	usage->kworker_ns = kworkers_ns_since(&kworkers, &accounting->kworkers);
	usage->interrupt_ns = end.interrupt_ns - start->interrupt_ns;
	usage->simulator_ns = end.simulator_ns - start->simulator_ns;
	usage->wakeups = end.wakeups - start->wakeups;

	free(kworkers.list);
	return ret;
}

void accounting_free(struct accounting *accounting)
{
	free(accounting->kworkers.list);
	accounting->kworkers.list = NULL;
}
