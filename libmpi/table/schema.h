// SPDX-License-Identifier: Apache-2.0
// What a table's columns mean and how its records are compared: the schema of any data set.
#ifndef LIBMPI_TABLE_SCHEMA_H_
#define LIBMPI_TABLE_SCHEMA_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/table/kinds.h"

namespace libmpi::table {

// The order of day, month and year in a date's text.
enum class DateOrder : uint8_t { kYmd, kDmy, kMdy };

// A value of a record: one column, or several that make it up (year, month, day; latitude,
// longitude; else joined by a space).
struct Field {
  std::string name;
  Kind kind = Kind::kText;
  std::vector<std::string> columns;
  std::vector<std::string> missing;  // texts that say nothing, beside the empty one
  double tolerance = 0;              // numbers: absolute; points: kilometres
  std::string separator = ";";       // of lists
  DateOrder date_order = DateOrder::kYmd;
};

enum class Gap : uint8_t {
  kIgnore,  // a missing value is no evidence
  kLevel,   // which of the two records lack it is a comparison of its own
  kAuto,    // as kLevel where held-out likelihood says that it informs
};

struct ComparisonSpec {
  std::string name;
  std::vector<size_t> fields;  // one, or several compared jointly
  bool frequency = true;       // a rare value that agrees weighs more
  Gap gap = Gap::kIgnore;
  // A comparison of the same kind whose values may stand in the place of this one's (given and family
  // name); told on one of the two.
  std::optional<size_t> swapped_with;
};

// One latent class of record pairs.
struct ClassSpec {
  std::string name;
  bool is_match = false;
  double share = 0;  // of candidate pairs, to start from
  Stance otherwise = Stance::kChance;        // of comparisons that `stances` does not name
  std::map<std::string, Stance> stances;     // by comparison
  // Odds by comparison and level, in place of the stance's own.
  std::map<std::string, std::map<std::string, double>> tables;
};

enum class Transform : uint8_t { kExact, kPrefix3, kPrefix5, kSound, kYear, kMonthDay, kFirstWord, kLongestWord };
inline constexpr int kTransforms = 8;
std::string_view TransformName(Transform transform);
std::optional<Transform> TransformByName(std::string_view name);

struct BlockingTerm {
  size_t field = 0;
  Transform transform = Transform::kExact;
  bool operator==(const BlockingTerm&) const = default;
};
// Records that agree on all terms are candidate pairs.
using BlockingRule = std::vector<BlockingTerm>;

struct Blocking {
  std::vector<BlockingRule> rules;  // empty: the tool chooses from the data
  double pairs_a_record = 100;      // what it may spend
  uint32_t largest_block = 100;     // more records than this do not make candidate pairs by a rule
};

struct Schema {
  static constexpr int kVersion = 1;
  std::string record_id;  // the column; empty: the line number
  std::string source;     // the column that says whose id it is; empty: the file
  std::vector<Field> fields;
  std::vector<ComparisonSpec> comparisons;
  std::vector<ClassSpec> classes;
  Blocking blocking;

  // The kind of a comparison: its field's, or joint.
  Kind KindOf(size_t comparison) const {
    const ComparisonSpec& c = comparisons[comparison];
    return c.fields.size() == 1 ? fields[c.fields[0]].kind : Kind::kJoint;
  }

  // Parses a schema file. kInvalidArgument says which entry makes no sense and where it stands; unknown
  // keys are refused. See data/schemas/schema.schema.json for the form.
  static absl::StatusOr<Schema> FromJson(std::string_view json);
  // Readable JSON that FromJson gives back as it is.
  std::string ToJson() const;
  // Whether it can be linked with; FromJson has asked.
  absl::Status Validate() const;
  // "surname:sound, birth_date:year"
  std::string RuleText(const BlockingRule& rule) const;
};

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_SCHEMA_H_
