// SPDX-License-Identifier: Apache-2.0
// Secondary use: who-is-who under pseudonyms, and back.
#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <utility>

#include "libmpi/network/call.h"
#include "libmpi/network/consent_rows.h"
#include "libmpi/record/standardize.h"

namespace libmpi {
namespace {

// A group of persons: their sex, ten years of birth and prefecture, 0 what is unknown. Never written.
using Cell = uint32_t;

Cell CellOf(const Features& golden) {
  const Cell sex = golden.sexes.empty() ? 0 : static_cast<Cell>(golden.sexes.front());
  const Cell decade = golden.births.empty() ? 0 : static_cast<Cell>(golden.births.front().year) / 10;
  Cell prefecture = 0;
  for (const AddressFeatures& address : golden.addresses)
    if (prefecture == 0) prefecture = address.prefecture;
  return (sex << 8 | prefecture) << 16 | decade;
}

// 40 bytes for each record.
struct CompactRow {
  Pseudonym person, record;
  uint32_t authority = 0;
  Cell cell = 0;
  auto operator<=>(const CompactRow&) const = default;
};

// Of which records an export may be at all, and what counts of what was said of them: of one tenant, or of all.
struct ExportScope {
  std::function<bool(const RecordKey&)> has;  // null: all
  std::function<absl::StatusOr<std::vector<SaidOf>>(std::span<const std::vector<RecordKey>> persons)> said;
};

// Gathers the rows of all persons who may be told of. They are held until all are there: their order must not tell when or
// under which number somebody came, and which cells are small is known in the end.
class PseudonymRows {
 public:
  // Borrows all of it.
  PseudonymRows(const Registry& registry, const AccessRules& rules, const SurvivorshipRules& survivorship, Sight sight,
                const ExportScope& scope, const Pseudonymizer& pseudonymizer, const PseudonymOptions& options)
      : registry_(registry), rules_(rules), survivorship_(survivorship), sight_(sight), scope_(scope),
        pseudonymizer_(pseudonymizer), options_(options), today_(DayOf(registry.Now())),
        standardizer_(StandardizeOptions{today_}) {}

  absl::Status Gather() {
    LIBMPI_ASSIGN_OR_RETURN(const Registry::Stats stats, registry_.GetStats());
    all_ = stats.records;
    rows_.reserve(all_);
    absl::Status status;
    LIBMPI_RETURN_IF_ERROR(registry_.ForEachPerson([&](const EnterpriseId& id, const std::vector<RecordKey>& identifiers) {
      ids_.push_back(id);
      persons_.push_back(identifiers);
      if (persons_.size() == kAtOnce) status = AddPersons();
      return status.ok();
    }));
    LIBMPI_RETURN_IF_ERROR(status);
    LIBMPI_RETURN_IF_ERROR(AddPersons());
    std::ranges::sort(rows_);
    for (const auto& [cell, persons] : persons_in_)
      if (IsSmall(persons)) counts_.in_small_cells += persons;
    return absl::OkStatus();
  }

  void Visit(const std::function<bool(const PseudonymRow&)>& visit) const {
    for (const CompactRow& row : rows_)
      if (!visit({authorities_[row.authority], row.record, row.person, IsSmall(persons_in_.at(row.cell))})) return;
  }

  const PseudonymCounts& counts() const { return counts_; }

 private:
  static constexpr size_t kAtOnce = 1000;

  bool IsSmall(uint64_t persons) const { return persons < options_.smallest_cell; }

  // Whether the network's office may be told: it is who answers for an export, whichever facility asks for it. Who has
  // withdrawn is in none, whatever the rules say.
  bool MayBeIn(const std::string& authority, const SaidOf& said) const {
    const Consent consent = ConsentOn(said.statements, today_);
    return consent.state != ConsentState::kWithdrawn && MaySee(sight_, rules_, nullptr, authority, {}, consent);
  }

  absl::Status AddPersons() {
    for (std::vector<RecordKey>& person : persons_) {
      looked_at_ += person.size();
      if (scope_.has) std::erase_if(person, [this](const RecordKey& key) { return !scope_.has(key); });
    }
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<SaidOf> said, scope_.said(persons_));
    for (size_t p = 0; p < persons_.size(); ++p) {
      if (persons_[p].empty()) continue;
      if (MayBeIn(persons_[p].front().source, said[p])) LIBMPI_RETURN_IF_ERROR(Add(ids_[p], persons_[p]));
      else ++counts_.left_out;
    }
    ids_.clear();
    persons_.clear();
    return ReportProgress(options_.progress, "pseudonymize", std::min(looked_at_, all_), all_);
  }

  absl::Status Add(const EnterpriseId& id, const std::vector<RecordKey>& identifiers) {
    LIBMPI_ASSIGN_OR_RETURN(const GoldenRecord golden, registry_.Golden(identifiers, survivorship_));
    CompactRow row;
    row.cell = CellOf(standardizer_.Standardize(golden.record));
    LIBMPI_ASSIGN_OR_RETURN(row.person, pseudonymizer_.OfPerson(id));
    for (const RecordKey& key : identifiers) {
      LIBMPI_ASSIGN_OR_RETURN(row.record, pseudonymizer_.OfRecord(key));
      row.authority = NumberOfAuthority(key.source);
      rows_.push_back(row);
    }
    ++persons_in_[row.cell];
    ++counts_.persons;
    counts_.records += identifiers.size();
    return absl::OkStatus();
  }

  uint32_t NumberOfAuthority(const std::string& name) {
    const auto [it, added] = authority_of_.emplace(name, static_cast<uint32_t>(authorities_.size()));
    if (added) authorities_.push_back(name);
    return it->second;
  }

  const Registry& registry_;
  const AccessRules& rules_;
  const SurvivorshipRules& survivorship_;
  const Sight sight_;
  const ExportScope& scope_;
  const Pseudonymizer& pseudonymizer_;
  const PseudonymOptions& options_;
  const CivilDate today_;
  const Standardizer standardizer_;

  uint64_t all_ = 0, looked_at_ = 0;
  std::vector<EnterpriseId> ids_;  // of the persons that come next
  std::vector<std::vector<RecordKey>> persons_;
  std::vector<CompactRow> rows_;
  std::vector<std::string> authorities_;
  std::map<std::string, uint32_t> authority_of_;
  std::map<Cell, uint64_t> persons_in_;
  PseudonymCounts counts_;
};

std::string DetailOf(const std::string& project, const PseudonymCounts& counts) {
  return "project " + project + ": " + std::to_string(counts.persons) + " persons, " + std::to_string(counts.records) +
         " records, " + std::to_string(counts.left_out) + " left out, " + std::to_string(counts.in_small_cells) +
         " in small cells";
}

}  // namespace

absl::StatusOr<PseudonymCounts> Network::Pseudonymize(const Pseudonymizer& pseudonymizer, const PseudonymOptions& options,
                                                      const std::function<bool(const PseudonymRow&)>& visit,
                                                      const Requester& by) {
  Call call(this, by, Operation::kPseudonymize, "pseudonymize");
  call.entry().detail = "project " + pseudonymizer.project();
  LIBMPI_RETURN_IF_ERROR(call.Allow());
  ExportScope scope;
  if (call.WithinTenant()) scope.has = [&](const RecordKey& key) { return call.InTenant(key); };
  scope.said = [&](std::span<const std::vector<RecordKey>> persons) { return call.Said(persons); };
  PseudonymRows rows(registry_, call.members().rules, call.members().survivorship, call.sight(), scope, pseudonymizer,
                     options);
  // A facility that sees its own patients alone pseudonymizes its own extract; an export is of everybody.
  const absl::Status gathered =
      call.sight() >= Sight::kToldOf
          ? rows.Gather()
          : absl::PermissionDeniedError("an export is of all who may be told of: no rule of the network allows that");
  if (gathered.ok()) call.entry().detail = DetailOf(pseudonymizer.project(), rows.counts());
  LIBMPI_RETURN_IF_ERROR(call.Note(gathered));
  LIBMPI_RETURN_IF_ERROR(gathered);
  rows.Visit(visit);
  return rows.counts();
}

absl::StatusOr<CrossReference> Network::Reidentify(const Pseudonymizer& pseudonymizer, std::string_view pseudonym,
                                                   const Requester& by) {
  Call call(this, by, Operation::kReidentify, "reidentify");
  call.entry().detail = "project " + pseudonymizer.project();
  return call.Answer([&]() -> absl::StatusOr<CrossReference> {
    LIBMPI_RETURN_IF_ERROR(call.RequireAllOfTenant());
    if (by.reason.empty()) return absl::InvalidArgumentError("to be told whose a pseudonym is needs a reason");
    const std::optional<Pseudonym> parsed = Pseudonym::Parse(pseudonym);
    if (!parsed) return absl::InvalidArgumentError("the pseudonym of a person is 32 hexadecimal digits");
    call.entry().detail += ", pseudonym " + parsed->ToString();
    LIBMPI_ASSIGN_OR_RETURN(const EnterpriseId id, pseudonymizer.PersonOf(*parsed));
    const absl::Status nobody =
        absl::NotFoundError("no person of this registry has this pseudonym in this project: is it a person's and not a "
                            "record's, and are the project's name and key those of the export?");
    absl::StatusOr<CrossReference> found = registry_.Find(id);
    const bool hidden = absl::IsFailedPrecondition(found.status()) && !call.SeesEverybody();
    if (absl::IsNotFound(found.status()) || hidden) return nobody;
    if (!found.ok()) return found;
    LIBMPI_RETURN_IF_ERROR(call.See(&found->identifiers));
    if (found->identifiers.empty()) return nobody;
    return found;
  });
}

}  // namespace libmpi
