// SPDX-License-Identifier: MIT
#include "memory.h"
#include "fail.h"
#include "size.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HUGE_PAGE ((size_t)2 << 20)

const char *memory_pages_name(enum memory_pages pages)
{
	return pages == MEMORY_PAGES_HUGE ? "huge" : "4k";
}

static size_t align_up(size_t value, size_t align)
{
	return (value + align - 1) / align * align;
}

/* Of this process, all mappings together. */
static size_t huge_bytes(void)
{
	unsigned long kib = 0;
	char line[128];
	FILE *file;

	file = fopen("/proc/self/smaps_rollup", "re");
	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file) && sscanf(line, "AnonHugePages: %lu", &kib) != 1)
		;
	fclose(file);
	return (size_t)kib << 10;
}

/* The kernel gives huge pages if it pleases, and does not tell. */
static int populate(char *start, size_t size, enum memory_pages pages)
{
	size_t huge_before = huge_bytes();

	madvise(start, size, pages == MEMORY_PAGES_HUGE ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	memset(start, 0, size);
	if (pages == MEMORY_PAGES_HUGE && huge_bytes() - huge_before < size)
		return fail(ENOMEM, "the kernel gives no huge pages (see "
				    "/sys/kernel/mm/transparent_hugepage/enabled, or memory is too "
				    "scattered); choose --pages 4k");
	return 0;
}

int memory_map(struct memory *memory, enum memory_pages pages, size_t block_bytes,
	       unsigned int blocks)
{
	size_t page = sysconf(_SC_PAGESIZE), used, align;
	char text[SIZE_TEXT_MAX], *start;
	void *mapping;
	int err;

	/*
	 * An emulated CPU's TLB is indexed by a few address bits: blocks a power
	 * of two apart, or apart from what is copied into them, would evict each
	 * other and make every copy look several times dearer than it is. One
	 * page more per block and in front keeps them off each other.
	 */
	align = pages == MEMORY_PAGES_HUGE ? HUGE_PAGE : page;
	memory->stride = align_up(block_bytes, page) + page;
	used = align_up(page + blocks * memory->stride, align);
	memory->size = used + align;

	mapping = mmap(NULL, memory->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);
	if (mapping == MAP_FAILED) {
		err = errno;
		memory->mapping = NULL;
		return fail(err,
			    "cannot map %s for %u blocks: %s; choose a smaller --depth or "
			    "--block-size",
			    size_format(text, memory->size), blocks, strerror(err));
	}
	memory->mapping = mapping;
	start = memory->mapping + (align - (uintptr_t)mapping % align) % align;
	memory->first = start + page;
	return populate(start, used, pages);
}

void memory_unmap(struct memory *memory)
{
	if (memory->mapping)
		munmap(memory->mapping, memory->size);
	memory->mapping = NULL;
}
