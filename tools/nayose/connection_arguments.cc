// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/connection_arguments.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "libmpi/base/status_macros.h"

namespace nayose {
namespace {

namespace hl7v2 = libmpi::hl7v2;

absl::Status ReadName(const std::string& text, const char* option, libmpi::pix::Authority* application,
                      libmpi::pix::Authority* facility) {
  const size_t mark = text.find('^');
  const bool one = mark != std::string::npos && text.find('^', mark + 1) == std::string::npos;
  if (!one || mark == 0 || mark + 1 == text.size())
    return absl::InvalidArgumentError(std::string(option) + ": is written APPLICATION^FACILITY, as HIS^HOSPITAL");
  application->namespace_id = text.substr(0, mark);
  facility->namespace_id = text.substr(mark + 1);
  return absl::OkStatus();
}

}  // namespace

void ConnectionArguments::AddTo(CLI::App* command) {
  const char* const group = "Connection";
  command->add_option("--to", to, "The server: host:port ([::1]:2575 for IPv6)")->required()->group(group);
  command->add_flag("--tls", tls, "By TLS 1.3")->group(group);
  command->add_flag("--tls-1.2", tls_1_2, "By TLS 1.2 or 1.3")->group(group);
  command->add_option("--ca", ca, "With --tls: file (PEM) of the CA that certifies the server")->group(group);
  command->add_option("--certificate", certificate, "With --tls: file (PEM) of one's own certificate")->group(group);
  command->add_option("--key", key, "With --tls: file (PEM) of its key")->group(group);
  command->add_option("--server-name", server_name, "Name in the server's certificate (default: the host)")
      ->group(group);
  command->add_option("--encoding", encoding,
                      "Of messages whose MSH-18 does not say, and of questions: ASCII, UTF-8, ISO-2022-JP (default), "
                      "CP932, EUC-JP")
      ->group(group);
  command->add_option("--timeout", seconds, "Seconds to wait for an answer (default: 30)")
      ->check(CLI::Range(1, 3600))
      ->group(group);
  command->add_flag("--json", json, "Answer in JSON, one object a line");
  command->add_flag("--show", show, "Show the messages themselves on standard error: a patient's data");
}

absl::StatusOr<MllpClientOptions> ConnectionArguments::ClientOptions() const {
  MllpClientOptions options;
  const size_t colon = to.rfind(':');
  unsigned port = 0;
  const char* const end = to.data() + to.size();
  const bool number = colon != std::string::npos &&
                      std::from_chars(to.data() + colon + 1, end, port).ptr == end && port >= 1 && port <= 65535;
  if (!number || colon == 0) return absl::InvalidArgumentError("--to: is written host:port, as localhost:2575");
  options.host = to.substr(0, colon);
  if (options.host.front() == '[' && options.host.back() == ']')
    options.host = options.host.substr(1, options.host.size() - 2);
  options.port = static_cast<uint16_t>(port);
  options.exchange_deadline = options.connect_deadline = std::chrono::seconds(seconds);
  options.server_name = server_name;
  if (!tls && !tls_1_2) {
    if (!ca.empty() || !certificate.empty() || !key.empty() || !server_name.empty())
      return absl::InvalidArgumentError("--ca, --certificate, --key and --server-name go with --tls");
    return options;
  }
  if (ca.empty()) return absl::InvalidArgumentError("--tls: say with --ca who certifies the server");
  if (certificate.empty() != key.empty()) return absl::InvalidArgumentError("--certificate and --key go together");
  options.tls.emplace();
  options.tls->ca_file = ca;
  options.tls->certificate_file = certificate;
  options.tls->key_file = key;
  options.tls->min_version = tls_1_2 ? TlsVersion::k1_2 : TlsVersion::k1_3;
  return options;
}

absl::StatusOr<hl7v2::CharacterSet> ConnectionArguments::CharacterSet() const {
  auto set = hl7v2::CharacterSetOfName(encoding);
  if (!set.ok()) return absl::InvalidArgumentError("--encoding: " + std::string(set.status().message()));
  return set;
}

absl::StatusOr<hl7v2::Message> ConnectionArguments::Parse(const std::string& bytes) const {
  hl7v2::ParseOptions options;
  LIBMPI_ASSIGN_OR_RETURN(options.otherwise, CharacterSet());
  options.limits.message_bytes = size_t{1} << 26;
  return hl7v2::Message::Parse(bytes, options);
}

void ConnectionArguments::Show(const char* what, const std::string& bytes) const {
  if (!show) return;
  const auto message = Parse(bytes);
  std::fprintf(stderr, "-- %s, %zu bytes\n", what, bytes.size());
  if (!message.ok()) {
    std::fprintf(stderr, "%s\n", std::string(message.status().message()).c_str());
    return;
  }
  for (const hl7v2::Segment& segment : message->segments())
    std::fprintf(stderr, "%s\n", std::string(segment.raw()).c_str());
}

absl::Status ReadRoute(const std::string& as, const std::string& receiver, hl7v2::MessageRoute* route) {
  LIBMPI_RETURN_IF_ERROR(ReadName(as, "--as", &route->application, &route->facility));
  if (receiver.empty()) return absl::OkStatus();
  return ReadName(receiver, "--receiver", &route->to_application, &route->to_facility);
}

std::string ErrorText(const hl7v2::WireError& error) {
  std::string text;
  const hl7v2::Location& at = error.at;
  if (!at.segment.empty()) {
    text = at.segment + (at.sequence > 1 ? "[" + std::to_string(at.sequence) + "]" : "");
    if (at.field != 0) text += "-" + std::to_string(at.field);
    if (at.repetition > 1) text += "[" + std::to_string(at.repetition) + "]";
    if (at.component != 0) text += "." + std::to_string(at.component);
    if (at.subcomponent != 0) text += "." + std::to_string(at.subcomponent);
    text += ": ";
  }
  text += std::string(hl7v2::ErrorCodeText(error.code)) + " (" + std::to_string(error.code) + ")";
  return error.text.empty() ? text : text + ": " + error.text;
}

nlohmann::ordered_json ErrorsJson(std::span<const hl7v2::WireError> errors) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const hl7v2::WireError& error : errors)
    list.push_back({{"segment", error.at.segment},
                    {"field", error.at.field},
                    {"repetition", error.at.repetition},
                    {"component", error.at.component},
                    {"code", error.code},
                    {"severity", std::string(1, static_cast<char>(error.severity))},
                    {"text", error.text}});
  return list;
}

}  // namespace nayose
