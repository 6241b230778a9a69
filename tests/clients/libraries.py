# SPDX-License-Identifier: Apache-2.0
"""Other people's HL7 libraries, in whichever Python has them; a test that finds none is skipped by exit code 77."""
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

SKIPPED = 77
# Where tools/python_packages puts what is not Debian's.
OWN_PYTHON = Path(__file__).resolve().parents[2] / "build" / "python" / "bin" / "python3"
DEBIAN_PYTHON = Path("/usr/bin/python3")


def skip(why):
    print(f"skipped: {why}")
    sys.stdout.flush()
    os._exit(SKIPPED)


def need(module, where_from):
    """Goes on in a Python that has the module, or ends the test as skipped."""
    if importlib.util.find_spec(module) is not None:
        return
    for python in (OWN_PYTHON, DEBIAN_PYTHON):
        if not python.exists() or os.environ.get("LIBMPI_TEST_PYTHON") == str(python):
            continue
        if subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0:
            os.environ["LIBMPI_TEST_PYTHON"] = str(python)
            os.execv(python, [str(python), *sys.argv])
    skip(f"no Python here has the module {module} ({where_from})")
