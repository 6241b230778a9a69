// SPDX-License-Identifier: Apache-2.0
// The manager as HL7 v2 systems know it: bytes of a message to bytes of its answer (ITI-8, ITI-9, ITI-21, and their
// relatives).
#ifndef LIBMPI_EXCHANGE_HL7V2_RESPONDER_H_
#define LIBMPI_EXCHANGE_HL7V2_RESPONDER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/pix/manager.h"

namespace libmpi::hl7v2 {

struct ResponderOptions {
  ParseOptions parse;
  // The manager's own names: MSH-3 and MSH-4 of answers where a message had no MSH-5 and MSH-6, and what those must be
  // where `check_receiver`.
  std::string application = "NAYOSE", facility = "NAYOSE";
  bool check_receiver = false;
  // Persons an answer to ITI-21 where RCP-2 does not say; most that RCP-2 may ask for.
  size_t page = 50, most_page = 500;
  // Milliseconds since 1970; null: the system's clock. MSH-7 is in local time with its offset.
  std::function<int64_t()> clock;
};

// From where a message came, as far as the transport knows.
struct MessagePeer {
  std::string address;
  // Which parties may speak here (those of the client's certificate); empty: any that MSH-3 and MSH-4 name.
  std::vector<std::string> parties;
};

struct Response {
  std::string answer;       // bytes to be sent; empty: none (a message that is no HL7 at all gets none)
  // For logs, metrics and the quarantine; no patient's data.
  std::string code;         // MSA-1: "AA", "AE", "AR"; "CA", "CE", "CR" where enhanced acknowledgement was asked for
  std::string type;         // "ADT^A08"; of what can't be read ""
  std::string control_id;   // MSH-10, with what is not printable ASCII left out, at most 199 characters
  std::string party;        // "" where nobody is known
  pix::Problems problems;
  std::string reason;       // of a message that could not be read or understood: one sentence; else ""
  bool repeated = false, held = false;
  // Worth keeping for an operator to look at: a feed that was refused and that sending again will not help.
  bool poison = false;
};

// Thread-safe.
class Responder {
 public:
  // Borrows the manager.
  Responder(pix::Manager* manager, ResponderOptions options);
  ~Responder();
  // Answers any bytes. When it returns AA to a feed, the change is durable.
  Response Respond(const MessagePeer& peer, std::string_view payload) const;

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_RESPONDER_H_
