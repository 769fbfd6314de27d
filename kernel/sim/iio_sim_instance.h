/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IIO_SIM_INSTANCE_H
#define IIO_SIM_INSTANCE_H

#include <linux/configfs.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include "iio_sim_config.h"
#include "iio_sim_line.h"

/* Name of an instance, and its end */
#define IIO_SIM_NAME_BYTES	64

struct iio_dev;
struct iio_sim_dma;
struct platform_device;

/**
 * struct iio_sim_instance - a converter as a person made it in configfs
 * @item: its directory
 * @node: in the list of instances
 * @faults: faults on demand
 * @line: on which it plays, if it is a DAC
 * @lock: protects @config, @loopback_from and @pdev. Taken by configfs alone,
 *	never by what a converter does: the power is switched off with it held
 * @config: settings; cannot change while the power is on
 * @loopback_from: name of the instance to record from; cannot change either
 * @pdev: the converter, NULL while the power is off
 * @driver_lock: protects all that follows, which the converter's driver sets.
 *	Innermost: nothing that could wait for the driver is done with it held
 * @dma: DMA controller, NULL while the driver is not bound
 * @indio_dev: IIO device, NULL while the driver is not bound
 * @probe_error: why the driver could not be bound
 */
struct iio_sim_instance {
	struct config_item item;
	struct list_head node;
	struct iio_sim_faults faults;
	struct iio_sim_line line;
	struct mutex lock;	/* protects what follows */
	struct iio_sim_config config;
	char loopback_from[IIO_SIM_NAME_BYTES];
	struct platform_device *pdev;
	struct mutex driver_lock;	/* protects what follows */
	struct iio_sim_dma *dma;
	struct iio_dev *indio_dev;
	int probe_error;
};

static inline struct iio_sim_instance *iio_sim_instance_get(struct iio_sim_instance *instance)
{
	config_item_get(&instance->item);
	return instance;
}

static inline void iio_sim_instance_put(struct iio_sim_instance *instance)
{
	config_item_put(&instance->item);
}

struct iio_sim_instance *iio_sim_instance_find(const char *name);

int iio_sim_configfs_init(void);
void iio_sim_configfs_exit(void);

#endif
