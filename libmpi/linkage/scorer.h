// SPDX-License-Identifier: Apache-2.0
// The one scorer: a compared pair to its match weight.
#ifndef LIBMPI_LINKAGE_SCORER_H_
#define LIBMPI_LINKAGE_SCORER_H_

#include <array>
#include <cstdint>
#include <vector>

#include "libmpi/base/hash.h"
#include "libmpi/linkage/comparator.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/name_frequencies.h"
#include "libmpi/linkage/possible_twins.h"

namespace libmpi {

// log2 of name shares by text, precomputed for a set of encoded records. Immutable after construction, but for Extend().
class NameShares {
 public:
  NameShares(const Model& model, const EncodedRecords& records, int threads);
  // The same from the model's frequencies, which take a look at all of its names to make.
  NameShares(const NameFrequencies& frequencies, const EncodedRecords& records, int threads);
  // Of no records yet.
  explicit NameShares(const NameFrequencies& frequencies);
  // Adds what names of `records` are not known; their texts may be more than before (TextDictionary::Extend).
  void Extend(const NameFrequencies& frequencies, const EncodedRecords& records);

  // The share behind a name level: how common the value is that agrees. Returns
  // log2(share); `*chance` gets log2 of the probability of agreeing by chance. 0/0 where the
  // level is no agreement.
  float Log2Share(NamePart part, int level, const ComparedPair& pair, float* chance) const;

  // log2 of the share to reckon with in the whole population, where the name may be more common
  // than in the data: the larger of the data's and the nation's.
  float Log2PopulationShare(NamePart part, int level, const ComparedPair& pair) const;

 private:
  using SharesOfPart = std::array<LargeArray<float>, NameCounts::kScripts>;  // by script, TextId

  void Learn(const NameFrequencies& frequencies, int part, int script, TextId id, std::string_view text);

  std::vector<uint8_t> used_;  // by TextId: bit by part and script
  std::array<SharesOfPart, 2> share_;
  std::array<SharesOfPart, 2> population_share_;
  float chance_[2][NameCounts::kScripts];
};

struct PairScore {
  FixedWeight weight = 0;
  bool capped = false;       // too little could be compared for a higher weight
  bool common_name = false;  // held since others are expected to agree as well
  bool held = false;         // never links by itself, whatever the weight and the threshold
  bool apart = false;        // held, and never in one cluster either: they may be twins
};

// Whether the records themselves, whatever they agree on, hold a pair back for a person: one is a test patient's, or,
// with the preset safe, may be several persons' (whose record it is must be said before anything is linked
// without one).
bool HeldByRecords(const EncodedRecord& a, const EncodedRecord& b, Preset preset);

// log2 likelihoods of one pair by class, frequency adjustment included.
struct ClassScores {
  static constexpr int kMaxClasses = 16;
  std::array<float, kMaxClasses> log2_mass;  // share included
  float family_adjustment = 0;               // bits taken from classes that agree by chance
  float given_adjustment = 0;
};

// A pair that only a common name, birth date and sex tie together is held where at least this many
// other persons are expected to agree as well (design "Comparing" 5). Its weight stays what the model
// says: it tells the reviewer how likely the pair is, and whether it may link does not depend on it.
inline constexpr double kCommonNameExpected = 0.01;

// Persons of the population that records come from: what the options say, else the larger of the
// model's estimate and 10 million.
double PopulationOf(double told, const Model& model);

// Immutable after construction; Score() of one object may be called by one
// thread at a time (it caches patterns). The weight depends on the pair and the model alone.
class Scorer {
 public:
  // Borrows model and shares.
  Scorer(const Model* model, const NameShares* shares, double population);

  PairScore Score(const ComparedPair& pair);
  // Fetches from memory what Score() of such a pair reads first.
  void Upcoming(AgreementPattern pattern) const {
    __builtin_prefetch(&known_[FirstPlaceOf(pattern.bits())]);
  }

  // The parts, for explanations.
  ClassScores ScoreClasses(const ComparedPair& pair);

  // The sum of the classes in bits, before calibration and caps: what a calibration is fitted to.
  double RawWeight(const ComparedPair& pair) { return Combine(ScoreClasses(pair)); }

  // Expected number of other persons who agree on name, birth date and place as
  // well as this pair; meaningful where nothing else ties the pair together.
  double ExpectedOthers(const ComparedPair& pair) const;

 private:
  struct PatternScores {
    std::array<float, ClassScores::kMaxClasses> log2_mass;
    FixedWeight sparse_cap;  // highest weight so little evidence may have
    bool sparse;             // so little that no agreement may link
    bool name_only;          // nothing but name, birth date, sex (and area) agrees
    bool hopeless;           // too low for any adjustment to matter
  };
  // What most pairs need of their pattern, in a quarter of a cache line.
  struct Known {
    uint32_t pattern = 0;
    uint32_t scores = 0;     // into scores_
    FixedWeight weight = 0;  // without adjustment
    bool used = false;
    bool settled = false;    // no values that agree change anything: this is the pair's score
    bool capped = false;
    bool held = false;
  };

  // By pattern; the reference holds until the next new pattern.
  const Known& KnownOf(AgreementPattern pattern);
  Known MakeKnown(AgreementPattern pattern);
  // Where in known_ a pattern is looked for, and where it stands or would.
  size_t FirstPlaceOf(uint32_t pattern) const { return MixBits(pattern) & (known_.size() - 1); }
  size_t PlaceOf(uint32_t pattern) const;
  ClassScores Adjusted(const PatternScores& scores, const ComparedPair& pair) const;
  PairScore Finished(const PatternScores& scores, double bits) const;
  float Combine(const ClassScores& scores) const;

  const Model* model_;
  const NameShares* shares_;
  double log2_population_;
  int classes_;
  std::array<bool, ClassScores::kMaxClasses> is_match_{}, family_by_chance_{}, given_by_chance_{};
  std::vector<std::vector<std::vector<float>>> log2_;  // class, comparison, level
  std::vector<PatternScores> scores_;
  std::vector<Known> known_ = std::vector<Known>(1024);  // open addressing; twice as many as used
};

// Scores two records of a run with a preset, compared before: held where the pair or the records themselves say so; with
// the preset safe apart where they may be twins (MayBeTwins).
inline PairScore ScoreCompared(const EncodedRecord& a, const EncodedRecord& b, const ComparedPair& pair, Preset preset,
                               const Comparator& comparator, Scorer* scorer) {
  PairScore score = scorer->Score(pair);
  score.apart = preset == Preset::kSafe && MayBeTwins(comparator.records(), comparator.readings(), a, b, pair);
  score.held = score.held || score.apart || HeldByRecords(a, b, preset);
  return score;
}

// The same, comparing them.
inline PairScore ScoreRecords(const EncodedRecord& a, const EncodedRecord& b, Preset preset, Comparator* comparator,
                              Scorer* scorer) {
  return ScoreCompared(a, b, comparator->Compare(a, b), preset, *comparator, scorer);
}

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_SCORER_H_
