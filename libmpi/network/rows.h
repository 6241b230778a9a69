// SPDX-License-Identifier: Apache-2.0
// Keys and values of the rows that the network keeps beside the registry's. Internal to libmpi/network.
#ifndef LIBMPI_NETWORK_ROWS_H_
#define LIBMPI_NETWORK_ROWS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libmpi/base/big_endian.h"
#include "libmpi/base/value_codec.h"
#include "libmpi/record/record.h"

namespace libmpi {

// DO NOT CHANGE the letters: stores keep them.
enum class NetworkRow : char {
  kAudit = 'a',       // number (8) -> AuditEntry and its hash
  kAuditHead = 'h',   // -> AuditHead
  kAuditOf = 'w',     // identifier, number (8) -> nothing
  kUsage = 'u',       // month, facility, action, outcome -> count
  // 'i': libmpi/pix's own (pix/rows.h)
  kConsent = 'c',     // identifier -> IdentifierConsent
  kFacility = 'f',    // name -> Facility
  kRules = 'r',       // -> AccessRules as JSON
  kSurvivorship = 's',  // -> SurvivorshipRules as text
  kShared = 'd',      // name of an authority -> nothing: it is shared
  kRetention = 'e',   // -> RetentionRules
  kNote = 'n',        // case, number (4) -> CaseNote: a steward's words
  kDesk = 'p',        // proposals and the rest of the steward's desk: desk_rows.cc
  kAbsorb = 'x',        // name of a registry, what (1), rest -> what of it was taken along already (absorb_rows.h)
  kTakeover = 't',    // name of an index, record, other record -> Disagreement::Kind; both ways
};

inline std::string RowKey(NetworkRow row, std::string_view rest = {}) {
  return static_cast<char>(row) + std::string(rest);
}

// An identifier as a part of a key: no registered one has a zero byte.
inline std::string IdentifierInKey(const RecordKey& key) {
  std::string text = key.source + '\0' + key.record_id + '\0';
  AppendBigEndian(key.part, 2, &text);
  return text;
}

template <typename To, typename Key>
void VisitKey(To* to, Key& key) {
  to->Text(key.source);
  to->Text(key.record_id);
  to->Number(key.part);
}

// A value as `visit(to, value)` names its parts (value_codec.h), and back; kDataLoss: the bytes are none of its kind.
template <typename Value, typename Visit>
std::string PackRow(const Value& value, const Visit& visit) {
  std::string bytes;
  ValueWriter to(&bytes);
  visit(&to, const_cast<Value&>(value));  // which writing leaves alone
  return bytes;
}
template <typename Value, typename Visit>
absl::Status UnpackRow(std::string_view bytes, std::string_view what, const Visit& visit, Value* value) {
  ValueReader from(bytes);
  visit(&from, *value);
  return from.bytes().done() ? absl::OkStatus() : absl::DataLossError(std::string(what) + " is damaged");
}

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_ROWS_H_
