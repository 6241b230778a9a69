#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The binary interface is as recorded, and headers that differ from it in one place are seen to."""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ABI = ROOT / "bindings/c/abi/abi.py"
HEADER = (ROOT / "bindings/c/nayose.h").read_text(encoding="utf-8")
SKIPPED = 77


def abi(*arguments):
    run = subprocess.run([sys.executable, ABI, *arguments], capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


def changed(pattern, replacement):
    text, count = re.subn(pattern, replacement, HEADER, count=1, flags=re.S)
    assert count == 1, f"the header has no {pattern}"
    return text


code, output = abi("check")
print(output, end="")
if code:
    sys.exit(code)

# What changes; whether recording it is refused, as it breaks programs; what is said.
CASES = [
    ("a parameter's type", r"uint64_t from, size_t most", "uint32_t from, size_t most", True,
     "libmpi_registry_history"),
    ("a parameter more", r"(libmpi_answer_size\([^;]*)\)", r"\1, int32_t more)", True, "libmpi_answer_size"),
    ("a return type", r"int32_t libmpi_abi", "int64_t libmpi_abi", True, "libmpi_abi_version"),
    ("a callback's parameter", r"\(void \*payload, const libmpi_answer \*record\)",
     "(void *payload, const libmpi_answer *record, int32_t more)", True, "libmpi_visit"),
    ("a function gone", r"LIBMPI_API [^;]*libmpi_registry_close\([^;]*;", "", True, "libmpi_registry_close"),
    ("a constant's value", r"LIBMPI_NOT_FOUND = 5", "LIBMPI_NOT_FOUND = 4", True, "LIBMPI_NOT_FOUND"),
    ("numbers given again", r"LIBMPI_LIST_LINKS = 2,", "LIBMPI_LIST_MORE = 2, LIBMPI_LIST_LINKS = 3,", True,
     "LIBMPI_LIST_LINKS"),
    ("a new function", r"(LIBMPI_API const char \*libmpi_version_string)", r"LIBMPI_API int32_t libmpi_more(void);\n\1",
     False, "libmpi_more"),
    ("a new constant at the end", r"LIBMPI_FIELD_PHONE = 23", "LIBMPI_FIELD_PHONE = 23,\n  LIBMPI_FIELD_MORE = 24", False,
     "LIBMPI_FIELD_MORE"),
]
with tempfile.TemporaryDirectory() as name:
    for what, pattern, replacement, refused, said in CASES:
        header = Path(name) / "nayose.h"
        header.write_text(changed(pattern, replacement), encoding="utf-8")
        code, output = abi("check", "--header", header)
        assert code == 1 and said in output, f"{what} was not seen: {code}: {output}"
        if refused:
            code, output = abi("record", "--header", header)
            assert code == 1 and "Not recorded" in output, f"{what} was recorded: {code}: {output}"
code, output = abi("check")
assert code == 0, f"the record was written to: {output}"
print(f"{len(CASES)} changes were seen")
