// SPDX-License-Identifier: Apache-2.0
// Reading an export.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/record_json.h"
#include "tools/nayose/registry_export.h"

namespace nayose {
namespace {

using Json = nlohmann::json;
using libmpi::Record;
using libmpi::RecordKey;

constexpr const char* kEnvelope[] = {"kind", "status", "person", "merged_into"};

Record ParseRecord(Json json, absl::Status* status) {
  for (const char* member : kEnvelope) json.erase(member);
  auto record = libmpi::RecordOfJson(json);
  if (record.ok()) return *std::move(record);
  *status = record.status();
  return Record();
}

std::string TextOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

absl::StatusOr<RecordKey> KeyOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end()) return absl::InvalidArgumentError(std::string("\"") + name + "\" is missing");
  return libmpi::KeyOfJson(*found);
}

// All that a record says, in texts of the view's own.
void MoveInto(Record&& record, libmpi::RecordView* view) {
  view->Clear();
  const auto own = [view](std::string& text) -> std::string_view {
    return text.empty() ? std::string_view() : std::string_view(view->own_texts.emplace_back(std::move(text)));
  };
  view->source = own(record.key.source);
  view->record_id = own(record.key.record_id);
  view->part = record.key.part;
  for (auto& n : record.names)
    view->names.push_back({own(n.full), own(n.family), own(n.given), own(n.full_kana), own(n.family_kana),
                           own(n.given_kana), own(n.latin)});
  for (auto& c : record.coverages) view->coverages.push_back({own(c.insurer), own(c.symbol), own(c.number), own(c.branch)});
  for (auto& c : record.care) view->care.push_back({own(c.insurer), own(c.number)});
  for (auto& a : record.addresses)
    view->addresses.push_back({own(a.postal_code), own(a.prefecture), own(a.city), own(a.street), own(a.full)});
  for (auto [from, to] : {std::pair(&record.former_names, &view->former_names), std::pair(&record.births, &view->births),
                          std::pair(&record.sexes, &view->sexes), std::pair(&record.phones, &view->phones)})
    for (std::string& text : *from) to->push_back(own(text));
}

// Decisions, merges and retirements, once all records are there.
absl::Status ImportRest(const RegistryExport& exported, const libmpi::Attribution& by,
                        const libmpi::ProgressCallback& progress, libmpi::Registry* registry, uint64_t* not_held) {
  const uint64_t all = exported.authorities().size() + exported.decisions().size() + exported.merges().size() +
                       exported.retired().size() + exported.held().size();
  uint64_t done = 0;
  const auto step = [&](const absl::Status& status) {
    if (!status.ok()) return status;
    return progress("decide", ++done, all) ? absl::OkStatus()
                                           : absl::CancelledError("stopped when the records were in, but not all decisions; "
                                                                  "remove the folder, create it and import again");
  };
  for (const auto& a : exported.authorities()) LIBMPI_RETURN_IF_ERROR(step(registry->PutAuthority(a, by)));
  for (const auto& d : exported.decisions()) LIBMPI_RETURN_IF_ERROR(step(registry->Decide(d.a, d.b, d.same, by).status()));
  // A merged identifier takes no revision any more, and keeps what was held.
  for (const auto& revision : exported.held()) {
    const auto answer = registry->Put(revision, by);
    LIBMPI_RETURN_IF_ERROR(step(answer.status()));
    *not_held += answer->outcome != libmpi::PersonOutcome::kHeld;
  }
  for (const auto& m : exported.merges())
    LIBMPI_RETURN_IF_ERROR(step(registry->Subsume(m.subsumed, m.surviving, by).status()));
  for (const auto& key : exported.retired()) LIBMPI_RETURN_IF_ERROR(step(registry->Retire(key, by).status()));
  return absl::OkStatus();
}

}  // namespace

// Some lines in a row, and what they hold.
struct RegistryExport::Piece {
  std::vector<Line> lines;
  uint64_t first_number = 0;  // of its first line, from 1
  RegistryExport out;
  std::optional<uint64_t> end;  // records that the end tells of
  bool any = false;             // a line that is not blank
  absl::Status status;
  uint64_t wrong_line = 0;

  void Parse(const std::string& text) {
    for (size_t i = 0; i < lines.size() && status.ok(); ++i) {
      wrong_line = first_number + i;
      const std::string_view line = std::string_view(text).substr(lines[i].begin, lines[i].size);
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      if (end) {
        status = absl::InvalidArgumentError("stands behind the end");
        return;
      }
      any = true;
      const Json json = Json::parse(line, nullptr, false);
      status = json.is_object() ? ParseLine(json, lines[i]) : absl::InvalidArgumentError("is no JSON object");
    }
  }

  absl::Status ParseLine(const Json& json, const Line& line) {
    const std::string kind = TextOf(json, "kind");
    if (kind == "record") return ParseRecordLine(json, line);
    absl::Status parsed;
    if (kind == "held") {
      out.held_.push_back(ParseRecord(json, &parsed));
    } else if (kind == "decision") {
      libmpi::StewardDecision& decision = out.decisions_.emplace_back();
      LIBMPI_ASSIGN_OR_RETURN(decision.a, KeyOf(json, "a"));
      LIBMPI_ASSIGN_OR_RETURN(decision.b, KeyOf(json, "b"));
      const auto same = json.find("same");
      if (same == json.end() || !same->is_boolean()) return absl::InvalidArgumentError("\"same\" must be true or false");
      decision.same = same->get<bool>();
    } else if (kind == "authority") {
      out.authorities_.push_back({TextOf(json, "name"), TextOf(json, "oid"), TextOf(json, "facility"), TextOf(json, "owner")});
      if (out.authorities_.back().name.empty()) parsed = absl::InvalidArgumentError("\"name\" is missing");
      const auto trust = libmpi::AuthorityTrustOf(TextOf(json, "trust"));
      if (trust) out.authorities_.back().trust = *trust;
      else parsed = absl::InvalidArgumentError("\"trust\" must be verified or declared");
    } else if (kind == "end") {
      const auto records = json.find("records");
      if (records == json.end() || !records->is_number_unsigned())
        return absl::InvalidArgumentError("\"records\" must be a number");
      end = records->get<uint64_t>();
    } else if (kind == "registry" && wrong_line == 1) {
      const auto version = json.find("version");
      if (version == json.end() || *version != 1)
        parsed = absl::InvalidArgumentError("the export is of another version; use the nayose that wrote it, or a newer one");
      out.header_ = json;
    } else {
      return absl::InvalidArgumentError("\"kind\" is none that an export has there");
    }
    return parsed;
  }

  absl::Status ParseRecordLine(const Json& json, const Line& line) {
    absl::Status parsed;
    Record record = ParseRecord(json, &parsed);
    LIBMPI_RETURN_IF_ERROR(parsed);
    const std::string state = TextOf(json, "status");
    if (state == "retired") {
      out.retired_.push_back(record.key);
    } else if (state == "merged") {
      LIBMPI_ASSIGN_OR_RETURN(RecordKey surviving, KeyOf(json, "merged_into"));
      out.merges_.push_back({record.key, std::move(surviving)});
    } else if (state != "live") {
      return absl::InvalidArgumentError("\"status\" must be live, retired or merged");
    }
    out.records_.push_back({line.begin, line.size, std::move(record.key)});
    return absl::OkStatus();
  }
};

absl::Status RegistryExport::Take(Piece* piece) {
  if (!piece->status.ok())
    return absl::InvalidArgumentError(name_ + " line " + std::to_string(piece->wrong_line) + ": " +
                                      std::string(piece->status.message()));
  const auto append = [](auto&& from, auto* to) {
    to->insert(to->end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    from.clear();
  };
  if (!piece->out.header_.is_null()) header_ = std::move(piece->out.header_);
  append(piece->out.records_, &records_);
  append(piece->out.authorities_, &authorities_);
  append(piece->out.decisions_, &decisions_);
  append(piece->out.merges_, &merges_);
  append(piece->out.retired_, &retired_);
  append(piece->out.held_, &held_);
  return absl::OkStatus();
}

absl::Status RegistryExport::Order() {
  const auto by_key = [](const Line& x, const Line& y) { return x.key < y.key; };
  if (!std::is_sorted(records_.begin(), records_.end(), by_key)) std::sort(records_.begin(), records_.end(), by_key);
  for (size_t i = 1; i < records_.size(); ++i)
    if (records_[i - 1].key == records_[i].key)
      return absl::InvalidArgumentError(name_ + ": " + records_[i].key.ToString() + " is there twice");
  LIBMPI_RETURN_IF_ERROR(CheckNames());
  std::map<RecordKey, const RecordKey*> into;
  for (const Merge& merge : merges_) into[merge.subsumed] = &merge.surviving;
  const auto depth = [&](const Merge& merge) {
    size_t steps = 0;
    for (auto it = into.find(merge.surviving); it != into.end() && steps <= into.size(); it = into.find(*it->second)) ++steps;
    return steps;
  };
  std::vector<std::pair<size_t, size_t>> order;  // depth, place
  for (size_t i = 0; i < merges_.size(); ++i) {
    order.emplace_back(depth(merges_[i]), i);
    if (order.back().first > into.size())
      return absl::InvalidArgumentError(name_ + ": " + merges_[i].subsumed.ToString() + " is merged into itself");
  }
  std::stable_sort(order.begin(), order.end(), [](const auto& x, const auto& y) { return x.first > y.first; });
  std::vector<Merge> ordered;
  for (const auto& [unused, i] : order) ordered.push_back(merges_[i]);
  merges_ = std::move(ordered);
  return absl::OkStatus();
}

// What is said of records is said of those that are there: found before anything is imported.
absl::Status RegistryExport::CheckNames() const {
  const auto check = [this](const RecordKey& key, const char* what) -> absl::Status {
    const auto at = std::lower_bound(records_.begin(), records_.end(), key,
                                     [](const Line& line, const RecordKey& k) { return line.key < k; });
    if (at != records_.end() && at->key == key) return absl::OkStatus();
    return absl::InvalidArgumentError(name_ + ": " + key.ToString() + " is " + what + " and no record of the export");
  };
  for (const Record& revision : held_) LIBMPI_RETURN_IF_ERROR(check(revision.key, "held"));
  for (const Merge& merge : merges_) LIBMPI_RETURN_IF_ERROR(check(merge.surviving, "merged into"));
  for (const libmpi::StewardDecision& decision : decisions_)
    for (const RecordKey* key : {&decision.a, &decision.b}) LIBMPI_RETURN_IF_ERROR(check(*key, "decided on"));
  return absl::OkStatus();
}

absl::StatusOr<RegistryExport> RegistryExport::Parse(std::string text, const std::string& name, int threads) {
  constexpr size_t kLines = 4096;  // of a piece
  std::vector<Piece> pieces;
  uint64_t number = 0;
  for (size_t begin = 0; begin < text.size(); ++number) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    if (number % kLines == 0) pieces.emplace_back().first_number = number + 1;
    pieces.back().lines.push_back({begin, end - begin, {}});
    begin = end + 1;
  }
  libmpi::ParallelChunks(pieces.size(), 1, threads, [&](size_t begin, size_t end, int) {
    for (size_t i = begin; i < end; ++i) pieces[i].Parse(text);
  });
  RegistryExport out;
  out.name_ = name;
  std::optional<uint64_t> records;
  for (Piece& piece : pieces) {
    LIBMPI_RETURN_IF_ERROR(out.Take(&piece));
    if (records && piece.any) return absl::InvalidArgumentError(name + ": goes on behind its end");
    if (piece.end) records = piece.end;
  }
  if (out.header_.is_null())
    return absl::InvalidArgumentError(name + ": is no export of a registry; nayose registry put --ndjson takes plain records");
  if (records != out.records_.size())
    return absl::InvalidArgumentError(name + ": is not whole (" + std::to_string(out.records_.size()) +
                                      " records, and no end that says so); export again");
  LIBMPI_RETURN_IF_ERROR(out.Order());
  out.text_ = std::move(text);
  return out;
}

libmpi::RecordReader RegistryExport::reader() const {
  return [this](size_t i, libmpi::RecordView* view) {
    const std::string_view line = std::string_view(text_).substr(records_[i].begin, records_[i].size);
    absl::Status parsed;  // it was, once
    MoveInto(ParseRecord(Json::parse(line, nullptr, false), &parsed), view);
  };
}

absl::Status ImportRegistry(const RegistryExport& exported, const libmpi::Attribution& by, int threads,
                            const libmpi::ProgressCallback& progress, libmpi::Registry* registry, uint64_t* not_held) {
  LIBMPI_RETURN_IF_ERROR(registry->BulkLoad(exported.size(), exported.reader(), by, threads, progress).status());
  *not_held = 0;
  return ImportRest(exported, by, progress, registry, not_held);
}

}  // namespace nayose
