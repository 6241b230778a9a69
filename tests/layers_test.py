#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A layer includes only layers before it; only text knows ICU, only registry knows RocksDB."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ORDER = ["base", "text", "record", "linkage", "table", "evaluation", "registry", "network", "pix", "exchange"]
# exchange sees record and pix, not what lies between.
HIDDEN = {"exchange": {"linkage", "table", "evaluation", "registry", "network"}}

wrong = []
for path in sorted((ROOT / "libmpi").rglob("*.[hc]*")):
    layer = path.relative_to(ROOT / "libmpi").parts[0]
    text = path.read_text(encoding="utf-8")
    for other in re.findall(r'#include "libmpi/(\w+)/', text):
        if ORDER.index(other) > ORDER.index(layer) or other in HIDDEN.get(layer, ()):
            wrong.append(f"{path.relative_to(ROOT)} includes {other}")
    if "<unicode/" in text and layer != "text":
        wrong.append(f"{path.relative_to(ROOT)} knows ICU")
    if "rocksdb/" in text and layer != "registry":
        wrong.append(f"{path.relative_to(ROOT)} knows RocksDB")
    if not text.startswith("// SPDX-License-Identifier: Apache-2.0"):
        wrong.append(f"{path.relative_to(ROOT)} has no licence line")
sys.exit("\n".join(wrong) if wrong else 0)
