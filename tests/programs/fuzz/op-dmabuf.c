// SPDX-License-Identifier: MIT
/* Operations with DMABUFs, which all workers share. */
#include <errno.h>
#include <sys/ioctl.h>

#include <iio-uring/uapi.h>

#include "files.h"
#include "fuzz.h"
#include "operations.h"
#include "ring.h"

#define CYCLIC_PERCENT        10
#define DMABUF_EPOCHS_PERCENT 25
#define INVALID_PERCENT       10

/* What an operation is about; the DMABUFs of outputs have what the DAC plays */
struct subject {
	unsigned int converter;
	int buffer;
	struct iio_dmabuf dmabuf;
};

static bool choose(struct worker *worker, struct random *random, struct subject *subject)
{
	bool is_invalid = random_chance(random, INVALID_PERCENT);
	bool is_cyclic = random_chance(random, CYCLIC_PERCENT);
	unsigned int converter = file_converter(random);

	subject->converter = converter;
	subject->dmabuf = (struct iio_dmabuf){
		.fd = worker->dmabufs[converters[converter].is_output]
				     [random_below(random, DMABUFS)],
		.flags =
			is_cyclic && converters[converter].is_output ? IIO_BUFFER_DMABUF_CYCLIC : 0,
		.bytes_used = 24 * (1 + random_below(random, DMABUF_BYTES / 24)),
	};
	if (is_invalid)
		subject->dmabuf.bytes_used = random_below(random, 2 * DMABUF_BYTES);
	subject->buffer = file_get_buffer(worker, random, converter);
	return subject->buffer >= 0;
}

/* Such an ioctl may wait for whoever uses the DMABUF */
static int call(const struct subject *subject, unsigned long request, const void *argument)
{
	int ret;

	interrupt_soon(PATIENCE_MS);
	ret = ioctl(subject->buffer, request, argument) ? -errno : 0;
	interrupt_never();
	return ret;
}

static void attach_all(struct worker *worker, const struct subject *subject)
{
	for (int i = 0; i < DMABUFS; i++) {
		const int *fd = &worker->dmabufs[converters[subject->converter].is_output][i];

		worker_expect(worker, KIND_DMABUF_ATTACH,
			      call(subject, IIO_BUFFER_DMABUF_ATTACH_IOCTL, fd), 0);
	}
}

void op_attach_dmabuf(struct worker *worker, struct random *random)
{
	struct subject subject;

	if (choose(worker, random, &subject))
		attach_all(worker, &subject);
}

void dmabuf_begin(struct worker *worker, struct random random)
{
	for (unsigned int converter = 0; converter < CONVERTERS; converter++) {
		struct subject subject = { .converter = converter };

		if (!random_chance(&random, DMABUF_EPOCHS_PERCENT))
			continue;
		subject.buffer = file_get_buffer(worker, &random, converter);
		if (subject.buffer >= 0)
			attach_all(worker, &subject);
	}
}

void op_detach_dmabuf(struct worker *worker, struct random *random)
{
	struct subject subject;

	if (choose(worker, random, &subject))
		worker_expect(worker, KIND_DMABUF_DETACH,
			      call(&subject, IIO_BUFFER_DMABUF_DETACH_IOCTL, &subject.dmabuf.fd),
			      0);
}

void op_enqueue_dmabuf(struct worker *worker, struct random *random)
{
	struct subject subject;

	if (choose(worker, random, &subject))
		worker_expect(worker, KIND_DMABUF_ENQUEUE,
			      call(&subject, IIO_BUFFER_DMABUF_ENQUEUE_IOCTL, &subject.dmabuf), 0);
}

void op_submit_dmabuf(struct worker *worker, struct random *random)
{
	struct ring *ring = ring_get(worker, random);
	struct region region = { .slot = -1 };
	struct io_uring_sqe *sqe;
	struct subject subject;

	if (!choose(worker, random, &subject))
		return;
	sqe = ring_sqe(worker, ring);
	if (!sqe)
		return;
	ring_prepare_command(sqe, subject.buffer, IIO_BUFFER_CMD_DMABUF_ENQUEUE, &subject.dmabuf,
			     false);
	region.bytes = subject.dmabuf.bytes_used;
	ring_submit(ring, sqe, KIND_ENQUEUE, &region);
}
