// SPDX-License-Identifier: Apache-2.0
// Whether two statements of a name can be one person's. Internal to libmpi/record.
#ifndef LIBMPI_RECORD_NAME_RELATION_H_
#define LIBMPI_RECORD_NAME_RELATION_H_

#include <cstdint>
#include <span>

#include "libmpi/record/features.h"
#include "libmpi/text/readings.h"

namespace libmpi {

// Of one name part, most alike first.
enum class PartRelation : uint8_t {
  kSame,          // one name in its spellings: old and near kanji, vowel lengths, one reading
  kTypo,          // one letter away, and not two names that people bear
  kDoubtful,      // something in common: misspelt, or a brother's
  kOther,         // nothing in common in a script that both have
  kOtherReading,  // only readings can tell, and they say no
  kUnknown,       // no script and no readings in common, or not said
};

struct NameRelation {
  PartRelation family = PartRelation::kUnknown;
  PartRelation given = PartRelation::kUnknown;
  bool complete = false;  // both have a family and a given name
};

// The most alike of all statements and forms, former names and aliases among them; parts that
// stand swapped are the same.
NameRelation RelateNames(std::span<const NameFeatures> a, std::span<const NameFeatures> b,
                         const ReadingModel& readings);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_NAME_RELATION_H_
