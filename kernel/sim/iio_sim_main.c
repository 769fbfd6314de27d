// SPDX-License-Identifier: GPL-2.0-only
/*
 * Simulated converters for IIO: ADCs and DACs that a person makes in configfs,
 * each with a DMA controller of its own, to develop and to measure interfaces
 * to user space without any hardware.
 */

#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "iio_sim_converter.h"
#include "iio_sim_engine.h"
#include "iio_sim_instance.h"

static int cpu = -1;
module_param(cpu, int, 0444);
MODULE_PARM_DESC(cpu, "CPU on which the engine runs (default: the last one)");

static int __init iio_sim_init(void)
{
	int ret;

	if (cpu == -1)
		cpu = cpumask_last(cpu_online_mask);
	if (cpu < 0 || cpu >= nr_cpu_ids || !cpu_online(cpu)) {
		pr_err("iio_sim: the engine cannot run on CPU %d, which is not online\n", cpu);
		return -EINVAL;
	}

	ret = iio_sim_engine_init(cpu);
	if (ret)
		return ret;

	ret = iio_sim_converter_init();
	if (ret)
		goto err_engine;

	ret = iio_sim_configfs_init();
	if (ret)
		goto err_converter;

	return 0;

err_converter:
	iio_sim_converter_exit();
err_engine:
	iio_sim_engine_exit();

	return ret;
}
module_init(iio_sim_init);

static void __exit iio_sim_exit(void)
{
	iio_sim_configfs_exit();
	iio_sim_converter_exit();
	iio_sim_engine_exit();
}
module_exit(iio_sim_exit);

MODULE_DESCRIPTION("Simulated converters with a DMA engine for IIO");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(IIO_DMAENGINE_BUFFER);
