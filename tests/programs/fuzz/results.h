/* SPDX-License-Identifier: MIT */
/* What each kind of request may come to, as the contract says. */
#ifndef IIO_FUZZ_RESULTS_H
#define IIO_FUZZ_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

enum kind {
	KIND_DIRECT,      /* READ_FIXED, WRITE_FIXED, READ and libaio with O_DIRECT */
	KIND_DIRECT_SYNC, /* read() and write() with O_DIRECT */
	KIND_DIRECT_NOWAIT,
	KIND_COPY, /* the same without O_DIRECT */
	KIND_COPY_SYNC,
	KIND_COPY_NOWAIT,
	KIND_ANY_FILE, /* whatever the descriptor is by then */
	KIND_TRANSFER,
	KIND_ATTACH,
	KIND_ABORT,
	KIND_ENQUEUE,
	KIND_DMABUF_ATTACH,
	KIND_DMABUF_DETACH,
	KIND_DMABUF_ENQUEUE,
	KIND_OPEN,
	KIND_ENABLE,
	KIND_SETTING, /* attributes of the buffer */
	KIND_SIMULATOR,
	KINDS
};

/**
 * result_is_allowed() - may a request of this kind come to that?
 * @bytes:	of the request; what does not transfer any has 0
 */
bool result_is_allowed(enum kind kind, long long result, size_t bytes);

/** kind_name() - for messages */
const char *kind_name(enum kind kind);

#endif
