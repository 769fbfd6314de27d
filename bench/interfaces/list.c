// SPDX-License-Identifier: MIT
#include "interfaces/list.h"

#include <string.h>

const struct interface *const interfaces[] = {
	&interface_read,  &interface_dmabuf,      &interface_dmabuf_cmd,     &interface_udmabuf,
	&interface_uring, &interface_uring_fixed, &interface_uring_attached, NULL,
};

const struct interface *interface_find(const char *name)
{
	const struct interface *const *interface;

	for (interface = interfaces; *interface; interface++) {
		if (!strcmp((*interface)->name, name))
			return *interface;
	}
	return NULL;
}
