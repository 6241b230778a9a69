# SPDX-License-Identifier: Apache-2.0
"""Messages of facilities as text, and a connection to send them by. People in them are invented."""
import itertools
import socket
from dataclasses import dataclass

from server_case import C002, H001, HOSPITAL

START, END = b"\x0b", b"\x1c\r"
_numbers = itertools.count(1)


@dataclass
class Person:
    family: str
    given: str
    family_kana: str
    given_kana: str
    birth: str
    sex: str = "F"
    street: str = "1-2-3"
    city: str = "名古屋市中区"
    prefecture: str = "愛知県"
    postal_code: str = "4600001"
    phone: str = "052-123-4567"

    def pid(self, *identifiers):
        names = (f"{self.family}^{self.given}^^^^^L^I~{self.family_kana}^{self.given_kana}^^^^^L^P")
        address = f"{self.street}^^{self.city}^{self.prefecture}^{self.postal_code}^JPN^H"
        return (f"PID|||{'~'.join(identifiers)}||{names}||{self.birth}|{self.sex}|||{address}||"
                f"{self.phone}^PRN^PH")

    def values(self):
        return [self.family + self.given, self.given, self.given_kana, self.birth, self.phone, self.street]


def cx(value, domain, form="all"):
    """An identifier by namespace, by universal ID, or by all three parts of its authority."""
    namespace, oid, kind = domain
    authority = {"all": f"{namespace}&{oid}&{kind}", "namespace": namespace, "oid": f"&{oid}&{kind}"}[form]
    return f"{value}^^^{authority}^PI"


def control_id():
    return f"C{next(_numbers):06d}"


def msh(kind, sender, version, number=None, character_set=""):
    """`character_set`: MSH-18 to MSH-20."""
    application, facility = sender
    head = (f"MSH|^~\\&|{application}|{facility}|NAYOSE|NETWORK|20261130120000+0900||{kind}|{number or control_id()}|P|"
            f"{version}")
    return head + (f"||||||{character_set}" if character_set else "")


def message(*segments):
    return "\r".join(segments) + "\r"


def feed(trigger, pid, sender=HOSPITAL, version="2.3.1", structure="ADT_A01", **head):
    kind = f"ADT^{trigger}^{structure}" if structure else f"ADT^{trigger}"
    return message(msh(kind, sender, version, **head), f"EVN|{trigger}|20261130120000", pid, "PV1||N")


def merge(survivor, subsumed, sender=HOSPITAL, version="2.3.1", **head):
    return message(msh("ADT^A40^ADT_A39", sender, version, **head), "EVN|A40|20261130120000",
                   f"PID|||{survivor}||~^^^^^^S", f"MRG|{subsumed}")


def link(one, other, sender=HOSPITAL, trigger="A24", **head):
    return message(msh(f"ADT^{trigger}^ADT_{trigger}", sender, "2.5", **head), "EVN||20261130120000",
                   f"PID|||{one}||~^^^^^^S", f"PID|||{other}||~^^^^^^S")


def unlink(one, other, sender=HOSPITAL, **head):
    return link(one, other, sender, "A37", **head)


def pix_query(identifier, domains=(), sender=HOSPITAL, version="2.5", tag="T1", **head):
    """`domains`: authorities as QPD-4 has them."""
    what = "~".join(f"^^^{domain}" for domain in domains)
    return message(msh("QBP^Q23^QBP_Q21", sender, version, **head),
                   f"QPD|IHE PIX Query|{tag}|{identifier}" + (f"|{what}" if what else ""), "RCP|I")


def pdq_query(criteria, domains=(), page=None, continuation=None, sender=HOSPITAL, version="2.5", tag="T2", **head):
    said = "~".join(f"@{path}^{value}" for path, value in criteria)
    qpd = f"QPD|IHE PDQ Query|{tag}|{said}"
    if domains:
        qpd += "|||||" + "~".join(f"^^^{domain}" for domain in domains)
    segments = [msh("QBP^Q22^QBP_Q21", sender, version, **head), qpd, "RCP|I" + (f"|{page}^RD" if page else "")]
    if continuation:
        segments.append(f"DSC|{continuation}|I")
    return message(*segments)


def cancel(tag, sender=HOSPITAL, **head):
    return message(msh("QCN^J01^QCN_J01", sender, "2.5", **head), f"QID|{tag}|IHE PDQ Query")


class Connection:
    """MLLP by hand, where no library of others is under test."""

    def __init__(self, port, encoding="utf-8", timeout=30):
        self.encoding = encoding
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def ask(self, text):
        self.socket.sendall(START + text.encode(self.encoding) + END)
        received = b""
        while not received.endswith(END):
            more = self.socket.recv(65536)
            if not more:
                raise ConnectionError("the server closed the connection")
            received += more
        return received[len(START):-len(END)].decode(self.encoding)


# The same patient as two facilities know her.
HANAKO = Person("青葉", "花枝", "アオバ", "ハナエ", "19800412")
DOMAINS = (H001, C002)
