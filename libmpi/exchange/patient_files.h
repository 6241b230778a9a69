// SPDX-License-Identifier: Apache-2.0
// Patient lists as facilities export them (CSV, TSV) to Records.
#ifndef LIBMPI_EXCHANGE_PATIENT_FILES_H_
#define LIBMPI_EXCHANGE_PATIENT_FILES_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/base/array_space.h"
#include "libmpi/base/progress.h"
#include "libmpi/exchange/column_map.h"
#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/record/features.h"
#include "libmpi/record/record.h"

namespace libmpi {

// Rows that were accepted before and are read again: CSV with commas and without a header, as StatedRow() gives them.
// The columns are record_id, source and then `columns`.
struct KeptRows {
  std::string name;  // shown where a file's path would be
  std::vector<Field> columns;
  std::string text;
};

struct ReadOptions {
  // Charset name as ParseCharset takes it; empty: detected per file.
  std::string encoding;
  // Header name in the file -> canonical field name, beyond the alias table.
  // An empty canonical name ignores the column.
  std::map<std::string, std::string> columns;
  // `columns` is made for many files: headers of it that no file has are nothing to tell.
  bool columns_may_lack = false;
  // Name of the source where a file has no source column; empty: the file's name without its extensions.
  std::string default_source;
  // Of all files, whatever they look like; nothing: each one's is found out (feeds/feed_format.h).
  std::optional<FeedFormat> format;
  // Of files, by path, that are another source's than default_source.
  std::map<std::string, std::string> source_of;
  // Longest accepted row in bytes; longer ones are rejects.
  // DEFAULT: 1 MiB
  size_t max_row_bytes = size_t{1} << 20;
  // Longest accepted header in columns; beyond it the file is refused.
  // DEFAULT: 4096
  size_t max_columns = 4096;
  int threads = 0;  // 0: all cores
  ProgressCallback progress;
  // Where texts and rows are kept, and rows put by source so that records are read one after the other. Null: memory,
  // and rows stay where they stand in the files. Must outlive what is read.
  ArraySpace* space = nullptr;
  // Read after the files; what they hold was judged when they were accepted.
  std::vector<KeptRows> kept;
};

// A whole row refused. Never holds a value of the row.
struct Reject {
  std::string file;
  uint64_t line = 0;   // 1-based line where the row starts
  std::string field;   // canonical field name, or empty
  std::string reason;  // one short sentence
};

// A record's key where it stands in the files, or in a RecordKey: valid as long as that is.
struct KeyView {
  std::string_view source;
  std::string_view record_id;
  uint16_t part = 0;

  KeyView() = default;
  KeyView(std::string_view s, std::string_view id, uint16_t p) : source(s), record_id(id), part(p) {}
  KeyView(const RecordKey& key) : source(key.source), record_id(key.record_id), part(key.part) {}  // NOLINT: a view of it
  auto operator<=>(const KeyView&) const = default;
  RecordKey ToKey() const { return {std::string(source), std::string(record_id), part}; }
  // As RecordKey::IdText().
  std::string IdText() const {
    return part == 0 ? std::string(record_id) : std::string(record_id) + '#' + std::to_string(part);
  }
};

// A finding about a record, with where it was seen.
struct FileFinding {
  std::string file;
  uint64_t line = 0;
  Finding finding;
  RecordKey key;  // empty where it is about a whole column
};

// The alias table's canonical field names, in the order of the documentation:
// record_id, source, name, family, given, kana, family_kana, given_kana, latin, former_name,
// birth, sex, insurer, symbol, number, branch, care_insurer, care_number,
// postal_code, prefecture, city, street, address, phone, phone2.
std::span<const std::string_view> CanonicalFields();
// Canonical name of a header ("患者ID" -> "record_id"), "my_number" for a column that must not be
// read, or empty. Width, case, spaces, BOM, underscores and hyphens do not matter. Table:
// data/column_aliases.tsv.
std::string_view CanonicalFieldOf(std::string_view header);

// All accepted rows of some files, grouped into records. Records are ordered by
// key (bytewise), whatever the order of files and rows. Keeps the decoded
// bytes; a Record is made on demand. Immutable after Read; thread-safe.
class PatientFiles {
 public:
  struct FileSummary {
    std::string path;
    FeedFormat format = FeedFormat::kCsv;
    std::string columns;         // of a list: the bundled map (column_mapping.h) that was found to be its; else empty
    std::string encoding;
    uint64_t bytes = 0;
    std::string content_hash;    // of the bytes as read, 16 hex digits
    uint64_t rows_read = 0;      // data rows seen, = accepted + rejected
    uint64_t rows_accepted = 0;
    uint64_t rows_rejected = 0;
    uint64_t malformed_characters = 0;
    std::vector<std::string> unknown_columns;  // header names that nothing maps
  };

  // Columns of My Numbers are refused with a finding, whatever they were called, and never kept.
  // Reads files in parallel pieces; "-" is standard input; .gz and .zst by
  // their magic bytes. Delimiter (comma, tab, semicolon) from the header.
  // RFC 4180 quoting; a quote that never closes is a reject of that row, and
  // reading goes on at the next line. kNotFound / kPermissionDenied /
  // kInvalidArgument (no header, no record_id column, record ids that are My Numbers, two columns
  // for a field that a row has once, empty file) name the file and say what to do. Memory: decoded
  // size of the files + 24 bytes a row + 4 a record; some 60 a row more while reading. Rows of an id that is on more than 100 different
  // statements of a person are rejects; two different files of one name without a source column
  // are refused (kInvalidArgument).
  static absl::StatusOr<PatientFiles> Read(std::span<const std::string> paths,
                                           const ReadOptions& options);

  // Two lists in one: the records of `first` come before those of `second`, each part in key
  // order; rows of one id in both lists stay two records. Gives the number of records of the first as well.
  static absl::StatusOr<std::pair<PatientFiles, size_t>> ReadTwoLists(
      std::span<const std::string> first, std::span<const std::string> second,
      const ReadOptions& options);

  PatientFiles(PatientFiles&&) noexcept;
  PatientFiles& operator=(PatientFiles&&) noexcept;
  ~PatientFiles();

  size_t size() const;  // number of records
  RecordKey key(size_t i) const { return KeyOf(i).ToKey(); }
  // The same without a copy.
  KeyView KeyOf(size_t i) const;
  // Whether these are two lists read together.
  bool HasTwoLists() const;
  // Of two lists, which: 0 or 1.
  int list(size_t i) const;
  // Record i with all its rows' values, normalized (sorted, unique). A row's
  // name columns are one StatedName, its coverage columns one StatedCoverage, and so on.
  void Get(size_t i, Record* record) const;
  // The same, without copies: the texts stay as long as this, or as the record.
  void Get(size_t i, RecordView* record) const;
  Record Get(size_t i) const;
  // What Get gives of a record that one row with one column a field states, as most are, by field
  // (CanonicalFields()), record_id and source as in its key; a fifth of the time. False of others. The views
  // stand until the next call on this thread.
  bool GetValues(size_t i, FieldValues* values) const;
  // Each row of record i as it was said, for KeptRows: take(number among files(), one line of CSV). The line stands
  // until the next.
  void ForEachStatedRow(size_t i, const std::function<void(size_t file, std::string_view row)>& take) const;
  // The fields of a file's columns that are read, but for record_id and source, in their order.
  std::vector<Field> StatedColumns(size_t file) const;
  // For who goes through keys in an order that is known beforehand: each step brings the next part of what
  // KeyOf(i) will look at near; some ten keys between steps hide what memory costs.
  enum class Near { kPlace, kRow, kText };
  void Prefetch(size_t i, Near step) const;
  // File and 1-based line of the record's first row.
  std::pair<std::string_view, uint64_t> Where(size_t i) const;

  // Moves the texts to nameless files in `directory`; records read from then on come from there, more slowly.
  // For large inputs between the reading of records and the writing of results. Not while other threads read,
  // and not while views of records are in use. On an error (no room) the rest stays in memory.
  absl::Status ParkTexts(const std::string& directory, int threads = 1);
  uint64_t TextBytes() const;
  // Brings parked texts near, where the system has memory to spare, before they are read. Thread-safe.
  void ReadTextsAhead() const;

  const std::vector<FileSummary>& files() const;
  const std::vector<Reject>& rejects() const;
  // What is odd in feeds, and was taken nevertheless.
  const std::vector<Reject>& notes() const;
  // Records that feeds withdraw, as far as no row of the files says something of them; in their order, each once.
  const std::vector<RecordKey>& withdrawn() const;
  // Ids whose rows were all refused since they are too many persons'.
  const std::vector<RecordKey>& refused_ids() const;
  // Overlays in the source, columns of My Numbers.
  const std::vector<FileFinding>& findings() const;
  // Headers of ReadOptions::columns that no file has: misspelt, or meant for other files.
  const std::vector<std::string>& unmatched_columns() const;

 private:
  struct Rep;
  explicit PatientFiles(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_PATIENT_FILES_H_
