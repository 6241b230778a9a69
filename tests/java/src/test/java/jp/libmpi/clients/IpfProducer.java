// SPDX-License-Identifier: Apache-2.0
package jp.libmpi.clients;

import ca.uhn.hl7v2.model.Message;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.hl7.HL7MLLPNettyDecoderFactory;
import org.apache.camel.component.hl7.HL7MLLPNettyEncoderFactory;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.openehealth.ipf.commons.audit.DefaultAuditContext;

/** IPF's endpoints of transactions as a client. Its audit goes nowhere: the context is off unless it is turned on. */
final class IpfProducer implements AutoCloseable {
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final ProducerTemplate template;

  IpfProducer() throws Exception {
    HL7MLLPNettyDecoderFactory decoder = new HL7MLLPNettyDecoderFactory();
    decoder.setCharset(StandardCharsets.UTF_8.name());
    HL7MLLPNettyEncoderFactory encoder = new HL7MLLPNettyEncoderFactory();
    encoder.setCharset(StandardCharsets.UTF_8.name());
    context.getRegistry().bind("hl7decoder", decoder);
    context.getRegistry().bind("hl7encoder", encoder);
    context.getRegistry().bind("auditContext", new DefaultAuditContext());
    if (Served.TLS_PORT != 0) context.getRegistry().bind("tls", tls());
    context.start();
    template = context.createProducerTemplate();
    template.start();
  }

  private static SSLContextParameters tls() {
    KeyManagersParameters key = new KeyManagersParameters();
    key.setKeyStore(store("client.p12"));
    key.setKeyPassword(Served.TLS_PASSWORD);
    TrustManagersParameters trust = new TrustManagersParameters();
    trust.setKeyStore(store("ca.p12"));
    SSLContextParameters parameters = new SSLContextParameters();
    parameters.setKeyManagers(key);
    parameters.setTrustManagers(trust);
    parameters.setSecureSocketProtocol("TLSv1.3");
    return parameters;
  }

  private static KeyStoreParameters store(String file) {
    KeyStoreParameters store = new KeyStoreParameters();
    store.setResource("file:" + Served.TLS_FOLDER + "/" + file);
    store.setPassword(Served.TLS_PASSWORD);
    store.setType("PKCS12");
    return store;
  }

  /** `endpoint`: "pix-iti8", "pix-iti9", "pdq-iti21". */
  Exchange exchange(String endpoint, String options, String message) {
    String uri = endpoint + "://" + Served.HOST + ":" + Served.PORT
        + "?auditContext=#auditContext&timeout=30000" + options;
    return checked(template.request(uri, exchange -> exchange.getIn().setBody(message)));
  }

  Exchange exchangeByTls(String endpoint, String message) {
    String uri = endpoint + "://" + Served.HOST + ":" + Served.TLS_PORT
        + "?auditContext=#auditContext&timeout=30000&secure=true&sslContextParameters=#tls";
    return checked(template.request(uri, exchange -> exchange.getIn().setBody(message)));
  }

  private static Exchange checked(Exchange exchange) {
    if (exchange.getException() != null) throw new IllegalStateException(exchange.getException());
    return exchange;
  }

  /** The answer; that it is what IHE's profile of the transaction says, by the profiles of IHE's Gazelle. */
  static Message valid(Exchange exchange, Processor profile) throws Exception {
    Message answer = exchange.getMessage().getBody(Message.class);
    exchange.getIn().setBody(answer);
    profile.process(exchange);
    return answer;
  }

  @Override
  public void close() throws Exception {
    template.stop();
    context.stop();
  }
}
