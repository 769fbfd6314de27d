// SPDX-License-Identifier: MIT
#include "progress.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#define CLEAR_LINE "\r\033[K"

static bool is_shown;

static long seconds_since_first_call(void)
{
	static struct timespec first;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!first.tv_sec)
		first = now;
	return now.tv_sec - first.tv_sec;
}

void progress_show(unsigned int done, unsigned int total, const char *format, ...)
{
	long elapsed = seconds_since_first_call(), left;
	va_list args;

	fprintf(stderr, CLEAR_LINE "[%u/%u] ", done + 1, total);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	if (done) {
		left = elapsed * (total - done) / done;
		fprintf(stderr, ", %ld:%02ld left", left / 60, left % 60);
	}
	fflush(stderr);
	is_shown = true;
}

void progress_clear(void)
{
	if (is_shown)
		fputs(CLEAR_LINE, stderr);
	is_shown = false;
}
