// SPDX-License-Identifier: Apache-2.0
// What a put will read, read by its caller before its turn comes.
#include <algorithm>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "libmpi/base/hash.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/slot_changes.h"
#include "libmpi/registry/rep.h"

namespace libmpi {

std::unique_ptr<const Foreseen> Registry::Rep::Foresee(const RecordKey& record, const std::string& packed,
                                                       const Generation& with) const {
  uint64_t as_of;
  {
    const std::lock_guard lock(write_mutex);
    if (!making && !committing && waiting.empty()) return nullptr;
    as_of = groups_committed;
  }
  auto foreseen = std::make_unique<Foreseen>(Foreseen{ForeseenRows(as_of), {}});
  const ForeseeingView view(store.get(), &foreseen->rows);
  LookAhead(view, record, packed, with, &foreseen->scores).IgnoreError();
  return foreseen;
}

absl::Status Registry::Rep::LookAhead(const View& view, const RecordKey& record, const std::string& packed,
                                      const Generation& with, KnownScores* scores) const {
  constexpr size_t kMostNodes = 100;
  const StoreLinkage kept = LinkageOf(&view, with);
  std::vector<std::optional<std::string>> ignored;
  const std::string statement[] = {base.Of(Table::kStatement, record)};
  LIBMPI_RETURN_IF_ERROR(view.Read(statement, &ignored));
  const SlotKey content{HashBytes(packed), SlotKey::kContentStep};
  std::vector<KeySlot> slots;
  LIBMPI_RETURN_IF_ERROR(kept.ReadSlots({&content, 1}, &slots));
  std::vector<NodeId> nodes;
  bool more;
  LIBMPI_RETURN_IF_ERROR(NodesThatMeet(kept, packed, kMostNodes, &nodes, &more));
  std::vector<std::string> contents;
  LIBMPI_RETURN_IF_ERROR(kept.ReadContents(nodes, &contents));
  LIBMPI_RETURN_IF_ERROR(scores->Learn(*with.model, packed, nodes, contents));
  // Those that it will be linked with, or asked about, and theirs.
  std::set<NodeId> near;
  std::vector<NodeId> next;
  for (size_t i = 0; i < nodes.size(); ++i)
    if (const PairScore* score = scores->Find(nodes[i], contents[i]);
        score != nullptr && score->weight >= with.model->lowest())
      next.push_back(nodes[i]);
  std::vector<std::string> answers = {with.keys.Of(Table::kPerson, record)};
  while (!next.empty() && near.size() < kMostNodes) {
    std::vector<NodeState> states;
    LIBMPI_RETURN_IF_ERROR(kept.ReadStates(next, &states));
    near.insert(next.begin(), next.end());
    next.clear();
    for (const NodeState& state : states) {
      for (const KeptRecord& r : state.records) answers.push_back(with.keys.Of(Table::kPerson, r.key));
      for (const KeptEdge& e : state.edges)
        if (e.weight >= with.model->thresholds().review && !near.contains(e.other)) next.push_back(e.other);
    }
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
  }
  return view.Read(answers, &ignored);
}

}  // namespace libmpi
