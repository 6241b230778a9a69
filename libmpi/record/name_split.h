// SPDX-License-Identifier: Apache-2.0
// Where an unsplit name divides, and whether family and given stand swapped. Internal to
// libmpi/record.
#ifndef LIBMPI_RECORD_NAME_SPLIT_H_
#define LIBMPI_RECORD_NAME_SPLIT_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/record/features.h"
#include "libmpi/record/name_counts.h"
#include "libmpi/text/readings.h"

namespace libmpi {

// How common a key is as either part of a name.
struct PartShares {
  double family = 0;
  double given = 0;
};

// Evidence from counts, shipped tables and readings. Borrows both; counts may be null. Thread-safe.
class NameSplitter {
 public:
  NameSplitter(const NameCounts* counts, const ReadingModel* readings)
      : counts_(counts), readings_(readings) {}

  // Up to three ways to divide a key, best first; a family name alone is one of them. `other` is the
  // same name in the other script if that is split, else null; then the readings weigh in and the
  // given name is not taken for missing. The given name may stand first. All forms are marked as
  // guessed; none: too short or too long to divide. O(letters) look-ups.
  std::vector<NameForm> Split(std::string_view key, NameCounts::Script script,
                              const NameForm* other) const;

  // Both scripts unsplit: divides them together by readings; the k-th forms belong together.
  void SplitBoth(std::string_view kanji, std::string_view kana, std::vector<NameForm>* kanji_forms,
                 std::vector<NameForm>* kana_forms) const;

  // The name of more than two parts: which gap is the one between family and given.
  std::vector<NameForm> SplitAtGaps(std::span<const std::string> parts,
                                    NameCounts::Script script) const;

  // Evidence in bits that the parts of a form stand swapped; negative: as they should.
  double SwapEvidence(const NameForm& form, NameCounts::Script script) const;

  // How common a key is as either part of a name: the data's counts over the nation's.
  PartShares Shares(NameCounts::Script script, std::string_view key) const;

 private:
  double Share(NamePart part, NameCounts::Script script, std::string_view key, size_t text_hash) const;

  const NameCounts* counts_;
  const ReadingModel* readings_;
};

// SwapEvidence by the shares of the two keys, as they stand: neither is empty.
double SwapEvidenceOf(const PartShares& family, const PartShares& given);

// What the evidence of both scripts says of a name's parts.
enum class SwapVerdict {
  kAsStated,
  kSwapped,  // both scripts together stand the wrong way round
  kOpposed,  // one script stands the wrong way round, the other does not
};
// `kanji`, `kana`: whether the script has a name of two parts, with that much SwapEvidence.
SwapVerdict JudgeSwap(bool kanji, double kanji_bits, bool kana, double kana_bits);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_NAME_SPLIT_H_
