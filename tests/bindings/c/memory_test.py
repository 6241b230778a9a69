#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A whole life of a registry under ever less address space: what docs/embedding.md asks for is enough, and with less the
answer is a code. (Below some 100 MiB the library's own tables find no room; Abseil's do not survive that.)

    memory_test.py LIFE_TEST FOLDER
"""
import resource
import shutil
import subprocess
import sys
from pathlib import Path

program, folder = sys.argv[1], Path(sys.argv[2])
ENOUGH = 1000  # MiB, as docs/embedding.md says of a small registry
shutil.rmtree(folder, ignore_errors=True)
wrong = []
for mebibytes in [ENOUGH, 600, 400, 300, 250, 200, 150, 110]:
    folder.mkdir(parents=True)
    limit = mebibytes << 20
    run = subprocess.run([program, str(folder / "registry")], capture_output=True, text=True, timeout=300, check=False,
                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    shutil.rmtree(folder)
    said = (run.stderr.strip().splitlines() or [""])[-1]
    print(f"{mebibytes} MiB: exit code {run.returncode} {said}")
    if mebibytes == ENOUGH and run.returncode != 0:
        wrong.append(f"{mebibytes} MiB are not enough: {said}")
    if run.returncode not in (0, 1):
        wrong.append(f"{mebibytes} MiB: exit code {run.returncode}: {said}")
    if run.returncode == 1 and "code 8" not in said:
        wrong.append(f"{mebibytes} MiB: another code than that of memory: {said}")
sys.exit("\n".join(wrong) if wrong else 0)
