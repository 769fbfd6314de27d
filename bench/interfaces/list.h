/* SPDX-License-Identifier: MIT */
#ifndef IIO_BENCH_INTERFACES_LIST_H
#define IIO_BENCH_INTERFACES_LIST_H

#include "interface.h"

extern const struct interface interface_read;
extern const struct interface interface_dmabuf;
extern const struct interface interface_dmabuf_cmd;
extern const struct interface interface_udmabuf;
extern const struct interface interface_uring;
extern const struct interface interface_uring_fixed;
extern const struct interface interface_uring_attached;

#endif
