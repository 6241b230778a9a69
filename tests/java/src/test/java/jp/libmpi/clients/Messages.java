// SPDX-License-Identifier: Apache-2.0
package jp.libmpi.clients;

/** Messages as text. People in them are invented. */
final class Messages {
  static String msh(String application, String facility, String type, String version, String characterSet) {
    String head = "MSH|^~\\&|" + application + "|" + facility + "|NAYOSE|NETWORK|20261130120000+0900||" + type + "|"
        + Served.controlId() + "|P|" + version;
    return characterSet.isEmpty() ? head : head + "||||||" + characterSet;
  }

  static String message(String... segments) {
    return String.join("\r", segments) + "\r";
  }

  /** ITI-8 in HL7 2.3.1. `application`: HIS of HOSPITAL, or EMR of CLINIC. */
  static String feed(String trigger, String application, String facility, String pid) {
    return message(msh(application, facility, "ADT^" + trigger + "^ADT_A01", "2.3.1", "UNICODE UTF-8"),
        "EVN|" + trigger + "|20261130120000", pid, "PV1||N");
  }

  static String pid(String id, String authority, String kanji, String kana, String birth, String phone) {
    return "PID|||" + id + "^^^" + authority + "^PI||" + kanji + "^^^^^L^I~" + kana + "^^^^^L^P||" + birth
        + "|F|||1-2-3^^名古屋市中区^愛知県^4600001^JPN^H||" + phone + "^PRN^PH";
  }

  static String merge(String survivor, String subsumed) {
    return message(msh("HIS", "HOSPITAL", "ADT^A40^ADT_A39", "2.3.1", "UNICODE UTF-8"), "EVN|A40|20261130120000",
        "PID|||" + survivor + "^^^" + Served.H001 + "^PI||~^^^^^^S",
        "MRG|" + subsumed + "^^^" + Served.H001 + "^PI");
  }

  /** ITI-9. `domains`: QPD-4, or empty. */
  static String pixQuery(String identifier, String domains) {
    return pixQuery("HIS", "HOSPITAL", identifier, domains);
  }

  static String pixQuery(String application, String facility, String identifier, String domains) {
    return message(msh(application, facility, "QBP^Q23^QBP_Q21", "2.5", "UNICODE UTF-8"),
        "QPD|IHE PIX Query|" + Served.controlId() + "|" + identifier + (domains.isEmpty() ? "" : "|" + domains),
        "RCP|I");
  }

  /** ITI-21. `domains`: QPD-8, or empty; `page`: RCP-2, 0 for none. */
  static String pdqQuery(String criteria, String domains, int page) {
    return message(msh("HIS", "HOSPITAL", "QBP^Q22^QBP_Q21", "2.5", "UNICODE UTF-8"),
        "QPD|IHE PDQ Query|" + Served.controlId() + "|" + criteria + (domains.isEmpty() ? "" : "|||||" + domains),
        "RCP|I" + (page == 0 ? "" : "|" + page + "^RD"));
  }

  private Messages() {}
}
