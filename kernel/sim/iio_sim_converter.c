// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated converter as IIO sees it: a platform device with a DMA buffer,
 * as the driver of a real one on a board would set it up.
 */

#include <linux/device.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include <linux/iio/buffer-dmaengine.h>
#include <linux/iio/buffer.h>
#include <linux/iio/iio.h>

#include "iio_sim_converter.h"
#include "iio_sim_dma.h"
#include "iio_sim_instance.h"

#define IIO_SIM_DRIVER_NAME	"iio_sim"

struct iio_sim_converter {
	struct iio_sim_dma *dma;
};

static int iio_sim_converter_read_raw(struct iio_dev *indio_dev, const struct iio_chan_spec *chan,
				      int *val, int *val2, long mask)
{
	struct iio_sim_converter *converter = iio_priv(indio_dev);

	switch (mask) {
	case IIO_CHAN_INFO_SAMP_FREQ:
		*val = iio_sim_dma_rate(converter->dma);
		return IIO_VAL_INT;
	default:
		return -EINVAL;
	}
}

static int iio_sim_converter_write_raw(struct iio_dev *indio_dev, const struct iio_chan_spec *chan,
				       int val, int val2, long mask)
{
	struct iio_sim_converter *converter = iio_priv(indio_dev);
	int ret;

	if (mask != IIO_CHAN_INFO_SAMP_FREQ || val < 0 || val > NSEC_PER_SEC || val2)
		return -EINVAL;

	ret = iio_device_claim_direct_mode(indio_dev);
	if (ret)
		return ret;
	iio_sim_dma_set_rate(converter->dma, val);
	iio_device_release_direct_mode(indio_dev);

	return 0;
}

static const struct iio_info iio_sim_converter_info = {
	.read_raw = iio_sim_converter_read_raw,
	.write_raw = iio_sim_converter_write_raw,
};

/* IIO submits the first blocks after this */
static int iio_sim_converter_preenable(struct iio_dev *indio_dev)
{
	struct iio_sim_converter *converter = iio_priv(indio_dev);

	iio_sim_dma_reset(converter->dma, indio_dev->scan_bytes);
	return 0;
}

static int iio_sim_converter_postenable(struct iio_dev *indio_dev)
{
	struct iio_sim_converter *converter = iio_priv(indio_dev);

	return iio_sim_dma_start(converter->dma);
}

static int iio_sim_converter_postdisable(struct iio_dev *indio_dev)
{
	struct iio_sim_converter *converter = iio_priv(indio_dev);

	iio_sim_dma_stop(converter->dma);
	return 0;
}

static const struct iio_buffer_setup_ops iio_sim_converter_setup_ops = {
	.preenable = iio_sim_converter_preenable,
	.postenable = iio_sim_converter_postenable,
	.postdisable = iio_sim_converter_postdisable,
};

static int iio_sim_converter_init_channels(struct device *dev, struct iio_dev *indio_dev,
					   const struct iio_sim_config *config)
{
	struct iio_chan_spec *channels;
	u32 i;

	channels = devm_kcalloc(dev, config->channels, sizeof(*channels), GFP_KERNEL);
	if (!channels)
		return -ENOMEM;

	for (i = 0; i < config->channels; i++) {
		channels[i] = (struct iio_chan_spec) {
			.type = IIO_VOLTAGE,
			.indexed = 1,
			.channel = i,
			.output = config->direction == IIO_SIM_OUT,
			.info_mask_shared_by_all = BIT(IIO_CHAN_INFO_SAMP_FREQ),
			.scan_index = i,
			.scan_type = {
				.sign = 'u',
				.realbits = config->storage_bits,
				.storagebits = config->storage_bits,
				.endianness = IIO_LE,
			},
		};
	}
	indio_dev->channels = channels;
	indio_dev->num_channels = config->channels;

	return 0;
}

/*
 * Who still has a buffer open when its converter is gone unmaps memory from the
 * DMA device when closing it. On a board that device stays, so it stays here.
 */
static void iio_sim_converter_release(struct device *dev)
{
	struct device *dma_dev = dev->parent;

	dev->type->release(dev);
	put_device(dma_dev);
	module_put(THIS_MODULE);
}

static void iio_sim_converter_keep_parent(struct iio_dev *indio_dev)
{
	__module_get(THIS_MODULE);
	get_device(indio_dev->dev.parent);
	indio_dev->dev.release = iio_sim_converter_release;
}

static void iio_sim_converter_unregister_dma(void *dma)
{
	iio_sim_dma_unregister(dma);
}

/* First of all that happens when the driver is unbound */
static void iio_sim_converter_forget(void *data)
{
	struct iio_sim_instance *instance = data;

	guard(mutex)(&instance->driver_lock);
	instance->dma = NULL;
	instance->indio_dev = NULL;
}

static int iio_sim_converter_setup(struct device *dev, struct iio_sim_instance *instance)
{
	const struct iio_sim_config *config = &instance->config;
	struct iio_sim_converter *converter;
	struct iio_dev *indio_dev;
	int ret;

	indio_dev = devm_iio_device_alloc(dev, sizeof(*converter));
	if (!indio_dev)
		return -ENOMEM;
	iio_sim_converter_keep_parent(indio_dev);

	converter = iio_priv(indio_dev);
	converter->dma = iio_sim_dma_register(dev, instance);
	if (IS_ERR(converter->dma))
		return PTR_ERR(converter->dma);

	ret = devm_add_action_or_reset(dev, iio_sim_converter_unregister_dma, converter->dma);
	if (ret)
		return ret;

	ret = iio_sim_converter_init_channels(dev, indio_dev, config);
	if (ret)
		return ret;

	indio_dev->name = devm_kstrdup(dev, config_item_name(&instance->item), GFP_KERNEL);
	if (!indio_dev->name)
		return -ENOMEM;
	indio_dev->info = &iio_sim_converter_info;
	indio_dev->setup_ops = &iio_sim_converter_setup_ops;
	indio_dev->modes = INDIO_DIRECT_MODE;

	ret = devm_iio_dmaengine_buffer_setup_ext(dev, indio_dev,
						  iio_sim_dma_channel_name(config->direction),
						  config->direction == IIO_SIM_OUT ?
						  IIO_BUFFER_DIRECTION_OUT :
						  IIO_BUFFER_DIRECTION_IN);
	if (ret)
		return ret;

	ret = devm_iio_device_register(dev, indio_dev);
	if (ret)
		return ret;

	scoped_guard(mutex, &instance->driver_lock) {
		instance->dma = converter->dma;
		instance->indio_dev = indio_dev;
	}

	return devm_add_action_or_reset(dev, iio_sim_converter_forget, instance);
}

static int iio_sim_converter_probe(struct platform_device *pdev)
{
	struct iio_sim_instance **platform_data = dev_get_platdata(&pdev->dev);
	struct iio_sim_instance *instance = *platform_data;
	int ret;

	ret = iio_sim_converter_setup(&pdev->dev, instance);
	scoped_guard(mutex, &instance->driver_lock)
		instance->probe_error = ret;

	return ret;
}

static struct platform_driver iio_sim_converter_driver = {
	.probe = iio_sim_converter_probe,
	.driver = {
		.name = IIO_SIM_DRIVER_NAME,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
};

int iio_sim_converter_init(void)
{
	return platform_driver_register(&iio_sim_converter_driver);
}

void iio_sim_converter_exit(void)
{
	platform_driver_unregister(&iio_sim_converter_driver);
}

/**
 * iio_sim_converter_create() - power on
 * @instance: that has no converter yet
 *
 * Return: 0 or a negative error code.
 */
int iio_sim_converter_create(struct iio_sim_instance *instance)
{
	struct platform_device *pdev;
	int ret;

	lockdep_assert_held(&instance->lock);

	/* Where the driver never gets to say anything */
	scoped_guard(mutex, &instance->driver_lock)
		instance->probe_error = -ENODEV;
	pdev = platform_device_register_data(NULL, IIO_SIM_DRIVER_NAME, PLATFORM_DEVID_AUTO,
					     &instance, sizeof(instance));
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);

	scoped_guard(mutex, &instance->driver_lock)
		ret = instance->probe_error;
	if (ret) {
		platform_device_unregister(pdev);
		return ret;
	}
	instance->pdev = pdev;

	return 0;
}

/**
 * iio_sim_converter_destroy() - power off
 * @instance: that has power, with its converter in whatever state, or without the driver
 */
void iio_sim_converter_destroy(struct iio_sim_instance *instance)
{
	lockdep_assert_held(&instance->lock);

	platform_device_unregister(instance->pdev);
	instance->pdev = NULL;
}
