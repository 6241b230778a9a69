#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The restore drill: backups amid changes, the registry destroyed, restored, verified, and compared with what it said
when the backup was taken; damaged backups; what may be done beside a program that writes."""
import json
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from command import FILES, NAYOSE, json_lines, run

HEADER = "source,record_id,name,kana,birth,sex,insurer,symbol,number,branch,prefecture,city,street,phone\n"


def garble(path):
    """A byte in the middle, and the length stays."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x55
    path.write_bytes(content)


class Drill(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.dir = Path(cls.temp.name)
        cls.net, cls.backups = cls.dir / "net", cls.dir / "backups"
        region = cls.dir / "region"
        assert run("generate", "--persons", 200, "--seed", 77, "--dirt", 2, "--output", region).returncode == 0
        cls.files = [region / name for name in FILES]
        cls.story()

    @classmethod
    def tearDownClass(cls):
        cls.temp.cleanup()

    @classmethod
    def good(cls, *args):
        done = run("registry", *args)
        assert done.returncode == 0, (args, done.stdout, done.stderr)
        return done.stdout

    @classmethod
    def state(cls, net):
        """All that a registry says of records and persons, with enterprise IDs, and its history."""
        return cls.good("export", net), cls.good("history", net, "--json")

    @classmethod
    def story(cls):
        """Load, puts, a backup, more puts and every other kind of change, a second backup, more puts, the end."""
        hospital, clinic, pharmacy, dental, care = cls.files
        cls.good("create", cls.net)
        cls.good("load", cls.net, hospital)
        cls.good("put", cls.net, clinic)
        cls.good("backup", cls.net, cls.backups)
        cls.at_first = cls.state(cls.net)
        shutil.copytree(cls.backups, cls.dir / "first backup")
        cls.good("put", cls.net, pharmacy)
        records = json_lines(cls.good("export", cls.net).decode())
        a, b, c, d, e, f = [f"{r['source']}:{r['record_id']}" for r in records
                            if r["kind"] == "record" and "part" not in r and r["source"] == records[1]["source"]][:6]
        cls.good("merge", cls.net, a, b)
        cls.good("retire", cls.net, c)
        cls.good("decide", cls.net, d, e, "--different")
        cls.good("authorities", cls.net, "--add", "X", "--oid", "1.2.392.9")
        over = cls.dir / "over.csv"
        source, record_id = f.split(":", 1)
        over.write_text(HEADER + f"{source},{record_id},外国 人名,ガイコク ヒトナ,1899-01-09,女,,,,,,,,\n", encoding="utf-8")
        cls.good("put", cls.net, over)
        cls.good("backup", cls.net, cls.backups)
        cls.at_backup = cls.state(cls.net)
        cls.good("put", cls.net, dental)
        cls.at_end = cls.good("export", cls.net)

    def restore(self, backups):
        restored = self.dir / "restored"
        shutil.rmtree(restored, ignore_errors=True)
        return restored, run("registry", "restore", backups, restored)

    def test_what_was_destroyed_is_as_at_the_backup(self):
        self.assertNotEqual(self.at_backup, self.at_first)
        self.assertNotEqual(self.at_backup[0], self.at_end)
        destroyed = self.dir / "destroyed"
        shutil.copytree(self.net, destroyed)
        for path in destroyed.glob("*.sst"):
            garble(path)
        told = run("registry", "export", destroyed)
        self.assertNotEqual(told.returncode, 0)
        self.assertIn("restore", told.stderr.decode())
        shutil.rmtree(destroyed)

        restored, done = self.restore(self.backups)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"sound", self.good("verify", restored))
        self.assertEqual(self.state(restored), self.at_backup)
        # What came since is put again: then nothing is lost, enterprise IDs among it.
        self.good("put", restored, self.files[3])
        self.assertEqual(self.good("export", restored), self.at_end)
        # It is backed up as before, beside what is there.
        self.good("backup", restored, self.dir / "backups of the restored")
        again, done = self.restore(self.dir / "backups of the restored")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.good("export", again), self.at_end)

    def test_an_earlier_copy_of_the_backups_restores_the_earlier_registry(self):
        restored, done = self.restore(self.dir / "first backup")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"sound", self.good("verify", restored))
        self.assertEqual(self.state(restored), self.at_first)

    def test_a_damaged_backup_is_refused_or_does_not_matter(self):
        names = sorted(path.relative_to(self.backups) for path in self.backups.rglob("*") if path.is_file())
        refused = 0
        for name in names:
            for damage in (garble, Path.unlink):
                damaged = self.dir / "damaged"
                shutil.rmtree(damaged, ignore_errors=True)
                shutil.copytree(self.backups, damaged)
                if (damaged / name).stat().st_size == 0 and damage is garble:
                    continue
                damage(damaged / name)
                with self.subTest(f"{damage.__name__} {name}"):
                    restored, done = self.restore(damaged)
                    if done.returncode == 0:  # of the first backup alone
                        self.assertEqual(self.good("export", restored), self.at_backup[0])
                        continue
                    refused += 1
                    self.assertIn("backup", done.stderr.decode())
                    self.assertFalse(restored.exists() and any(restored.iterdir()), "nothing is restored then")
        # How many files are of the first backup alone depends on what was tidied in between; of the newest one at least the
        # lists and a table count, either way.
        self.assertGreaterEqual(refused, 8)

    def test_beside_a_program_that_writes(self):
        net = self.dir / "written"
        self.good("create", net)
        with subprocess.Popen([NAYOSE, "registry", "put", net, "--ndjson", "-", "--json"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdin.write(b'{"source":"H001","record_id":"1","name":"A B","birth":"1960-04-01"}\n')
            process.stdin.flush()
            process.stdout.readline()
            # It alone can take a backup; an export may be taken beside it.
            done = run("registry", "backup", net, self.dir / "beside")
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("take this backup", done.stderr.decode())
            exported = self.good("export", net).decode().splitlines()
            self.assertEqual(json.loads(exported[-1]), {"kind": "end", "records": 1})
            process.send_signal(signal.SIGINT)
            process.wait(60)
        self.good("backup", net, self.dir / "beside")


if __name__ == "__main__":
    unittest.main(argv=["drill"], verbosity=1)
