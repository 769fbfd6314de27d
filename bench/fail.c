// SPDX-License-Identifier: MIT
#include "fail.h"

#include <stdarg.h>
#include <stdio.h>

static char reason[512];

int fail(int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);

	return -err;
}

const char *failure_reason(void)
{
	return reason;
}
