# SPDX-License-Identifier: Apache-2.0
"""Debian's python3-hl7 as a facility's system: its script mllp_send, its client and its asyncio streams feed and ask,
and its parser reads the answers."""
import asyncio
import subprocess
import sys
import unittest

from libraries import need

need("hl7", "python3-hl7")

import hl7  # noqa: E402
import hl7.client  # noqa: E402
import hl7.mllp  # noqa: E402

from messages import HANAKO, Person, control_id, cx, feed, merge, pdq_query, pix_query  # noqa: E402
from server_case import C002, CLINIC, H001, HOSPITAL, PHARMACY, ServerCase  # noqa: E402

UTF8, JIS = "UNICODE UTF-8", "~ISO IR87||ISO 2022-1994"
SATO = [Person("左東", given, "サトウ", kana, birth, phone=phone) for given, kana, birth, phone in [
    ("一郎", "イチロウ", "19410203", "03-1111-2222"), ("二美", "フミ", "19520304", "03-2222-3333"),
    ("三千代", "ミチヨ", "19630405", "03-3333-4444"), ("四郎", "シロウ", "19740506", "03-4444-5555"),
    ("五十六", "イソロク", "19850607", "03-5555-6666")]]


class Hl7ClientTest(ServerCase):
    VALUES = [v for person in [HANAKO, *SATO] for v in person.values() if len(v) > 1]

    def send(self, text, encoding="utf-8"):
        with hl7.client.MLLPClient("127.0.0.1", self.server.port, encoding=encoding) as client:
            answer = client.send_message(text)
        self.assertTrue(answer.startswith(hl7.client.SB) and answer.endswith(hl7.client.EB + hl7.client.CR))
        return hl7.parse(answer.strip(hl7.client.SB + hl7.client.EB + hl7.client.CR), encoding=encoding)

    def accepted(self, answer, sent):
        self.assertEqual(str(answer.segment("MSA")[1]), "AA", str(answer))
        self.assertEqual(str(answer.segment("MSA")[2]), str(hl7.parse(sent).segment("MSH")[10]))
        return answer

    def fed(self, text, encoding="utf-8"):
        return self.accepted(self.send(text, encoding), text)

    def identifiers(self, pid):
        return [(str(said[0]), str(said[3][0]), str(said[3][1]), str(said[3][2])) for said in pid[3]]

    def test_feed_in_both_encodings_is_one_patient(self):
        answer = self.fed(feed("A04", HANAKO.pid(cx("H-1", H001)), HOSPITAL, character_set=UTF8))
        self.assertEqual(str(answer.segment("MSH")[9]), "ACK^A04^ACK")
        self.assertEqual(str(answer.segment("MSH")[12]), "2.3.1")
        self.assertEqual([str(answer.segment("MSH")[i]) for i in (3, 4, 5, 6)],
                         ["NAYOSE", "NETWORK", "HIS", "HOSPITAL"])
        self.fed(feed("A04", HANAKO.pid(cx("C-1", C002)), CLINIC, character_set=JIS), "iso2022_jp")
        answer = self.send(pix_query(cx("H-1", H001), character_set=UTF8))
        self.assertEqual(str(answer.segment("QAK")[2]), "OK")
        self.assertEqual(self.identifiers(answer.segment("PID")), [("C-1", *C002)])
        self.assertEqual(str(answer.segment("PID")[5]), "~^^^^^^S")

    def test_revision_and_merge(self):
        person = Person("右代", "節", "ウシロ", "セツ", "19300101", phone="06-1111-0000")
        self.fed(feed("A04", person.pid(cx("H-2", H001)), HOSPITAL, character_set=UTF8))
        moved = Person(**{**person.__dict__, "street": "9-9-9", "phone": "06-9999-0000"})
        self.fed(feed("A08", moved.pid(cx("H-2", H001)), HOSPITAL, character_set=UTF8))
        self.fed(feed("A04", moved.pid(cx("H-3", H001)), HOSPITAL, character_set=UTF8))
        self.fed(merge(cx("H-2", H001), cx("H-3", H001), HOSPITAL))
        answer = self.send(pdq_query([("PID.3.1", "H-2"), ("PID.3.4.1", "H001")], character_set=UTF8))
        self.assertEqual(self.identifiers(answer.segment("PID")), [("H-2", *H001)])
        self.assertIn("06-9999-0000", str(answer.segment("PID")[13]))
        again = self.send(merge(cx("H-2", H001), cx("H-3", H001), HOSPITAL))
        self.assertEqual(str(again.segment("MSA")[1]), "AE")

    def test_demographics_come_page_by_page_and_in_the_encoding_of_the_question(self):
        for n, person in enumerate(SATO):
            self.fed(feed("A04", person.pid(cx(f"H-S{n}", H001)), HOSPITAL, character_set=UTF8))
        for encoding, character_set in (("utf-8", UTF8), ("iso2022_jp", JIS)):
            told, pages, pointer = [], [], None
            while True:
                answer = self.send(pdq_query([("PID.5.1.1", "左東")], page=2, continuation=pointer,
                                             character_set=character_set), encoding)
                self.assertEqual(str(answer.segment("MSA")[1]), "AA")
                self.assertEqual(str(answer.segment("QAK")[2]), "OK")
                pids = list(answer.segments("PID"))
                told += [(str(pid[3][0][0]), str(pid[5][0][0]), str(pid[5][0][1])) for pid in pids]
                pages.append(len(pids))
                if "DSC" not in [str(segment[0]) for segment in answer]:
                    break
                pointer = str(answer.segment("DSC")[1])
            self.assertEqual(pages, [2, 2, 1])
            self.assertEqual(sorted(told), [(f"H-S{n}", "左東", p.given) for n, p in enumerate(SATO)])

    # The model takes 四季 for the family name.
    def test_a_family_name_is_found_as_it_was_said(self):
        person = Person("沙東", "四季", "サトウ", "シキ", "19660506", phone="03-4444-9999")
        self.fed(feed("A04", person.pid(cx("H-9", H001)), HOSPITAL, character_set=UTF8))
        for family in ("沙東", "四季"):
            answer = self.send(pdq_query([("PID.5.1.1", family), ("PID.7.1", "19660506")], character_set=UTF8))
            self.assertEqual(str(answer.segment("QAK")[2]), "OK")
            self.assertEqual(self.identifiers(answer.segment("PID")), [("H-9", *H001)])

    def test_pharmacy_asks_and_may_not_feed(self):
        person = Person("前川", "香", "マエカワ", "カオリ", "19900909", phone="072-111-0000")
        self.fed(feed("A04", person.pid(cx("H-5", H001)), HOSPITAL, character_set=UTF8))
        answer = self.send(pdq_query([("PID.5.1.1", "前川")], sender=PHARMACY, character_set=UTF8))
        self.assertEqual(self.identifiers(answer.segment("PID")), [("H-5", *H001)])
        refused = self.send(feed("A04", person.pid(cx("H-6", H001)), PHARMACY, character_set=UTF8))
        self.assertIn(str(refused.segment("MSA")[1]), ("AE", "AR"))

    def test_mllp_send_sends_a_file(self):
        person = Person("底田", "望", "ソコタ", "ノゾミ", "20010203", phone="0798-11-2222")
        messages = [feed(trigger, person.pid(cx("H-7", H001)), HOSPITAL, number=control_id(), character_set=JIS)
                    for trigger in ("A04", "A08")]
        file = self.server.folder / "feed.hl7"
        file.write_bytes("\n".join(m.replace("\r", "\n") for m in messages).encode("iso2022_jp"))
        done = subprocess.run(["mllp_send", "--loose", "--file", file, "--port", str(self.server.port), "127.0.0.1"],
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count(b"\rMSA|AA|"), 2, done.stdout)
        answer = self.send(pdq_query([("PID.5.1.1", "底田")], character_set=UTF8))
        self.assertEqual(str(answer.segment("PID")[5][0][1]), "望")

    def test_asyncio_streams_send_many_on_one_connection(self):
        async def ask(count):
            reader, writer = await hl7.mllp.open_hl7_connection("127.0.0.1", self.server.port, encoding="utf-8")
            answers = []
            for n in range(count):
                person = Person("多数", f"人{n}", "タスウ", "ヒト", f"19{40 + n}0101", phone=f"03-0000-{n:04d}")
                sent = hl7.parse(feed("A04", person.pid(cx(f"H-M{n}", H001)), HOSPITAL, character_set=UTF8))
                writer.writemessage(sent)
                await writer.drain()
                answers.append((str(sent.segment("MSH")[10]), await reader.readmessage()))
            writer.close()
            return answers

        for number, answer in asyncio.run(ask(20)):
            self.assertEqual(str(answer.segment("MSA")[1]), "AA")
            self.assertEqual(str(answer.segment("MSA")[2]), number)

    def test_questions_of_several_at_once_are_answered_each(self):
        person = Person("並木", "通", "ナミキ", "トオル", "19551111", phone="045-000-1111")
        self.fed(feed("A04", person.pid(cx("H-8", H001)), HOSPITAL, character_set=UTF8))

        async def ask(n):
            reader, writer = await hl7.mllp.open_hl7_connection("127.0.0.1", self.server.port, encoding="utf-8")
            writer.writemessage(hl7.parse(pix_query(cx("H-8", H001), tag=f"Q{n}")))
            await writer.drain()
            answer = await reader.readmessage()
            writer.close()
            return answer

        async def ask_all():
            return await asyncio.gather(*(ask(n) for n in range(16)))

        self.assertEqual([str(answer.segment("QAK")[1]) for answer in asyncio.run(ask_all())],
                         [f"Q{n}" for n in range(16)])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
