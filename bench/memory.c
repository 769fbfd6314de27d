// SPDX-License-Identifier: MIT
#include "memory.h"
#include "fail.h"
#include "size.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int memory_map(struct memory *memory, size_t block_bytes, unsigned int blocks)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char text[SIZE_TEXT_MAX];
	char *mapping;
	int err;

	/*
	 * An emulated CPU's TLB is indexed by a few address bits: blocks a power
	 * of two apart, or apart from what is copied into them, would evict each
	 * other and make every copy look several times dearer than it is. One
	 * page more per block and in front keeps them off each other.
	 */
	memory->stride = (block_bytes + page - 1) / page * page + page;
	memory->size = page + blocks * memory->stride;

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
	madvise(mapping, memory->size, MADV_NOHUGEPAGE);
	memset(mapping, 0, memory->size);

	memory->mapping = mapping;
	memory->first = memory->mapping + page;
	return 0;
}

void memory_unmap(struct memory *memory)
{
	if (memory->mapping)
		munmap(memory->mapping, memory->size);
	memory->mapping = NULL;
}
