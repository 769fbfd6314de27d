// SPDX-License-Identifier: MIT
#include "interfaces/list.h"
#include "interfaces/registered.h"

const struct interface interface_uring_fixed = {
	.name = "uring-fixed",
	.help = "io_uring READ_FIXED with O_DIRECT: registered buffers, no copy",
	.probe = registered_probe,
	.open = registered_open,
	.start = registered_start,
	.next = registered_next,
	.give_back = registered_give_back,
	.close = registered_close,
};
