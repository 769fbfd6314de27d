/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IIO_SIM_CONVERTER_H
#define IIO_SIM_CONVERTER_H

struct iio_sim_instance;

int iio_sim_converter_init(void);
void iio_sim_converter_exit(void);

int iio_sim_converter_create(struct iio_sim_instance *instance);
void iio_sim_converter_destroy(struct iio_sim_instance *instance);

#endif
