#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Under limits of address space: what docs/embedding.md asks for a small registry is enough for its whole life; and without
a registry (whose RocksDB has threads of its own that do not survive) too little is a code, never a crash.

    memory_test.py LIFE_TEST FOLDER
"""
import resource
import shutil
import subprocess
import sys
from pathlib import Path

program, folder = sys.argv[1], Path(sys.argv[2])
REGISTRY = 1000  # MiB
# Below some 100 MiB the library's own tables find no room; Abseil's do not survive that.
OTHERS = [600, 400, 300, 200, 150, 120]


def run(mebibytes, argument):
    limit = mebibytes << 20
    done = subprocess.run([program, argument], capture_output=True, text=True, timeout=300, check=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    said = (done.stderr.strip().splitlines() or [""])[-1]
    print(f"{mebibytes} MiB: exit code {done.returncode} {said}")
    return done.returncode, said


wrong = []
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
code, said = run(REGISTRY, str(folder / "registry"))
shutil.rmtree(folder)
if code != 0:
    wrong.append(f"a registry in {REGISTRY} MiB: exit code {code}: {said}")
for mebibytes in OTHERS:
    code, said = run(mebibytes, "-")
    if code not in (0, 1) or (code == 1 and "code 8" not in said):
        wrong.append(f"{mebibytes} MiB: exit code {code}: {said}")
sys.exit("\n".join(wrong) if wrong else 0)
