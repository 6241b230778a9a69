// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/absorb_rows.h"

#include "libmpi/base/status_macros.h"
#include "libmpi/network/rows.h"

namespace libmpi {
namespace {

template <typename To, typename V>
void VisitHead(To* to, V& v) {
  to->Text(v.fingerprint);
  to->Number(v.event);
  to->Signed(v.unix_milliseconds);
}

template <typename To, typename V>
void VisitDecision(To* to, V& v) {
  to->Number(v.same);
  to->Number(v.contradicted);
  to->Number(v.event);
}

absl::Status Damaged() { return absl::DataLossError("a row of what was absorbed is damaged"); }

}  // namespace

std::string Pack(const AbsorbHead& value) {
  return PackRow(value, [](auto* to, auto& v) { VisitHead(to, v); });
}
absl::Status Unpack(std::string_view bytes, AbsorbHead* value) {
  return UnpackRow(bytes, "a row of what was absorbed", [](auto* from, auto& v) { VisitHead(from, v); }, value);
}
std::string Pack(const AbsorbedDecision& value) {
  return PackRow(value, [](auto* to, auto& v) { VisitDecision(to, v); });
}
absl::Status Unpack(std::string_view bytes, AbsorbedDecision* value) {
  return UnpackRow(bytes, "a row of what was absorbed", [](auto* from, auto& v) { VisitDecision(from, v); }, value);
}

std::string AbsorbRows::Key(AbsorbRow row, std::string_view rest) const {
  return RowKey(NetworkRow::kAbsorb, name_ + '\0' + static_cast<char>(row) + std::string(rest));
}

std::string AbsorbRows::OfIdentifier(AbsorbRow row, const RecordKey& identifier) const {
  return Key(row, IdentifierInKey(identifier));
}

std::string AbsorbRows::OfPair(const RecordKey& a, const RecordKey& b) const {
  return Key(AbsorbRow::kDecision, IdentifierInKey(a) + IdentifierInKey(b));
}

absl::StatusOr<AbsorbHead> AbsorbRows::Head(const Registry& registry) const {
  std::optional<std::string> bytes;
  LIBMPI_RETURN_IF_ERROR(
      registry.ReadSide([&](const SideReader& rows) { return rows.Read(Key(AbsorbRow::kHead), &bytes); }));
  AbsorbHead head;
  if (bytes) LIBMPI_RETURN_IF_ERROR(Unpack(*bytes, &head));
  return head;
}

absl::StatusOr<std::map<std::string, std::string>> AbsorbRows::All(const Registry& registry, AbsorbRow row) const {
  const std::string prefix = Key(row);
  std::map<std::string, std::string> all;
  LIBMPI_RETURN_IF_ERROR(registry.ReadSide([&](const SideReader& rows) {
    return rows.Scan(prefix, [&](std::string_view key, std::string_view value) {
      all.emplace(key.substr(prefix.size()), value);
      return true;
    });
  }));
  return all;
}

absl::StatusOr<AbsorbRows::Decisions> AbsorbRows::AllDecisions(const Registry& registry) const {
  LIBMPI_ASSIGN_OR_RETURN(const auto rows, All(registry, AbsorbRow::kDecision));
  Decisions decisions;
  for (const auto& [rest, bytes] : rows) {
    RecordKey keys[2];
    LIBMPI_RETURN_IF_ERROR(ReadIdentifiers(rest, keys));
    LIBMPI_RETURN_IF_ERROR(Unpack(bytes, &decisions[{keys[0], keys[1]}]));
  }
  return decisions;
}

absl::Status AbsorbRows::ReadIdentifiers(std::string_view rest, std::span<RecordKey> keys) {
  for (RecordKey& key : keys) {
    for (std::string* part : {&key.source, &key.record_id}) {
      const size_t end = rest.find('\0');
      if (end == std::string_view::npos) return Damaged();
      *part = std::string(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    if (rest.size() < 2) return Damaged();
    key.part = static_cast<uint16_t>(BigEndianAtEnd(rest.substr(0, 2), 2));
    rest.remove_prefix(2);
  }
  return rest.empty() ? absl::OkStatus() : Damaged();
}

}  // namespace libmpi
