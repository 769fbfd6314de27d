// SPDX-License-Identifier: MIT
/* What has to hold when all workers are dead, whatever they were doing. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "pattern.h"
#include "requests.h"
#include "vmstat.h"

#define BYTES 12288

/* Of all DMABUFs, and in a kernel that checks DMA of all mappings */
#define DMABUF_USERS "/sys/kernel/debug/dma_buf/bufinfo"
#define DMA_MAPPINGS "/sys/kernel/debug/dma-api/dump"

static void check_opens(const struct converter *converter)
{
	unsigned int waited_ms = 0;
	int buffer;

	while ((buffer = converter_open_buffer(converter, true)) == -EBUSY) {
		waited_ms += tick();
		if (waited_ms > bound_ms())
			fuzz_fail("%s is in use though nobody is there", converter->name);
	}
	if (buffer >= 0)
		close(buffer);
	else if (buffer != -ENODEV)
		fuzz_fail("opening %s: %s", converter->name, strerror(-buffer));
}

static void check_pins(void)
{
	unsigned int waited_ms = 0;
	struct pin_count count;

	while (count = pin_count_read(), count.pinned != count.unpinned) {
		waited_ms += tick();
		if (waited_ms > bound_ms())
			fuzz_fail("%lld pages are still pinned",
				  (long long)(count.pinned - count.unpinned));
	}
}

/* How many lines of a file are about @subject and @what */
static unsigned int count_lines(const char *path, const char *subject, const char *what)
{
	FILE *file = fopen(path, "r");
	unsigned int lines = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		lines += strstr(line, subject) && strstr(line, what);
	if (file)
		fclose(file);
	return lines;
}

static void check_mappings(void)
{
	unsigned int waited_ms = 0, attached, mapped;

	for (;;) {
		/* Each device has a line of its own, with its name alone */
		attached = count_lines(DMABUF_USERS, "iio_sim", "");
		/* The kernel's spelling; read() and write() keep coherent memory */
		mapped = count_lines(DMA_MAPPINGS, "iio_sim", "gather") +
			 count_lines(DMA_MAPPINGS, "iio_sim", "single");
		if (!attached && !mapped)
			return;
		waited_ms += tick();
		if (waited_ms > bound_ms())
			fuzz_fail("%u DMABUFs are still attached, %u pieces of memory mapped",
				  attached, mapped);
	}
}

static void transfer(const struct converter *converter, struct requests *requests, int buffer)
{
	bool is_right;
	int ret;

	if (converter->is_output)
		requests_write_fixed(requests, buffer, 0, BYTES);
	else
		requests_read_fixed(requests, buffer, 0, BYTES);
	ret = requests_wait(requests, bound_ms());
	if (ret != BYTES)
		fuzz_fail("a transfer of %s afterwards came to %d", converter->name, ret);
	is_right = converter->is_counting ? pattern_is_counted(requests->memory, BYTES)
					  : pattern_is_played(requests->memory, BYTES);
	if (!converter->is_output && !is_right)
		fuzz_fail("samples of %s afterwards are wrong", converter->name);
}

static void check_works(const struct converter *converter)
{
	struct requests requests;
	int buffer, ret;

	requests_init(&requests, BYTES);
	buffer = converter_open_buffer(converter, true);
	if (buffer < 0)
		fuzz_fail("opening %s: %s", converter->name, strerror(-buffer));
	ret = converter_write(converter, "enable", "1");
	if (ret)
		fuzz_fail("enabling %s: %s", converter->name, strerror(-ret));
	transfer(converter, &requests, buffer);
	close(buffer);
	requests_exit(&requests);
}

void check_invariants(void)
{
	/* As the workers have left them, be they stalled or without a driver */
	for (int i = 0; i < CONVERTERS; i++)
		check_opens(&converters[i]);
	check_pins();

	for (int i = 0; i < CONVERTERS; i++)
		converter_repair(&converters[i]);
	/* A DMABUF that was enqueued by ioctl is in flight until the buffer is disabled */
	check_mappings();
	for (int i = 0; i < CONVERTERS; i++)
		check_works(&converters[i]);
	for (int i = 0; i < CONVERTERS; i++)
		converter_write(&converters[i], "enable", "0");
}
