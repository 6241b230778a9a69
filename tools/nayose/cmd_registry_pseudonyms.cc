// SPDX-License-Identifier: Apache-2.0
// Secondary use of a network's registry: who-is-who under pseudonyms, and back with the key.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>

#include "libmpi/exchange/csv_writer.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/exchange/record_json.h"
#include "tools/nayose/progress.h"
#include "tools/nayose/registry_command.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;
using libmpi::Pseudonymizer;
using libmpi::SecretKey;

struct KeyArguments : RegistryArguments {
  std::string project, key;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("--project", project, "The project's name: another one gives other pseudonyms");
    command->add_option("--key", key, "File of the project's key: 64 hexadecimal digits, or 32 bytes");
  }
};

class OpenedFile {
 public:
  OpenedFile(const std::string& path, int flags, int mode = 0) : file_(open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~OpenedFile() {
    if (file_ >= 0) close(file_);
  }
  OpenedFile(const OpenedFile&) = delete;
  OpenedFile& operator=(const OpenedFile&) = delete;
  int get() const { return file_; }

 private:
  const int file_;
};

// Longer than any key, so that a longer file is told apart.
constexpr size_t kRoomForKey = 80;

// How many bytes of a file there are, at most so many; nothing where it can't be read.
std::optional<size_t> ReadUpTo(int file, std::array<char, kRoomForKey>* bytes) {
  size_t size = 0;
  while (size < bytes->size()) {
    const ssize_t got = read(file, bytes->data() + size, bytes->size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  return size;
}

absl::StatusOr<SecretKey> ReadKey(const std::string& path) {
  const OpenedFile file(path, O_RDONLY);
  struct stat info;
  if (file.get() < 0 || fstat(file.get(), &info) != 0) {
    const bool none = errno == ENOENT;
    const std::string message = path + ": " + std::strerror(errno);
    return none ? absl::NotFoundError(message + "; nayose registry pseudonyms --new-key makes a key")
                : absl::PermissionDeniedError(message);
  }
  if (S_ISDIR(info.st_mode)) return absl::InvalidArgumentError(path + ": is a folder; say the key's file");
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return absl::PermissionDeniedError(path + ": others may read this key: chmod 600 it; and if they may have done so, the "
                                              "project needs a new one");
  std::array<char, kRoomForKey> bytes;
  const std::optional<size_t> size = ReadUpTo(file.get(), &bytes);
  absl::StatusOr<SecretKey> key = absl::UnavailableError("can't be read");
  if (size) key = SecretKey::Parse({bytes.data(), *size});
  explicit_bzero(bytes.data(), bytes.size());
  if (key.ok()) return key;
  return absl::Status(key.status().code(), path + ": " + std::string(key.status().message()) +
                                               "; nayose registry pseudonyms --new-key makes one");
}

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(file) == 0;
}

// Never over a file that is there: with its key the pseudonyms that are out would be lost.
int MakeKey(const std::string& path) {
  const auto key = SecretKey::New();
  if (!key.ok()) return Fail(key.status());
  const OpenedFile file(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (file.get() < 0 && errno == EEXIST)
    return FailUsage(path + ": is there already; a key that was used must not be lost: say another file");
  if (file.get() < 0) return FailOutput(absl::UnavailableError(path + ": " + std::strerror(errno)));
  std::string text = key->ToHex();
  const bool written = WriteAll(file.get(), text) && WriteAll(file.get(), "\n");
  explicit_bzero(text.data(), text.size());
  if (!written) {
    const std::string why = std::strerror(errno);
    unlink(path.c_str());
    return FailOutput(absl::UnavailableError(path + ": " + why));
  }
  std::printf("%s holds a new key: keep it and a copy with the project's trustee, away from the registry\n", path.c_str());
  return kDone;
}

// Reads the key and derives the project's.
absl::StatusOr<Pseudonymizer> PseudonymizerOf(const KeyArguments& args) {
  const auto key = ReadKey(args.key);
  if (!key.ok()) return key.status();
  auto pseudonymizer = Pseudonymizer::Make(*key, args.project);
  if (pseudonymizer.ok()) return pseudonymizer;
  return absl::Status(pseudonymizer.status().code(), "--project: " + std::string(pseudonymizer.status().message()));
}

struct PseudonymsArguments : KeyArguments {
  std::string output, new_key;
  uint64_t smallest_cell = 10;
  void AddTo(CLI::App* command) {
    KeyArguments::AddTo(command);
    command->get_option("folder")->required(false);  // a key is made without a registry
    command->add_option("--output,-o", output, "File to write, readable by you only (default: standard output)");
    command->add_option("--smallest-cell", smallest_cell,
                        "Flag persons of one sex, ten years of birth and prefecture who are fewer than this (default: 10)")
        ->check(CLI::Range(0, 1'000'000));
    command->add_option("--new-key", new_key, "Instead: make a key, in this file, readable by you only");
  }
};

// Why the arguments do not fit each other; empty: they do.
std::string WrongUse(const PseudonymsArguments& args) {
  const bool exports = !args.folder.empty() || !args.project.empty() || !args.key.empty() || !args.output.empty();
  if (!args.new_key.empty()) return exports ? "--new-key makes a key and nothing else: give it alone" : "";
  if (args.folder.empty()) return "say the registry's folder; or --new-key FILE, to make a key";
  if (args.project.empty() || args.key.empty()) return "say whose pseudonyms: --project NAME and --key FILE";
  return args.json && args.output.empty() ? "--json is of the counts: say --output for the rows" : "";
}

std::string RowText(const libmpi::PseudonymRow& row) {
  std::string line;
  libmpi::AppendCsvField(row.authority, &line);
  return line + "," + row.record.ToString() + "," + row.person.ToString() + "," + (row.small_cell ? "1" : "0") + "\n";
}

void PrintCounts(const libmpi::PseudonymCounts& counts, const PseudonymsArguments& args) {
  if (args.json)
    return PrintLine({{"persons", counts.persons}, {"records", counts.records}, {"left_out", counts.left_out},
                      {"in_small_cells", counts.in_small_cells}});
  std::fprintf(args.output.empty() ? stderr : stdout,
               "%llu persons with %llu records written%s%s; %llu persons left out by consent; %llu in cells of fewer than %llu\n",
               U(counts.persons), U(counts.records), args.output.empty() ? "" : " to ", args.output.c_str(), U(counts.left_out),
               U(counts.in_small_cells), U(args.smallest_cell));
}

// Exports to a file, or to standard output where there is none.
int Export(const PseudonymsArguments& args, const Pseudonymizer& pseudonymizer, const RegistryDoor& door) {
  const libmpi::ProgressCallback progress = MakeProgress(StderrIsTerminal());
  std::optional<libmpi::OutputFile> file;
  if (!args.output.empty()) {
    auto created = libmpi::OutputFile::Create(args.output, 0600);
    if (!created.ok()) return FailOutput(created.status());
    file.emplace(*std::move(created));
  }
  bool begun = false;
  const auto write = [&](std::string_view text) {
    if (file) file->Append(text);
    else std::fwrite(text.data(), 1, text.size(), stdout);
  };
  const auto begin = [&] {
    if (!begun) write("authority,record,person,small_cell\n");
    begun = true;
  };
  const auto counts =
      door.network()->Pseudonymize(pseudonymizer, {args.smallest_cell, progress}, [&](const libmpi::PseudonymRow& row) {
        begin();
        write(RowText(row));
        return std::ferror(stdout) == 0;
      }, door.who());
  if (!counts.ok()) return FailChange(counts.status());
  begin();  // nobody is an answer too
  if (file)
    if (const absl::Status s = file->Commit(); !s.ok()) return FailOutput(s);
  progress("done", 1, 1);
  PrintCounts(*counts, args);
  return kDone;
}

int RunPseudonyms(const PseudonymsArguments& args) {
  if (const std::string wrong = WrongUse(args); !wrong.empty()) return FailUsage(wrong);
  if (!args.new_key.empty()) return MakeKey(args.new_key);
  const auto pseudonymizer = PseudonymizerOf(args);
  if (!pseudonymizer.ok()) return Fail(pseudonymizer.status());
  return WithDoor(args, OpenFor::kWriting,
                  [&](const RegistryDoor& door) -> int { return Export(args, *pseudonymizer, door); }, true);
}

struct ReidentifyArguments : KeyArguments {
  std::string pseudonym;
  void AddTo(CLI::App* command) {
    KeyArguments::AddTo(command);
    command->add_option("pseudonym", pseudonym, "Of a person, as the export has it")->required();
    for (const char* const name : {"--project", "--key"}) command->get_option(name)->required();
  }
};

int RunReidentify(const ReidentifyArguments& args) {
  const auto pseudonymizer = PseudonymizerOf(args);
  if (!pseudonymizer.ok()) return Fail(pseudonymizer.status());
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    const auto found = door.network()->Reidentify(*pseudonymizer, args.pseudonym, door.who());
    if (!found.ok()) {
      const bool no_reason = absl::IsInvalidArgument(found.status()) && args.reason.empty();
      const std::string message = std::string(found.status().message()) + (no_reason ? ": say --reason" : "");
      const absl::Status status(found.status().code(), message);
      return FailChange(status);
    }
    if (args.json) {
      Json json = {{"person", found->person.ToString()}, {"redirected", found->redirected}, {"identifiers", Json::array()}};
      for (const libmpi::RecordKey& key : found->identifiers) json["identifiers"].push_back(libmpi::KeyJson(key));
      PrintLine(json);
      return kDone;
    }
    std::printf("person %s%s\n", found->person.ToString().c_str(),
                found->redirected ? " (whose pseudonym it was is part of this person now)" : "");
    for (const libmpi::RecordKey& key : found->identifiers) std::printf("  %s\n", key.ToString().c_str());
    return kDone;
  }, true);
}

}  // namespace

void AddRegistryPseudonyms(CLI::App* registry, Run* run) {
  using libmpi::Operation;
  AddRegistryCommand(registry, run, "pseudonyms", "Who is who without identities, for secondary use; or make a project's key",
                     std::make_shared<PseudonymsArguments>(), RunPseudonyms, Operation::kPseudonymize)
      ->footer("Writes CSV, a row a record: its authority, the record's and the person's pseudonyms, and whether the person is\n"
               "one of few (small_cell). Of those whom consent lets be told of to the network's office; withdrawn persons never.\n"
               "The same persons are the same rows each time; projects have nothing in common. Whoever has the key can tell\n"
               "whose they are: the project's trustee keeps it, and lends it for the export alone.\n\n"
               "Examples:\n"
               "  nayose registry pseudonyms --new-key stroke-study.key\n"
               "  nayose registry pseudonyms network/ --project stroke-study --key stroke-study.key --output rows.csv \\\n"
               "    --profession researcher --purpose research");
  AddRegistryCommand(registry, run, "reidentify", "Whose a pseudonym is; with the project's key and a reason, and noted",
                     std::make_shared<ReidentifyArguments>(), RunReidentify, Operation::kReidentify)
      ->footer("Of a person's pseudonym, not of a record's. Another project's, or one by another key, is nobody's: it exits with 3.\n\n"
               "Examples:\n"
               "  nayose registry reidentify network/ 0123456789abcdef0123456789abcdef --project stroke-study \\\n"
               "    --key stroke-study.key --reason 'finding to be told, ethics vote 12' --profession operator \\\n"
               "    --purpose patient_request");
}

}  // namespace nayose
