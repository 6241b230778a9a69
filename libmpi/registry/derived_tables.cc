// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/derived_tables.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <numeric>
#include <utility>

#include "libmpi/base/hash.h"
#include "libmpi/base/keyed_items.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/blocks.h"
#include "libmpi/linkage/gathered_nodes.h"
#include "libmpi/linkage/packed_node.h"
#include "libmpi/registry/values.h"

namespace libmpi {
namespace {

constexpr size_t kRecordsARange = 1 << 19;
constexpr size_t kBuckets = 256;       // of slots, by the first byte of their keyed hash
constexpr size_t kBucketsARange = 16;

// Where the items of each of `size` keys begin, and one end more, from how many each has.
template <typename T>
void BeginsOf(std::vector<T>* counts) {
  T sum = 0;
  for (T& count : *counts) sum += std::exchange(count, sum);
  counts->push_back(sum);
}

template <typename Write>
void AddRanges(std::string name, size_t size, const Write& write, std::vector<TableRange>* out) {
  for (size_t begin = 0; begin < size; begin += kRecordsARange) {
    const size_t end = std::min(size, begin + kRecordsARange);
    out->push_back({name, [=](Store::RangeWriter* to) { return write(begin, end, to); }});
  }
}

}  // namespace

absl::Status ForEachRange(size_t count, int threads, const ProgressCallback& progress, std::string_view stage,
                          const std::function<absl::Status(size_t i)>& write) {
  std::mutex mutex;
  absl::Status status;
  std::atomic<uint64_t> done{0};
  std::atomic<bool> stop{false};
  ParallelChunks(count, 1, threads, [&](size_t i, size_t, int worker) {
    if (stop) return;
    absl::Status written = write(i);
    ++done;
    if (written.ok() && worker == 0) written = ReportProgress(progress, stage, done, count);
    if (written.ok()) return;
    stop = true;
    const std::lock_guard lock(mutex);
    status.Update(written);
  });
  return status;
}

DerivedTables::DerivedTables(const LinkedRecords& records, const Generation& generation, const BlockCipher& cipher,
                             int threads)
    : records_(records), keys_(generation.keys), model_(*generation.model), cipher_(cipher), threads_(threads),
      nodes_(&records.index) {}

absl::Status DerivedTables::Prepare() {
  for (uint32_t n : records_.index.node_of)
    if (n >= records_.index.nodes.size()) return absl::DataLossError("the arrays of the load are damaged");
  GatherPersons();
  GatherNodes();
  GatherEdges();
  LIBMPI_RETURN_IF_ERROR(GatherRepeats());
  GatherSlots();
  GatherQuestions();
  return absl::OkStatus();
}

void DerivedTables::GatherPersons() {
  const std::span<const uint32_t> cluster = records_.index.cluster;
  person_.assign(cluster.size(), UINT32_MAX);
  member_begin_.assign(cluster.size(), 0);
  for (size_t i = 0; i < cluster.size(); ++i) {
    person_[cluster[i]] = std::min(person_[cluster[i]], records_.ranks[i]);
    persons_ += member_begin_[cluster[i]]++ == 0;
  }
  BeginsOf(&member_begin_);
  members_.resize(cluster.size());
  std::vector<uint32_t> next = member_begin_;
  for (uint32_t i = 0; i < cluster.size(); ++i) members_[next[cluster[i]]++] = i;
  by_number_.resize(cluster.size());
  std::iota(by_number_.begin(), by_number_.end(), 0);
  const auto by_number = [this](uint32_t a, uint32_t b) { return records_.numbers[a] < records_.numbers[b]; };
  if (!std::is_sorted(by_number_.begin(), by_number_.end(), by_number))
    std::sort(by_number_.begin(), by_number_.end(), by_number);
}

void DerivedTables::GatherNodes() {
  if (!records_.node_ids.empty()) {
    by_id_.resize(records_.node_ids.size());
    std::iota(by_id_.begin(), by_id_.end(), 0);
    std::sort(by_id_.begin(), by_id_.end(), [this](uint32_t a, uint32_t b) { return IdOf(a) < IdOf(b); });
  }
  said_begin_.assign(records_.index.nodes.size(), 0);
  for (uint32_t n : records_.index.node_of) ++said_begin_[n];
  BeginsOf(&said_begin_);
  said_by_.resize(records_.index.node_of.size());
  std::vector<uint32_t> next = said_begin_;
  for (uint32_t record : by_number_) said_by_[next[records_.index.node_of[record]]++] = record;
}

void DerivedTables::GatherEdges() {
  const size_t nodes = records_.index.nodes.size();
  edge_begin_.assign(nodes, 0);
  for (const Edge& e : records_.index.edges) {
    ++edge_begin_[e.a];
    ++edge_begin_[e.b];
  }
  for (size_t n = 0; n < nodes; ++n) edge_begin_[n] += said_begin_[n + 1] - said_begin_[n] > 1;  // with itself
  BeginsOf(&edge_begin_);
  edges_.resize(edge_begin_.back());
  std::vector<uint64_t> next = edge_begin_;
  for (const Edge& e : records_.index.edges) {
    edges_[next[e.a]++] = {IdOf(e.b), e.weight, e.held};
    edges_[next[e.b]++] = {IdOf(e.a), e.weight, e.held};
  }
}

// How the records that say the same agree with each other.
absl::Status DerivedTables::GatherRepeats() {
  std::vector<uint32_t> repeated;
  for (uint32_t n = 0; n + 1 < said_begin_.size(); ++n)
    if (said_begin_[n + 1] - said_begin_[n] > 1) repeated.push_back(n);
  constexpr size_t kAtOnce = 1 << 18;
  for (size_t begin = 0; begin < repeated.size(); begin += kAtOnce) {
    const auto some = std::span(repeated).subspan(begin, std::min(kAtOnce, repeated.size() - begin));
    GatheredNodes gathered(some, nodes_, model_.scoring(), threads_);
    ParallelChunks(some.size(), 1024, threads_, [&](size_t first, size_t last, int worker) {
      for (size_t i = first; i < last; ++i) {
        const PairScore score = gathered.Score(worker, static_cast<uint32_t>(i), static_cast<uint32_t>(i));
        edges_[edge_begin_[some[i] + 1] - 1] = {IdOf(some[i]), score.weight, score.held};
      }
    });
  }
  ParallelChunks(edge_begin_.size() - 1, 1 << 14, threads_, [&](size_t begin, size_t end, int) {
    for (size_t n = begin; n < end; ++n)
      std::sort(edges_.begin() + static_cast<ptrdiff_t>(edge_begin_[n]),
                edges_.begin() + static_cast<ptrdiff_t>(edge_begin_[n + 1]),
                [](const KeptEdge& x, const KeptEdge& y) { return x.other < y.other; });
  });
  return absl::OkStatus();
}

// The slots of keys, by buckets; of one thread. Entries of a bucket: keyed hash, length, value.
class DerivedTables::SlotBuilder {
 public:
  SlotBuilder(const DerivedTables& tables, std::vector<std::string>* buckets) : tables_(tables), buckets_(*buckets) {}

  // Nodes of a key that was sharpened `step` times.
  void Add(std::span<KeyedItem> items, uint8_t step) {
    const uint64_t key = items.front().key;
    KeySlot slot;
    slot.count = items.size();
    const bool content = step == SlotKey::kContentStep;
    if (content || step == kRefinements || items.size() <= Blocks::MostMembers(RuleOfKey(key), step)) {
      for (const KeyedItem& item : items) slot.nodes.push_back(tables_.IdOf(item.item));
      std::sort(slot.nodes.begin(), slot.nodes.end());
      return Emit({key, step}, slot);
    }
    std::vector<KeyedItem> sharper(items.begin(), items.end());
    for (KeyedItem& item : sharper) {
      const EncodedRecord& node = tables_.nodes_.node(item.item);
      item.key = RefinedKey(key, node, tables_.nodes_.text(node.address.city), step);
    }
    SortByKey(sharper, 0, &scratch_);
    ForEachKey(std::span(sharper), [&](std::span<KeyedItem> part) {
      slot.children.push_back(part.front().key);
      Add(part, static_cast<uint8_t>(step + 1));
    });
    Emit({key, step}, slot);
  }

  void Flush() {
    const std::vector<std::string> keys = tables_.keys_.OfSlots(pending_keys_, tables_.cipher_);
    for (size_t i = 0; i < keys.size(); ++i) {
      const std::string_view hash = std::string_view(keys[i]).substr(keys[i].size() - 16);
      std::string& bucket = buckets_[static_cast<uint8_t>(hash.front())];
      const auto size = static_cast<uint32_t>(pending_values_[i].size());
      bucket.append(hash).append(reinterpret_cast<const char*>(&size), sizeof size).append(pending_values_[i]);
    }
    pending_keys_.clear();
    pending_values_.clear();
  }

 private:
  void Emit(const SlotKey& key, const KeySlot& slot) {
    pending_keys_.push_back(key);
    pending_values_.push_back(Pack(slot));
    if (pending_keys_.size() == 1024) Flush();
  }

  const DerivedTables& tables_;
  std::vector<std::string>& buckets_;
  std::vector<SlotKey> pending_keys_;
  std::vector<std::string> pending_values_;
  std::vector<KeyedItem> scratch_;
};

void DerivedTables::GatherSlots() {
  const IndexView& index = records_.index;
  const auto build = [&](std::span<KeyedItem> items, uint8_t step) {
    const std::vector<size_t> cut = CutBetweenKeys(items, size_t{1} << 16);
    std::vector<std::unique_ptr<SlotBuilder>> builders;
    for (int t = 0; t < threads_; ++t)
      builders.push_back(std::make_unique<SlotBuilder>(*this, &slots_[static_cast<size_t>(t)]));
    ParallelChunks(cut.size() - 1, 1, threads_, [&](size_t c, size_t, int worker) {
      ForEachKey(items.subspan(cut[c], cut[c + 1] - cut[c]), [&](std::span<KeyedItem> of_key) {
        builders[static_cast<size_t>(worker)]->Add(of_key, step);
      });
    });
    for (const auto& builder : builders) builder->Flush();
  };
  slots_.assign(static_cast<size_t>(threads_), std::vector<std::string>(kBuckets));
  const auto source = [&](size_t slice, const auto& take) {
    const size_t end = index.nodes.size() * (slice + 1) / KeyPartitions::kSlices;
    for (size_t n = index.nodes.size() * slice / KeyPartitions::kSlices; n < end; ++n)
      for (uint64_t k = index.key_begin[n]; k < index.key_begin[n + 1]; ++k)
        take(index.keys[k], static_cast<uint32_t>(n));
  };
  {
    LargeArray<KeyedItem> items = SortedItems(index.keys.size(), source, threads_);
    build(items, 0);
  }
  std::vector<uint64_t> hashes(index.nodes.size());
  ParallelChunks(hashes.size(), 4096, threads_, [&](size_t begin, size_t end, int) {
    for (size_t n = begin; n < end; ++n) hashes[n] = HashBytes(Packed(static_cast<uint32_t>(n)));
  });
  LargeArray<KeyedItem> contents =
      SortedByKey(hashes.size(), [&](size_t n) { return hashes[n]; }, threads_);
  build(contents, SlotKey::kContentStep);
}

std::string DerivedTables::Packed(uint32_t n) const {
  const EncodedRecord& node = nodes_.node(n);
  return PackNode(node, nodes_.more_of(node), [this](TextId id) { return nodes_.text(id); }, nodes_.keys_of(n));
}

absl::Status DerivedTables::WritePersons(size_t begin, size_t end, Store::RangeWriter* out) const {
  PersonOfRecord answer;
  for (size_t i = begin; i < end; ++i) {
    const uint32_t first = records_.index.cluster[i];
    answer.number = records_.numbers[i];
    answer.person = person_[first];
    answer.members.clear();
    for (uint32_t m = member_begin_[first]; m < member_begin_[first + 1]; ++m)
      answer.members.push_back(records_.key_of(members_[m]));
    LIBMPI_RETURN_IF_ERROR(out->Add(keys_.Of(Table::kPerson, records_.key_of(i)), Pack(answer)));
  }
  return absl::OkStatus();
}

absl::Status DerivedTables::WriteNodesOf(size_t begin, size_t end, Store::RangeWriter* out) const {
  for (size_t i = begin; i < end; ++i) {
    const uint32_t record = by_number_[i];
    LIBMPI_RETURN_IF_ERROR(out->Add(keys_.Of(Table::kNodeOf, records_.numbers[record]),
                                    PackNumber(IdOf(records_.index.node_of[record]))));
  }
  return absl::OkStatus();
}

absl::Status DerivedTables::WriteContents(size_t begin, size_t end, Store::RangeWriter* out) const {
  for (size_t i = begin; i < end; ++i)
    LIBMPI_RETURN_IF_ERROR(
        out->Add(keys_.Of(Table::kContent, IdOf(NodeAt(i))), PackText(Packed(NodeAt(i)))));
  return absl::OkStatus();
}

absl::Status DerivedTables::WriteStates(size_t begin, size_t end, Store::RangeWriter* out) const {
  NodeState state;
  for (size_t at = begin; at < end; ++at) {
    const uint32_t n = NodeAt(at);
    state.records.clear();
    for (uint32_t s = said_begin_[n]; s < said_begin_[n + 1]; ++s) {
      const uint32_t i = said_by_[s];
      state.records.push_back(
          {records_.numbers[i], records_.ranks[i], PersonOf(i), records_.decided[i], records_.key_of(i)});
    }
    state.edges.assign(edges_.begin() + static_cast<ptrdiff_t>(edge_begin_[n]),
                       edges_.begin() + static_cast<ptrdiff_t>(edge_begin_[n + 1]));
    LIBMPI_RETURN_IF_ERROR(out->Add(keys_.Of(Table::kState, IdOf(n)), Pack(state)));
  }
  return absl::OkStatus();
}

absl::Status DerivedTables::WriteSlots(size_t begin, size_t end, Store::RangeWriter* out) const {
  const std::string prefix = keys_.Prefix(Table::kSlot);
  std::string key;
  for (size_t bucket = begin; bucket < end; ++bucket) {
    std::vector<std::pair<std::string_view, std::string_view>> entries;
    for (const std::vector<std::string>& of_worker : slots_) {
      std::string_view rest = of_worker[bucket];
      while (!rest.empty()) {
        uint32_t size;
        std::copy_n(rest.data() + 16, sizeof size, reinterpret_cast<char*>(&size));
        entries.emplace_back(rest.substr(0, 16), rest.substr(16 + sizeof size, size));
        rest.remove_prefix(16 + sizeof size + size);
      }
    }
    std::sort(entries.begin(), entries.end());
    for (const auto& [hash, value] : entries) {
      key.assign(prefix).append(hash);
      LIBMPI_RETURN_IF_ERROR(out->Add(key, value));
    }
  }
  return absl::OkStatus();
}

// Memory: some 50 bytes a node.
absl::Status DerivedTables::WriteTerms(TermKind kind, Store::RangeWriter* out) const {
  std::string bytes;
  std::vector<uint16_t> sizes;
  const std::function<std::string_view(TextId)> text = [this](TextId id) { return nodes_.text(id); };
  for (size_t n = 0; n < records_.index.nodes.size(); ++n) {
    const EncodedRecord& node = nodes_.node(static_cast<NodeId>(n));
    AppendTerms(kind, node, nodes_.more_of(node), text, IdOf(static_cast<uint32_t>(n)), &bytes, &sizes);
  }
  // By their first bytes, as a number, before the others are looked at.
  struct Term {
    uint64_t first, begin;
    uint16_t size;
  };
  std::vector<Term> terms;
  terms.reserve(sizes.size());
  uint64_t begin = 0;
  for (uint16_t size : sizes) {
    uint64_t first = 0;  // the kind is the same in all
    for (size_t i = 1; i < 9; ++i) first = first << 8 | (i < size ? static_cast<uint8_t>(bytes[begin + i]) : 0);
    terms.push_back({first, begin, size});
    begin += size;
  }
  sizes = {};
  const auto view = [&bytes](const Term& term) { return std::string_view(bytes).substr(term.begin, term.size); };
  std::sort(terms.begin(), terms.end(), [&](const Term& x, const Term& y) {
    return x.first != y.first ? x.first < y.first : view(x) < view(y);
  });
  std::string key;
  std::string_view last;
  const std::string prefix = keys_.Prefix(Table::kTerm);
  for (const Term& term : terms) {
    if (view(term) == last) continue;
    last = view(term);
    key.assign(prefix).append(last);
    LIBMPI_RETURN_IF_ERROR(out->Add(key, std::string_view()));
  }
  return absl::OkStatus();
}

void DerivedTables::GatherQuestions() {
  uint32_t last_case = 0;
  for (const ReviewItem& item : *records_.review) {
    if (item.review_case == last_case) continue;
    last_case = item.review_case;  // the strongest pair of a case stands for it
    questions_.try_emplace(PersonsOfQuestion(item.reason, PersonOf(item.a), PersonOf(item.b)),
                           QuestionValue{records_.key_of(item.a), records_.key_of(item.b), item.weight, item.reason,
                                         item.priority});
  }
}

absl::Status DerivedTables::WriteQuestions(Store::RangeWriter* out) const {
  std::map<std::string, std::string> rows;
  for (const auto& [persons, question] : questions_) {
    rows[keys_.Of(Table::kQuestion, persons.first, persons.second)] = Pack(question);
    rows[keys_.Of(Table::kQuestion, persons.second, persons.first)] = Pack(question);
  }
  for (const auto& [key, value] : rows) LIBMPI_RETURN_IF_ERROR(out->Add(key, value));
  return absl::OkStatus();
}

absl::Status DerivedTables::WritePriorities(Store::RangeWriter* out) const {
  std::vector<std::string> keys;
  for (const auto& [persons, question] : questions_)
    keys.push_back(keys_.OfPriority(question.priority, persons.first, persons.second));
  std::sort(keys.begin(), keys.end());
  for (const std::string& key : keys) LIBMPI_RETURN_IF_ERROR(out->Add(key, std::string()));
  return absl::OkStatus();
}

std::vector<TableRange> DerivedTables::Ranges() const {
  std::vector<TableRange> ranges;
  const size_t records = records_.index.node_of.size(), nodes = records_.index.nodes.size();
  for (size_t b = 0; b < kBuckets; b += kBucketsARange)
    ranges.push_back({"slots", [this, b](Store::RangeWriter* out) { return WriteSlots(b, b + kBucketsARange, out); }});
  AddRanges("persons", records, [this](auto... a) { return WritePersons(a...); }, &ranges);
  AddRanges("states", nodes, [this](auto... a) { return WriteStates(a...); }, &ranges);
  AddRanges("contents", nodes, [this](auto... a) { return WriteContents(a...); }, &ranges);
  AddRanges("nodes", records, [this](auto... a) { return WriteNodesOf(a...); }, &ranges);
  for (char kind = static_cast<char>(kFirstTermKind); kind <= static_cast<char>(kLastTermKind); ++kind)
    ranges.push_back({"terms", [this, kind](Store::RangeWriter* out) {
                        return WriteTerms(static_cast<TermKind>(kind), out);
                      }});
  ranges.push_back({"questions", [this](Store::RangeWriter* out) { return WriteQuestions(out); }});
  ranges.push_back({"priorities", [this](Store::RangeWriter* out) { return WritePriorities(out); }});
  return ranges;
}

}  // namespace libmpi
