// SPDX-License-Identifier: Apache-2.0
package jp.libmpi.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.app.Connection;
import ca.uhn.hl7v2.llp.MinLowerLayerProtocol;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.Varies;
import ca.uhn.hl7v2.model.v25.message.QBP_Q21;
import ca.uhn.hl7v2.model.v25.message.RSP_K21;
import ca.uhn.hl7v2.model.v25.message.RSP_K23;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** HAPI feeds and asks with messages of its own structures, and reads every answer with its default validation. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HapiClientTest {
  private static HapiContext context;
  private static Connection connection;

  @BeforeAll
  static void connect() throws Exception {
    context = new DefaultHapiContext(ValidationContextFactory.defaultValidation());
    context.setLowerLayerProtocol(new MinLowerLayerProtocol(true));  // by MSH-18
    connection = context.newClient(Served.HOST, Served.PORT, false);
    connection.getInitiator().setTimeout(30, TimeUnit.SECONDS);
  }

  @AfterAll
  static void close() throws Exception {
    if (connection != null) connection.close();
    if (context != null) context.close();
  }

  private static Message send(Message message) throws Exception {
    return connection.getInitiator().sendAndReceive(message);
  }

  private static void head(Message message, String application, String facility, String characterSet)
      throws Exception {
    Terser terser = new Terser(message);
    terser.set("MSH-3", application);
    terser.set("MSH-4", facility);
    terser.set("MSH-5", "NAYOSE");
    terser.set("MSH-6", "NETWORK");
    terser.set("MSH-7", "20261130120000");
    terser.set("MSH-10", Served.controlId());
    terser.set("MSH-11", "P");
    terser.set("MSH-18", characterSet);
  }

  private static Message feed(String application, String facility, String id, String namespace, String oid)
      throws Exception {
    ca.uhn.hl7v2.model.v231.message.ADT_A01 adt = new ca.uhn.hl7v2.model.v231.message.ADT_A01();
    adt.initQuickstart("ADT", "A04", "P");
    head(adt, application, facility, "UNICODE UTF-8");
    adt.getEVN().getEventTypeCode().setValue("A04");
    adt.getEVN().getRecordedDateTime().getTimeOfAnEvent().setValue("20261130120000");
    ca.uhn.hl7v2.model.v231.segment.PID pid = adt.getPID();
    ca.uhn.hl7v2.model.v231.datatype.CX cx = pid.getPatientIdentifierList(0);
    cx.getID().setValue(id);
    cx.getAssigningAuthority().getNamespaceID().setValue(namespace);
    cx.getAssigningAuthority().getUniversalID().setValue(oid);
    cx.getAssigningAuthority().getUniversalIDType().setValue("ISO");
    name(pid.getPatientName(0), "波比", "彩乃", "I");
    name(pid.getPatientName(1), "ハピ", "アヤノ", "P");
    pid.getDateTimeOfBirth().getTimeOfAnEvent().setValue("19710305");
    pid.getSex().setValue("F");
    ca.uhn.hl7v2.model.v231.datatype.XAD address = pid.getPatientAddress(0);
    address.getStreetAddress().setValue("4-5-6");
    address.getCity().setValue("仙台市青葉区");
    address.getStateOrProvince().setValue("宮城県");
    address.getZipOrPostalCode().setValue("9800014");
    // HAPI's default rules take XTN-1 of 2.3.1 for a number of the United States.
    pid.getPhoneNumberHome(0).getAnyText().setValue("022-765-4321");
    adt.getPV1().getPatientClass().setValue("N");
    return adt;
  }

  private static void name(ca.uhn.hl7v2.model.v231.datatype.XPN xpn, String family, String given, String script)
      throws Exception {
    xpn.getFamilyLastName().getFamilyName().setValue(family);
    xpn.getGivenName().setValue(given);
    xpn.getNameTypeCode().setValue("L");
    xpn.getNameRepresentationCode().setValue(script);
  }

  private static QBP_Q21 query(String trigger, String name, String tag) throws Exception {
    QBP_Q21 query = new QBP_Q21();
    query.initQuickstart("QBP", trigger, "P");
    head(query, "HIS", "HOSPITAL", "UNICODE UTF-8");
    new Terser(query).set("MSH-9-3", "QBP_Q21");
    query.getQPD().getMessageQueryName().getIdentifier().setValue(name);
    query.getQPD().getQueryTag().setValue(tag);
    query.getRCP().getQueryPriority().setValue("I");
    return query;
  }

  private static QBP_Q21 pixQuery(String id, String namespace) throws Exception {
    QBP_Q21 query = query("Q23", "IHE PIX Query", "HAPI1");
    ca.uhn.hl7v2.model.v25.datatype.CX cx = new ca.uhn.hl7v2.model.v25.datatype.CX(query);
    cx.getIDNumber().setValue(id);
    cx.getAssigningAuthority().getNamespaceID().setValue(namespace);
    ((Varies) query.getQPD().getField(3, 0)).setData(cx);
    return query;
  }

  private static void accepted(Message answer, Message to) throws Exception {
    Terser terser = new Terser(answer);
    assertEquals("AA", terser.get("MSA-1"), answer.encode());
    assertEquals(new Terser(to).get("MSH-10"), terser.get("MSA-2"));
    assertEquals(to.getVersion(), answer.getVersion());
  }

  @Test
  @Order(1)
  void feedsAreAcceptedInTheirVersion() throws Exception {
    Message first = feed("HIS", "HOSPITAL", "HAPI-1", "H001", Served.H001_OID);
    Message answer = send(first);
    assertInstanceOf(ca.uhn.hl7v2.model.v231.message.ACK.class, answer);
    accepted(answer, first);
    Message second = feed("EMR", "CLINIC", "HAPI-9", "C002", Served.C002_OID);
    accepted(send(second), second);
  }

  @Test
  @Order(2)
  void crossReferencesAreTold() throws Exception {
    QBP_Q21 query = pixQuery("HAPI-1", "H001");
    RSP_K23 answer = assertInstanceOf(RSP_K23.class, send(query));
    accepted(answer, query);
    assertEquals("OK", answer.getQAK().getQueryResponseStatus().getValue());
    assertEquals("HAPI1", answer.getQAK().getQueryTag().getValue());
    ca.uhn.hl7v2.model.v25.segment.PID pid = answer.getQUERY_RESPONSE().getPID();
    assertEquals(1, pid.getPatientIdentifierListReps());
    ca.uhn.hl7v2.model.v25.datatype.CX cx = pid.getPatientIdentifierList(0);
    assertEquals("HAPI-9", cx.getIDNumber().getValue());
    assertEquals("C002", cx.getAssigningAuthority().getNamespaceID().getValue());
    assertEquals(Served.C002_OID, cx.getAssigningAuthority().getUniversalID().getValue());
    assertEquals("ISO", cx.getAssigningAuthority().getUniversalIDType().getValue());
    assertEquals(2, pid.getPatientNameReps());
    assertEquals("S", pid.getPatientName(1).getNameTypeCode().getValue());
  }

  @Test
  @Order(3)
  void unknownIdentifiersAreErrors() throws Exception {
    RSP_K23 answer = assertInstanceOf(RSP_K23.class, send(pixQuery("HAPI-NOBODY", "H001")));
    assertEquals("AE", answer.getMSA().getAcknowledgmentCode().getValue());
    assertEquals("AE", answer.getQAK().getQueryResponseStatus().getValue());
    assertEquals("204", answer.getERR().getHL7ErrorCode().getIdentifier().getValue());
    Terser terser = new Terser(answer);
    String[] place = {"QPD", "1", "3", "1", "1"};
    for (int i = 0; i < place.length; ++i) assertEquals(place[i], terser.get("ERR-2-" + (i + 1)));
  }

  @Test
  @Order(4)
  void demographicsAreTold() throws Exception {
    QBP_Q21 query = query("Q22", "IHE PDQ Query", "HAPI2");
    // HAPI's QPD of 2.5 has one QPD-3, which here is a QIP.
    ca.uhn.hl7v2.model.v25.datatype.QIP qip = new ca.uhn.hl7v2.model.v25.datatype.QIP(query);
    qip.getSegmentFieldName().setValue("@PID.5.1.1");
    qip.getValues().setValue("波比");
    ((Varies) query.getQPD().getField(3, 0)).setData(qip);
    RSP_K21 answer = assertInstanceOf(RSP_K21.class, send(query));
    accepted(answer, query);
    assertEquals("OK", answer.getQAK().getQueryResponseStatus().getValue());
    assertEquals(1, answer.getQUERY_RESPONSEReps());
    ca.uhn.hl7v2.model.v25.segment.PID pid = answer.getQUERY_RESPONSE(0).getPID();
    assertEquals(2, pid.getPatientIdentifierListReps());
    assertEquals("波比", pid.getPatientName(0).getFamilyName().getSurname().getValue());
    assertEquals("彩乃", pid.getPatientName(0).getGivenName().getValue());
    assertEquals("アヤノ", pid.getPatientName(1).getGivenName().getValue());
    assertEquals("19710305", pid.getDateTimeOfBirth().getTime().getValue());
    assertEquals("F", pid.getAdministrativeSex().getValue());
    assertNull(answer.getDSC().getContinuationPointer().getValue());
  }

  /** HAPI takes ISO IR87 for JIS X 0208 without escapes; told what it is, it reads and writes what Japan sends. */
  @Test
  @Order(5)
  void demographicsInIso2022Jp() throws Exception {
    try (HapiContext japanese = new DefaultHapiContext(ValidationContextFactory.defaultValidation())) {
      MinLowerLayerProtocol protocol = new MinLowerLayerProtocol();
      protocol.setCharset("ISO-2022-JP");
      japanese.setLowerLayerProtocol(protocol);
      japanese.setExecutorService(Executors.newCachedThreadPool());  // else it is the other context's, and ended here
      Connection toServer = japanese.newClient(Served.HOST, Served.PORT, false);
      QBP_Q21 query = query("Q22", "IHE PDQ Query", "HAPI3");
      Terser head = new Terser(query);
      head.set("MSH-18(0)", "");
      head.set("MSH-18(1)", "ISO IR87");
      head.set("MSH-20", "ISO 2022-1994");
      ca.uhn.hl7v2.model.v25.datatype.QIP qip = new ca.uhn.hl7v2.model.v25.datatype.QIP(query);
      qip.getSegmentFieldName().setValue("@PID.5.1.1");
      qip.getValues().setValue("波比");
      ((Varies) query.getQPD().getField(3, 0)).setData(qip);
      RSP_K21 answer = assertInstanceOf(RSP_K21.class, toServer.getInitiator().sendAndReceive(query));
      accepted(answer, query);
      assertEquals("ISO IR87", new Terser(answer).get("MSH-18(1)"));
      assertEquals("彩乃",
          answer.getQUERY_RESPONSE(0).getPID().getPatientName(0).getGivenName().getValue());
      toServer.close();
    }
  }

  @Test
  @Order(6)
  void anUnknownMessageIsRejectedWhereHapiReadsIt() throws Exception {
    ca.uhn.hl7v2.model.v25.message.ORU_R01 oru = new ca.uhn.hl7v2.model.v25.message.ORU_R01();
    oru.initQuickstart("ORU", "R01", "P");
    head(oru, "HIS", "HOSPITAL", "");
    Terser answer = new Terser(send(oru));
    assertEquals("AR", answer.get("MSA-1"));
    assertEquals("200", answer.get("ERR-3-1"));
    assertEquals("MSH", answer.get("ERR-2-1"));
    assertEquals("9", answer.get("ERR-2-3"));
  }
}
