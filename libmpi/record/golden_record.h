// SPDX-License-Identifier: Apache-2.0
// The golden record of a person: of all that his records say, one value a field, and why.
#ifndef LIBMPI_RECORD_GOLDEN_RECORD_H_
#define LIBMPI_RECORD_GOLDEN_RECORD_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "libmpi/record/civil_date.h"
#include "libmpi/record/features.h"
#include "libmpi/record/record.h"
#include "libmpi/record/survivorship.h"

namespace libmpi {

// One record of the person.
struct GoldenSource {
  const Record* record = nullptr;  // borrowed; null is left out
  int64_t unix_milliseconds = 0;   // when it was last said
  int trust = 0;  // 0: none stated; higher is more trusted, as 1 for declared, 2 for verified by online qualification
};

// A value that did not survive.
struct GoldenRival {
  std::string text;
  std::vector<RecordKey> said_by;  // sorted, unique
};

struct GoldenValue {
  GoldenField field = GoldenField::kName;
  // For people to read; what it is made of stands in the golden record. Parts of an address and of a name have a
  // space between, those of a card a colon ("01130012:12:345:01").
  std::string text;
  std::vector<RecordKey> said_by;  // all who say this value, in any spelling; sorted, unique
  SurvivorshipDecision decided_by = SurvivorshipDecision::kOnlyValue;
  // Of births and sexes: another possible value can't be true beside this one. To warn whoever reads it.
  bool contradicted = false;
  std::vector<GoldenRival> rivals;  // the other possible values, best first
};

// What was said and could not survive.
struct GoldenRefusal {
  GoldenField field = GoldenField::kName;
  // kImpossibleDate, kFutureBirth, kDefaultDate, kInsurerCheckDigit, ...; kContradiction: readings that are
  // not the chosen name's.
  FindingCode code = FindingCode::kContradiction;
  std::vector<RecordKey> said_by;
};

struct GoldenRecord {
  // Its key is empty. One name, which holds the surviving kanji, kana and Latin; one coverage a kind, where every
  // law of public ones (公費) is a kind, as they are held side by side; one mobile phone, one landline; of all
  // other fields one value. Its lists are normalized.
  Record record;
  std::vector<GoldenValue> values;  // by field; coverages by kind, the landline before the mobile
  // By field and code. A field that stands here and not among the values has no possible value.
  std::vector<GoldenRefusal> refused;
};

// The golden record by `rules`. `today`: the day after which no birth lies, {} for none.
//
// Values that are equal once folded are one, in whatever spelling; of its spellings survives the most frequent, then
// the most complete, then the smallest. The text is always one that a record said; structured values are one
// statement's, never parts of two. So are a name's family and given, while kana and Latin are values of their own:
// those said together with the chosen name, else those that can be its reading.
// What is impossible (dates, check digits) never survives. A test patient's name, or a family name that a record
// with another one calls former, survives only where there is no other; a value with gaps or unknown glyphs
// never while another says the same in full.
//
// Depends on the set of sources, not on their order. Takes any bytes. O(n log n) in the values. Thread-safe.
GoldenRecord MakeGoldenRecord(std::span<const GoldenSource> sources, const SurvivorshipRules& rules, CivilDate today);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_GOLDEN_RECORD_H_
