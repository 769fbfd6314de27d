// SPDX-License-Identifier: MIT
#include "fault.h"

#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "check.h"
#include "sysfs.h"

#define DEBUGFS "/sys/kernel/debug"

/* So many callers are looked at; the first ones are the allocator's own */
#define DEPTH            32
#define DEPTH_OF_OUR_OWN 7

/* A function is not longer */
#define LAST_FUNCTION 4096

/* What this task fails at next */
static int fail_nth;

static void set(const char *attribute, const char *value)
{
	if (sysfs_write(value, DEBUGFS "/%s", attribute)) {
		fprintf(stderr, "this kernel fails nothing on demand\n");
		exit(TEST_SKIPPED);
	}
}

static void set_number(const char *kind, const char *attribute, uint64_t value)
{
	char path[64], number[32];

	snprintf(path, sizeof(path), "%s/%s", kind, attribute);
	snprintf(number, sizeof(number), "%" PRIu64, value);
	set(path, number);
}

struct range {
	uint64_t first, last;
};

/* Where functions are of which the name, followed by that of their module, contains @part */
static struct range find_functions(const char *part)
{
	struct range range = { UINT64_MAX, 0 };
	FILE *symbols = fopen("/proc/kallsyms", "re");
	char name[256], type;
	uint64_t address;

	check(symbols, "opening kallsyms: %s", strerror(errno));
	while (fscanf(symbols, "%" SCNx64 " %c %255[^\n]", &address, &type, name) == 3) {
		/* What is cold lies elsewhere */
		if ((type != 't' && type != 'T') || strchr(name, '.') || !strstr(name, part))
			continue;
		range.first = address < range.first ? address : range.first;
		range.last = address > range.last ? address : range.last;
	}
	fclose(symbols);
	check(range.last, "the kernel has no %s", part);

	return range;
}

/* DMA_API_DEBUG gives up for ever when it is short of memory. */
static void choose_allocations(const char *kind, const char *module)
{
	struct range range = find_functions("debug_dma_");

	set_number(kind, "reject-start", range.first);
	set_number(kind, "reject-end", range.last);
	set_number(kind, "require-start", 0);
	set_number(kind, "require-end", UINT64_MAX);
	set_number(kind, "stacktrace-depth", DEPTH);
	if (!module)
		return;

	range = find_functions(module);
	set_number(kind, "require-start", range.first);
	set_number(kind, "require-end", range.last + LAST_FUNCTION);
	set_number(kind, "stacktrace-depth", DEPTH_OF_OUR_OWN);
}

void fault_allow(const char *module)
{
	set("failslab/ignore-gfp-wait", "N");
	set("fail_page_alloc/ignore-gfp-wait", "N");
	set("fail_page_alloc/min-order", "0");
	/* The test knows what has failed */
	set("failslab/verbose", "0");
	set("fail_page_alloc/verbose", "0");
	set("fail_usercopy/verbose", "0");
	choose_allocations("failslab", module);
	choose_allocations("fail_page_alloc", module);

	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	check(fail_nth >= 0, "opening fail-nth: %s", strerror(errno));
}

void fault_arm(unsigned int nth)
{
	char number[16];
	int len = snprintf(number, sizeof(number), "%u", nth);

	check(write(fail_nth, number, len) == len, "asking for a fault: %s", strerror(errno));
}

/* What has not failed may hit these calls. */
bool fault_disarm(void)
{
	char left[16] = "";
	bool has_come = pread(fail_nth, left, sizeof(left) - 1, 0) > 0 && !strcmp(left, "0\n");

	while (write(fail_nth, "0", 1) != 1)
		check_equal("errno of a copy that fails", errno, EFAULT);
	return has_come;
}
