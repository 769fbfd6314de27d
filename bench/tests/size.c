// SPDX-License-Identifier: MIT
/* Sizes are read as people write them, and everything else is refused. */
#include "size.h"
#include "check.h"

#include <errno.h>
#include <string.h>

static void check_parsed(const char *text, uint64_t expected)
{
	uint64_t bytes = 0;

	CHECK(size_parse(text, &bytes) == 0);
	CHECK(bytes == expected);
}

static void check_refused(const char *text, int expected)
{
	uint64_t bytes = 0;

	if (size_parse(text, &bytes) != expected)
		fprintf(stderr, "'%s'\n", text);
	CHECK(size_parse(text, &bytes) == expected);
	CHECK(bytes == 0);
}

static void check_formatted(uint64_t bytes, const char *expected)
{
	char text[SIZE_TEXT_MAX];

	CHECK(!strcmp(size_format(text, bytes), expected));
}

int main(void)
{
	check_parsed("1", 1);
	check_parsed("4096", 4096);
	check_parsed("4k", 4096);
	check_parsed("64K", 65536);
	check_parsed("1m", 1 << 20);
	check_parsed("10G", 10ULL << 30);
	check_parsed("18446744073709551615", UINT64_MAX);
	check_parsed("17179869183G", 17179869183ULL << 30);

	check_refused("", -EINVAL);
	check_refused("0", -EINVAL);
	check_refused("0k", -EINVAL);
	check_refused("k", -EINVAL);
	check_refused("-4k", -EINVAL);
	check_refused(" 4k", -EINVAL);
	check_refused("4x", -EINVAL);
	check_refused("4kk", -EINVAL);
	check_refused("4k ", -EINVAL);
	check_refused("1.5M", -EINVAL);
	check_refused("0x10", -EINVAL);
	check_refused("18446744073709551616", -ERANGE);
	check_refused("17179869184G", -ERANGE);

	check_formatted(1, "1 B");
	check_formatted(1000, "1000 B");
	check_formatted(4096, "4 KiB");
	check_formatted(4097, "4097 B");
	check_formatted(1536 * 1024, "1536 KiB");
	check_formatted(4 << 20, "4 MiB");
	check_formatted(10ULL << 30, "10 GiB");
	check_formatted(2048ULL << 30, "2048 GiB");

	return check_result();
}
