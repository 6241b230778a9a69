// SPDX-License-Identifier: Apache-2.0
// nayose query pix|pdq: the questions of ITI-9 and ITI-21 to an HL7 server, as another system would ask them.
#include <cstdio>

#include "libmpi/base/status_macros.h"
#include "libmpi/base/system_time.h"
#include "libmpi/exchange/hl7v2/client_messages.h"
#include "libmpi/exchange/hl7v2/control_id.h"
#include "libmpi/exchange/record_json.h"
#include "tools/nayose/command.h"
#include "tools/nayose/connection_arguments.h"

namespace nayose {
namespace {

namespace hl7v2 = libmpi::hl7v2;
namespace pix = libmpi::pix;
using Json = nlohmann::ordered_json;

struct QueryArguments : ConnectionArguments {
  std::string as, receiver;
  std::vector<std::string> domains;
  void AddTo(CLI::App* command) {
    ConnectionArguments::AddTo(command);
    command->add_option("--as", as, "Who asks, in MSH-3 and MSH-4: APPLICATION^FACILITY")->required();
    command->add_option("--receiver", receiver, "Who is asked, in MSH-5 and MSH-6: APPLICATION^FACILITY");
    command->add_option("--domains", domains, "Whose identifiers are asked for: namespaces or OIDs (default: all)")
        ->delimiter(',');
  }
};

struct PixArguments : QueryArguments {
  std::string id, authority;
};

struct PdqArguments : QueryArguments {
  libmpi::SearchCriteria criteria;
  std::string id, authority;
  size_t page = 0, most = 100;
};

// "H001", "1.2.392.1", "H001&1.2.392.1&ISO".
pix::Authority AuthorityOf(const std::string& text) {
  pix::Authority authority;
  const size_t first = text.find('&');
  if (first != std::string::npos) {
    const size_t second = text.find('&', first + 1);
    authority.namespace_id = text.substr(0, first);
    authority.universal_id = text.substr(first + 1, second == std::string::npos ? second : second - first - 1);
    authority.universal_id_type = second == std::string::npos ? "ISO" : text.substr(second + 1);
  } else if (text.find('.') != std::string::npos && text.find_first_not_of("0123456789.") == std::string::npos) {
    authority.universal_id = text;
    authority.universal_id_type = "ISO";
  } else {
    authority.namespace_id = text;
  }
  return authority;
}

std::vector<pix::Authority> AuthoritiesOf(const std::vector<std::string>& texts) {
  std::vector<pix::Authority> authorities;
  for (const std::string& text : texts) authorities.push_back(AuthorityOf(text));
  return authorities;
}

Json IdentifiersJson(const std::vector<pix::Identifier>& identifiers) {
  Json list = Json::array();
  for (const pix::Identifier& id : identifiers)
    list.push_back({{"value", id.value},
                    {"namespace", id.authority.namespace_id},
                    {"universal_id", id.authority.universal_id},
                    {"universal_id_type", id.authority.universal_id_type},
                    {"type", id.type}});
  return list;
}

Json AnswerJson(const hl7v2::QueryAnswer& answer) {
  Json json = {{"code", answer.code}, {"status", answer.status}, {"errors", ErrorsJson(answer.errors)},
               {"persons", Json::array()}};
  for (const pix::MatchedPerson& person : answer.persons) {
    Json one = {{"identifiers", IdentifiersJson(person.identifiers)}};
    Json record = libmpi::RecordJson(person.record);
    for (const char* key : {"source", "record_id"}) record.erase(key);
    for (const auto& [key, value] : record.items()) one[key] = value;
    json["persons"].push_back(std::move(one));
  }
  return json;
}

std::string Joined(std::initializer_list<std::string> parts) {
  std::string text;
  for (const std::string& part : parts)
    if (!part.empty()) text += (text.empty() ? "" : " ") + part;
  return text;
}

void PrintValues(const char* what, const std::vector<std::string>& values) {
  for (const std::string& value : values)
    if (!value.empty()) std::printf("  %-8s %s\n", what, value.c_str());
}

void PrintPerson(const pix::MatchedPerson& person, size_t number) {
  std::printf("%zu\n", number);
  for (const libmpi::StatedName& name : person.record.names) {
    const std::string kana = Joined({name.family_kana, name.given_kana, name.full_kana});
    const std::string behind = kana.empty() ? "" : "(" + kana + ")";
    PrintValues("name", {Joined({name.family, name.given, name.full, name.latin, behind})});
  }
  PrintValues("birth", person.record.births);
  PrintValues("sex", person.record.sexes);
  for (const libmpi::StatedAddress& a : person.record.addresses)
    PrintValues("address", {Joined({a.postal_code, a.prefecture + a.city + a.street + a.full})});
  PrintValues("phone", person.record.phones);
}

void PrintIdentifiers(const std::vector<pix::Identifier>& identifiers, const char* indent) {
  for (const pix::Identifier& id : identifiers)
    std::printf("%s%s  %s  %s\n", indent, id.value.c_str(),
                id.authority.namespace_id.empty() ? "-" : id.authority.namespace_id.c_str(),
                id.authority.universal_id.c_str());
}

// A connection that asks.
class Asker {
 public:
  Asker(const QueryArguments& args, MllpClientOptions options, hl7v2::CharacterSet set)
      : args_(args), client_(std::move(options)), set_(std::move(set)) {}

  absl::StatusOr<hl7v2::QueryAnswer> Ask(const hl7v2::MessageBuilder& query) {
    LIBMPI_ASSIGN_OR_RETURN(const std::string bytes, query.Encode(set_));
    args_.Show("sent", bytes);
    const auto answer = client_.Exchange(bytes);
    if (!answer.ok())
      return absl::Status(answer.status().code(), args_.to + ": " + std::string(answer.status().message()));
    args_.Show("answer", *answer);
    const auto message = args_.Parse(*answer);
    const auto read = message.ok() ? hl7v2::ReadQueryAnswer(*message) : message.status();
    if (read.ok()) return read;
    return absl::DataLossError(args_.to + ": its answer can't be read: " + std::string(read.status().message()));
  }

 private:
  const QueryArguments& args_;
  MllpClient client_;
  const hl7v2::CharacterSet set_;
};

int PrintRefusal(const QueryArguments& args, const hl7v2::QueryAnswer& answer) {
  if (args.json) std::printf("%s\n", libmpi::JsonLine(AnswerJson(answer)).c_str());
  else {
    std::printf("refused: %s\n", answer.code.c_str());
    for (const hl7v2::WireError& error : answer.errors) std::printf("  %s\n", ErrorText(error).c_str());
  }
  return kNeedsALook;
}

// What was said beside an answer that is none of an error: that more fit than it tells.
void PrintWarnings(const hl7v2::QueryAnswer& answer) {
  for (const hl7v2::WireError& error : answer.errors)
    std::printf("warning: %s\n", error.text.empty() ? ErrorText(error).c_str() : error.text.c_str());
}

// Of the command line and of connecting; the rest is `ask`'s.
template <typename AskAll>
int WithAsker(const QueryArguments& args, const AskAll& ask) {
  auto options = args.ClientOptions();
  if (!options.ok()) return FailUsage(std::string(options.status().message()));
  auto set = args.CharacterSet();
  if (!set.ok()) return FailUsage(std::string(set.status().message()));
  hl7v2::MessageRoute route;
  if (const absl::Status s = ReadRoute(args.as, args.receiver, &route); !s.ok())
    return FailUsage(std::string(s.message()));
  Asker asker(args, *std::move(options), *std::move(set));
  return ask(&asker, route);
}

int RunPix(const PixArguments& args) {
  return WithAsker(args, [&](Asker* asker, const hl7v2::MessageRoute& route) -> int {
    pix::CrossReferenceQuestion question;
    question.identifier = {args.id, AuthorityOf(args.authority)};
    question.domains = AuthoritiesOf(args.domains);
    const auto answer = asker->Ask(hl7v2::MakeCrossReferenceQuery(question, hl7v2::NewControlId(), route,
                                                                  {"", libmpi::SystemMilliseconds()}));
    if (!answer.ok()) return FailOutput(answer.status());
    if (answer->code != "AA") return PrintRefusal(args, *answer);
    if (args.json) std::printf("%s\n", libmpi::JsonLine(AnswerJson(*answer)).c_str());
    else if (answer->persons.empty()) std::printf("known, and nowhere else\n");
    else PrintIdentifiers(answer->persons.front().identifiers, "");
    return kDone;
  });
}

int RunPdq(const PdqArguments& args) {
  return WithAsker(args, [&](Asker* asker, const hl7v2::MessageRoute& route) -> int {
    pix::DemographicsQuestion question;
    question.criteria = args.criteria;
    if (!args.id.empty()) question.identifiers = {{args.id, AuthorityOf(args.authority)}};
    question.domains = AuthoritiesOf(args.domains);
    question.page = args.page;
    question.tag = hl7v2::NewControlId();
    std::string continuation;
    size_t told = 0;
    do {
      const auto answer = asker->Ask(hl7v2::MakeDemographicsQuery(question, continuation, route,
                                                                  {"", libmpi::SystemMilliseconds()}));
      if (!answer.ok()) return FailOutput(answer.status());
      if (answer->code != "AA") return PrintRefusal(args, *answer);
      if (args.json) std::printf("%s\n", libmpi::JsonLine(AnswerJson(*answer)).c_str());
      for (const pix::MatchedPerson& person : answer->persons) {
        ++told;
        if (args.json) continue;
        PrintPerson(person, told);
        PrintIdentifiers(person.identifiers, "  ID       ");
      }
      continuation = answer->continuation;
      if (!args.json && (continuation.empty() || told >= args.most)) PrintWarnings(*answer);
    } while (!continuation.empty() && told < args.most);
    if (!args.json && told == 0) std::printf("nobody fits\n");
    if (!args.json && !continuation.empty()) std::printf("there are more; --most tells more of them\n");
    if (!continuation.empty())
      (void)asker->Ask(hl7v2::MakeCancellation(question.tag, route, {"", libmpi::SystemMilliseconds()}));
    return kDone;
  });
}

void AddPix(CLI::App* query, Run* run) {
  auto args = std::make_shared<PixArguments>();
  CLI::App* command = query->add_subcommand("pix", "Under which identifiers is a patient known? (ITI-9)");
  command->add_option("--id", args->id, "The patient's identifier")->required();
  command->add_option("--authority", args->authority, "Who issued it: a namespace, an OID, or NAMESPACE&OID&ISO")
      ->required();
  args->AddTo(command);
  command->callback([args, run] { *run = [args] { return RunPix(*args); }; });
  command->footer(
      "Example:\n"
      "  nayose query pix --to localhost:2575 --as HIS^HOSPITAL --id 00001003 --authority H001 --domains C002");
}

void AddPdq(CLI::App* query, Run* run) {
  auto args = std::make_shared<PdqArguments>();
  CLI::App* command = query->add_subcommand("pdq", "Which patients are so? (ITI-21)");
  libmpi::SearchCriteria& c = args->criteria;
  command->add_option("--family", c.family, "Family name, in kanji, kana or romaji; '*' at its end: begins so");
  command->add_option("--given", c.given, "Given name");
  command->add_option("--birth", c.birth, "Birth date: 19600401, 1960-04-01");
  command->add_option("--sex", c.sex, "M, F, O, U");
  command->add_option("--postal-code", c.postal_code, "Postal code");
  command->add_option("--city", c.city, "City");
  command->add_option("--phone", c.phone, "Phone number");
  CLI::Option* const id = command->add_option("--id", args->id, "An identifier");
  command->add_option("--authority", args->authority, "Who issued it")->needs(id);
  command->add_option("--page", args->page, "Persons an answer; what is left is asked for page by page")
      ->check(CLI::Range(1, 500));
  command->add_option("--most", args->most, "Persons in all (default: 100)")->check(CLI::PositiveNumber);
  args->AddTo(command);
  command->callback([args, run] { *run = [args] { return RunPdq(*args); }; });
  command->footer(
      "Example:\n"
      "  nayose query pdq --to localhost:2575 --as HIS^HOSPITAL --family 山田 --birth 19600401 --page 10");
}

}  // namespace

void AddQuery(CLI::App* app, Run* run) {
  CLI::App* query = app->add_subcommand("query", "Ask an HL7 server who a patient is, as another system would");
  query->require_subcommand(1);
  query->footer(
      "Exit code 1: the question was refused, or the identifier is not known.\n\n"
      "Examples:\n"
      "  nayose query pix --to localhost:2575 --as HIS^HOSPITAL --id 00001003 --authority H001\n"
      "  nayose query pdq --to localhost:2575 --as HIS^HOSPITAL --family 山田 --given 太郎");
  AddPix(query, run);
  AddPdq(query, run);
}

}  // namespace nayose
