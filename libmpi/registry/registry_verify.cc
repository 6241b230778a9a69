// SPDX-License-Identifier: Apache-2.0
// Whether all that is kept is what it should be.
#include <atomic>
#include <map>
#include <mutex>
#include <utility>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/registry/derived_tables.h"
#include "libmpi/registry/live_records.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/rep.h"

namespace libmpi {
namespace {

// Rows that should be, against those that are.
class ComparingRange : public Store::RangeWriter {
 public:
  explicit ComparingRange(const View* view) : view_(*view) {}
  absl::Status Add(std::string_view key, std::string_view value) override {
    keys_.emplace_back(key);
    values_.emplace_back(value);
    return keys_.size() < 256 ? absl::OkStatus() : Finish();
  }
  absl::Status Finish() {
    std::vector<std::optional<std::string>> kept;
    if (!keys_.empty()) LIBMPI_RETURN_IF_ERROR(view_.Read(keys_, &kept));
    for (size_t i = 0; i < keys_.size(); ++i) {
      ++rows;
      missing += !kept[i].has_value();
      other += kept[i].has_value() && *kept[i] != values_[i];
    }
    keys_.clear();
    values_.clear();
    return absl::OkStatus();
  }
  uint64_t rows = 0, missing = 0, other = 0;

 private:
  const View& view_;
  std::vector<std::string> keys_, values_;
};

class Verification {
 public:
  Verification(const Registry::Rep& rep, int threads, const ProgressCallback& progress)
      : rep_(rep), threads_(ResolveThreads(threads)), progress_(progress) {}

  absl::Status Run(std::vector<std::string>* findings) {
    findings_ = findings;
    LIBMPI_RETURN_IF_ERROR(rep_.store->VerifyFiles());
    LIBMPI_RETURN_IF_ERROR(TakeStock());
    LIBMPI_RETURN_IF_ERROR(CheckStatements());
    LIBMPI_RETURN_IF_ERROR(CheckHistory());
    LIBMPI_RETURN_IF_ERROR(CheckDecisions());
    if (records_.size() != counters_.live) Say("counted records", counters_.live, records_.size());
    LIBMPI_RETURN_IF_ERROR(CheckDerived());
    if (!findings_->empty() && generation_->rules != kLinkageRules)
      findings_->push_back("an earlier release linked this registry, by rules that have changed: link it anew (nayose "
                           "registry relink), then verify it");
    return absl::OkStatus();
  }

 private:
  void Say(std::string what) { findings_->push_back(std::move(what)); }
  void Say(std::string_view what, uint64_t kept, uint64_t right) {
    if (kept != right)
      Say(std::string(what) + ": " + std::to_string(kept) + " where there should be " + std::to_string(right));
  }

  absl::Status TakeStock() {
    // Whole: between two commits.
    LIBMPI_RETURN_IF_ERROR(const_cast<Registry::Rep&>(rep_).WriteAlone(
        [this](const Writing& w) {
          view_ = std::make_unique<SnapshotView>(rep_.store.get());
          counters_ = *w.counters;
          generation_ = rep_.generation();
          return absl::OkStatus();
        },
        nullptr));
    return records_.Read(*view_, rep_);
  }

  template <typename Value, typename Visit>
  absl::Status ForEach(Table table, const Visit& visit) const {
    absl::Status status;
    LIBMPI_RETURN_IF_ERROR(view_->Scan(rep_.base.Prefix(table), rep_.base.End(table),
                                       [&](std::string_view key, std::string_view bytes) {
                                         Value value;
                                         status = Unpack(bytes, &value);
                                         if (status.ok()) status = visit(key, value);
                                         return status.ok();
                                       }));
    return status;
  }

  // Every number that a statement answers for names it, and the other way round.
  absl::Status CheckStatements() {
    uint64_t borne = 0, lost = 0, held = 0, dangling = 0;
    const auto check = [&](std::string_view, const Statement& s) -> absl::Status {
      for (uint32_t number : s.origins) {
        if (s.status == RecordStatus::kSubsumed) continue;  // whoever answers now bears them
        ++borne;
        std::vector<Statement> bearers;
        LIBMPI_RETURN_IF_ERROR(BearersOf(*view_, rep_.base, number, &bearers));
        lost += bearers.empty() || bearers.back().record.key != s.record.key;
      }
      if (!s.surviving) return absl::OkStatus();
      Statement other;
      bool found;
      LIBMPI_RETURN_IF_ERROR(view_->Read(rep_.base.Of(Table::kStatement, *s.surviving), &other, &found));
      dangling += !found;
      return absl::OkStatus();
    };
    LIBMPI_RETURN_IF_ERROR(ForEach<Statement>(Table::kStatement, check));
    uint64_t numbers = 0;
    const auto count = [&](std::string_view key, const RecordKey&) -> absl::Status {
      std::vector<Statement> bearers;
      LIBMPI_RETURN_IF_ERROR(BearersOf(*view_, rep_.base, Keys::LastNumber(key), &bearers));
      numbers += !bearers.empty() && bearers.back().status != RecordStatus::kSubsumed;  // else nobody has it any more
      return absl::OkStatus();
    };
    LIBMPI_RETURN_IF_ERROR(ForEach<RecordKey>(Table::kNumber, count));
    LIBMPI_RETURN_IF_ERROR(ForEach<HeldValue>(Table::kHeld, [&](std::string_view, const HeldValue&) {
      ++held;
      return absl::OkStatus();
    }));
    Say("enterprise IDs that lead to another record", lost, 0);
    Say("enterprise IDs", numbers, borne);
    Say("merged identifiers that lead nowhere", dangling, 0);
    Say("counted held revisions", counters_.held, held);
    return absl::OkStatus();
  }

  absl::Status CheckHistory() {
    uint64_t events = 0, last = 0;
    LIBMPI_RETURN_IF_ERROR(ForEach<EventValue>(Table::kEvent, [&](std::string_view key, const EventValue&) {
      ++events;
      last = Keys::LastEvent(key);
      return absl::OkStatus();
    }));
    Say("events in the history", events, counters_.next_event - 1);
    Say("last event", last, counters_.next_event - 1);
    return absl::OkStatus();
  }

  absl::Status CheckDecisions() {
    uint64_t one_way = 0;
    const auto check = [&](std::string_view key, const DecisionValue& d) -> absl::Status {
      const uint64_t pair = Keys::LastEvent(key);  // two numbers of four bytes
      DecisionValue back;
      bool found;
      LIBMPI_RETURN_IF_ERROR(view_->Read(
          rep_.base.Of(Table::kDecision, static_cast<uint32_t>(pair), static_cast<uint32_t>(pair >> 32)), &back,
          &found));
      one_way += !found || back.same != d.same;
      return absl::OkStatus();
    };
    LIBMPI_RETURN_IF_ERROR(ForEach<DecisionValue>(Table::kDecision, check));
    Say("decisions that only one of two records knows", one_way, 0);
    return absl::OkStatus();
  }

  // What a run makes of the live records against what record by record made.
  absl::Status CheckDerived() {
    LIBMPI_RETURN_IF_ERROR(records_.Link(*generation_->model, rep_.folder, threads_, progress_));
    LIBMPI_ASSIGN_OR_RETURN(LinkedRecords linked, records_.ForTables());
    LIBMPI_RETURN_IF_ERROR(TakeNodes(&linked));
    if (linked.node_ids.size() != linked.index.nodes.size()) return absl::OkStatus();  // told already
    DerivedTables tables(linked, *generation_, *rep_.cipher, threads_);
    LIBMPI_RETURN_IF_ERROR(tables.Prepare());
    Say("counted persons", counters_.persons, tables.persons());
    const std::vector<TableRange> ranges = tables.Ranges();
    struct Sum {
      uint64_t rows = 0, missing = 0, other = 0;
    };
    std::map<std::string, Sum> sums;
    std::mutex mutex;
    const auto compare = [&](size_t r) -> absl::Status {
      ComparingRange compared(view_.get());
      LIBMPI_RETURN_IF_ERROR(ranges[r].write(&compared));
      LIBMPI_RETURN_IF_ERROR(compared.Finish());
      const std::lock_guard lock(mutex);
      Sum& sum = sums[ranges[r].name];
      sum.rows += compared.rows;
      sum.missing += compared.missing;
      sum.other += compared.other;
      return absl::OkStatus();
    };
    LIBMPI_RETURN_IF_ERROR(ForEachRange(ranges.size(), threads_, progress_, "verify", compare));
    const std::map<std::string, Table> table_of = {
        {"slots", Table::kSlot},   {"persons", Table::kPerson},     {"states", Table::kState},
        {"nodes", Table::kNodeOf}, {"contents", Table::kContent},   {"questions", Table::kQuestion},
        {"priorities", Table::kPriority}, {"terms", Table::kTerm}};
    for (const auto& [name, sum] : sums) {
      uint64_t rows = 0;
      const auto table = table_of.find(name);
      if (table == table_of.end()) return absl::InternalError("a table that is not verified: " + name);
      LIBMPI_RETURN_IF_ERROR(view_->Scan(generation_->keys.Prefix(table->second), generation_->keys.End(table->second),
                                         [&](std::string_view, std::string_view) { return ++rows, true; }));
      Say("rows of " + name, rows, sum.rows);
      Say("rows of " + name + " that are missing", sum.missing, 0);
      Say("rows of " + name + " that say something else than a run", sum.other, 0);
    }
    return absl::OkStatus();
  }

  // Which kept node is which of the run's.
  absl::Status TakeNodes(LinkedRecords* linked) {
    const StoreLinkage kept = rep_.LinkageOf(view_.get(), *generation_);
    std::vector<NodeId> ids(linked->index.nodes.size(), 0);
    uint64_t apart = 0, without = 0;
    for (size_t i = 0; i < records_.size(); ++i) {
      std::optional<NodeId> node;
      LIBMPI_RETURN_IF_ERROR(kept.ReadNodeOf(records_.numbers[i], &node));
      if (!node) {
        ++without;
        continue;
      }
      NodeId& id = ids[linked->index.node_of[i]];
      apart += id != 0 && id != *node;
      id = *node;
    }
    Say("records that take no part in the linkage", without, 0);
    Say("records that say the same and are two nodes", apart, 0);
    if (without == 0) linked->node_ids = std::move(ids);
    return absl::OkStatus();
  }

  const Registry::Rep& rep_;
  const int threads_;
  const ProgressCallback& progress_;
  std::vector<std::string>* findings_ = nullptr;
  std::unique_ptr<SnapshotView> view_;
  Counters counters_;
  std::shared_ptr<const Generation> generation_;
  LiveRecords records_;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> Registry::Verify(int threads, const ProgressCallback& progress) const {
  std::vector<std::string> findings;
  LIBMPI_RETURN_IF_ERROR(Verification(*rep_, threads, progress).Run(&findings));
  return findings;
}

}  // namespace libmpi
