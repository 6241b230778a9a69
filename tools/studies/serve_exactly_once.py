#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether a server that is killed again and again takes each message once.

  tools/studies/serve_exactly_once.py build/release/bin/nayose --messages 200000 --kills 100 [--senders 16] [--seed 1]

Senders register patients (A04) and revise them (A08), each message in turn until it is acknowledged. Some hang up before they
read the answer and send again, some send again what was acknowledged, some send another content under the same number. The
server is killed (SIGKILL) meanwhile. Afterwards: every acknowledged message has exactly one entry in the audit trail that made
an event, every patient is as the last acknowledged message says, the trail and the registry verify. Exit 1 where not.
"""
import argparse
import collections
import json
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "clients"))
from server_case import Server  # noqa: E402

CONFIG = """
[registry]
folder = "registry"
create = true
consent = "opt_out"
[[listener]]
name = "plain"
port = {port}
encoding = "UTF-8"
[[facility]]
name = "hospital"
[[domain]]
name = "H"
namespace = "H"
oid = "1.2.3"
facility = "hospital"
source = "his"
[[party]]
name = "his"
application = "HIS"
facility = "HOSPITAL"
member = "hospital"
[quarantine]
folder = "quarantine"
[metrics]
port = {metrics_port}
"""
FAMILIES = ["佐藤 サトウ", "鈴木 スズキ", "高橋 タカハシ", "田中 タナカ", "伊藤 イトウ", "渡辺 ワタナベ", "山本 ヤマモト", "中村 ナカムラ"]
GIVENS = ["太郎 タロウ", "花子 ハナコ", "一郎 イチロウ", "恵子 ケイコ", "健一 ケンイチ", "幸子 サチコ", "誠 マコト", "和子 カズコ"]


class Sender(threading.Thread):
    """Sends its messages, one after the other."""

    def __init__(self, server, number, count, seed):
        super().__init__()
        self.server, self.number, self.count = server, number, count
        self.random = random.Random(seed * 1000 + number)
        self.connection, self.rest = None, b""
        self.acknowledged, self.answers, self.wrong = set(), {}, []
        self.phones = {}  # of each patient, as it was last acknowledged
        self.counts = collections.Counter()

    def run(self):
        for i in range(self.count):
            patient, phone = f"{self.number}.{i // 2}", f"090{self.number:04d}{i % 10000:04d}"
            name = f"m{self.number}-{i}"
            message = self.message(name, "A04" if i % 2 == 0 else "A08", patient, phone)
            self.deliver(name, message)
            self.phones[patient] = phone
            chance = self.random.random()
            if chance < 0.02:  # again, though it was acknowledged
                self.counts["sent again"] += 1
                if self.ask(name, message) != self.answers[name]:
                    self.wrong.append(f"{name}: another answer than at first")
            elif chance < 0.03:  # something else under the same number
                self.counts["other content"] += 1
                answer = self.ask(name, self.message(name, "A08", patient, "0312345678"))
                if b"MSA|AR|" + name.encode() not in answer:
                    self.wrong.append(f"{name}: other content was not refused")

    def message(self, name, trigger, patient, phone):
        pick = random.Random(patient)
        family, family_kana = pick.choice(FAMILIES).split()
        given, given_kana = pick.choice(GIVENS).split()
        birth = f"{pick.randint(1930, 2020)}{pick.randint(1, 12):02d}{pick.randint(1, 28):02d}"
        return "\r".join([
            f"MSH|^~\\&|HIS|HOSPITAL|NAYOSE|NETWORK|20261130120000||ADT^{trigger}^ADT_A01|{name}|P|2.5||||||UNICODE UTF-8",
            "EVN||20261130120000",
            f"PID|||{patient}^^^H||{family}^{given}^^^^^L^I~{family_kana}^{given_kana}^^^^^L^P||{birth}|{pick.choice('MF')}"
            f"|||||{phone}", "PV1||N", ""]).encode()

    def deliver(self, name, message):
        """Until it is acknowledged."""
        if self.random.random() < 0.03:  # sends it and does not wait for the answer
            self.counts["hung up"] += 1
            self.connect()
            try:
                self.connection.sendall(b"\x0b" + message + b"\x1c\r")
            except OSError:
                pass
            self.hang_up()
        answer = self.ask(name, message)
        if b"MSA|AA|" + name.encode() + b"\r" not in answer:
            self.wrong.append(f"{name}: not acknowledged: {answer[answer.find(b'MSA'):][:80]!r}")
            return
        self.acknowledged.add(name)
        self.answers[name] = answer

    def ask(self, name, message):
        while True:
            self.connect()
            try:
                self.connection.sendall(b"\x0b" + message + b"\x1c\r")
                while b"\x1c\r" not in self.rest:
                    some = self.connection.recv(65536)
                    if not some:
                        raise OSError("closed")
                    self.rest += some
            except OSError:
                self.counts["connections lost"] += 1
                self.hang_up()
                continue
            answer, self.rest = self.rest.split(b"\x1c\r", 1)
            if b"MSA|" not in answer or answer.split(b"MSA|")[1].split(b"\r")[0].split(b"|")[1] != name.encode():
                self.wrong.append(f"{name}: MSA-2 is another message's")
            return answer

    def connect(self):
        while self.connection is None:
            try:
                self.connection = socket.create_connection(("127.0.0.1", self.server.port), 5)
                self.connection.settimeout(30)
            except OSError:
                time.sleep(0.02)

    def hang_up(self):
        self.connection.close()
        self.connection, self.rest = None, b""


def nayose_lines(nayose, *args):
    done = subprocess.run([nayose, "registry", *map(str, args)], capture_output=True, check=True)
    return done.stdout.decode()


def check(nayose, folder, senders):
    """What is wrong, a sentence each."""
    wrong = [w for s in senders for w in s.wrong]
    who = ["--profession", "auditor", "--purpose", "audit", "--actor", "study"]
    made, start = collections.Counter(), 1
    while True:
        lines = nayose_lines(nayose, "audit", folder / "registry", "--from", start, "--count", 50000, "--json", *who).splitlines()
        for line in lines:
            entry = json.loads(line)
            if entry.get("transaction") == "ITI-8" and entry["outcome"] == "done" and entry["event"] > 0:
                made[entry["request"]] += 1
        if len(lines) < 50000:
            break
        start = json.loads(lines[-1])["entry"] + 1
    acknowledged = set().union(*(s.acknowledged for s in senders))
    wrong += [f"{m}: acknowledged and not there" for m in acknowledged if made[m] == 0]
    wrong += [f"{m}: made {n} times" for m, n in made.items() if n > 1]
    phones = {p: phone for s in senders for p, phone in s.phones.items()}
    operator = ["--profession", "operator", "--purpose", "operations", "--actor", "study"]
    rules = json.loads(nayose_lines(nayose, "rules", folder / "registry", *operator))
    rules["rules"].append({"who": ["operator"], "why": ["operations"], "what": ["export"], "sees": "all"})
    (folder / "rules.json").write_text(json.dumps(rules), encoding="utf-8")
    nayose_lines(nayose, "rules", folder / "registry", "--set", folder / "rules.json", *operator)
    export = folder / "export.jsonl"
    nayose_lines(nayose, "export", folder / "registry", "--output", export, *operator)
    seen = 0
    for line in open(export, encoding="utf-8"):
        record = json.loads(line)
        if record.get("kind") != "record":
            continue
        seen += 1
        if record["phones"] != [phones[record["record_id"]]]:
            wrong.append(f"patient {record['record_id']}: not as the last message says")
    if seen != len(phones):
        wrong.append(f"{seen} patients are there, {len(phones)} were registered")
    return wrong, made


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("nayose")
    parser.add_argument("--messages", type=int, default=200000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--senders", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    chance = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        server = Server(folder, CONFIG, args.nayose).start()
        senders = [Sender(server, n, args.messages // args.senders, args.seed) for n in range(args.senders)]
        begun = time.monotonic()
        for sender in senders:
            sender.start()
        killed = 0
        total = args.messages // args.senders * args.senders
        while any(s.is_alive() for s in senders):
            done = sum(len(s.acknowledged) for s in senders)
            if killed < args.kills and done >= total * (killed + 0.5) / args.kills:
                time.sleep(chance.random() * 0.05)
                server.kill()
                killed += 1
                server.start()
            time.sleep(0.005)
        took = time.monotonic() - begun
        code = server.stop()
        wrong, made = check(args.nayose, folder, senders)
        if code != 0:
            wrong.append(f"the server ended with {code} when it was told to stop")
        counts = sum((s.counts for s in senders), collections.Counter())
        acknowledged = sum(len(s.acknowledged) for s in senders)
        verified = subprocess.run([args.nayose, "registry", "audit", str(folder / "registry"), "--verify", "--profession", "auditor",
                                   "--purpose", "audit", "--actor", "study"], capture_output=True)
        if verified.returncode != 0:
            wrong.append("the trail does not verify")
        checked = subprocess.run([args.nayose, "registry", "verify", str(folder / "registry"), "--profession", "operator",
                                  "--purpose", "operations", "--actor", "study"], capture_output=True)
        if checked.returncode != 0:
            wrong.append("the registry does not verify")
    print(f"seed {args.seed}: {acknowledged} of {total} messages acknowledged in {took:.0f} s by {args.senders} senders, "
          f"{killed} kills; {dict(counts)}; {sum(made.values())} events; {len(wrong)} wrong")
    for line in wrong[:20]:
        print("  " + line)
    sys.exit(1 if wrong or killed < args.kills else 0)


if __name__ == "__main__":
    main()
