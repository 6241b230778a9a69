#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stores that released versions wrote (tests/golden): this one opens, verifies, answers as they did, and goes on.
Where the folding tables have changed since, it refuses the store and says what to do, and that works."""
import json
import shutil
import tarfile
import unittest

from command import ROOT, json_lines, run
from registry_case import RegistryCase

GOLDEN = sorted(path for path in (ROOT / "tests/golden").glob("registry_*") if path.is_dir())
ANSWERS = ("history", "review", "held", "decisions", "authorities")
NEW = ('{"source":"K004","record_id":"99","name":"山田 太郎","kana":"ヤマダ タロウ","birth":"1960-04-01","sex":"男",'
       '"phone":"03-1234-5678"}\n')


def difference(expected, told, place=""):
    """Where `told` lacks something of `expected`, or has it otherwise; None: nowhere. More members of an object than
    were told then are no difference."""
    if isinstance(expected, dict) and isinstance(told, dict):
        for name, value in expected.items():
            if name not in told:
                return f"{place}.{name} is missing"
            if found := difference(value, told[name], f"{place}.{name}"):
                return found
        return None
    if isinstance(expected, list) and isinstance(told, list):
        if len(expected) != len(told):
            return f"{place} has {len(told)} entries, not {len(expected)}"
        for i, (one, other) in enumerate(zip(expected, told)):
            if found := difference(one, other, f"{place}[{i}]"):
                return found
        return None
    if isinstance(expected, float) and isinstance(told, (int, float)):
        return None if abs(expected - told) < 1e-9 else place
    return None if expected == told else place


class Golden(RegistryCase):
    def setUp(self):
        super().setUp()
        fresh = self.dir / "fresh"
        self.good("create", fresh)
        self.tables = self.ask("stats", fresh)[0]["tables_version"]

    def unpack(self, golden):
        folder = self.dir / golden.name
        shutil.rmtree(folder, ignore_errors=True)
        with tarfile.open(golden / "store.tar.xz") as archive:
            archive.extractall(folder)
        return folder / "registry", folder / "backup"

    def expected(self, golden, name):
        return json_lines((golden / f"{name}.ndjson").read_text(encoding="utf-8"))

    def compare(self, golden, net):
        """All that it was asked then, asked now."""
        told = {name: self.ask(name, net) for name in ANSWERS}
        told["export"] = json_lines(self.good("export", net))
        for name in ("find", "at"):
            told[name] = [{"asked": line["asked"], "answer": self.ask(name, net, *line["asked"][1:])[0]}
                          for line in self.expected(golden, name)]
        return {name: found for name in told if (found := difference(self.expected(golden, name), told[name], name))}

    def test_there_are_some(self):
        self.assertTrue(GOLDEN)

    def test_a_released_store_answers_as_it_did_and_goes_on(self):
        for golden in GOLDEN:
            about = json.loads((golden / "about.json").read_text())
            if about["tables_version"] != self.tables:
                continue
            with self.subTest(golden.name):
                net, backup = self.unpack(golden)
                self.assertIn("sound", self.good("verify", net))
                self.assertEqual(self.compare(golden, net), {})
                stats = self.ask("stats", net)[0]
                for name in ("records", "persons", "held", "events", "generation"):
                    self.assertEqual(stats[name], about[name], name)
                line = self.dir / "line.ndjson"
                line.write_text(NEW, encoding="utf-8")
                answer = self.ask("put", net, "--ndjson", line)[0]
                self.assertEqual((answer["outcome"], answer["event"]), ("joined", about["events"] + 1))
                self.assertIn("sound", self.good("verify", net))
                self.good("restore", backup, self.dir / "restored")
                self.assertEqual(self.ask("stats", self.dir / "restored")[0]["events"], about["backup_events"])
                self.assertIn("sound", self.good("verify", self.dir / "restored"))

    def test_a_store_of_other_tables_is_refused_and_its_export_imported(self):
        for golden in GOLDEN:
            about = json.loads((golden / "about.json").read_text())
            with self.subTest(golden.name):
                net, _ = self.unpack(golden)
                if about["tables_version"] != self.tables:
                    done = run("registry", "stats", net)
                    self.assertEqual(done.returncode, 3, done.stderr)
                    self.assertIn("nayose registry export", done.stderr.decode())
                new = self.dir / f"new.{golden.name}"
                self.good("create", new)
                self.good("import", new, golden / "export.ndjson")
                self.assertIn("sound", self.good("verify", new))
                self.assertEqual(self.ask("stats", new)[0]["records"], about["records"])

    def test_the_comparison_sees_what_is_otherwise(self):
        told = self.expected(GOLDEN[0], "find")
        for change in (lambda t: t[3]["answer"].update(person="0" * 32), lambda t: t.pop(),
                       lambda t: t[0]["answer"]["identifiers"].pop(), lambda t: t[1]["answer"].pop("redirected")):
            other = json.loads(json.dumps(told))
            change(other)
            self.assertIsNotNone(difference(told, other))
        self.assertIsNone(difference(told, told))


if __name__ == "__main__":
    unittest.main(argv=["golden"], verbosity=1)
