// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/gathered_nodes.h"

#include <utility>
#include <vector>

namespace libmpi {

GatheredNodes::GatheredNodes(std::span<const uint32_t> nodes, const GrownNodes& from, const PairScoring& scoring,
                             int threads) {
  std::vector<TextId> own(from.text_limit(), 0);  // by text of the index; 0: not met yet
  const auto take_text = [&](TextId* id) {
    if (*id == 0) return;
    TextId& number = own[*id];
    if (number == 0) number = records_.texts.Intern(from.text(*id));
    *id = number;
  };
  records_.records.reserve(nodes.size());
  records_.more.emplace_back();
  constexpr size_t kAhead = 8;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (i + kAhead < nodes.size()) {
      const char* const ahead = reinterpret_cast<const char*>(&from.node(nodes[i + kAhead]));
      for (size_t at = 0; at < sizeof(EncodedRecord); at += 64) __builtin_prefetch(ahead + at);
    }
    EncodedRecord& record = records_.records.emplace_back(from.node(nodes[i]));
    if (record.more == 0) {
      MoreValues none;
      GrownNodes::ForEachText(&record, &none, take_text);
      continue;
    }
    MoreValues more = from.more_of(record);
    GrownNodes::ForEachText(&record, &more, take_text);
    record.more = static_cast<uint32_t>(records_.more.size());
    records_.more.push_back(std::move(more));
  }
  scorer_ = std::make_unique<NodeScorer>(&records_, scoring, threads);
}

}  // namespace libmpi
