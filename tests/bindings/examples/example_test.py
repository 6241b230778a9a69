#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds an example of the C API, runs it and compares what it prints.

    example_test.py EXPECTED [--build COMMAND ...] --run COMMAND ...

The command of --run gets the path of a registry that is not there as its last argument; then once more, now that it is.
"""
import difflib
import pathlib
import subprocess
import sys
import tempfile


def main():
    expected = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    run = sys.argv.index("--run")
    if sys.argv[2] == "--build":
        subprocess.run(sys.argv[3:run], check=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [*sys.argv[run + 1:], f"{folder}/registry"]
        first, second = (subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode() for _ in range(2))
    print(first, end="")
    if first != expected:
        sys.exit("".join(difflib.unified_diff(expected.splitlines(True), first.splitlines(True), "expected", "printed")))
    cross_reference = expected[expected.index("joined\n") + len("joined\n"):]
    if not second.endswith("C001:7 none\n" + cross_reference):
        sys.exit(f"the second time:\n{second}")


main()
