# SPDX-License-Identifier: Apache-2.0
"""What is expected of each step of the OpenHIE client registry scenarios: IHE's expectation (ITI-8, ITI-9, ITI-21), and
where the tests that come with the messages (SanteMPI's) expect something else, what and why not here."""
from dataclasses import dataclass

OIDS = {"TEST": "2.16.840.1.113883.3.72.5.9.1", "TEST_A": "2.16.840.1.113883.3.72.5.9.2",
        "TEST_B": "2.16.840.1.113883.3.72.5.9.3", "NID": "2.16.840.1.113883.3.72.5.9.9"}
SENDERS = {"TEST_HARNESS": "TEST", "TEST_HARNESS_A": "TEST_A", "TEST_HARNESS_B": "TEST_B", "NID_AUTH": "NID"}

# An expectation is what seen_of() of ohie_scenarios.py has to see. "err": where the first ERR points, or its beginning.
FED = {"msa": "AA"}
REJECTED = {"msa": "AR"}


def refused(place="", **more):
    return {"msa": "AE", "err": place, **more}


def found(*ids, **more):
    return {"msa": "AA", "qak": "OK", "ids": set(ids), **more}


def nobody():
    return {"msa": "AA", "qak": "NF", "persons": 0}


def error(place, code="204"):
    return {"msa": "AE", "qak": "AE", "err": place, "code": code, "persons": 0}


@dataclass
class Step:
    name: str                # of the file: "02-10"
    expected: dict           # IHE's, of the server as it comes
    deviation: str = ""      # what SanteMPI's tests expect otherwise, and why not here
    switched: dict = None    # expected with the switches for such systems; None: the same
    gap: str = ""            # what the scenario asks for that the server has not
    mended: bool = False     # the message of the set is broken
    own: str = ""            # a message of ours; "": the set's


def pix_query(name, identifier):
    """ITI-9 as it has to be, of what the set's question means."""
    return (f"MSH|^~\\&|TEST_HARNESS_A|TEST|CR1|MOH_CAAT|20090223144546||QBP^Q23^QBP_Q21|OURS-{name}|P|2.5\n"
            f"QPD|IHE PIX Query|{name}|{identifier}\nRCP|I\n")


def asked_by(name, identifier):
    """ITI-9 by an identifier of a patient who has no other one."""
    return Step(name, nobody(), "ITI-9 case 1: the identifier that was asked for is not told; SanteMPI wants it told",
                found(identifier))


def refused_as_error(name, place, **more):
    return Step(name, refused(place, **more),
                "SanteMPI wants AR; by C.2.3 a fault in what is said is AE, and AR what may be sent again", REJECTED)


JONES = {"name": "JONES^JENNIFER", "birth": "19840125"}
FOSTER = {"name": "FOSTER^FANNY FULL", "birth": "1970", "sex": "F", "street": "123 W34 St", "city": "FRESNO",
          "state": "CA", "zip": "30495", "phones": {"0340594343"}}

STEPS = [
    Step("01-10", FED, "ITI-8: an identifier without authority is filled in from the configuration of its source; "
         "SanteMPI wants it refused", REJECTED),

    Step("02-10", FED),
    asked_by("02-20", "RJ-438^TEST"),
    Step("02-30", FED),
    asked_by("02-40", "RJ-439^TEST"),

    refused_as_error("03-10", "PID^1^3", code="204"),
    refused_as_error("03-20", "PID^1^3", code="204"),

    Step("04-20", FED),
    refused_as_error("04-30", "PID^1^3"),

    Step("05-10", FED),
    Step("05-20", FED),
    asked_by("05-30", "RJ-441^TEST"),

    Step("06-20", FED),
    Step("06-30", refused("PID^1^3"), "SanteMPI wants it accepted, and linked by the national identifier alone; ITI-8: "
         "a domain has one source, so its identifiers from another system are refused (as CR-04 wants)", FED),
    Step("06-40", error("QPD^1^2", "101"), "the question has no query tag (QPD-2), which ITI-9 requires; SanteMPI "
         "answers it"),
    Step("06-41", nobody(), "as 06-40, with a tag; as 06-30, SanteMPI wants RJ-449 and the one that was asked for told",
         found("RJ-449^TEST_A", "NID-000345435^NID"), own=pix_query("06-41", "NID-000345435^^^NID^PI")),

    Step("07-10", FED),
    Step("07-20", FED),
    asked_by("07-30", "RJ-440^TEST"),
    Step("07-40", found("RJ-440^TEST", persons=1), "SanteMPI wants PID-6 and PID-21 of the child told",
         gap="mother's maiden name (PID-6) and mother's identifier (PID-21)"),

    Step("08-10", FED),
    Step("08-30", found("RJ-442^TEST", persons=1, **FOSTER), "SanteMPI wants PID-5.3 apart from PID-5.2, and PID-6, "
         "14, 15 and 16 told",
         gap="second given names apart (PID-5.3), mother's maiden name (PID-6), business phones as such (PID-14), "
         "phones that are no Japanese subscriber's, language (PID-15), marital status (PID-16); PID-11.6 is JPN "
         "whatever was said"),

    Step("09-10", error("QPD^1^3^1^1")),
    Step("09-20", error("QPD^1^3^1^4")),
    Step("09-30", FED),
    asked_by("09-40", "RJ-443^TEST"),

    Step("10-10", FED),
    asked_by("10-20", "RJ-444^TEST"),
    Step("10-30", error("QPD^1^4")),
    Step("10-40", nobody()),

    Step("11-10", FED),
    Step("11-20", found("RJ-439^TEST", persons=1, **JONES),
         "SanteMPI tells an enterprise ID of its own beside it; here that is of no domain"),
    Step("11-30", nobody()),
    Step("11-40", error("QPD^1^3", "103")),
    Step("11-50", found("RJ-439^TEST", persons=1, **JONES)),
    Step("11-60", nobody()),
    Step("11-70", error("QPD^1^8")),

    Step("12-10", FED),
    Step("12-20", found("RJ-439^TEST", **JONES)),
    Step("12-30", nobody()),
    Step("12-40", found("RJ-439^TEST", persons=1, **JONES)),
    Step("12-45", error("QPD^1^8")),
    Step("12-50", found("RJ-439^TEST", **JONES)),
    Step("12-60", FED, "the scenario wants JENNIFER JONES found by how it sounds (SanteMPI's own test leaves that "
         "out); ITI-21: what is not exact is the supplier's business", gap="Latin names by sound (QPD-5: soundex)"),
    Step("12-70", FED, "SanteMPI wants JENNIFER found by JENNY; ITI-21: the supplier's business",
         gap="Latin nicknames (QPD-5: alias)"),

    Step("13-10", FED),
    Step("13-15", FED),
    Step("13-20", error("QPD^1^3", "103"), "SanteMPI wants the child found by its mother's identifier; ITI-21 asks for "
         "no such criterion", gap="search by mother's identifier (@PID.21)"),
    Step("13-30", error("QPD^1^3", "103"), "SanteMPI wants the child found by its mother's name; ITI-21: of the "
         "Pediatric Demographics option alone", gap="search by mother's maiden name (@PID.6)"),

    Step("14-10", FED),
    Step("14-20", found("RJ-439^TEST")),
    Step("14-30", found("RJ-439^TEST")),
    Step("14-40", found("RJ-439^TEST")),
    Step("14-50", nobody()),

    Step("15-10", FED),
    Step("15-20", found("RJ-439^TEST")),
    Step("15-30", found("RJ-439^TEST")),
    Step("15-40", found("RJ-439^TEST")),
    Step("15-50", nobody()),
    Step("15-60", nobody()),

    Step("16-10", FED),
    Step("16-15", FED),
    Step("16-20", found("RJ-439^TEST", "RJ-999^TEST")),
    Step("16-30", FED),
    Step("16-40", nobody(), "SanteMPI wants RJ-439 and RJ-999 told; ITI-9: not the one asked for (a switch tells it), "
         "ITI-8: a subsumed identifier is not used again", found("RJ-439^TEST")),
    Step("16-50", found("RJ-439^TEST"), "SanteMPI's test does not send it; whether a subsumed identifier still answers "
         "is a switch (answer_subsumed)"),
    Step("16-60", found("RJ-439^TEST", persons=1), "SanteMPI's test does not send it"),

    Step("17-15", FED),
    Step("17-20", FED),
    Step("17-25", FED),
    Step("17-30", refused(), "SanteMPI's test wants MSH-4 of the question as MSH-3 of the answer; it is MSH-5",
         REJECTED),
    Step("17-40", refused(), "as 17-30", REJECTED),
    Step("17-50", refused(code="204"), "as 17-30", REJECTED),

    Step("18-20", FED),
    Step("18-30", FED),
    Step("18-40", error("QPD^1^3^1^1", "101"), "SanteMPI has no test of it. The set's MSH is broken by a line end in "
         "MSH-10 (mended here), and its QPD has no tag, so that the identifier stands in QPD-2", mended=True),
    Step("18-41", nobody(), "what 18-40 means; the scenario wants the two linked by the national identifier in PID-19, "
         "which belongs to another source", found("RB-469^TEST_B", "RJ-460^TEST_A", "NID-000345439^NID"),
         own=pix_query("18-41", "RB-469^^^TEST_B^PI")),
]
