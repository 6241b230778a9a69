#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The binary interface that nayose.h promises, recorded and compared (docs/abi.md).

  abi.py check [--header FILE]    0: as recorded; 1: what differs; 77: no abidiff here, and the rest is as recorded
  abi.py record [--unreleased]    writes nayose.abi.xml, constants.txt, and new functions into packaging/debian/symbols;
                                  refuses what breaks programs, but for a new LIBMPI_ABI_VERSION or unreleased functions

What is compared is a library of empty functions that is compiled from the header by itself, so that the record does not
depend on how libnayose.so was built. That libnayose.so has these functions and no others is a test of its own
(c_exports); that they are what the header says is for the compiler to see."""
import argparse
import difflib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
XML = HERE / "nayose.abi.xml"
CONSTANTS = HERE / "constants.txt"
SYMBOLS = ROOT / "packaging/debian/symbols"
SKIPPED = 77


class Header:
    """nayose.h: its functions, as they are declared, and the names of its constants."""

    def __init__(self, path):
        self.path = path
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        self.declarations = re.findall(r"^LIBMPI_API\s+([^;]+);", text, flags=re.M)
        self.functions = sorted(re.search(r"\b(libmpi_\w+)\(", line)[1] for line in self.declarations)
        self.abi = re.search(r"^#define LIBMPI_ABI_VERSION (\d+)$", text, flags=re.M)[1]
        self.node = f"LIBMPI_{self.abi}"
        names = re.findall(r"^(?:#define| )\s*(LIBMPI_[A-Z0-9_]+)(?=[\s,=])", text, flags=re.M)
        self.constants = [name for name in names if name != "LIBMPI_API" and not name.endswith("_H_")]
        if not self.functions or not self.constants:
            sys.exit(f"{path}: no functions or no constants were found")


def compiled(header, folder):
    """A library of the header's functions with nothing in them, and its constants as lines of name and value."""
    include = f'#include "{header.path}"\n'
    (folder / "stub.c").write_text(include + "".join(f"{d} {{ __builtin_trap(); }}\n" for d in header.declarations))
    library = folder / "libnayose.so"
    # The path of the scratch folder must not get into the record.
    subprocess.run(["cc", "-std=c11", "-g", "-w", "-fPIC", "-shared", f"-fdebug-prefix-map={folder}=.", "stub.c",
                    "-o", library, f"-Wl,-soname,libnayose.so.{header.abi}",
                    f"-Wl,--version-script={HERE.parent / 'nayose.map'}"],
                   cwd=folder, check=True)
    prints = "".join(f'  printf("%s %lld\\n", "{name}", (long long)({name}));\n' for name in header.constants)
    (folder / "values.c").write_text(f"{include}#include <stdio.h>\nint main(void) {{\n{prints}  return 0;\n}}\n")
    subprocess.run(["cc", "-std=c11", "-w", folder / "values.c", "-o", folder / "values"], check=True)
    return library, subprocess.run([folder / "values"], capture_output=True, text=True, check=True).stdout


def abidiff(library, *options):
    """What differs from the record, "" where nothing does or abidiff is not here."""
    if not shutil.which("abidiff"):
        return ""
    run = subprocess.run(["abidiff", "--no-architecture", *options, XML, library], capture_output=True, text=True)
    return run.stdout + run.stderr if run.returncode else ""


def breaks(library, constants):
    """What programs that were built with the recorded interface could not live with."""
    wrong = sorted(set(CONSTANTS.read_text().splitlines()) - set(constants.splitlines()))
    wrong = [f"{constant}: gone or another value" for constant in wrong]
    return wrong + list(filter(None, [abidiff(library, "--no-added-syms")]))


def symbols_without_version(header):
    """Functions that packaging/debian/symbols does not have, and those that it alone has."""
    listed = set(re.findall(rf"^ (libmpi_\w+)@{header.node} ", SYMBOLS.read_text(), flags=re.M))
    return sorted(set(header.functions) - listed), sorted(listed - set(header.functions))


def check(header):
    wrong = []
    with tempfile.TemporaryDirectory() as name:
        library, constants = compiled(header, Path(name))
        if constants != CONSTANTS.read_text():
            wrong += list(difflib.unified_diff(CONSTANTS.read_text().splitlines(), constants.splitlines(),
                                               "recorded", "now", lineterm="", n=0))
        new, gone = symbols_without_version(header)
        wrong += [f"{function}: not in packaging/debian/symbols" for function in new]
        wrong += [f"{function}: in packaging/debian/symbols alone" for function in gone]
        wrong += filter(None, [abidiff(library)])
    if wrong:
        print("\n".join(wrong))
        print("The binary interface is not as recorded. Additions may be recorded (bindings/c/abi/abi.py record);\n"
              "what else may be done, and what it costs: docs/abi.md.")
        return 1
    if not shutil.which("abidiff"):
        print("skipped: no abidiff (package abigail-tools); constants and names of functions are as recorded")
        return SKIPPED
    print(f"as recorded: {len(header.functions)} functions, {len(header.constants)} constants")
    return 0


def record(header, unreleased):
    if not shutil.which("abidw") or not shutil.which("abidiff"):
        sys.exit("recording needs abidw and abidiff (package abigail-tools)")
    version = re.search(r"^project\(libmpi VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(), flags=re.M)[1]
    with tempfile.TemporaryDirectory() as name:
        library, constants = compiled(header, Path(name))
        same_number = constants.splitlines()[0] == CONSTANTS.read_text().splitlines()[0]
        if same_number and not unreleased and (wrong := breaks(library, constants)):
            print("\n".join(wrong))
            print("Not recorded: this breaks programs, and LIBMPI_ABI_VERSION is the same (docs/abi.md).")
            return 1
        subprocess.run(["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-parameter-names",
                        "--type-id-style", "hash", "--out-file", XML, library], check=True)
    CONSTANTS.write_text(constants)
    lines = SYMBOLS.read_text().splitlines()
    new, gone = symbols_without_version(header)
    if gone:
        print(f"gone, and left in packaging/debian/symbols: {' '.join(gone)}")
    first = next(i for i, line in enumerate(lines) if line.startswith(" libmpi_"))
    lines[first:] = sorted(lines[first:] + [f" {function}@{header.node} {version}" for function in new])
    SYMBOLS.write_text("\n".join(lines) + "\n")
    return 0


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("action", choices=["check", "record"])
parser.add_argument("--header", type=Path, default=HERE.parent / "nayose.h")
parser.add_argument("--unreleased", action="store_true")
arguments = parser.parse_args()
header = Header(arguments.header.resolve())
sys.exit(check(header) if arguments.action == "check" else record(header, arguments.unreleased))
