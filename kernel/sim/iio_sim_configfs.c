// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulator as a person handles it: /sys/kernel/config/iio_sim, in which a
 * directory is an instance and a file a field of it.
 */

#include <linux/configfs.h>
#include <linux/err.h>
#include <linux/kstrtox.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <linux/iio/iio.h>

#include "iio_sim_converter.h"
#include "iio_sim_dma.h"
#include "iio_sim_engine.h"
#include "iio_sim_instance.h"

/*
 * Configfs would find instances, too, but only under a lock that it holds when
 * it has the power of one switched off.
 */
static DEFINE_MUTEX(iio_sim_instances_lock);
static LIST_HEAD(iio_sim_instances);

static struct iio_sim_instance *to_iio_sim_instance(struct config_item *item)
{
	return container_of(item, struct iio_sim_instance, item);
}

static ssize_t iio_sim_power_show(struct config_item *item, char *page)
{
	struct iio_sim_instance *instance = to_iio_sim_instance(item);

	guard(mutex)(&instance->lock);
	return sysfs_emit(page, "%d\n", instance->pdev ? 1 : 0);
}

static ssize_t iio_sim_power_store(struct config_item *item, const char *page, size_t count)
{
	struct iio_sim_instance *instance = to_iio_sim_instance(item);
	bool on;
	int ret;

	ret = kstrtobool(page, &on);
	if (ret)
		return ret;

	guard(mutex)(&instance->lock);

	if (on && !instance->pdev) {
		ret = iio_sim_converter_create(instance);
		if (ret)
			return ret;
	} else if (!on && instance->pdev) {
		iio_sim_converter_destroy(instance);
	}

	return count;
}
CONFIGFS_ATTR(iio_sim_, power);

static ssize_t iio_sim_device_show(struct config_item *item, char *page)
{
	struct iio_sim_instance *instance = to_iio_sim_instance(item);

	guard(mutex)(&instance->driver_lock);
	return sysfs_emit(page, "%s\n",
			  instance->indio_dev ? dev_name(&instance->indio_dev->dev) : "");
}
CONFIGFS_ATTR_RO(iio_sim_, device);

static ssize_t iio_sim_loopback_from_show(struct config_item *item, char *page)
{
	struct iio_sim_instance *instance = to_iio_sim_instance(item);

	guard(mutex)(&instance->lock);
	return sysfs_emit(page, "%s\n", instance->loopback_from);
}

static ssize_t iio_sim_loopback_from_store(struct config_item *item, const char *page, size_t count)
{
	struct iio_sim_instance *instance = to_iio_sim_instance(item);
	size_t len = strcspn(page, "\n");

	guard(mutex)(&instance->lock);

	if (instance->pdev)
		return -EBUSY;
	if (len >= sizeof(instance->loopback_from))
		return -ENAMETOOLONG;

	memcpy(instance->loopback_from, page, len);
	instance->loopback_from[len] = '\0';

	return count;
}
CONFIGFS_ATTR(iio_sim_, loopback_from);

/* All counters are 0 while there is no converter */
static u64 iio_sim_counter(struct iio_sim_instance *instance, const struct iio_sim_field *field)
{
	struct iio_sim_counters counters = {};

	guard(mutex)(&instance->driver_lock);
	if (instance->dma)
		counters = iio_sim_dma_counters(instance->dma);

	return *(u64 *)((void *)&counters + field->offset);
}

static u32 *iio_sim_setting(struct iio_sim_instance *instance, const struct iio_sim_field *field)
{
	return (void *)&instance->config + field->offset;
}

static atomic_t *iio_sim_fault(struct iio_sim_instance *instance, const struct iio_sim_field *field)
{
	return (void *)&instance->faults + field->offset;
}

static ssize_t iio_sim_field_show(struct config_item *item, const char *name, char *page)
{
	struct iio_sim_instance *instance = to_iio_sim_instance(item);
	const struct iio_sim_field *field = iio_sim_field_find(name);
	u64 value = 0;

	guard(mutex)(&instance->lock);

	switch (field->kind) {
	case IIO_SIM_FIELD_SETTING:
		value = *iio_sim_setting(instance, field);
		break;
	case IIO_SIM_FIELD_FAULT:
		value = atomic_read(iio_sim_fault(instance, field));
		break;
	case IIO_SIM_FIELD_COUNTER:
		value = iio_sim_counter(instance, field);
		break;
	}

	return iio_sim_field_print(field, value, page);
}

static void iio_sim_fault_set(struct iio_sim_faults *faults, atomic_t *fault, u32 value)
{
	/* The engine must know the end of a stall before it sees that there is none */
	if (fault == &faults->stall && !value && atomic_read(fault))
		WRITE_ONCE(faults->stall_ended_ns, ktime_get_ns());
	atomic_set_release(fault, value);
	iio_sim_engine_kick();
}

static ssize_t iio_sim_field_store(struct config_item *item, const char *name, const char *page,
				   size_t count)
{
	struct iio_sim_instance *instance = to_iio_sim_instance(item);
	const struct iio_sim_field *field = iio_sim_field_find(name);
	u32 value;
	int ret;

	guard(mutex)(&instance->lock);

	if (field->kind == IIO_SIM_FIELD_SETTING && instance->pdev)
		return -EBUSY;

	ret = iio_sim_field_parse(field, page, &value);
	if (ret)
		return ret;

	if (field->kind == IIO_SIM_FIELD_SETTING)
		WRITE_ONCE(*iio_sim_setting(instance, field), value);
	else
		iio_sim_fault_set(&instance->faults, iio_sim_fault(instance, field), value);

	return count;
}

/* Attributes in configfs do not learn which one they are, so each has functions of its own */
#define IIO_SIM_FIELD(_name)								\
static ssize_t iio_sim_##_name##_show(struct config_item *item, char *page)		\
{											\
	return iio_sim_field_show(item, #_name, page);					\
}											\
static ssize_t __maybe_unused iio_sim_##_name##_store(struct config_item *item,	\
						      const char *page, size_t count)	\
{											\
	return iio_sim_field_store(item, #_name, page, count);				\
}

#include "iio_sim_fields.h"

static struct configfs_attribute iio_sim_field_attrs[] = {
#define IIO_SIM_FIELD(_name) {						\
		.ca_name = #_name,					\
		.ca_owner = THIS_MODULE,				\
		.ca_mode = 0644,					\
		.show = iio_sim_##_name##_show,				\
		.store = iio_sim_##_name##_store,			\
	},
#define IIO_SIM_COUNTER(_name, ...) {					\
		.ca_name = #_name,					\
		.ca_owner = THIS_MODULE,				\
		.ca_mode = 0444,					\
		.show = iio_sim_##_name##_show,				\
	},
#include "iio_sim_fields.h"
};

/* Completed by iio_sim_configfs_init() */
static struct configfs_attribute *iio_sim_instance_attrs[ARRAY_SIZE(iio_sim_field_attrs) + 4] = {
	&iio_sim_attr_power,
	&iio_sim_attr_device,
	&iio_sim_attr_loopback_from,
};

static void iio_sim_instance_release(struct config_item *item)
{
	struct iio_sim_instance *instance = to_iio_sim_instance(item);

	mutex_destroy(&instance->driver_lock);
	mutex_destroy(&instance->lock);
	kfree(instance);
}

static struct configfs_item_operations iio_sim_instance_ops = {
	.release = iio_sim_instance_release,
};

static const struct config_item_type iio_sim_instance_type = {
	.ct_item_ops = &iio_sim_instance_ops,
	.ct_attrs = iio_sim_instance_attrs,
	.ct_owner = THIS_MODULE,
};

static struct config_item *iio_sim_make_instance(struct config_group *group, const char *name)
{
	struct iio_sim_instance *instance;

	instance = kzalloc(sizeof(*instance), GFP_KERNEL);
	if (!instance)
		return ERR_PTR(-ENOMEM);

	mutex_init(&instance->lock);
	mutex_init(&instance->driver_lock);
	iio_sim_config_init(&instance->config);
	config_item_init_type_name(&instance->item, name, &iio_sim_instance_type);
	scoped_guard(mutex, &iio_sim_instances_lock)
		list_add_tail(&instance->node, &iio_sim_instances);

	return &instance->item;
}

static void iio_sim_drop_instance(struct config_group *group, struct config_item *item)
{
	struct iio_sim_instance *instance = to_iio_sim_instance(item);

	scoped_guard(mutex, &iio_sim_instances_lock)
		list_del(&instance->node);
	scoped_guard(mutex, &instance->lock) {
		if (instance->pdev)
			iio_sim_converter_destroy(instance);
	}
	config_item_put(item);
}

static struct configfs_group_operations iio_sim_group_ops = {
	.make_item = iio_sim_make_instance,
	.drop_item = iio_sim_drop_instance,
};

static ssize_t iio_sim_group_features_show(struct config_item *item, char *page)
{
	return iio_sim_features_print(page);
}
CONFIGFS_ATTR_RO(iio_sim_group_, features);

static ssize_t iio_sim_group_engine_busy_ns_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%llu\n", iio_sim_engine_busy_ns());
}
CONFIGFS_ATTR_RO(iio_sim_group_, engine_busy_ns);

static ssize_t iio_sim_group_callback_ns_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%llu\n", iio_sim_engine_callback_ns());
}
CONFIGFS_ATTR_RO(iio_sim_group_, callback_ns);

static struct configfs_attribute *iio_sim_group_attrs[] = {
	&iio_sim_group_attr_features,
	&iio_sim_group_attr_engine_busy_ns,
	&iio_sim_group_attr_callback_ns,
	NULL
};

static const struct config_item_type iio_sim_group_type = {
	.ct_group_ops = &iio_sim_group_ops,
	.ct_attrs = iio_sim_group_attrs,
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem iio_sim_subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "iio_sim",
			.ci_type = &iio_sim_group_type,
		},
	},
};

/**
 * iio_sim_instance_find() - look an instance up
 * @name: of its directory
 *
 * Return: the instance, which the caller has to put, or NULL.
 */
struct iio_sim_instance *iio_sim_instance_find(const char *name)
{
	struct iio_sim_instance *instance;

	guard(mutex)(&iio_sim_instances_lock);
	list_for_each_entry(instance, &iio_sim_instances, node) {
		if (!strcmp(config_item_name(&instance->item), name))
			return iio_sim_instance_get(instance);
	}

	return NULL;
}

int iio_sim_configfs_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(iio_sim_field_attrs); i++)
		iio_sim_instance_attrs[3 + i] = &iio_sim_field_attrs[i];

	config_group_init(&iio_sim_subsystem.su_group);
	mutex_init(&iio_sim_subsystem.su_mutex);

	return configfs_register_subsystem(&iio_sim_subsystem);
}

void iio_sim_configfs_exit(void)
{
	configfs_unregister_subsystem(&iio_sim_subsystem);
}
