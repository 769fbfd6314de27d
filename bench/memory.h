/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_MEMORY_H
#define IIO_BENCH_MEMORY_H

#include <stddef.h>

enum memory_pages {
	MEMORY_PAGES_4K,
	MEMORY_PAGES_HUGE,
};

/**
 * struct memory - one mapping that holds the blocks of a stream
 * @mapping:	start of the mapping
 * @size:	bytes mapped
 * @first:	first block
 * @stride:	bytes from one block to the next
 */
struct memory {
	char *mapping;
	size_t size;
	char *first;
	size_t stride;
};

/**
 * memory_map() - map blocks of such pages, present and each at a page's start
 *
 * Pages of 4 KiB are scattered in physical memory, as they are on a machine
 * that has been up for long.
 *
 * Return: 0 or -errno, with fail(). Undo with memory_unmap().
 */
int memory_map(struct memory *memory, enum memory_pages pages, size_t block_bytes,
	       unsigned int blocks);

/**
 * memory_map_file() - the same in a sealed memfd, whose first byte is that of the mapping
 *
 * Return: the memfd, for the caller to close, or -errno, with fail().
 */
int memory_map_file(struct memory *memory, enum memory_pages pages, size_t block_bytes,
		    unsigned int blocks);

/** memory_file_probe() - why a memfd cannot have such pages, NULL if it can */
const char *memory_file_probe(enum memory_pages pages);

/** memory_unmap() - does nothing if nothing is mapped */
void memory_unmap(struct memory *memory);

/** memory_block() - address of a block */
static inline void *memory_block(const struct memory *memory, unsigned int index)
{
	return memory->first + index * memory->stride;
}

/** memory_pages_name() - "4k" or "huge" */
const char *memory_pages_name(enum memory_pages pages);

#endif
