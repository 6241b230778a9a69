// SPDX-License-Identifier: Apache-2.0
// Which records are one person: deduplicating a set of records, linking new ones
// to a reference list, explaining a pair.
#ifndef LIBMPI_LINKAGE_LINKER_H_
#define LIBMPI_LINKAGE_LINKER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/base/array_space.h"
#include "libmpi/base/progress.h"
#include "libmpi/base/stage_store.h"
#include "libmpi/linkage/model.h"
#include "libmpi/linkage/record_reader.h"
#include "libmpi/record/record.h"

namespace libmpi {

// A match weight as a fixed-point number of bits: 1024 is one bit.
using FixedWeight = int32_t;
inline constexpr double kWeightUnit = 1024.0;
inline double WeightBits(FixedWeight w) { return w / kWeightUnit; }
// The nearest one; cut to +-1000 bits.
FixedWeight ToFixedWeight(double bits);
// 1 / (1 + 2^-weight).
double MatchProbability(FixedWeight w);

enum class Preset {
  kBalanced,  // even odds
  kSafe,      // the model's own estimate of wrong links <= 1 in 10,000; records whose rows may be
              // several persons', and two that may be twins', are never linked without a person
};

// What a person decided of two records, told by their indices.
struct Decision {
  uint32_t a = 0;
  uint32_t b = 0;
  bool same = false;  // one person, or two
};

// A pair whose truth is known, from review or from a truth file, to learn from. Unlike a Decision it
// ties nothing: the pair is linked or not by the model it helped to make.
struct LabelledPair {
  uint32_t a = 0;
  uint32_t b = 0;
  bool same = false;
  // Pairs the label stands for: 1 over the probability with which it was asked about.
  double stands_for = 1;
};

struct LinkOptions {
  // The model to use; null: learned from the records, and the shipped one
  // where they are too few to carry one.
  const Model* model = nullptr;
  Preset preset = Preset::kBalanced;
  // Given in bits they override the preset.
  std::optional<double> match_threshold;
  std::optional<double> review_threshold;
  // Persons of the population that the records come from, for the rule that a
  // common name + birth date + sex never links by itself. 0: the larger of the
  // estimate from the records and 10 million.
  double population = 0;
  // Outweigh what the records say (of a cluster larger than 1,000 different records, which is cut, a
  // part may be lost). Dedupe only. kInvalidArgument where "same" decisions make one person of two
  // records that are decided to be two, or where an index is none of a record's.
  std::vector<Decision> decisions;
  // Learned from, where a model is learned (with `model` they have no effect). Labels of pairs that no
  // blocking rule brings together are left out. kInvalidArgument where an index is none of a record's.
  // Dedupe and Train only.
  std::vector<LabelledPair> labels;
  int threads = 0;
  // Chooses the training sample (a hash of record content and this).
  uint64_t seed = 0;
  // Today, after which no birth date lies; the caller's, so that results repeat. Empty: not checked.
  CivilDate today;
  ProgressCallback progress;
  // Called once on the calling thread when the reader will not be asked for a record any more, so that
  // who keeps the records may put them aside. May be null.
  std::function<void()> records_read;
  // Called once on the calling thread when all pairs are scored: results will soon be written, and who put the
  // records aside may begin to bring them back. May be null.
  std::function<void()> pairs_scored;
  // Where finished stages are kept (beside the work, some 350 bytes a record), and found again by a later call
  // with the same records and options, which then goes on from the last of them to the same result; null: nowhere.
  // What is found of other options, or is damaged, is computed anew; other records are the caller's to notice.
  StageStore* stages = nullptr;
  // Where the arrays of large runs lie; null: in memory. It changes nothing of the result.
  ArraySpace* space = nullptr;
};

enum class LinkDecision : uint8_t { kMatch, kReview };

struct Link {
  uint32_t a = 0;  // a < b
  uint32_t b = 0;
  FixedWeight weight = 0;
  LinkDecision decision = LinkDecision::kMatch;
  // Only a common name, birth date and sex agree, or too little could be compared: the pair by
  // itself never links, whatever the threshold.
  bool held = false;
};

// Why something stands in the review list.
enum class ReviewReason : uint8_t {
  kBetweenThresholds,  // weight between review and match threshold
  kSplitByClustering,  // strong pair, but the rest of its clusters disagrees
  kCommonName,         // held: only a common name, birth date and sex agree, or little more, or they may be twins
  kDoubtfulCluster,    // two records of one cluster that speak against each other
  kLargeCluster,       // a cluster of suspicious size, told by its first two records
};
std::string_view ReviewReasonName(ReviewReason reason);

struct ReviewItem {
  uint32_t a = 0;
  uint32_t b = 0;
  FixedWeight weight = 0;
  ReviewReason reason = ReviewReason::kBetweenThresholds;
  double priority = 0;  // higher first: expected pairs of records that an answer sets right
  uint32_t review_case = 0;  // from 1; items of one case are settled by one answer
};

struct StageTime {
  std::string stage;
  double seconds = 0;
};

struct BlockingRuleReport {
  std::string rule;
  uint64_t keys = 0;
  uint64_t pairs = 0;          // before suppressing repeats
  uint64_t refined_keys = 0;   // too common, sharpened by further fields
  uint64_t refined_apart = 0;  // pairs of such keys that the sharper keys no longer bring together
  uint64_t unreached_pairs = 0;  // pairs of keys that stayed too common after all refinements
};

// How many have which match weight: counts[i] have at least kLowest + i bits and less than a bit more; the
// first and the last also have all beyond.
struct WeightHistogram {
  static constexpr int kLowest = -40, kHighest = 80;
  std::vector<uint64_t> counts = std::vector<uint64_t>(kHighest - kLowest, 0);
  void Add(FixedWeight weight, uint64_t times);
  void Merge(const WeightHistogram& other);
};

// Something the run noticed about itself.
struct SelfCheck {
  bool confident = true;
  std::vector<std::string> warnings;  // one sentence each, says what to do
};

struct LinkResult {
  // cluster[i]: index of the record of i's cluster with the smallest key.
  std::vector<uint32_t> cluster;
  std::vector<Link> links;          // by (a, b); at or above the review threshold
  std::vector<ReviewItem> review;   // by case, of falling priority
  std::vector<std::pair<uint32_t, Finding>> findings;  // record, finding
  Model model;                      // the one used
  bool model_learned = false;
  double match_threshold = 0;       // bits
  double review_threshold = 0;
  double expected_wrong_links = 0;  // the model's own estimate, as a share of links
  uint64_t candidate_pairs = 0;
  uint64_t distinct_patterns = 0;
  WeightHistogram pair_weights;     // of all candidate pairs and repeats, counted as pairs of records
  WeightHistogram self_weights;     // of each record against itself: the most that any other can give it
  uint64_t unlinkable = 0;          // records that would not link even with themselves
  uint64_t clusters = 0;
  uint64_t largest_cluster = 0;
  std::vector<BlockingRuleReport> blocking;
  std::vector<StageTime> times;
  SelfCheck self_check;
};

// Finds who is one person among `count` records. Records are told apart by index;
// keys, given by the reader in Record::key, must be in ascending order and
// unique (else kInvalidArgument). The result depends on the records, the model and the options' thresholds and seed
// only, not on threads. kCancelled if the progress callback says stop.
// Time about 10 microseconds a record; memory about 1 kB a record.
absl::StatusOr<LinkResult> Dedupe(size_t count, const RecordReader& reader,
                                  const LinkOptions& options);
// Same over a span in any order; a key that stands twice is refused.
absl::StatusOr<LinkResult> Dedupe(std::span<const Record> records,
                                  const LinkOptions& options);

// Links each of the first `new_count` records to at most one of the rest, the
// reference list, which is taken to be free of duplicates. Only pairs across
// are compared. `one_to_one`: a reference record takes at most one new one.
absl::StatusOr<LinkResult> LinkToReference(size_t new_count, size_t count,
                                           const RecordReader& reader,
                                           const LinkOptions& options,
                                           bool one_to_one);

// Same over two spans, each in any order; indices count on from the new ones to the reference.
absl::StatusOr<LinkResult> LinkToReference(std::span<const Record> new_records,
                                           std::span<const Record> reference,
                                           const LinkOptions& options, bool one_to_one);

// Learns a model from records, without labels or with LinkOptions::labels. Falls back to the default (and
// says so in self_check) when they are too few.
struct TrainResult {
  Model model;
  SelfCheck self_check;
  bool learned = false;
};
absl::StatusOr<TrainResult> Train(size_t count, const RecordReader& reader,
                                  const LinkOptions& options);
absl::StatusOr<TrainResult> Train(std::span<const Record> records, const LinkOptions& options);

// Why a pair has the weight it has.
struct Explanation {
  struct Bar {
    std::string comparison;   // "family_name", ...
    std::string level;        // "equal", ...
    std::string value_a;      // the values compared, folded; shown to the user, never logged
    std::string value_b;
    double m = 0;             // P(level | leading class of matches)
    double u = 0;             // P(level | leading rival class)
    double weight = 0;        // bits; log2(m/u)
    double frequency_weight = 0;  // bits, from the rarity of the value
  };
  FixedWeight weight = 0;      // sum of all bars, prior and other classes
  double prior_weight = 0;     // log2 of the two leading classes' shares
  std::string match_class;     // the class of matches that explains the pair best
  std::string rival_class;     // the class of non-matches that explains the pair best
  double other_classes_weight = 0;  // what the remaining classes add and take away
  double calibration_weight = 0;    // what labels put right
  double cap_weight = 0;            // from the cap on sparse evidence
  // Whether the pair never links without a person's decision, whatever its weight; a note says why.
  bool held = false;
  std::vector<Bar> bars;
  std::vector<std::string> blocking_rules;  // that bring the two together, however common the key
  // Rules whose key both have, but which sharpen it apart where more than 30 records share it.
  std::vector<std::string> rules_unless_common;
  std::vector<std::string> notes;           // e.g. the common-name rule
  std::string ToText() const;
  std::string ToJson() const;
};

// Explains pairs by one model, e.g. a patient at the counter against those on file. About a
// millisecond a pair; making one reads all names of the model (some milliseconds to a second).
// Immutable: Explain() may be called from any thread.
class PairExplainer {
 public:
  // Borrows the model, which must outlive this. Of the options, `today`, `population` and `preset` matter.
  // kInvalidArgument: Model::Validate.
  static absl::StatusOr<PairExplainer> Create(const Model& model, const LinkOptions& options);
  PairExplainer(PairExplainer&&) noexcept;
  PairExplainer& operator=(PairExplainer&&) noexcept;
  ~PairExplainer();

  // The weight is the one that a run with this model gives the pair. Never fails: records that say
  // nothing have the weight of the prior, capped.
  Explanation Explain(const Record& a, const Record& b) const;

 private:
  struct Rep;
  explicit PairExplainer(std::unique_ptr<const Rep> rep);
  std::unique_ptr<const Rep> rep_;
};

// One pair, where a single answer is wanted.
absl::StatusOr<Explanation> ExplainPair(const Record& a, const Record& b, const Model& model,
                                       const LinkOptions& options);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_LINKER_H_
