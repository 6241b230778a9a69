// SPDX-License-Identifier: Apache-2.0
// Loads a running server as senders do: connections of their own, one message at a time each, and every answer looked
// at.
//   serve_load --to 127.0.0.1:2575 --mode pix --ids ids.csv --connections 16 --seconds 30 [--tls-ca CA --tls-cert C
//   --tls-key K]
// Modes: pix (ITI-9 by the identifiers of --ids, "source,record_id" a line), adt (ITI-8: the patients of --patients, a
// file of `nayose generate`, new in the party's domain, each revised once), mixed (one adt in four). Prints what a
// second took and the percentiles of a message's time; exits with 1 where an answer was not the message's own, or not
// AA.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "CLI/CLI.hpp"
#include "tools/serve/mllp_client.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Arguments {
  std::string host = "127.0.0.1";
  uint16_t port = 0;
  std::string mode = "pix", ids, patients, application = "LOAD", facility = "LOAD", domain = "LOAD", run = "r1";
  int connections = 16, seconds = 20;
  size_t first = 0;  // of the patients
  double rate = 0;  // messages a second of all connections; 0: as fast as they are answered
  std::string ca, certificate, key, name;
};

struct Identifier {
  std::string source, value;
};

std::vector<Identifier> ReadIdentifiers(const std::string& path) {
  std::vector<Identifier> identifiers;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const size_t comma = line.find(',');
    if (comma != std::string::npos) identifiers.push_back({line.substr(0, comma), line.substr(comma + 1)});
  }
  return identifiers;
}

std::vector<std::string> Split(const std::string& line, const std::string& separator) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t end; (end = line.find(separator, begin)) != std::string::npos; begin = end + separator.size())
    parts.push_back(line.substr(begin, end - begin));
  parts.push_back(line.substr(begin));
  return parts;
}

// The columns of `nayose generate`, in their order.
enum Column {
  kRecordId,
  kSource,
  kName,
  kKana,
  kBirth,
  kSex,
  kInsurer,
  kSymbol,
  kNumber,
  kBranch,
  kCareInsurer,
  kCareNumber,
  kPostalCode,
  kPrefecture,
  kCity,
  kStreet,
  kPhone,
  kColumns
};
using Patient = std::vector<std::string>;

std::vector<Patient> ReadPatients(const std::string& path) {
  std::vector<Patient> patients;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);  // names of the columns
  while (std::getline(file, line)) {
    Patient patient = Split(line, ",");
    // Fields with commas are quoted, and have no delimiters of HL7 but by chance: none of these is needed.
    if (patient.size() == kColumns && line.find_first_of("\"|^~\\&") == std::string::npos)
      patients.push_back(std::move(patient));
  }
  return patients;
}

// Family and given as components.
std::string NameField(const std::string& name) {
  const std::vector<std::string> wide = Split(name, "　");
  const std::vector<std::string> parts = wide.size() == 2 ? wide : Split(name, " ");
  return parts.size() == 2 ? parts[0] + "^" + parts[1] : name + "^";
}

class Sender {
 public:
  Sender(const Arguments& args, const std::vector<Identifier>& identifiers, const std::vector<Patient>& patients,
         int number)
      : args_(args),
        identifiers_(identifiers),
        patients_(patients),
        number_(number),
        random_(static_cast<unsigned>(number) * 7919u + 17u),
        patient_(args.first + static_cast<size_t>(number)) {}

  // Sends until the time is over.
  void Run(Clock::time_point end) {
    nayose::MllpClientOptions options;
    options.host = args_.host;
    options.port = args_.port;
    if (!args_.ca.empty())
      options.tls = nayose::TlsFiles{args_.certificate, args_.key, args_.ca, "", nayose::TlsVersion::k1_3};
    options.server_name = args_.name;
    nayose::MllpClient client(options);
    if (const absl::Status connected = client.Connect(); !connected.ok()) return Fail(std::string(connected.message()));
    const auto pause = args_.rate > 0 ? std::chrono::duration<double>(args_.connections / args_.rate)
                                      : std::chrono::duration<double>(0);
    auto due = Clock::now();
    while (Clock::now() < end) {
      if (args_.rate > 0) {
        std::this_thread::sleep_until(due);
        due += std::chrono::duration_cast<Clock::duration>(pause);
      }
      const bool adt = args_.mode == "adt" || (args_.mode == "mixed" && sent_ % 4 == 0);
      const std::string id = args_.run + "-" + std::to_string(number_) + "-" + std::to_string(++sent_);
      const std::string message = adt ? Adt(id) : Pix(id);
      const auto begun = args_.rate > 0 ? due : Clock::now();
      const absl::StatusOr<std::string> answer = client.Exchange(message);
      if (!answer.ok()) return Fail(std::string(answer.status().message()));
      const double took = std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
      (adt ? adt_times : pix_times).push_back(static_cast<float>(std::max(0.0, took)));
      if (answer->find("MSA|AA|" + id + "\r") == std::string::npos &&
          answer->find("MSA|AA|" + id + "|") == std::string::npos)
        return Fail("an answer that is not AA, or another message's: " + answer->substr(answer->find("MSA")));
    }
  }

  std::vector<float> adt_times, pix_times;  // ms
  std::string error;

 private:
  void Fail(std::string what) { error = std::move(what); }

  std::string Msh(const std::string& type, const std::string& id, const std::string& version) const {
    return "MSH|^~\\&|" + args_.application + "|" + args_.facility + "|NAYOSE|NAYOSE|20261130090000+0900||" + type +
           "|" + id + "|P|" + version + "||||||UNICODE UTF-8\r";
  }
  std::string Pix(const std::string& id) {
    const Identifier& asked = identifiers_[random_() % identifiers_.size()];
    return Msh("QBP^Q23^QBP_Q21", id, "2.5") + "QPD|IHE PIX Query|" + id + "|" + asked.value + "^^^" + asked.source +
           "\rRCP|I\r";
  }
  // A patient, and then the same with another phone.
  std::string Adt(const std::string& id) {
    const bool again = sent_ % 2 == 0;
    if (!again) patient_ += static_cast<size_t>(args_.connections);
    const Patient& p = patients_[patient_ % patients_.size()];
    const std::string local = args_.run + "." + std::to_string(patient_);
    std::string phone = p[kPhone];
    if (again) phone = "090-" + std::to_string(1000 + sent_ % 9000) + "-" + std::to_string(1000 + patient_ % 9000);
    std::string message = Msh(again ? "ADT^A08^ADT_A01" : "ADT^A04^ADT_A01", id, "2.5") +
                          "EVN||20261130090000\rPID|||" + local + "^^^" + args_.domain + "||" + NameField(p[kName]) +
                          "^^^^^L^I";
    if (!p[kKana].empty()) message += "~" + NameField(p[kKana]) + "^^^^^L^P";
    message += "||" + p[kBirth] + "|" + (p[kSex] == "1" ? "M" : "F") + "|||" + p[kStreet] + "^^" + p[kCity] + "^" +
               p[kPrefecture] + "^" + p[kPostalCode] + "^JPN^H||" + phone + "\rPV1||N\r";
    if (!p[kInsurer].empty())
      message += "IN1|1|06|" + p[kInsurer] + "|||||||" + p[kSymbol] + "~" + p[kNumber] + "~" + p[kBranch] + "\r";
    return message;
  }

  const Arguments& args_;
  const std::vector<Identifier>& identifiers_;
  const std::vector<Patient>& patients_;
  const int number_;
  std::mt19937 random_;
  uint64_t sent_ = 0;
  size_t patient_;
};

void Print(const char* what, std::vector<float> times, double seconds) {
  if (times.empty()) return;
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    return times[static_cast<size_t>(share * static_cast<double>(times.size() - 1))];
  };
  std::printf("%s: %zu in %.1f s, %.0f a second; ms p50 %.2f p95 %.2f p99 %.2f p99.9 %.2f most %.2f\n", what,
              times.size(), seconds, static_cast<double>(times.size()) / seconds, at(0.5), at(0.95), at(0.99),
              at(0.999), times.back());
}

int Run(const Arguments& args) {
  std::vector<Identifier> identifiers;
  if (args.mode != "adt") identifiers = ReadIdentifiers(args.ids);
  if (args.mode != "adt" && identifiers.empty()) {
    std::fprintf(stderr, "serve_load: no identifiers to ask for: give --ids\n");
    return 2;
  }
  std::vector<Patient> patients;
  if (args.mode != "pix") patients = ReadPatients(args.patients);
  if (args.mode != "pix" && patients.empty()) {
    std::fprintf(stderr, "serve_load: no patients to register: give --patients\n");
    return 2;
  }
  std::vector<Sender> senders;
  for (int i = 0; i < args.connections; ++i) senders.emplace_back(args, identifiers, patients, i);
  const auto begun = Clock::now();
  std::vector<std::thread> threads;
  for (Sender& sender : senders) threads.emplace_back([&] { sender.Run(begun + std::chrono::seconds(args.seconds)); });
  for (std::thread& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  std::vector<float> adt, pix;
  int failed = 0;
  for (const Sender& sender : senders) {
    adt.insert(adt.end(), sender.adt_times.begin(), sender.adt_times.end());
    pix.insert(pix.end(), sender.pix_times.begin(), sender.pix_times.end());
    if (sender.error.empty()) continue;
    if (++failed <= 3) std::fprintf(stderr, "serve_load: %s\n", sender.error.c_str());
  }
  Print("adt", std::move(adt), seconds);
  Print("pix", std::move(pix), seconds);
  if (failed > 0) std::printf("%d of %d senders failed\n", failed, args.connections);
  return failed > 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments args;
  std::string to;
  CLI::App app{"Loads a running nayose serve"};
  app.add_option("--to", to, "host:port")->required();
  app.add_option("--mode", args.mode)->check(CLI::IsMember({"pix", "adt", "mixed"}));
  app.add_option("--ids", args.ids, "identifiers to ask for: source,record_id a line");
  app.add_option("--patients", args.patients, "a file of nayose generate");
  app.add_option("--application", args.application, "MSH-3");
  app.add_option("--facility", args.facility, "MSH-4");
  app.add_option("--first", args.first, "of the patients, whom to begin with: others were registered before");
  app.add_option("--domain", args.domain, "of the patients that are registered");
  app.add_option("--run", args.run, "makes message and patient numbers another run's");
  app.add_option("--connections", args.connections);
  app.add_option("--seconds", args.seconds);
  app.add_option("--rate", args.rate, "messages a second, of all; 0: as fast as they are answered");
  app.add_option("--tls-ca", args.ca);
  app.add_option("--tls-cert", args.certificate);
  app.add_option("--tls-key", args.key);
  app.add_option("--tls-name", args.name);
  CLI11_PARSE(app, argc, argv);
  const size_t colon = to.rfind(':');
  if (colon == std::string::npos) return 2;
  args.host = to.substr(0, colon);
  args.port = static_cast<uint16_t>(std::stoi(to.substr(colon + 1)));
  return Run(args);
}
