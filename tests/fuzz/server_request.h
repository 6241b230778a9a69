// SPDX-License-Identifier: Apache-2.0
// What a peer may send to the HL7 server, from its bytes on the wire to its answers, and what always holds of these.
#ifndef LIBMPI_TESTS_FUZZ_SERVER_REQUEST_H_
#define LIBMPI_TESTS_FUZZ_SERVER_REQUEST_H_

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/exchange/hl7v2/responder.h"
#include "libmpi/network/network.h"

namespace libmpi::hl7v2 {

// Frames, a responder, and a network of two facilities that feed and one that asks; its registry is made anew after
// some inputs, so that memory stays flat. A broken promise is told on standard error and aborts; the inputs since the
// registry was made are then in a folder, as one alone may not show it again.
class ServerRequests {
 public:
  ServerRequests();
  ~ServerRequests();

  // The first byte chooses how the sender's messages are written, as whom it may speak and how the bytes are cut; the
  // others are those on the wire. In payloads @ID@ is a number that was not there before, @DSC@ the last continuation
  // that an answer told.
  void Try(std::string_view input);
  // Ends a batch of inputs: the registry and the trail are sound.
  void EndBatch();

  // Since the start.
  struct Counts {
    size_t payloads = 0, unreadable = 0, accepted = 0, refused = 0, told = 0, silent = 0;
  };
  const Counts& counts() const { return counts_; }
  // Every text that ever told why something was refused, numbers as #.
  const std::set<std::string>& refusals() const { return refusals_; }

 private:
  struct Sender;
  struct World;

  void BeginBatch();
  void Answer(const Sender& sender, std::string_view payload);
  void JudgeSilence(const Sender& sender, std::string_view payload);
  void JudgeAnswer(const Sender& sender, std::string_view payload, const Response& response);
  void JudgeRefusal(const Message& answer, const Response& response);
  void NoteRefusal(std::string_view text);
  std::string Filled(std::string_view payload);
  void Require(bool condition, std::string_view what);

  std::unique_ptr<World> world_;
  std::vector<std::string> batch_;
  size_t ids_ = 0;
  std::string continuation_ = "none";
  Counts counts_;
  std::set<std::string> refusals_;
};

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_TESTS_FUZZ_SERVER_REQUEST_H_
