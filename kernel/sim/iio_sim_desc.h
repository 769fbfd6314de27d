/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IIO_SIM_DESC_H
#define IIO_SIM_DESC_H

#include <linux/dmaengine.h>
#include <linux/list.h>
#include <linux/types.h>

struct iio_sim_dma;

/**
 * struct iio_sim_desc - one transfer
 * @tx: the client's side of it
 * @node: in one of the lists of struct iio_sim_dma
 * @segments: pieces of memory
 * @num_segments: of them used by this transfer
 * @max_segments: of them allocated
 * @single: @segments of a descriptor that never had more than one
 * @submitted_ns: when it ended a time without a block, 0 if it did not
 * @len: bytes, known from the moment it is the active one
 * @due_ns: end of the transfer, 0 if it is not paced
 * @over_ns: the same, or when an unpaced one was over, 0 if that does not matter
 * @residue: bytes that are not to be transferred
 * @moved: bytes of the data that were moved
 * @segment: in which the next one of them is
 * @segment_moved: bytes of that segment that were moved
 * @begun: whether @len and what follows it are known
 * @failed: whether it cannot be transferred at all
 * @terminated: whether the client wants to hear nothing more about it
 */
struct iio_sim_desc {
	struct dma_async_tx_descriptor tx;
	struct list_head node;
	struct dma_vec *segments;
	size_t num_segments;
	size_t max_segments;
	struct dma_vec single;
	u64 submitted_ns;
	u64 len;
	u64 due_ns;
	u64 over_ns;
	u64 residue;
	u64 moved;
	size_t segment;
	size_t segment_moved;
	bool begun;
	bool failed;
	bool terminated;
};

struct iio_sim_desc *iio_sim_desc_get(struct iio_sim_dma *dma, size_t num_segments);
void iio_sim_desc_rewind(struct iio_sim_desc *desc);
const struct dma_vec *iio_sim_desc_segment(struct iio_sim_desc *desc);
u64 iio_sim_desc_len(const struct iio_sim_desc *desc);
void iio_sim_desc_free_all(struct iio_sim_dma *dma);

#endif
