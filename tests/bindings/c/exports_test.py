#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""libnayose.so exports the functions of nayose.h, and nothing else."""
import re
import subprocess
import sys
from pathlib import Path

library, header = sys.argv[1:]
declared = set(re.findall(r"\b(libmpi_\w+)\(", re.sub(r"/\*.*?\*/", "", Path(header).read_text(encoding="utf-8"), flags=re.S)))
lines = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
exported = {line.split()[2].split("@")[0] for line in lines.splitlines() if line.split()[1] != "A"}
# What the sanitizers put into every library.
exported = {name for name in exported if not name.startswith(("__asan", "__odr_asan", "__ubsan", "__tsan"))}
assert declared, "no function was found in the header"
assert exported == declared, f"not declared: {sorted(exported - declared)}; not exported: {sorted(declared - exported)}"
print(f"{len(exported)} functions")
