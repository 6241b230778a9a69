// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/record.h"

namespace libmpi {

std::string RecordKey::IdText() const {
  return part == 0 ? record_id : record_id + "#" + std::to_string(part);
}

std::string RecordKey::ToString() const { return source + ":" + IdText(); }

void RecordView::Clear() {
  names.clear();
  former_names.clear();
  births.clear();
  sexes.clear();
  coverages.clear();
  care.clear();
  addresses.clear();
  phones.clear();
  source = record_id = {};
  part = 0;
  said_on = {};
  if (!own_texts.empty()) own_texts.clear();
}

void RecordView::Assign(const Record& record) {
  own_texts.clear();
  source = record.key.source;
  record_id = record.key.record_id;
  part = record.key.part;
  names.assign(record.names.begin(), record.names.end());
  former_names.assign(record.former_names.begin(), record.former_names.end());
  births.assign(record.births.begin(), record.births.end());
  sexes.assign(record.sexes.begin(), record.sexes.end());
  coverages.assign(record.coverages.begin(), record.coverages.end());
  care.assign(record.care.begin(), record.care.end());
  addresses.assign(record.addresses.begin(), record.addresses.end());
  phones.assign(record.phones.begin(), record.phones.end());
}

std::strong_ordering RecordView::CompareKeys(std::string_view other_source, std::string_view other_id,
                                             uint16_t other_part) const {
  if (const auto order = source <=> other_source; order != 0) return order;
  if (const auto order = record_id <=> other_id; order != 0) return order;
  return part <=> other_part;
}

}  // namespace libmpi
