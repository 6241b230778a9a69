#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server under load, its clients on the same machine: how many messages a second it takes, and in what time.

  tools/studies/serve_load.py build/release/bin/nayose build/release/bench/serve_load --persons 1000000 [--seconds 30] [--folder F]

A region of so many persons is loaded (kept in --folder, so that the next run is quick); then over 16 TLS connections with client
certificates: PIX queries, durable feeds, both, and ten times more senders than are answered at once, with what the server's
memory did and how soon it was normal again. Prints a line each.
"""
import argparse
import csv
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "clients"))
from server_case import Server  # noqa: E402

HEAD = """
[registry]
folder = "registry"
cache_megabytes = {cache}
known_authorities_only = false
[server]
threads = 12
io_threads = 2
[[listener]]
name = "tls"
port = {port}
encoding = "UTF-8"
[listener.tls]
certificate = "server.pem"
key = "server.key"
ca = "ca.pem"
[[facility]]
name = "feeder"
[[facility]]
name = "loader"
[[facility]]
name = "asker"
[[party]]
name = "feeder"
application = "FEEDER"
facility = "FEEDER"
member = "feeder"
certificate = "client.test"
[[party]]
name = "loader"
application = "LOAD"
facility = "LOAD"
member = "loader"
certificate = "client.test"
[[party]]
name = "asker"
application = "ASK"
facility = "ASK"
member = "asker"
certificate = "client.test"
[[domain]]
name = "LOAD"
namespace = "LOAD"
oid = "1.2.392.999999.1"
facility = "loader"
source = "loader"
[quarantine]
folder = "quarantine"
[metrics]
port = {metrics_port}
[log]
level = "{log}"
"""
DOMAIN = """[[domain]]
name = "{name}"
namespace = "{name}"
oid = "1.2.392.999999.2.{n}"
facility = "feeder"
source = "feeder"
"""


def run(*args, cwd=None):
    done = subprocess.run([str(a) for a in args], cwd=cwd, capture_output=True, text=True)
    if done.returncode > 1:
        sys.exit(f"{args}: {done.stderr}")
    return done.stdout


def make_certificates(folder):
    def openssl(*args):
        subprocess.run(["openssl", *args], cwd=folder, check=True, capture_output=True)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
            "-subj", "/CN=test CA", "-days", "30")
    for name, host in (("server", "localhost"), ("client", "client.test")):
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr",
                "-subj", f"/CN={host}")
        (folder / f"{name}.ext").write_text(f"subjectAltName=DNS:{host}\n")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", f"{name}.pem",
                "-days", "30", "-extfile", f"{name}.ext")
        (folder / f"{name}.key").chmod(0o600)


def prepare(args, folder):
    """A registry of the region, and which identifiers there are."""
    if (folder / "ids.csv").exists():
        return
    region = folder / "region"
    run(args.nayose, "generate", "--persons", args.persons, "--seed", 11, "--output", region, "--force")
    files = sorted(f for f in region.glob("*.csv") if f.name != "truth.csv")
    sources, sample, chance = set(), [], random.Random(1)
    for file in files:
        with open(file, encoding="utf-8", newline="") as f:
            for row in csv.DictReader(f):
                if "source" not in row:
                    break
                sources.add(row["source"])
                if chance.random() < 100000 / args.persons:
                    sample.append((row["source"], row["record_id"]))
    run(args.nayose, "registry", "create", folder / "registry")
    print(run(args.nayose, "registry", "load", folder / "registry", *files).strip().splitlines()[-1])
    who = ["--profession", "operator", "--purpose", "operations", "--actor", "study"]
    rules = run(args.nayose, "registry", "rules", folder / "registry", *who)
    (folder / "rules.json").write_text(rules.replace('"opt_in"', '"opt_out"'), encoding="utf-8")
    run(args.nayose, "registry", "rules", folder / "registry", "--set", folder / "rules.json", *who)
    for file in region.glob("*"):
        file.unlink()
    # Those who come new: another part of the same country, as likely to be like somebody who is there as people are.
    run(args.nayose, "generate", "--persons", 150000, "--seed", 12, "--output", folder / "new", "--force")
    with open(folder / "new.csv", "w", encoding="utf-8") as all_of_them:
        for number, file in enumerate(sorted((folder / "new").glob("[chdp]*.csv"))):
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            all_of_them.writelines(lines if number == 0 else lines[1:])
    (folder / "sources").write_text("\n".join(sorted(sources)))
    with open(folder / "ids.csv", "w", encoding="utf-8") as f:
        f.writelines(f"{s},{i}\n" for s, i in sample)


def configuration(folder):
    domains = (DOMAIN.format(name=name, n=n + 1) for n, name in enumerate((folder / "sources").read_text().split("\n")))
    return HEAD + "".join(domains)


def megabytes(server, what="VmRSS"):
    for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith(what):
            return int(re.findall(r"\d+", line)[0]) // 1024
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("nayose")
    parser.add_argument("load")
    parser.add_argument("--persons", type=int, default=1000000)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--cache", type=int, default=1024)
    parser.add_argument("--folder")
    parser.add_argument("--log", default="warning")
    parser.add_argument("--only", default="warm,pix,adt,mixed,overload")
    args = parser.parse_args()
    args.nayose, args.load = str(Path(args.nayose).resolve()), str(Path(args.load).resolve())
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(args.folder or temp)
        folder.mkdir(parents=True, exist_ok=True)
        prepare(args, folder)
        if not (folder / "client.pem").exists():
            make_certificates(folder)
        server = Server(folder, configuration(folder), args.nayose, cache=args.cache, log=args.log)
        begun = time.monotonic()
        server.start()
        print(f"started in {time.monotonic() - begun:.1f} s")
        number = [int(time.time())]
        # Who was registered before would become one person with himself, again and again: each load takes others.
        taken = folder / "taken"

        def load(mode, seconds, *more, application="ASK"):
            number[0] += 1
            return subprocess.Popen([args.load, "--to", f"127.0.0.1:{server.port}", "--mode", mode, "--ids", str(folder / "ids.csv"),
                                     "--patients", str(folder / "new.csv"),
                                     "--first", taken.read_text() if taken.exists() else "0",
                                     "--seconds", str(seconds), "--tls-ca", "ca.pem", "--tls-cert", "client.pem", "--tls-key",
                                     "client.key", "--tls-name", "localhost", "--application", application, "--facility", application,
                                     "--run", f"r{number[0]}", *more], cwd=folder, stdout=subprocess.PIPE, text=True)

        def say(what, process):
            out = process.communicate()[0].strip().replace("\n", "; ")
            if (sent := re.search(r"adt: (\d+) in", out)):
                before = int(taken.read_text()) if taken.exists() else 0
                taken.write_text(str(before + int(sent[1]) // 2 + 200))
            print(f"{what}: {out}; server {megabytes(server)} MiB, at most {megabytes(server, 'VmHWM')}", flush=True)

        wanted = args.only.split(",")
        if "warm" in wanted:
            say("to warm up, 16 connections, pix", load("pix", args.seconds))
        if "pix" in wanted:
            say("16 connections, pix", load("pix", args.seconds))
        if "adt" in wanted:
            say("16 connections, adt", load("adt", args.seconds, application="LOAD"))
        if "mixed" in wanted:
            adt = load("adt", args.seconds, "--connections", "8", application="LOAD")
            pix = load("pix", args.seconds, "--connections", "8")
            say("8 connections adt beside 8 of pix, adt", adt)
            say("8 connections adt beside 8 of pix, pix", pix)
        if "overload" in wanted:
            say("160 connections adt for two minutes", load("adt", 120, "--connections", "160", application="LOAD"))
            time.sleep(10)
            say("16 connections, adt, 10 s after", load("adt", args.seconds, application="LOAD"))
            say("16 connections, pix, after", load("pix", args.seconds))
        if (code := server.stop()) != 0:
            print(f"the server ended with {code}")


if __name__ == "__main__":
    main()
