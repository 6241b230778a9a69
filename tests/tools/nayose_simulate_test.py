#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""nayose simulate and generate --format: networks and regions as files that simply go in; what is refused, and how."""
import json
import sys
import tempfile
import unittest
from pathlib import Path

from command import ROOT, json_lines, rows, run


class Simulate(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.dir = Path(self.temp.name)

    def tearDown(self):
        self.temp.cleanup()

    def refused(self, *args, code=2):
        done = run("simulate", *args)
        self.assertEqual(done.returncode, code, (done.stdout, done.stderr))
        return done.stderr.decode()

    def test_the_sixteen_are_named(self):
        out = run("simulate", "--list").stdout.decode()
        self.assertEqual(len(out.splitlines()), 16)
        for name in ("MMWIN", "未来かなえ", "はち丸", "おきなわ津梁"):
            self.assertIn(name, out)

    def test_a_network_runs_and_leaves_what_it_says(self):
        sim = self.dir / "sim"
        done = run("simulate", "東京区西部", "--scale", "0.05", "--days", "2", "--questions", "200", "--output", sim)
        self.assertEqual(done.returncode, 0, done.stderr)
        page = done.stdout.decode()
        self.assertEqual(page, (sim / "page.md").read_text(encoding="utf-8"))
        for part in ("# 東京区西部", "All answers are right", "## Persons and links", "## Answers", "## Known and assumed"):
            self.assertIn(part, page)
        figures = json.loads((sim / "page.json").read_text(encoding="utf-8"))
        self.assertTrue(figures["good"])
        self.assertEqual(figures["right"], figures["questions"])
        self.assertGreaterEqual(figures["pix"], 200)
        self.assertEqual([day["day"] for day in figures["by_day"]], [0, 1, 2])
        self.assertTrue((sim / "feeds" / "day-000").is_dir())
        # The registry is a network's like any other.
        stats = run("registry", "stats", sim / "registry", "--profession", "operator", "--purpose", "operations", "--json")
        self.assertEqual(json_lines(stats.stdout.decode())[0]["records"], figures["records"])
        # Again into the same folder: not over what is there.
        self.assertIn("is there and not empty", self.refused("MMWIN", "--output", sim))

    def test_the_same_seed_is_the_same_network(self):
        pages = []
        for name, threads in (("a", 1), ("b", 2)):
            done = run("simulate", "tokyo-kuseibu", "--scale", "0.02", "--days", "1", "--questions", "20", "--threads", threads,
                       "--json", "--output", self.dir / name)
            self.assertEqual(done.returncode, 0, done.stderr)
            page = json.loads(done.stdout)
            pages.append({k: page[k] for k in ("records", "persons", "registered", "accuracy", "files", "rows_by_format", "review")})
        self.assertEqual(*pages)

    def test_a_network_of_ones_own(self):
        own = self.dir / "own.toml"
        text = (ROOT / "data" / "networks" / "tokyo-kuseibu.toml").read_text(encoding="utf-8")
        own.write_text(text.replace("東京区西部", "うち"), encoding="utf-8")
        done = run("simulate", own, "--scale", "0.02", "--days", "0", "--questions", "5", "--no-lists", "--output", self.dir / "s")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("# うち", done.stdout.decode())
        own.write_text(text.replace("registered = ", "registerred = "), encoding="utf-8")
        said = self.refused(own, "--output", self.dir / "t", code=3)
        self.assertIn("own.toml:", said)
        self.assertIn('did you mean "registered"?', said)
        self.assertFalse((self.dir / "t").exists())

    def test_what_is_wrong_is_said(self):
        self.assertIn("MMWIN", self.refused("Nobody", "--output", self.dir / "x"))
        self.assertIn("--list", self.refused())
        self.assertIn("--output", self.refused("MMWIN"))
        self.assertIn("3 days at least", self.refused("swan", "--days", "1", "--output", self.dir / "y"))
        for args in (("--scale", "0"), ("--scale", "nan"), ("--days", "-1"), ("--questions", "0")):
            self.assertIn(args[0], self.refused("MMWIN", *args, "--output", self.dir / "x"))


class GenerateFeeds(unittest.TestCase):
    def test_a_region_is_written_as_its_systems_would_and_goes_in(self):
        with tempfile.TemporaryDirectory() as temp:
            temp = Path(temp)
            for form in ("mix", "uke", "fhir"):
                region, net = temp / form, temp / (form + "-r")
                done = run("generate", "--persons", "200", "--seed", "3", "--format", form, "--output", f"{region}/")
                self.assertEqual(done.returncode, 0, done.stderr)
                truth = {(r["source"], r["record_id"]) for r in rows(region / "truth.csv")}
                self.assertEqual(run("registry", "create", net).returncode, 0)
                done = run("import", region / "feeds", "--sources", region / "sources.json", "--registry", net,
                           "--output", temp / (form + "-out"))
                self.assertEqual(done.returncode, 0, (done.stdout, done.stderr))
                records = json_lines(run("registry", "export", net).stdout.decode())
                self.assertEqual({(r["source"], r["record_id"]) for r in records if r.get("record_id")}, truth)
            # Not over an earlier one, but by force.
            again = ("generate", "--persons", "50", "--format", "uke", "--output", temp / "mix")
            self.assertEqual(run(*again).returncode, 2)
            self.assertEqual(run(*again, "--force").returncode, 0)
            self.assertEqual({p.suffix for p in (temp / "mix" / "feeds").rglob("*.*")}, {".UKE"})
            self.assertEqual(run("generate", "--persons", "5", "--format", "fax", "--output", temp / "f").returncode, 2)
            # Nor over what is nobody's region.
            (temp / "own" / "feeds").mkdir(parents=True)
            (temp / "own" / "feeds" / "keep.txt").write_text("mine")
            refused = run("generate", "--persons", "5", "--format", "uke", "--force", "--output", temp / "own")
            self.assertEqual(refused.returncode, 2, refused.stderr)
            self.assertTrue((temp / "own" / "feeds" / "keep.txt").exists())
            # Sources that are of other folders are told.
            told = run("import", temp / "uke" / "feeds", "--sources", temp / "mix" / "sources.json", "--registry", temp / "uke-r",
                       "--dry-run")
            self.assertIn(b"no file lies in any of its folders", told.stderr)


if __name__ == "__main__":
    sys.argv = sys.argv[:1]
    unittest.main(verbosity=1)
