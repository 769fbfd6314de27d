// SPDX-License-Identifier: MIT
/* The paths of DMABUFs, by ioctl and by command. */
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <iio-uring/uapi.h>

#include "check.h"
#include "dmabuf.h"
#include "sweep.h"

static void set_up_dmabuf(struct sweep *sweep)
{
	const char *const fields[] = { "rate_hz=0", NULL };

	device_create(&sweep->device, fields);
	sweep->buffer = device_open_buffer(&sweep->device);
	check(sweep->buffer >= 0, "opening the buffer: %s", strerror(-sweep->buffer));
	sweep->dmabuf = dmabuf_allocate(SWEEP_BYTES);
	sweep->data = dmabuf_map(sweep->dmabuf, SWEEP_BYTES);
	sweep_spoil(sweep->data, SWEEP_BYTES);
}

static void tear_down_dmabuf(struct sweep *sweep)
{
	munmap(sweep->data, SWEEP_BYTES);
	close(sweep->buffer);
	close(sweep->dmabuf);
	device_remove(&sweep->device);
}

static void set_up_attached(struct sweep *sweep)
{
	set_up_dmabuf(sweep);
	check_error("attaching a DMABUF", dmabuf_attach(sweep->buffer, sweep->dmabuf), 0);
	check_error("enabling the buffer", device_enable(&sweep->device, true), 0);
}

static void wait_for_dmabuf(struct sweep *sweep)
{
	check_error("waiting for a DMABUF", dmabuf_wait(sweep->dmabuf, POLLIN, sweep_timeout_ms()),
		    0);
}

/* What is done in the background after a transfer may still be under way */
static void enqueue_now(struct sweep *sweep)
{
	sweep_spoil(sweep->data, SWEEP_BYTES);
	check_error("queueing a DMABUF afterwards",
		    dmabuf_enqueue(sweep->buffer, sweep->dmabuf, SWEEP_BYTES, 0), 0);
	wait_for_dmabuf(sweep);
	sweep_check_samples(sweep->data, SWEEP_BYTES);
}

static int attempt_attach(struct sweep *sweep)
{
	return dmabuf_attach(sweep->buffer, sweep->dmabuf);
}

static void use_attachment(struct sweep *sweep, int ret)
{
	if (ret < 0)
		check_error("attaching a DMABUF afterwards",
			    dmabuf_attach(sweep->buffer, sweep->dmabuf), 0);
	check_error("enabling the buffer", device_enable(&sweep->device, true), 0);
	enqueue_now(sweep);
}

static int attempt_enqueue(struct sweep *sweep)
{
	return dmabuf_enqueue(sweep->buffer, sweep->dmabuf, SWEEP_BYTES, 0);
}

/*
 * What the DMA controller has refused is told by the fence alone, and poll()
 * does not tell how that was signalled: there is nothing in the memory then.
 */
static int settle_enqueue(struct sweep *sweep, int ret)
{
	if (ret < 0)
		return ret;

	wait_for_dmabuf(sweep);
	return sweep_is_spoilt(sweep->data, SWEEP_BYTES) ? -ENOMEM : 0;
}

static void use_dmabuf(struct sweep *sweep, int ret)
{
	if (ret >= 0)
		sweep_check_samples(sweep->data, SWEEP_BYTES);
	else
		check(sweep_is_spoilt(sweep->data, SWEEP_BYTES), "there are samples in a DMABUF");
	enqueue_now(sweep);
}

static void set_up_command(struct sweep *sweep)
{
	struct iio_dmabuf dmabuf = { .bytes_used = SWEEP_BYTES };

	set_up_attached(sweep);
	dmabuf.fd = sweep->dmabuf;
	requests_init(&sweep->requests, 4096);
	sweep->requests.is_deferred = true;
	requests_command(&sweep->requests, sweep->buffer, IIO_BUFFER_CMD_DMABUF_ENQUEUE, &dmabuf,
			 sizeof(dmabuf), 0);
}

static void use_command(struct sweep *sweep, int ret)
{
	if (ret >= 0)
		check_equal("the number of bytes", ret, SWEEP_BYTES);
	use_dmabuf(sweep, ret);
}

static void tear_down_command(struct sweep *sweep)
{
	requests_exit(&sweep->requests);
	tear_down_dmabuf(sweep);
}

const struct path sweep_dmabuf_paths[] = {
	{ .name = "DMABUF-attach",
	  .set_up = set_up_dmabuf,
	  .attempt = attempt_attach,
	  .use = use_attachment,
	  .tear_down = tear_down_dmabuf },
	{ .name = "DMABUF-enqueue",
	  .set_up = set_up_attached,
	  .attempt = attempt_enqueue,
	  .settle = settle_enqueue,
	  .use = use_dmabuf,
	  .tear_down = tear_down_dmabuf },
	{ .name = "DMABUF_ENQUEUE",
	  .set_up = set_up_command,
	  .attempt = sweep_submit,
	  .settle = sweep_settle_submit,
	  .use = use_command,
	  .tear_down = tear_down_command },
	{ .name = NULL },
};
