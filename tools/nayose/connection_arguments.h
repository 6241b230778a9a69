// SPDX-License-Identifier: Apache-2.0
// What `nayose send` and `nayose query` share: how to reach an HL7 server, who one is, how answers are shown.
#ifndef LIBMPI_TOOLS_NAYOSE_CONNECTION_ARGUMENTS_H_
#define LIBMPI_TOOLS_NAYOSE_CONNECTION_ARGUMENTS_H_

#include <span>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/message_route.h"
#include "libmpi/exchange/hl7v2/wire_error.h"
#include "nlohmann/json.hpp"
#include "tools/serve/mllp_client.h"

namespace nayose {

struct ConnectionArguments {
  std::string to, ca, certificate, key, server_name, encoding = "ISO-2022-JP";
  bool tls = false, tls_1_2 = false, json = false, show = false;
  int seconds = 30;

  void AddTo(CLI::App* command);
  // kInvalidArgument: what of the command line is wrong.
  absl::StatusOr<MllpClientOptions> ClientOptions() const;
  absl::StatusOr<libmpi::hl7v2::CharacterSet> CharacterSet() const;
  absl::StatusOr<libmpi::hl7v2::Message> Parse(const std::string& bytes) const;
  // With --show: a message on standard error, one segment a line.
  void Show(const char* what, const std::string& bytes) const;
};

// "HIS^HOSPITAL": an application and its facility. kInvalidArgument: something else.
absl::Status ReadRoute(const std::string& as, const std::string& receiver, libmpi::hl7v2::MessageRoute* route);

// "PID-3.4: Unknown key identifier (204): text".
std::string ErrorText(const libmpi::hl7v2::WireError& error);
nlohmann::ordered_json ErrorsJson(std::span<const libmpi::hl7v2::WireError> errors);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_CONNECTION_ARGUMENTS_H_
