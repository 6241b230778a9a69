# SPDX-License-Identifier: Apache-2.0
"""Every kind of answer, and the notification of ITI-10, read and validated by hl7apy (strictly, by the HL7 version they
are of) and looked at field by field as IHE has it."""
import queue
import sys
import tempfile
import threading
import unittest
from pathlib import Path

from libraries import need

need("hl7apy", "tools/python_packages")

import hl7apy.core  # noqa: E402
from hl7apy.consts import VALIDATION_LEVEL  # noqa: E402
from hl7apy.exceptions import HL7apyException  # noqa: E402
from hl7apy.mllp import AbstractHandler, MLLPServer  # noqa: E402
from hl7apy.parser import parse_message  # noqa: E402
from hl7apy.validation import Validator  # noqa: E402

from messages import (Connection, Person, cancel, cx, feed, link, merge, message, msh, pdq_query,  # noqa: E402
                      pix_query, unlink)
from server_case import C002, CLINIC, H001, HOSPITAL, ServerCase, free_ports  # noqa: E402

UTF8 = "UNICODE UTF-8"
UNKNOWN = "&1.2.3.4.5&ISO"
VERSIONS = ("2.3.1", "2.4", "2.5")

# Where IHE's own messages are no plain HL7 by hl7apy's tables, each with who says otherwise. An error or warning of
# hl7apy that has one of these in it is none.
KNOWN = {
    # HL7 2.5 has QRI once for each patient; ITI-21 makes it optional.
    "Missing required child RSP_K21_QUERY_RESPONSE.QRI": "ITI-21 (RSP^K22)",
    # hl7apy takes one space for nothing. ITI-10 wants just that.
    "Missing required child PID.PID_5": "ITI-10 (PID-5 of one space)",
    # Table 0396 has HL7's own tables as a pattern, HL7nnnn, which hl7apy takes for a value.
    "Value HL70357 not in table HL70396": "HL7 2.5 table 0396",
    # User-defined tables: what stands there is the network's own.
    "not in table HL70300": "user-defined", "not in table HL70361": "user-defined",
    "not in table HL70362": "user-defined", "not in table HL70363": "user-defined",
}


def plain_forms(text):
    """The message in forms that HL7 2.5 has without IHE. QPD is there one for all queries, whose QPD-3 ("user
    parameters in successive fields") hl7apy takes for one field that does not repeat; ITI-9 and ITI-21 have QPD-3 to
    QPD-8, and ITI-21 repeats QPD-3. RSP_K21 has one ERR, where ITI-21 case 3 wants one for each unknown domain: a form
    for each."""
    lines = [line for line in text.split("\r") if line]
    errors = [line for line in lines if line.startswith("ERR|")]
    is_response = "|RSP^" in lines[0]
    for error in errors[:None if is_response else 1] or [None]:
        kept = []
        for line in lines:
            if line.startswith("QPD|"):
                fields = line.split("|")
                line = "|".join(fields[:3] + [field.split("~")[0] for field in fields[3:4]])
            if not is_response or not line.startswith("ERR|") or line is error:
                kept.append(line)
        yield "\r".join(kept) + "\r"


def faults(text):
    """What hl7apy finds, but for what is known; and the message as it read it."""
    try:
        read = parse_message(text, validation_level=VALIDATION_LEVEL.STRICT, find_groups=True)
    except HL7apyException as error:
        raise AssertionError(f"hl7apy can't read strictly: {error}: {text!r}") from error
    with tempfile.TemporaryDirectory() as temp:
        report = Path(temp) / "report"
        try:
            Validator.validate(read, report_file=str(report))
        except HL7apyException:
            pass  # it is the first line of the report
        lines = report.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not any(known in line for known in KNOWN)], read


def validated(text):
    """The message as hl7apy reads it strictly; fails on what is wrong with it and not named in KNOWN."""
    first = None
    for form in plain_forms(text):
        wrong, read = faults(form)
        if wrong:
            raise AssertionError("\n".join([*wrong, repr(form)]))
        first = first or read
    return first


def segments(text, name):
    return [segment.split("|") for segment in text.split("\r") if segment.startswith(name + "|")]


def value(element):
    return element.to_er7()


class AnswerCase(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = Connection(cls.server.port)

    @classmethod
    def tearDownClass(cls):
        cls.connection.socket.close()
        super().tearDownClass()

    def ask(self, text):
        return self.connection.ask(text)

    def fed(self, text):
        answer = self.ask(text)
        self.assertEqual(segments(answer, "MSA")[0][1], "AA", answer)
        return answer

    def register(self, person, identifier, sender=HOSPITAL):
        return self.fed(feed("A04", person.pid(identifier), sender, character_set=UTF8))


class AcknowledgementTest(AnswerCase):
    """ITI-8 and C.2.3, in the versions that a feed may have."""

    def checked(self, sent, code, trigger):
        answer = self.ask(sent)
        read = validated(answer)
        request = segments(sent, "MSH")[0]
        self.assertEqual(value(read.msh.msh_9), f"ACK^{trigger}^ACK")
        self.assertEqual(value(read.msh.msh_12), request[11])
        self.assertEqual([value(read.msh.msh_3), value(read.msh.msh_4)], [request[4], request[5]])
        self.assertEqual([value(read.msh.msh_5), value(read.msh.msh_6)], [request[2], request[3]])
        self.assertNotEqual(value(read.msh.msh_10), request[9])
        self.assertEqual(value(read.msa.msa_1), code)
        self.assertEqual(value(read.msa.msa_2), request[9])
        self.assertEqual(len(segments(answer, "MSA")[0]), 3, "MSA-3 and MSA-6 are not to be sent")
        return answer

    def error(self, answer, version):
        """Segment, sequence, field and code, which both forms have."""
        err = segments(answer, "ERR")[0]
        if version == "2.5":
            return (*err[2].split("^")[:3], err[3].split("^")[0])
        place = err[1].split("^")
        return (*place[:3], place[3].split("&")[0])

    def test_accepted(self):
        for n, version in enumerate(VERSIONS):
            person = Person("受入", f"番{n}", "ウケイレ", "バン", f"195{n}0101", phone=f"0422-00-000{n}")
            for trigger in ("A01", "A04", "A05", "A08"):
                with self.subTest(version=version, trigger=trigger):
                    sent = feed(trigger, person.pid(cx(f"A-{n}", H001)), version=version, character_set=UTF8)
                    self.assertEqual(segments(self.checked(sent, "AA", trigger), "ERR"), [])
            other = feed("A04", person.pid(cx(f"A-{n}x", H001)), version=version, character_set=UTF8)
            self.checked(other, "AA", "A04")
            self.checked(merge(cx(f"A-{n}", H001), cx(f"A-{n}x", H001), version=version), "AA", "A40")

    def test_refused_for_its_content(self):
        person = Person("拒否", "番", "キョヒ", "バン", "19600101")
        for version in VERSIONS:
            for what, identifier in (("unknown", f"X^^^{UNKNOWN}^PI"), ("universal ID without type", "X^^^&1.2.3^PI"),
                                     ("type without universal ID", "X^^^&&ISO^PI"),
                                     ("another source's", cx("X", C002))):
                with self.subTest(version=version, authority=what):
                    answer = self.checked(feed("A04", person.pid(identifier), version=version, character_set=UTF8),
                                          "AE", "A04")
                    self.assertEqual(self.error(answer, version)[:3], ("PID", "1", "3"))
            with self.subTest(version=version, merge="of an unknown identifier"):
                answer = self.checked(merge(cx("NOBODY-1", H001), cx("NOBODY-2", H001), version=version), "AE", "A40")
                self.assertEqual(self.error(answer, version), ("MRG", "1", "1", "204"))

    def test_rejected(self):
        for version in VERSIONS:
            with self.subTest(version=version, what="message"):
                sent = message(msh("ORU^R01^ORU_R01", HOSPITAL, version), "PID|||X||Y")
                self.assertEqual(self.error(self.checked(sent, "AR", "R01"), version), ("MSH", "1", "9", "200"))
            with self.subTest(version=version, what="trigger"):
                sent = message(msh("ADT^A60^ADT_A60", HOSPITAL, version), "PID|||X||Y")
                self.assertEqual(self.error(self.checked(sent, "AR", "A60"), version), ("MSH", "1", "9", "201"))
            with self.subTest(version=version, what="sender"):
                sent = feed("A04", Person("誰", "某", "ダレ", "ボウ", "19700101").pid(cx("Z", H001)), ("WHO", "KNOWS"),
                            version=version, character_set=UTF8)
                self.assertEqual(self.error(self.checked(sent, "AR", "A04"), version)[:3], ("MSH", "1", "3"))

    def test_every_trigger_of_iti_30(self):
        one, other = Person("三十", "一", "ミソ", "ハジメ", "19590101"), Person("三十", "二", "ミソ", "フタツ", "19690101")
        self.checked(feed("A28", one.pid(cx("T-1", H001)), version="2.5", structure="ADT_A05", character_set=UTF8),
                     "AA", "A28")
        self.checked(feed("A31", other.pid(cx("T-2", H001)), version="2.5", structure="ADT_A05", character_set=UTF8),
                     "AA", "A31")
        self.checked(link(cx("T-1", H001), cx("T-2", H001)), "AA", "A24")
        self.checked(unlink(cx("T-1", H001), cx("T-2", H001)), "AA", "A37")
        self.checked(unlink(cx("T-1", H001), cx("T-2", H001)), "AE", "A37")

    def test_the_same_message_again(self):
        person = Person("再送", "番", "サイソウ", "バン", "19610101")
        sent = feed("A04", person.pid(cx("R-1", H001)), character_set=UTF8)
        first = self.checked(sent, "AA", "A04")
        self.assertEqual(self.checked(sent, "AA", "A04"), first)
        changed = sent.replace("サイソウ", "サイソオ")
        answer = self.checked(changed, "AR", "A04")
        self.assertEqual(self.error(answer, "2.3.1"), ("MSH", "1", "10", "205"))

    def test_enhanced_acknowledgement(self):
        for version in VERSIONS:
            person = Person("拡張", "番", "カクチョウ", "バン", "19620101")
            for identifier, code in ((cx(f"E-{version}", H001), "CA"), (f"X^^^{UNKNOWN}^PI", "CE")):
                with self.subTest(version=version, code=code):
                    sent = feed("A04", person.pid(identifier), version=version, character_set=UTF8)
                    fields = sent.split("\r")[0].split("|")
                    fields[14:16] = ["AL", "NE"]
                    self.checked("\r".join(["|".join(fields), *sent.split("\r")[1:]]), code, "A04")

    def test_what_is_no_message_of_hl7(self):
        sent = message(msh("ADT^A04^ADT_A01", HOSPITAL, "2.5", character_set="ISO IR999"), "PID|||X||Y")
        self.assertEqual(segments(self.checked(sent, "AR", "A04"), "ERR")[0][4], "E")
        sent = message(msh("ADT^A04^ADT_A01", HOSPITAL, "2.5"))
        answer = self.checked(sent, "AE", "A04")
        self.assertEqual(segments(answer, "ERR")[0][2:4], ["PID^1", "100^Segment sequence error^HL70357"])

    def test_exact_places_in_25(self):
        sent = message(msh("ORU^R01^ORU_R01", HOSPITAL, "2.5"), "PID|||X||Y")
        self.assertEqual(segments(self.ask(sent), "ERR")[0][2:4],
                         ["MSH^1^9^1^1", "200^Unsupported message type^HL70357"])
        sent = message(msh("ADT^A60^ADT_A60", HOSPITAL, "2.5"), "PID|||X||Y")
        self.assertEqual(segments(self.ask(sent), "ERR")[0][2:4],
                         ["MSH^1^9^1^2", "201^Unsupported trigger event^HL70357"])


class CrossReferenceTest(AnswerCase):
    """ITI-9: its six cases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("fed")
        one = Person("照合", "一", "ショウゴウ", "ハジメ", "19440404", phone="0422-11-2222")
        case.register(one, cx("P-1", H001))
        case.register(one, cx("P-1", C002), CLINIC)
        case.register(one, cx("P-2", C002), CLINIC)
        case.fed(link(cx("P-1", C002), cx("P-2", C002), CLINIC))
        case.register(Person("孤立", "二", "コリツ", "フタツ", "19550505", phone="0422-33-4444"), cx("P-9", H001))

    def checked(self, identifier, code, status, domains=(), place=None):
        sent = pix_query(identifier, domains)
        answer = self.ask(sent)
        read = validated(answer)
        self.assertEqual(value(read.msh.msh_9), "RSP^K23^RSP_K23")
        self.assertEqual(value(read.msh.msh_12), "2.5")
        self.assertEqual(value(read.msh.msh_21), "ITI-9^IHE")
        self.assertEqual(value(read.msa.msa_1), code)
        self.assertEqual(value(read.msa.msa_2), segments(sent, "MSH")[0][9])
        self.assertEqual(value(read.qak.qak_1), "T1")
        self.assertEqual(value(read.qak.qak_2), status)
        self.assertEqual(segments(answer, "QPD"), segments(sent, "QPD"), "QPD is echoed as it was sent")
        errors = segments(answer, "ERR")
        if place is None:
            self.assertEqual(errors, [])
        else:
            self.assertEqual([(err[2], err[3].split("^")[0], err[4]) for err in errors], [(place, "204", "E")])
        pids = segments(answer, "PID")
        self.assertEqual(len(pids), 1 if status == "OK" else 0)
        return pids[0] if pids else None

    def check_pid(self, pid, identifiers):
        self.assertEqual(pid[5], "~^^^^^^S")
        self.assertEqual([n for n, said in enumerate(pid) if said], [0, 3, 5])
        told = pid[3].split("~")
        self.assertEqual([t.split("^")[:1] + t.split("^")[3].split("&") for t in told], [list(i) for i in identifiers])

    def test_1_identifiers_of_other_domains(self):
        for form in ("all", "namespace", "oid"):
            with self.subTest(form=form):
                pid = self.checked(cx("P-2", C002, form), "AA", "OK", [cx("", H001, form)[3:].split("^")[0]])
                self.check_pid(pid, [("P-1", *H001)])

    def test_2_none_in_the_domains(self):
        self.checked(cx("P-9", H001), "AA", "NF", ["C002"])
        self.checked(cx("P-9", H001), "AA", "NF")

    def test_3_unknown_identifier(self):
        self.checked(cx("NOBODY", H001), "AE", "AE", place="QPD^1^3^1^1")

    def test_4_unknown_domain(self):
        self.checked(f"P-1^^^{UNKNOWN}", "AE", "AE", place="QPD^1^3^1^4")

    def test_5_unknown_requested_domain(self):
        self.checked(cx("P-1", H001), "AE", "AE", [UNKNOWN], place="QPD^1^4^1")
        self.checked(cx("P-1", H001), "AE", "AE", ["C002", UNKNOWN], place="QPD^1^4^2")
        self.checked(cx("P-1", H001), "AE", "AE", ["C002", UNKNOWN, "&9.9.9&ISO"], place="QPD^1^4^2")

    def test_6_several_of_one_domain(self):
        pid = self.checked(cx("P-1", H001), "AA", "OK")
        self.check_pid(pid, [("P-1", *C002), ("P-2", *C002)])
        # Asked by one of the two, the other one is told.
        pid = self.checked(cx("P-1", C002), "AA", "OK", ["C002"])
        self.check_pid(pid, [("P-2", *C002)])


class DemographicsTest(AnswerCase):
    """ITI-21: its three cases, nobody, wrong questions, pages and their end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("fed")
        cls.one = Person("検索", "一", "ケンサク", "ハジメ", "19440404", phone="0422-55-6666")
        case.register(cls.one, cx("D-1", H001))
        case.register(cls.one, cx("D-1", C002), CLINIC)
        for n in range(5):
            person = Person("頁替", "一二三四五"[n] + "恵", "ページガエ", "アイウエオ"[n] + "エ", f"19{n + 5}{n}0{n + 1}1{n}",
                            phone=f"0555-11-000{n}")
            case.register(person, cx(f"L-{n}", H001))

    def checked(self, criteria, code, status, places=(), error="204", **more):
        sent = pdq_query(criteria, character_set=UTF8, **more)
        answer = self.ask(sent)
        read = validated(answer)
        self.assertEqual(value(read.msh.msh_9), "RSP^K22^RSP_K21")
        self.assertEqual(value(read.msh.msh_21), "ITI-21^IHE")
        # ITI TF-2 C.2.2: MSH-18 is said where there is more than ASCII.
        self.assertEqual(value(read.msh.msh_18), "" if answer.isascii() else UTF8)
        self.assertEqual(value(read.msh.msh_3), segments(sent, "MSH")[0][4])
        self.assertEqual(value(read.msa.msa_1), code)
        self.assertEqual(value(read.qak.qak_1), "T2")
        self.assertEqual(value(read.qak.qak_2), status)
        self.assertEqual(segments(answer, "QPD"), segments(sent, "QPD"))
        self.assertEqual([(err[2], err[3].split("^")[0]) for err in segments(answer, "ERR")],
                         [(place, error) for place in places])
        if status != "OK":
            self.assertEqual(segments(answer, "PID"), [])
        return answer

    def test_1_all_identifiers_and_what_is_known(self):
        pid = segments(self.checked([("PID.5.1.1", "検索"), ("PID.5.2", "一")], "AA", "OK"), "PID")[0]
        self.assertEqual(sorted(t.split("^")[3] for t in pid[3].split("~")), ["&".join(C002), "&".join(H001)])
        self.assertEqual(pid[5], "検索^一^^^^^L^I~ケンサク^ハジメ^^^^^L^P")
        self.assertEqual(pid[7:9], ["19440404", "F"])
        self.assertTrue(pid[11].startswith("1-2-3^^名古屋市中区^愛知県^460"), pid[11])
        self.assertIn("0422-55-6666", pid[13])

    def test_1_by_every_criterion(self):
        for criteria in ([("PID.3.1", "D-1"), ("PID.3.4.2", H001[1]), ("PID.3.4.3", "ISO")],
                         [("PID.5.1.1", "検索"), ("PID.7.1", "19440404")], [("PID.5.1.1", "ケンサク"), ("PID.8", "F")],
                         [("PID.5.1.1", "検索"), ("PID.11.4", "愛知県"), ("PID.11.3", "名古屋市中区")]):
            with self.subTest(criteria=[path for path, _ in criteria]):
                self.assertEqual(len(segments(self.checked(criteria, "AA", "OK"), "PID")), 1)

    def test_2_identifiers_of_requested_domains(self):
        pid = segments(self.checked([("PID.5.1.1", "検索")], "AA", "OK", domains=["C002"]), "PID")[0]
        self.assertEqual([t.split("^")[3] for t in pid[3].split("~")], ["&".join(C002)])
        self.checked([("PID.5.1.1", "頁替")], "AA", "NF", domains=["C002"])

    def test_3_an_error_for_each_unknown_domain(self):
        self.checked([("PID.5.1.1", "検索")], "AE", "AE", ["QPD^1^8^1"], domains=[UNKNOWN])
        self.checked([("PID.5.1.1", "検索")], "AE", "AE", ["QPD^1^8^1", "QPD^1^8^3"],
                     domains=[UNKNOWN, "H001", "&9.9.9&ISO"])

    def test_nobody(self):
        self.checked([("PID.5.1.1", "皆無")], "AA", "NF")
        self.checked([("PID.3.1", "NOBODY"), ("PID.3.4.1", "H001")], "AA", "NF")

    def test_wrong_questions(self):
        self.checked([("PID.3.1", "D-1")], "AE", "AE", ["QPD^1^3^1"], "101")
        self.checked([("PID.99", "D-1")], "AE", "AE", ["QPD^1^3^1"], "103")
        self.checked([("PID.5.1.1", "検索"), ("PID.7.1", "XYZ")], "AE", "AE", ["QPD^1^3^2"], "102")

    def pages(self, first_page):
        answer = self.checked([("PID.5.1.1", "頁替")], "AA", "OK", page=first_page)
        yield answer
        while segments(answer, "DSC"):
            dsc = segments(answer, "DSC")[0]
            self.assertEqual(dsc[2], "I")
            answer = self.checked([("PID.5.1.1", "頁替")], "AA", "OK", page=first_page, continuation=dsc[1])
            yield answer

    def test_pages(self):
        for page, counts in ((2, [2, 2, 1]), (5, [5]), (1, [1] * 5)):
            with self.subTest(page=page):
                answers = list(self.pages(page))
                self.assertEqual([len(segments(answer, "PID")) for answer in answers], counts)
                told = [pid[3].split("^")[0] for answer in answers for pid in segments(answer, "PID")]
                self.assertEqual(sorted(told), [f"L-{n}" for n in range(5)])
                pointers = [dsc[1] for answer in answers for dsc in segments(answer, "DSC")]
                self.assertEqual(len(pointers), len(set(pointers)))

    def test_unknown_pointer(self):
        self.checked([("PID.5.1.1", "頁替")], "AE", "AE", ["DSC^1^1"], page=2, continuation="no-such-pointer")

    def test_pointer_of_another_party(self):
        first = next(self.pages(2))
        pointer = segments(first, "DSC")[0][1]
        self.checked([("PID.5.1.1", "頁替")], "AE", "AE", ["DSC^1^1"], page=2, continuation=pointer, sender=CLINIC)

    def test_cancelled(self):
        first = next(self.pages(2))
        sent = cancel("T2")
        read = validated(self.ask(sent))
        self.assertEqual(value(read.msh.msh_9), "ACK^J01^ACK")
        self.assertEqual(value(read.msa.msa_1), "AA")
        self.assertEqual(value(read.msa.msa_2), segments(sent, "MSH")[0][9])
        self.checked([("PID.5.1.1", "頁替")], "AE", "AE", ["DSC^1^1"], page=2, continuation=segments(first, "DSC")[0][1])


class Notified(AbstractHandler):
    """Acknowledges, and hands on what came."""

    def __init__(self, text, received):
        super().__init__(text)
        self.received = received

    def reply(self):
        self.received.put(self.incoming_message)
        ack = hl7apy.core.Message("ACK", version="2.5")
        ack.msh.msh_3, ack.msh.msh_4 = "PHS", "PHARMACY"
        ack.msh.msh_5, ack.msh.msh_6 = "NAYOSE", "NETWORK"
        ack.msh.msh_9, ack.msh.msh_11 = "ACK^A31^ACK", "P"
        ack.msh.msh_10 = "A" + str(self.received.qsize())
        ack.msa.msa_1 = "AA"
        ack.msa.msa_2 = segments(self.incoming_message, "MSH")[0][9]
        return ack.to_mllp()


UPDATES = """
[party.updates]
host = "127.0.0.1"
port = {port}
all_domains = true
first_pause_seconds = 1
longest_pause_seconds = 2
"""


class NotificationTest(AnswerCase):
    """ITI-10, to hl7apy's own MLLP server, which takes one message a connection."""

    @classmethod
    def more(cls):
        cls.received = queue.Queue()
        cls.port = free_ports(1)[0]
        cls.listener = MLLPServer("127.0.0.1", cls.port, {"ADT^A31^ADT_A05": (Notified, cls.received)})
        threading.Thread(target=cls.listener.serve_forever, daemon=True).start()
        return {"updates": UPDATES.format(port=cls.port)}

    @classmethod
    def tearDownClass(cls):
        try:
            super().tearDownClass()
        finally:
            cls.listener.shutdown()
            cls.listener.server_close()

    def checked(self, text):
        """The identifiers that it tells."""
        read = validated(text)
        self.assertEqual(value(read.msh.msh_9), "ADT^A31^ADT_A05")
        self.assertEqual(value(read.msh.msh_12), "2.5")
        self.assertEqual(value(read.msh.msh_21), "ITI-10^IHE")
        self.assertEqual([value(f) for f in (read.msh.msh_3, read.msh.msh_4, read.msh.msh_5, read.msh.msh_6)],
                         ["NAYOSE", "NETWORK", "PHS", "PHARMACY"])
        self.assertEqual([segment[:3] for segment in text.split("\r") if segment], ["MSH", "EVN", "PID", "PV1"])
        self.assertNotEqual(value(read.evn.evn_2), "")
        pid, pv1 = segments(text, "PID")[0], segments(text, "PV1")[0]
        self.assertEqual([n for n, said in enumerate(pid) if said], [0, 3, 5])
        self.assertEqual(pid[5], " ")
        self.assertEqual([n for n, said in enumerate(pv1) if said], [0, 2])
        self.assertEqual(pv1[2], "N")
        told = [(t.split("^")[0], *t.split("^")[3].split("&")) for t in pid[3].split("~")]
        self.assertEqual(told, [t for t in told if len(t) == 4])
        return told

    def test_first_registration_link_and_split(self):
        one = Person("通知", "一", "ツウチ", "ハジメ", "19440404", phone="0422-77-8888")
        self.register(one, cx("N-1", H001))
        self.assertEqual(self.checked(self.received.get(timeout=60)), [("N-1", *H001)])
        self.register(one, cx("N-2", C002), CLINIC)
        self.assertEqual(sorted(self.checked(self.received.get(timeout=60))), [("N-1", *H001), ("N-2", *C002)])
        other = Person("別人", "太郎", "ベツジン", "タロウ", "20200101", "M", "7-7", "那覇市", "沖縄県", "9000001",
                       "098-000-1111")
        self.register(other, cx("N-3", H001))
        self.assertEqual(self.checked(self.received.get(timeout=60)), [("N-3", *H001)])
        self.fed(link(cx("N-1", H001), cx("N-3", H001)))
        everything = [("N-1", *H001), ("N-2", *C002), ("N-3", *H001)]
        self.assertEqual(sorted(self.checked(self.received.get(timeout=60))), everything)
        # Two patients after all, each with a notification of its own.
        self.fed(unlink(cx("N-1", H001), cx("N-3", H001)))
        told = sorted(sorted(self.checked(self.received.get(timeout=60))) for _ in range(2))
        self.assertEqual(told, [everything[:2], everything[2:]])
        # What changes no identifier is no news.
        moved = Person(**{**other.__dict__, "phone": "098-999-1111"})
        self.fed(feed("A08", moved.pid(cx("N-3", H001)), character_set=UTF8))
        self.register(Person("後続", "三", "コウゾク", "ミツ", "19991212", phone="0422-99-0000"), cx("N-4", H001))
        self.assertEqual(self.checked(self.received.get(timeout=60)), [("N-4", *H001)])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
