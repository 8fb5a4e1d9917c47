"""Describe the environment a step runs in, as JSON on stdout.

    mw_environment.py

{"interpreter", "executable", "platform", "machine", "libc", "cpu", "cpu_flags", "cores", "threads", "blas",
"packages"}:
`threads` are the pinned counts from the environment's variables, `blas` what threadpoolctl sees once numpy is loaded
(empty when either is missing), `packages` name → version of everything installed.
"""

import importlib.metadata
import json
import os
import platform
import re
import sys
from pathlib import Path

THREADS = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"]


def packages():
    names = {}
    for found in importlib.metadata.distributions():
        name = found.metadata["Name"]
        if name:
            names[re.sub(r"[-_.]+", "-", name).lower()] = found.version
    return dict(sorted(names.items()))


def cpu():
    """The processor's name and flags; other systems than Linux name it only."""
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return platform.processor(), []
    fields = {}
    for line in info.read_text(errors="replace").splitlines():
        key, _, value = line.partition(":")
        fields.setdefault(key.strip(), value.strip())  # the first core speaks for all
    flags = fields.get("flags", fields.get("Features", ""))
    return fields.get("model name", platform.processor()), sorted(flags.split())


def blas():
    try:
        import numpy  # noqa: F401
        from threadpoolctl import threadpool_info
    except ImportError:
        return []
    keys = ("internal_api", "version", "num_threads", "threading_layer", "architecture")
    return [{key: library[key] for key in keys if key in library} for library in threadpool_info()]


def describe():
    name, flags = cpu()
    affinity = getattr(os, "sched_getaffinity", None)
    return {
        "interpreter": f"{platform.python_implementation()} {platform.python_version()}",
        "executable": sys.executable,
        "platform": platform.platform(),
        "machine": platform.machine(),
        "libc": " ".join(part for part in platform.libc_ver() if part),
        "cpu": name,
        "cpu_flags": flags,
        "cores": len(affinity(0)) if affinity else os.cpu_count(),
        "threads": {key: os.environ[key] for key in THREADS if key in os.environ},
        "blas": blas(),
        "packages": packages(),
    }


if __name__ == "__main__":
    json.dump(describe(), sys.stdout, indent=1)
    print()
