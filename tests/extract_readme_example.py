#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the C++ example of README.md to a file, so that a test builds what the README shows."""
import re
import sys
from pathlib import Path

readme, target = Path(sys.argv[1]), Path(sys.argv[2])
text = readme.read_text(encoding="utf-8")
code = re.search(r"<!-- example -->\s*```cpp\n(.*?)```", text, re.S).group(1)
if not target.exists() or target.read_text(encoding="utf-8") != code:
    target.write_text(code, encoding="utf-8")
