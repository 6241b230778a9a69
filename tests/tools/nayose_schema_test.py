#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tables of any schema from outside: suggest, link, explain, bad input."""
import csv
import json
import random
import sys
import tempfile
import unittest
from pathlib import Path

from command import ROOT, clusters, rows, run


def people(path, persons=600, seed=3):
    """A made-up list: some persons twice, some with a slip."""
    draw = random.Random(seed)
    syllables = "ba re to mi lan sor kel du vin pas gor he".split()
    word = lambda n=3: "".join(draw.choice(syllables) for _ in range(n))
    firsts, lasts = [word() for _ in range(150)], [word() for _ in range(150)]
    table, truth = [], []
    for person in range(persons):
        row = [draw.choice(firsts), draw.choice(lasts), f"{draw.randrange(1930, 2010)}-{draw.randrange(1, 13):02}-"
               f"{draw.randrange(1, 29):02}", f"{draw.randrange(1, 99)} {word()} street", str(10000 + draw.randrange(300))]
        for copy in range(1 + (draw.random() < 0.5)):
            mine = list(row)
            if copy and draw.random() < 0.3:
                mine[0] = mine[0][:-1]
            table.append(mine)
            truth.append(person)
    order = list(range(len(table)))
    draw.shuffle(order)
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(["id", "first_name", "surname", "dob", "street", "zip"])
        for n, i in enumerate(order):
            out.writerow([f"r{n:05}", *table[i]])
    with open(path.with_name("truth.csv"), "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(["record_id", "person_id"])
        out.writerows([f"r{n:05}", truth[i]] for n, i in enumerate(order))


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.dir = Path(cls.temp.name)
        cls.people, cls.schema, cls.out = cls.dir / "people.csv", cls.dir / "schema.json", cls.dir / "out"
        people(cls.people)
        cls.suggested = run("schema", "suggest", cls.people, "--output", cls.schema)
        cls.done = run("dedupe", cls.people, "--schema", cls.schema, "--output", cls.out, "--truth",
                       cls.dir / "truth.csv")

    @classmethod
    def tearDownClass(cls):
        cls.temp.cleanup()

    def test_suggests_with_reasons_and_no_values(self):
        self.assertEqual(self.suggested.returncode, 0, self.suggested.stderr)
        self.assertIn(b"first_name: name", self.suggested.stderr)
        first = rows(self.people)[0]
        for value in (first["first_name"], first["street"]):
            self.assertNotIn(value.encode(), self.suggested.stderr + self.schema.read_bytes())
        self.assertEqual(run("schema", "check", self.schema).returncode, 0)

    def test_links_and_counts_add_up(self):
        self.assertEqual(self.done.returncode, 0, self.done.stderr.decode() + self.done.stdout.decode())
        summary = json.loads((self.out / "summary.json").read_text())
        self.assertEqual(summary["rows_read"], summary["rows_accepted"] + summary["rows_rejected"])
        self.assertEqual(summary["records"], len(rows(self.out / "clusters.csv")))
        self.assertEqual(summary["clusters"], len(set(clusters(self.out).values())))
        evaluation = json.loads((self.out / "evaluation.json").read_text())
        self.assertGreaterEqual(evaluation["pairs"]["f1"], 0.97)
        self.assertEqual((self.out / "model.json").stat().st_mode & 0o777, 0o600)
        self.assertGreater(float(rows(self.out / "blocking.csv")[-1]["expected_recall"]), 0.99)

    def test_report_without_values(self):
        page = (self.out / "report.html").read_text(encoding="utf-8")
        for value in {r["surname"] for r in rows(self.people)} | {r["street"] for r in rows(self.people)}:
            self.assertNotIn(f'"{value}"', page)
            self.assertNotIn(f'"{value.upper()}"', page)
        told = run("dedupe", self.people, "--schema", self.schema, "--output", self.dir / "told", "--with-values")
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertEqual((self.dir / "told/report.html").stat().st_mode & 0o777, 0o600)
        bare = run("dedupe", self.people, "--schema", self.schema, "--output", self.dir / "bare", "--no-report")
        self.assertFalse((self.dir / "bare/report.html").exists(), bare.stderr)

    def test_links_of_a_run_and_all_of_them(self):
        every = self.dir / "every"
        done = run("dedupe", self.people, "--schema", self.schema, "--output", every, "--all-links")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        few, all_links = rows(self.out / "links.csv"), rows(every / "links.csv")
        for folder, links in ((self.out, few), (every, all_links)):
            summary = json.loads((folder / "summary.json").read_text())
            self.assertEqual((summary["links"], summary["links_written"]), (len(all_links), len(links)))
        self.assertEqual(few, [link for link in all_links if link in few])
        self.assertEqual(clusters(every), clusters(self.out))

    def test_decisions_outweigh_the_records(self):
        link = rows(self.out / "links.csv")[0]
        decided = self.dir / "decided.csv"
        decided.write_text("record_a,source_a,record_b,source_b,decision\n" + ",".join(
            [link["record_a"], link["source_a"], link["record_b"], link["source_b"], "different"]) + "\n")
        done = run("dedupe", self.people, "--schema", self.schema, "--output", self.dir / "decided", "--decisions", decided)
        self.assertEqual(done.returncode, 0, done.stderr)
        now = clusters(self.dir / "decided")
        self.assertNotEqual(now[link["source_a"], link["record_a"]], now[link["source_b"], link["record_b"]])

    def test_row_order_does_not_matter(self):
        lines = self.people.read_text().splitlines()
        mixed = self.dir / "people_mixed" / "people.csv"
        mixed.parent.mkdir(exist_ok=True)
        mixed.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
        again = run("dedupe", mixed, "--schema", self.schema, "--output", self.dir / "mixed")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(clusters(self.dir / "mixed"), clusters(self.out))

    def test_explains_and_parts_sum_up(self):
        link = rows(self.out / "links.csv")[0]
        names = [f"{link['source_a']}:{link['record_a']}", f"{link['source_b']}:{link['record_b']}"]
        told = run("explain", *names, "--run", self.out, "--json")
        self.assertEqual(told.returncode, 0, told.stderr)
        explanation = json.loads(told.stdout)
        self.assertAlmostEqual(explanation["match_weight"], float(link["match_weight"]), places=2)
        parts = explanation["prior_weight"] + explanation["other_classes_weight"] + sum(
            c["weight"] + c["frequency_weight"] for c in explanation["comparisons"])
        self.assertAlmostEqual(parts, explanation["match_weight"], places=2)
        self.assertEqual(run("explain", names[0], "nobody", "--run", self.out).returncode, 2)

    def test_links_two_lists_with_a_saved_model(self):
        table = self.people.read_text().splitlines()
        a, b = self.dir / "a.csv", self.dir / "b.csv"
        a.write_text("\n".join([table[0], *table[1:300]]) + "\n")
        b.write_text("\n".join([table[0], *table[300:]]) + "\n")
        done = run("link", a, "--reference", b, "--schema", "auto", "--model", self.out / "model.json", "--output",
                   self.dir / "linked")
        self.assertEqual(done.returncode, 0, done.stderr)
        linked = rows(self.dir / "linked/clusters.csv")
        self.assertEqual({r["list"] for r in linked}, {"new", "reference"})

    def test_bad_rows_are_rejects_and_the_rest_goes_on(self):
        bad = self.dir / "bad.csv"
        lines = self.people.read_text().splitlines()
        lines[5] = "r99999,too,few"
        lines[6] = lines[7]
        lines[9] = lines[9].replace(lines[9].split(",")[3], "not a date")
        lines[11] = "," + lines[11].split(",", 1)[1]
        bad.write_text("\n".join(lines) + "\n")
        done = run("dedupe", bad, "--schema", self.schema, "--output", self.dir / "bad", "--max-rejects", 10)
        self.assertEqual(done.returncode, 0, done.stderr)
        reasons = [r["reason"] for r in rows(self.dir / "bad/rejects.csv")]
        self.assertEqual(len(reasons), 3, reasons)
        found = rows(self.dir / "bad/findings.csv")
        self.assertEqual([(f["line"], f["field"], f["finding"]) for f in found], [("10", "dob", "unreadable")])

    def test_refuses_what_makes_no_sense(self):
        broken = self.dir / "broken.json"
        broken.write_text(self.schema.read_text().replace('"kind": "date"', '"kind": "dte"'))
        other = self.dir / "other.csv"
        other.write_text("id,colour\n1,red\n2,blue\n")
        for arguments, code, said in [
            (("dedupe", self.people, "--schema", broken, "--output", self.dir / "x1"), 3, b"no kind 'dte'"),
            (("dedupe", other, "--schema", self.schema, "--output", self.dir / "x2"), 3, b"has no column"),
            (("dedupe", self.people, "--schema", self.dir / "none.json", "--output", self.dir / "x3"), 3, b"none.json"),
            (("schema", "check", broken), 3, b"no kind 'dte'"),
            (("schema", "suggest", self.dir / "none.csv"), 3, b"none.csv"),
        ]:
            done = run(*arguments)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(said, done.stderr)
            self.assertFalse((self.dir / "x1").exists())

    def test_force_replaces_an_earlier_run(self):
        again = self.dir / "again"
        for arguments, code in (((), 0), ((), 2), (("--force",), 0)):
            done = run("dedupe", self.people, "--schema", self.schema, "--output", again, *arguments)
            self.assertEqual(done.returncode, code, done.stderr)

    def test_suggest_replaces_no_file_unasked(self):
        before = self.people.read_bytes()
        self.assertEqual(run("schema", "suggest", self.people, "--output", self.people).returncode, 2)
        self.assertEqual(self.people.read_bytes(), before)

    def test_an_empty_reference_is_refused(self):
        empty = self.dir / "empty.csv"
        empty.write_text(self.people.read_text().splitlines()[0] + "\n")
        done = run("link", self.people, "--reference", empty, "--schema", self.schema, "--output", self.dir / "none")
        self.assertEqual(done.returncode, 3, done.stderr)

    def test_dry_run_writes_nothing(self):
        done = run("dedupe", self.people, "--schema", "auto", "--output", self.dir / "dry", "--dry-run")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse((self.dir / "dry").exists())

    def test_shipped_form_knows_every_key(self):
        form = json.loads((ROOT / "data/schemas/schema.schema.json").read_text())
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        jsonschema.validate(json.loads(self.schema.read_text()), form)
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.validate({"format": "libmpi-schema"}, form)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
