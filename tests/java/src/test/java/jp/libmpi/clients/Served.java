// SPDX-License-Identifier: Apache-2.0
package jp.libmpi.clients;

import java.util.concurrent.atomic.AtomicLong;

/** The server under test, as java_clients_test.py started it: a hospital (H001) and a clinic (C002) feed it. */
final class Served {
  static final String HOST = "127.0.0.1";
  static final int PORT = Integer.getInteger("served.port");
  /** 0: the server has no TLS. */
  static final int TLS_PORT = Integer.getInteger("served.tlsPort", 0);
  /** Of client.p12 and ca.p12. */
  static final String TLS_FOLDER = System.getProperty("served.tlsFolder", "");
  static final String TLS_PASSWORD = "changeit";

  static final String H001_OID = "1.2.392.200119.6.102.10100001";
  static final String C002_OID = "1.2.392.200119.6.102.10200002";
  static final String H001 = "H001&" + H001_OID + "&ISO";
  static final String C002 = "C002&" + C002_OID + "&ISO";

  private static final AtomicLong CONTROL_IDS = new AtomicLong(System.nanoTime() % 1_000_000_000L);

  static String controlId() {
    return "J" + CONTROL_IDS.incrementAndGet();
  }

  private Served() {}
}
