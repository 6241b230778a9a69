// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/consent_rows.h"

#include <algorithm>
#include <set>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/rows.h"

namespace libmpi {
namespace {

template <typename To, typename V>
void Visit(To* to, V& v) {
  to->Items(v.statements, [to](auto& s) {
    to->Number(s.kind);
    to->Number(s.from.year);
    to->Number(s.from.month);
    to->Number(s.from.day);
    to->Items(s.facilities, [to](auto& name) { to->Text(name); });
    to->Text(s.reference);
    to->Number(s.number);
    to->Signed(s.unix_milliseconds);
    to->Text(s.facility);
    to->Maybe(s.carried_from, [to](auto& key) { VisitKey(to, key); });
  });
  to->Items(v.subsumed, [to](auto& key) { VisitKey(to, key); });
}

std::string ConsentKey(const RecordKey& identifier) {
  return RowKey(NetworkRow::kConsent, IdentifierInKey(identifier));
}

}  // namespace

std::string Pack(const IdentifierConsent& value) {
  return PackRow(value, [](auto* to, auto& v) { Visit(to, v); });
}

absl::Status Unpack(std::string_view bytes, IdentifierConsent* value) {
  LIBMPI_RETURN_IF_ERROR(UnpackRow(bytes, "a statement of consent", [](auto* from, auto& v) { Visit(from, v); }, value));
  const bool known = std::ranges::all_of(value->statements, [](const ConsentStatement& s) {
    return s.kind == ConsentKind::kRegistered || s.kind == ConsentKind::kWithdrawn;
  });
  return known ? absl::OkStatus() : absl::DataLossError("a statement of consent is damaged");
}

absl::Status ReadConsent(const SideReader& rows, const RecordKey& identifier, IdentifierConsent* value) {
  std::optional<std::string> bytes;
  LIBMPI_RETURN_IF_ERROR(rows.Read(ConsentKey(identifier), &bytes));
  *value = {};
  return bytes ? Unpack(*bytes, value) : absl::OkStatus();
}

void WriteConsent(const RecordKey& identifier, const IdentifierConsent& value, SideRows* rows) {
  if (value.statements.empty() && value.subsumed.empty()) rows->Delete(ConsentKey(identifier));
  else rows->Put(ConsentKey(identifier), Pack(value));
}

absl::Status ReadSaid(const SideReader& rows, std::span<const std::vector<RecordKey>> persons,
                      std::vector<SaidOf>* said) {
  said->assign(persons.size(), {});
  std::vector<std::pair<size_t, RecordKey>> left;
  std::set<std::pair<size_t, RecordKey>> seen;
  for (size_t p = 0; p < persons.size(); ++p)
    for (const RecordKey& key : persons[p]) left.emplace_back(p, key);
  while (!left.empty()) {
    std::vector<std::string> keys;
    for (const auto& [person, key] : left) keys.push_back(ConsentKey(key));
    std::vector<std::optional<std::string>> values;
    LIBMPI_RETURN_IF_ERROR(rows.Read(keys, &values));
    std::vector<std::pair<size_t, RecordKey>> next;
    for (size_t i = 0; i < left.size(); ++i) {
      if (!values[i] || !seen.insert(left[i]).second) continue;
      IdentifierConsent value;
      LIBMPI_RETURN_IF_ERROR(Unpack(*values[i], &value));
      SaidOf& of = (*said)[left[i].first];
      for (ConsentStatement& s : value.statements) {
        of.identifiers.push_back(left[i].second);
        of.statements.push_back(std::move(s));
      }
      for (RecordKey& key : value.subsumed) next.emplace_back(left[i].first, std::move(key));
    }
    left = std::move(next);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<SaidOf>> SaidOfPersons(const Registry& registry,
                                                  std::span<const std::vector<RecordKey>> persons) {
  std::vector<SaidOf> said;
  LIBMPI_RETURN_IF_ERROR(registry.ReadSide([&](const SideReader& rows) { return ReadSaid(rows, persons, &said); }));
  return said;
}

absl::Status ForEachPersonAndSaid(const Registry& registry, const PersonAndSaidVisitor& visit) {
  constexpr size_t kAtOnce = 1000;
  std::vector<EnterpriseId> ids;
  std::vector<std::vector<RecordKey>> persons;
  const auto flush = [&]() -> absl::Status {
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<SaidOf> said, SaidOfPersons(registry, persons));
    for (size_t p = 0; p < persons.size(); ++p) visit(ids[p], persons[p], said[p]);
    ids.clear();
    persons.clear();
    return absl::OkStatus();
  };
  absl::Status status;
  LIBMPI_RETURN_IF_ERROR(registry.ForEachPerson([&](const EnterpriseId& id, const std::vector<RecordKey>& identifiers) {
    ids.push_back(id);
    persons.push_back(identifiers);
    if (persons.size() == kAtOnce) status = flush();
    return status.ok();
  }));
  LIBMPI_RETURN_IF_ERROR(status);
  return flush();
}

absl::StatusOr<std::vector<RecordKey>> OthersOf(const Registry& registry, const RecordKey& record) {
  absl::StatusOr<CrossReference> person = registry.Find(record);
  if (absl::IsNotFound(person.status()) || absl::IsFailedPrecondition(person.status())) return std::vector<RecordKey>();
  if (!person.ok()) return person.status();
  std::erase(person->identifiers, record);
  return std::move(person->identifiers);
}

absl::Status CarryConsent(const RecordKey& record, std::span<const RecordKey> others, SideRows* rows) {
  std::vector<SaidOf> said;
  const std::vector<RecordKey> own = {record};
  LIBMPI_RETURN_IF_ERROR(ReadSaid(*rows, std::span(&own, 1), &said));
  if (said[0].statements.empty()) return absl::OkStatus();
  for (const RecordKey& other : others) {
    if (other == record) continue;
    IdentifierConsent value;
    LIBMPI_RETURN_IF_ERROR(ReadConsent(*rows, other, &value));
    for (ConsentStatement statement : said[0].statements) {
      const auto same = [&](const ConsentStatement& s) { return s.number == statement.number; };
      if (std::ranges::any_of(value.statements, same)) continue;
      if (!statement.carried_from) statement.carried_from = record;
      value.statements.push_back(std::move(statement));
    }
    std::ranges::sort(value.statements, {}, &ConsentStatement::number);
    WriteConsent(other, value, rows);
  }
  return absl::OkStatus();
}

absl::Status ForgetConsent(const RecordKey& record, SideRows* rows) {
  WriteConsent(record, {}, rows);
  return absl::OkStatus();
}

absl::Status MergeConsent(const RecordKey& subsumed, const RecordKey& surviving, SideRows* rows) {
  IdentifierConsent value;
  LIBMPI_RETURN_IF_ERROR(ReadConsent(*rows, surviving, &value));
  if (std::ranges::find(value.subsumed, subsumed) != value.subsumed.end()) return absl::OkStatus();
  value.subsumed.push_back(subsumed);
  WriteConsent(surviving, value, rows);
  return absl::OkStatus();
}

absl::Status UnmergeConsent(const RecordKey& subsumed, const RecordKey& surviving, SideRows* rows) {
  IdentifierConsent value;
  LIBMPI_RETURN_IF_ERROR(ReadConsent(*rows, surviving, &value));
  std::erase(value.subsumed, subsumed);
  WriteConsent(surviving, value, rows);
  return absl::OkStatus();
}

}  // namespace libmpi
