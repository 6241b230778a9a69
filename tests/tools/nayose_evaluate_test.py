#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""nayose evaluate: runs and other tools' clusterings judged alike."""
import csv
import json
import sys
import tempfile
import unittest
from pathlib import Path

from command import FILES, clusters, rows, run


def write_csv(path, header, body):
    with open(path, "w", encoding="utf-8", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(header)
        writer.writerows(body)
    return path


class Region(unittest.TestCase):
    """One region, linked twice: as the balanced preset does, and at a higher threshold."""

    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.dir = Path(cls.temp.name)
        cls.region = cls.dir / "region"
        run("generate", "--persons", 3000, "--seed", 3101, "--output", cls.region)
        files = [cls.region / f for f in FILES]
        cls.truth = cls.region / "truth.csv"
        cls.out, cls.strict = cls.dir / "out", cls.dir / "strict"
        for out, more in ((cls.out, []), (cls.strict, ["--match-threshold", 9])):
            done = run("dedupe", *files, "--output", out, "--today", "2026-11-24", "--all-links", *more)
            assert done.returncode in (0, 1), done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.temp.cleanup()

    def judge(self, *args):
        done = run("evaluate", *args, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_a_run_and_its_clusters_are_judged_alike(self):
        ours = self.judge(self.out, "--truth", self.truth)
        theirs = self.judge("--clusters", self.out / "clusters.csv", "--truth", self.truth)
        for figure in ("pairs", "b_cubed", "exact", "merge_distance", "variation_of_information"):
            self.assertEqual(ours[figure], theirs[figure], figure)
        self.assertEqual(ours["splits"] + ours["merges"], ours["merge_distance"]["value"])
        self.assertEqual([p["match_weight"] for p in ours["thresholds"]],
                         [p["match_weight"] for p in ours["components_by_threshold"]])

    def test_records_missing_and_unknown_are_counted(self):
        body = [[r["source"], r["record_id"], r["cluster_id"]] for r in rows(self.out / "clusters.csv")]
        size = {}
        for row in body:
            size[row[2]] = size.get(row[2], 0) + 1
        # As tools do that write clusters of two and more only.
        kept = [row for row in body if size[row[2]] > 1]
        path = write_csv(self.dir / "kept.csv", ["source", "record_id", "cluster_id"],
                         [*kept, ["H01", "nobody", "x"]])
        whole = self.judge("--clusters", self.out / "clusters.csv", "--truth", self.truth)
        partly = self.judge("--clusters", path, "--truth", self.truth)
        self.assertEqual(partly["records_missing"], len(body) - len(kept))
        self.assertEqual(partly["records_without_truth"], 1)
        self.assertEqual(partly["pairs"]["f1"], whole["pairs"]["f1"])
        self.assertEqual(partly["exact"]["f1"], whole["exact"]["f1"])
        out = self.judge("--clusters", path, "--truth", self.truth, "--missing", "out")
        self.assertEqual(out["records"], len(kept))
        text = run("evaluate", "--clusters", path, "--truth", self.truth).stdout.decode()
        self.assertIn("1 records are not in the truth file", text)
        self.assertIn("count as alone", text)

    def test_a_sample_of_persons(self):
        truth = rows(self.truth)
        chosen = [[r["source"], r["record_id"], r["person_id"], 2] for r in truth if int(r["person_id"]) % 3 == 0]
        sample = write_csv(self.dir / "sample.csv", ["source", "record_id", "person_id", "weight"], chosen)
        everybody = self.judge(self.out, "--truth", self.truth)
        persons = self.judge(self.out, "--truth", sample, "--sampled", "persons")
        self.assertEqual(persons["pairs"], self.judge(self.out, "--truth", sample, "--sampled", "weights")["pairs"])
        self.assertAlmostEqual(persons["pairs"]["f1"], everybody["pairs"]["f1"], delta=0.01)
        # Judged as if it were all, nothing merged with somebody outside the sample is seen as wrong.
        naive = self.judge(self.out, "--truth", sample)
        self.assertGreaterEqual(naive["pairs"]["precision"], persons["pairs"]["precision"])
        done = run("evaluate", self.out, "--truth", self.truth, "--sampled", "weights")
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"weight", done.stderr)

    def test_errors_by_kind(self):
        judged = self.judge(self.strict, "--truth", self.truth)
        errors = rows(self.strict / "errors.csv")
        wrong = [e for e in errors if e["error"] == "wrong"]
        missed = [e for e in errors if e["error"] == "missed"]
        self.assertEqual(len(wrong), judged["found_pairs"] - judged["correct_pairs"])
        self.assertEqual(len(missed), judged["missed_pairs"])
        self.assertEqual(judged["errors"]["missed_pairs_seen"], len(missed))
        self.assertEqual(sum(judged["errors"]["wrong"].values()), len(wrong))
        for kind, stages in judged["errors"]["missed"].items():
            for stage, count in stages.items():
                self.assertEqual(count, sum(e["kind"] == kind and e["stage"] == stage for e in missed), (kind, stage))
        person = {(r["source"], r["record_id"]): r["person_id"] for r in rows(self.truth)}
        labels = clusters(self.strict)
        links = {(r["source_a"], r["record_a"], r["source_b"], r["record_b"]): r["match_weight"]
                 for r in rows(self.strict / "links.csv")}
        for e in errors:
            a, b = (e["source_a"], e["record_a"]), (e["source_b"], e["record_b"])
            self.assertEqual(person[a] == person[b], e["error"] == "missed")
            self.assertEqual(labels[a] == labels[b], e["error"] == "wrong")
            # The weight is the run's own.
            self.assertEqual(links.get(a + b, e["match_weight"]), e["match_weight"])
            if e["stage"] == "below_threshold":
                self.assertLess(float(e["match_weight"]), 9)
        self.assertTrue(any(e["stage"] == "below_threshold" for e in missed))
        # Levels, not values.
        names = {r["true_family_name"] for r in rows(self.truth)}
        text = (self.strict / "errors.csv").read_text(encoding="utf-8")
        self.assertFalse([n for n in names if n and n in text])

    def test_blocking_and_calibration(self):
        judged = self.judge(self.out, "--truth", self.truth, "--calibration")
        blocking = judged["blocking"]
        self.assertEqual(blocking["true_pairs"], judged["true_pairs"])
        self.assertGreater(blocking["recall"]["value"], 0.99)
        self.assertGreater(blocking["reduction_ratio"], 0.99)
        calibration = judged["calibration"]
        self.assertLess(calibration["all"]["expected_calibration_error"], 0.1)
        self.assertEqual(sum(b["pairs"] for b in calibration["all"]["bins"]), calibration["all"]["pairs"])
        summary = json.loads((self.out / "summary.json").read_text())
        self.assertGreaterEqual(blocking["candidate_pairs"], summary["candidate_pairs"])
        self.assertNotIn("blocking", self.judge(self.out, "--truth", self.truth, "--quick"))

    def test_errors_of_another_tool_by_a_run(self):
        alone = write_csv(self.dir / "alone.csv", ["source", "record_id", "cluster_id"],
                          [[r["source"], r["record_id"], i] for i, r in enumerate(rows(self.out / "clusters.csv"))])
        before = (self.out / "clusters.csv").read_bytes(), sorted(p.name for p in self.out.iterdir())
        judged = self.judge(self.out, "--clusters", alone, "--truth", self.truth)
        self.assertEqual(judged["pairs"]["recall"], 0)
        self.assertEqual(judged["errors"]["missed_pairs_seen"], judged["true_pairs"])
        self.assertEqual(((self.out / "clusters.csv").read_bytes(), sorted(p.name for p in self.out.iterdir())), before)

    def test_a_run_without_state(self):
        out = self.dir / "nostate"
        run("dedupe", self.region / FILES[0], "--output", out, "--no-state")
        done = run("evaluate", out, "--truth", self.truth)
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"nothing is said of blocking", done.stderr)
        self.assertEqual(run("evaluate", out, "--truth", self.truth, "--calibration").returncode, 3)
        # By its spanning links alone most weights of pairs that changed are not known.
        every = self.dir / "every"
        run("dedupe", self.region / FILES[0], "--output", every, "--no-state", "--all-links", "--match-threshold", 9)
        compared = run("evaluate", out, "--against", every)
        self.assertEqual(compared.returncode, 0, compared.stderr)
        self.assertEqual(compared.stderr.count(b"--all-links"), 1, compared.stderr)
        self.assertIn(b"nostate has no state/ and not all links", compared.stderr)

    def test_a_link_run(self):
        out = self.dir / "linked"
        done = run("link", self.region / FILES[1], "--reference", self.region / FILES[0], "--output", out)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        judged = self.judge(out, "--truth", self.truth)
        self.assertEqual(judged["blocking"]["true_pairs"], judged["true_pairs"])
        self.assertEqual(judged["errors"]["missed_pairs_seen"], judged["missed_pairs"])

    def test_what_changed_between_two_runs(self):
        changes = self.dir / "changes"
        args = ["evaluate", self.out, "--against", self.strict, "--truth", self.truth, "--output", changes]
        done = run(*args)
        self.assertEqual(done.returncode, 0, done.stderr)
        got = json.loads((changes / "comparison.json").read_text())
        self.assertEqual(json.loads(run(*args, "--json").stdout), got)
        cases = ("unchanged", "merged", "partitioned", "overlapping")
        self.assertEqual(sum(got[c]["clusters"] for c in cases), got["clusters_before"])
        self.assertEqual(sum(got[c]["records"] for c in cases), got["records"])
        # A lower threshold of the same weights links, and hardly ever parts.
        self.assertGreater(got["merged"]["clusters"], 0)
        self.assertGreater(got["linked"]["pairs"], 10 * got["parted"]["pairs"])
        before, now = clusters(self.strict), clusters(self.out)
        person = {(r["source"], r["record_id"]): r["person_id"] for r in rows(self.truth)}
        linked = rows(changes / "linked_pairs.csv")
        self.assertEqual(len(linked), got["linked"]["pairs"])
        for pair in linked:
            a, b = (pair["source_a"], pair["record_a"]), (pair["source_b"], pair["record_b"])
            self.assertEqual((before[a] == before[b], now[a] == now[b]), (False, True))
            self.assertEqual(pair["right"], "yes" if person[a] == person[b] else "no")
            # Both learned the same model.
            self.assertEqual(pair["match_weight_before"], pair["match_weight_now"])
            self.assertEqual(pair["changed_most"], "")
            self.assertIn(pair["why"], ("threshold", "other_records"))
            if pair["why"] == "threshold":
                self.assertTrue(0 <= float(pair["match_weight_now"]) < 9, pair)
        self.assertEqual(sum(p["right"] == "yes" for p in linked), got["linked"]["right"])
        changed = rows(changes / "changed_clusters.csv")
        self.assertEqual(len(changed), got["clusters_before"] - got["unchanged"]["clusters"])
        self.assertTrue({c["cluster_before"] for c in changed} <= set(before.values()))

    def test_calibration_by_labels_is_a_part_of_its_own(self):
        model = json.loads((self.out / "model.json").read_text(encoding="utf-8"))
        model["calibration"] = {"intercept": 4, "slope": 1, "low": -5, "high": 5}
        path, out, changes = self.dir / "calibrated.json", self.dir / "calibrated", self.dir / "changes-calibrated"
        path.write_text(json.dumps(model), encoding="utf-8")
        done = run("dedupe", *[self.region / f for f in FILES], "--model", path, "--output", out, "--today", "2026-11-24")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertEqual(run("evaluate", out, "--against", self.out, "--output", changes).returncode, 0)
        told = {p["changed_most"] for p in rows(changes / "linked_pairs.csv")}
        self.assertIn("labels +4.000", told)
        self.assertFalse([t for t in told if t.startswith("other classes")])

    def test_another_model_changes_weights(self):
        default, changes = self.dir / "default", self.dir / "changes-model"
        run("train", self.region / FILES[0], "--model", self.dir / "small.json", "--today", "2026-11-24")
        files = [self.region / f for f in FILES]
        done = run("dedupe", *files, "--model", self.dir / "small.json", "--output", default, "--today", "2026-11-24")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertEqual(run("evaluate", default, "--against", self.strict, "--output", changes).returncode, 0)
        pairs = rows(changes / "linked_pairs.csv") + rows(changes / "parted_pairs.csv")
        self.assertTrue(any(p["why"] == "weight" and p["changed_most"] for p in pairs))
        self.assertEqual({p["right"] for p in pairs}, {""})
        values = {r["name"] for r in rows(files[0])} - {""}
        text = (changes / "linked_pairs.csv").read_text(encoding="utf-8")
        self.assertFalse([v for v in values if v in text])

    def test_any_clustering_can_be_compared(self):
        other = write_csv(self.dir / "other.csv", ["source", "record_id", "cluster_id"],
                          [[r["source"], r["record_id"], "x" + r["cluster_id"]] for r in rows(self.out / "clusters.csv")][1:])
        for args in ([self.out, "--against", other], ["--clusters", other, "--against", self.out]):
            got = self.judge(*args)
            self.assertEqual(got["unchanged"]["records"], got["records"])
            self.assertEqual(got["only_before"] + got["only_now"], 1)
            self.assertEqual(got["linked"], {"pairs": 0, "listed": 0})
        strange = write_csv(self.dir / "strange.csv", ["record_id", "cluster_id"], [["nobody", 1]])
        self.assertEqual(run("evaluate", "--clusters", strange, "--against", other).returncode, 3)
        for wrong in (["--against", other], [self.out, "--clusters", other, "--against", other],
                      [self.out, "--against", other, "--quick"], [self.out],
                      [self.out, "--truth", self.truth, "--output", "x"]):
            self.assertEqual(run("evaluate", *wrong).returncode, 2, wrong)
        self.assertEqual(run("evaluate", self.out, "--against", self.dir / "nosuch").returncode, 3)

    def test_clusterings_that_make_no_sense(self):
        def judge(text, truth="record_id,person_id\n1,p\n2,p\n"):
            (self.dir / "c.csv").write_text(text, encoding="utf-8")
            (self.dir / "t.csv").write_text(truth, encoding="utf-8")
            return run("evaluate", "--clusters", self.dir / "c.csv", "--truth", self.dir / "t.csv")

        for text, message in (("record_id,cluster_id\n1,a\n1,a\n", b"line 3: names the record of line 2 again"),
                              ("record_id,cluster_id\n\n1,\n", b"line 3: has no cluster_id"),
                              ("record_id,cluster_id\n,a\n", b"line 2: has no record_id"),
                              ("record_id,group\n1,a\n", b"no column cluster_id"),
                              ("record_id,source,cluster_id\n1,x,a\n1,y,a\n", b"needs a source column"),
                              ("record_id,cluster_id\n8,a\n", b"knows none"),
                              ("", b"is empty")):
            done = judge(text)
            self.assertEqual(done.returncode, 3, text)
            self.assertIn(message, done.stderr)
        two_sources = "record_id,source,person_id\n1,x,p\n1,y,q\n"
        self.assertIn(b"c.csv: needs a source column", judge("record_id,cluster_id\n1,a\n", two_sources).stderr)
        self.assertEqual(judge("record_id,cluster_id\n1,a\n2,a\n").returncode, 0)
        for bad in ("0", "-1", "x", "nan", ""):
            done = judge("record_id,cluster_id\n1,a\n", f"record_id,person_id,weight\n1,p,{bad}\n")
            self.assertEqual(done.returncode, 3, bad)

    def test_usage(self):
        self.assertEqual(run("evaluate", "--truth", self.truth).returncode, 2)
        self.assertEqual(run("evaluate", self.dir / "nosuch", "--truth", self.truth).returncode, 3)
        for wrong in (["--quick"], ["--sampled", "persons"]):
            self.assertEqual(run("evaluate", self.out, "--truth", self.truth, "--calibration", *wrong).returncode, 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
