// SPDX-License-Identifier: MIT
#include "environment.h"
#include "converter.h"
#include "version.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

void environment_read(struct environment *environment, const struct converter *measured,
		      const struct converter *verified)
{
	const char *accelerator = getenv("IIO_VM_ACCELERATOR");
	time_t now = time(NULL);
	struct tm utc;

	uname(&environment->kernel);
	environment->accelerator = accelerator ? accelerator : "none";
	environment->cpus = sysconf(_SC_NPROCESSORS_ONLN);
	environment->commit = IIO_URING_COMMIT;
	environment->device = measured->name;
	environment->verify_device = verified->name;
	environment->scan_bytes = measured->scan_bytes;
	environment->rate_hz = converter_rate(measured);
	strftime(environment->date, sizeof(environment->date), "%Y-%m-%dT%H:%M:%SZ",
		 gmtime_r(&now, &utc));
}
