// SPDX-License-Identifier: Apache-2.0
// Values that go: at a patient's request, or after a time.
#include <optional>
#include <string>
#include <vector>

#include "libmpi/network/call.h"
#include "libmpi/network/consent_rows.h"
#include "libmpi/network/erasure.h"
#include "libmpi/network/rows.h"

namespace libmpi {
namespace {

constexpr int64_t kMillisecondsOfADay = 86'400'000;

void VisitRetention(auto* to, RetentionRules& rules) {
  to->Number(rules.retired_days);
  to->Number(rules.withdrawn_days);
}

absl::Status ReadRetention(const SideReader& rows, RetentionRules* rules) {
  *rules = {};
  std::optional<std::string> bytes;
  LIBMPI_RETURN_IF_ERROR(rows.Read(RowKey(NetworkRow::kRetention), &bytes));
  if (!bytes) return absl::OkStatus();
  return UnpackRow(*bytes, "the network's retention", [](auto* to, auto& value) { VisitRetention(to, value); }, rules);
}

std::string TextOf(const RetentionRules& rules) {
  return "retired " + std::to_string(rules.retired_days) + " days, withdrawn " + std::to_string(rules.withdrawn_days) +
         " days";
}

absl::Status AddRetired(const Registry& registry, uint32_t days, int64_t now, ErasureAnswer* answer, DueRecords* due) {
  if (days == 0) return absl::OkStatus();
  const int64_t before = now - days * kMillisecondsOfADay;
  return registry.ForEachLeft([&](const LeftRecord& left) {
    if (left.status != RecordStatus::kRetired || left.since_unix_milliseconds > before) return true;
    ++answer->retired;
    due->try_emplace(left.record);
    return true;
  });
}

// Everybody who has withdrawn for so long.
absl::Status AddWithdrawn(const Registry& registry, uint32_t days, int64_t now, ErasureAnswer* answer,
                          DueRecords* due) {
  if (days == 0) return absl::OkStatus();
  const CivilDate today = DayOf(now), before = DayOf(now - days * kMillisecondsOfADay);
  return ForEachPersonAndSaid(
      registry, [&](const EnterpriseId&, const std::vector<RecordKey>& identifiers, const SaidOf& said) {
        const Consent consent = ConsentOn(said.statements, today);
        if (consent.state != ConsentState::kWithdrawn || before < consent.since) return;
        ++answer->withdrawn;
        for (const RecordKey& record : identifiers) (*due)[record] = identifiers;
      });
}

}  // namespace

absl::StatusOr<ErasureAnswer> Network::Erase(const RecordKey& identifier, bool whole_person, const Requester& by) {
  Call call(this, by, Operation::kErase, "erase", {identifier});
  call.entry().detail = whole_person ? "person" : "record";
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  ErasureAnswer answer;
  const auto erase = [&](const SideChange& note) -> absl::Status {
    if (by.reason.empty()) return absl::InvalidArgumentError("an erasure needs a reason");
    if (whole_person) LIBMPI_RETURN_IF_ERROR(call.RequireAll());
    LIBMPI_ASSIGN_OR_RETURN(const DueRecords due, RecordsToErase(registry_, identifier, whole_person));
    for (const auto& [record, others] : due) call.entry().told.push_back(record);
    answer.records = due.size();
    return EraseRecords(&registry_, due, call.By(), note);
  };
  LIBMPI_RETURN_IF_ERROR(call.Change(erase));
  return answer;
}

absl::StatusOr<RetentionRules> Network::Retention(const Requester& by) {
  Call call(this, by, Operation::kReport, "retention");
  return call.Answer([&]() -> absl::StatusOr<RetentionRules> {
    RetentionRules rules;
    LIBMPI_RETURN_IF_ERROR(registry_.ReadSide([&](const SideReader& rows) { return ReadRetention(rows, &rules); }));
    return rules;
  });
}

absl::Status Network::SetRetention(const RetentionRules& rules, const Requester& by) {
  Call call(this, by, Operation::kAdminister, "set_retention");
  call.entry().detail = TextOf(rules);
  return Administer(&call, [&](const ChangeAnswer&, SideRows* rows) {
    rows->Put(RowKey(NetworkRow::kRetention),
              PackRow(rules, [](auto* to, auto& value) { VisitRetention(to, value); }));
    return absl::OkStatus();
  });
}

absl::StatusOr<ErasureAnswer> Network::EraseDue(bool dry_run, const Requester& by) {
  Call call(this, by, Operation::kErase, dry_run ? "erase_due_dry_run" : "erase_due");
  return call.Answer([&]() -> absl::StatusOr<ErasureAnswer> {
    LIBMPI_RETURN_IF_ERROR(call.RequireAll());
    RetentionRules rules;
    LIBMPI_RETURN_IF_ERROR(registry_.ReadSide([&](const SideReader& rows) { return ReadRetention(rows, &rules); }));
    ErasureAnswer answer;
    DueRecords due;
    LIBMPI_RETURN_IF_ERROR(AddRetired(registry_, rules.retired_days, registry_.Now(), &answer, &due));
    LIBMPI_RETURN_IF_ERROR(AddWithdrawn(registry_, rules.withdrawn_days, registry_.Now(), &answer, &due));
    LIBMPI_RETURN_IF_ERROR(AddSubsumed(registry_, &due));
    answer.records = due.size();
    call.entry().detail = TextOf(rules) + "; " + std::to_string(answer.retired) + " retired, " +
                          std::to_string(answer.withdrawn) + " persons withdrawn, " + std::to_string(due.size()) +
                          " records";
    if (dry_run) return answer;
    Attribution who = call.By();
    if (who.reason.empty()) who.reason = "retention: " + TextOf(rules);
    LIBMPI_RETURN_IF_ERROR(EraseRecords(&registry_, due, who));
    return answer;
  });
}

}  // namespace libmpi
