// SPDX-License-Identifier: MIT
#include "memory.h"
#include "fail.h"
#include "size.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
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

/* Neighbours are not given one after the other, or the kernel would take them side by side. */
static void scatter(char *start, size_t size)
{
	size_t page = sysconf(_SC_PAGESIZE), offset;

	for (offset = 0; offset < size; offset += 2 * page)
		start[offset] = 0;
}

static void populate(char *start, size_t size, enum memory_pages pages)
{
	madvise(start, size, pages == MEMORY_PAGES_HUGE ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	if (pages == MEMORY_PAGES_4K)
		scatter(start, size);
	memset(start, 0, size);
}

/* The kernel gives huge pages if it pleases, and does not tell. */
static int populate_and_check(char *start, size_t size, enum memory_pages pages)
{
	size_t huge_before = huge_bytes();

	populate(start, size, pages);
	if (pages == MEMORY_PAGES_HUGE && huge_bytes() - huge_before < size)
		return fail(ENOMEM, "the kernel gives no huge pages (see "
				    "/sys/kernel/mm/transparent_hugepage/enabled, or memory is too "
				    "scattered); choose --pages 4k");
	return 0;
}

static size_t alignment(enum memory_pages pages)
{
	return pages == MEMORY_PAGES_HUGE ? HUGE_PAGE : (size_t)sysconf(_SC_PAGESIZE);
}

/*
 * An emulated CPU's TLB is indexed by a few address bits: blocks a power
 * of two apart, or apart from what is copied into them, would evict each
 * other and make every copy look several times dearer than it is. One
 * page more per block and in front keeps them off each other.
 *
 * Returns the bytes of all.
 */
static size_t lay_out(struct memory *memory, enum memory_pages pages, size_t block_bytes,
		      unsigned int blocks)
{
	size_t page = sysconf(_SC_PAGESIZE);

	memory->stride = align_up(block_bytes, page) + page;
	return align_up(page + blocks * memory->stride, alignment(pages));
}

/* @fd: -1 for memory that is in no file. */
static int map(struct memory *memory, int fd, unsigned int blocks)
{
	int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
	char text[SIZE_TEXT_MAX];
	void *mapping;
	int err;

	mapping = mmap(NULL, memory->size, PROT_READ | PROT_WRITE, flags, fd, 0);
	err = errno;
	memory->mapping = mapping == MAP_FAILED ? NULL : mapping;
	if (memory->mapping)
		return 0;
	return fail(err,
		    "cannot map %s for %u blocks: %s; choose a smaller --depth or "
		    "--block-size",
		    size_format(text, memory->size), blocks, strerror(err));
}

int memory_map(struct memory *memory, enum memory_pages pages, size_t block_bytes,
	       unsigned int blocks)
{
	size_t page = sysconf(_SC_PAGESIZE), align = alignment(pages), used;
	char *start;
	int ret;

	used = lay_out(memory, pages, block_bytes, blocks);
	memory->size = used + align;
	ret = map(memory, -1, blocks);
	if (ret)
		return ret;
	start = memory->mapping + (align - (uintptr_t)memory->mapping % align) % align;
	memory->first = start + page;
	return populate_and_check(start, used, pages);
}

/* Returns a descriptor or -errno. Sealed as udmabuf wants it. */
static int create_file(enum memory_pages pages, size_t size)
{
	unsigned int huge = pages == MEMORY_PAGES_HUGE ? MFD_HUGETLB | MFD_HUGE_2MB : 0;
	int fd, ret;

	fd = memfd_create("iio-bench", MFD_CLOEXEC | MFD_ALLOW_SEALING | huge);
	if (fd < 0)
		return -errno;
	if (!ftruncate(fd, size) && !fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

int memory_map_file(struct memory *memory, enum memory_pages pages, size_t block_bytes,
		    unsigned int blocks)
{
	int fd, ret;

	memory->size = lay_out(memory, pages, block_bytes, blocks);
	fd = create_file(pages, memory->size);
	if (fd < 0)
		return fail(-fd, "cannot create a memfd of %s pages: %s", memory_pages_name(pages),
			    strerror(-fd));
	ret = map(memory, fd, blocks);
	if (ret) {
		close(fd);
		return ret;
	}
	memory->first = memory->mapping + sysconf(_SC_PAGESIZE);
	populate(memory->mapping, memory->size, pages);
	return fd;
}

const char *memory_file_probe(enum memory_pages pages)
{
	size_t size = alignment(pages);
	void *mapping;
	int fd;

	fd = create_file(pages, size);
	mapping = fd < 0 ? MAP_FAILED : mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (mapping == MAP_FAILED)
		return pages == MEMORY_PAGES_HUGE
			       ? "no huge pages for files (see vm.nr_overcommit_hugepages); "
				 "or choose --pages 4k"
			       : "it has no memfd";
	munmap(mapping, size);
	return NULL;
}

void memory_unmap(struct memory *memory)
{
	if (memory->mapping)
		munmap(memory->mapping, memory->size);
	memory->mapping = NULL;
}
