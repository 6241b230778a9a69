// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/update_input.h"

#include <algorithm>
#include <deque>
#include <set>
#include <string>
#include <utility>

#include "libmpi/base/status_macros.h"

namespace nayose {
namespace {

using libmpi::KeyView;
using libmpi::PatientFiles;
using SourceAndId = std::pair<std::string, std::string>;

bool SameId(const KeyView& a, const KeyView& b) { return a.source == b.source && a.record_id == b.record_id; }

// One list of incoming records.
class Incoming {
 public:
  Incoming(const PatientFiles& nightly, const RunIndex& index, int threads)
      : nightly_(nightly), index_(index), threads_(threads) {
    for (const libmpi::RecordKey& id : index.facts().refused) refused_.emplace(id.source, id.record_id);
  }

  absl::StatusOr<IncomingRecords> Find() {
    FindKnownIds();
    LIBMPI_RETURN_IF_ERROR(Regroup());
    Gather();
    Place();
    return std::move(out_);
  }

 private:
  // Records of an id before: [first, last).
  std::pair<size_t, size_t> Before(std::string_view source, std::string_view id, size_t from = 0) const {
    const KeyView key(source, id, 0);
    const size_t first = index_.LowerBound(key, from);
    size_t last = first;
    while (last < index_.size() && SameId(index_.KeyOf(last), key)) ++last;
    return {first, last};
  }

  // Calls take(id) for the ids before that are this one, a # and more: names that parts of it may not take.
  template <typename Take>
  void ForEachMarked(const SourceAndId& id, const Take& take) const {
    const std::string prefix = id.second + '#';
    for (size_t i = index_.LowerBound({id.first, prefix, 0}); i < index_.size(); ++i) {
      const KeyView key = index_.KeyOf(i);
      if (key.source != id.first || !key.record_id.starts_with(prefix)) return;
      take(SourceAndId(key.source, key.record_id));
    }
  }

  void Touch(SourceAndId id) {
    if (touched_.insert(id).second) to_follow_.push_back(std::move(id));
  }

  void FindKnownIds() {
    std::vector<SourceAndId> marked;  // ids with a #
    size_t from = 0;
    for (size_t i = 0; i < nightly_.size(); ++i) {
      const KeyView key = nightly_.KeyOf(i);
      if (i > 0 && SameId(nightly_.KeyOf(i - 1), key)) continue;
      from = index_.LowerBound({key.source, key.record_id, 0}, from);
      const bool known = from < index_.size() && SameId(index_.KeyOf(from), key);
      out_.known_ids += known;
      if (known || key.part != 0) Touch({std::string(key.source), std::string(key.record_id)});
      if (key.record_id.find('#') != std::string_view::npos)
        marked.emplace_back(std::string(key.source), std::string(key.record_id));
    }
    for (const SourceAndId& id : marked) {
      SourceAndId base(id.first, id.second.substr(0, id.second.rfind('#')));
      const auto [first, last] = Before(base.first, base.second);
      if (first == last && !touched_.contains(base)) continue;
      Touch(base);
      Touch(id);
    }
    while (!to_follow_.empty()) {
      const SourceAndId id = std::move(to_follow_.front());
      to_follow_.pop_front();
      ForEachMarked(id, [&](SourceAndId other) { Touch(std::move(other)); });
    }
  }

  bool IsTouched(const KeyView& key) const {
    return touched_.contains(SourceAndId(std::string(key.source), std::string(key.record_id)));
  }
  bool IsRefused(const KeyView& key) const {
    return !refused_.empty() && refused_.contains(SourceAndId(std::string(key.source), std::string(key.record_id)));
  }

  absl::Status Regroup() {
    std::vector<Layout> layouts = index_.facts().layouts;
    const RowPacker packer(&nightly_, &layouts);
    std::vector<std::string> texts(layouts.size());
    size_t from = 0;
    for (const auto& [source, id] : touched_) {
      const auto [first, last] = Before(source, id, from);
      from = first;
      for (size_t i = first; i < last; ++i) {
        gone_.push_back(static_cast<uint32_t>(i));
        if (!UnpackRows(index_.RowsOf(i), &texts)) return absl::DataLossError("the index of the previous run is damaged");
      }
    }
    std::string rows;
    for (size_t i = 0; i < nightly_.size(); ++i) {
      const KeyView key = nightly_.KeyOf(i);
      if (IsRefused(key) || !IsTouched(key)) continue;
      rows.clear();
      packer.Append(i, &rows);
      UnpackRows(rows, &texts);
    }
    libmpi::ReadOptions options;
    options.threads = threads_;
    for (size_t l = 0; l < layouts.size(); ++l)
      if (!texts[l].empty()) options.kept.push_back({"(known records)", layouts[l], std::move(texts[l])});
    if (options.kept.empty()) return absl::OkStatus();
    auto read = PatientFiles::Read({}, options);
    if (!read.ok()) return read.status();
    out_.regrouped = std::make_unique<PatientFiles>(*std::move(read));
    out_.rejects = out_.regrouped->rejects();
    out_.refused = out_.regrouped->refused_ids();
    return absl::OkStatus();
  }

  // New records and regrouped ones, in one order.
  void Gather() {
    for (size_t i = 0; i < nightly_.size(); ++i) {
      const KeyView key = nightly_.KeyOf(i);
      if (IsRefused(key)) {
        const auto [file, line] = nightly_.Where(i);
        out_.rejects.push_back({std::string(file), line, "record_id",
                                "is one of more different statements with one record_id than a person has"});
      } else if (!IsTouched(key)) {
        out_.added.push_back({&nightly_, i});
      }
    }
    const size_t own = out_.added.size();
    for (size_t i = 0; out_.regrouped != nullptr && i < out_.regrouped->size(); ++i)
      out_.added.push_back({out_.regrouped.get(), i});
    std::inplace_merge(out_.added.begin(), out_.added.begin() + static_cast<ptrdiff_t>(own), out_.added.end(),
                       [](const FileRecord& x, const FileRecord& y) {
                         return x.files->KeyOf(x.index) < y.files->KeyOf(y.index);
                       });
  }

  void Place() {
    libmpi::RecordChange& change = out_.change;
    const size_t before = index_.size();
    change.place.resize(before);
    auto gone = gone_.begin();
    size_t a = 0, from = 0;
    uint32_t next = 0;
    std::vector<size_t> at;  // by place in `added`: how many records before stand before it
    for (const FileRecord& record : out_.added) {
      from = index_.LowerBound(record.files->KeyOf(record.index), from);
      at.push_back(from);
    }
    for (size_t i = 0; i <= before; ++i) {
      for (; a < at.size() && at[a] == i; ++a) {
        change.added.push_back(next++);
        const bool known = i < before && index_.KeyOf(i) == out_.added[a].files->KeyOf(out_.added[a].index);
        out_.before.push_back(known ? static_cast<uint32_t>(i) : IncomingRecords::kNew);
      }
      if (i == before) break;
      if (gone == gone_.end() || *gone != i) {
        change.place[i] = next++;
        continue;
      }
      ++gone;
      change.place[i] = libmpi::RecordChange::kGone;
      if (out_.before.empty() || out_.before.back() != i) out_.gone.push_back(index_.KeyOf(i).ToKey());
    }
    change.count = next;
    CarryDecisions();
    change.reader = [added = out_.added](size_t i, libmpi::RecordView* record) {
      added[i].files->Get(added[i].index, record);
    };
  }

  // As a run over all files reads them from the decision file: of records that are no more they are left out.
  void CarryDecisions() {
    const auto after = [&](uint32_t before) {
      if (const uint32_t at = out_.change.place[before]; at != libmpi::RecordChange::kGone) return at;
      const auto it = std::find(out_.before.begin(), out_.before.end(), before);
      return it == out_.before.end() ? libmpi::RecordChange::kGone
                                     : out_.change.added[static_cast<size_t>(it - out_.before.begin())];
    };
    for (const libmpi::Decision& d : index_.facts().decisions) {
      const libmpi::Decision carried{after(d.a), after(d.b), d.same};
      const bool lost = carried.a == libmpi::RecordChange::kGone || carried.b == libmpi::RecordChange::kGone;
      out_.lost_decisions += lost;
      if (!lost) out_.decisions.push_back(carried);
    }
  }

  const PatientFiles& nightly_;
  const RunIndex& index_;
  const int threads_;
  std::set<SourceAndId> refused_, touched_;
  std::deque<SourceAndId> to_follow_;
  std::vector<uint32_t> gone_;  // records before, ascending
  IncomingRecords out_;
};

}  // namespace

absl::StatusOr<IncomingRecords> FindIncoming(const PatientFiles& nightly, const RunIndex& index, int threads) {
  return Incoming(nightly, index, threads).Find();
}

}  // namespace nayose
