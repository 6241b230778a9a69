// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/update_output.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/exchange/output_pieces.h"
#include "tools/nayose/decisions.h"
#include "tools/nayose/run_state.h"
#include "tools/nayose/run_tables.h"

namespace nayose {
namespace {

using libmpi::KeyView;
constexpr uint32_t kGone = libmpi::RecordChange::kGone;

template <typename T>
std::string_view BytesOf(const T& items) {
  return {reinterpret_cast<const char*>(items.data()), items.size() * sizeof(items[0])};
}

absl::Status WriteClusters(const FinishedUpdate& update, const std::string& path, libmpi::BackgroundCommits* commits) {
  const RecordsAfter& records = *update.records;
  const std::vector<uint32_t>& cluster = update.result->cluster;
  constexpr size_t kGrain = size_t{1} << 13;
  std::vector<uint64_t> id(records.size());  // of records that a cluster is named by
  libmpi::ParallelChunks(records.size(), kGrain, update.threads, [&](size_t begin, size_t end, int) {
    for (size_t i = begin; i < end; ++i)
      if (cluster[i] == i) id[i] = ClusterNumber(records.KeyOf(i), 0);
  });
  auto file = libmpi::OutputFile::Create(path);
  if (!file.ok()) return file.status();
  file->Append("record_id,source,cluster_id\n");
  libmpi::AppendInPieces(records.size(), kGrain, update.threads, &*file,
                         [&](size_t begin, size_t end, int, std::string* text) {
                           for (size_t i = begin; i < end; ++i) {
                             if (i + 12 < end) __builtin_prefetch(&id[cluster[i + 12]]);
                             AppendRecordKey(records.KeyOf(i), text);
                             text->push_back(',');
                             AppendClusterId(id[cluster[i]], text);
                             text->push_back('\n');
                           }
                         });
  commits->Add(*std::move(file));
  return absl::OkStatus();
}

// Who was with whom before, of the records that were decided again.
class Changes {
 public:
  explicit Changes(const FinishedUpdate& update) : update_(update) {
    const auto& place = update.incoming->change.place;
    // Records before by their number afterwards, for those that were decided again.
    const auto& decided = update.result->decided;
    before_.assign(decided.size(), kGone);
    const auto put = [&](uint32_t after, uint32_t before) {
      const auto at = std::lower_bound(decided.begin(), decided.end(), after);
      if (at != decided.end() && *at == after) before_[static_cast<size_t>(at - decided.begin())] = before;
    };
    size_t next = 0;  // place ascends
    for (uint32_t i = 0; i < place.size(); ++i) {
      if (place[i] == kGone) continue;
      while (next < decided.size() && decided[next] < place[i]) ++next;
      if (next < decided.size() && decided[next] == place[i]) before_[next] = i;
    }
    for (size_t a = 0; a < update.incoming->added.size(); ++a)
      if (update.incoming->before[a] != IncomingRecords::kNew)
        put(update.incoming->change.added[a], update.incoming->before[a]);
    for (size_t d = 0; d < decided.size(); ++d) {
      if (before_[d] == kGone) continue;
      Note(&after_of_, OldCluster(d), NewCluster(d));
      Note(&before_of_, NewCluster(d), OldCluster(d));
    }
  }

  std::string Text(ChangeCounts* counts) const {
    std::string text = "record_id,source,change,cluster_id_before,cluster_id\n";
    const auto& decided = update_.result->decided;
    for (size_t d = 0; d < decided.size(); ++d) {
      const KeyView key = update_.records->KeyOf(decided[d]);
      const uint64_t after = ClusterNumber(update_.records->KeyOf(NewCluster(d)), 0);
      if (before_[d] == kGone) {
        const bool alone = !before_of_.contains(NewCluster(d));
        ++(alone ? counts->new_records : counts->joined);
        Row(key, alone ? "new" : "joined", std::nullopt, after, &text);
        continue;
      }
      const uint64_t before = ClusterNumber(update_.index->KeyOf(OldCluster(d)), 0);
      const bool split = after_of_.at(OldCluster(d)) == kMany, joined = before_of_.at(NewCluster(d)) == kMany;
      if (!split && !joined && before == after) continue;
      ++(split && joined ? counts->moved : split ? counts->split : joined ? counts->joined : counts->renamed);
      Row(key, split && joined ? "moved" : split ? "split" : joined ? "joined" : "renamed", before, after, &text);
    }
    for (const libmpi::RecordKey& key : update_.incoming->gone) {
      ++counts->gone;
      const uint32_t before = update_.index->view().cluster[update_.index->LowerBound(key)];
      Row(key, "gone", ClusterNumber(update_.index->KeyOf(before), 0), std::nullopt, &text);
    }
    return text;
  }

 private:
  using ClusterOf = absl::flat_hash_map<uint32_t, uint32_t>;
  static constexpr uint32_t kMany = kGone;

  static void Note(ClusterOf* of, uint32_t key, uint32_t value) {
    const auto [it, fresh] = of->try_emplace(key, value);
    if (!fresh && it->second != value) it->second = kMany;
  }
  static void Row(const KeyView& key, std::string_view change, std::optional<uint64_t> before,
                  std::optional<uint64_t> after, std::string* text) {
    AppendRecordKey(key, text);
    text->push_back(',');
    *text += change;
    text->push_back(',');
    if (before) AppendClusterId(*before, text);
    text->push_back(',');
    if (after) AppendClusterId(*after, text);
    text->push_back('\n');
  }
  uint32_t OldCluster(size_t d) const { return update_.index->view().cluster[before_[d]]; }
  uint32_t NewCluster(size_t d) const { return update_.result->cluster[update_.result->decided[d]]; }

  const FinishedUpdate& update_;
  std::vector<uint32_t> before_;     // by decided record: its number before, or kGone
  ClusterOf after_of_, before_of_;   // the one cluster that a cluster's records are in (were in), or kMany
};

absl::Status WriteFindings(const FinishedUpdate& update, const std::string& path) {
  std::string text(kFindingsHeader);
  for (const libmpi::FileFinding& found : update.nightly->findings())
    AppendFinding(found.key, found.file, found.line, found.finding, &text);
  const auto& added = update.incoming->added;
  for (const auto& [record, finding] : update.result->findings) {
    const auto at = std::lower_bound(update.incoming->change.added.begin(), update.incoming->change.added.end(), record);
    const FileRecord& from = added[static_cast<size_t>(at - update.incoming->change.added.begin())];
    const bool known = from.files != update.nightly;  // where its rows stood is not kept
    const auto [file, line] = from.files->Where(from.index);
    AppendFinding(from.files->KeyOf(from.index), known ? std::string_view() : file, known ? 0 : line, finding, &text);
  }
  return libmpi::WriteWholeFile(path, text);
}

}  // namespace

RecordsAfter::RecordsAfter(const RunIndex& index, const IncomingRecords& incoming) : sources_(index.facts().sources) {
  absl::flat_hash_map<std::string, uint32_t> number_of;
  for (uint32_t s = 0; s < sources_.size(); ++s) number_of.emplace(sources_[s], s);
  const auto& change = incoming.change;
  arrays_.ids.reserve(index.ids().size() + 16 * change.added.size());
  arrays_.id_begin.reserve(change.count + 1);
  arrays_.sources.reserve(change.count);
  arrays_.parts.reserve(change.count);
  arrays_.row_at.reserve(change.count);
  size_t next = 0;
  const auto add_come = [&](size_t until) {
    for (; next < change.added.size() && change.added[next] < until; ++next) {
      const FileRecord& record = incoming.added[next];
      const KeyView key = record.files->KeyOf(record.index);
      const auto [it, fresh] = number_of.try_emplace(std::string(key.source), static_cast<uint32_t>(sources_.size()));
      if (fresh) sources_.emplace_back(key.source);
      arrays_.ids.append(key.record_id);
      arrays_.id_begin.push_back(arrays_.ids.size());
      arrays_.sources.push_back(it->second);
      arrays_.parts.push_back(key.part);
      arrays_.row_at.push_back(0);
    }
  };
  for (size_t i = 0; i < change.place.size(); ++i) {
    if (change.place[i] == kGone) continue;
    add_come(change.place[i]);
    const uint64_t begin = index.id_begin()[i];
    arrays_.ids.append(index.ids().data() + begin, index.id_begin()[i + 1] - begin);
    arrays_.id_begin.push_back(arrays_.ids.size());
    arrays_.sources.push_back(index.sources()[i]);
    arrays_.parts.push_back(index.parts()[i]);
    arrays_.row_at.push_back(index.row_at()[i]);
  }
  add_come(change.count);
}

libmpi::RecordPairs RecordsAfter::PartsOfOneId() const {
  libmpi::RecordPairs pairs;
  for (uint32_t i = 0; i < size(); ++i) {
    if (arrays_.parts[i] == 0) continue;
    for (uint32_t j = i + 1; j < size() && arrays_.parts[j] != 0; ++j) {
      const KeyView a = KeyOf(i), b = KeyOf(j);
      if (a.source != b.source || a.record_id != b.record_id) break;
      pairs.emplace_back(i, j);
    }
  }
  return pairs;
}

absl::Status WriteUpdateTables(const FinishedUpdate& update, ChangeCounts* changes, size_t* links_written) {
  libmpi::BackgroundCommits commits;
  const std::string& aside = update.aside;
  LIBMPI_RETURN_IF_ERROR(WriteClusters(update, aside + "/clusters.csv", &commits));
  LIBMPI_RETURN_IF_ERROR(libmpi::WriteWholeFile(aside + "/changes.csv", Changes(update).Text(changes)));
  const KeyedRecords keyed = {update.records->size(), [&](size_t i) { return update.records->KeyOf(i); }, {}};
  const std::vector<uint32_t> links = LinksToWrite(update.result->links, update.records->size(), update.all_links);
  *links_written = links.size();
  LIBMPI_RETURN_IF_ERROR(
      WriteLinks(aside + "/links.csv", keyed, update.result->links, links, update.threads, &commits));
  LIBMPI_RETURN_IF_ERROR(WriteReview(aside + "/review.csv", keyed, update.result->review, &commits));
  LIBMPI_RETURN_IF_ERROR(WriteFindings(update, aside + "/findings.csv"));
  std::vector<libmpi::Reject> rejects = update.nightly->rejects();
  rejects.insert(rejects.end(), update.incoming->rejects.begin(), update.incoming->rejects.end());
  LIBMPI_RETURN_IF_ERROR(WriteRejects(aside + "/rejects.csv", rejects));
  return commits.Finish();
}

absl::Status WriteUpdateState(const FinishedUpdate& update) {
  libmpi::BackgroundCommits commits;
  LIBMPI_RETURN_IF_ERROR(
      WriteLaterRecords(update.previous, update.aside, update.incoming->added, update.incoming->gone));
  IndexFiles files(update.aside + "/state", &commits);
  const std::string before = update.previous + "/state";
  const auto follow = [&](std::string_view name, std::string_view added) -> absl::Status {
    const std::string_view tail = update.index->array(name).tail();
    return files.Follow(before, name, std::string(tail) + std::string(added));
  };
  const auto save = [&](std::string_view name, std::string_view bytes) { return files.Save(name, {&bytes, 1}); };
  const libmpi::GrownNodes& grown = update.result->grown;
  RecordArrays& arrays = update.records->arrays();
  IndexFacts facts = update.index->facts();
  // Rows of what came, each of them after all that is there.
  std::string rows;
  std::map<const libmpi::PatientFiles*, std::unique_ptr<RowPacker>> packers;
  const uint64_t rows_before = update.index->array("rows").bytes().size();
  for (size_t a = 0; a < update.incoming->added.size(); ++a) {
    const FileRecord& record = update.incoming->added[a];
    std::unique_ptr<RowPacker>& packer = packers[record.files];
    if (packer == nullptr) packer = std::make_unique<RowPacker>(record.files, &facts.layouts);
    arrays.row_at[update.incoming->change.added[a]] = rows_before + rows.size();
    packer->Append(record.index, &rows);
  }
  for (const auto& [name, added] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"nodes", BytesOf(grown.nodes)}, {"contents", BytesOf(grown.contents)}, {"keys", BytesOf(grown.keys)},
           {"key_begin", BytesOf(grown.key_begin)}, {"texts", grown.texts},
           {"text_begin", BytesOf(std::span(grown.text_begin).subspan(1))}, {"more", grown.more},
           {"more_begin", BytesOf(grown.more_begin)}, {"rows", rows}})
    LIBMPI_RETURN_IF_ERROR(follow(name, added));
  for (const auto& [name, bytes] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"edges", BytesOf(update.result->edges)}, {"node_of", BytesOf(update.result->node_of)},
           {"cluster", BytesOf(update.result->cluster)}, {"ids", arrays.ids}, {"id_begin", BytesOf(arrays.id_begin)},
           {"sources", BytesOf(arrays.sources)}, {"parts", BytesOf(arrays.parts)}, {"row_at", BytesOf(arrays.row_at)}})
    LIBMPI_RETURN_IF_ERROR(save(name, bytes));
  facts.sources = update.records->sources();
  facts.decisions = update.incoming->decisions;
  facts.refused.insert(facts.refused.end(), update.incoming->refused.begin(), update.incoming->refused.end());
  facts.sizes = files.sizes();
  LIBMPI_RETURN_IF_ERROR(commits.Finish());
  LIBMPI_RETURN_IF_ERROR(WriteIndexFacts(update.aside, facts));
  return WriteLaterFacts(update.previous, update.aside, *update.nightly);
}

}  // namespace nayose
