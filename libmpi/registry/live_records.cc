// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/live_records.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "libmpi/base/status_macros.h"

namespace libmpi {

absl::Status LiveRecords::Read(const View& view, const Registry::Rep& rep) {
  LIBMPI_RETURN_IF_ERROR(statements_.Open(rep.folder + "/statements.tmp"));
  absl::Status status;
  RecordView record;
  LIBMPI_RETURN_IF_ERROR(view.Scan(rep.base.Prefix(Table::kStatement), rep.base.End(Table::kStatement),
                                   [&](std::string_view, std::string_view bytes) {
                                     Statement head;
                                     record.Clear();
                                     status = UnpackView(bytes, &head, &record);
                                     if (!status.ok() || head.status != RecordStatus::kLive) return status.ok();
                                     numbers.push_back(head.number);
                                     ranks.push_back(head.rank());
                                     decided.push_back(head.decided);
                                     status = statements_.Append(bytes);
                                     return status.ok();
                                   }));
  LIBMPI_RETURN_IF_ERROR(status);
  LIBMPI_RETURN_IF_ERROR(statements_.Finish());
  return ReadDecisions(view, rep);
}

absl::Status LiveRecords::ReadDecisions(const View& view, const Registry::Rep& rep) {
  absl::flat_hash_map<uint32_t, uint32_t> place;
  for (uint32_t i = 0; i < numbers.size(); ++i)
    if (decided[i]) place[numbers[i]] = i;
  absl::Status status;
  LIBMPI_RETURN_IF_ERROR(view.Scan(rep.base.Prefix(Table::kDecision), rep.base.End(Table::kDecision),
                                   [&](std::string_view key, std::string_view bytes) {
                                     DecisionValue value;
                                     status = Unpack(bytes, &value);
                                     const uint64_t pair = Keys::LastEvent(key);  // two numbers of four bytes
                                     const auto a = place.find(static_cast<uint32_t>(pair >> 32)),
                                                b = place.find(static_cast<uint32_t>(pair));
                                     if (a != place.end() && b != place.end() && a->first < b->first)
                                       decisions_.push_back({a->second, b->second, value.same});
                                     return status.ok();
                                   }));
  return status;
}

RecordKey LiveRecords::KeyOf(size_t i) const {
  Statement head;
  RecordView record;
  if (!UnpackView(statements_[i], &head, &record).ok()) return {};
  return {std::string(record.source), std::string(record.record_id), record.part};
}

void LiveRecords::ReadRecord(size_t i, RecordView* record) const {
  Statement head;
  if (!UnpackView(statements_[i], &head, record).ok()) record->Clear();  // the disk under the mapping failed
}

absl::Status LiveRecords::Link(const FrozenModel& model, const std::string& folder, int threads,
                               const ProgressCallback& progress) {
  LIBMPI_ASSIGN_OR_RETURN(arrays_, ArrayFiles::Make(folder + "/link-arrays"));
  LinkOptions options = model.BatchOptions();
  options.threads = threads;
  options.progress = progress;
  options.decisions = decisions_;
  LIBMPI_ASSIGN_OR_RETURN(
      linked_, DedupeKeepingIndex(size(), [this](size_t i, RecordView* out) { ReadRecord(i, out); }, options,
                                  arrays_.get()));
  return absl::OkStatus();
}

absl::StatusOr<LinkedRecords> LiveRecords::ForTables() const {
  LinkedRecords records;
  LIBMPI_ASSIGN_OR_RETURN(records.index, arrays_->Index());
  records.key_of = [this](size_t i) { return KeyOf(i); };
  records.numbers = numbers;
  records.ranks = ranks;
  records.decided = decided;
  records.review = &linked_.review;
  return records;
}

std::vector<uint32_t> LiveRecords::Persons() const {
  std::vector<uint32_t> lowest(size(), UINT32_MAX), person(size());
  for (size_t i = 0; i < size(); ++i) lowest[linked_.cluster[i]] = std::min(lowest[linked_.cluster[i]], ranks[i]);
  for (size_t i = 0; i < size(); ++i) person[i] = lowest[linked_.cluster[i]];
  return person;
}

}  // namespace libmpi
