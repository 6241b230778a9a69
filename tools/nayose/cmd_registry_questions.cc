// SPDX-License-Identifier: Apache-2.0
// Questions about persons: find, search, explain.
#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/record_json.h"
#include "libmpi/exchange/row_record.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/registry_command.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;
using libmpi::RecordKey;
using libmpi::Registry;

// What a record says on one line, for people: names, births, sexes, addresses and phones.
std::string RecordText(const libmpi::Record& record) {
  std::string text;
  const auto say = [&](const std::string& value) {
    if (value.empty()) return;
    if (!text.empty()) text += "  ";
    for (char c : value) text += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  };
  const auto joined = [](const std::string& first, const std::string& second) {
    return first.empty() || second.empty() ? first + second : first + " " + second;
  };
  for (const libmpi::StatedName& name : record.names) {
    say(name.full);
    say(joined(name.family, name.given));
    say(name.full_kana);
    say(joined(name.family_kana, name.given_kana));
    say(name.latin);
  }
  for (const std::string& birth : record.births) say(birth);
  for (const std::string& sex : record.sexes) say(sex);
  for (const libmpi::StatedAddress& address : record.addresses)
    say(address.full + address.prefecture + address.city + address.street);
  for (const std::string& phone : record.phones) say(phone);
  return text;
}

Json KeysJson(const std::vector<RecordKey>& keys) {
  Json json = Json::array();
  for (const RecordKey& key : keys) json.push_back(libmpi::KeyJson(key));
  return json;
}

struct FindArguments : RegistryArguments {
  std::string what;
  std::vector<std::string> authorities;
  bool records = false;
};

// "There is no such authority" is another answer than "it has no such identifier"; known only where they are listed.
absl::Status CheckAuthorities(const Registry& registry, const std::vector<std::string>& names) {
  std::vector<libmpi::AssigningAuthority> known;
  LIBMPI_ASSIGN_OR_RETURN(known, registry.Authorities());
  if (known.empty()) return absl::OkStatus();
  for (const std::string& name : names)
    if (std::none_of(known.begin(), known.end(), [&](const auto& authority) { return authority.name == name; }))
      return absl::NotFoundError(name +
                                 ": no such assigning authority is registered; nayose registry authorities lists "
                                 "them");
  return absl::OkStatus();
}

absl::StatusOr<libmpi::CrossReference> Find(const RegistryDoor& door, const FindArguments& args) {
  const Registry& registry = door.registry();
  LIBMPI_RETURN_IF_ERROR(CheckAuthorities(registry, args.authorities));
  if (const auto person = libmpi::EnterpriseId::Parse(args.what)) {
    auto found = door.Find(*person);
    if (!found.ok())
      return absl::Status(found.status().code(), args.what + ": " + std::string(found.status().message()));
    if (!args.authorities.empty())
      std::erase_if(found->identifiers, [&](const RecordKey& key) {
        return std::find(args.authorities.begin(), args.authorities.end(), key.source) == args.authorities.end();
      });
    return found;
  }
  RecordKey key;
  LIBMPI_ASSIGN_OR_RETURN(key, IdentifierOf(registry, args.what));
  auto found = door.Find(key, args.authorities);
  if (absl::IsNotFound(found.status())) LIBMPI_RETURN_IF_ERROR(CheckAuthorities(registry, {key.source}));
  if (!found.ok()) return OfIdentifier(key, found.status());
  return found;
}

int RunFind(const FindArguments& args) {
  return WithDoor(args, OpenFor::kReading, [&](const RegistryDoor& door) -> int {
    const auto found = Find(door, args);
    if (!found.ok()) return Fail(found.status());
    std::vector<libmpi::Record> records;
    for (const RecordKey& key : found->identifiers) {
      if (!args.records) break;
      auto record = door.Get(key);
      if (!record.ok()) return Fail(record.status());
      records.push_back(*std::move(record));
    }
    if (args.json) {
      Json json = {{"person", found->person.ToString()}, {"redirected", found->redirected},
                   {"identifiers", KeysJson(found->identifiers)}};
      for (const libmpi::Record& record : records) json["records"].push_back(libmpi::RecordJson(record));
      PrintLine(json);
      return kDone;
    }
    std::printf("person %s%s\n", found->person.ToString().c_str(),
                found->redirected ? " (what was asked for was merged into this person)" : "");
    for (size_t i = 0; i < found->identifiers.size(); ++i)
      std::printf("  %s%s%s\n", found->identifiers[i].ToString().c_str(), args.records ? "  " : "",
                  args.records ? RecordText(records[i]).c_str() : "");
    return kDone;
  });
}

constexpr size_t kFirstStated = 2;  // after record_id and source

struct SearchArguments : RegistryArguments {
  std::array<std::vector<std::string>, libmpi::kFields> values;
  size_t count = 10;
  bool explain = false;

  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    const auto fields = libmpi::CanonicalFields();
    for (size_t f = kFirstStated; f < fields.size(); ++f) {
      std::string option = "--" + std::string(fields[f]);
      std::replace(option.begin(), option.end(), '_', '-');
      command->add_option(option, values[f], "As a patient list has it, any script or notation")
          ->group("What is known of the patient")
          ->type_name("TEXT");
    }
    command->add_option("--count", count, "Candidates to show at most (default: 10)")->check(CLI::Range(1, 1000));
    command->add_flag("--explain", explain, "Say why, for each candidate");
  }

  libmpi::Record Asked() const {
    std::vector<std::string_view> texts;
    libmpi::ColumnMap columns;
    for (size_t f = kFirstStated; f < values.size(); ++f)
      for (const std::string& text : values[f]) {
        texts.push_back(text);
        columns.field_of_column.push_back(static_cast<libmpi::Field>(f));
      }
    libmpi::Record record;
    libmpi::AddRow<std::string>(texts, columns, &record);
    record.Normalize();
    return record;
  }
};

absl::StatusOr<libmpi::Explanation> WhyFound(const Registry& registry, const libmpi::Record& asked,
                                             const libmpi::Record& found) {
  const std::shared_ptr<const libmpi::FrozenModel> model = registry.model();
  LIBMPI_ASSIGN_OR_RETURN(const libmpi::CivilDate today, ParseToday(""));
  return model->Explain(asked, found, today);
}

absl::Status PrintCandidate(const SearchArguments& args, const RegistryDoor& door, const libmpi::Record& asked,
                            const libmpi::Candidate& candidate, Json* json) {
  libmpi::Record best;
  LIBMPI_ASSIGN_OR_RETURN(best, door.Get(candidate.best));
  std::optional<libmpi::Explanation> why;
  if (args.explain) {
    LIBMPI_ASSIGN_OR_RETURN(why, WhyFound(door.registry(), asked, best));
  }
  if (!args.json) {
    std::printf("%-8s  %.3f bits, probability %.6f  person %s\n",
                std::string(libmpi::GradeName(candidate.grade)).c_str(), candidate.weight, candidate.probability,
                candidate.person.ToString().c_str());
    std::printf("  best: %s  %s\n", candidate.best.ToString().c_str(), RecordText(best).c_str());
    for (const RecordKey& key : candidate.identifiers)
      if (key != candidate.best) std::printf("  also: %s\n", key.ToString().c_str());
    if (why) std::printf("%s", why->ToText().c_str());
    return absl::OkStatus();
  }
  Json one = {{"person", candidate.person.ToString()}, {"grade", libmpi::GradeName(candidate.grade)},
              {"weight", candidate.weight}, {"probability", candidate.probability},
              {"best", libmpi::RecordJson(best)}, {"identifiers", KeysJson(candidate.identifiers)}};
  if (why) one["explanation"] = Json::parse(why->ToJson(), nullptr, false);
  json->push_back(std::move(one));
  return absl::OkStatus();
}

int RunSearch(const SearchArguments& args) {
  const libmpi::Record asked = args.Asked();
  if (asked == libmpi::Record())
    return FailUsage("say something of the patient: --name, --birth, --phone ... (see --help)");
  return WithDoor(args, OpenFor::kReading, [&](const RegistryDoor& door) -> int {
    const auto answer = door.Search(asked, args.count);
    if (!answer.ok()) return Fail(answer.status());
    Json candidates = Json::array();
    for (const libmpi::Candidate& candidate : answer->candidates)
      if (absl::Status s = PrintCandidate(args, door, asked, candidate, &candidates); !s.ok()) return Fail(s);
    if (args.json) PrintLine({{"candidates", std::move(candidates)}, {"too_many", answer->too_many}});
    else if (answer->candidates.empty()) std::printf("nobody like this is registered\n");
    if (!args.json && answer->too_many)
      std::printf("there are more: say more of the patient, or give a larger --count\n");
    return kDone;
  });
}

struct ExplainArguments : RegistryArguments {
  std::string a, b;
};

int RunExplain(const ExplainArguments& args) {
  return WithDoor(args, OpenFor::kReading, [&](const RegistryDoor& door) -> int {
    std::array<RecordKey, 2> keys;
    std::array<std::optional<libmpi::EnterpriseId>, 2> persons;
    for (int i = 0; i < 2; ++i) {
      const auto key = IdentifierOf(door.registry(), i == 0 ? args.a : args.b);
      if (!key.ok()) return FailUsage(std::string(key.status().message()));
      keys[i] = *key;
      const auto record = door.Get(*key);
      if (!record.ok()) return Fail(OfIdentifier(*key, record.status()));
      if (const auto found = door.Find(*key, {}); found.ok()) persons[i] = found->person;
    }
    const auto why = door.Explain(keys[0], keys[1]);
    if (!why.ok()) return Fail(why.status());
    const bool both = persons[0] && persons[1];
    if (args.json) {
      Json json = {{"a", libmpi::KeyJson(keys[0])}, {"b", libmpi::KeyJson(keys[1])}};
      if (both) json["one_person"] = *persons[0] == *persons[1];
      json["explanation"] = Json::parse(why->ToJson(), nullptr, false);
      PrintLine(json);
      return kDone;
    }
    std::printf("%s and %s\n", keys[0].ToString().c_str(), keys[1].ToString().c_str());
    std::printf("%s%s", !both                         ? "one of them takes no part: it is retired\n"
                        : *persons[0] == *persons[1] ? "they are one person in the registry\n"
                                                     : "they are two persons in the registry\n",
                why->ToText().c_str());
    return kDone;
  });
}

}  // namespace

void AddRegistryQuestions(CLI::App* registry, Run* run) {
  const auto find = std::make_shared<FindArguments>();
  CLI::App* command =
      AddRegistryCommand(registry, run, "find", "Under which identifiers a person is known", find, RunFind);
  command->add_option("what", find->what, "source:record_id, or an enterprise ID")->required();
  command->add_option("--authority", find->authorities, "Only identifiers of these sources");
  command->add_flag("--records", find->records, "Also what each record says");
  command->footer(
      "An identifier that was merged into another one, and an old enterprise ID, answer with the person they\n"
      "are part of now. Not registered, of an authority that is not registered (where any is), and retired\n"
      "are told apart; each exits with 3.\n\n"
      "Examples:\n"
      "  nayose registry find network/ H001:00001003\n"
      "  nayose registry find network/ H001:00001003 --authority C002 P003 --json\n"
      "  nayose registry find network/ 0123456789abcdef0123456789abcdef --records");
  const auto search = std::make_shared<SearchArguments>();
  AddRegistryCommand(registry, run, "search", "Who might this be, before registering", search, RunSearch)
      ->footer(
          "The records that a run would compare with what is known, best first, by person. certain: as a run links;\n"
          "probable: even odds or better; possible: worth a look. Say a phone or an insurance card where there is one.\n\n"
          "Examples:\n"
          "  nayose registry search network/ --name '山田 太郎' --birth 1960-04-01\n"
          "  nayose registry search network/ --kana 'ﾔﾏﾀﾞ ﾀﾛｳ' --birth S35.4.1 --phone 03-1234-5678 --explain\n"
          "  nayose registry search network/ --insurer 06270017 --symbol 12-34 --number 567 --json");
  const auto explain = std::make_shared<ExplainArguments>();
  command = AddRegistryCommand(registry, run, "explain", "Why two records are (not) one person", explain, RunExplain);
  command->add_option("a", explain->a, "source:record_id")->required();
  command->add_option("b", explain->b, "the other record")->required();
  command->footer("Per comparison: level, match weight and what was compared; the parts sum to the weight.\n\n"
                  "Examples:\n  nayose registry explain network/ H001:00001003 C002:00001010");
}

}  // namespace nayose
