#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What people say of pairs: label, train --labels, audit."""
import csv
import json
import os
import pty
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from command import FILES, NAYOSE, clusters, rows, run

HEADER = "record_a,source_a,record_b,source_b,match_weight,match_probability,stratum,sampling_weight,decision"


def write(path, table):
    with open(path, "w", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    return path


def pair(row):
    return row["source_a"], row["record_a"], row["source_b"], row["record_b"]


class Steward(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.dir = Path(cls.temp.name)
        cls.region = cls.dir / "region"
        assert run("generate", "--persons", 2000, "--seed", 12, "--output", cls.region).returncode == 0
        cls.files, cls.truth = [cls.region / f for f in FILES], cls.region / "truth.csv"
        cls.out = cls.dir / "out"
        done = run("dedupe", *cls.files, "--truth", cls.truth, "--output", cls.out, "--today", "2026-11-24")
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.temp.cleanup()

    def label(self, name, answers, *more):
        done = run("label", self.out, "--output", self.dir / name, *more, input=answers.encode())
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()

    def by_truth(self, name, *more):
        done = run("label", self.out, "--output", self.dir / name, "--truth", self.truth, *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return rows(self.dir / name)


class Label(Steward):
    def test_answers_are_written_and_taken_up_again(self):
        text = self.label("l.csv", "y\nn\n?\nu\nq\n", "--count", "20")
        self.assertIn("pair 1 of 20", text)
        self.assertIn("3 answers written", text)
        self.assertEqual((self.dir / "l.csv").read_text(encoding="utf-8").split("\n")[0], HEADER)
        first = rows(self.dir / "l.csv")
        self.assertEqual([r["decision"] for r in first], ["same", "different", "unsure"])
        self.assertEqual((self.dir / "l.csv").stat().st_mode & 0o777, 0o600)
        text = self.label("l.csv", "y\n" * 50, "--count", "20")
        self.assertIn("3 pairs are answered already", text)
        self.assertIn("pair 1 of 17", text)
        both = rows(self.dir / "l.csv")
        self.assertEqual(both[:3], first)
        self.assertEqual(len({pair(r) for r in both}), 20)
        self.assertIn("0 questions left", self.label("l.csv", "", "--count", "20"))

    def test_back_takes_an_answer_back(self):
        self.label("b.csv", "b\ny\ny\nb\nn\nq\n")
        self.assertEqual([r["decision"] for r in rows(self.dir / "b.csv")], ["same", "different"])

    def test_an_answer_cut_short_is_asked_again(self):
        self.label("c.csv", "y\ny\nq\n")
        path = self.dir / "c.csv"
        path.write_bytes(path.read_bytes()[:-7])
        cut = path.read_bytes().rsplit(b"\n", 1)[1]
        done = run("label", self.out, "--output", path, input=b"n\nq\n")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"c.csv.cut", done.stderr)
        self.assertEqual([r["decision"] for r in rows(path)], ["same", "different"])
        self.assertEqual((self.dir / "c.csv.cut").read_bytes(), cut + b"\n")

    def test_a_last_answer_without_a_line_end_is_kept(self):
        self.label("e.csv", "y\nn\nq\n")
        path = self.dir / "e.csv"
        before = path.read_bytes()
        path.write_bytes(before[:-1])
        self.assertIn("2 pairs are answered already", self.label("e.csv", "q\n"))
        self.assertEqual(path.read_bytes(), before)
        self.assertFalse((self.dir / "e.csv.cut").exists())

    def test_shows_both_records_and_no_weight(self):
        text = self.label("s.csv", "q\n")
        asked = self.by_truth("s2.csv", "--count", "200")[0]
        for side in "ab":
            self.assertIn(f"{asked['source_' + side]}:{asked['record_' + side]}", text)
        self.assertNotIn(asked["match_weight"], text)

    def test_keys_of_a_terminal(self):
        master, slave = pty.openpty()
        process = subprocess.Popen([NAYOSE, "label", self.out, "--output", self.dir / "t.csv"], stdin=slave,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.close(slave)
        said = b""
        while b"save >" not in said:  # only now it takes keys
            said += process.stdout.read1()
            self.assertIsNone(process.poll())
        os.write(master, b"ynb\x1bu\x03")  # no line ends; Ctrl-C quits
        out, err = process.communicate(timeout=300)
        os.close(master)
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual([r["decision"] for r in rows(self.dir / "t.csv")], ["same", "unsure"])

    def test_spread_over_kinds_with_honest_weights(self):
        asked = self.by_truth("w.csv", "--count", "100")
        self.assertEqual(len(asked), 100)
        near = [r for r in asked if abs(float(r["match_weight"])) < 6]
        self.assertGreater(len(near), 30)
        self.assertGreaterEqual(len({r["stratum"] for r in asked}), 10)
        # What they stand for is about all pairs that could be asked about.
        done = run("audit", self.out, "--output", self.dir / "w-audit.csv")
        self.assertEqual(done.returncode, 0)
        pairs = sum(float(r["sampling_weight"]) for r in rows(self.dir / "w-audit.csv"))
        total = sum(float(r["sampling_weight"]) for r in asked)
        self.assertGreater(total, 0.4 * pairs)
        self.assertLess(total, 2 * pairs)

    def test_refused(self):
        other = self.dir / "other.csv"
        other.write_text("a,b\n1,2\n")
        for args, code, says in (((self.out, "--output", other), 2, b"other columns"),
                                 ((self.dir / "nowhere",), 3, b"no finished run"),
                                 ((self.out, "--pairs", other, "--output", self.dir / "x.csv"), 3, b"no column record_a"),
                                 ((self.out, "--count", "0"), 2, b"")):
            done = run("label", *args, input=b"")
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(says, done.stderr)
        self.assertEqual(other.read_text(), "a,b\n1,2\n")

    def test_survives_a_run_that_replaces_the_run(self):
        out = self.dir / "again"
        run("dedupe", *self.files, "--output", out)
        run("label", out, "--count", "30", "--truth", self.truth)
        before = (out / "labels.csv").read_bytes()
        self.assertIn(run("dedupe", *self.files, "--output", out, "--force").returncode, (0, 1))
        self.assertEqual((out / "labels.csv").read_bytes(), before)


class Train(Steward):
    def test_labels_teach_and_do_no_harm(self):
        self.by_truth("all.csv", "--count", "300")
        done = run("train", *self.files, "--labels", self.dir / "all.csv", "--model", self.dir / "m.json",
                   "--today", "2026-11-24")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotEqual(json.loads((self.dir / "m.json").read_text())["classes"],
                            json.loads((self.out / "model.json").read_text())["classes"])
        f1 = {}
        for name, more in (("trained", ["--model", self.dir / "m.json"]), ("labels", ["--labels", self.dir / "all.csv"])):
            out = self.dir / name
            done = run("dedupe", *self.files, *more, "--truth", self.truth, "--output", out, "--today", "2026-11-24")
            self.assertEqual(done.returncode, 0, done.stderr)
            f1[name] = json.loads((out / "evaluation.json").read_text())["pairs"]["f1"]
        self.assertEqual(clusters(self.dir / "trained"), clusters(self.dir / "labels"))
        before = json.loads((self.out / "evaluation.json").read_text())["pairs"]["f1"]
        self.assertGreater(f1["labels"], before - 0.002)

    def test_the_order_of_labels_does_not_matter(self):
        labels = self.by_truth("order.csv", "--count", "100")
        models = []
        for name, table in (("o1", labels), ("o2", labels[::-1])):
            write(self.dir / f"{name}.csv", table)
            run("train", *self.files, "--labels", self.dir / f"{name}.csv", "--model", self.dir / f"{name}.json")
            models.append((self.dir / f"{name}.json").read_bytes())
        self.assertEqual(*models)

    def test_a_decided_review_list_is_labels_too(self):
        review = [{**r, "decision": "same" if float(r["match_weight"]) > -1 else "unsure"} for r in rows(self.out / "review.csv")]
        path = write(self.dir / "review.csv", [*review, {**review[0], "record_a": "nobody"}])
        done = run("train", *self.files, "--labels", path, "--model", self.dir / "r.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"1 decisions name records that are not in these files", done.stdout)
        self.assertIn(run("dedupe", *self.files, "--decisions", path, "--output", self.dir / "r").returncode, (0, 1))

    def test_refused(self):
        good = self.by_truth("good.csv", "--count", "3")
        for change, says in (({"decision": "maybe"}, b"line 2: the decision"), ({"sampling_weight": "-1"}, b"sampling_weight"),
                             ({"sampling_weight": "many"}, b"sampling_weight")):
            path = write(self.dir / "bad.csv", [{**good[0], "decision": "same", **change}])
            done = run("train", *self.files, "--labels", path, "--model", self.dir / "bad.json")
            self.assertEqual(done.returncode, 3)
            self.assertIn(says, done.stderr)
            self.assertFalse((self.dir / "bad.json").exists())
        done = run("dedupe", *self.files, "--labels", self.dir / "good.csv", "--model", self.out / "model.json",
                   "--output", self.dir / "x")
        self.assertEqual(done.returncode, 2)


class Audit(Steward):
    def audit(self, seed, count=200):
        path = self.dir / f"audit{seed}.csv"
        done = run("audit", self.out, "--seed", seed, "--count", count, "--output", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        return rows(path)

    def answered(self, seed):
        self.audit(seed)
        self.by_truth(f"answers{seed}.csv", "--pairs", self.dir / f"audit{seed}.csv")
        return self.dir / f"answers{seed}.csv"

    def estimate(self, path):
        done = run("audit", self.out, "--answers", path, "--json")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return json.loads(done.stdout), done.returncode

    def test_a_stratified_sample_without_values(self):
        table = self.audit(1)
        self.assertEqual(list(table[0]), HEADER.split(","))
        self.assertEqual(len({pair(r) for r in table}), len(table))
        self.assertTrue(all(r["decision"] == "" for r in table))
        cluster = clusters(self.out)
        for r in table:
            same = cluster[r["source_a"], r["record_a"]] == cluster[r["source_b"], r["record_b"]]
            self.assertEqual(r["stratum"].startswith("found_"), same)
        self.assertTrue(any(r["stratum"].startswith("apart_-10") for r in table))
        # Of every stratum the sample stands for the whole.
        told = {s["stratum"]: s["pairs"] for s in self.estimate(self.answered(1))[0]["strata"]}
        stood = {}
        for r in table:
            stood[r["stratum"]] = stood.get(r["stratum"], 0) + float(r["sampling_weight"])
        self.assertEqual(stood.keys(), told.keys())
        for name, pairs in told.items():
            self.assertAlmostEqual(stood[name] / pairs, 1, places=4)
        names = {r["name"].strip() for r in rows(self.files[0]) if len(r["name"]) > 3}
        text = (self.dir / "audit1.csv").read_text(encoding="utf-8")
        self.assertFalse([n for n in names if n in text])
        done = run("audit", self.out, "--with-values", "--output", self.dir / "v.csv")
        self.assertEqual(done.returncode, 0)
        self.assertTrue(any(r["family_name_a"] for r in rows(self.dir / "v.csv")))
        self.assertEqual((self.dir / "v.csv").stat().st_mode & 0o777, 0o600)

    def test_many_repeats_of_one_record(self):
        with open(self.files[1], encoding="utf-8", newline="") as f:
            table = list(csv.reader(f))
        path, out = self.dir / "repeats.csv", self.dir / "repeats"
        column = next(i for i, name in enumerate(table[0]) if name in ("record_id", "id", "patient_id"))
        with open(path, "w", encoding="utf-8", newline="") as f:
            writer = csv.writer(f)
            writer.writerow(table[0])
            for k in range(3000):
                writer.writerow([f"R{k}" if i == column else v for i, v in enumerate(table[1])])
        self.assertIn(run("dedupe", path, "--output", out, "--model", self.out / "model.json").returncode, (0, 1))
        self.assertEqual(len(set(clusters(out).values())), 1)
        self.assertEqual(run("audit", out, "--output", self.dir / "repeats-audit.csv").returncode, 0)
        table = rows(self.dir / "repeats-audit.csv")
        # All are compared; those beyond the thirtieth stand there with their first only.
        self.assertEqual({r["stratum"] for r in table}, {"found_20_and_more"})
        self.assertAlmostEqual(sum(float(r["sampling_weight"]) for r in table), 30 * 29 / 2 + 2970, delta=1)

    def test_does_not_replace_answers(self):
        self.audit(30, 20)
        path = self.dir / "audit30.csv"
        self.audit(30, 20)  # nothing is filled in yet
        table = rows(path)
        table[3]["decision"] = "different"
        filled = write(path, table).read_bytes()
        for words, text in ((b"1 answers", filled), (b"no file of an audit", b"name,age\nx,3\n")):
            path.write_bytes(text)
            done = run("audit", self.out, "--output", path)
            self.assertEqual(done.returncode, 2)
            self.assertIn(words, done.stderr)
            self.assertEqual(path.read_bytes(), text)
        self.assertEqual(run("audit", self.out, "--output", path, "--force").returncode, 0)
        self.assertTrue(all(r["decision"] == "" for r in rows(path)))

    def test_intervals_hold_the_truth(self):
        actual = json.loads((self.out / "evaluation.json").read_text())["pairs"]
        held = {"precision": 0, "recall": 0}
        for seed in range(1, 6):
            told, code = self.estimate(self.answered(seed))
            self.assertEqual(code, 0)
            for name in held:
                held[name] += told[name]["low"] <= actual[name] <= told[name]["high"]
                self.assertLess(told[name]["high"] - told[name]["low"], 0.1)
        self.assertGreaterEqual(min(held.values()), 4)

    def test_a_filled_in_spreadsheet_and_what_it_lacks(self):
        path = self.answered(20)
        full, _ = self.estimate(path)
        table = rows(path)
        some = write(self.dir / "some.csv", [{**r, "decision": "" if i % 2 else r["decision"]} for i, r in enumerate(table)])
        half, _ = self.estimate(some)
        self.assertEqual(half["unsure"], len(table) // 2)
        self.assertGreater(half["precision"]["high"] - half["precision"]["low"],
                           full["precision"]["high"] - full["precision"]["low"])
        none, code = self.estimate(write(self.dir / "none.csv", [r for r in table if r["stratum"] != "found_20_and_more"]))
        self.assertEqual(code, 1)
        self.assertLess(none["precision"]["low"], 0.9)

    def test_answers_that_were_not_drawn_are_refused(self):
        review = rows(self.out / "review.csv")
        write(self.dir / "review.csv", [{**r, "decision": "same"} for r in review])
        self.by_truth("labels.csv", "--count", "50")
        for name in ("review.csv", "labels.csv"):
            done = run("audit", self.out, "--answers", self.dir / name)
            self.assertEqual(done.returncode, 3)
            self.assertIn(b"not drawn at random", done.stderr)

    def test_no_answers_and_contradictory_ones_are_refused(self):
        self.audit(40, 30)
        path = self.dir / "audit40.csv"
        empty = run("audit", self.out, "--answers", path)
        self.assertEqual(empty.returncode, 3)
        self.assertIn(b"no link is answered", empty.stderr)
        answered = Path(self.answered(41))
        lines = answered.read_text(encoding="utf-8").splitlines()
        swap = {"same": "different", "different": "same"}
        other = [line.rsplit(word, 1)[0] + swap[word] + line.rsplit(word, 1)[1]
                 for line in lines[1:6] for word in [next(w for w in ("different", "same") if w in line)]]
        both = self.dir / "both.csv"
        both.write_text("\n".join(lines + other) + "\n", encoding="utf-8")
        done = run("audit", self.out, "--answers", both)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"once as same and once as different", done.stderr)

    def test_text_says_what_it_cannot_see(self):
        text = run("audit", self.out, "--answers", self.answered(21)).stdout.decode()
        for part in ("precision", "recall", "blocking never met", "95 % intervals"):
            self.assertIn(part, text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
