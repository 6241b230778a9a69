// SPDX-License-Identifier: Apache-2.0
// A responder over a manager and a registry of its own, for tests.
#ifndef LIBMPI_TESTS_EXCHANGE_HL7V2_RESPONDER_FOLDER_H_
#define LIBMPI_TESTS_EXCHANGE_HL7V2_RESPONDER_FOLDER_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "libmpi/exchange/hl7v2/responder.h"
#include "tests/exchange/hl7v2_lines.h"
#include "tests/pix/manager_folder.h"

namespace libmpi::hl7v2 {

// An answer as lines, its own MSH-10 as #.
inline std::string Lines(std::string answer) {
  answer = Unwired(std::move(answer));
  size_t at = 0;
  for (int field = 1; field < 10 && at != std::string::npos; ++field) at = answer.find('|', at + 1);
  if (at == std::string::npos) return answer;
  const size_t end = answer.find('|', at + 1);
  EXPECT_EQ(end - at - 1, 20u) << "MSH-10";
  return answer.replace(at + 1, end - at - 1, "#");
}

class ResponderFolder {
 public:
  bool Create(std::vector<pix::Party> parties = pix::TestParties(), ResponderOptions options = {}) {
    options.parse.otherwise = *CharacterSetOfName("UTF-8");
    options.clock = [] { return kRegistryNow; };
    responder_.reset();
    if (!folder_.Create({}, std::move(parties))) return false;
    responder_ = std::make_unique<Responder>(&folder_.manager(), std::move(options));
    return true;
  }

  Response Send(std::string_view text, MessagePeer peer = {"192.0.2.7", {}}) const {
    return responder_->Respond(peer, Wire(std::string(text)));
  }
  std::string Answer(std::string_view text) const { return Lines(Send(text).answer); }

  // "AA", "AE QPD^1^3^1^1 204", "AA NF" ...: MSA-1, of each ERR where and which code, and QAK-2 where it is not MSA-1.
  std::string Verdict(std::string_view text) const { return Short(Send(text).answer); }
  static std::string Short(const std::string& answer) {
    std::string out;
    const absl::StatusOr<Message> message = Message::Parse(answer, {});
    if (!message.ok()) return std::string(message.status().message());
    for (const Segment& segment : message->segments()) {
      if (segment.name() == "MSA") out += segment.Text(1);
      if (segment.name() == "QAK" && segment.Text(2) != out.substr(0, 2)) out += " " + segment.Text(2);
      if (segment.name() == "ERR" && segment.field(2).empty() && segment.field(3).empty())
        out += " " + std::string(segment.field(1).raw());
      else if (segment.name() == "ERR")
        out += " " + std::string(segment.field(2).raw()) + " " + segment.Text(3);
    }
    return out;
  }

  pix::ManagerFolder& manager() { return folder_; }

 private:
  pix::ManagerFolder folder_;
  std::unique_ptr<Responder> responder_;
};

// The first lines of feeds.
inline std::string AdtMsh(const std::string& from, const std::string& trigger, const std::string& id,
                          const std::string& version) {
  return "MSH|^~\\&|" + from + "|NAYOSE|NETWORK|20261128140000||ADT^" + trigger + "|" + id + "|P|" + version +
         "\nEVN|" + trigger + "|20261128140000\n";
}
inline std::string HospitalMsh(const std::string& trigger, const std::string& id, const std::string& version = "2.5") {
  return AdtMsh("HIS|HOSPITAL", trigger, id, version);
}
inline std::string ClinicMsh(const std::string& trigger, const std::string& id, const std::string& version = "2.5") {
  return AdtMsh("EMR|CLINIC", trigger, id, version);
}
inline constexpr char kHanako[] =
    "北大路^花子^^^^^L^I~キタオオジ^ハナコ^^^^^L^P||19500310|F|||^^^^152-8621^JPN^H^東京都目黒区東が丘2丁目5番21号||"
    "^PRN^CP^^^^^^^^^090-1234-5670";
inline constexpr char kJiro[] =
    "四月一日^次郎^^^^^L^I~ワタヌキ^ジロウ^^^^^L^P||19610411|M|||^^^^060-0001^JPN^H^北海道札幌市中央区北一条西2丁目||"
    "^PRN^PH^^^^^^^^^011-234-5671";

inline std::string Pid(const std::string& identifiers, const std::string& rest) {
  return "PID|||" + identifiers + "||" + rest + "\n";
}

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_TESTS_EXCHANGE_HL7V2_RESPONDER_FOLDER_H_
