// SPDX-License-Identifier: Apache-2.0
// What another registry needs to know that takes this one's records along.
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/rep.h"

namespace libmpi {
namespace {

Registry::RecordState StateOfStatement(const Registry::Rep& rep, Statement&& statement) {
  Registry::RecordState state{std::move(statement.record), statement.status, std::move(statement.surviving),
                              statement.said_on, statement.registered_event, {}, statement.erased};
  // Those of a subsumed one answer by that which it was merged into.
  if (statement.status != RecordStatus::kSubsumed)
    for (const uint32_t number : statement.origins) state.ids.push_back(rep.IdOf(number));
  return state;
}

}  // namespace

absl::StatusOr<Registry::RecordState> Registry::StateOf(const RecordKey& identifier) const {
  Statement statement;
  bool found;
  LIBMPI_RETURN_IF_ERROR(
      SnapshotView(rep_->store.get()).Read(rep_->base.Of(Table::kStatement, identifier), &statement, &found));
  if (!found) return absl::NotFoundError("no such identifier is registered");
  return StateOfStatement(*rep_, std::move(statement));
}

absl::Status Registry::ForEachState(const std::function<bool(const RecordState&)>& visit) const {
  return ForEachStatement(
      SnapshotView(rep_->store.get()), rep_->base,
      [&](Statement&& s) -> absl::StatusOr<bool> { return visit(StateOfStatement(*rep_, std::move(s))); });
}

absl::Status Registry::ForEachAlias(const std::function<bool(const PersonAlias&)>& visit) const {
  const std::string prefix = rep_->base.Prefix(Table::kAlias);
  absl::Status status;
  LIBMPI_RETURN_IF_ERROR(SnapshotView(rep_->store.get())
                             .Scan(prefix, rep_->base.End(Table::kAlias),
                                   [&](std::string_view key, std::string_view bytes) {
                                     PersonAlias alias{Keys::IdentifierOf(key.substr(prefix.size())), {}};
                                     status = Unpack(bytes, &alias.records);
                                     return status.ok() && visit(alias);
                                   }));
  return status;
}

absl::StatusOr<std::vector<std::string>> Registry::Sources(SourceOf what) const {
  const Table table = what == SourceOf::kRecords ? Table::kStatement : Table::kAlias;
  const std::string prefix = rep_->base.Prefix(table);
  std::vector<std::string> sources;
  const auto visit = [&](std::string_view key, std::string_view, std::string* next) {
    const std::string_view rest = key.substr(prefix.size());
    sources.emplace_back(rest.substr(0, rest.find('\0')));
    *next = prefix + sources.back() + '\1';
    return true;
  };
  LIBMPI_RETURN_IF_ERROR(SnapshotView(rep_->store.get()).Walk(prefix, rep_->base.End(table), visit));
  return sources;
}

std::string Registry::Fingerprint() const { return rep_->IdOf(0).ToString(); }

}  // namespace libmpi
