#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Nightly updates: the very partition of a run over all files, and what changes.csv says of it."""
import csv
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import unittest
from collections import defaultdict
from pathlib import Path

from command import FILES, NAYOSE, clusters, rows, run

TODAY = ["--today", "2026-11-28"]


def write(path, header, lines):
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, header)
        out.writeheader()
        out.writerows(lines)
    return path


def nights_of(folder, region, nights, seed):
    """The region's rows in a first file and some nightly ones, which also hold further rows of ids that are known, rows
    of other persons under their ids, and repeats under new ids."""
    rng = random.Random(seed)
    header, everything = None, []
    for name in FILES:
        part = rows(region / name)
        header = list(dict.fromkeys((header or []) + list(part[0])))
        everything += part
    of_night = [[] for _ in range(nights + 1)]
    for row in everything:
        of_night[0 if rng.random() < 0.8 else rng.randint(1, nights)].append(row)
    for night in range(1, nights + 1):
        known = [r for n in range(night) for r in of_night[n]]
        for _ in range(40):
            row, other = dict(rng.choice(known)), rng.choice(everything)
            kind = rng.randrange(4)
            if kind == 0:  # says more
                row["phone"], row["birth"] = "03-1234-%04d" % rng.randrange(10000), ""
            elif kind == 1:  # another person under the same id
                row = dict(other, record_id=row["record_id"], source=row["source"])
            elif kind == 2:  # a repeat
                row = dict(row, record_id="again%d" % rng.randrange(100000))
            of_night[night].append(row)
    return [write(folder / f"night{n}.csv", header, lines) for n, lines in enumerate(of_night)]


def expected_changes(before, after):
    """What changes.csv should say, from the two partitions alone."""
    def members(of):
        groups = defaultdict(set)
        for key, cluster in of.items():
            groups[cluster].add(key)
        return groups
    changes = {}
    for key in before.keys() - after.keys():
        changes[key] = ("gone", before[key], "")
    old, new = members(before), members(after)
    for key, cluster in after.items():
        known = {k for k in new[cluster] if k in before}
        if key not in before:
            changes[key] = ("joined" if known else "new", "", cluster)
            continue
        split = any(after[k] != cluster for k in old[before[key]] if k in after)
        joined = any(before[k] != before[key] for k in known)
        if split or joined or before[key] != cluster:
            what = "moved" if split and joined else "split" if split else "joined" if joined else "renamed"
            changes[key] = (what, before[key], cluster)
    return changes


def told_changes(folder):
    return {(r["source"], r["record_id"]): (r["change"], r["cluster_id_before"], r["cluster_id"])
            for r in rows(folder / "changes.csv")}


class Update(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.dir = Path(cls.temp.name)
        run("generate", "--persons", 2500, "--seed", 11, "--dirt", 2, "--output", cls.dir / "region")
        cls.nights = nights_of(cls.dir, cls.dir / "region", 3, 7)
        cls.base = cls.dir / "base"
        done = run("dedupe", cls.nights[0], "--keep-index", "--output", cls.base, *TODAY)
        assert done.returncode in (0, 1), done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.temp.cleanup()

    def setUp(self):
        self.out = self.dir / "out"
        shutil.rmtree(self.out, ignore_errors=True)

    def update(self, *args):
        done = run("update", *args)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done

    def test_night_after_night_equals_one_run(self):
        previous = self.base
        for n in range(1, len(self.nights)):
            out = self.dir / f"run{n}"
            self.update(self.nights[n], "--previous", previous, "--output", out)
            whole = self.dir / f"whole{n}"
            done = run("dedupe", *self.nights[:n + 1], "--model", self.base / "model.json", "--output", whole, *TODAY)
            self.assertIn(done.returncode, (0, 1), done.stderr)
            self.assertEqual((out / "clusters.csv").read_bytes(), (whole / "clusters.csv").read_bytes(), f"night {n}")
            changes = told_changes(out)
            self.assertEqual(changes, expected_changes(clusters(previous), clusters(out)))
            self.assertLessEqual({"new", "joined"}, {c[0] for c in changes.values()})
            told = json.loads((out / "summary.json").read_text())
            self.assertEqual(sum(told["changes"].values()), len(changes))
            self.assertEqual(told["clusters"], json.loads((whole / "summary.json").read_text())["clusters"])
            mine = {tuple(r.values()) for r in rows(out / "links.csv")}
            self.assertLessEqual(mine, {tuple(r.values()) for r in rows(whole / "links.csv")})
            # What was said is there for those who ask, whichever night it came.
            key = next(f"{s}:{i}" for (s, i), c in changes.items() if c[0] == "joined" and not c[1])
            other = next(f"{s}:{i}" for (s, i) in clusters(out))
            one = run("explain", key, other, "--run", out)
            self.assertEqual(one.returncode, 0, one.stderr)
            self.assertEqual(one.stdout, run("explain", key, other, "--run", whole).stdout)
            modes = {stat.S_IMODE(p.stat().st_mode) for p in (out / "state").iterdir()}
            self.assertEqual(modes, {0o600})
            previous = out

    def test_in_place_and_dry_run(self):
        shutil.copytree(self.base, self.out)
        before = {p: p.read_bytes() for p in self.out.rglob("*") if p.is_file()}
        dry = run("update", self.nights[1], "--previous", self.out, "--output", self.out, "--dry-run")
        self.assertEqual(dry.returncode, 0, dry.stderr)
        self.assertIn(b"were known", dry.stdout)
        refused = run("update", self.nights[1], "--previous", self.out, "--output", self.out)
        self.assertEqual(refused.returncode, 2)
        self.assertIn(b"--force", refused.stderr)
        self.assertEqual({p: p.read_bytes() for p in self.out.rglob("*") if p.is_file()}, before)
        self.update(self.nights[1], "--previous", self.out, "--output", self.out, "--force")
        other = self.dir / "elsewhere"
        self.update(self.nights[1], "--previous", self.base, "--output", other)
        self.assertEqual((self.out / "clusters.csv").read_bytes(), (other / "clusters.csv").read_bytes())

    def test_refuses_what_it_cannot_go_on_from(self):
        def spoilt(change):
            shutil.rmtree(self.out, ignore_errors=True)
            shutil.copytree(self.base, self.out)
            change(self.out)
            done = run("update", self.nights[1], "--previous", self.out, "--output", self.dir / "never")
            self.assertFalse((self.dir / "never" / "summary.json").exists())
            return done

        def rewrite(path, change):
            path.write_bytes(change(path.read_bytes()))

        cases = [
            (lambda d: (d / "state" / "index.json").unlink(), b"--keep-index"),
            (lambda d: rewrite(d / "model.json", lambda b: b + b"\n"), b"model.json was changed"),
            (lambda d: rewrite(d / "state" / "index-keys.bin", lambda b: b[:-8]), b"index-keys.bin"),
            (lambda d: (d / "state" / "index-rows.bin").unlink(), b"index-rows.bin"),
            (lambda d: rewrite(d / "state" / "index-node_of.bin", lambda b: b"\xff" * len(b)), b"damaged"),
            (lambda d: rewrite(d / "state" / "index-key_begin.bin", lambda b: b"\xff" * len(b)), b"damaged"),
            (lambda d: rewrite(d / "state" / "index.json", lambda b: b.replace(b'"version": "', b'"version": "9')),
             b"another version"),
            (lambda d: rewrite(d / "state" / "index.json", lambda b: b[:100]), b"index"),
            (lambda d: (d / "summary.json").unlink(), b"did not finish"),
            (lambda d: shutil.rmtree(d / "state"), b"has no state/"),
        ]
        for change, says in cases:
            done = spoilt(change)
            self.assertNotIn(done.returncode, (0, 1, -11, -6), says)
            self.assertIn(says, done.stderr)

    def test_a_killed_update_leaves_both_runs_whole(self):
        process = subprocess.Popen([NAYOSE, "update", self.nights[1], "--previous", self.base, "--output", self.out,
                                    "--progress"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while b"score" not in os.read(process.stderr.fileno(), 4096):
            if process.poll() is not None:
                break
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        if process.returncode == -9:
            self.assertFalse((self.out / "summary.json").exists())
        self.update(self.nights[1], "--previous", self.base, "--output", self.out, "--force")
        self.assertEqual([p.name for p in self.out.iterdir() if p.name.startswith(".")], [])

    # Small files by hand: name, then what each night says.
    HEADER = ["record_id", "source", "name", "kana", "birth", "sex", "phone"]

    def check_chain(self, nights, *options, decisions=None):
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        files = [write(self.out / f"n{n}.csv", self.HEADER, [dict(zip(self.HEADER, r)) for r in night])
                 for n, night in enumerate(nights)]
        extra = list(options)
        if decisions:
            path = self.out / "decisions.csv"
            path.write_text("record_a,source_a,record_b,source_b,decision\n" + decisions, encoding="utf-8")
            extra += ["--decisions", path]
        first = run("dedupe", files[0], "--model", self.base / "model.json", "--keep-index", "--output", self.out / "r0",
                    *TODAY, *extra)
        self.assertIn(first.returncode, (0, 1), first.stderr)
        threshold = json.loads((self.out / "r0" / "summary.json").read_text())["match_threshold"]
        for n in range(1, len(files)):
            self.update(files[n], "--previous", self.out / f"r{n - 1}", "--output", self.out / f"r{n}")
            whole = run("dedupe", *files[:n + 1], "--model", self.base / "model.json", "--output", self.out / f"w{n}", *TODAY,
                        "--match-threshold", threshold, *extra)
            self.assertIn(whole.returncode, (0, 1), whole.stderr)
            self.assertEqual((self.out / f"r{n}" / "clusters.csv").read_text(),
                             (self.out / f"w{n}" / "clusters.csv").read_text(), f"night {n}")
        return self.out / f"r{len(files) - 1}"

    TARO = ["山崎 太郎", "ヤマザキ タロウ", "1950-03-04", "M", "03-1111-2222"]
    HANAKO = ["高橋 花子", "タカハシ ハナコ", "1981-07-15", "F", "06-3333-4444"]

    def test_parts_of_an_id_come_and_are_numbered_as_in_one_run(self):
        out = self.check_chain([[["1", "H", *self.TARO], ["1#1", "H", *self.HANAKO], ["2", "H", *self.TARO]],
                                [["1", "H", *self.HANAKO]],
                                [["2#1", "H", *self.HANAKO], ["2", "H", *self.HANAKO], ["3", "G", *self.TARO]],
                                [["2#2", "H", *self.TARO]]])
        self.assertIn("1#2", {r["record_id"] for r in rows(out / "clusters.csv")})
        self.assertEqual({r["change"] for r in rows(self.out / "r1" / "changes.csv")} & {"gone"}, {"gone"})

    def test_an_id_of_too_many_persons_stays_refused(self):
        crowd = [["1", "H", "山崎 %s%s" % (a, b), "", "19%02d-03-04" % n, "M", ""] for n, (a, b) in
                 enumerate((a, b) for a in "一二三四五六七八九十" for b in "郎男雄夫助吉蔵平介作")]
        out = self.check_chain([[["2", "H", *self.TARO], ["1", "H", *self.TARO]], crowd, [["1", "H", *self.HANAKO]],
                                [["3", "H", *self.TARO]]])
        self.assertEqual({r["record_id"] for r in rows(out / "clusters.csv")}, {"2", "3"})
        self.assertEqual(len(rows(self.out / "r2" / "rejects.csv")), 1)

    def test_decisions_go_on(self):
        self.check_chain([[["1", "H", *self.TARO], ["2", "G", *self.TARO], ["3", "H", *self.HANAKO]],
                          [["0", "A", *self.TARO], ["1", "H", *self.TARO[:4], "03-9999-0000"]],
                          [["4", "G", *self.HANAKO], ["3", "H", *self.HANAKO]]],
                         decisions="1,H,2,G,different\n1,H,3,H,same\n")

    def test_safe_keeps_the_thresholds_of_the_first_run(self):
        self.check_chain([[["1", "H", *self.TARO], ["2", "G", *self.TARO]], [["0", "A", *self.TARO]]], "--preset", "safe")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
