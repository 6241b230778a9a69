// SPDX-License-Identifier: Apache-2.0
package jp.libmpi.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.util.Terser;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.openehealth.ipf.platform.camel.ihe.mllp.PixPdqCamelValidators;

/**
 * IPF as identity source, PIX consumer and PDQ consumer. Its producers themselves refuse answers of a wrong type,
 * trigger, version or structure; the profiles of IHE's Gazelle tool look at every field.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class IpfClientTest {
  private static IpfProducer ipf;

  @BeforeAll
  static void start() throws Exception {
    ipf = new IpfProducer();
  }

  @AfterAll
  static void stop() throws Exception {
    if (ipf != null) ipf.close();
  }

  private static Terser feed(String message) throws Exception {
    Exchange exchange = ipf.exchange("pix-iti8", "", message);
    return new Terser(IpfProducer.valid(exchange, PixPdqCamelValidators.iti8ResponseValidator()));
  }

  private static Terser pix(String identifier, String domains) throws Exception {
    Exchange exchange = ipf.exchange("pix-iti9", "", Messages.pixQuery(identifier, domains));
    return new Terser(IpfProducer.valid(exchange, PixPdqCamelValidators.iti9ResponseValidator()));
  }

  private static Terser pdq(String criteria, String domains) throws Exception {
    Exchange exchange = ipf.exchange("pdq-iti21", "", Messages.pdqQuery(criteria, domains, 0));
    return new Terser(IpfProducer.valid(exchange, PixPdqCamelValidators.iti21ResponseValidator()));
  }

  /** Where, and with which code; of components those that are said. */
  private static String error(Terser answer) throws Exception {
    List<String> place = new ArrayList<>();
    for (int i = 1; i <= 6; ++i) place.add(answer.get("/.ERR-2-" + i));
    place.removeIf(part -> part == null || part.isEmpty());
    return String.join("^", place) + " " + answer.get("/.ERR-3-1");
  }

  private static Terser registered(String application, String facility, String id, String authority) throws Exception {
    return feed(Messages.feed("A04", application, facility,
        Messages.pid(id, authority, "伊部^文緒", "イベ^フミオ", "19620718", "011-222-3333")));
  }

  /** The profiles are at work: what they are there for is refused. */
  @Test
  @Order(0)
  void profilesRefuseWhatIsWrong() {
    String head = Messages.msh("NAYOSE", "NETWORK", "RSP^K23^RSP_K23", "2.5", "");
    for (String wrong : List.of(
        Messages.message(head, "MSA|AA|C1", "QAK||OK", "QPD|IHE PIX Query|T1|A^^^" + Served.H001),
        Messages.message(head, "MSA|AA|C1", "QAK|T1|OK", "QPD|IHE PIX Query|T1|A^^^" + Served.H001, "PID|||A||B"))) {
      Exchange exchange = new DefaultExchange(new DefaultCamelContext());
      exchange.getMessage().setBody(wrong);
      assertThrows(Exception.class, () -> IpfProducer.valid(exchange, PixPdqCamelValidators.iti9ResponseValidator()));
    }
  }

  @Test
  @Order(1)
  void feedsAreAccepted() throws Exception {
    Terser answer = registered("HIS", "HOSPITAL", "IPF-1", Served.H001);
    assertEquals("AA", answer.get("MSA-1"));
    assertEquals("2.3.1", answer.get("MSH-12"));
    assertEquals("AA", registered("EMR", "CLINIC", "IPF-9", Served.C002).get("MSA-1"));
  }

  @Test
  @Order(2)
  void aFeedOfAnotherSourcesDomainIsRefused() throws Exception {
    Terser answer = registered("EMR", "CLINIC", "IPF-2", Served.H001);
    assertEquals("AE", answer.get("MSA-1"));
    assertEquals("PID", answer.get("ERR-1-1"));
    assertEquals("3", answer.get("ERR-1-3"));
  }

  @Test
  @Order(3)
  void crossReferencesInAllSixCases() throws Exception {
    Terser found = pix("IPF-1^^^" + Served.H001, "");
    assertEquals("AA", found.get("MSA-1"));
    assertEquals("OK", found.get("QAK-2"));
    assertEquals("IPF-9", found.get("/.PID-3-1"));
    assertEquals(Served.C002_OID, found.get("/.PID-3-4-2"));

    Terser none = pix("IPF-1^^^" + Served.H001, "^^^" + Served.H001);
    assertEquals("AA NF", none.get("MSA-1") + " " + none.get("QAK-2"));

    Terser unknown = pix("IPF-NOBODY^^^" + Served.H001, "");
    assertEquals("AE AE", unknown.get("MSA-1") + " " + unknown.get("QAK-2"));
    assertEquals("QPD^1^3^1^1 204", error(unknown));

    Terser domain = pix("IPF-1^^^&1.2.3.4.5&ISO", "");
    assertEquals("AE AE", domain.get("MSA-1") + " " + domain.get("QAK-2"));
    assertEquals("QPD^1^3^1^4 204", error(domain));

    Terser requested = pix("IPF-1^^^" + Served.H001, "^^^" + Served.C002 + "~^^^&1.2.3.4.5&ISO");
    assertEquals("AE AE", requested.get("MSA-1") + " " + requested.get("QAK-2"));
    assertEquals("QPD^1^4^2 204", error(requested));

    // Two records of one domain: the clinic's own duplicate.
    assertEquals("AA", registered("EMR", "CLINIC", "IPF-10", Served.C002).get("MSA-1"));
    Terser both = pix("IPF-1^^^" + Served.H001, "^^^" + Served.C002);
    assertEquals(Set.of("IPF-9", "IPF-10"), Set.of(both.get("/.PID-3(0)-1"), both.get("/.PID-3(1)-1")));
  }

  @Test
  @Order(4)
  void demographicsInAllThreeCases() throws Exception {
    Terser all = pdq("@PID.5.1.1^伊部~@PID.7.1^19620718", "");
    assertEquals("AA OK", all.get("MSA-1") + " " + all.get("QAK-2"));
    assertEquals("伊部", all.get("/.PID-5-1-1"));
    Terser some = pdq("@PID.5.1.1^伊部", "^^^" + Served.H001);
    assertEquals("IPF-1", some.get("/.PID-3(0)-1"));
    assertNull(some.get("/.PID-3(1)-1"));
    Terser unknown = pdq("@PID.5.1.1^伊部", "^^^&1.2.3.4.5&ISO");
    assertEquals("AE AE", unknown.get("MSA-1") + " " + unknown.get("QAK-2"));
    assertEquals("QPD^1^8^1 204", error(unknown));
    Terser nobody = pdq("@PID.5.1.1^皆無", "");
    assertEquals("AA NF", nobody.get("MSA-1") + " " + nobody.get("QAK-2"));
  }

  /** IPF asks on by itself until no pointer comes, and puts the answers together. */
  @Test
  @Order(5)
  void continuationsAreGatheredByIpf() throws Exception {
    int persons = 7;
    for (int i = 0; i < persons; ++i)
      feed(Messages.feed("A04", "HIS", "HOSPITAL", Messages.pid("IPF-L" + i, Served.H001,
          "連続^" + "一二三四五六七".charAt(i) + "子", "レンゾク^" + "アイウエオカキ".charAt(i) + "コ",
          (1930 + 9 * i) + "0" + (i + 1) + "1" + i, "03-1234-567" + i)));
    Exchange exchange = ipf.exchange("pdq-iti21", "&supportInteractiveContinuation=true&autoCancel=true",
        Messages.pdqQuery("@PID.5.1.1^連続", "", 3));
    Message answer = IpfProducer.valid(exchange, PixPdqCamelValidators.iti21ResponseValidator());
    Set<String> told = new TreeSet<>();
    for (String segment : answer.encode().split("\r"))
      if (segment.startsWith("PID|")) told.add(segment.split("\\|")[3].split("\\^")[0]);
    assertEquals(persons, told.size(), answer.encode());
    assertNull(new Terser(answer).get("DSC-1"));
  }

  @Test
  @Order(6)
  void aMergeEndsTheSubsumedIdentifier() throws Exception {
    registered("HIS", "HOSPITAL", "IPF-3", Served.H001);
    assertEquals("AA", feed(Messages.merge("IPF-1", "IPF-3")).get("MSA-1"));
    Terser told = pix("IPF-9^^^" + Served.C002, "^^^" + Served.H001);
    assertEquals("IPF-1", told.get("/.PID-3(0)-1"));
    assertNull(told.get("/.PID-3(1)-1"));
    Terser again = feed(Messages.merge("IPF-1", "IPF-3"));
    assertEquals("AE", again.get("MSA-1"));
  }

  @Test
  @Order(7)
  void theSameByTls() throws Exception {
    Assumptions.assumeTrue(Served.TLS_PORT != 0, "the server has no TLS");
    Exchange exchange = ipf.exchangeByTls("pix-iti9",
        Messages.pixQuery("PHT", "PHARMACY", "IPF-1^^^" + Served.H001, "^^^" + Served.C002));
    Terser answer = new Terser(IpfProducer.valid(exchange, PixPdqCamelValidators.iti9ResponseValidator()));
    assertEquals("AA OK", answer.get("MSA-1") + " " + answer.get("QAK-2"));
    assertTrue(Set.of("IPF-9", "IPF-10").contains(answer.get("/.PID-3(0)-1")));
  }
}
