// SPDX-License-Identifier: Apache-2.0
#include "tools/simulate/question_round.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "libmpi/base/elapsed.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/evaluation/random.h"
#include "libmpi/exchange/hl7v2/client_messages.h"
#include "libmpi/exchange/hl7v2/pid_record.h"

namespace nayose {
namespace {

namespace hl7v2 = libmpi::hl7v2;
namespace pix = libmpi::pix;
using libmpi::RecordKey;

// Domain and value, in order, each once.
using Told = std::set<std::pair<std::string, std::string>>;

constexpr size_t kWrongShown = 10;
constexpr int kDemographicsPercent = 5;

class Asker {
 public:
  Asker(SimulatedNetwork* network, const Expectation& expected, uint64_t seed)
      : network_(*network), expected_(expected), random_(seed) {
    for (const SimulatedFacility& f : network->facilities()) askers_.push_back(&f);
    for (const Expectation::Person& person : expected.persons())
      for (const RecordKey& key : person.identifiers)
        if (key.part == 0) {
          all_.push_back(&key);
          own_[key.source].push_back(&key);
        }
  }

  void Ask(uint64_t count) {
    if (all_.empty() || askers_.empty()) return;
    for (uint64_t i = 0; i < count; ++i) {
      AskCrossReference();
      if (random_.Between(0, 99) < kDemographicsPercent) AskDemographics();
    }
  }
  QuestionCounts counts;

 private:
  // Mostly of one's own patients, as systems ask; often of another's, whose number stands on a letter; at times of
  // nobody's.
  RecordKey DrawIdentifier(const SimulatedFacility& asker) {
    const int x = random_.Between(0, 99);
    const auto own = own_.find(asker.facility.name);
    if (x < 3) return {random_.Pick(all_)->source, "NOBODY-" + random_.Digits(6), 0};
    if (x < 55 && own != own_.end()) return *random_.Pick(own->second);
    return *random_.Pick(all_);
  }

  std::vector<std::string> DrawDomains() {
    std::vector<std::string> domains;
    if (random_.Chance(0.5)) return domains;
    for (int i = random_.Between(1, 4); i > 0; --i) {
      const std::string& name = has_enterprise_ && random_.Chance(0.2) ? enterprise_ : random_.Pick(all_)->source;
      if (std::ranges::find(domains, name) == domains.end()) domains.push_back(name);
    }
    return domains;
  }

  std::optional<hl7v2::QueryAnswer> Exchange(const SimulatedFacility& asker, const hl7v2::MessageBuilder& query) {
    static const hl7v2::CharacterSet utf8 = *hl7v2::CharacterSetOfName("UTF-8");
    const absl::StatusOr<std::string> bytes = query.Encode(utf8);
    if (!bytes.ok()) return Wrong("a question could not be written");
    const auto begin = std::chrono::steady_clock::now();
    const hl7v2::Response response = network_.responder().Respond({"192.0.2.1", {asker.facility.name}}, *bytes);
    counts.microseconds.push_back(1e6 * libmpi::SecondsSince(begin));
    ++counts.asked;
    const absl::StatusOr<hl7v2::Message> message = hl7v2::Message::Parse(response.answer, {});
    if (!message.ok()) return Wrong("an answer can't be read");
    const absl::StatusOr<hl7v2::QueryAnswer> answer = hl7v2::ReadQueryAnswer(*message);
    if (!answer.ok()) return Wrong("an answer is none");
    return *answer;
  }
  std::nullopt_t Wrong(const std::string& what) {
    if (counts.wrong.size() < kWrongShown) counts.wrong.push_back(what);
    return std::nullopt;
  }

  static hl7v2::MessageRoute RouteOf(const SimulatedFacility& asker) {
    hl7v2::MessageRoute route;
    route.application.namespace_id = "EHR";
    route.facility.namespace_id = asker.facility.name;
    route.to_application.namespace_id = "NAYOSE";
    route.to_facility.namespace_id = "NAYOSE";
    return route;
  }

  // With the authority whole, or as of none that there is.
  Told ToldOf(const std::vector<pix::Identifier>& identifiers) const {
    Told told;
    for (const pix::Identifier& id : identifiers) {
      const bool whole = id.authority == network_.AuthorityOf(id.authority.namespace_id);
      told.emplace(whole ? id.authority.namespace_id : "(no such authority)", id.value);
    }
    return told;
  }

  // "Unknown key identifier", and nothing else.
  static bool IsUnknown(const hl7v2::QueryAnswer& answer) {
    return answer.code == "AE" && answer.persons.empty() && !answer.errors.empty() &&
           std::ranges::all_of(answer.errors, [](const hl7v2::WireError& e) { return e.code == hl7v2::kUnknownKey; });
  }

  Told Wanted(const std::vector<RecordKey>& keys, const std::string& enterprise_id,
              const std::vector<std::string>& domains) const {
    Told wanted;
    const auto asked_for = [&](const std::string& domain) {
      return domains.empty() || std::ranges::find(domains, domain) != domains.end();
    };
    for (const RecordKey& key : keys)
      if (asked_for(key.source)) wanted.emplace(key.source, key.record_id);
    if (has_enterprise_ && asked_for(kEnterpriseDomain)) wanted.emplace(kEnterpriseDomain, enterprise_id);
    return wanted;
  }

  void AskCrossReference() {
    const SimulatedFacility& asker = *random_.Pick(askers_);
    const RecordKey asked = DrawIdentifier(asker);
    const std::vector<std::string> domains = DrawDomains();
    pix::CrossReferenceQuestion question;
    question.identifier = {asked.record_id, network_.AuthorityOf(asked.source)};
    for (const std::string& domain : domains) question.domains.push_back(network_.AuthorityOf(domain));
    ++counts.cross_references;
    const auto answer = Exchange(asker, hl7v2::MakeCrossReferenceQuery(question, "Q1", RouteOf(asker), {}));
    if (!answer) return;
    const Expectation::Person* const person = expected_.PersonOf(asked);
    const std::optional<std::vector<RecordKey>> keys = expected_.Answer(asked, asker);
    if (!keys) {
      ++counts.unknown;
      const bool right = IsUnknown(*answer);
      counts.right += right;
      if (!right) Wrong("answered although nobody may be told: " + asker.facility.name + " asks " + asked.source);
      return;
    }
    const Told wanted = Wanted(*keys, person->id.ToString(), domains);
    const Told told = answer->persons.empty() ? Told() : ToldOf(answer->persons[0].identifiers);
    ++(wanted.empty() ? counts.nothing : counts.answered);
    const bool right = answer->code == "AA" && answer->status == (wanted.empty() ? "NF" : "OK") && told == wanted;
    counts.right += right;
    if (!right)
      Wrong(asker.facility.name + " asks " + asked.source + ": " + answer->code + " " + answer->status + ", " +
            std::to_string(told.size()) + " told, " + std::to_string(wanted.size()) + " expected");
  }

  void AskDemographics() {
    const SimulatedFacility& asker = *random_.Pick(askers_);
    const RecordKey meant = *random_.Pick(all_);
    libmpi::RecordStatus status;
    const absl::StatusOr<libmpi::Record> record = network_.registry().Get(meant, &status);
    if (!record.ok() || record->names.empty() || record->births.empty()) return;
    if (hl7v2::Hl7DateOf(record->births[0]).empty()) return;  // no date that HL7 could write
    pix::DemographicsQuestion question;
    question.tag = "Q" + std::to_string(counts.demographics);
    const libmpi::StatedName& name = record->names[0];
    if (name.family.empty()) question.criteria.full = name.full.empty() ? name.full_kana : name.full;
    else question.criteria.family = name.family, question.criteria.given = name.given;
    question.criteria.birth = record->births[0];
    ++counts.demographics;
    const auto answer = Exchange(asker, hl7v2::MakeDemographicsQuery(question, "", RouteOf(asker), {}));
    if (!answer) return;
    const Expectation::Person* const person = expected_.PersonOf(meant);
    const std::vector<RecordKey> visible = expected_.Visible(*person, asker);
    const bool all = answer->continuation.empty() && answer->errors.empty();
    // Whoever is told of other records of the person alone may find them by those, which may say something else.
    const bool may = std::ranges::find(visible, meant) != visible.end();
    bool right = answer->code == "AA", found = false;
    for (const pix::MatchedPerson& told : answer->persons) {
      const Told ids = ToldOf(told.identifiers);
      const Expectation::Person* of = nullptr;
      for (const auto& [domain, value] : ids)
        if (domain != kEnterpriseDomain && of == nullptr) of = expected_.PersonOf({domain, value, 0});
      right = right && of != nullptr && ids == Wanted(expected_.Visible(*of, asker), of->id.ToString(), {});
      found = found || of == person;
    }
    // Whose record says this name and birth date is among those told, if all are.
    right = right && (found ? !visible.empty() : !may || !all);
    counts.right += right;
    if (!right) Wrong("demographics: " + asker.facility.name + " is told what it may not be, or not all that it may");
    counts.meant += may;
    counts.found += found && may;
  }

  SimulatedNetwork& network_;
  const Expectation& expected_;
  libmpi::Random random_;
  const std::string enterprise_ = kEnterpriseDomain;
  const bool has_enterprise_ = network_.manager().directory()->FindDomain(kEnterpriseDomain) != nullptr;
  std::vector<const SimulatedFacility*> askers_;
  std::vector<const RecordKey*> all_;
  std::map<std::string, std::vector<const RecordKey*>> own_;
};

}  // namespace

absl::StatusOr<Expectation> Expectation::Of(SimulatedNetwork* network) {
  Expectation made;
  made.tenants_apart = network->network().rules().tenants_apart;
  LIBMPI_RETURN_IF_ERROR(network->registry().ForEachPerson(
      [&](const libmpi::EnterpriseId& id, const std::vector<RecordKey>& identifiers) {
        for (const RecordKey& key : identifiers) made.person_of_[TruthKey(key)] = static_cast<uint32_t>(made.persons_.size());
        made.persons_.push_back({id, identifiers});
        return true;
      }));
  made.network_ = network;
  for (const SaidInSimulation& said : network->said()) {
    const auto it = made.person_of_.find(TruthKey(said.identifier));
    if (it == made.person_of_.end() || said.day > network->day()) continue;
    made.persons_[it->second].said.push_back(&said);
  }
  for (Person& person : made.persons_) person.consent = made.Holding(person, nullptr);
  return made;
}

const Expectation::Person* Expectation::PersonOf(const RecordKey& identifier) const {
  const auto it = person_of_.find(TruthKey(identifier));
  return it == person_of_.end() ? nullptr : &persons_[it->second];
}

std::string Expectation::TenantOf(const RecordKey& key) const {
  const SimulatedFacility* const facility = network_->FindFacility(key.source);
  return facility == nullptr ? "" : facility->facility.tenant;
}

const SaidInSimulation* Expectation::Holding(const Person& person, const std::string* tenant) const {
  const SaidInSimulation* holds = nullptr;
  for (const SaidInSimulation* said : person.said)
    if ((tenant == nullptr || TenantOf(said->identifier) == *tenant) && (holds == nullptr || holds->day <= said->day))
      holds = said;
  return holds;
}

std::vector<RecordKey> Expectation::Visible(const Person& person, const SimulatedFacility& asker) const {
  // Tenants apart know nothing of what was said to another.
  const SaidInSimulation* const consent = tenants_apart ? Holding(person, &asker.facility.tenant) : person.consent;
  const bool told = asker.facility.queries && consent != nullptr && consent->registered &&
                    (consent->facility.empty() || consent->facility == asker.facility.name);
  std::vector<RecordKey> visible;
  for (const RecordKey& key : person.identifiers) {
    const bool together = !tenants_apart || TenantOf(key) == asker.facility.tenant;
    if (together && (told || key.source == asker.facility.name)) visible.push_back(key);
  }
  return visible;
}

std::optional<std::vector<RecordKey>> Expectation::Answer(const RecordKey& identifier,
                                                          const SimulatedFacility& asker) const {
  const Person* const person = PersonOf(identifier);
  if (person == nullptr) return std::nullopt;
  std::vector<RecordKey> visible = Visible(*person, asker);
  const bool own = identifier.source == asker.facility.name;
  // Somebody else's number is known to those alone who may be told of somebody else's record of the person.
  const bool others = std::ranges::any_of(visible, [&](const RecordKey& k) { return k.source != asker.facility.name; });
  const bool together = !tenants_apart || TenantOf(identifier) == asker.facility.tenant;
  if (!own && !(others && together)) return std::nullopt;
  std::erase_if(visible, [&](const RecordKey& k) {
    return k.source == identifier.source && k.record_id == identifier.record_id;
  });
  return visible;
}

uint64_t Expectation::registered() const {
  return static_cast<uint64_t>(std::ranges::count_if(persons_, [this](const Person& p) { return IsRegistered(p); }));
}

void QuestionCounts::Add(const QuestionCounts& o) {
  asked += o.asked, right += o.right, cross_references += o.cross_references, answered += o.answered;
  nothing += o.nothing, unknown += o.unknown, demographics += o.demographics, meant += o.meant, found += o.found;
  seconds += o.seconds;
  microseconds.insert(microseconds.end(), o.microseconds.begin(), o.microseconds.end());
  for (const std::string& text : o.wrong)
    if (wrong.size() < kWrongShown) wrong.push_back(text);
}

QuestionCounts AskQuestions(SimulatedNetwork* network, const Expectation& expected, uint64_t count, uint64_t seed) {
  const auto begin = std::chrono::steady_clock::now();
  // As many askers whatever the threads: the questions are the same.
  constexpr size_t kAskers = 8;
  std::vector<QuestionCounts> by_asker(kAskers);
  libmpi::ParallelChunks(kAskers, 1, network->threads(), [&](size_t b, size_t e, int) {
    for (size_t a = b; a < e; ++a) {
      Asker asker(network, expected, libmpi::HashCombine(seed, a));
      asker.Ask(count / kAskers + (a < count % kAskers ? 1 : 0));
      by_asker[a] = std::move(asker.counts);
    }
  });
  QuestionCounts all;
  for (const QuestionCounts& counts : by_asker) all.Add(counts);
  all.seconds = libmpi::SecondsSince(begin);
  return all;
}

}  // namespace nayose
