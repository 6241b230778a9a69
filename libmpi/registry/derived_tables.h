// SPDX-License-Identifier: Apache-2.0
// The tables that a model makes, of the outcome of a batch run at once. Internal to libmpi/registry.
#ifndef LIBMPI_REGISTRY_DERIVED_TABLES_H_
#define LIBMPI_REGISTRY_DERIVED_TABLES_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/base/progress.h"
#include "libmpi/linkage/linkage_index.h"
#include "libmpi/registry/keys.h"
#include "libmpi/registry/rep.h"
#include "libmpi/registry/search_terms.h"
#include "libmpi/registry/store.h"

namespace libmpi {

// Records of a batch run, in the order of their keys.
struct LinkedRecords {
  IndexView index;
  std::function<RecordKey(size_t record)> key_of;  // thread-safe
  std::vector<uint32_t> numbers, ranks;            // by record
  std::vector<bool> decided;                       // by record
  const std::vector<ReviewItem>* review = nullptr;
  std::vector<NodeId> node_ids;                    // by node of the index; empty: from 1 in its order
};

// A range of keys, written from the first to the last; several at once, by a thread each.
struct TableRange {
  std::string name;  // for progress
  std::function<absl::Status(Store::RangeWriter* out)> write;
};

// Calls write(i) for each of `count` ranges, each on one thread, and reports `stage`. The first error, or a wish to stop,
// ends it: ranges that were not begun are left out then.
absl::Status ForEachRange(size_t count, int threads, const ProgressCallback& progress, std::string_view stage,
                          const std::function<absl::Status(size_t i)>& write);

// Just what record by record (RecordChanges) leaves, but for the numbers of nodes.
class DerivedTables {
 public:
  // Borrows all; the model's keys and cipher.
  DerivedTables(const LinkedRecords& records, const Generation& generation, const BlockCipher& cipher, int threads);

  // What all ranges need; O(keys). kDataLoss where the index is damaged.
  absl::Status Prepare();
  // Disjoint ranges of keys.
  std::vector<TableRange> Ranges() const;
  // The number of the person of a record.
  uint32_t PersonOf(uint32_t record) const { return person_[records_.index.cluster[record]]; }
  uint64_t persons() const { return persons_; }
  NodeId next_node() const { return static_cast<NodeId>(records_.index.nodes.size() + 1); }

 private:
  struct Bucket;
  class SlotBuilder;

  void GatherPersons();
  void GatherNodes();
  void GatherEdges();
  absl::Status GatherRepeats();
  void GatherSlots();
  void GatherQuestions();
  absl::Status WritePersons(size_t begin, size_t end, Store::RangeWriter* out) const;
  absl::Status WriteNodesOf(size_t begin, size_t end, Store::RangeWriter* out) const;
  absl::Status WriteContents(size_t begin, size_t end, Store::RangeWriter* out) const;
  absl::Status WriteStates(size_t begin, size_t end, Store::RangeWriter* out) const;
  absl::Status WriteSlots(size_t begin, size_t end, Store::RangeWriter* out) const;
  absl::Status WriteTerms(TermKind kind, Store::RangeWriter* out) const;
  absl::Status WriteQuestions(Store::RangeWriter* out) const;
  absl::Status WritePriorities(Store::RangeWriter* out) const;
  std::string Packed(uint32_t n) const;
  NodeId IdOf(uint32_t n) const { return records_.node_ids.empty() ? n + 1 : records_.node_ids[n]; }
  // The i-th node by its ID.
  uint32_t NodeAt(size_t i) const { return by_id_.empty() ? static_cast<uint32_t>(i) : by_id_[i]; }

  const LinkedRecords& records_;
  const Keys& keys_;
  const FrozenModel& model_;
  const BlockCipher& cipher_;
  const int threads_;
  GrownNodes nodes_;
  uint64_t persons_ = 0;
  std::vector<uint32_t> person_;                       // by first record of a cluster
  std::vector<uint32_t> member_begin_, members_;       // records, cluster after cluster; begin by first record
  std::vector<uint32_t> said_begin_, said_by_;         // records by node
  std::vector<uint32_t> by_number_;                    // records
  std::vector<uint32_t> by_id_;                        // nodes; empty: in the order of the index
  std::vector<uint64_t> edge_begin_;                   // into edges_, by node
  std::vector<KeptEdge> edges_;
  std::map<std::pair<uint32_t, uint32_t>, QuestionValue> questions_;  // by person and other person
  std::vector<std::vector<std::string>> slots_;        // by bucket and worker: packed entries
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_DERIVED_TABLES_H_
