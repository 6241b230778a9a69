#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The OpenHIE client registry scenarios (OHIE-CR-01 to 18) against `nayose serve`, with what IHE expects of each step
(ohie_steps.py).

    tools/studies/ohie_scenarios.py FOLDER [--nayose COMMAND] [--output FILE]

FOLDER: a copy of SanteMPI.Test/Resources/HL7 of the repository santedb/santempi (Apache-2.0), of which nothing is kept
here. Each scenario has a server and a registry of its own. A second run turns on the switches that are for systems as
SanteMPI expects them, and the national domain is shared. Ends with 1 where an expectation is not met."""
import argparse
import collections
import datetime
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "clients"))
from messages import Connection  # noqa: E402
from ohie_steps import OIDS, SENDERS, STEPS  # noqa: E402
from server_case import Server  # noqa: E402

SWITCHES = "return_asked_identifier = true\nerrors_as_rejects = true\nfill_authority = false\n"

# {port} and {metrics_port} are the server's to fill in.
NETWORK = """
[registry]
folder = "registry"
create = true
consent = "opt_out"

[server]
application = "CR1"
facility = "MOH_CAAT"
threads = 2

[[listener]]
name = "plain"
address = "127.0.0.1"
port = {port}
encoding = "UTF-8"

[quarantine]
folder = "quarantine"

[metrics]
address = "127.0.0.1"
port = {metrics_port}
"""


def configuration(switched):
    parts = [NETWORK]
    for sender, domain in SENDERS.items():
        shared = "shared = true\n" if switched and domain == "NID" else ""
        parts.append(f"""
[[facility]]
name = "{domain}"
kind = "hospital"

[[domain]]
name = "{domain}"
namespace = "{domain}"
oid = "{OIDS[domain]}"
facility = "{domain}"
source = "{sender}"
{shared}
[[party]]
name = "{sender}"
application = "{sender}"
facility = "TEST"
member = "{domain}"
{SWITCHES if switched else ""}""")
    return "".join(parts)


def read_message(folder, step):
    if step.own:
        return step.own.replace("\n", "\r")
    text = (folder / f"OHIE-CR-{step.name}.txt").read_bytes().decode("utf-8")
    lines = [line for line in text.replace("\r\n", "\r").replace("\n", "\r").split("\r") if line.strip("\ufeff ")]
    if step.mended:
        lines[0:2] = [lines[0] + lines[1]]
    return "\r".join(lines) + "\r"


def piece(text, mark, number):
    """From 1; "" where there are fewer."""
    pieces = text.split(mark)
    return pieces[number - 1] if number <= len(pieces) else ""


def component(segment, field, number=1):
    """Of a field's first repetition."""
    return piece(piece(piece(segment, "|", field + 1), "~", 1), "^", number)


def identifiers(pid):
    """VALUE^NAMESPACE of each; one whose authority is not said in all three parts is told as it stands."""
    told = set()
    for said in piece(pid, "|", 4).split("~"):
        authority = piece(said, "^", 4).split("&")
        whole = len(authority) == 3 and authority[1:] == [OIDS.get(authority[0]), "ISO"]
        told.add(f"{piece(said, '^', 1)}^{authority[0]}" if whole else said)
    return told


def demographics(pid):
    phones = {"".join(c for c in piece(said, "^", 1) if c.isdigit())
              for field in (13, 14) for said in piece(pid, "|", field + 1).split("~")}
    return {"name": f"{component(pid, 5, 1)}^{component(pid, 5, 2)}", "birth": component(pid, 7),
            "sex": component(pid, 8), "street": component(pid, 11, 1), "city": component(pid, 11, 3),
            "state": component(pid, 11, 4), "zip": component(pid, 11, 5), "phones": phones - {""}}


def seen_of(answer):
    """What is looked at of an answer; demographics where it is of one person."""
    segments = collections.defaultdict(list)
    for segment in answer.split("\r"):
        segments[segment[:3]].append(segment)
    seen = {"msa": component(segments["MSA"][0], 1)}
    if segments["ERR"]:
        err = segments["ERR"][0]
        old = piece(err, "|", 2)  # HL7 2.3.1 and 2.4: place and code in one
        seen["err"] = "^".join(old.split("^")[:3]) if old else piece(err, "|", 3)
        seen["code"] = piece(piece(old, "^", 4), "&", 1) if old else component(err, 3)
    if segments["QAK"]:
        seen["qak"] = component(segments["QAK"][0], 2)
        seen["persons"] = len(segments["PID"])
        if segments["PID"]:
            seen["ids"] = set().union(*map(identifiers, segments["PID"]))
        if len(segments["PID"]) == 1:
            seen |= demographics(segments["PID"][0])
    return seen


def unmet(expected, seen):
    """What is not as expected."""
    def is_met(name, wanted):
        if name == "err":
            return name in seen and (wanted == "" or f"{seen[name]}^".startswith(f"{wanted}^"))
        return seen.get(name) == wanted
    return [name for name, wanted in expected.items() if not is_met(name, wanted)]


def echoes(answer, sent):
    """Whether MSA-2 is MSH-10 as it came, blanks and all; a control character (18-20 has one) is escaped."""
    control_id = "".join(c if c >= " " else f"\\X{ord(c):02X}\\" for c in piece(sent, "|", 10))
    return any(piece(segment, "|", 3) == control_id for segment in answer.split("\r") if segment.startswith("MSA|"))


def run(folder, command, switched):
    """(step, expected, seen, unmet) of each step."""
    results = []
    scenarios = collections.defaultdict(list)
    for step in STEPS:
        scenarios[step.name[:2]].append(step)
    for steps in scenarios.values():
        with tempfile.TemporaryDirectory() as temp:
            server = Server(temp, configuration(switched), command).start()
            try:
                with Connection(server.port) as connection:
                    for step in steps:
                        sent = read_message(folder, step)
                        answer = connection.ask(sent)
                        expected = step.switched if switched and step.switched else step.expected
                        missed = unmet(expected, seen_of(answer))
                        if not echoes(answer, sent):
                            missed.append("MSA-2")
                        results.append((step, expected, seen_of(answer), missed))
            finally:
                code = server.stop()
            if code != 0:
                raise SystemExit(f"the server ended with {code}")
    return results


def shown(values):
    """No more of a patient than identifiers."""
    said = [values[name] for name in ("msa", "qak", "err", "code") if values.get(name)]
    return " ".join(said + [",".join(sorted(values.get("ids", ())))])


def write(results, switched, out):
    """How many are not as expected. Of a run with the switches, what is as without them is not written."""
    out.append(f"{'step':7}{'expected':40}{'seen':40}result")
    for step, expected, seen, missed in results:
        if switched and not step.switched and not missed:
            continue
        verdict = "deviation" if step.deviation and not switched else "pass"
        if missed:
            verdict = f"FAIL: {', '.join(missed)}"
        out.append(f"{step.name:7}{shown(expected):39} {shown(seen):39} {verdict}")
        if step.deviation and not switched:
            out.append(f"{'':9}{step.deviation}")
    return sum(1 for *_, missed in results if missed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--nayose", default=str(ROOT / "build" / "release" / "bin" / "nayose"))
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    out = [f"OHIE-CR scenarios (messages of santedb/santempi) against nayose serve, {datetime.date.today()}", "",
           "pass: as IHE and SanteMPI's tests expect. deviation: as IHE expects, but not as SanteMPI's tests do; the",
           "reason is below it. Seen: MSA-1, QAK-2, place and code of the first ERR, all identifiers told. Nothing",
           "else of patients is written here.", "", "The server as it comes"]
    results = run(arguments.folder, arguments.nayose, False)
    failed = write(results, False, out)
    out += ["", "With return_asked_identifier, errors_as_rejects, the national domain shared and without fill_authority:",
            "the steps that differ, now as SanteMPI expects (but for the subsumed RJ-999 of 16-40)"]
    failed_switched = write(run(arguments.folder, arguments.nayose, True), True, out)
    out += ["", "What the scenarios ask for and the server has not"]
    out += [f"{step.name:7}{step.gap}" for step in STEPS if step.gap]
    out += ["", "Messages of ours, where the set's question is broken"]
    out += [f"{step.name:7}{step.own.splitlines()[1]}" for step in STEPS if step.own]
    deviating = sum(1 for step, *_, missed in results if step.deviation and not missed)
    out += ["", f"{len(results)} steps: {len(results) - failed} as IHE expects, {deviating} of these not as SanteMPI's "
            f"tests do; {failed} failed, with the switches {failed_switched}."]
    text = "\n".join(line.rstrip() for line in out) + "\n"
    print(text, end="")
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")
    return 1 if failed or failed_switched else 0


if __name__ == "__main__":
    sys.exit(main())
