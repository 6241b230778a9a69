// SPDX-License-Identifier: Apache-2.0
// What people said and did that stands until it is withdrawn: decisions, and merges of identifiers.
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/rep.h"

namespace libmpi {

absl::StatusOr<std::optional<StewardDecision>> Registry::DecisionOn(const RecordKey& a, const RecordKey& b) const {
  const SnapshotView view(rep_->store.get());
  Statement x, y;
  bool found;
  for (const auto& [key, statement] : {std::pair(&a, &x), std::pair(&b, &y)}) {
    LIBMPI_RETURN_IF_ERROR(view.Read(rep_->base.Of(Table::kStatement, *key), statement, &found));
    if (!found) return std::nullopt;
  }
  DecisionValue decision;
  LIBMPI_RETURN_IF_ERROR(view.Read(rep_->base.Of(Table::kDecision, x.number, y.number), &decision, &found));
  if (!found) return std::nullopt;
  return StewardDecision{std::min(a, b), std::max(a, b), decision.same, decision.event};
}

absl::StatusOr<std::vector<StewardDecision>> Registry::Decisions() const {
  const SnapshotView view(rep_->store.get());
  std::map<std::pair<uint32_t, uint32_t>, DecisionValue> decided;
  std::map<uint32_t, RecordKey> key_of;
  absl::Status status;
  LIBMPI_RETURN_IF_ERROR(view.Scan(rep_->base.Prefix(Table::kDecision), rep_->base.End(Table::kDecision),
                                   [&](std::string_view key, std::string_view bytes) {
                                     const uint64_t both = Keys::LastEvent(key);  // two numbers of four bytes
                                     const auto a = static_cast<uint32_t>(both >> 32), b = static_cast<uint32_t>(both);
                                     key_of[a];
                                     if (a > b) return true;  // it stands both ways
                                     status = Unpack(bytes, &decided[{a, b}]);
                                     return status.ok();
                                   }));
  LIBMPI_RETURN_IF_ERROR(status);
  std::vector<StewardDecision> decisions;
  if (decided.empty()) return decisions;
  LIBMPI_RETURN_IF_ERROR(view.Scan(rep_->base.Prefix(Table::kStatement), rep_->base.End(Table::kStatement),
                                   [&](std::string_view, std::string_view bytes) {
                                     Statement statement;
                                     status = Unpack(bytes, &statement);
                                     if (const auto it = key_of.find(statement.number); it != key_of.end())
                                       it->second = std::move(statement.record.key);
                                     return status.ok();
                                   }));
  LIBMPI_RETURN_IF_ERROR(status);
  for (const auto& [numbers, value] : decided) {
    const RecordKey &a = key_of[numbers.first], &b = key_of[numbers.second];
    if (a.source.empty() || b.source.empty()) continue;  // of a registration that is no more
    decisions.push_back({std::min(a, b), std::max(a, b), value.same, value.event});
  }
  std::sort(decisions.begin(), decisions.end(), [](const StewardDecision& x, const StewardDecision& y) {
    return std::tie(x.a, x.b) < std::tie(y.a, y.b);
  });
  return decisions;
}

absl::StatusOr<RecordKey> Registry::SurvivingOf(const RecordKey& subsumed) const {
  const SnapshotView view(rep_->store.get());
  Statement statement;
  bool found;
  LIBMPI_RETURN_IF_ERROR(view.Read(rep_->base.Of(Table::kStatement, subsumed), &statement, &found));
  if (!found) return absl::NotFoundError("no such identifier is registered");
  if (statement.status != RecordStatus::kSubsumed || !statement.surviving)
    return absl::FailedPreconditionError("the identifier is not merged into another one");
  return *statement.surviving;
}

}  // namespace libmpi
