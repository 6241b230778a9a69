#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The output folder: put in place whole or not at all, whatever ends the run."""
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from command import FILES, NAYOSE, rows, run


def contents(folder):
    """Every file of a folder with its bytes."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def untimed(folder):
    """Every file of a run with its bytes, how long it took taken out; and no report, which tells times in words."""
    files = contents(folder)
    summary = json.loads(files["summary.json"])
    summary.pop("seconds")
    summary["stages"] = [s["stage"] for s in summary["stages"]]
    return {**files, "summary.json": summary, "report.html": b""}


def kill_at(stage, *args, how=signal.SIGKILL, after=0.0):
    """Runs the command until its progress names a stage, and `after` seconds more, then kills it; its exit code."""
    process = subprocess.Popen([NAYOSE, *map(str, args), "--progress"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    seen = b""
    while stage not in seen:
        piece = os.read(process.stderr.fileno(), 4096)
        if not piece:
            break
        seen += piece
    time.sleep(after)
    process.send_signal(how)
    process.communicate(timeout=60)
    return process.returncode


def peak_memory(*args):
    """Of a run that ends as it should."""
    process = subprocess.Popen([NAYOSE, *map(str, args)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    with process.stderr as said:
        errors = said.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in (0, 1), errors
    return usage.ru_maxrss


class Folder(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.dir = Path(cls.temp.name)
        run("generate", "--persons", 12000, "--seed", 5, "--output", cls.dir / "region")
        cls.files = [cls.dir / "region" / f for f in FILES]
        small = cls.dir / "small.csv"
        small.write_text("record_id,name,birth\n1,小鳥遊 朔,1980-01-02\n2,渡辺 次郎,1955-05-06\n", encoding="utf-8")
        cls.small = small
        cls.old, cls.new = cls.dir / "old", cls.dir / "new"
        assert run("dedupe", small, "--output", cls.old).returncode in (0, 1)
        assert run("dedupe", *cls.files[:1], "--output", cls.new, "--no-state").returncode in (0, 1)

    @classmethod
    def tearDownClass(cls):
        cls.temp.cleanup()

    def setUp(self):
        self.out = self.dir / "out"
        shutil.rmtree(self.out, ignore_errors=True)

    def test_a_killed_run_leaves_the_earlier_one_whole(self):
        shutil.copytree(self.old, self.out)
        before = contents(self.out)
        for stage in (b"read", b"block", b"score"):
            for how in (signal.SIGKILL, signal.SIGINT):
                code = kill_at(stage, "dedupe", *self.files, "--output", self.out, "--force", how=how)
                self.assertEqual(code, -9 if how == signal.SIGKILL else 130, stage)
                after = {k: v for k, v in contents(self.out).items() if not k.startswith(".nayose-partial/")}
                self.assertEqual(after, before, stage)
                if how == signal.SIGINT:  # nothing but stages that were finished
                    left = [p for p in (self.out / ".nayose-partial").rglob("*") if p.is_file()]
                    self.assertTrue(all(p.parent.name == "stages" for p in left), left)
                    self.assertEqual(bool(left), stage != b"read")
                self.assertEqual(run("explain", "1", "2", "--run", self.out).returncode, 0)
        # Unharmed, the same command replaces it, and clears what the killed ones left.
        kill_at(b"score", "dedupe", *self.files, "--output", self.out, "--force")
        self.assertIn(run("dedupe", *self.files, "--output", self.out, "--force").returncode, (0, 1))
        self.assertGreater(len(rows(self.out / "clusters.csv")), 1000)
        self.assertEqual([p.name for p in self.out.iterdir() if p.name.startswith(".")], [])

    def test_a_run_killed_while_it_writes_leaves_one_run_whole(self):
        args = ["dedupe", *self.files, "--output", self.out, "--force", "--today", "2026-01-01"]
        self.assertIn(run(*args).returncode, (0, 1))
        volatile = ("summary.json", "state/state.json")
        new = {k: v for k, v in contents(self.out).items() if k not in volatile}
        old = {k: v for k, v in contents(self.old).items() if k not in volatile}
        for after in (0, 0.02, 0.05, 0.1, 0.2, 0.4):
            shutil.rmtree(self.out)
            shutil.copytree(self.old, self.out)
            kill_at(b"done", *args, after=after)
            run("explain", "1", "2", "--run", self.out)  # any command that looks at it
            self.assertTrue((self.out / "summary.json").exists())
            got = {k: v for k, v in contents(self.out).items()
                   if k not in volatile and not k.startswith(".nayose-partial/")}
            self.assertIn(got, (old, new), f"killed {after} s into writing")

    def test_a_killed_first_run_is_not_mistaken_for_finished(self):
        kill_at(b"score", "dedupe", *self.files, "--output", self.out)
        self.assertEqual([p.name for p in self.out.iterdir()], [".nayose-partial"])
        self.assertEqual(run("explain", "1", "2", "--run", self.out).returncode, 3)
        self.assertIn(run("dedupe", self.small, "--output", self.out).returncode, (0, 1))  # without --force
        self.assertEqual(sorted(contents(self.out)), sorted(contents(self.old)))

    def test_a_killed_run_goes_on_with_resume(self):
        args = ["dedupe", *self.files, "--output", self.out, "--today", "2026-01-01"]
        self.assertIn(run(*args).returncode, (0, 1))
        expected = untimed(self.out)
        stages = self.out / ".nayose-partial/stages"
        for stage, how in [(b"read", signal.SIGKILL), (b"standardize", signal.SIGINT), (b"learn", signal.SIGKILL),
                           (b"score", signal.SIGINT), (b"cluster", signal.SIGKILL), (b"done", signal.SIGKILL)]:
            shutil.rmtree(self.out)
            kill_at(stage, *args, how=how)
            if (self.out / "summary.json").exists():
                continue  # was too fast
            kept = list(stages.glob("*"))
            self.assertTrue(all(p.stat().st_mode & 0o777 == 0o600 for p in kept))
            self.assertTrue(not stages.exists() or stages.stat().st_mode & 0o777 == 0o700)
            done = run(*args, "--resume", "--threads", 1)
            self.assertIn(done.returncode, (0, 1), (stage, done.stderr))
            self.assertIn(b"goes on from" if any(p.suffix == ".stage" for p in kept) else b"begins anew", done.stderr)
            self.assertEqual(untimed(self.out), expected, stage)
            self.assertFalse((self.out / ".nayose-partial").exists())
        # At any moment, also while stages are written.
        for after in (0.02, 0.1, 0.2):
            shutil.rmtree(self.out)
            kill_at(b"standardize", *args, after=after)
            kill_at(b"read", *args, "--resume", after=after)
            if not (self.out / "summary.json").exists():
                self.assertIn(run(*args, "--resume").returncode, (0, 1))
            self.assertEqual(untimed(self.out), expected, after)

    def test_memory_changes_nothing_but_where_arrays_lie(self):
        files = [self.dir / "large" / f for f in FILES]
        run("generate", "--persons", 40000, "--seed", 6, "--output", self.dir / "large")
        args = ["dedupe", *files, "--today", "2026-01-01", "--output", self.out]
        in_memory = peak_memory(*args)
        want = untimed(self.out)
        peak = {}
        for memory in ("75M", "100G"):
            peak[memory] = peak_memory(*args, "--memory", memory, "--temp", self.dir, "--force")
            self.assertEqual(want, untimed(self.out), memory)
        self.assertLess(peak["75M"], 0.85 * in_memory)
        refused = run(*args, "--memory", "20M", "--force")
        self.assertEqual(2, refused.returncode)
        self.assertRegex(refused.stderr, rb"needs at least \d+ MB of memory, of which 20 MB are allowed; give --memory \d+M")
        self.assertEqual(want, untimed(self.out), "a refused run leaves the earlier one")
        for wrong in ("", "2X", "-1", "0", "inf", "lots", "1e30"):
            self.assertEqual(2, run(*args, "--memory", wrong, "--force").returncode, wrong)
        self.assertEqual([], [p.name for p in self.dir.iterdir() if "temp" in p.name])

    def test_stages_of_another_run_are_not_taken(self):
        args = ["dedupe", *self.files, "--output", self.out]
        kill_at(b"score", *args, "--today", "2026-01-01", "--seed", 3)
        left = contents(self.out)
        for other, word in (["--today", "2026-01-01"], b"--seed"), (["--seed", 3, "--today", "2026-01-02"], b"--today"):
            refused = run(*args, *other, "--resume")
            self.assertEqual(refused.returncode, 2)
            self.assertIn(word, refused.stderr)
            self.assertEqual(contents(self.out), left)
        fewer = run("dedupe", *self.files[1:], "--output", self.out, "--seed", 3, "--resume")
        self.assertEqual((fewer.returncode, b"the input files" in fewer.stderr), (2, True))
        # A day later it still is the same run.
        done = run(*args, "--seed", 3, "--resume")
        self.assertIn(b"goes on from", done.stderr)
        self.assertEqual(json.loads((self.out / "summary.json").read_text())["today"], "2026-01-01")
        shutil.rmtree(self.out)
        kill_at(b"score", *args)
        self.assertIn(b"--resume would have gone on", run(*args).stderr)
        shutil.rmtree(self.out)
        kill_at(b"score", *args, "--no-checkpoints")
        self.assertFalse((self.out / ".nayose-partial/stages").exists())

    def test_a_damaged_stage_is_made_anew(self):
        args = ["dedupe", *self.files, "--output", self.out, "--today", "2026-01-01"]
        self.assertIn(run(*args).returncode, (0, 1))
        expected = untimed(self.out)
        shutil.rmtree(self.out)
        kill_at(b"cluster", *args)
        saved = self.dir / "saved"
        shutil.copytree(self.out, saved)
        for path in sorted((saved / ".nayose-partial/stages").glob("*.stage")):
            data = path.read_bytes()
            for damaged in (data[:-1], data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1:]):
                shutil.rmtree(self.out)
                shutil.copytree(saved, self.out)
                (self.out / path.relative_to(saved)).write_bytes(damaged)
                self.assertIn(run(*args, "--resume").returncode, (0, 1), path.name)
                self.assertEqual(untimed(self.out), expected, path.name)
        shutil.rmtree(saved)

    def test_a_refused_run_leaves_no_folder(self):
        self.assertEqual(run("dedupe", self.dir / "absent.csv", "--output", self.out).returncode, 3)
        self.assertFalse(self.out.exists())

    def test_a_run_killed_while_it_takes_its_place_is_put_there(self):
        names = sorted(contents(self.new), key=lambda n: n == "summary.json")
        old_names = sorted(contents(self.old), key=lambda n: n != "summary.json")
        # Each point at which a kill can come: so many of the earlier files removed, so many of the new moved.
        for removed, moved in [(0, 0), (1, 0), (4, 0), (len(old_names), 0), (len(old_names), 3),
                               (len(old_names), len(names) - 1), (len(old_names), len(names))]:
            shutil.rmtree(self.out, ignore_errors=True)
            shutil.copytree(self.old, self.out)
            aside = self.out / (".nayose-moving" if moved else ".nayose-complete")
            shutil.copytree(self.new, aside)
            for name in old_names[:removed]:
                (self.out / name).unlink()
            for name in names[:moved]:
                (aside / name).rename(self.out / name)
            (self.out / "mine.txt").write_text("mine")
            truth = self.dir / "region/truth.csv"
            self.assertEqual(run("evaluate", self.out, "--truth", truth).returncode, 0, (removed, moved))
            got = contents(self.out)
            self.assertEqual(got.pop("mine.txt"), b"mine")
            got.pop("evaluation.json")
            got.pop("errors.csv", None)  # of runs that keep their state
            self.assertEqual(got, contents(self.new), (removed, moved))

    def test_the_next_run_puts_it_there_too(self):
        shutil.copytree(self.new, self.out / ".nayose-complete")
        self.assertEqual(run("dedupe", self.small, "--output", self.out).returncode, 2)  # holds a run now
        self.assertEqual(contents(self.out), contents(self.new))

    def test_only_files_of_a_run_are_removed(self):
        shutil.copytree(self.old, self.out)
        for name in ("mine.txt", "state.txt", ".nayose", "notes/clusters.csv"):
            (self.out / name).parent.mkdir(exist_ok=True)
            (self.out / name).write_text("mine")
        self.assertIn(run("dedupe", self.small, "--output", self.out, "--force", "--no-state").returncode, (0, 1))
        for name in ("mine.txt", "state.txt", ".nayose", "notes/clusters.csv"):
            self.assertEqual((self.out / name).read_text(), "mine")
        self.assertFalse((self.out / "state").exists())
        for name in ("state/mine", ".nayose-partial/mine"):
            (self.out / name).parent.mkdir(exist_ok=True)
            (self.out / name).write_text("mine")
            self.assertEqual(run("dedupe", self.small, "--output", self.out, "--force").returncode, 2, name)
            self.assertEqual((self.out / name).read_text(), "mine")
            shutil.rmtree((self.out / name).parent)

    def test_a_file_of_somebody_else_by_a_runs_name_is_not_replaced(self):
        self.out.mkdir()
        (self.out / "links.csv").write_text("mine")
        for force in ([], ["--force"]):
            self.assertEqual(run("dedupe", self.small, "--output", self.out, *force).returncode, 2)
        self.assertEqual((self.out / "links.csv").read_text(), "mine")

    def test_two_runs_do_not_write_to_one_folder(self):
        self.out.mkdir()
        folder = os.open(self.out, os.O_RDONLY)
        fcntl.flock(folder, fcntl.LOCK_EX)
        done = run("dedupe", self.small, "--output", self.out)
        os.close(folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"another run", done.stderr)
        self.assertIn(run("dedupe", self.small, "--output", self.out).returncode, (0, 1))

    def test_state_says_how_the_run_decided(self):
        run("dedupe", self.small, "--output", self.out, "--preset", "safe", "--review-threshold", "1.5", "--seed", "9")
        path = self.out / "state/state.json"
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        state = json.loads(path.read_text())
        summary = json.loads((self.out / "summary.json").read_text())
        self.assertEqual((state["preset"], state["seed"], state["review_threshold"]), ("safe", 9, 1.5))
        self.assertEqual(state["match_threshold"], summary["match_threshold"])
        self.assertEqual(run("explain", "1", "2", "--run", self.out).stderr, b"")
        model = self.out / "model.json"
        model.write_text(model.read_text() + " ")
        self.assertIn(b"changed since the run", run("explain", "1", "2", "--run", self.out).stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
