# SPDX-License-Identifier: Apache-2.0
"""A network of three facilities served by `nayose serve` on free ports. Argument of each test: the command."""
import json
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

NAYOSE = sys.argv[1] if len(sys.argv) > 1 else None
READY_SECONDS, STOP_SECONDS = 60, 60

HOSPITAL, CLINIC, PHARMACY = ("HIS", "HOSPITAL"), ("EMR", "CLINIC"), ("PHS", "PHARMACY")
H001 = ("H001", "1.2.392.200119.6.102.10100001", "ISO")
C002 = ("C002", "1.2.392.200119.6.102.10200002", "ISO")

NETWORK = """
[registry]
folder = "registry"
create = true
consent = "opt_out"

[server]
application = "NAYOSE"
facility = "NETWORK"
threads = 4
stop_seconds = 10

[[listener]]
name = "plain"
address = "127.0.0.1"
port = {port}
encoding = "UTF-8"
{more_listeners}
[[facility]]
name = "hospital"
kind = "hospital"

[[facility]]
name = "clinic"
kind = "clinic"

[[facility]]
name = "pharmacy"
kind = "pharmacy"
feeds = false

[[domain]]
name = "H001"
namespace = "H001"
oid = "1.2.392.200119.6.102.10100001"
facility = "hospital"
source = "hospital-his"

[[domain]]
name = "C002"
namespace = "C002"
oid = "1.2.392.200119.6.102.10200002"
facility = "clinic"
source = "clinic-emr"

[[party]]
name = "hospital-his"
application = "HIS"
facility = "HOSPITAL"
member = "hospital"

[[party]]
name = "clinic-emr"
application = "EMR"
facility = "CLINIC"
member = "clinic"

[[party]]
name = "pharmacy-system"
application = "PHS"
facility = "PHARMACY"
member = "pharmacy"
{updates}
{more_parties}
[quarantine]
folder = "quarantine"

[metrics]
address = "127.0.0.1"
port = {metrics_port}

[log]
level = "info"
format = "json"
"""


def free_ports(count):
    """Ports that nobody listened on a moment ago."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Server:
    """The command at work with a configuration in which {port} and {metrics_port} are to be filled in, and whatever
    `more` names. Everything it writes is in `folder`."""

    def __init__(self, folder, configuration=NETWORK, command=NAYOSE, **more):
        self.folder = Path(folder)
        self.command = command
        self.port, self.metrics_port = free_ports(2)
        filled = {"more_listeners": "", "more_parties": "", "updates": "", **more}
        self.configuration = self.folder / "network.toml"
        self.configuration.write_text(
            configuration.format(port=self.port, metrics_port=self.metrics_port, **filled), encoding="utf-8")
        self.log = self.folder / "serve.log"
        self.process = None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.command, "serve", "--config", self.configuration],
                                            stdout=log, stderr=log)
        deadline = time.monotonic() + READY_SECONDS
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise AssertionError("the server is not ready:\n" + self.log.read_text(errors="replace")[-4000:])
            time.sleep(0.05)
        return self

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/ready", timeout=5) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def metrics(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=5) as answer:
            return answer.read().decode()

    def stop(self):
        """The exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def events(self):
        """Lines of the log that are JSON."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


class ServerCase(unittest.TestCase):
    """One server for all tests of a class, each of which has patients of its own."""
    VALUES = []  # of patients: in no line of the log

    @classmethod
    def more(cls):
        return {}

    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.server = Server(cls.temp.name, **cls.more())
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        log = cls.server.log.read_text(encoding="utf-8", errors="replace")
        cls.temp.cleanup()
        if code != 0:
            raise AssertionError(f"the server ended with {code}:\n{log[-4000:]}")
        told = [value for value in cls.VALUES if value in log]
        if told:
            raise AssertionError(f"{len(told)} values of patients are in the log")
