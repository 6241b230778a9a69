// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/run_state.h"

#include <sys/stat.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include "libmpi/base/hash.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/column_map.h"
#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/input_bytes.h"
#include "libmpi/exchange/csv_writer.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/exchange/output_pieces.h"
#include "libmpi/exchange/row_record.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/common_options.h"
#include "tools/nayose/index_files.h"

namespace nayose {
namespace {

constexpr int kStateVersion = 3;
constexpr size_t kPartColumn = libmpi::kFields;
constexpr size_t kListColumn = kPartColumn + 1;
constexpr size_t kFrameRecords = 16384;
constexpr int kStateLevel = -3;  // faster than 1, for a third as much again

// The k-th value of every list of a record as one row; after the fields the part and the list.
void AppendRow(const libmpi::Record& r, size_t k, int list, std::string* out) {
  static const libmpi::StatedName kNoName;
  static const libmpi::StatedCoverage kNoCoverage;
  static const libmpi::StatedCareInsurance kNoCare;
  static const libmpi::StatedAddress kNoAddress;
  static const std::string kNothing;
  const auto& name = k < r.names.size() ? r.names[k] : kNoName;
  const auto& card = k < r.coverages.size() ? r.coverages[k] : kNoCoverage;
  const auto& care = k < r.care.size() ? r.care[k] : kNoCare;
  const auto& place = k < r.addresses.size() ? r.addresses[k] : kNoAddress;
  const auto value = [k](const std::vector<std::string>& all) -> const std::string& {
    return k < all.size() ? all[k] : kNothing;
  };
  // In the order of CanonicalFields().
  for (const std::string* field :
       {&r.key.record_id, &r.key.source, &name.full, &name.family, &name.given, &name.full_kana,
        &name.family_kana, &name.given_kana, &name.latin, &value(r.former_names), &value(r.births),
        &value(r.sexes), &card.insurer, &card.symbol, &card.number, &card.branch, &care.insurer,
        &care.number, &place.postal_code, &place.prefecture, &place.city, &place.street, &place.full,
        &value(r.phones), &kNothing}) {
    if (!field->empty()) libmpi::AppendCsvField(*field, out);
    out->push_back(',');
  }
  char numbers[16];
  char* end = std::to_chars(numbers, numbers + 5, r.key.part).ptr;
  *end++ = ',';
  *end++ = static_cast<char>('0' + list);
  *end++ = '\n';
  out->append(numbers, end);
}

// The same of a record that is one row: all its rows.
void AppendValues(const libmpi::FieldValues& values, uint16_t part, int list, std::string* out) {
  constexpr auto kPhone = static_cast<size_t>(libmpi::Field::kPhone), kPhone2 = static_cast<size_t>(libmpi::Field::kPhone2);
  const auto append = [&](std::string_view value) {
    if (!value.empty()) libmpi::AppendCsvField(value, out);
    out->push_back(',');
  };
  const auto end = [&](std::string_view phone) {
    append(phone);
    out->push_back(',');  // phones stand in one column
    *out += std::to_string(part);
    out->push_back(',');
    out->push_back(static_cast<char>('0' + list));
    out->push_back('\n');
  };
  for (size_t f = 0; f < kPhone; ++f) append(values[f]);
  std::string_view first = values[kPhone], second = values[kPhone2];
  if (first.empty() || (!second.empty() && second < first)) std::swap(first, second);
  end(first);
  if (second.empty() || second == first) return;
  append(values[0]);
  append(values[1]);
  out->append(kPhone - 2, ',');
  end(second);
}

size_t RowCount(const libmpi::Record& r) {
  return std::max({size_t{1}, r.names.size(), r.former_names.size(), r.births.size(), r.sexes.size(),
                   r.coverages.size(), r.care.size(), r.addresses.size(), r.phones.size()});
}

// Packs frames with a checksum each, so that damage is found out; a worker's own.
class Packer {
 public:
  absl::Status Pack(std::string_view text, std::string* out) {
    if (context_ == nullptr) return absl::InternalError("zstd does not start");
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, kStateLevel);
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
    out->resize(ZSTD_compressBound(text.size()));
    const size_t size = ZSTD_compress2(context_.get(), out->data(), out->size(), text.data(), text.size());
    if (ZSTD_isError(size)) return absl::InternalError(std::string("zstd: ") + ZSTD_getErrorName(size));
    out->resize(size);
    return absl::OkStatus();
  }

 private:
  std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context_{ZSTD_createCCtx(), ZSTD_freeCCtx};
};

// What a worker needs for frame after frame.
struct FrameMaker {
  Packer packer;
  std::string text;
  libmpi::Record record;
  libmpi::FieldValues values;
  FilledBySource filled;
  absl::Status status;

  // Appends record i, and says what it says.
  SaidFields Append(const libmpi::PatientFiles& files, size_t i) {
    if (files.GetValues(i, &values)) {
      AppendValues(values, files.KeyOf(i).part, files.list(i), &text);
      return SaidBy(values);
    }
    files.Get(i, &record);
    for (size_t k = 0; k < RowCount(record); ++k) AppendRow(record, k, files.list(i), &text);
    return SaidBy(record);
  }
};

absl::Status WriteRecords(const std::string& path, const libmpi::PatientFiles& files, int threads,
                          FilledBySource* filled, libmpi::BackgroundCommits* commits) {
  auto file = libmpi::OutputFile::Create(path, 0600);
  if (!file.ok()) return file.status();
  std::vector<FrameMaker> makers(static_cast<size_t>(std::max(1, threads)));
  const auto make = [&](size_t begin, size_t end, int worker, std::string* frame) {
    FrameMaker& maker = makers[static_cast<size_t>(worker)];
    maker.text.clear();
    for (size_t i = begin; i < end; ++i) {
      const SaidFields said = maker.Append(files, i);
      if (filled != nullptr) maker.filled.Add(files.KeyOf(i).source, said);
    }
    maker.status.Update(maker.packer.Pack(maker.text, frame));
  };
  if (files.size() > 0) {
    libmpi::AppendInPieces(files.size(), kFrameRecords, threads, &*file, make);
  } else {
    std::string frame;  // no records are one empty frame: a file of no bytes is no zstd
    make(0, 0, 0, &frame);
    file->Append(frame);
  }
  for (const FrameMaker& maker : makers) {
    LIBMPI_RETURN_IF_ERROR(maker.status);
    if (filled != nullptr) filled->Add(maker.filled);
  }
  commits->Add(*std::move(file));
  return absl::OkStatus();
}

// An index may stand in it already.
absl::Status MakeState(const std::string& state) {
  if (mkdir(state.c_str(), 0700) != 0 && errno != EEXIST) return absl::PermissionDeniedError(state + ": cannot be made");
  return absl::OkStatus();
}

// In place of the list: the record is no more. Of records that later updates changed.
constexpr std::string_view kGoneList = "9";

// The rows of records by key, in the text they stand in.
using RowsByKey = std::map<libmpi::RecordKey, std::string_view>;

// Calls take(key, rows, gone) for each record of a text of state rows, in its order; false where a row is none.
template <typename Take>
bool ForEachStateRecord(std::string_view text, const Take& take) {
  libmpi::CsvRows rows(text, ',', text.size());
  libmpi::CsvRow row;
  std::vector<std::string_view> fields;
  std::vector<std::string> scratch;
  libmpi::RecordKey key, last;
  int list = 0;
  size_t begin = 0, end = 0;
  bool gone = false;
  while (rows.Next(&row)) {
    if (libmpi::SplitCsvRow(text.substr(row.begin, row.end - row.begin), ',', &fields, &scratch) != libmpi::CsvDefect::kNone ||
        !StateRowKey(fields, &key, &list))
      return false;
    if (end > 0 && key != last) {
      take(last, text.substr(begin, row.begin - begin), gone);
      begin = row.begin;
    }
    gone = fields[kListColumn] == kGoneList;
    last = key;
    end = row.end;
  }
  if (end > 0) take(last, text.substr(begin), gone);
  return true;
}

// Both by key; what stands in `later` counts.
absl::StatusOr<std::string> Merge(const std::string& directory, std::string_view base, std::string_view later) {
  const auto damaged = [&] { return absl::InvalidArgumentError(directory + "/state: is damaged; run again"); };
  RowsByKey changed;
  std::string merged;
  merged.reserve(base.size() + later.size());
  if (!ForEachStateRecord(later, [&](const libmpi::RecordKey& key, std::string_view rows, bool gone) {
        changed[key] = gone ? std::string_view() : rows;
      }))
    return damaged();
  auto next = changed.begin();
  if (!ForEachStateRecord(base, [&](const libmpi::RecordKey& key, std::string_view rows, bool) {
        for (; next != changed.end() && next->first < key; ++next) merged += next->second;
        if (next != changed.end() && next->first == key) merged += next++->second;
        else merged += rows;
      }))
    return damaged();
  for (; next != changed.end(); ++next) merged += next->second;
  return merged;
}

std::string LaterFile(const std::string& directory) { return directory + "/state/later.csv.zst"; }

void AppendInputs(const libmpi::PatientFiles& files, nlohmann::ordered_json* inputs) {
  for (const auto& file : files.files())
    inputs->push_back({{"path", file.path}, {"bytes", file.bytes}, {"encoding", file.encoding},
                       {"content_hash", file.content_hash}});
}

// A record of the run: of two lists, which, and its key.
using ListedKey = std::pair<int, libmpi::RecordKey>;

std::string ListPrefix(int list) { return list == 0 ? "new:" : "reference:"; }

// Whether a user's name for a record means this one.
bool Means(const std::string& name, const ListedKey& listed) {
  const auto& [list, key] = listed;
  const std::string whole = key.ToString();
  return name == whole || name == key.source + ":" + key.record_id || name == key.record_id ||
         name == key.IdText() || name == ListPrefix(list) + whole;
}

}  // namespace

std::string ContentHash(std::string_view bytes) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(libmpi::HashBytes(bytes)));
  return text;
}

absl::Status WriteStateRecords(const std::string& directory, const libmpi::PatientFiles& files, int threads,
                               FilledBySource* filled, libmpi::BackgroundCommits* commits) {
  const std::string state = directory + "/state";
  LIBMPI_RETURN_IF_ERROR(MakeState(state));
  return WriteRecords(state + "/records.csv.zst", files, libmpi::ResolveThreads(threads), filled, commits);
}

absl::Status WriteStateTable(const std::string& directory, const std::string& rows) {
  const std::string state = directory + "/state";
  if (mkdir(state.c_str(), 0700) != 0) return absl::PermissionDeniedError(state + ": cannot be made");
  std::string packed;
  LIBMPI_RETURN_IF_ERROR(Packer().Pack(rows, &packed));
  return libmpi::WriteWholeFile(state + "/table.csv.zst", packed, 0600);
}

absl::Status WriteStateFacts(const std::string& directory, const libmpi::PatientFiles& files,
                             const SavedRun& run) {
  nlohmann::ordered_json json = {{"format", "nayose-state"},
                                 {"version", kStateVersion},
                                 {"tool", NAYOSE_VERSION},
                                 {"today", run.today},
                                 {"population", run.population},
                                 {"preset", run.preset},
                                 {"match_threshold", run.match_threshold},
                                 {"review_threshold", run.review_threshold},
                                 {"seed", run.seed},
                                 {"model_hash", run.model_hash},
                                 {"inputs", nlohmann::ordered_json::array()}};
  AppendInputs(files, &json["inputs"]);
  const std::string text = json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  return libmpi::WriteWholeFile(directory + "/state/state.json", text, 0600);
}

absl::StatusOr<SavedRun> ReadState(const std::string& directory) {
  auto text = libmpi::ReadSmallFile(directory + "/state/state.json");
  if (std::filesystem::exists(directory + "/state/table.csv.zst"))
    return absl::FailedPreconditionError(directory + ": is a run by a schema; this is for runs on patients");
  if (!text.ok())
    return absl::NotFoundError(directory + ": has no state/; it is no finished run of nayose dedupe, or "
                                           "was made with --no-state");
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!std::filesystem::exists(directory + "/summary.json"))
    return absl::FailedPreconditionError(directory + ": the run did not finish; run it again");
  const auto is = [&json](const char* key, auto check) { return json.contains(key) && (json[key].*check)(); };
  using Json = nlohmann::json;
  if (!json.is_object() || !is("version", &Json::is_number_integer) || json["version"] != kStateVersion ||
      !is("today", &Json::is_string) || !is("population", &Json::is_number) ||
      !is("preset", &Json::is_string) || !is("match_threshold", &Json::is_number) ||
      !is("review_threshold", &Json::is_number) || !is("seed", &Json::is_number_unsigned) ||
      !is("model_hash", &Json::is_string))
    return absl::FailedPreconditionError(directory +
                                         "/state was written by another version, or is damaged; run again");
  return SavedRun{json["today"], json["preset"], json["population"], json["match_threshold"],
                  json["review_threshold"], json["seed"], json["model_hash"]};
}

absl::StatusOr<libmpi::LinkOptions> OptionsOf(const SavedRun& run) {
  libmpi::LinkOptions options;
  options.preset = PresetNamed(run.preset);
  options.population = run.population;
  LIBMPI_ASSIGN_OR_RETURN(options.today, ParseToday(run.today));
  return options;
}

absl::StatusOr<std::string> ReadStateRecords(const std::string& directory) {
  auto base = libmpi::ReadInputBytes(directory + "/state/records.csv.zst");
  if (!base.ok() || !std::filesystem::exists(LaterFile(directory))) return base;
  const auto later = libmpi::ReadInputBytes(LaterFile(directory));
  if (!later.ok()) return later.status();
  return Merge(directory, *base, *later);
}

absl::Status WriteLaterRecords(const std::string& previous, const std::string& directory,
                               std::span<const FileRecord> added, std::span<const libmpi::RecordKey> gone) {
  LIBMPI_RETURN_IF_ERROR(MakeState(directory + "/state"));
  LIBMPI_RETURN_IF_ERROR(
      LinkOrCopy(previous + "/state/records.csv.zst", directory + "/state/records.csv.zst"));
  std::string before;
  if (std::filesystem::exists(LaterFile(previous))) {
    LIBMPI_ASSIGN_OR_RETURN(before, libmpi::ReadInputBytes(LaterFile(previous)));
  }
  std::map<libmpi::RecordKey, std::string> rows;
  if (!ForEachStateRecord(before, [&](const libmpi::RecordKey& key, std::string_view text, bool) { rows[key] = text; }))
    return absl::InvalidArgumentError(LaterFile(previous) + ": is damaged; run again");
  for (const libmpi::RecordKey& key : gone) {
    std::string& text = rows[key];
    text.clear();
    for (std::string_view id : {key.record_id, key.source}) {
      libmpi::AppendCsvField(id, &text);
      text += ',';
    }
    text.append(libmpi::kFields - 2, ',');
    text += std::to_string(key.part) + ',' + std::string(kGoneList) + '\n';
  }
  FrameMaker maker;
  for (const FileRecord& record : added) {
    maker.text.clear();
    maker.Append(*record.files, record.index);
    rows[record.files->key(record.index)] = maker.text;
  }
  std::string all, packed;
  for (const auto& [key, text] : rows) all += text;
  LIBMPI_RETURN_IF_ERROR(maker.packer.Pack(all, &packed));
  return libmpi::WriteWholeFile(LaterFile(directory), packed, 0600);
}

absl::Status WriteLaterFacts(const std::string& previous, const std::string& directory,
                             const libmpi::PatientFiles& files) {
  std::string text;
  LIBMPI_ASSIGN_OR_RETURN(text, libmpi::ReadSmallFile(previous + "/state/state.json"));
  auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("inputs") || !json["inputs"].is_array())
    return absl::FailedPreconditionError(previous + "/state was written by another version, or is damaged; run again");
  AppendInputs(files, &json["inputs"]);
  return libmpi::WriteWholeFile(directory + "/state/state.json",
                                json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n", 0600);
}

libmpi::ColumnMap StateColumns() {
  libmpi::ColumnMap map;
  for (int f = 0; f < libmpi::kFields; ++f) map.field_of_column.push_back(static_cast<libmpi::Field>(f));
  map.field_of_column.insert(map.field_of_column.end(), 2, libmpi::Field::kNone);
  return map;
}

bool StateRowKey(const std::vector<std::string_view>& fields, libmpi::RecordKey* key, int* list) {
  if (fields.size() <= kListColumn) return false;
  *key = {std::string(fields[1]), std::string(fields[0]), 0};
  for (char c : fields[kPartColumn]) key->part = static_cast<uint16_t>(key->part * 10 + (c - '0'));
  *list = fields[kListColumn] == "0" ? 0 : 1;
  return true;
}

absl::StatusOr<std::vector<libmpi::Record>> FindRecords(std::string_view text,
                                                        const std::vector<std::string>& names) {
  const libmpi::ColumnMap columns = StateColumns();
  std::vector<std::map<ListedKey, libmpi::Record>> found(names.size());
  libmpi::CsvRows rows(text, ',', text.size());
  libmpi::CsvRow row;
  std::vector<std::string_view> fields;
  std::vector<std::string> scratch;
  while (rows.Next(&row)) {
    const std::string_view bytes = text.substr(row.begin, row.end - row.begin);
    ListedKey listed;
    if (libmpi::SplitCsvRow(bytes, ',', &fields, &scratch) != libmpi::CsvDefect::kNone ||
        !StateRowKey(fields, &listed.second, &listed.first))
      continue;
    for (size_t n = 0; n < names.size(); ++n) {
      if (!Means(names[n], listed)) continue;
      libmpi::Record& record = found[n][listed];
      record.key = listed.second;
      libmpi::AddRow(fields, columns, &record);
    }
  }
  std::vector<libmpi::Record> out;
  for (size_t n = 0; n < names.size(); ++n) {
    if (found[n].empty()) return absl::NotFoundError("the run has no record '" + names[n] + "'");
    if (found[n].size() > 1) {
      const bool keys_differ = found[n].begin()->first.second != found[n].rbegin()->first.second;
      std::string all;
      for (const auto& [listed, record] : found[n])
        all += (all.empty() ? "" : ", ") + (keys_differ ? "" : ListPrefix(listed.first)) + listed.second.ToString();
      return absl::InvalidArgumentError("'" + names[n] + "' is several records; say which: " + all);
    }
    out.push_back(std::move(found[n].begin()->second));
    out.back().Normalize();
  }
  return out;
}

}  // namespace nayose
