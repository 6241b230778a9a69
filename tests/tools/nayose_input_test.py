#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the command takes in: columns, My Numbers, names to normalize, and the examples of its help."""
import csv
import ctypes
import ctypes.util
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from command import FILES, NAYOSE, ROOT, rows, run

ZSTD = ctypes.CDLL(ctypes.util.find_library("zstd"))
COMMANDS = ("dedupe", "link", "train", "explain", "normalize", "profile", "generate", "evaluate", "audit", "label", "schema")


def unpacked(data):
    """Of zstd frames that hold little."""
    room = ctypes.create_string_buffer(1 << 22)
    ZSTD.ZSTD_decompress.restype = ctypes.c_size_t
    size = ZSTD.ZSTD_decompress(room, ctypes.c_size_t(len(room)), data, ctypes.c_size_t(len(data)))
    assert size <= len(room), "damaged"
    return room.raw[:size]


def my_number(n):
    """12 digits with a check digit that holds."""
    digits = str(10000000000 + 7919 * n)
    total = sum(int(digits[-k]) * (k + 1 if k <= 6 else k - 5) for k in range(1, 12))
    return digits + str(0 if total % 11 <= 1 else 11 - total % 11)


def wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)


WRITINGS = {
    "plain": lambda n: n,
    "hyphens": lambda n: f"{n[:4]}-{n[4:8]}-{n[8:]}",
    "full width": wide,
    "spaces": lambda n: f" {n[:4]} {n[4:8]} {n[8:]} ",
    "full width with hyphens": lambda n: wide(f"{n[:4]}－{n[4:8]}－{n[8:]}"),
}


class Input(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.dir = Path(self.temp.name)
        self.out = self.dir / "out"

    def tearDown(self):
        self.temp.cleanup()

    def write(self, name, text):
        path = self.dir / name
        path.write_text(text, encoding="utf-8")
        return path

    def dedupe(self, text, *more):
        return run("dedupe", self.write("in.csv", text), "--output", self.out, "--force", *more)

    def everything(self, done):
        """All that the run said and left, state unpacked."""
        text = done.stdout + done.stderr
        for path in self.out.rglob("*"):
            if path.suffix == ".zst":
                text += unpacked(path.read_bytes())
            elif path.is_file():
                text += path.read_bytes()
        return text.decode()

    def assert_nowhere(self, numbers, write, done, note):
        text = self.everything(done)
        if done.returncode < 2:
            self.assertIn("1980-01-02", text)  # what may be kept is in state/
        for n in numbers:
            self.assertNotIn(n, text, note)
            self.assertNotIn(write(n).strip(), text, note)


class MyNumbers(Input):
    def test_columns_of_them_reach_nothing(self):
        numbers = [my_number(i) for i in range(6)]
        for field in ("number", "symbol", "insurer", "branch", "care_number", "care_insurer", "phone", "電話番号2"):
            for note, write in WRITINGS.items():
                done = self.dedupe(f"record_id,birth,{field}\n" +
                                   "".join(f"{i},1980-01-02,{write(n)}\n" for i, n in enumerate(numbers)))
                self.assertIn(done.returncode, (0, 1), done.stderr)
                self.assert_nowhere(numbers, write, done, (field, note))
                self.assertIn("my_number_refused", {r["finding"] for r in rows(self.out / "findings.csv")}, note)
                self.assertIn("My Numbers", done.stdout.decode())
                self.assertEqual(len(rows(self.out / "clusters.csv")), 6)

    def test_ids_that_are_some_refuse_the_file(self):
        numbers = [my_number(i) for i in range(6)]
        for note, write in WRITINGS.items():
            for header, line in (("record_id,name", "{0},山田 太郎"), ("source,record_id,name", "{0},{1},")):
                done = self.dedupe(header + "\n" + "".join(line.format(write(n), i) + "\n" for i, n in enumerate(numbers)))
                self.assertEqual(done.returncode, 3, note)
                self.assertIn("My Numbers", done.stderr.decode())
                self.assertIn("--columns", done.stderr.decode())
                self.assert_nowhere(numbers, write, done, note)
                self.assertFalse(self.out.exists())

    def test_declared_ones_are_never_read(self):
        for header in ("個人番号", "マイナンバー", "my_number"):
            done = self.dedupe(f"record_id,birth,{header}\n1,1980-01-02,{my_number(1)}\n2,1980-01-02,謎\n")
            self.assert_nowhere([my_number(1), "謎"], str, done, header)
            self.assertEqual([(r["field"], r["finding"]) for r in rows(self.out / "findings.csv")],
                             [("my_number", "my_number_refused")])

    def test_a_lone_hit_is_a_finding(self):
        done = self.dedupe(f"record_id,phone\n1,03-1111-2222\n2,{my_number(1)}\n3,03-1111-3333\n")
        self.assertIn(done.returncode, (0, 1))
        self.assertIn("my_number_suspected", {r["finding"] for r in rows(self.out / "findings.csv")})

    def test_ids_of_twelve_digits_are_not_all_suspect(self):
        done = self.dedupe("record_id,name\n" + "".join(f"{200000000000 + 104729 * i},a{i} b\n" for i in range(300)))
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertEqual(len(rows(self.out / "clusters.csv")), 300)


class Columns(Input):
    def test_several_phones_and_addresses(self):
        done = self.dedupe("record_id,氏名,電話番号,連絡先,住所,現住所,フリガナ,カナ氏名,緊急連絡先\n"
                           "1,小鳥遊 朔,03-1111-2222,03-3333-4444,東京都港区1-1,東京都港区2-2,タカナシ サク,,03-9999-9999\n")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        text = self.everything(done)
        for kept in ("03-1111-2222", "03-3333-4444", "東京都港区1-1", "東京都港区2-2"):
            self.assertIn(kept, text)
        self.assertNotIn("03-9999-9999", text)  # a relative's
        summary = json.loads((self.out / "summary.json").read_text())
        self.assertEqual(summary["files"][0]["unknown_columns"], ["緊急連絡先"])

    def test_two_births_are_refused_with_what_to_do(self):
        text = "record_id,birth,生年月日\n1,1980-01-02,\n"
        done = self.dedupe(text)
        self.assertEqual(done.returncode, 3)
        mended = re.search(r'\{"[^"]*": ""\}', done.stderr.decode())
        self.assertIsNotNone(mended, done.stderr)
        done = self.dedupe(text, "--columns", self.write("map.json", mended.group()))
        self.assertIn(done.returncode, (0, 1), done.stderr)

    def test_of_two_columns_of_one_header_the_first_may_be_kept(self):
        text = "record_id,name,birth,birth\n1,,1980-02-30,\n"
        done = self.dedupe(text, "--columns", self.write("map.json", '{"birth": ""}'))
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertEqual([r["finding"] for r in rows(self.out / "findings.csv")], ["impossible_date"])

    def test_columns_that_come_with_the_program(self):
        folder = ROOT / "tests/golden/feeds/csv"
        for name in ("care-insurance", "lab-center", "prescription", "resident-list"):
            done = run("dedupe", folder / f"{name}.cp932.csv", "--columns", name, "--output", self.out, "--force")
            self.assertIn(done.returncode, (0, 1), done.stderr)
            self.assertNotIn("--columns: no file", done.stdout.decode())
            self.assertEqual(json.loads((self.out / "summary.json").read_text())["files"][0]["rows_rejected"], 0)
        # A file of that name comes first.
        (self.dir / "resident-list").write_text('{"who": "name"}')
        done = run("dedupe", self.write("in.csv", "record_id,who\n1,a b\n"), "--columns", "resident-list",
                   "--output", self.out, "--force", cwd=self.dir)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        done = run("dedupe", self.write("in.csv", "record_id,who\n1,a b\n"), "--columns", "resident", "--output",
                   self.out, "--force")
        self.assertNotIn(done.returncode, (0, 1))

    def test_a_truth_file_is_no_patient_list(self):
        truth = self.write("truth.csv", "record_id,source,person_id\n1,in,7\n")
        done = self.dedupe("record_id,name\n1,\n", truth)
        self.assertEqual(done.returncode, 3)
        self.assertIn("--truth", done.stderr.decode())
        done = self.dedupe("record_id,name\n1,\n", truth, "--truth", truth)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertEqual(len(rows(self.out / "clusters.csv")), 1)

    def test_an_input_in_the_output_folder_is_refused(self):
        (self.dir / "o").mkdir()
        data = self.write("o/rejects.csv", "record_id,name\n1,\n")
        done = run("dedupe", data, "--output", self.dir / "o", "--force")
        self.assertEqual(done.returncode, 2)
        self.assertTrue(data.exists())

    def test_a_told_column_that_no_file_has(self):
        data = self.write("in.csv", "record_id,who,birth\n1,a b,\n")
        told = self.write("map.json", '{"hwo": "name"}')
        for command in (["dedupe", data, "--output", self.out], ["dedupe", data, "--output", self.out, "--dry-run"],
                        ["profile", data], ["train", data, "--model", self.dir / "m.json"],
                        ["link", data, "--reference", self.write("r.csv", "record_id,name\n1,\n"), "--output", self.dir / "l"]):
            done = run(*command, "--columns", told)
            self.assertIn("'hwo'", done.stdout.decode(), command)
            self.assertIn("warning", done.stdout.decode(), command)
        self.assertIn("hwo", " ".join(json.loads((self.out / "summary.json").read_text())["warnings"]))


class Normalize(unittest.TestCase):
    def normalize(self, text):
        done = run("normalize", input=text.encode())
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_names_and_tables(self):
        for note, text, code, shown, said in [
                ("a name", "山田 太郎\n", 0, "山田 | 太郎", ""),
                ("a quoted name", '"山田 太郎"\n', 0, "山田 | 太郎", ""),
                ("a quoted Latin name", '"Smith, John"\n', 0, "SMITH", ""),
                ("quotes in quotes", '"山田 ""太郎"""\n', 0, '山田 "太郎"', ""),
                ("one line that is a header's word", "カナ\n", 0, "カナ", ""),
                ("the same, unended and quoted", '"カナ"', 0, "カナ", ""),
                ("a table", "name,birth\n山田 太郎,S55.1.2\n", 0, "1980-01-02", ""),
                ("a table of one column", "カナ\nヤマダ タロウ\n", 0, "ヤマダ | タロウ", "header, kana"),
                ("My Numbers in a table", f"name,個人番号\n山田 太郎,{my_number(1)}\n", 0, "山田 | 太郎", ""),
                ("columns that nothing names", "山田 太郎,1980-01-02\n", 1, "", "line 1: has several columns"),
                ("a row too short", "name,birth\n山田 太郎\n佐藤 花子,1980-01-02\n", 1, "1980-01-02", "line 2"),
                ("a quote that never closes", '"山田\n佐藤 花子\n', 1, "佐藤 | 花子", "line 1: the quotes")]:
            got, out, err = self.normalize(text)
            self.assertEqual(got, code, note)
            self.assertIn(shown, out, note)
            self.assertIn(said, err, note)
            self.assertNotIn(my_number(1), out, note)
            self.assertTrue(out or code == 1, note)


class Help(unittest.TestCase):
    """Each example of each --help runs, in a folder with the files it names."""

    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.dir = Path(self.temp.name)
        run("generate", "--persons", 400, "--seed", 3, "--output", self.dir / "made")
        for name in FILES:
            shutil.copy(self.dir / "made" / name, self.dir / name)
        # The records that the examples of explain name.
        for name, first in (("hospital.csv", "00001003,H001"), ("clinic.csv", "00001010,C002")):
            with open(self.dir / name, "a", encoding="utf-8") as f:
                f.write(first + ",小鳥遊 朔,タカナシ サク,1980-01-02,M" + "," * 11 + "\n")
        for name, copy in (("hospital.csv", "registry.csv"), ("clinic.csv", "new.csv"), ("clinic.csv", "a.csv"),
                           ("dental.csv", "b.csv")):
            shutil.copy(self.dir / name, self.dir / copy)
        text = (self.dir / "care.csv").read_text(encoding="utf-8")
        (self.dir / "export.csv").write_bytes(text.encode("cp932", errors="replace"))
        (self.dir / "map.json").write_text('{"street": "street"}')
        (self.dir / "decided.csv").write_text("record_a,source_a,record_b,source_b,decision\n")
        (self.dir / "big.csv.gz").write_bytes(gzip.compress(text.encode()))
        (self.dir / "names.csv").write_text("name,birth\n小鳥遊 朔,1980-01-02\n", encoding="utf-8")
        (self.dir / "people.csv").write_text("id,first_name,surname,dob,zip\n" + "".join(
            f"{i},Name{i // 2},Other{i // 4},19{i % 80 + 10}-01-0{i % 9 + 1},{1000 + i // 2}\n" for i in range(200)))
        run("schema", "suggest", self.dir / "people.csv", "--output", self.dir / "people.schema.json")
        (self.dir / "bin").mkdir()
        (self.dir / "bin/nayose").symlink_to(Path(NAYOSE).resolve())

    def tearDown(self):
        self.temp.cleanup()

    def examples(self, command):
        text = run(*command, "--help").stdout.decode()
        after = text[re.search(r"^Examples?:$", text, re.M).end():]
        return [line[2:] for line in after.splitlines() if line.startswith("  ")]

    def test_every_example_runs(self):
        environment = dict(os.environ, PATH=f"{self.dir}/bin:{os.environ['PATH']}")
        seen = 0
        for command in [[c] for c in COMMANDS] + [[]]:
            examples = self.examples(command)
            self.assertTrue(examples, command)
            for line in examples:
                seen += 1
                # Small files carry no model of their own, and the region of the example is a large one.
                line = line.replace("--persons 100000", "--persons 300")
                line = line.replace(" *.csv", " hospital.csv clinic.csv")
                if re.search(r"--output out/", line) and not line.endswith("--dry-run"):
                    shutil.rmtree(self.dir / "out", ignore_errors=True)
                if "out/labels.csv" in line:
                    (self.dir / "out").mkdir(exist_ok=True)
                    shutil.copy(self.dir / "decided.csv", self.dir / "out/labels.csv")
                if re.search("explain|evaluate|nayose label|nayose audit", line):
                    (self.dir / "out/labels.csv").unlink(missing_ok=True)
                    run("dedupe", *[self.dir / f for f in FILES], "--output", self.dir / "out", "--force")
                    if "evaluate" in line:
                        shutil.copytree(self.dir / "made", self.dir / "region", dirs_exist_ok=True)
                        shutil.copytree(self.dir / "out", self.dir / "earlier", dirs_exist_ok=True)
                if "schema suggest" in line:
                    (self.dir / "people.schema.json").unlink(missing_ok=True)
                if "--answers answers.csv" in line:  # a person has filled it in
                    audit = run("audit", self.dir / "out", "--output", self.dir / "answers.csv", "--force")
                    self.assertEqual(audit.returncode, 0, audit.stderr)
                    table = rows(self.dir / "answers.csv")
                    with open(self.dir / "answers.csv", "w", encoding="utf-8", newline="") as f:
                        out = csv.DictWriter(f, table[0].keys())
                        out.writeheader()
                        out.writerows({**r, "decision": "same"} for r in table)
                done = subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=self.dir, env=environment,
                                      stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
                self.assertIn(done.returncode, (0, 1), f"{line}\n{done.stderr.decode()}")
                if "--answers answers.csv" in line:
                    (self.dir / "answers.csv").unlink()
        self.assertGreater(seen, 12)

    def test_runs_say_what_stops_them(self):
        for command in ("dedupe", "link"):
            text = run(command, "--help").stdout.decode()
            for word in ("--dry-run reads", "Ctrl-C", "progress shows", ".nayose-partial", "130"):
                self.assertIn(word, text)

    def test_exit_codes_are_listed(self):
        self.assertIn("4 output", run("--help").stdout.decode())
        self.assertTrue((ROOT / "README.md").read_text(encoding="utf-8").find("4 output") > 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
