/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fields of an instance, one entry each: name, unit, what it does, and what
 * else struct iio_sim_field has to say about it. Who includes this says before
 * what becomes of an entry; there is no include guard on purpose.
 *
 * IIO_SIM_SETTING	changes only while the power is off
 * IIO_SIM_FAULT	changes at any time
 * IIO_SIM_COUNTER	what happened since the buffer was enabled
 * IIO_SIM_FIELD	all of these, for those to whom they are the same
 */

#ifndef IIO_SIM_SETTING
#define IIO_SIM_SETTING(_name, ...)	IIO_SIM_FIELD(_name)
#endif
#ifndef IIO_SIM_FAULT
#define IIO_SIM_FAULT(_name, ...)	IIO_SIM_FIELD(_name)
#endif
#ifndef IIO_SIM_COUNTER
#define IIO_SIM_COUNTER(_name, ...)	IIO_SIM_FIELD(_name)
#endif

IIO_SIM_SETTING(direction, "word", "in: an ADC, out: a DAC",
		.initial = IIO_SIM_IN, .word = iio_sim_direction_name)
IIO_SIM_SETTING(channels, "count", "voltage channels of the converter",
		.initial = 4, .min = 1, .max = 64)
IIO_SIM_SETTING(storage_bits, "bits", "size of a sample, little endian and unsigned",
		.initial = 16, .min = 16, .max = 32, .power_of_two = true)
IIO_SIM_SETTING(length_align_bytes, "bytes", "a transfer that is not a multiple of it fails",
		.initial = 8, .min = 1, .max = 16, .power_of_two = true)
IIO_SIM_SETTING(max_segment_bytes, "bytes", "longest piece of memory the DMA device takes as one",
		.initial = SZ_16M, .min = SZ_4K, .max = SZ_1G)
IIO_SIM_SETTING(fill, "word", "what an ADC writes; counter: numbers; loopback: what a DAC plays",
		.initial = IIO_SIM_FILL_COUNTER, .word = iio_sim_fill_name)
IIO_SIM_SETTING(rate_hz, "scans/s", "conversion; 0: a block completes as soon as it is queued",
		.initial = 12500000, .max = NSEC_PER_SEC)

IIO_SIM_FAULT(stall, "0|1", "nothing completes while 1, but time goes on",
	      .max = 1)
IIO_SIM_FAULT(refuse_submits, "count", "that many of the next submits fail",
	      .max = INT_MAX)
IIO_SIM_FAULT(fail_transfers, "count", "that many of the next transfers end with an error",
	      .max = INT_MAX)
IIO_SIM_FAULT(short_transfer_bytes, "bytes", "residue of the next transfer, once",
	      .max = INT_MAX)
IIO_SIM_FAULT(completion_delay_us, "us", "so much later than due the end of a transfer is told",
	      .max = 10 * USEC_PER_SEC)

IIO_SIM_COUNTER(lost_samples, "scans", "no block was there to take them, or (out) none to play")
IIO_SIM_COUNTER(produced_samples, "scans", "transferred in completed blocks")
IIO_SIM_COUNTER(completed_blocks, "blocks", "handed back, failed ones included")
IIO_SIM_COUNTER(cyclic_periods, "periods", "how often a repeated block was gone through")

#undef IIO_SIM_SETTING
#undef IIO_SIM_FAULT
#undef IIO_SIM_COUNTER
#undef IIO_SIM_FIELD
