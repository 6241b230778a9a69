#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The steward's workbench: every key, piped and at a terminal, over a registry alone and over a network's."""
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata
import unittest
from pathlib import Path

from command import NAYOSE, json_lines, run

HEADER = "source,record_id,name,kana,birth,sex,insurer,symbol,number,branch,prefecture,city,street,phone\n"
SATO = "佐藤 恵子,サトウ ケイコ,1965-03-03,女,,,,,,,,\n"
SATO_AGAIN = "佐藤 恵子,ｻﾄｳ ｹｲｺ,昭和40年3月3日,2,,,,,,,,\n"
TANAKA = "田中 和子,タナカ カズコ,1958-07-07,女,,,,,,,,\n"
YAMADA = "山田 太郎,ヤマダ タロウ,1960-04-01,男,06270017,12-34,567,01,東京都,港区,芝1-2-3,03-1234-5678\n"
OTHER = "鈴木 次郎,スズキ ジロウ,1972-08-30,男,01130012,77,88,,大阪府,大阪市北区,梅田1-1,06-1111-2222\n"
OPERATOR = ["--profession", "operator", "--purpose", "operations"]
CLERK = ["--profession", "clerk", "--purpose", "registration"]


def cells(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


class WithRegistry(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.dir = Path(self.temp.name)
        self.net = self.dir / "net"
        self.good("registry", "create", self.net)
        self.put("H001,10," + SATO + "C002,10," + SATO_AGAIN + "H001,20," + TANAKA + "C002,20," + TANAKA)
        self.put("H001,30," + YAMADA)
        self.put("H001,30," + OTHER, code=None)  # held

    def tearDown(self):
        self.temp.cleanup()

    def good(self, *args, code=0, **kwargs):
        done = run(*args, **kwargs)
        if code is not None:
            self.assertEqual(done.returncode, code, (args, done.stdout.decode(), done.stderr.decode()))
        return done.stdout.decode()

    def put(self, rows, *more, code=0):
        (self.dir / "rows.csv").write_text(HEADER + rows, encoding="utf-8")
        return self.good("registry", "put", self.net, self.dir / "rows.csv", *more, code=code)

    def session(self, keys, *more, code=0):
        return self.good("review", self.net, "--actor", "bob", *more, input="".join(k + "\n" for k in keys).encode(),
                         code=code)

    def persons(self, *keys):
        return [json_lines(self.good("registry", "find", self.net, key, "--json"))[0]["person"] for key in keys]


class Workbench(WithRegistry):
    def test_a_case_is_shown_whole(self):
        text = self.session(["q"])
        screen = text.split("s same")[0]
        for part in ("question", "why        little more than a common name", "left: person", "right: person",
                     "birth_date equal", "against    prior", "never links without a person's decision"):
            self.assertIn(part, screen)
        rows = {line.split()[0]: line for line in screen.splitlines() if line[:1].isalpha()}
        self.assertRegex(rows["record"], r"C002:10 +\| H001:10|C002:20 +\| H001:20")
        self.assertRegex(rows["name"], " = ")
        self.assertLessEqual(max(map(cells, text.splitlines())), 100)
        self.assertTrue(text.endswith("0 decided, 0 proposed, 0 undone\n"))
        # As the facilities wrote it: the same once folded.
        all_cases = self.session(["l", "q"])
        self.assertRegex(all_cases, r"birth +昭和40年3月3日 +~ 1965-03-03")
        self.assertRegex(all_cases, r"kana +ｻﾄｳ ｹｲｺ +~ サトウ ケイコ")

    def test_every_key_does_what_it_says(self):
        text = self.session(["?", "t", "e", "p", "z", "", "x", "n", "the clinic calls back", "a", "", "a", "ann", "l", "h",
                             "d", "y", "u", "u", "no", "q"])
        for part in ("the same once folded", "waiting now: 2 questions, 1 held", "match weight ", "blocking rules",
                     "only held revisions are refused", "noted", "note       20", "bob: the clinic calls back",
                     "assigned to bob", "assigned to ann", "put off until tomorrow", "held revisions first",
                     "decided", "can't be undone: sure?", "can't be undone: the record has to be put again",
                     "you did nothing here yet"):
            self.assertIn(part, text)
        self.assertIn("1 decided", text)

    def test_decisions_undo_and_the_end_of_the_queue(self):
        before = self.persons("H001:10", "C002:10", "H001:20", "C002:20")
        text = self.session(["s", "s", "q"], "--limit", 9)
        self.assertEqual(text.count("decided\n"), 2)
        now = self.persons("H001:10", "C002:10", "H001:20", "C002:20")
        self.assertEqual((now[0] == now[1], now[2] == now[3]), (True, True))
        text = self.session(["u", "y", "u", "yes", "u", "yes", "q"])
        self.assertEqual(text.count(", undone"), 2)
        self.assertIn("there is nothing to undo", text)
        self.assertEqual(self.persons("H001:10", "C002:10", "H001:20", "C002:20"), before)
        text = self.session(["d", "different", "refuse", "yes", "u", "t", "?"])  # words; the end of the input quits
        self.assertIn("nothing waits for you", text)
        self.assertIn("3 decided, 0 proposed, 0 undone", text)
        self.assertIn("sound", self.good("registry", "verify", self.net))
        decided = [e for e in json_lines(self.good("registry", "history", self.net, "--json")) if e["kind"] == "decided"]
        self.assertEqual([(e["actor"], e["detail"]) for e in decided],
                         [("bob", "same"), ("bob", "same"), ("bob", "different"), ("bob", "different")])
        self.assertEqual(self.session(["s"] * 9, "--limit", 1).count("sure?"), 0)

    def test_limit_ends_it(self):
        self.assertIn("1 decided", self.session(["d", "d", "d"], "--limit", 1))
        self.good("review", self.net, "--limit", 0, code=2)

    def test_four_eyes(self):
        self.assertIn("takes two", self.good("review", self.net, "--four-eyes", "on"))
        text = self.session(["s", "q"])
        self.assertIn("proposed: waits for another steward", text)
        first = re.search(r"(\S+) and (\S+): same, proposed", text)
        a, b = first.groups()
        self.assertNotEqual(*self.persons(a, b))
        self.assertNotIn(f"record     {a}", self.session(["q"]))
        other = self.good("review", self.net, "--actor", "ann", input=b"q\n")
        self.assertRegex(other, r"proposed   20\S+ bob: same: waits for another steward")
        self.assertIn("disputed: stewards say both", self.good("review", self.net, "--actor", "ann", input=b"d\nq\n"))
        self.assertIn("DISPUTED", self.session(["q"]))
        self.assertIn("decided with another steward", self.good("review", self.net, "--actor", "eve", input=b"s\nq\n"))
        self.assertEqual(*self.persons(a, b))
        done = run("registry", "decide", self.net, "H001:30", a, "--different")
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"two stewards decide here", done.stderr)
        self.assertIn("one steward", self.good("review", self.net, "--four-eyes", "off"))
        self.good("review", self.net, "--four-eyes", "perhaps", code=2)

    def test_a_proposal_is_void_after_a_revision(self):
        self.good("review", self.net, "--four-eyes", "on")
        self.session(["s", "s", "q"])
        self.put("H001,10," + SATO.strip() + "03-9999-1111\n")
        text = self.session(["l", "l", "q"])
        self.assertRegex(text, r"void       20\S+ bob: same, of records that were revised since")

    def test_statistics(self):
        self.session(["s", "u", "d", "q"])
        told = json_lines(self.good("review", self.net, "--stats", "--json", "--since", "2000-01-01"))[0]
        (bob,) = told["stewards"]
        self.assertEqual((bob["actor"], bob["same"], bob["different"], bob["undone"]), ("bob", 1, 1, 1))
        self.assertEqual(told["waiting"], {"questions": 1, "held": 1, "proposals": 0, "disputes": 0})
        self.assertEqual(told["since"], "2000-01-01")
        text = self.good("review", self.net, "--stats")
        self.assertRegex(text, r"  bob: 1 same, 1 different, 1 undone; median time between answers [\d]+ s\n")
        self.assertEqual(json_lines(self.good("review", self.net, "--stats", "--json", "--since", "2100-01-01"))[0]["stewards"], [])
        self.good("review", self.net, "--stats", "--since", "yesterday", code=2)
        self.good("review", self.net, "--since", "2000-01-01", code=2)
        self.good("review", self.net, "--json", code=2)

    def test_it_is_in_the_lists_and_explains_itself(self):
        self.assertIn("review", self.good("--help"))
        text = self.good("review", "--help")
        for part in ("--four-eyes", "--stats", "--since", "--limit", "--profession", "Examples:"):
            self.assertIn(part, text)

    def test_a_networks_registry(self):
        for name, authority in (("hospital", "H001"), ("clinic", "C002")):
            self.good("registry", "facilities", self.net, "--add", name, "--authority", authority, *OPERATOR)
        text = self.session(["n", "妹さんから電話", "s", "q"])  # a steward for stewardship, where nothing is said
        self.assertIn("same, decided", text)
        self.good("review", self.net, *CLERK, "--at", "hospital", input=b"s\n", code=3)
        self.good("review", self.net, "--stats", *CLERK, "--at", "hospital", code=3)
        self.good("review", self.net, "--four-eyes", "on", "--profession", "steward", "--purpose", "stewardship", code=3)
        self.good("review", self.net, "--four-eyes", "on")
        trail = self.good("registry", "audit", self.net, "--json", "--count", 100, "--profession", "auditor", "--purpose", "audit")
        self.assertNotIn("電話", trail)
        self.assertEqual([e["action"] for e in json_lines(trail) if e["outcome"] == "done" and e["actor"] == "bob"],
                         ["cases", "add_note", "cases", "judge", "cases"])
        refused = [(e["action"], e["outcome"]) for e in json_lines(trail) if e["outcome"] == "refused"]
        self.assertEqual(refused, [("cases", "refused"), ("statistics", "refused"), ("set_four_eyes", "refused")])
        history = self.good("registry", "history", self.net, "--at", "hospital", *CLERK)
        self.assertNotIn("電話", history)


class Terminal:
    """nayose review at a terminal of its own."""

    def __init__(self, net, *more, columns=80, env=None):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        self.slave = slave
        self.before = termios.tcgetattr(slave)
        environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")} | {"TERM": "xterm"} | (env or {})
        self.process = subprocess.Popen([NAYOSE, "review", net, "--actor", "bob", *more], stdin=slave, stdout=slave,
                                        stderr=slave, env=environment, start_new_session=True)
        self.said = ""
        self.bytes = b""

    def read_until(self, text, seconds=60):
        end = time.monotonic() + seconds
        while text not in self.said:
            assert time.monotonic() < end, (text, self.said)
            if select.select([self.master], [], [], 0.2)[0]:
                self.bytes += os.read(self.master, 65536)
                self.said = self.bytes.decode("utf-8", "replace")
        said, self.said, self.bytes = self.said, "", b""
        return said

    def comes_to_echo(self):
        """The prompt is seen a moment before the terminal edits lines."""
        for _ in range(200):
            if termios.tcgetattr(self.slave)[3] & termios.ECHO:
                return True
            time.sleep(0.05)
        return False

    def press(self, keys):
        os.write(self.master, keys.encode())

    def finish(self):
        code = self.process.wait(timeout=60)
        after = termios.tcgetattr(self.slave)
        os.close(self.slave)
        os.close(self.master)
        return code, after == self.before


class AtATerminal(WithRegistry):
    def test_keys_are_taken_as_they_are_pressed(self):
        terminal = Terminal(self.net)
        screen = terminal.read_until("q quit > ")
        self.assertIn("\x1b[2J", screen)
        plain = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", screen)
        self.assertLessEqual(max(cells(line.rstrip("\r")) for line in plain.split("\n")), 80)
        terminal.press("\x1b[D\x1b[A\x1bOB")  # arrows are no d, a or b
        terminal.press("n")
        terminal.read_until("note > ")
        self.assertTrue(terminal.comes_to_echo())
        terminal.press("電話\x7f話した\r")  # the terminal's own editing
        self.assertIn("bob: 電話した", terminal.read_until("q quit > "))
        terminal.press("n")
        terminal.read_until("note > ")
        terminal.press("not this\x03")
        terminal.read_until("q quit > ")
        terminal.press("ｓ")  # an input method is on
        self.assertIn("same, decided", terminal.read_until("q quit > "))
        terminal.press("u")
        self.assertIn("same, undone", terminal.read_until("q quit > "))
        terminal.press("h")
        screen = terminal.read_until("q quit > ")
        self.assertIn("held revisions first", screen)
        self.assertIn("\x1b[1;31m", screen)  # what differs
        terminal.press("q")
        terminal.read_until("1 decided, 0 proposed, 1 undone")
        self.assertEqual(terminal.finish(), (0, True))
        decided = [e["kind"] for e in json_lines(self.good("registry", "history", self.net, "--json"))][-2:]
        self.assertEqual(decided, ["decided", "undecided"])

    def test_the_terminal_is_put_back(self):
        for keys in ("q", "\x03", "\x04", "Q", "n\x03q", "n\x04\x04"):
            terminal = Terminal(self.net)
            terminal.read_until("q quit > ")
            self.assertFalse(termios.tcgetattr(terminal.slave)[3] & termios.ICANON)
            for key in keys:
                terminal.press(key)
                time.sleep(0.1)
            terminal.read_until("0 decided")
            self.assertEqual(terminal.finish(), (0, True), repr(keys))

    def test_no_colour_where_none_is_wanted(self):
        for env, clears in (({"NO_COLOR": "1"}, True), ({"TERM": "dumb"}, False)):
            terminal = Terminal(self.net, "--held", columns=120, env=env)
            screen = terminal.read_until("q quit > ")
            self.assertNotIn("\x1b[1;31m", screen)
            self.assertEqual("\x1b[2J" in screen, clears)
            self.assertRegex(screen, r"birth +1960-04-01 +! 1972-08-30")  # and marked all the same
            terminal.press("q")
            terminal.read_until("undone")
            self.assertEqual(terminal.finish(), (0, True))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
