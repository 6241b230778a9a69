// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/run_stages.h"

#include <algorithm>
#include <bit>
#include <string>

#include "libmpi/base/hash.h"

namespace libmpi {
namespace {

// Arrays of the lists of many, one after the other, and how many are whose.
template <typename T>
void WriteLists(const std::vector<MoreValues>& all, std::vector<T> MoreValues::*list, StageWriter* out) {
  std::vector<uint32_t> sizes;
  std::vector<T> values;
  sizes.reserve(all.size());
  for (const MoreValues& more : all) {
    sizes.push_back(static_cast<uint32_t>((more.*list).size()));
    values.insert(values.end(), (more.*list).begin(), (more.*list).end());
  }
  out->Array(std::move(sizes));
  out->Array(std::move(values));
}

template <typename T>
bool ReadLists(StageParser* in, std::vector<T> MoreValues::*list, std::vector<MoreValues>* all) {
  std::vector<uint32_t> sizes;
  std::vector<T> values;
  if (!in->Array(&sizes) || !in->Array(&values)) return false;
  if (all->empty()) all->resize(sizes.size());  // the first list tells how many there are
  if (sizes.size() != all->size()) return false;
  size_t begin = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] > values.size() - begin) return false;
    ((*all)[i].*list).assign(values.begin() + static_cast<ptrdiff_t>(begin),
                             values.begin() + static_cast<ptrdiff_t>(begin + sizes[i]));
    begin += sizes[i];
  }
  return begin == values.size();
}

void WriteMore(const std::vector<MoreValues>& more, StageWriter* out) {
  WriteLists(more, &MoreValues::names, out);
  WriteLists(more, &MoreValues::coverages, out);
  WriteLists(more, &MoreValues::addresses, out);
  WriteLists(more, &MoreValues::phones, out);
  WriteLists(more, &MoreValues::births, out);
  WriteLists(more, &MoreValues::care, out);
}

bool ReadMore(StageParser* in, std::vector<MoreValues>* more) {
  more->clear();
  return ReadLists(in, &MoreValues::names, more) && ReadLists(in, &MoreValues::coverages, more) &&
         ReadLists(in, &MoreValues::addresses, more) && ReadLists(in, &MoreValues::phones, more) &&
         ReadLists(in, &MoreValues::births, more) && ReadLists(in, &MoreValues::care, more) && !more->empty();
}

// Texts, one after the other.
struct PackedTexts {
  std::string bytes;
  std::vector<uint32_t> sizes;

  void Add(std::string_view text) {
    bytes.append(text);
    sizes.push_back(static_cast<uint32_t>(text.size()));
  }
  void Write(StageWriter* out) && {
    out->Text(std::move(bytes));
    out->Array(std::move(sizes));
  }
  bool Read(StageParser* in) {
    if (!in->Text(&bytes) || !in->Array(&sizes)) return false;
    uint64_t all = 0;
    for (uint32_t size : sizes) all += size;
    return all == bytes.size();
  }
  // take(i, text) for each; false once it is.
  template <typename Take>
  bool ForEach(const Take& take) const {
    const char* begin = bytes.data();
    for (size_t i = 0; i < sizes.size(); begin += sizes[i++])
      if (!take(i, std::string_view(begin, sizes[i]))) return false;
    return true;
  }
};

void WriteTexts(const TextDictionary& texts, StageWriter* out) {
  PackedTexts packed;
  for (size_t id = 1; id < texts.id_limit(); ++id) packed.Add(texts.text(static_cast<TextId>(id)));
  std::move(packed).Write(out);
}

// A text's number tells its shard and its place in it: interned in the order of their numbers, texts get
// the numbers they had.
bool ReadTexts(StageParser* in, TextDictionary* texts) {
  PackedTexts packed;
  return packed.Read(in) && packed.ForEach([texts](size_t i, std::string_view text) {
    return text.empty() || texts->Intern(text) == i + 1;
  });
}

void WriteFindings(std::span<const std::pair<uint32_t, Finding>> findings, StageWriter* out) {
  std::vector<std::string_view> fields;  // a few
  std::vector<uint32_t> records;
  std::vector<uint16_t> what;  // code and number of the field
  for (const auto& [record, finding] : findings) {
    const size_t field = static_cast<size_t>(std::find(fields.begin(), fields.end(), finding.field) - fields.begin());
    if (field == fields.size()) fields.push_back(finding.field);
    records.push_back(record);
    what.push_back(static_cast<uint16_t>(static_cast<size_t>(finding.code) << 8 | (field & 0xFF)));
  }
  PackedTexts packed;
  for (std::string_view field : fields) packed.Add(field);
  std::move(packed).Write(out);
  out->Array(std::move(records));
  out->Array(std::move(what));
}

bool ReadFindings(size_t count, StageParser* in, std::vector<std::pair<uint32_t, Finding>>* findings) {
  PackedTexts packed;
  std::vector<uint32_t> records;
  std::vector<uint16_t> what;
  if (!packed.Read(in) || !in->Array(&records) || !in->Array(&what) || records.size() != what.size()) return false;
  std::vector<std::string> fields;
  packed.ForEach([&fields](size_t, std::string_view field) {
    fields.emplace_back(field);
    return true;
  });
  if (fields.size() > 256) return false;
  findings->clear();
  findings->reserve(records.size());
  for (size_t i = 0; i < records.size(); ++i) {
    const size_t code = what[i] >> 8, field = what[i] & 0xFF;
    if (records[i] >= count || field >= fields.size() || code > static_cast<size_t>(kLastFindingCode))
      return false;
    findings->emplace_back(records[i], Finding{static_cast<FindingCode>(code), fields[field]});
  }
  return true;
}

void WritePairs(const RecordPairs& pairs, StageWriter* out) {
  std::vector<uint32_t> flat;
  for (const auto& [a, b] : pairs) flat.insert(flat.end(), {a, b});
  out->Array(std::move(flat));
}

bool ReadPairs(size_t count, StageParser* in, RecordPairs* pairs) {
  std::vector<uint32_t> flat;
  if (!in->Array(&flat) || flat.size() % 2 != 0) return false;
  pairs->clear();
  for (size_t i = 0; i < flat.size(); i += 2) pairs->emplace_back(flat[i], flat[i + 1]);
  return std::all_of(flat.begin(), flat.end(), [count](uint32_t i) { return i < count; });
}

bool AreEdgesOf(size_t count, std::span<const Edge> edges) {
  return std::all_of(edges.begin(), edges.end(), [count](const Edge& e) { return e.a < count && e.b < count; });
}

bool ReadHistogram(StageParser* in, WeightHistogram* histogram) {
  const size_t bins = histogram->counts.size();
  return in->Array(&histogram->counts) && histogram->counts.size() == bins;
}

bool ReadBlocking(StageParser* in, std::vector<BlockingRuleReport>* blocking) {
  uint64_t rules;
  if (!in->Value(&rules)) return false;
  blocking->clear();
  for (uint64_t r = 0; r < rules; ++r) {
    BlockingRuleReport& rule = blocking->emplace_back();
    if (!in->Text(&rule.rule) || !in->Value(&rule.keys) || !in->Value(&rule.pairs) || !in->Value(&rule.refined_keys) ||
        !in->Value(&rule.refined_apart) || !in->Value(&rule.unreached_pairs))
      return false;
  }
  return true;
}

// A hash of values told one after the other.
class HashOfValues {
 public:
  void Add(uint64_t value) { hash_ = HashCombine(hash_, value); }
  void Add(double value) { Add(std::bit_cast<uint64_t>(value)); }
  void Add(const std::optional<double>& value) {
    Add(uint64_t{value.has_value()});
    Add(value.value_or(0));
  }
  uint64_t hash() const { return hash_; }

 private:
  uint64_t hash_ = 0;
};

}  // namespace

uint64_t HashOfRun(size_t count, std::optional<size_t> new_count, const LinkOptions& options) {
  HashOfValues all;
  all.Add(uint64_t{count});
  all.Add(uint64_t{new_count.has_value()});
  all.Add(uint64_t{new_count.value_or(0)});
  all.Add(uint64_t{static_cast<uint8_t>(options.preset)});
  all.Add(options.match_threshold);
  all.Add(options.review_threshold);
  all.Add(options.population);
  all.Add(options.seed);
  all.Add(uint64_t{EncodeDate(options.today)});
  all.Add(uint64_t{options.decisions.size()});
  for (const Decision& d : options.decisions) {
    all.Add(uint64_t{d.a} << 32 | d.b);
    all.Add(uint64_t{d.same});
  }
  all.Add(uint64_t{options.labels.size()});
  for (const LabelledPair& l : options.labels) {
    all.Add(uint64_t{l.a} << 32 | l.b);
    all.Add(uint64_t{l.same});
    all.Add(l.stands_for);
  }
  all.Add(options.model != nullptr ? HashBytes(options.model->ToJson()) : 0);
  return all.hash();
}

void WriteCounts(const DataCounts& counts, StageWriter* out) {
  out->Value(counts.insurers);
  out->Value(counts.failed_check_digits);
  PackedTexts keys;
  std::vector<uint32_t> numbers;
  std::vector<uint8_t> kinds;
  for (const NameCounts::Entry& entry : counts.names.Entries()) {
    keys.Add(entry.key);
    numbers.push_back(entry.count);
    kinds.push_back(static_cast<uint8_t>(static_cast<int>(entry.part) << 4 | static_cast<int>(entry.script)));
  }
  std::move(keys).Write(out);
  out->Array(std::move(numbers));
  out->Array(std::move(kinds));
  PackedTexts texts;
  std::vector<uint32_t> seen;
  std::vector<uint8_t> parts;
  for (const ReadingObservation& reading : counts.names.Readings()) {
    texts.Add(reading.kanji);
    texts.Add(reading.kana);
    seen.push_back(reading.count);
    parts.push_back(static_cast<uint8_t>(reading.part));
  }
  std::move(texts).Write(out);
  out->Array(std::move(seen));
  out->Array(std::move(parts));
}

bool ReadCounts(StageParser* in, DataCounts* counts) {
  PackedTexts keys, texts;
  std::vector<uint32_t> numbers, seen;
  std::vector<uint8_t> kinds, parts;
  *counts = DataCounts();
  if (!in->Value(&counts->insurers) || !in->Value(&counts->failed_check_digits) || !keys.Read(in) ||
      !in->Array(&numbers) || !in->Array(&kinds) || !texts.Read(in) || !in->Array(&seen) || !in->Array(&parts))
    return false;
  if (numbers.size() != keys.sizes.size() || kinds.size() != numbers.size() || parts.size() != seen.size() ||
      texts.sizes.size() != 2 * seen.size())
    return false;
  std::string_view kanji;
  return keys.ForEach([&](size_t i, std::string_view key) {
    const int part = kinds[i] >> 4, script = kinds[i] & 15;
    if (part > 1 || script >= NameCounts::kScripts) return false;
    counts->names.Add(static_cast<NamePart>(part), static_cast<NameCounts::Script>(script), key, numbers[i]);
    return true;
  }) && texts.ForEach([&](size_t i, std::string_view text) {
    if (i % 2 == 0) {
      kanji = text;
      return true;
    }
    if (parts[i / 2] > 1) return false;
    counts->names.AddReading(
        {static_cast<NamePart>(parts[i / 2]), std::string(kanji), std::string(text), seen[i / 2]});
    return true;
  });
}

void WriteRecords(const EncodedRecords& records, const DistinctRecords& distinct,
                  std::span<const std::pair<uint32_t, Finding>> findings, const RecordPairs& parts_of_one_id,
                  StageWriter* out) {
  out->Array(records.records);
  WriteMore(records.more, out);
  WriteTexts(records.texts, out);
  distinct.Write(out);
  WriteFindings(findings, out);
  WritePairs(parts_of_one_id, out);
}

bool ReadRecords(size_t count, StageParser* in, EncodedRecords* records, DistinctRecords* distinct,
                 RecordPairs* parts_of_one_id) {
  if (!in->Array(&records->records) || !ReadMore(in, &records->more) || !ReadTexts(in, &records->texts) ||
      !distinct->Read(count, records->records.size(), in) || !ReadFindings(count, in, &records->findings) ||
      !ReadPairs(count, in, parts_of_one_id))
    return false;
  return std::all_of(records->records.begin(), records->records.end(),
                     [&](const EncodedRecord& r) { return r.more < records->more.size(); });
}

void WriteKeys(const EncodedRecords& records, StageWriter* out) {
  out->Array(records.keys);
  out->Array(records.key_begin);
}

bool ReadKeys(StageParser* in, EncodedRecords* records) {
  const auto& begin = records->key_begin;
  return in->Array(&records->keys) && in->Array(&records->key_begin) && begin.size() == records->records.size() + 1 &&
         begin.front() == 0 && begin.back() == records->keys.size() && std::is_sorted(begin.begin(), begin.end());
}

void WriteLearned(LinkResult* result, StageWriter* out) {
  NameCounts names = std::exchange(result->model.names, {});
  out->Text(result->model.ToJson());
  result->model.names = std::move(names);
  out->Value(uint8_t{result->model_learned});
  out->Value(uint8_t{result->self_check.confident});
  out->Value(result->distinct_patterns);
  PackedTexts warnings;
  for (const std::string& warning : result->self_check.warnings) warnings.Add(warning);
  std::move(warnings).Write(out);
}

bool ReadLearned(StageParser* in, LinkResult* result) {
  std::string json;
  uint8_t learned, confident;
  uint64_t distinct_patterns;
  PackedTexts warnings;
  if (!in->Text(&json) || !in->Value(&learned) || !in->Value(&confident) || !in->Value(&distinct_patterns) ||
      !warnings.Read(in) || !in->AtEnd())
    return false;
  auto model = Model::FromJson(json);
  if (!model.ok()) return false;
  result->model = *std::move(model);
  result->model_learned = learned != 0;
  result->distinct_patterns = distinct_patterns;
  result->self_check = {confident != 0, {}};
  return warnings.ForEach([result](size_t, std::string_view warning) {
    result->self_check.warnings.emplace_back(warning);
    return true;
  });
}

void WriteScored(const ScoredPairs& scored, const std::vector<BlockingRuleReport>& blocking, StageWriter* out) {
  out->Array(scored.pairs);
  out->Array(scored.repeats);
  out->Value(scored.expected_matches);
  out->Value(scored.left_out);
  out->Value(scored.candidate_pairs);
  out->Value(scored.unlinkable);
  out->Array(std::vector<uint64_t>(scored.pair_weights.counts));
  out->Array(std::vector<uint64_t>(scored.self_weights.counts));
  out->Value(uint64_t{blocking.size()});
  for (const BlockingRuleReport& rule : blocking) {
    out->Text(rule.rule);
    for (uint64_t number : {rule.keys, rule.pairs, rule.refined_keys, rule.refined_apart, rule.unreached_pairs})
      out->Value(number);
  }
}

bool ReadScored(size_t distinct, StageParser* in, ScoredPairs* scored, std::vector<BlockingRuleReport>* blocking) {
  ScoredPairs read;
  std::vector<BlockingRuleReport> read_blocking;
  if (!in->Array(&read.pairs) || !in->Array(&read.repeats) || !in->Value(&read.expected_matches) ||
      !in->Value(&read.left_out) || !in->Value(&read.candidate_pairs) || !in->Value(&read.unlinkable) ||
      !ReadHistogram(in, &read.pair_weights) || !ReadHistogram(in, &read.self_weights) ||
      !ReadBlocking(in, &read_blocking) || !in->AtEnd() || !AreEdgesOf(distinct, read.pairs) ||
      !AreEdgesOf(distinct, read.repeats))
    return false;
  *scored = std::move(read);
  *blocking = std::move(read_blocking);
  return true;
}

void WriteClustered(const ClusteredRecords& clustered, StageWriter* out) {
  out->Array(clustered.cluster);
  out->Array(clustered.doubtful_pairs);
  out->Value(clustered.cut);
}

bool ReadClustered(size_t count, StageParser* in, ClusteredRecords* clustered) {
  ClusteredRecords read;
  if (!in->Array(&read.cluster) || !in->Array(&read.doubtful_pairs) || !in->Value(&read.cut) ||
      !in->AtEnd() || read.cluster.size() != count || !AreEdgesOf(count, read.doubtful_pairs) ||
      !std::all_of(read.cluster.begin(), read.cluster.end(), [count](uint32_t c) { return c < count; }))
    return false;
  *clustered = std::move(read);
  return true;
}

}  // namespace libmpi
