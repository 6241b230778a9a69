#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`nayose serve` as an operator runs it: the example's network on free ports; feeds, questions, quarantine, reload."""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path
from xml.etree import ElementTree

from command import NAYOSE, ROOT, json_lines, run

EXAMPLE = ROOT / "data/serve/network.toml"
HIS, EMR, PHS = "HIS^HOSPITAL", "EMR^CLINIC", "PHS^PHARMACY"
KANA = {"太郎": "タロウ", "次郎": "ジロウ", "三郎": "サブロウ"}
VALUES = ["山田", "ヤマダ", "YAMADA", "19600401", "0312345678", "芝1-2-3"]


def message(trigger, control_id, sender, identifier, given="太郎", birth="19600401", more="",
            charset="UNICODE UTF-8"):
    application, facility = sender.split("^")
    return "\r".join([
        f"MSH|^~\\&|{application}|{facility}|NAYOSE|NETWORK|20261130120000||ADT^{trigger}|{control_id}|P|2.5||||||{charset}",
        "EVN||20261130120000",
        f"PID|||{identifier}||山田^{given}^^^^^L^I~ヤマダ^{KANA[given]}^^^^^L^P||{birth}|M|||"
        "芝1-2-3^^港区^東京都^1050014||0312345678",
        *([more] if more else []), "PV1||N", ""])


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Serving:
    """A server by the example's configuration in a folder of its own."""

    def __init__(self, folder, change=lambda text: text):
        self.folder, self.port, self.metrics = Path(folder), free_port(), free_port()
        self.config = self.folder / "network.toml"
        text = EXAMPLE.read_text(encoding="utf-8").replace("port = 2575", f"port = {self.port}")
        text = text.replace("port = 9575", f"port = {self.metrics}").replace("cache_megabytes = 512", "cache_megabytes = 16")
        text = text.replace('# file = "state/serve.log" ', 'file = "serve.log" ')
        self.config.write_text(change(text), encoding="utf-8")
        self.process = None

    def start(self):
        before = len(self.events("serving"))
        self.process = subprocess.Popen([NAYOSE, "serve", "--config", self.config], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.wait(lambda: len(self.events("serving")) > before)
        return self

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return None
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=30)
        code, self.process = self.process.returncode, None
        return code, out, err

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.communicate()

    def wait(self, ready, seconds=20):
        end = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError((self.process.poll(), self.process.poll() is not None and self.process.stderr.read(), self.log()))
            time.sleep(0.02)

    def log(self):
        path = self.folder / "serve.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def events(self, name, **fields):
        return [e for e in json_lines(self.log()) if e["event"] == name and all(e.get(k) == v for k, v in fields.items())]

    def page(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def metric(self, name):
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.page("/metrics")[1], re.M)
        return float(found.group(1)) if found else None


class ServeCase(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.dir = Path(self.temp.name)
        self.server = None

    def tearDown(self):
        if self.server is not None:
            self.server.kill()
        self.temp.cleanup()

    def start(self, change=lambda text: text):
        self.server = Serving(self.dir, change).start()
        return self.server

    def to(self):
        return ["--to", f"127.0.0.1:{self.server.port}"]

    def send(self, *messages, code=0):
        (self.dir / "m.hl7").write_text("".join(messages), encoding="utf-8", newline="")
        done = run("send", self.dir / "m.hl7", *self.to(), "--json")
        self.assertEqual(done.returncode, code, (done.stdout, done.stderr))
        return json_lines(done.stdout.decode())

    def query(self, kind, *args, sender=PHS, code=0):
        done = run("query", kind, *self.to(), "--as", sender, *args, "--json")
        self.assertEqual(done.returncode, code, (done.stdout, done.stderr))
        return json_lines(done.stdout.decode())

    def quarantine(self, *args, code=0, **kwargs):
        done = run("quarantine", *args, "--config", self.server.config, **kwargs)
        self.assertEqual(done.returncode, code, (args, done.stdout, done.stderr))
        return done.stdout.decode()


class ServeTest(ServeCase):
    def test_a_day_of_the_network(self):
        server = self.start()
        self.assertEqual(server.page("/health"), (200, "ok\n"))
        self.assertEqual(server.page("/ready")[0], 200)
        self.assertEqual(server.page("/nothing")[0], 404)
        # Feeds of two facilities, of one patient.
        answers = self.send(message("A04", "M1", HIS, "00001003^^^H001"), message("A04", "M2", EMR, "7^^^C002"))
        self.assertEqual([(a["control_id"], a["type"], a["code"]) for a in answers], [("M1", "ADT^A04", "AA"), ("M2", "ADT^A04", "AA")])
        pix = self.query("pix", "--id", "7", "--authority", "C002", sender=EMR)[0]
        self.assertEqual([(i["value"], i["namespace"]) for i in pix["persons"][0]["identifiers"]], [("00001003", "H001")])
        pdq = self.query("pdq", "--family", "山田", "--birth", "19600401")[0]
        self.assertEqual(sorted(i["namespace"] for i in pdq["persons"][0]["identifiers"]), ["C002", "H001"])
        # A revision, the same message again, a merge.
        self.send(message("A08", "M3", HIS, "00001003^^^H001"), message("A08", "M3", HIS, "00001003^^^H001"),
                  message("A04", "M4", HIS, "00001004^^^H001"), message("A40", "M5", HIS, "00001003^^^H001", more="MRG|00001004^^^H001"))
        self.assertEqual(server.metric('nayose_repeated_total{party="hospital-his"}'), 1)
        self.assertEqual(server.metric("nayose_persons"), 1)
        self.assertEqual(server.metric('nayose_messages_total{party="hospital-his",type="ADT^A40",code="AA"}'), 1)
        self.assertEqual(server.metric('nayose_answer_seconds_count{kind="pix"}'), 1)
        # Refusals say why.
        self.assertEqual(self.send(message("A04", "M6", "WHO^NOBODY", "1^^^H001"), code=1)[0]["code"][0], "A")
        refused = self.query("pix", "--id", "404", "--authority", "H001", code=1)[0]
        self.assertEqual((refused["code"], refused["errors"][0]["segment"], refused["errors"][0]["code"]), ("AE", "QPD", 204))
        # It stops when it is told to, all is on disk, and another start serves what was there.
        self.assertEqual(server.stop()[0], 0)
        self.assertEqual([e["event"] for e in json_lines(server.log())][-1], "stopped")
        server.start()
        self.assertEqual(len(self.query("pix", "--id", "7", "--authority", "C002", sender=EMR)[0]["persons"]), 1)
        self.assertEqual(server.stop(signal.SIGINT)[0], 0)
        for value in VALUES:
            self.assertNotIn(value, server.log())

    def test_pages_of_an_answer(self):
        self.start()
        self.send(*(message("A04", f"P{i}", HIS, f"{i}^^^H001", given=given, birth=f"19{i}00401")
                    for i, given in enumerate(KANA, 5)))
        pages = self.query("pdq", "--family", "山田", "--page", 1)
        told = [i["value"] for page in pages for person in page["persons"] for i in person["identifiers"]]
        self.assertEqual((len(pages), sorted(told)), (3, ["5", "6", "7"]))
        self.assertEqual(len(self.query("pdq", "--family", "山田", "--page", 1, "--most", 2)), 2)
        text = run("query", "pdq", *self.to(), "--as", PHS, "--family", "山田", "--page", 1, "--most", 1).stdout.decode()
        self.assertIn("there are more", text)
        self.assertIn("birth", text)
        self.assertEqual(self.query("pdq", "--family", "鈴木")[0]["persons"], [])

    def test_quarantine_round_trip(self):
        server = self.start()
        wrong = message("A08", "Q1", HIS, "00001003^^^X999")
        self.assertEqual(self.send(wrong, code=1)[0]["code"], "AE")
        self.assertEqual(self.send(wrong, code=1)[0]["code"], "AE")  # kept once
        listed = json_lines(self.quarantine("list", "--json"))
        self.assertEqual([(m["number"], m["party"], m["control_id"], m["type"]) for m in listed],
                         [(1, "hospital-his", "Q1", "ADT^A08")])
        self.assertEqual(oct((self.dir / "state/quarantine").stat().st_mode)[-3:], "700")
        for value in VALUES:
            self.assertNotIn(value, self.quarantine("list") + json.dumps(listed, ensure_ascii=False))
        shown = self.quarantine("show", 1)
        self.assertIn("山田^太郎", shown)
        self.assertIn("\nPID|||00001003^^^X999", shown)
        self.assertIn("refused", json.dumps(json_lines(server.log())))
        # Handed in as it is it is refused again; mended it is taken.
        self.assertIn("AE", self.quarantine("replay", 1, code=1))
        text = json.loads(self.quarantine("show", 1, "--json"))["message"]
        (self.dir / "mended").write_text(text.replace("X999", "H001"), encoding="utf-8")
        self.quarantine("fix", 1, "--with", self.dir / "mended")
        self.assertEqual(json.loads(self.quarantine("replay", "--all", "--json"))["code"], "AA")
        self.assertEqual(self.quarantine("list"), "nothing is in quarantine\n")
        self.assertEqual(len(json_lines(self.quarantine("list", "--done", "--json"))[0]["replays"]), 2)
        self.assertIn("was accepted", run("quarantine", "show", 1, "--config", server.config).stderr.decode())
        self.assertEqual(len(self.query("pdq", "--family", "山田")[0]["persons"]), 1)
        self.assertEqual(server.metric('nayose_replays_total{outcome="accepted"}'), 1)
        # By an editor, in the charset that it came in.
        sjis = message("A08", "Q2", EMR, "7^^^X999", charset="").encode("cp932")
        (self.dir / "m.hl7").write_bytes(sjis)
        self.assertEqual(run("send", self.dir / "m.hl7", *self.to(), "--encoding", "CP932").returncode, 1)
        number = json_lines(self.quarantine("list", "--json"))[0]["number"]
        env = dict(os.environ, EDITOR="sed -i s/X999/C002/", VISUAL="")
        self.quarantine("fix", number, env=env)
        kept = (self.dir / f"state/quarantine/{number}.hl7").read_bytes()
        self.assertEqual(kept, sjis.replace(b"X999", b"C002"))
        self.quarantine("replay", number)
        # Dropped it is gone; without a server nobody takes it.
        self.send(wrong.replace("Q1", "Q3"), code=1)
        number = json_lines(self.quarantine("list", "--json"))[0]["number"]
        server.stop()
        done = run("quarantine", "replay", number, "--timeout", 1, "--config", server.config)
        self.assertEqual(done.returncode, 4)
        self.assertIn("is nayose serve running", done.stderr.decode())
        self.quarantine("drop", number)
        self.assertEqual(run("quarantine", "show", number, "--config", server.config).returncode, 3)

    def test_reload(self):
        server = self.start()
        good = server.config.read_text(encoding="utf-8")
        self.assertEqual(self.send(message("A04", "R1", "NEW^CLINIC", "7^^^C002"), code=1)[0]["code"][0], "A")
        # A party takes another name; the log was moved away.
        (self.dir / "serve.log").rename(self.dir / "serve.log.1")
        server.config.write_text(good.replace('application = "EMR"', 'application = "NEW"'), encoding="utf-8")
        server.process.send_signal(signal.SIGHUP)
        server.wait(lambda: server.events("reloaded"))
        self.assertEqual(self.send(message("A04", "R2", "NEW^CLINIC", "7^^^C002"))[0]["code"], "AA")
        # One that is wrong changes nothing, and says what is wrong with it.
        server.config.write_text(good.replace('source = "clinic-emr"', 'source = "clinic-erm"'), encoding="utf-8")
        server.process.send_signal(signal.SIGHUP)
        server.wait(lambda: server.events("not_reloaded"))
        self.assertIn("did you mean", server.events("configuration", level="error")[0]["reason"])
        self.assertEqual(self.send(message("A08", "R3", "NEW^CLINIC", "7^^^C002"))[0]["code"], "AA")
        # What only a new start changes is told, until the configuration is as it was.
        changed = good.replace(f"port = {server.port}", f"port = {free_port()}").replace("cache_megabytes = 16", "cache_megabytes = 17")
        server.config.write_text(changed, encoding="utf-8")
        server.process.send_signal(signal.SIGHUP)
        server.wait(lambda: server.events("restart_needed"))
        self.assertIn("registry.cache_megabytes, listener", server.events("restart_needed")[0]["reason"])
        self.assertEqual(server.page("/health"), (200, "ok\nchanged, and in effect at a new start: registry.cache_megabytes, listener\n"))
        self.assertEqual(server.metric("nayose_restart_needed"), 2)
        before = len(server.events("reloaded"))
        server.config.write_text(good, encoding="utf-8")
        server.process.send_signal(signal.SIGHUP)
        server.wait(lambda: len(server.events("reloaded")) > before)
        self.assertEqual(server.page("/health"), (200, "ok\n"))
        self.assertEqual(server.stop()[0], 0)

    def test_reload_of_what_keeps_the_house(self):
        server = self.start()
        good = server.config.read_text(encoding="utf-8")
        for number in range(3):
            self.send(message("A08", f"H{number}", HIS, f"{number}^^^X999"), code=1)
        # Bounds of the quarantine and another place for the pages take effect at once.
        before, server.metrics = server.metrics, free_port()
        changed = good.replace("most = 1000", "most = 1").replace(f"port = {before}", f"port = {server.metrics}")
        server.config.write_text(changed, encoding="utf-8")
        server.process.send_signal(signal.SIGHUP)
        server.wait(lambda: server.events("reloaded"))
        self.assertEqual(server.events("restart_needed"), [])
        self.assertEqual(server.page("/health"), (200, "ok\n"))
        with self.assertRaises(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{before}/health", timeout=5)
        server.wait(lambda: server.metric("nayose_quarantine_messages") == 1, seconds=30)
        self.assertEqual(self.query("pix", "--id", "1", "--authority", "H001", code=1)[0]["code"], "AE")
        # Where the pages can't go they stay, and so does all of the old configuration.
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            server.config.write_text(good.replace(f"port = {before}", f"port = {port}").replace('"EMR"', '"NEW"'), encoding="utf-8")
            server.process.send_signal(signal.SIGHUP)
            server.wait(lambda: server.events("not_reloaded"))
        self.assertEqual(server.page("/health"), (200, "ok\n"))
        self.assertEqual(self.send(message("A04", "H9", EMR, "7^^^C002"))[0]["code"], "AA")
        # Without [metrics] there are none.
        server.config.write_text(re.sub(r"\[metrics\]\naddress = .*\nport = .*\n", "", good), encoding="utf-8")
        server.process.send_signal(signal.SIGHUP)
        server.wait(lambda: len(server.events("reloaded")) == 2)
        with self.assertRaises(OSError):
            server.page("/health")
        self.assertEqual(server.stop()[0], 0)

    def test_many_handed_in_again_hold_up_nobody(self):
        server = self.start()
        count = 40
        self.send(*(message("A08", f"R{i}", HIS, f"{i}^^^X999") for i in range(count)), code=1)
        replay = self.dir / "state/quarantine/replay"
        for number in range(1, count + 1):
            (replay / str(number)).touch()
        server.process.send_signal(signal.SIGHUP)
        server.wait(lambda: server.events("reloaded"))
        self.assertEqual(server.page("/health"), (200, "ok\n"))
        self.assertEqual(server.stop()[0], 0)
        # Stopped at whatever moment, each was answered or is asked for still.
        self.assertEqual(len({p.name.split(".")[0] for p in replay.iterdir()}), count)
        self.assertEqual([p for p in replay.iterdir() if p.suffix == ".taken"], [])
        server.start()
        server.wait(lambda: len(list(replay.glob("*.outcome"))) == count)
        self.assertEqual(self.quarantine("list").count("handed in again: 1)"), count)
        self.assertEqual(server.stop()[0], 0)

    def test_a_bad_configuration(self):
        config = self.dir / "bad.toml"
        text = EXAMPLE.read_text(encoding="utf-8")
        config.write_text(text.replace("port = 2575", 'prot = 2575').replace('member = "clinic"', 'member = "clinc"'),
                          encoding="utf-8")
        for extra in ([], ["--check"]):
            done = run("serve", "--config", config, *extra)
            self.assertEqual(done.returncode, 3, done.stderr)
            lines = done.stderr.decode().splitlines()
            at = [number for number, line in enumerate(text.splitlines(), 1) if "port = 2575" in line][0]
            self.assertIn(f'{config}:{at}: listener[1].prot: there is no such key; did you mean "port"?', lines)
            self.assertTrue(any('party[2].member' in line and 'did you mean "clinic"?' in line for line in lines), lines)
        self.assertFalse((self.dir / "state").exists())
        done = run("serve", "--config", EXAMPLE, "--check")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("1 listeners, 3 facilities, 2 domains, 3 parties", done.stdout.decode())
        config.write_text(text.replace('address = "127.0.0.1"\nport = 2575', 'address = "0.0.0.0"\nport = 2575'), encoding="utf-8")
        done = run("serve", "--config", config, "--check")
        self.assertEqual(done.returncode, 1)
        self.assertIn("warning: others can reach it", done.stderr.decode())
        self.assertEqual(run("serve", "--config", self.dir / "none.toml").returncode, 3)
        # Of a folder of one's own files are named as they are.
        config.write_text(text.replace('# file = "state/serve.log" ', 'file = "serve.log" '), encoding="utf-8")
        self.assertEqual(run("serve", "--config", "bad.toml", "--check", cwd=self.dir).returncode, 0)

    def test_a_port_in_use_is_told(self):
        server = self.start()
        other = self.dir / "other"
        other.mkdir()
        second = Serving(other)
        second.config.write_text(second.config.read_text().replace(f"port = {second.port}", f"port = {server.port}"))
        done = run("serve", "--config", second.config)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("127.0.0.1", done.stderr.decode())

    def start_with_updates(self):
        """A server that tells clinic-emr of changes, and the port to which it does."""
        port = free_port()
        party = f'\n[party.updates]\nhost = "127.0.0.1"\nport = {port}\nall_domains = true\npoll_milliseconds = 50\n\n[[party]]\n' \
                'name = "pharmacy-system"'
        server = self.start(lambda text: text.replace('\n[[party]]\nname = "pharmacy-system"', party))
        server.wait(lambda: server.metric('nayose_updates_waiting{party="clinic-emr"}') == 0)
        return server, port

    @staticmethod
    def take_update(told, code, error=""):
        """Answers the next update of a connection; what it is, and its number."""
        got = b""
        while not got.endswith(b"\x1c\r"):
            got += told.recv(4096)
        number = got.split(b"|")[9]
        told.sendall(b"\x0bMSH|^~\\&|EMR|CLINIC|NAYOSE|NETWORK|20261130||ACK^A31|1|P|2.5\rMSA|" + code.encode() + b"|" +
                     number + b"\r" + error.encode() + b"\x1c\r")
        return got, number.decode()

    def test_updates_are_delivered_and_tried_again(self):
        server, port = self.start_with_updates()
        self.send(message("A04", "U1", EMR, "7^^^C002"))
        server.wait(lambda: (server.metric('nayose_updates_total{party="clinic-emr",outcome="failed"}') or 0) > 0)
        with socket.create_server(("127.0.0.1", port)) as listener:
            listener.settimeout(20)
            told, _ = listener.accept()
            with told:
                got, _ = self.take_update(told, "AA")
                self.assertIn(b"ADT^A31", got)
                self.assertIn(b"7^^^C002&1.2.392.200119.6.102.10200002&ISO", got)
                self.assertNotIn("山田".encode(), got)
                server.wait(lambda: server.metric('nayose_updates_total{party="clinic-emr",outcome="delivered"}') == 1)
        self.assertEqual(server.stop()[0], 0)

    def test_a_refused_update_is_kept_and_told_anew(self):
        server, port = self.start_with_updates()
        refused = "ERR||PID^1^3^1^4|204^Unknown key identifier^HL70357|E||||山田 is not ours\r"
        with socket.create_server(("127.0.0.1", port)) as listener:
            listener.settimeout(20)
            self.send(message("A04", "U1", EMR, "7^^^C002"))
            told, _ = listener.accept()
            with told:
                told.settimeout(20)
                got, number = self.take_update(told, "AR")  # to be sent again
                self.assertEqual(self.take_update(told, "AE", refused), (got, number))
                server.wait(lambda: server.metric("nayose_quarantine_messages") == 1)
                self.assertEqual(server.metric('nayose_updates_total{party="clinic-emr",outcome="refused"}'), 1)
                reason = "PID-3.4 Unknown key identifier (204)"
                self.assertEqual(len(server.events("update_refused", code="AE", control_id=number, reason=reason)), 1)
                kept = json_lines(self.quarantine("list", "--json"))[0]
                want = {"outgoing": True, "party": "clinic-emr", "peer": f"127.0.0.1:{port}", "control_id": number,
                        "type": "ADT^A31", "code": "AE", "reason": reason}
                self.assertEqual({key: kept[key] for key in want}, want)
                self.assertIn("  to clinic-emr  ", self.quarantine("list"))
                self.assertIn("to        clinic-emr at 127.0.0.1", self.quarantine("show", kept["number"]))
                # Those behind it come.
                self.send(message("A04", "U2", HIS, "1^^^H001"))
                self.assertIn(b"1^^^H001&", self.take_update(told, "AA")[0])
                # What was refused is told as it is now: of the patient whom the hospital knows as well since.
                command = ["quarantine", "replay", str(kept["number"]), "--config", server.config]
                replay = subprocess.Popen([NAYOSE, *command], stdout=subprocess.PIPE)
                again, other = self.take_update(told, "AA")
                self.assertNotEqual(other, number)
                self.assertIn(b"7^^^C002&", again)
                self.assertIn(b"1^^^H001&", again)
                self.assertEqual(replay.communicate(timeout=20)[0].decode(), f"{kept['number']}  AA\n")
                self.assertEqual(replay.returncode, 0)
        self.assertEqual(json_lines(self.quarantine("list", "--json")), [])
        self.assertNotIn("山田", server.log())
        self.assertEqual(server.stop()[0], 0)

    def test_the_trail_as_audit_messages(self):
        path = self.dir / "state/audit.messages"
        keyed = lambda text: text.replace('# file = "state/audit.messages"', 'file = "state/audit.messages"')
        self.assertIn("# format = \"syslog\"", EXAMPLE.read_text(encoding="utf-8"))
        (self.dir / "state").mkdir()
        server = self.start(keyed)
        server.wait(lambda: (self.dir / "state/audit.messages.position").exists())
        self.send(message("A04", "A1", HIS, "00001003^^^H001"), message("A08", "A2", HIS, "00001003^^^H001", birth="19600402"))
        self.query("pix", "--id", "00001003", "--authority", "H001")
        self.query("pdq", "--family", "山田")
        entries = lambda text: [ElementTree.fromstring(line.split("\ufeff", 1)[1]) for line in text.splitlines()]
        server.wait(lambda: path.exists() and path.read_text(encoding="utf-8").count("ITI-21") >= 2)
        server.wait(lambda: server.metric("nayose_audit_file_waiting") == 0)
        self.assertEqual(oct(path.stat().st_mode)[-3:], "600")
        first = path.read_text(encoding="utf-8")
        self.assertRegex(first, r"(?m)\A<85>1 20\d\d-\d\d-\d\dT[0-9:.]+Z \S+ nayose - IHE\+RFC-3881 - \ufeff<\?xml")
        told = [(e.find("EventIdentification/EventTypeCode").get("csd-code"), e.find("EventIdentification").get("EventActionCode"),
                 e.find("EventIdentification").get("EventOutcomeIndicator")) for e in entries(first)]
        # Two searches: what was found, and what was told of them.
        self.assertEqual(told, [("ITI-8", "C", "0"), ("ITI-8", "U", "0"), ("ITI-9", "E", "0"), ("ITI-21", "E", "0"), ("ITI-21", "E", "0")])
        for value in VALUES:
            self.assertNotIn(value, first)
        # Moved away it goes on in a new one, and after a new start where it was.
        path.rename(self.dir / "audit.1")
        self.send(message("A04", "A3", EMR, "7^^^C002"))
        server.wait(lambda: path.exists())
        self.assertEqual(server.stop()[0], 0)
        position = int((self.dir / "state/audit.messages.position").read_text())
        server.start()
        self.query("pix", "--id", "7", "--authority", "C002", sender=EMR)
        server.wait(lambda: path.read_text(encoding="utf-8").count("\n") >= 2)
        self.assertEqual(server.stop()[0], 0)
        second = path.read_text(encoding="utf-8")
        self.assertEqual([e.find("EventIdentification/EventTypeCode").get("csd-code") for e in entries(second)], ["ITI-8", "ITI-9"])
        # The command prints the same of the same entries.
        audit = lambda *args: run("registry", "audit", self.dir / "state/registry", *args, "--server", "NETWORK|NAYOSE", "--from", position - 5,
                                  "--count", 7, "--profession", "auditor", "--purpose", "audit")
        for kind, want in (("syslog", first + second), ("dicom", "".join(line.split("\ufeff", 1)[1] for line in (first + second).splitlines(True)))):
            done = audit("--format", kind)
            self.assertEqual((done.returncode, done.stdout.decode()), (0, want), done.stderr)
        for wrong in (["--format", "xml"], ["--format", "dicom", "--json"], ["--format", "dicom", "--verify"]):
            self.assertEqual(audit(*wrong).returncode, 2, wrong)

    def certify(self, name):
        """As docs/serving.md says."""
        def openssl(*args):
            subprocess.run(["openssl", *args], cwd=self.dir, check=True, capture_output=True)
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key"]
        if name == "ca":
            openssl("req", "-x509", *key, "-days", "30", "-out", "ca.pem", "-subj", "/CN=Network CA", "-addext",
                    "basicConstraints=critical,CA:TRUE,pathlen:0", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        else:
            openssl("req", *key, "-out", f"{name}.csr", "-subj", f"/CN={name}")
            (self.dir / "ext").write_text(f"subjectAltName=DNS:{name}\nextendedKeyUsage=serverAuth,clientAuth\n")
            openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30",
                    "-extfile", "ext", "-out", f"{name}.pem")
        (self.dir / f"{name}.key").chmod(0o600)

    def test_certificates_say_who_speaks(self):
        for name in ("ca", "localhost", "his.example", "emr.example", "stranger.example"):
            self.certify(name)
        tls = '\ntls = { certificate = "localhost.pem", key = "localhost.key", ca = "ca.pem" }\n'

        def change(text):
            text = re.sub(r"(\nport = \d+)\nencoding", r"\1" + tls + "encoding", text, count=1)
            for party, name in (("HOSPITAL", "his.example"), ("CLINIC", "emr.example"), ("PHARMACY", "phs.example")):
                text = text.replace(f'\nfacility = "{party}"\n', f'\nfacility = "{party}"\ncertificate = "{name}"\n')
            return text
        server = self.start(change)
        (self.dir / "m.hl7").write_text(message("A04", "T1", HIS, "1^^^H001"), encoding="utf-8", newline="")

        def send(*options):
            return run("send", self.dir / "m.hl7", "--to", f"localhost:{server.port}", "--timeout", 5, *options)

        def own(name):
            return ["--tls", "--ca", self.dir / "ca.pem", "--certificate", self.dir / f"{name}.pem", "--key", self.dir / f"{name}.key"]
        self.assertEqual(send(*own("his.example")).returncode, 0)
        # Another party's certificate does not let it say that it is the hospital.
        self.assertEqual(send(*own("emr.example")).returncode, 1)
        for options in (own("stranger.example"), ["--tls", "--ca", self.dir / "ca.pem"], []):
            self.assertNotIn(send(*options).returncode, (0, 1), options)
        self.assertEqual(server.metric("nayose_records"), 1)

    def test_systemd_is_told(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(str(self.dir / "notify"))
            notify.settimeout(20)
            os.environ.update(NOTIFY_SOCKET=str(self.dir / "notify"), WATCHDOG_USEC="200000")
            try:
                server = self.start()
            finally:
                del os.environ["NOTIFY_SOCKET"], os.environ["WATCHDOG_USEC"]
            self.assertIn(b"READY=1", notify.recv(1000))
            self.assertIn(b"WATCHDOG=1", notify.recv(1000))
            server.process.send_signal(signal.SIGTERM)
            while b"STOPPING=1" not in notify.recv(1000):
                pass
            self.assertEqual(server.process.wait(timeout=30), 0)

    def test_help_has_examples(self):
        for command in (["serve"], ["send"], ["query"], ["query", "pix"], ["query", "pdq"], ["quarantine"],
                        *(["quarantine", name] for name in ("list", "show", "fix", "replay", "drop"))):
            done = run(*command, "--help")
            self.assertEqual(done.returncode, 0)
            self.assertRegex(done.stdout.decode(), r"(?m)^Examples?:\n  nayose " + " ".join(command))
        for args in (["send", "x", "--to", "localhost"], ["query", "pix", "--to", "a:1", "--as", "X", "--id", "1", "--authority", "A"],
                     ["quarantine", "replay", "--config", EXAMPLE], ["send", "x", "--to", "a:1", "--tls"]):
            done = run(*args)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertTrue(done.stderr.startswith(b"nayose: "), done.stderr)
        for number in ("abc", "0", "-1", "1" * 30):
            done = run("quarantine", "show", number, "--config", EXAMPLE)
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"must be a message's number" if number != "-1" else b"", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
