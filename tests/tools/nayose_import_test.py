#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""nayose import: feeds of several formats in folders, into a registry; what it refuses, takes again and retires."""
import json
import sys
import tempfile
import time
import unittest
from pathlib import Path

from command import json_lines, rows, run

UKE = ("UK,1,13,1,1234567,,202604,,\r\n"
       "IR,1,13,1,1234567,,試験医院,202604,00,03-0000-0000\r\n"
       "RE,1,1112,202604,山田　太郎,1,19600401,,,,,,,P-1,,,,,,,,,,,,,,,,,,,,,,,ヤマダタロウ,\r\n"
       "HO,06270017,１２－３４,５６７,1,300\r\n"
       "SN,1,01,,,,01,,\r\n"
       "SI,11,1,111000110,,291,1\r\n"
       "RE,2,1112,202604,佐藤　花子,2,19851224,,,,,,,P-2,,,,,,,,,,,,,,,,,,,,,,,サトウハナコ,\r\n"
       "HO,  138057,,88,1,300\r\n"
       "GO,2,600,99\r\n").encode("cp932")
NSIPS = ("VER010501,20260401120000,,T1,13,4,7654321,試験薬局,1050014,東京都港区芝1-1,03-0000-0001,\r\n"
         "2,1,1,1,20260401,,20260401,20260401\r\n"
         "1,70001,ﾔﾏﾀﾞ ﾀﾛｳ,山田 太郎,1,19600401,1050014,東京都港区芝1-2-3,03-1234-5678,,,,1,1,06270017,,12-34,567,1,30,70\r\n"
         ).encode("cp932")
CSV = "record_id,name,kana,birth,sex\n9,鈴木 一郎,スズキ イチロウ,1971-07-07,男\n"
VALUES = ["山田", "ヤマダ", "佐藤", "1960", "19851224", "鈴木"]


class Import(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.dir = Path(self.temp.name)
        self.feeds = self.dir / "feeds"
        for name, content in (("clinic/RECEIPTC.UKE", UKE), ("pharmacy/0001.txt", NSIPS), ("desk.csv", CSV.encode()),
                              ("clinic/.hidden", b"x")):
            path = self.feeds / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.net = self.dir / "r"
        self.assertEqual(run("registry", "create", self.net).returncode, 0)

    def tearDown(self):
        self.temp.cleanup()

    def imported(self, *args, code=0):
        done = run("import", self.feeds, "--registry", self.net, *args)
        self.assertEqual(done.returncode, code, (done.stdout, done.stderr))
        for value in VALUES:
            self.assertNotIn(value, done.stdout.decode() + done.stderr.decode())
        return done.stdout.decode()

    def find(self, key):
        return json_lines(run("registry", "find", self.net, key, "--json").stdout.decode())[0]

    def exported(self):
        return json_lines(run("registry", "export", self.net).stdout.decode())

    def test_a_mixed_folder_goes_in_and_its_patients_are_linked(self):
        out = self.imported("--output", self.dir / "out")
        for says in (r"uke +1 +2 +0", r"nsips +1 +1 +0", r"csv +1 +1 +0", r"records +4: 4 new"):
            self.assertRegex(out, says)
        person = self.find("1311234567:P-1")
        self.assertIn({"source": "1347654321", "record_id": "70001"}, person["identifiers"])
        self.assertEqual(self.find("desk:9")["identifiers"], [{"source": "desk", "record_id": "9"}])
        self.assertEqual(rows(self.dir / "out" / "rejects.csv"), [])

    def test_a_dry_run_writes_nothing(self):
        self.assertIn("nothing was written", self.imported("--dry-run"))
        self.assertNotEqual(run("registry", "find", self.net, "desk:9").returncode, 0)

    def test_only_what_changed_is_taken_again(self):
        state = self.dir / "state.json"
        self.assertIn("uke", self.imported("--changed", state))
        self.assertIn("nothing is new: 3 files", self.imported("--changed", state))
        time.sleep(0.02)
        (self.feeds / "desk.csv").write_text(CSV + "10,田中 次郎,タナカ ジロウ,1980-01-02,男\n", encoding="utf-8")
        out = self.imported("--changed", state)
        self.assertNotIn("uke", out)
        self.assertIn("1 new", out)
        state.write_text("{}")
        done = run("import", self.feeds, "--registry", self.net, "--changed", state)
        self.assertEqual(done.returncode, 3)
        self.assertIn("is no list of imported files", done.stderr.decode())

    def test_sources_are_said_by_folder(self):
        sources = self.dir / "sources.json"
        sources.write_text(json.dumps({str(self.feeds): "OTHER", str(self.feeds / "clinic"): "C001"}))
        self.imported("--sources", sources)
        self.assertEqual(len(self.find("C001:P-1")["identifiers"]), 2)
        self.assertEqual(self.find("OTHER:9")["identifiers"][0]["source"], "OTHER")

    def test_what_no_format_knows_is_told_and_the_rest_goes_in(self):
        (self.feeds / "notes.bin").write_bytes(bytes(range(256)) * 10)
        (self.feeds / "broken.uke").write_bytes(b"UK,1\r\nRE,1\r\n")
        done = run("import", self.feeds, "--registry", self.net)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("notes.bin: is none of the formats", done.stderr.decode())
        self.assertIn("RE has fewer fields than say who the patient is", done.stderr.decode())
        self.assertIn("4 new", done.stdout.decode())

    def test_a_file_that_cannot_be_read_keeps_nobody_else_out(self):
        (self.feeds / "two.csv").write_text("record_id,birth,birth\n1,1990,1991\n", encoding="utf-8")
        (self.feeds / "entities.xml").write_text('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><ClinicalDocument>&b;'
                                                 '</ClinicalDocument>', encoding="utf-8")
        done = run("import", self.feeds, "--registry", self.net, "--output", self.dir / "out")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("4 new", done.stdout.decode())
        unreadable = {Path(r["file"]).name for r in rows(self.dir / "out" / "unreadable.csv")}
        self.assertEqual(unreadable, {"two.csv", "entities.xml"})

    def test_other_commands_read_feeds_too(self):
        done = run("dedupe", self.feeds / "clinic" / "RECEIPTC.UKE", self.feeds / "pharmacy" / "0001.txt", "--output",
                   self.dir / "out")
        self.assertLessEqual(done.returncode, 1, done.stderr)
        self.assertEqual(len(rows(self.dir / "out" / "clusters.csv")), 3)
        refused = run("dedupe", self.feeds / "desk.csv", "--format", "word", "--output", self.dir / "out2")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("--format must be", refused.stderr.decode())

    def test_watching_needs_to_know_what_was_taken(self):
        done = run("import", self.feeds, "--registry", self.net, "--watch", "5")
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
