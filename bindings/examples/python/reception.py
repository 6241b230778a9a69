#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A reception desk: whom might this be, register, under which numbers is the patient known elsewhere.

    reception.py FOLDER
"""
import json
import sys
from ctypes import CDLL, POINTER, byref, c_char_p, c_int32, c_size_t, c_uint16, c_void_p, string_at

# CDLL lets go of the GIL during calls. Without argtypes ctypes would cut pointers and sizes to 32 bits.
lib = CDLL("libnayose.so.1")
HANDLE, OUT, TEXT = [c_void_p], [POINTER(c_void_p)], [c_char_p, c_size_t]
for name, takes in {
    "options_new": OUT, "options_set": HANDLE + TEXT * 2, "registry_open": OUT + TEXT + HANDLE, "registry_close": OUT,
    "attribution_new": OUT + TEXT * 2, "identifier_new": OUT + TEXT * 2 + [c_uint16], "record_from_json": OUT + TEXT,
    "registry_search": OUT + HANDLE * 2 + [c_size_t], "registry_put": OUT + HANDLE * 3,
    "registry_find": OUT + HANDLE * 2 + [c_void_p, c_size_t],
    "answer_json": OUT + [POINTER(c_size_t)] + HANDLE}.items():
    getattr(lib, "libmpi_" + name).argtypes = takes + OUT
for kind in "options", "attribution", "identifier", "record", "answer", "error":
    free = getattr(lib, f"libmpi_{kind}_free")
    free.argtypes, free.restype = OUT, None
lib.libmpi_error_code.argtypes = HANDLE
lib.libmpi_error_message.argtypes, lib.libmpi_error_message.restype = HANDLE, c_char_p


class Failure(Exception):
    def __init__(self, code, message):
        super().__init__(f"error {code}: {message}")
        self.code = code


def call(name, *arguments):
    """Calls a function whose last parameter is an error; texts go in as bytes and their number."""
    error = c_void_p()
    flat = []
    for argument in arguments:
        data = argument.encode() if isinstance(argument, str) else None
        flat += [argument] if data is None else [data, len(data)]
    if getattr(lib, "libmpi_" + name)(*flat, byref(error)):
        failure = Failure(lib.libmpi_error_code(error), lib.libmpi_error_message(error).decode())
        lib.libmpi_error_free(byref(error))
        raise failure


class Handle:
    """What a function makes, until `with` ends; garbage collection alone would be late, and in any order."""

    def __init__(self, kind, maker, *arguments):
        self.kind, self._as_parameter_ = kind, c_void_p()
        call(maker, byref(self._as_parameter_), *arguments)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.kind == "registry":
            call("registry_close", byref(self._as_parameter_))
        else:
            getattr(lib, f"libmpi_{self.kind}_free")(byref(self._as_parameter_))


def ask(name, *arguments):
    """The main list of an answer, as a list of dicts."""
    with Handle("answer", name, *arguments) as answer:
        data, size = c_void_p(), c_size_t()
        call("answer_json", byref(data), byref(size), answer)
        return json.loads(string_at(data, size.value))["main"]  # string_at copies: data is the answer's


def open_registry(folder):
    with Handle("options", "options_new") as options:
        call("options_set", options, "create", "1")
        return Handle("registry", "registry_open", folder, options)


def receive(registry, by, **patient):
    me = f"{patient['source']}:{patient['record_id']}"
    with Handle("record", "record_from_json", json.dumps(patient)) as record:
        for row in ask("registry_search", registry, record, 5):
            print(f"{me} is like {row['source']}:{row['record_id']}: {row['grade']}")
        print(me, ask("registry_put", registry, record, by)[0]["outcome"])


def print_identifiers(registry, source, value):
    try:
        with Handle("identifier", "identifier_new", source, value, 0) as key:
            for row in ask("registry_find", registry, key, None, 0):
                print(f"{row['source']}:{row['record_id']}")
    except Failure as failure:
        print(failure)


def main(folder):
    with open_registry(folder) as registry, Handle("attribution", "attribution_new", "reception", "") as by:
        receive(registry, by, source="H001", record_id="1", name="渡邊 太郎", kana="ワタナベ タロウ", birth="1980-01-02",
                phone="022-123-4567")
        receive(registry, by, source="C001", record_id="7", name="渡辺太郎", kana="ﾜﾀﾅﾍﾞ ﾀﾛｳ", birth="S55.1.2",
                phone="0221234567")
        print_identifiers(registry, "H001", "1")
        print_identifiers(registry, "H001", "2")  # never registered


main(sys.argv[1])
