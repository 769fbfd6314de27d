// SPDX-License-Identifier: MIT
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int read_attribute(char *value, const char *path)
{
	ssize_t length;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	length = read(fd, value, SYSFS_VALUE_MAX - 1);
	if (length < 0)
		length = -errno;
	close(fd);
	if (length < 0)
		return length;

	value[length] = '\0';
	value[strcspn(value, "\n")] = '\0';
	return 0;
}

int sysfs_read(char *value, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);

	return read_attribute(value, path);
}

int sysfs_read_number(double *number, const char *format, ...)
{
	char path[PATH_MAX], value[SYSFS_VALUE_MAX], *end;
	va_list args;
	int ret;

	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);

	ret = read_attribute(value, path);
	if (ret)
		return ret;
	*number = strtod(value, &end);
	return end == value ? -EINVAL : 0;
}

int sysfs_write(const char *value, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;
	int fd, ret;

	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = write(fd, value, strlen(value)) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

bool sysfs_exists(const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);

	return !access(path, F_OK);
}
