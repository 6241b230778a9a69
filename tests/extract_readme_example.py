#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes an example of README.md to a file, so that a test builds what the README shows.

Arguments: README.md, the file to write, and the example's mark in the README (<!-- mark -->)."""
import re
import sys
from pathlib import Path

readme, target, mark = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
text = readme.read_text(encoding="utf-8")
code = re.search(rf"<!-- {re.escape(mark)} -->\s*```(?:cpp|c)\n(.*?)```", text, re.S).group(1)
if not target.exists() or target.read_text(encoding="utf-8") != code:
    target.write_text(code, encoding="utf-8")
