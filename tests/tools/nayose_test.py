#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command from outside: outputs, counts, errors, exit codes."""
import csv
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from command import FILES, NAYOSE, clusters, rows, run


class WithRegion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.dir = Path(cls.temp.name)
        cls.region = cls.dir / "region"
        assert run("generate", "--persons", 3000, "--seed", 11, "--output", cls.region).returncode == 0
        cls.files = [cls.region / f for f in FILES]
        cls.out = cls.dir / "out"
        cls.done = run("dedupe", *cls.files, "--truth", cls.region / "truth.csv", "--output", cls.out,
                       "--today", "2026-11-24")

    @classmethod
    def tearDownClass(cls):
        cls.temp.cleanup()


class Dedupe(WithRegion):
    def test_outputs_and_columns(self):
        self.assertEqual(self.done.returncode, 0, self.done.stderr.decode() + self.done.stdout.decode())
        want = {
            "clusters.csv": "record_id,source,cluster_id",
            "links.csv": "record_a,source_a,record_b,source_b,match_weight,match_probability,decision",
            "review.csv": "record_a,source_a,record_b,source_b,match_weight,match_probability,reason,priority,case",
            "rejects.csv": "file,line,field,reason",
            "findings.csv": "source,record_id,file,line,field,finding",
        }
        for name, header in want.items():
            self.assertEqual((self.out / name).read_text(encoding="utf-8").split("\n")[0], header)
        self.assertFalse(list(self.out.glob("*.partial")))
        self.assertEqual((self.out / "state").stat().st_mode & 0o777, 0o700)
        self.assertEqual((self.out / "state/records.csv.zst").stat().st_mode & 0o777, 0o600)
        self.assertEqual((self.out / "model.json").stat().st_mode & 0o777, 0o600)

    def test_counts_add_up(self):
        summary = json.loads((self.out / "summary.json").read_text())
        self.assertEqual(summary["rows_read"], summary["rows_accepted"] + summary["rows_rejected"])
        self.assertEqual(summary["records"], len(rows(self.out / "clusters.csv")))
        self.assertEqual(summary["clusters"], len(set(clusters(self.out).values())))
        links = rows(self.out / "links.csv")
        self.assertEqual(summary["links_written"], len(links))
        self.assertEqual(summary["links"], summary["links_match"] + summary["links_review"])
        labels = clusters(self.out)
        for link in links:
            same = labels[link["source_a"], link["record_a"]] == labels[link["source_b"], link["record_b"]]
            self.assertEqual(link["decision"], "match" if same else "review")
        review = rows(self.out / "review.csv")
        self.assertEqual(summary["review_items"], len(review))
        self.assertEqual(summary["review_cases"], len({r["case"] for r in review}))
        self.assertEqual([r["case"] for r in review], sorted((r["case"] for r in review), key=int))
        listed = {(r["record_a"], r["record_b"]) for r in review}
        self.assertTrue(all((x["record_a"], x["record_b"]) in listed for x in links if x["decision"] == "review"))

    def test_links_hold_clusters_together(self):
        every = self.dir / "every"
        run("dedupe", *self.files, "--output", every, "--today", "2026-11-24", "--all-links")
        self.assertEqual((every / "clusters.csv").read_bytes(), (self.out / "clusters.csv").read_bytes())
        summary = json.loads((every / "summary.json").read_text())
        few, all_links = ([tuple(r.values()) for r in rows(d / "links.csv")] for d in (self.out, every))
        self.assertEqual(summary["links"], summary["links_written"])
        self.assertEqual(summary["links"], len(all_links))
        self.assertLess(len(few), len(all_links))
        self.assertEqual(few, [link for link in all_links if link in set(few)])
        self.assertEqual([x for x in few if x[-1] == "review"], [x for x in all_links if x[-1] == "review"])

        def groups(links, least):
            parent = {}

            def find(x):
                while parent.setdefault(x, x) != x:
                    x = parent[x]
                return x
            for a, source_a, b, source_b, weight, _, decision in links:
                if decision == "match" and float(weight) >= least:
                    parent[find((source_a, a))] = find((source_b, b))
            together = {}
            for x in list(parent):
                together.setdefault(find(x), set()).add(x)
            return sorted(sorted(group) for group in together.values())
        for least in (-100, 0, 5, 10, 20):
            self.assertEqual(groups(few, least), groups(all_links, least), least)
        # Trees: no link too many.
        matched = groups(few, -100)
        self.assertEqual(sum(x[-1] == "match" for x in few), sum(map(len, matched)) - len(matched))

    def test_evaluation_says_what_it_needs_all_links_for(self):
        out = self.dir / "judged"
        run("dedupe", *self.files, "--truth", self.region / "truth.csv", "--output", out, "--today", "2026-11-24")
        evaluation = json.loads((out / "evaluation.json").read_text())
        self.assertTrue(evaluation["all_links"])
        self.assertTrue(evaluation["thresholds"])
        done = run("evaluate", out, "--truth", self.region / "truth.csv", "--quick")
        self.assertIn("--all-links", done.stdout.decode())
        later = json.loads((out / "evaluation.json").read_text())
        self.assertFalse(later["all_links"])
        self.assertEqual(later["thresholds"], [])
        for figure in ("components_by_threshold", "review_pairs", "review_true"):
            self.assertEqual(later[figure], evaluation[figure], figure)

    def test_accuracy_of_the_evaluation(self):
        evaluation = json.loads((self.out / "evaluation.json").read_text())
        self.assertGreater(evaluation["pairs"]["f1"], 0.975)
        again = run("evaluate", self.out, "--truth", self.region / "truth.csv", "--json")
        self.assertEqual(json.loads(again.stdout)["pairs"], evaluation["pairs"])

    def test_same_partition_from_shuffled_rows_one_file_one_thread_another_charset(self):
        lines, header = [], ""
        for path in self.files:
            header, *body = path.read_text(encoding="utf-8").splitlines(keepends=True)
            lines += body
        random.Random(3).shuffle(lines)
        one = self.dir / "one.csv"
        one.write_text(header + "".join(lines), encoding="utf-8")
        done = run("dedupe", one, "--output", self.dir / "one", "--threads", 1, "--today", "2026-11-24")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(clusters(self.dir / "one"), clusters(self.out))

    def test_cp932_gives_the_same_partition(self):
        files = []
        for path in self.files:
            target = self.dir / ("sjis-" + path.name)
            target.write_bytes(path.read_text(encoding="utf-8").encode("cp932", errors="replace"))
            files.append(target)
        done = run("dedupe", *files, "--output", self.dir / "sjis", "--today", "2026-11-24")
        self.assertIn(b"CP932", done.stdout)
        ours, theirs = clusters(self.out), clusters(self.dir / "sjis")
        self.assertEqual(ours.keys(), theirs.keys())

    def test_decisions_of_a_review_list(self):
        review = rows(self.out / "review.csv")
        decided = self.dir / "decided.csv"
        with open(decided, "w", encoding="utf-8", newline="") as f:
            writer = csv.DictWriter(f, [*review[0], "decision"])
            writer.writeheader()
            for row in review:
                writer.writerow({**row, "decision": ["same", "different", ""][int(row["case"]) % 3]})
            writer.writerow({**review[0], "record_a": "nobody", "decision": "same"})
        out = self.dir / "decided"
        done = run("dedupe", *self.files, "--decisions", decided, "--output", out)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertIn(b"1 decisions name records that are not in these files", done.stdout)
        cluster = clusters(out)
        for row in review:
            a, b = (cluster[row["source_" + x], row["record_" + x]] for x in "ab")
            if int(row["case"]) % 3 < 2:
                self.assertEqual(a == b, int(row["case"]) % 3 == 0, row["reason"])
        again = {(r["record_a"], r["record_b"]) for r in rows(out / "review.csv")}
        self.assertTrue(again.isdisjoint((r["record_a"], r["record_b"])
                                         for r in review if int(r["case"]) % 3 < 2))

    def test_decisions_that_contradict_are_refused(self):
        a, b, c = list(clusters(self.out))[:3]
        decided = self.dir / "contradiction.csv"
        head = "record_a,source_a,record_b,source_b,decision\n"
        def line(x, y, d):
            return f"{x[1]},{x[0]},{y[1]},{y[0]},{d}\n"
        for body, says in (
                (line(a, b, "same") + line(b, c, "same") + line(c, a, "different"), b"contradict"),
                (line(a, b, "perhaps"), b"line 2: the decision is neither same nor different")):
            decided.write_text(head + body, encoding="utf-8")
            done = run("dedupe", *self.files, "--decisions", decided, "--output", self.dir / "c", "--force")
            self.assertEqual(done.returncode, 3)
            self.assertIn(says, done.stderr)

    def test_explain(self):
        link = rows(self.out / "links.csv")[0]
        names = [f"{link['source_a']}:{link['record_a']}", f"{link['source_b']}:{link['record_b']}"]
        text = run("explain", *names, "--run", self.out)
        self.assertEqual(text.returncode, 0, text.stderr)
        self.assertIn(f"match weight {float(link['match_weight']):.3f}", text.stdout.decode())
        chart = self.dir / "why.svg"
        data = json.loads(run("explain", *names, "--run", self.out, "--json", "--chart", chart).stdout)
        self.assertAlmostEqual(data["match_weight"], float(link["match_weight"]), places=3)
        self.assertIn("<svg", chart.read_text() if run("explain", *names, "--run", self.out, "--chart", chart).returncode == 0 else "")
        self.assertEqual(run("explain", "nobody", names[0], "--run", self.out).returncode, 2)

    def test_a_saved_model_repeats_the_run(self):
        done = run("dedupe", *self.files, "--model", self.out / "model.json", "--output", self.dir / "again",
                   "--today", "2026-11-24")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(clusters(self.dir / "again"), clusters(self.out))

    def test_train_and_share(self):
        model = self.dir / "m.json"
        self.assertEqual(run("train", *self.files, "--model", model, "--shareable").returncode, 0)
        self.assertTrue(json.loads(model.read_text())["shareable"])

    def test_an_output_is_not_overwritten_unasked(self):
        again = run("dedupe", *self.files, "--output", self.out)
        self.assertEqual(again.returncode, 2)
        self.assertIn(b"--force", again.stderr)

    def test_dry_run_writes_nothing(self):
        done = run("dedupe", *self.files, "--output", self.dir / "dry", "--dry-run")
        self.assertEqual(done.returncode, 0)
        self.assertFalse((self.dir / "dry").exists())
        self.assertRegex(done.stdout, rb"forecast: [\d.]+ s on \d+ threads, [\d.]+ million candidate pairs\n"
                                      rb"forecast: \d+ MB of memory of the [\d.]+ GB it may take\n")
        tight = run("dedupe", *self.files, "--output", self.dir / "dry", "--dry-run", "--memory", "10M")
        self.assertRegex(tight.stdout, rb"it may take 10 MB of memory and needs at least \d+ MB; give --memory \d+M or more")
        linked = run("link", self.files[0], "--reference", *self.files[1:], "--output", self.dir / "dry", "--dry-run")
        self.assertEqual(linked.returncode, 0)
        self.assertFalse((self.dir / "dry").exists())
        of_pairs = rb"forecast: [\d.]+ s on \d+ threads, ([\d.]+) million candidate pairs\n"
        self.assertRegex(linked.stdout, of_pairs)
        across, all_pairs = (float(re.search(of_pairs, said.stdout)[1]) for said in (linked, done))
        self.assertLessEqual(across, all_pairs)  # in hundredths of a million

    def test_normalize_and_profile(self):
        shown = run("normalize", input="渡邊　太郎\n".encode())
        self.assertIn("渡辺 | 太郎", shown.stdout.decode())
        shown = run("normalize", input="name,birth\n山田 太郎,S55.1.2\n".encode())
        self.assertIn("1980-01-02", shown.stdout.decode())
        self.assertIn("birth", run("profile", self.files[0]).stdout.decode())

    def test_link_to_a_reference(self):
        done = run("link", self.files[1], "--reference", self.files[0], "--output", self.dir / "link")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        for link in rows(self.dir / "link/links.csv"):
            self.assertTrue(link["source_a"].startswith("C"))
            self.assertTrue(link["source_b"].startswith("H"))


class BadInput(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.dir = Path(self.temp.name)

    def tearDown(self):
        self.temp.cleanup()

    def dedupe(self, data, *more):
        path = self.dir / "in.csv"
        path.write_bytes(data)
        return run("dedupe", path, "--output", self.dir / "out", "--force", *more)

    def test_files_that_are_refused(self):
        for note, data, message in [
                ("empty", b"", "empty"),
                ("no id column", b"a,b\n1,2\n", "record_id"),
                ("nul", b"\0" * 100, "NUL"),
                ("a million columns", b"record_id" + b"," * 1000000 + b"\n", "columns"),
                ("utf-16", "record_id,name\n1,\n".encode("utf-16"), "UTF-16"),
                ("cut gzip", b"\x1f\x8b\x08\x00", "damaged")]:
            done = self.dedupe(data)
            self.assertEqual(done.returncode, 3, note)
            self.assertIn(message, done.stderr.decode(), note)
            self.assertFalse((self.dir / "out/summary.json").exists(), note)

    def test_rows_that_are_rejected(self):
        data = b"record_id,name,birth\n" + b"1,a,1980-01-02\n" + b"2,\"open,1\n" + b"3,x\n" + \
            b"4," + b"x" * (10 << 20) + b",1\n" + b"5,a\0b,1\n" + b"6,\xff\xfe\x81,1980-13-45\n"
        done = self.dedupe(data)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual([int(r["line"]) for r in rows(self.dir / "out/rejects.csv")], [3, 4, 5, 6])
        summary = json.loads((self.dir / "out/summary.json").read_text())
        self.assertEqual((summary["rows_read"], summary["rows_accepted"]), (6, 2))

    def test_wrong_encoding_told(self):
        done = self.dedupe("record_id,name\n1,山田 太郎\n".encode("cp932"), "--encoding", "UTF-8")
        self.assertIn(done.returncode, (0, 1))
        self.assertIn("unreadable characters", done.stdout.decode())
        self.assertEqual(self.dedupe(b"record_id,name\n1,\n", "--encoding", "klingon").returncode, 2)

    def write(self, name, text):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def test_text_in_the_wrong_encoding_needs_a_look(self):
        rows_of_text = "".join(f"{i},山田 太郎{i}\n" for i in range(500))
        done = self.dedupe(("record_id,name\n" + rows_of_text).encode("cp932"), "--encoding", "EUC-JP")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--encoding", done.stdout.decode())

    def test_encodings_after_pages_of_ascii_and_with_damage(self):
        ascii_rows = "".join(f"A{i},JOHN SMITH\n" for i in range(30000))
        late = ("record_id,name\n" + ascii_rows + "1,高橋 恵子\n" * 1).encode("cp932")
        self.dedupe(late)
        files = json.loads((self.dir / "out/summary.json").read_text())["files"]
        self.assertEqual((files[0]["encoding"], files[0]["malformed_characters"]), ("CP932", 0))
        cut = b"record_id,name\n" + b"".join(
            f"{i},".encode() + "山田太郎花子".encode()[:18 - i % 4 // 3] + b"\n" for i in range(400))
        self.dedupe(cut)
        files = json.loads((self.dir / "out/summary.json").read_text())["files"]
        self.assertEqual(files[0]["encoding"], "UTF-8")

    def test_lines_of_old_macintoshes(self):
        self.dedupe(b"record_id,name\r1,a b\r2,c d\r")
        self.assertEqual(len(rows(self.dir / "out/clusters.csv")), 2)

    def test_a_header_whose_quote_never_closes(self):
        done = self.dedupe('record_id,"name\n1,"小鳥遊 朔"\n'.encode())
        self.assertEqual(done.returncode, 3)
        self.assertNotIn("小鳥遊", done.stderr.decode())

    def test_file_names_in_another_encoding(self):
        path = os.path.join(os.fsencode(self.dir), b"\x8a\xb3\x8e\xd2.csv")
        with open(path, "wb") as f:
            f.write(b"record_id,name\n1,a b\n")
        done = subprocess.run([os.fsencode(NAYOSE), b"dedupe", path, b"--output", os.fsencode(self.dir / "o")],
                              capture_output=True)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        json.loads((self.dir / "o/summary.json").read_text())

    def test_two_lists_of_one_name_stay_apart(self):
        new = self.write("a/patients.csv", "record_id,name,birth\n1,小鳥遊 朔,1980-01-02\n")
        old = self.write("b/patients.csv", "record_id,name,birth\n1,渡辺 次郎,1955-05-06\n")
        self.assertIn(run("link", new, "--reference", old, "--output", self.dir / "o").returncode, (0, 1))
        got = rows(self.dir / "o/clusters.csv")
        self.assertEqual([r["list"] for r in got], ["new", "reference"])
        self.assertEqual(len({r["cluster_id"] for r in got}), 2)
        unsure = run("explain", "patients:1", "patients:1", "--run", self.dir / "o")
        self.assertEqual(unsure.returncode, 2)
        self.assertIn(b"reference:patients:1", unsure.stderr)
        self.assertEqual(run("explain", "new:patients:1", "reference:patients:1", "--run", self.dir / "o").returncode, 0)
        self.assertEqual(run("dedupe", new, old, "--output", self.dir / "d").returncode, 3)

    def test_overlays_have_ids_of_their_own(self):
        done = self.dedupe("record_id,name,birth\nx,小鳥遊 朔,1980-01-02\nx,渡辺 次郎,1955-05-06\n"
                           "x#1,佐藤 花子,1990-09-09\n".encode())
        self.assertIn(done.returncode, (0, 1))
        self.assertEqual(sorted(r["record_id"] for r in rows(self.dir / "out/clusters.csv")), ["x#1", "x#2", "x#3"])
        self.assertEqual(len({r["cluster_id"] for r in rows(self.dir / "out/clusters.csv")}), 3)
        found = [r for r in rows(self.dir / "out/findings.csv") if r["finding"] == "contradiction"]
        self.assertEqual(sorted(r["record_id"] for r in found), ["x#2", "x#3"])
        said = run("explain", "in:x#2", "in:x#3", "--run", self.dir / "out").stdout.decode()
        self.assertIn("two clusters", said)

    def test_an_id_of_everyone_is_rejected_in_good_time(self):
        data = "record_id,name,birth\n1,佐藤 花子,1990-09-09\n" + "".join(
            f"x,姓{i} 名{i},19{i % 90 + 10}-01-02\n" for i in range(5000))
        done = self.dedupe(data.encode())
        self.assertEqual(done.returncode, 1)
        summary = json.loads((self.dir / "out/summary.json").read_text())
        self.assertEqual((summary["rows_accepted"], summary["rows_rejected"]), (1, 5000))
        same = "record_id,name,birth\n" + "x,佐藤 花子,1990-09-09\n" * 5000
        self.dedupe(same.encode())
        self.assertEqual(len(rows(self.dir / "out/clusters.csv")), 1)

    def test_nothing_of_the_user_is_removed(self):
        mine = self.write("u/state/mine", "mine")
        data = self.write("in.csv", "record_id,name\n1,\n")
        for force in ([], ["--force"]):
            self.assertEqual(run("dedupe", data, "--output", self.dir / "u", *force).returncode, 2)
            self.assertTrue(mine.exists())
        self.assertIn(run("dedupe", data, "--output", self.dir / "done").returncode, (0, 1))
        for wrong in (["nosuch.csv"], [data, "--encoding", "zzz"], [data, "--truth", "nosuch"],
                      [data, "--match-threshold", "1", "--review-threshold", "3"]):
            self.assertIn(run("dedupe", *wrong, "--output", self.dir / "done", "--force").returncode, (2, 3))
            self.assertTrue((self.dir / "done/summary.json").exists(), wrong)
        self.assertEqual(run("train", data, "--model", data).returncode, 2)
        self.assertEqual(data.read_text(), "record_id,name\n1,\n")
        self.write("g/hospital.csv", "mine")
        self.assertEqual(run("generate", "--persons", 1, "--output", self.dir / "g").returncode, 2)

    def test_truth_that_does_not_fit(self):
        a = self.write("a.csv", "record_id,name\n1,佐藤 花子\n")
        b = self.write("b.csv", "record_id,name\n1,渡辺 次郎\n")
        run("dedupe", a, b, "--output", self.dir / "o")
        for truth, message in (("record_id,person_id\n1,p\n", b"source"),
                               ("record_id,source,person_id\n1,a,p\n1,a,q\n", b"another person"),
                               ("record_id,source,person_id\n1,a\n", b"columns")):
            done = run("evaluate", self.dir / "o", "--truth", self.write("t.csv", truth))
            self.assertEqual(done.returncode, 3, truth)
            self.assertIn(message, done.stderr)
        (self.dir / "o/summary.json").unlink()
        truth = self.write("t.csv", "record_id,source,person_id\n1,a,p\n1,b,q\n")
        self.assertEqual(run("evaluate", self.dir / "o", "--truth", truth).returncode, 3)
        self.assertEqual(run("explain", "a:1", "b:1", "--run", self.dir / "o").returncode, 3)

    def test_output_that_nobody_takes(self):
        data = self.write("in.csv", "record_id,name\n1,佐藤 花子\n")
        with open("/dev/full", "wb") as full:
            for command in (["profile", data], ["normalize", data]):
                self.assertEqual(subprocess.run([NAYOSE, *map(str, command)], stdout=full,
                                                stderr=subprocess.DEVNULL).returncode, 4)

    def test_thresholds_that_make_no_sense(self):
        data = self.write("in.csv", "record_id,name\n1,\n")
        for wrong in (["--match-threshold", "nan"], ["--review-threshold", "5"], ["--population", "nan"],
                      ["--seed", "-1"], ["--today", "2026-02-31"]):
            self.assertEqual(run("dedupe", data, "--output", self.dir / "o", *wrong).returncode, 2, wrong)
        self.assertEqual(run("dedupe", "-", "-", "--output", self.dir / "o", input=b"").returncode, 2)

    def test_damaged_state_is_found_out(self):
        data = self.write("in.csv", "record_id,name\n" + "".join(f"{i},佐藤 花子{i}\n" for i in range(200)))
        run("dedupe", data, "--output", self.dir / "o")
        path = self.dir / "o/state/records.csv.zst"
        damaged = bytearray(path.read_bytes())
        damaged[len(damaged) // 2] ^= 1
        path.write_bytes(damaged)
        self.assertEqual(run("explain", "in:1", "in:2", "--run", self.dir / "o").returncode, 3)

    def test_header_only_is_an_empty_run(self):
        done = self.dedupe(b"record_id,name\n")
        self.assertIn(done.returncode, (0, 1))
        self.assertEqual(rows(self.dir / "out/clusters.csv"), [])

    def test_absent_and_folder(self):
        self.assertEqual(run("dedupe", self.dir / "no.csv", "--output", self.dir / "o").returncode, 3)
        self.assertEqual(run("dedupe", self.dir, "--output", self.dir / "o").returncode, 3)

    def test_usage(self):
        self.assertEqual(run().returncode, 2)
        self.assertEqual(run("dedupe").returncode, 2)
        self.assertEqual(run("dedupe", "x", "--output", "y", "--preset", "brave").returncode, 2)
        self.assertEqual(run("--help").returncode, 0)
        for command in ("dedupe", "link", "train", "explain", "normalize", "profile", "generate", "evaluate"):
            shown = run(command, "--help")
            self.assertEqual(shown.returncode, 0)
            self.assertIn(b"nayose " + command.encode(), shown.stdout)

    def test_an_output_that_cannot_be_written(self):
        blocker = self.dir / "file"
        blocker.write_text("x")
        path = self.dir / "in.csv"
        path.write_text("record_id,name\n1,\n")
        for where in (blocker, blocker / "out", "/proc/out"):
            self.assertEqual(run("dedupe", path, "--output", where).returncode, 4)
            self.assertEqual(run("generate", "--persons", 5, "--output", where).returncode, 4)
            self.assertEqual(run("train", path, "--model", f"{where}/m").returncode, 4)
        self.assertIn(run("dedupe", path, "--output", self.dir / "o").returncode, (0, 1))
        self.assertEqual(run("explain", "1", "1", "--run", self.dir / "o", "--chart", blocker / "c.svg").returncode, 4)

    def test_a_full_disk(self):
        path = self.dir / "in.csv"
        path.write_text("record_id,name\n" + "".join(f"{i},山田 太郎\n" for i in range(3000)))
        done = subprocess.run(f"ulimit -f 4; trap '' XFSZ; exec {NAYOSE} dedupe {path} --output {self.dir / 'out'}",
                              shell=True, executable="/bin/bash", capture_output=True)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn(b"make room", done.stderr)
        # Of a run only the finished stages are left that fitted, and it says so.
        left = [p.relative_to(self.dir / "out") for p in (self.dir / "out").rglob("*") if p.is_file()]
        self.assertEqual([p for p in left if p.parts[:2] != (".nayose-partial", "stages")], [])
        self.assertEqual(bool(left), b"--resume" in done.stderr, done.stderr)

    def test_a_nonsense_model_is_refused(self):
        model = self.dir / "m.json"
        model.write_text('{"format": "libmpi-model", "version": 1}')
        done = self.dedupe(b"record_id,name\n1,\n", "--model", model)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"model:", done.stderr)

    def test_interrupted_output_is_not_mistaken_for_finished(self):
        region = self.dir / "r"
        run("generate", "--persons", 60000, "--seed", 1, "--output", region)
        process = subprocess.Popen([NAYOSE, "dedupe", *[str(region / f) for f in FILES], "--output",
                                    str(self.dir / "o")], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.wait(60)
        process.stderr.close()
        if process.returncode != 0:  # too fast to be interrupted otherwise
            self.assertEqual(process.returncode, 130)
            self.assertFalse((self.dir / "o/summary.json").exists())

    def test_messages_hold_no_demographic_values(self):
        data = "record_id,name,kana,birth,phone\n1,小鳥遊 朔,タカナシ サク,1999-99-99,1\n2,\"小鳥遊\n".encode()
        done = self.dedupe(data)
        for text in (done.stderr.decode(), done.stdout.decode(),
                     (self.dir / "out/rejects.csv").read_text(), (self.dir / "out/findings.csv").read_text()):
            self.assertNotIn("小鳥遊", text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
