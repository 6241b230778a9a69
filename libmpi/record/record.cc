// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/record.h"

#include <algorithm>

namespace libmpi {
namespace {

template <typename T>
void SortUnique(std::vector<T>* values) {
  if (values->size() < 2) return;
  std::sort(values->begin(), values->end());
  values->erase(std::unique(values->begin(), values->end()), values->end());
}

}  // namespace

std::string RecordKey::IdText() const {
  return part == 0 ? record_id : record_id + "#" + std::to_string(part);
}

std::string RecordKey::ToString() const { return source + ":" + IdText(); }

void Record::Normalize() {
  SortUnique(&names);
  SortUnique(&former_names);
  SortUnique(&births);
  SortUnique(&sexes);
  SortUnique(&coverages);
  SortUnique(&care);
  SortUnique(&addresses);
  SortUnique(&phones);
}

}  // namespace libmpi
