// SPDX-License-Identifier: Apache-2.0
// What somebody typed, folded as records are, and whom it fits. Internal to libmpi/registry.
#ifndef LIBMPI_REGISTRY_SEARCH_CRITERIA_H_
#define LIBMPI_REGISTRY_SEARCH_CRITERIA_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/linkage/frozen_model.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/search_terms.h"
#include "libmpi/text/fold.h"

namespace libmpi {

// A part of a name, or its beginning.
struct NamePattern {
  Script script = Script::kNone;  // kKanji, kKana, kLatin
  std::string key;                // folded
  std::string typed, romaji;      // of kLatin: TypedRomajiKey, RomajiKey
  bool begins = false;
};

// One way to read a name that was typed.
struct NameQuery {
  std::optional<NamePattern> family, given;
};

// Immutable. Made by Make(), which tells what can't be read.
class SearchQuery {
 public:
  static absl::StatusOr<SearchQuery> Make(const SearchCriteria& criteria, const FrozenModel& model,
                                          const CivilDate& today);

  // Nothing was told that could fit anybody.
  bool empty() const;
  // The node of a record that says what was typed, names with a wildcard left out.
  const std::string& packed() const { return packed_; }
  // A whole name and a whole birth date: worth a comparison with those that resemble it.
  bool whole() const { return whole_; }
  // Where those that fit are: lists of ranges, the ones that name fewest as a rule first. All that fit are in each
  // list (but for those of whom one fact of many is meant: kTermBirths). Empty: nothing that terms tell.
  std::vector<std::vector<TermRange>> Ranges() const;
  // Whether all that was typed fits. Linear in what the node says.
  bool Fits(const UnpackedNode& node, const NodeTexts& texts) const;

  // A name of which the model took one script's parts for swapped stands in the node the other way round than it was
  // said; it must be found as it was said all the same. Where such nodes are, by parts that were typed to their end:
  std::vector<TermRange> TurnedRanges() const;
  // Whether all fits but that the parts of a name in kanji, or in kana, stand the other way round: what its records
  // said will tell.
  bool MayFitAsSaid(const UnpackedNode& node, const NodeTexts& texts) const;
  // Whether a record fits with its names as they were said, on the day `said_on`. Some 20 microseconds.
  absl::Status FitsAsSaid(const Record& record, const CivilDate& said_on, const FrozenModel& model, bool* fits) const;

 private:
  SearchQuery() = default;
  absl::Status ReadNames(const SearchCriteria& criteria, const FrozenModel& model, Record* record);
  absl::Status ReadFull(std::string_view full, const FrozenModel& model);
  absl::Status ReadOthers(const SearchCriteria& criteria, const std::vector<Finding>& findings);
  void AddDivided(const NamePattern& word);
  std::vector<TermRange> NameRanges() const;
  void SetBirth(std::vector<TermRange>* ranges) const;
  bool AllButNamesFit(const UnpackedNode& node, const NodeTexts& texts) const;
  bool NameFits(const EncodedName& name, const NodeTexts& texts) const;
  bool NameMayFitAsSaid(const EncodedName& name, const NodeTexts& texts) const;
  bool BirthFits(const UnpackedNode& node) const;
  bool AddressFits(const UnpackedNode& node, const NodeTexts& texts) const;
  bool CardFits(const UnpackedNode& node) const;

  std::vector<NameQuery> names_;  // any of them; empty: none was told
  std::string packed_;
  EncodedRecord said_;            // but for names
  std::string city_;
  EncodedDate first_birth_ = 0, last_birth_ = UINT32_MAX;
  bool whole_ = false;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_SEARCH_CRITERIA_H_
