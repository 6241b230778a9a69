// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/patient_files.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <map>

#include "libmpi/base/hash.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/column_map.h"
#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/input_bytes.h"
#include "libmpi/exchange/row_record.h"
#include "libmpi/record/check_digits.h"
#include "libmpi/record/overlay.h"
#include "libmpi/text/charset.h"

namespace libmpi {
namespace {

// Where an accepted row stands.
struct RowRef {
  uint64_t begin = 0;
  uint32_t size = 0;
  uint32_t file = 0;
  uint64_t line = 0;
  std::string_view source, record_id;  // into the text, or the scratch of odd keys
};

struct FileText {
  std::string text;
  char delimiter = ',';
  ColumnMap columns;
  std::string source;  // of rows without one
  int list = 0;        // of two lists read at once, which
};

// What reading one file gives; files are read side by side.
struct FileRows {
  PatientFiles::FileSummary summary;
  std::vector<RowRef> rows;
  std::vector<Reject> rejects;
  std::vector<FileFinding> findings;
  std::vector<std::unique_ptr<std::string>> odd_keys;  // ids whose quotes had to be undone

  std::string_view Keep(std::string_view key, std::string_view row) {
    if (key.data() >= row.data() && key.data() <= row.data() + row.size()) return key;
    odd_keys.push_back(std::make_unique<std::string>(key));
    return *odd_keys.back();
  }
};

// Beyond so many different names, births and sexes an id is no person's.
constexpr size_t kMostPersonsAnId = 100;
constexpr size_t kMyNumberLeast = 20;
constexpr double kMyNumberShare = 0.9;

std::string StemOf(const std::string& path) {
  std::string name = path == "-" ? "stdin" : path.substr(path.find_last_of('/') + 1);
  for (std::string_view end : {".gz", ".zst", ".csv", ".tsv", ".txt"})
    if (name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0)
      name.resize(name.size() - end.size());
  return name;
}

bool IsBadKey(std::string_view key) {
  for (char c : key)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
  return key.find("\xEF\xBF\xBD") != std::string_view::npos;
}

// What a statement says of who the person is, for comparing statements of one id.
std::string PersonText(const Record& record) {
  std::string text;
  const auto add = [&text](std::string_view value) { text.append(value).push_back('\x1f'); };
  for (const StatedName& n : record.names)
    for (const std::string* value : {&n.full, &n.family, &n.given, &n.full_kana, &n.family_kana, &n.given_kana, &n.latin})
      add(*value);
  for (const auto* values : {&record.former_names, &record.births, &record.sexes})
    for (const std::string& value : *values) add(value);
  return text;
}

bool IsUtf16(std::string_view bytes) {
  return bytes.substr(0, 2) == "\xFF\xFE" || bytes.substr(0, 2) == "\xFE\xFF";
}

}  // namespace

// Reading one set of files, step by step.
struct PatientFiles::Rep {
  std::vector<FileText> texts;
  std::vector<FileSummary> files;
  std::vector<Reject> rejects;
  std::vector<FileFinding> findings;
  std::vector<RowRef> rows;          // sorted by key, then content
  std::vector<uint32_t> first_row;   // by record, one more than records
  std::vector<RecordKey> keys;
  std::vector<std::unique_ptr<std::string>> odd_keys;

  absl::Status ReadFile(const std::string& path, uint32_t file, const ReadOptions& options,
                        FileRows* out);
  absl::Status TakeHeader(FileText* text, FileSummary* summary, CsvRows* walker,
                          const ReadOptions& options);
  void TakeRow(const CsvRow& row, uint32_t file, const ReadOptions& options, FileRows* out,
               std::vector<std::string_view>* fields, std::vector<std::string>* scratch);
  void RefuseMyNumbers(uint32_t file, FileRows* out);
  void Gather(std::vector<FileRows>&& parts);
  void Group(int threads);
  // Rows of one id, by person; empty where they are one person's.
  struct Overlay {
    std::vector<std::vector<size_t>> persons;
    bool too_many = false;  // more different statements than an id can have
  };
  Overlay FindOverlay(uint32_t first, uint32_t last) const;
  uint16_t NextPart(size_t record, uint16_t part) const;
  void RejectRows(std::span<const RowRef> refused);
  void TakeApart(int threads);
  absl::Status CheckSources(const ReadOptions& options) const;

  std::string_view Bytes(const RowRef& row) const {
    return std::string_view(texts[row.file].text).substr(row.begin, row.size);
  }
  void Fill(const RowRef& row, Record* record) const {
    thread_local std::vector<std::string_view> fields;
    thread_local std::vector<std::string> scratch;
    SplitCsvRow(Bytes(row), texts[row.file].delimiter, &fields, &scratch);
    AddRow(fields, texts[row.file].columns, record);
  }
  bool SameRecord(const RowRef& a, const RowRef& b) const {
    return a.record_id == b.record_id && a.source == b.source && texts[a.file].list == texts[b.file].list;
  }
  bool Report(const ReadOptions& options, size_t done, size_t total) const {
    return !options.progress || options.progress("read", done, total);
  }
};

absl::Status PatientFiles::Rep::TakeHeader(FileText* text, FileSummary* summary, CsvRows* walker,
                                           const ReadOptions& options) {
  CsvRow row;
  const auto refuse = [&](const std::string& why) {
    return absl::InvalidArgumentError(summary->path + ": " + why);
  };
  if (!walker->Next(&row)) return refuse("the file is empty; it needs a header row");
  const std::string_view bytes = std::string_view(text->text).substr(row.begin, row.end - row.begin);
  if (bytes.find('\0') != std::string_view::npos)
    return refuse("the first line has NUL bytes; this is no text in UTF-8, CP932, EUC-JP or ISO-2022-JP");
  if (bytes.size() > options.max_row_bytes) return refuse("the header is longer than a row may be");
  const size_t delimiters = static_cast<size_t>(std::count(bytes.begin(), bytes.end(), text->delimiter));
  if (delimiters >= options.max_columns)
    return refuse("the header has more than " + std::to_string(options.max_columns) + " columns");
  std::vector<std::string_view> fields;
  std::vector<std::string> scratch;
  if (SplitCsvRow(bytes, text->delimiter, &fields, &scratch) != CsvDefect::kNone)
    return refuse("the quotes of the header do not match");
  std::vector<std::string> header;
  for (std::string_view field : fields) {
    header.emplace_back(TrimSpaces(field));
    std::erase_if(header.back(), [](char c) { return c == '\n' || c == '\r'; });
    if (field.find('\n') != field.npos && CanonicalFieldOf(header.back()).empty() &&
        !options.columns.contains(header.back()))
      return refuse("a header goes over several lines; if a quote in it never closes, mend it, else name the "
                    "column with --columns map.json");
  }
  LIBMPI_ASSIGN_OR_RETURN(text->columns, MapColumns(header, options.columns, summary->path));
  summary->unknown_columns = text->columns.unknown_columns;
  return absl::OkStatus();
}

void PatientFiles::Rep::TakeRow(const CsvRow& row, uint32_t file, const ReadOptions& options,
                                FileRows* out, std::vector<std::string_view>* fields,
                                std::vector<std::string>* scratch) {
  FileSummary& summary = out->summary;
  const FileText& text = texts[file];
  ++summary.rows_read;
  const auto reject = [&](std::string field, std::string reason) {
    ++summary.rows_rejected;
    out->rejects.push_back({summary.path, row.line, std::move(field), std::move(reason)});
  };
  const std::string_view bytes = std::string_view(text.text).substr(row.begin, row.end - row.begin);
  if (row.unterminated) return reject("", "a quote that never closes");
  if (bytes.size() > options.max_row_bytes)
    return reject("", "longer than " + std::to_string(options.max_row_bytes) + " bytes");
  if (std::memchr(bytes.data(), '\0', bytes.size()) != nullptr) return reject("", "has a NUL byte");
  switch (SplitCsvRow(bytes, text.delimiter, fields, scratch)) {
    case CsvDefect::kTextAfterQuote: return reject("", "text after a closing quote");
    case CsvDefect::kUnterminated: return reject("", "a quote that never closes");
    case CsvDefect::kNone: break;
  }
  const size_t columns = text.columns.field_of_column.size();
  if (fields->size() != columns) {
    // Trailing empty fields beyond the header do no harm.
    bool harmless = fields->size() > columns;
    for (size_t c = columns; c < fields->size(); ++c) harmless = harmless && (*fields)[c].empty();
    if (!harmless)
      return reject("", "has " + std::to_string(fields->size()) + " of " + std::to_string(columns) + " columns");
  }
  RowRef ref{row.begin, static_cast<uint32_t>(bytes.size()), file, row.line, text.source, {}};
  for (size_t c = 0; c < columns; ++c) {
    if (text.columns.field_of_column[c] == Field::kRecordId) ref.record_id = TrimSpaces((*fields)[c]);
    if (text.columns.field_of_column[c] == Field::kSource && !TrimSpaces((*fields)[c]).empty())
      ref.source = TrimSpaces((*fields)[c]);
  }
  if (ref.record_id.empty()) return reject("record_id", "is missing");
  if (IsBadKey(ref.record_id)) return reject("record_id", "has characters that cannot be read");
  if (IsBadKey(ref.source)) return reject("source", "has characters that cannot be read");
  if (CanonicalFieldOf(ref.record_id) == "record_id" && ref.record_id.size() > 1)
    return reject("", "repeats the header");
  ref.record_id = out->Keep(ref.record_id, bytes);
  if (ref.source.data() != text.source.data()) ref.source = out->Keep(ref.source, bytes);
  ++summary.rows_accepted;
  out->rows.push_back(ref);
}

absl::Status PatientFiles::Rep::ReadFile(const std::string& path, uint32_t file,
                                         const ReadOptions& options, FileRows* out) {
  FileSummary& summary = out->summary;
  summary.path = path;
  std::string bytes;
  LIBMPI_ASSIGN_OR_RETURN(bytes, ReadInputBytes(path));
  summary.bytes = bytes.size();
  char hash[17];
  std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(HashBytes(bytes)));
  summary.content_hash = hash;
  if (IsUtf16(bytes))
    return absl::InvalidArgumentError(path + ": is UTF-16; save it as UTF-8 or CP932 and try again");
  Charset charset = DetectCharset(bytes);
  if (!options.encoding.empty()) {
    LIBMPI_ASSIGN_OR_RETURN(charset, ParseCharset(options.encoding));
  }
  summary.encoding = CharsetName(charset);
  DecodedText decoded = DecodeText(bytes, charset);
  std::string().swap(bytes);
  summary.malformed_characters = decoded.malformed;
  FileText& text = texts[file];
  text.text = std::move(decoded.utf8);
  if (text.text.find('\n') == std::string::npos)  // lines of old Macintoshes
    std::replace(text.text.begin(), text.text.end(), '\r', '\n');
  text.source = options.default_source.empty() ? StemOf(path) : options.default_source;
  const std::string_view first_line = std::string_view(text.text).substr(0, text.text.find('\n'));
  text.delimiter = DetectDelimiter(first_line.substr(0, 1 << 16));
  CsvRows walker(text.text, text.delimiter, options.max_row_bytes);
  LIBMPI_RETURN_IF_ERROR(TakeHeader(&text, &summary, &walker, options));
  CsvRow row;
  std::vector<std::string_view> fields;
  std::vector<std::string> scratch;
  while (walker.Next(&row)) TakeRow(row, file, options, out, &fields, &scratch);
  RefuseMyNumbers(file, out);
  return absl::OkStatus();
}

void PatientFiles::Rep::Gather(std::vector<FileRows>&& parts) {
  size_t count = 0;
  for (const FileRows& part : parts) count += part.rows.size();
  rows.reserve(count);
  for (FileRows& part : parts) {
    files.push_back(std::move(part.summary));
    rows.insert(rows.end(), part.rows.begin(), part.rows.end());
    std::vector<RowRef>().swap(part.rows);
    std::move(part.rejects.begin(), part.rejects.end(), std::back_inserter(rejects));
    std::move(part.findings.begin(), part.findings.end(), std::back_inserter(findings));
    std::move(part.odd_keys.begin(), part.odd_keys.end(), std::back_inserter(odd_keys));
  }
}

// A tenth of random 12-digit values pass the check: the column is judged, not the value.
void PatientFiles::Rep::RefuseMyNumbers(uint32_t file, FileRows* out) {
  FileText& text = texts[file];
  for (size_t c = 0; c < text.columns.field_of_column.size(); ++c) {
    const Field field = text.columns.field_of_column[c];
    if (field != Field::kNumber && field != Field::kSymbol && field != Field::kCareNumber &&
        field != Field::kInsurer && field != Field::kPhone && field != Field::kPhone2)
      continue;
    size_t filled = 0, hits = 0;
    std::vector<std::string_view> fields;
    std::vector<std::string> scratch;
    for (const RowRef& row : out->rows) {
      // A glance at the length spares most columns the whole scan.
      if (filled >= 200 && hits * 2 < filled) break;
      SplitCsvRow(Bytes(row), text.delimiter, &fields, &scratch);
      const std::string_view value = c < fields.size() ? TrimSpaces(fields[c]) : std::string_view();
      filled += !value.empty();
      hits += LooksLikeMyNumber(value);
    }
    if (filled < kMyNumberLeast || static_cast<double>(hits) < kMyNumberShare * static_cast<double>(filled)) continue;
    text.columns.field_of_column[c] = Field::kNone;
    out->findings.push_back({out->summary.path, 1,
                             {FindingCode::kMyNumberRefused,
                              std::string(CanonicalFields()[static_cast<int>(field)])}});
  }
}

void PatientFiles::Rep::Group(int threads) {
  const auto less = [this](const RowRef& a, const RowRef& b) {
    if (texts[a.file].list != texts[b.file].list) return texts[a.file].list < texts[b.file].list;
    if (const int order = a.source.compare(b.source); order != 0) return order < 0;
    if (const int order = a.record_id.compare(b.record_id); order != 0) return order < 0;
    // Content, so that the order of files and rows never shows.
    const std::string_view x = Bytes(a), y = Bytes(b);
    if (x != y) return x < y;
    return a.file != b.file ? a.file < b.file : a.line < b.line;
  };
  // Halves in parallel, then one merge.
  const size_t middle = rows.size() / 2;
  ParallelChunks(2, 1, threads, [&](size_t half, size_t, int) {
    std::sort(rows.begin() + (half ? middle : 0), half ? rows.end() : rows.begin() + middle, less);
  });
  std::inplace_merge(rows.begin(), rows.begin() + middle, rows.end(), less);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i > 0 && SameRecord(rows[i], rows[i - 1])) continue;
    first_row.push_back(static_cast<uint32_t>(i));
    keys.push_back({std::string(rows[i].source), std::string(rows[i].record_id), 0});
  }
  first_row.push_back(static_cast<uint32_t>(rows.size()));
}

PatientFiles::Rep::Overlay PatientFiles::Rep::FindOverlay(uint32_t first, uint32_t last) const {
  // Rows that name the same person in the same words are judged once.
  std::map<std::string, size_t> number_of;
  std::vector<Record> statements;
  std::vector<std::vector<size_t>> rows_of;
  for (uint32_t r = first; r < last; ++r) {
    Record statement;
    Fill(rows[r], &statement);
    const auto [it, fresh] = number_of.try_emplace(PersonText(statement), statements.size());
    if (fresh) {
      if (statements.size() == kMostPersonsAnId) return {{}, true};
      statements.push_back(std::move(statement));
      rows_of.emplace_back();
    }
    rows_of[it->second].push_back(r - first);
  }
  Overlay overlay;
  if (statements.size() < 2) return overlay;
  for (const std::vector<size_t>& group : SplitOverlays(statements)) {
    std::vector<size_t>& person = overlay.persons.emplace_back();
    for (size_t statement : group)
      person.insert(person.end(), rows_of[statement].begin(), rows_of[statement].end());
    std::sort(person.begin(), person.end());
  }
  return overlay;
}

// The next number such that "x#1" is not the record_id of another record.
uint16_t PatientFiles::Rep::NextPart(size_t record, uint16_t part) const {
  RecordKey key = keys[record];
  const auto is_taken = [&](const std::string& id) {
    for (size_t k = record + 1; k < keys.size() && keys[k].source == key.source && keys[k].record_id <= id; ++k)
      if (keys[k].record_id == id) return true;
    return false;
  };
  do key.part = ++part;
  while (is_taken(key.IdText()));
  return part;
}

void PatientFiles::Rep::RejectRows(std::span<const RowRef> refused) {
  for (const RowRef& row : refused) {
    --files[row.file].rows_accepted;
    ++files[row.file].rows_rejected;
    rejects.push_back({files[row.file].path, row.line, "record_id",
                       "is one of more than " + std::to_string(kMostPersonsAnId) +
                           " different statements with one record_id; is the right column mapped?"});
  }
}

// Records whose rows are several persons become several records, each with its rows together.
void PatientFiles::Rep::TakeApart(int threads) {
  std::vector<Overlay> overlays(keys.size());
  ParallelChunks(keys.size(), 256, threads, [&](size_t begin, size_t end, int) {
    for (size_t i = begin; i < end; ++i)
      if (first_row[i + 1] - first_row[i] > 1)
        overlays[i] = FindOverlay(first_row[i], first_row[i + 1]);
  });
  std::vector<RecordKey> new_keys;
  std::vector<uint32_t> new_first;
  uint32_t place = 0;  // rows close up where some are refused
  for (size_t i = 0; i < keys.size(); ++i) {
    const std::vector<RowRef> own(rows.begin() + first_row[i], rows.begin() + first_row[i + 1]);
    if (overlays[i].too_many) {
      RejectRows(own);
      continue;
    }
    if (overlays[i].persons.size() < 2) {
      new_keys.push_back(keys[i]);
      new_first.push_back(place);
      place = static_cast<uint32_t>(std::copy(own.begin(), own.end(), rows.begin() + place) - rows.begin());
      continue;
    }
    uint16_t part = 0;
    for (const std::vector<size_t>& person : overlays[i].persons) {
      new_keys.push_back(keys[i]);
      new_keys.back().part = part = NextPart(i, part);
      new_first.push_back(place);
      const RowRef& first = own[person.front()];
      findings.push_back({files[first.file].path, first.line, {FindingCode::kContradiction, "record_id"},
                          new_keys.back()});
      for (size_t row : person) rows[place++] = own[row];
    }
  }
  new_first.push_back(place);
  rows.resize(place);
  keys = std::move(new_keys);
  first_row = std::move(new_first);
}

// Two files of one name would give their rows one source, and their ids one meaning.
absl::Status PatientFiles::Rep::CheckSources(const ReadOptions& options) const {
  if (!options.default_source.empty()) return absl::OkStatus();
  std::map<std::pair<int, std::string>, size_t> file_of;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].columns.Has(Field::kSource)) continue;
    const auto [it, fresh] = file_of.try_emplace({texts[i].list, texts[i].source}, i);
    if (fresh || files[it->second].content_hash == files[i].content_hash) continue;
    return absl::InvalidArgumentError(
        files[it->second].path + " and " + files[i].path + " have no source column and one name, so that their "
        "record ids would mean the same; name the files by source, add a source column, or give --source if "
        "they are one source's");
  }
  return absl::OkStatus();
}

absl::StatusOr<PatientFiles> PatientFiles::Read(std::span<const std::string> paths,
                                                const ReadOptions& options) {
  auto both = ReadTwoLists(paths, {}, options);
  if (!both.ok()) return both.status();
  return std::move(both->first);
}

absl::StatusOr<std::pair<PatientFiles, size_t>> PatientFiles::ReadTwoLists(
    std::span<const std::string> first, std::span<const std::string> second,
    const ReadOptions& options) {
  auto rep = std::make_unique<Rep>();
  const size_t count = first.size() + second.size();
  rep->texts.resize(count);  // stays as it is: rows keep views into it
  if (!rep->Report(options, 0, count)) return absl::CancelledError("stopped while reading");
  std::vector<FileRows> parts(count);
  std::vector<absl::Status> statuses(count);
  ParallelChunks(count, 1, ResolveThreads(options.threads), [&](size_t i, size_t, int) {
    rep->texts[i].list = i < first.size() ? 0 : 1;
    statuses[i] = rep->ReadFile(i < first.size() ? first[i] : second[i - first.size()],
                                static_cast<uint32_t>(i), options, &parts[i]);
  });
  for (const absl::Status& status : statuses) LIBMPI_RETURN_IF_ERROR(status);
  rep->Gather(std::move(parts));
  LIBMPI_RETURN_IF_ERROR(rep->CheckSources(options));
  if (!rep->Report(options, count, count)) return absl::CancelledError("stopped while reading");
  if (rep->rows.size() >= UINT32_MAX) return absl::InvalidArgumentError("more than 4 billion rows");
  rep->Group(ResolveThreads(options.threads));
  rep->TakeApart(ResolveThreads(options.threads));
  size_t of_first = 0;
  while (of_first < rep->keys.size() && rep->texts[rep->rows[rep->first_row[of_first]].file].list == 0)
    ++of_first;
  return std::pair(PatientFiles(std::move(rep)), of_first);
}

PatientFiles::PatientFiles(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
PatientFiles::PatientFiles(PatientFiles&&) noexcept = default;
PatientFiles& PatientFiles::operator=(PatientFiles&&) noexcept = default;
PatientFiles::~PatientFiles() = default;

bool PatientFiles::HasTwoLists() const {
  return std::any_of(rep_->texts.begin(), rep_->texts.end(), [](const FileText& t) { return t.list == 1; });
}
int PatientFiles::list(size_t i) const { return rep_->texts[rep_->rows[rep_->first_row[i]].file].list; }
size_t PatientFiles::size() const { return rep_->keys.size(); }
const RecordKey& PatientFiles::key(size_t i) const { return rep_->keys[i]; }

void PatientFiles::Get(size_t i, Record* record) const {
  *record = Record();
  record->key = rep_->keys[i];
  for (uint32_t r = rep_->first_row[i]; r < rep_->first_row[i + 1]; ++r)
    rep_->Fill(rep_->rows[r], record);
  record->Normalize();
}

Record PatientFiles::Get(size_t i) const {
  Record record;
  Get(i, &record);
  return record;
}

std::pair<std::string_view, uint64_t> PatientFiles::Where(size_t i) const {
  const RowRef& row = rep_->rows[rep_->first_row[i]];
  return {rep_->files[row.file].path, row.line};
}

const std::vector<PatientFiles::FileSummary>& PatientFiles::files() const { return rep_->files; }
const std::vector<Reject>& PatientFiles::rejects() const { return rep_->rejects; }
const std::vector<FileFinding>& PatientFiles::findings() const { return rep_->findings; }

void AppendCsvField(std::string_view value, std::string* out) {
  const bool plain = std::none_of(value.begin(), value.end(), [](char c) {
    return c == ',' || c == '"' || c == '\r' || c == '\n';
  });
  if (plain) {
    out->append(value);
    return;
  }
  out->push_back('"');
  for (char c : value) {
    if (c == '"') out->push_back('"');
    out->push_back(c);
  }
  out->push_back('"');
}

}  // namespace libmpi
