# SPDX-License-Identifier: Apache-2.0
"""A folder for registries, and `nayose registry` with what it has to answer."""
import tempfile
import unittest
from pathlib import Path

from command import json_lines, run


class RegistryCase(unittest.TestCase):
    VALUES = []  # of patients: in no message

    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.dir = Path(self.temp.name)
        self.net = self.dir / "net"

    def tearDown(self):
        self.temp.cleanup()

    def good(self, *args, code=0):
        done = run("registry", *args)
        self.assertEqual(done.returncode, code, (args, done.stdout, done.stderr))
        return done.stdout.decode()

    def ask(self, *args, code=0):
        return json_lines(self.good(*args, "--json", code=code))

    def refused(self, says, *args, code=3):
        done = run("registry", *args)
        self.assertEqual(done.returncode, code, (args, done.stdout, done.stderr))
        self.assertIn(says, done.stderr.decode())
        for value in self.VALUES:
            self.assertNotIn(value, done.stderr.decode())
