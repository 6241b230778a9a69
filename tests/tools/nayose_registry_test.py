#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The registry by its command: a story from the first record to an export, and what it refuses."""
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from collections import defaultdict
from pathlib import Path

from command import FILES, NAYOSE, clusters, json_lines, rows, run

COMMANDS = ("create stats verify relink backup restore compact recover put load find search explain retire merge unmerge "
            "decide undecide decisions authorities review held accept refuse history at export import golden takeover facilities rules consent "
            "registered audit anchor pseudonyms reidentify absorb erase retention report thresholds ship standby promote").split()
HEADER = "source,record_id,name,kana,birth,sex,insurer,symbol,number,branch,prefecture,city,street,phone\n"
YAMADA = "山田 太郎,ヤマダ タロウ,1960-04-01,男,06270017,12-34,567,01,東京都,港区,芝1-2-3,03-1234-5678\n"
YAMADA_AGAIN = "山田 太郎,ﾔﾏﾀﾞ ﾀﾛｳ,昭和35年4月1日,1,06270017,12-34,567,01,東京都,港区,芝１丁目２番３号,0312345678\n"
SATO = "佐藤 花子,サトウ ハナコ,1985-12-24,女,01130012,5,88,,北海道,札幌市中央区,北1条2-3,011-222-3333\n"
SUZUKI = "鈴木 一郎,スズキ イチロウ,1971-07-07,男,06130017,9,1001,,大阪府,大阪市北区,梅田3-1,06-6666-7777\n"
VALUES = ["山田", "ヤマダ", "佐藤", "ハナコ", "1960", "1985-12-24", "梅田", "0312345678", "03-1234-5678"]


def registry(*args, **kwargs):
    return run("registry", *args, **kwargs)


def lines(done):
    return json_lines(done.stdout.decode())


class Registry(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.dir = Path(self.temp.name)
        self.net = self.dir / "net"

    def tearDown(self):
        self.temp.cleanup()

    def good(self, *args, code=0, **kwargs):
        done = registry(*args, **kwargs)
        self.assertEqual(done.returncode, code, (args, done.stdout, done.stderr))
        return done

    def ask(self, *args, **kwargs):
        return lines(self.good(*args, "--json", **kwargs))

    def refused(self, code, says, *args, **kwargs):
        done = registry(*args, **kwargs)
        self.assertEqual(done.returncode, code, (args, done.stdout, done.stderr))
        text = done.stderr.decode()
        self.assertIn(says, text)
        for value in VALUES:
            self.assertNotIn(value, text)
        return done

    def file(self, name, text):
        (self.dir / name).write_text(text, encoding="utf-8")
        return self.dir / name

    def create(self):
        self.good("create", self.net)
        return self.net

    def put(self, *patients, name="some.csv", **kwargs):
        """Of (source, record_id, what it says)."""
        text = HEADER + "".join(f"{source},{id},{says}" for source, id, says in patients)
        return self.ask("put", self.net, self.file(name, text), **kwargs)

    def person(self, identifier):
        return self.ask("find", self.net, identifier)[0]["person"]

    def persons(self, net):
        """The partition: by record, all records of its person."""
        of = {}
        for line in self.good("export", net).stdout.decode().splitlines():
            line = json.loads(line)
            if line["kind"] == "record" and line["status"] == "live":
                of[(line["source"], line["record_id"], line.get("part", 0))] = line["person"]
        members = defaultdict(set)
        for key, person in of.items():
            members[person].add(key)
        return {key: frozenset(members[person]) for key, person in of.items()}


class Help(Registry):
    def test_every_subcommand_has_help_with_examples(self):
        told = self.good("--help").stdout.decode()
        for command in COMMANDS:
            with self.subTest(command):
                self.assertRegex(told, rf"(?m)^  {command} ")
                text = self.good(command, "--help").stdout.decode()
                self.assertIn("Examples:", text)
                for example in re.findall(r"nayose registry (\w+)", text.split("Examples:")[1]):
                    self.assertIn(example, COMMANDS)
        listed = re.findall(r"(?m)^  ([a-z]+)  ", told.split("Subcommands:")[1])
        self.assertEqual(sorted(listed), sorted(COMMANDS))


class Story(Registry):
    def test_a_patient_from_the_counter_to_the_history(self):
        self.create()
        first, other, again = self.put(("H001", "1", YAMADA), ("H001", "2", SATO), ("C002", "7", YAMADA_AGAIN))
        # Answers come in key order: C002 before H001.
        self.assertEqual([a["source"] + ":" + a["record_id"] for a in (first, other, again)],
                         ["C002:7", "H001:1", "H001:2"])
        self.assertEqual([a["outcome"] for a in (first, other, again)], ["created", "joined", "created"])
        self.assertEqual(other["person"], first["person"])
        self.assertEqual(other["links"][0]["record_id"], "7")
        yamada, sato = first["person"], again["person"]
        self.assertRegex(yamada, "^[0-9a-f]{32}$")

        # Who is this?
        found = self.ask("search", self.net, "--name", "山田太郎", "--birth", "S35.4.1", "--phone", "03-1234-5678")[0]
        self.assertEqual(found["candidates"][0]["person"], yamada)
        self.assertEqual(len(found["candidates"][0]["identifiers"]), 2)
        self.assertIn("births", found["candidates"][0]["best"])
        text = self.good("search", self.net, "--kana", "サトウ ハナコ", "--birth", "1985-12-24", "--phone", "0112223333",
                         "--explain").stdout.decode()
        self.assertIn(sato, text)
        self.assertIn("birth_date", text)
        self.assertIn("nobody", self.good("search", self.net, "--name", "田中 次郎", "--birth", "1930-01-01").stdout.decode())

        # Cross-references.
        found = self.ask("find", self.net, "H001:1")[0]
        self.assertEqual([k["source"] for k in found["identifiers"]], ["C002", "H001"])
        self.assertFalse(found["redirected"])
        found = self.ask("find", self.net, yamada, "--authority", "H001", "--records")[0]
        self.assertEqual([k["record_id"] for k in found["identifiers"]], ["1"])
        self.assertEqual(found["records"][0]["births"], ["1960-04-01"])
        text = self.good("explain", self.net, "H001:1", "C002:7").stdout.decode()
        self.assertIn("they are one person", text)
        self.assertIn("match weight", text)

        # A merge of identifiers, and back.
        self.put(("H001", "3", YAMADA))
        before = self.persons(self.net)
        merged = self.ask("merge", self.net, "H001:3", "H001:1", "--actor", "desk", "--reason", "two charts")[0]
        self.assertEqual((merged["record_id"], merged["person"]), ("1", yamada))
        self.assertEqual([(m["record_id"], m["after"]) for m in merged["moves"]], [("3", None)])
        found = self.ask("find", self.net, "H001:3")[0]
        self.assertTrue(found["redirected"])
        self.assertEqual([k["record_id"] for k in found["identifiers"]], ["7", "1"])
        self.good("unmerge", self.net, "H001:3")
        self.assertEqual(self.persons(self.net), before)

        # A steward parts them, and takes it back.
        self.ask("decide", self.net, "H001:1", "C002:7", "--different", "--actor", "steward")
        self.assertNotEqual(self.person("H001:1"), self.person("C002:7"))
        decided = self.ask("decisions", self.net)
        self.assertEqual([(d["a"]["source"], d["b"]["source"], d["same"]) for d in decided], [("C002", "H001", False)])
        self.refused(3, "contradicts", "decide", self.net, "H001:1", "C002:7", "--same")
        self.ask("undecide", self.net, "H001:1", "C002:7")
        self.assertEqual(self.ask("decisions", self.net), [])
        self.assertEqual(self.persons(self.net), before)

        # Withdrawn, and as it was before.
        retired = self.ask("retire", self.net, "H001:2", "--reason", "test")[0]
        self.assertEqual(retired["outcome"], "retired")
        self.refused(3, "retired", "find", self.net, "H001:2")
        events = self.ask("history", self.net)
        self.assertEqual([e["event"] for e in events], list(range(1, len(events) + 1)))
        kinds = [e["kind"] for e in events]
        for kind in ("put", "subsumed", "unsubsumed", "decided", "undecided", "retired"):
            self.assertIn(kind, kinds)
        merge = events[kinds.index("subsumed")]
        self.assertEqual((merge["actor"], merge["reason"], merge["other"]["record_id"]), ("desk", "two charts", "1"))
        decision = events[kinds.index("decided")]["event"]
        then = self.ask("at", self.net, "H001:1", str(decision))[0]["identifiers"]
        self.assertNotIn("C002", [k["source"] for k in then])
        then = self.ask("at", self.net, "H001:1", str(decision - 1))[0]["identifiers"]
        self.assertIn("C002", [k["source"] for k in then])
        self.assertEqual(len(self.ask("history", self.net, "--from", "2", "--count", "2")), 2)
        self.assertIn("sound", self.good("verify", self.net).stdout.decode())

    def test_a_revision_that_makes_another_person_waits(self):
        self.create()
        self.put(("H001", "1", YAMADA), ("C002", "7", YAMADA_AGAIN))
        person = self.person("H001:1")
        for answer, after in (("--same-person", None), ("refuse", person), ("--another-person", None)):
            held = self.put(("H001", "1", SATO), name="over.csv")[0]
            self.assertEqual(held["outcome"], "held")
            self.assertEqual([h["record_id"] for h in self.ask("held", self.net)], ["1"])
            shown = self.good("held", self.net, "H001:1").stdout.decode()
            self.assertIn("山田", shown)
            self.assertIn("佐藤", shown)
            self.assertEqual(self.person("H001:1"), person)
            if answer == "refuse":
                self.good("refuse", self.net, "H001:1", "--reason", "wrong chart")
                self.assertEqual(self.person("H001:1"), person)
            else:
                self.good("accept", self.net, "H001:1", answer)
                self.assertNotEqual(self.person("H001:1"), person)
                self.assertEqual(self.person("C002:7"), person)
            self.assertEqual(self.ask("held", self.net), [])
            if answer == "--same-person":  # and back
                self.put(("H001", "1", YAMADA))
                self.good("accept", self.net, "H001:1", "--same-person")
                self.assertEqual(self.person("H001:1"), person)
        self.refused(3, "held lists", "held", self.net, "H001:1")
        self.refused(3, "held", "refuse", self.net, "H001:1")

    def test_questions_are_listed_assigned_and_answered(self):
        self.create()
        # Name, birth and sex of a common name alone: never linked by themselves.
        self.put(("A", "1", "佐藤 恵子,サトウ ケイコ,1970-05-05,女,,,,,,,,\n"),
                 ("B", "1", "佐藤 恵子,サトウ ケイコ,1970-05-05,女,,,,,,,,\n"))
        asked = self.ask("review", self.net)
        self.assertEqual(len(asked), 1)
        self.good("review", self.net, "A:1", "B:1", "--assign", "steward1")
        self.assertEqual(self.ask("review", self.net)[0]["assignee"], "steward1")
        self.assertIn("steward1", self.good("review", self.net).stdout.decode())
        self.ask("decide", self.net, "A:1", "B:1", "--same")
        self.assertEqual(self.ask("review", self.net), [])
        self.assertEqual(self.person("A:1"), self.person("B:1"))

    def test_authorities(self):
        self.create()
        self.good("authorities", self.net, "--add", "H001", "--oid", "1.2.392.1", "--owner", "records", "--trust", "verified")
        self.assertEqual(self.ask("authorities", self.net),
                         [{"name": "H001", "oid": "1.2.392.1", "facility": "", "owner": "records", "trust": "verified"}])
        self.refused(2, "--trust", "authorities", self.net, "--add", "H002", "--trust", "much")
        patients = self.file("p.csv", HEADER + "H001,1," + YAMADA + "X,1," + SATO)
        answers = lines(self.good("put", self.net, patients, "--known-authorities", "--json", code=1))
        self.assertEqual([a["outcome"] for a in answers], ["created", "refused"])
        self.refused(3, "no such assigning authority", "find", self.net, "X:1")
        self.refused(3, "no such assigning authority", "find", self.net, "H001:1", "--authority", "Y")
        self.refused(3, "no such identifier", "find", self.net, "H001:9")

    def test_lines_of_json_are_answered_one_by_one(self):
        self.create()
        with subprocess.Popen([NAYOSE, "registry", "put", self.net, "--ndjson", "--json", "-"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            def say(line):
                process.stdin.write(line.encode() + b"\n")
                process.stdin.flush()
                return json.loads(process.stdout.readline())
            one = say('{"source":"H001","record_id":"1","name":"山田 太郎","birth":"1960-04-01","phone":"03-1234-5678"}')
            self.assertEqual(one["outcome"], "created")
            wrong = say('{"source":"H001","record_id":"2","nam":"山田 太郎"}')
            self.assertEqual((wrong["outcome"], wrong["line"]), ("rejected", 2))
            self.assertIn("nam", wrong["reason"])
            for bad in ("山田", '{"source":"H001"}', '{"source":"H001","record_id":"3","births":"1960"}', "[" * 100000):
                self.assertEqual(say(bad)["outcome"], "rejected")
            whole = say('{"source":"C","record_id":"1","part":2,"names":[{"family":"山田","given":"太郎"}],'
                        '"births":["1960-04-01"],"phones":["0312345678"]}')
            self.assertEqual((whole["part"], whole["person"]), (2, one["person"]))
            # Ctrl-C while it waits.
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(20), 130)
        self.assertEqual(self.person("C:1#2"), one["person"])


class Refusals(Registry):
    def test_what_the_user_gets_wrong(self):
        self.refused(3, "registry create", "find", self.dir / "nowhere", "H001:1")
        (self.dir / "empty").mkdir()
        self.refused(3, "create", "stats", self.dir / "empty")
        self.create()
        self.put(("H001", "1", YAMADA), ("C002", "9", SUZUKI))
        self.refused(2, "not empty", "create", self.net)
        for args in (["find"], ["decide", self.net, "H001:1", "C002:9"], ["accept", self.net, "H001:1"],
                     ["decide", self.net, "H001:1", "C002:9", "--same", "--different"], ["nothing"], []):
            self.assertEqual(registry(*args).returncode, 2, args)
        self.refused(2, "say something", "search", self.net)
        self.refused(3, "source:record_id", "find", self.net, "山田太郎")
        self.refused(3, "nayose registry search", "retire", self.net, "H001:8")
        self.refused(3, "one assigning authority", "merge", self.net, "H001:1", "C002:9")
        self.refused(3, "no decision", "undecide", self.net, "H001:1", "C002:9")
        self.refused(3, "no question", "review", self.net, "H001:1", "C002:9", "--assign", "me")
        self.refused(3, "not registered then", "at", self.net, "H001:1", "0")

    def test_bad_files(self):
        self.create()
        self.refused(3, "record_id", "put", self.net, self.file("a.csv", "name,birth\n山田,1960-04-01\n"))
        self.refused(3, "nowhere.csv", "load", self.net, self.dir / "nowhere.csv")
        bad = self.file("b.csv", HEADER + "H001,1," + YAMADA + ',' + SATO + 'H001,"3' + SUZUKI)
        answers = lines(self.good("put", self.net, bad, "--json", code=1))
        self.assertEqual(sorted(a["outcome"] for a in answers), ["created", "rejected", "rejected"])
        for answer in answers:
            if answer["outcome"] == "rejected":
                self.assertTrue(answer["line"] and answer["reason"])
                self.assertFalse([v for v in VALUES if v in answer["reason"]])
        self.assertEqual(self.good("put", self.net, bad, "--max-rejects", "2").returncode, 0)

    def test_bad_exports(self):
        self.create()
        self.put(("H001", "1", YAMADA), ("C002", "9", SUZUKI))
        whole = self.good("export", self.net).stdout.decode().splitlines(keepends=True)
        self.good("create", self.dir / "new")
        header, one, two, end = whole
        for name, text, says in (
                ("cut", header + one + two, "not whole"), ("record missing", header + one + end, "not whole"),
                ("twice", header + one + one + end, "twice"), ("none", one + two + end, "no export"),
                ("no JSON", header + one + two[:30] + "\n" + end, "line 3"),
                ("status", header + one + two.replace('"live"', '"dead"') + end, "status"),
                ("field", header + one + two.replace('"births"', '"birth"') + end, "line 3"),
                ("version", header.replace('"version":1', '"version":2') + one + two + end, "another version"),
                ("empty", "", "no export")):
            with self.subTest(name):
                self.refused(3, says, "import", self.dir / "new", self.file("bad.ndjson", text))
        self.assertEqual(self.ask("stats", self.dir / "new")[0]["events"], 0)
        self.refused(2, "not empty", "import", self.net, self.file("good.ndjson", "".join(whole)))
        self.good("import", self.dir / "new", self.dir / "good.ndjson")


class Region(Registry):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        cls.region = Path(cls.kept.name) / "region"
        assert run("generate", "--persons", 600, "--seed", 31, "--dirt", 2, "--output", cls.region).returncode == 0
        cls.files = [cls.region / name for name in FILES]

    @classmethod
    def tearDownClass(cls):
        cls.kept.cleanup()

    def test_load_put_export_import_relink(self):
        self.create()
        told = self.ask("load", self.net, *self.files, "--output", self.dir / "loaded")[0]
        self.assertEqual(told["created"], told["records"])
        self.assertTrue(rows(self.dir / "loaded" / "findings.csv"))
        self.assertEqual(rows(self.dir / "loaded" / "rejects.csv"), [])
        persons = self.persons(self.net)
        self.assertEqual(len(persons), told["records"])
        self.assertEqual(len(set(persons.values())), told["persons"])

        # The same again changes nothing.
        events = self.ask("stats", self.net)[0]["events"]
        answers = self.ask("put", self.net, self.files[3])
        self.assertTrue(answers)
        self.assertEqual({a["outcome"] for a in answers}, {"none"})
        self.assertEqual({a["event"] for a in answers}, {0})
        self.assertEqual(self.ask("load", self.net, self.files[4])[0]["revised"], 0)
        self.assertIn("unchanged", self.good("put", self.net, self.files[3], "--dry-run").stdout.decode())
        self.assertEqual(self.ask("stats", self.net)[0]["events"], events)
        self.assertEqual(self.persons(self.net), persons)

        # Decisions, merges and the rest go along.
        keys = sorted(persons)
        of = defaultdict(list)
        for key in keys:
            of[key[0]].append(f"{key[0]}:{key[1]}" + (f"#{key[2]}" if key[2] else ""))
        source = max(of, key=lambda s: len(of[s]))
        a, b, c, d = of[source][:4]
        for step in (["merge", self.net, a, b], ["merge", self.net, b, c], ["retire", self.net, d]):
            self.good(*step)
        pair = next(sorted(members) for members in persons.values() if len(members) > 1
                    and not {a, b, c, d} & {f"{k[0]}:{k[1]}" for k in members} and not any(k[2] for k in members))
        self.good("decide", self.net, *(f"{s}:{i}" for s, i, _ in pair[:2]), "--different")
        self.good("authorities", self.net, "--add", source, "--oid", "1.2.392.2")
        other = next(k for k in of[source][4:] if "#" not in k)
        over = self.file("over.csv", HEADER + f"{source},{other.split(':', 1)[1]}," +
                         "外国 人名,ガイコク ヒトナ,1899-01-09,女,,,,,,,,\n")
        self.assertEqual(self.ask("put", self.net, over)[0]["outcome"], "held")
        persons = self.persons(self.net)
        exported = self.dir / "net.ndjson"
        self.good("export", self.net, "--output", exported, "--model", self.dir / "net.model.json")
        self.assertEqual(exported.stat().st_mode & 0o777, 0o600)
        new = self.dir / "new"
        self.good("create", new, "--model", self.dir / "net.model.json")
        self.assertIn("nothing was written", self.good("import", new, exported, "--dry-run").stdout.decode())
        self.assertEqual(self.ask("stats", new)[0]["events"], 0)
        done = self.good("import", new, exported)
        self.assertNotIn("warning", done.stderr.decode())
        self.assertEqual(self.persons(new), persons)

        def without_ids(path):
            return re.sub(r'"person":"[0-9a-f]+",', "", path.read_text(encoding="utf-8"))
        again = self.dir / "again.ndjson"
        self.good("export", new, "--output", again)
        self.assertEqual(without_ids(again), without_ids(exported))
        self.assertIn("sound", self.good("verify", new).stdout.decode())

        # Another threshold: told, then done.
        foreseen = self.ask("relink", new, "--match-threshold", "20", "--dry-run")[0]
        self.assertGreater(foreseen["persons_after"], foreseen["persons_before"])
        self.assertEqual(self.persons(new), persons)
        self.assertEqual(self.ask("relink", new, "--match-threshold", "20")[0]["persons_after"], foreseen["persons_after"])
        self.assertEqual(len(set(self.persons(new).values())), foreseen["persons_after"])

    def test_a_load_gives_the_persons_of_a_run(self):
        self.create()
        self.good("load", self.net, *self.files)
        self.good("export", self.net, "--output", self.dir / "e", "--model", self.dir / "m.json")
        done = run("dedupe", *self.files, "--model", self.dir / "m.json", "--match-threshold", "6", "--preset", "safe",
                   "--output", self.dir / "out")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        members = defaultdict(set)
        of = clusters(self.dir / "out")
        for key, cluster in of.items():
            members[cluster].add(key)
        named = {(s, i + (f"#{p}" if p else "")): {(t, j + (f"#{q}" if q else "")) for t, j, q in all}
                 for (s, i, p), all in self.persons(self.net).items()}
        self.assertEqual(named, {key: members[cluster] for key, cluster in of.items()})

    def test_backup_restore_compact_recover(self):
        self.create()
        self.good("load", self.net, *self.files)
        persons = self.persons(self.net)
        self.good("backup", self.net, self.dir / "backups")
        self.put(("Z", "1", YAMADA))
        self.good("compact", self.net)
        self.good("recover", self.net)
        self.assertEqual(len(self.persons(self.net)), len(persons) + 1)
        shutil.rmtree(self.net)
        self.good("restore", self.dir / "backups", self.net)
        self.assertEqual(self.persons(self.net), persons)
        self.refused(2, "not empty", "restore", self.dir / "backups", self.net)
        self.refused(3, "no such folder", "restore", self.dir / "nothing", self.dir / "x")
        self.put(("Z", "1", YAMADA))  # it goes on

    def test_dry_runs_write_nothing(self):
        self.create()
        bad = self.file("bad.csv", HEADER + "H001,1," + YAMADA + "," + SATO)
        before = {p: (p.stat().st_size, p.stat().st_mtime_ns) for p in self.net.iterdir()}
        for command in ("put", "load"):
            text = self.good(command, self.net, bad, "--dry-run", code=1).stdout.decode()
            self.assertIn("1 new", text)
            self.assertIn("rejected  1 rows", text)
            self.assertIn("nothing was written", text)
        self.assertEqual({p: (p.stat().st_size, p.stat().st_mtime_ns) for p in self.net.iterdir()}, before)

    def test_ctrl_c_stops_between_commits(self):
        self.create()
        with subprocess.Popen([NAYOSE, "registry", "put", self.net, *self.files, "--json"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            answers = [json.loads(process.stdout.readline()) for _ in range(20)]
            # Questions may be asked beside it.
            self.assertEqual(self.person(f"{answers[0]['source']}:{answers[0]['record_id']}"), answers[0]["person"])
            self.refused(3, "open", "retire", self.net, "H001:1")
            process.send_signal(signal.SIGINT)
            answers += [json.loads(line) for line in process.stdout]
            err = process.stderr.read()
        self.assertEqual(process.returncode, 130, err)
        self.assertIn(b"goes on", err)
        self.assertEqual(self.ask("stats", self.net)[0]["records"], len(answers))
        self.good("put", self.net, *self.files)
        self.assertIn("sound", self.good("verify", self.net).stdout.decode())

    def test_history_follows_what_another_program_writes(self):
        self.create()
        self.put(("H001", "1", YAMADA))
        with subprocess.Popen([NAYOSE, "registry", "history", self.net, "--follow", "--json"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            self.assertEqual(json.loads(process.stdout.readline())["event"], 1)
            self.put(("H001", "2", SATO))
            self.assertEqual(json.loads(process.stdout.readline())["record"]["record_id"], "2")
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(60), 130)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
