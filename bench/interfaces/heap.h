/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_INTERFACES_HEAP_H
#define IIO_BENCH_INTERFACES_HEAP_H

#include "interfaces/dmabufs.h"

/* What "pages" says of blocks from there. */
#define HEAP_PAGES "heap"

/** heap_probe() - why there is no heap of DMABUFs, NULL if there is */
const char *heap_probe(void);

/** heap_get() - from the system heap; see dmabufs_get */
int heap_get(struct dmabufs *dmabufs, const struct stream *stream);

#endif
