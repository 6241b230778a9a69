// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/patient_files.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/accepted_rows.h"
#include "libmpi/exchange/csv_pieces.h"
#include "libmpi/exchange/csv_writer.h"
#include "libmpi/exchange/file_text.h"
#include "libmpi/exchange/my_number.h"
#include "libmpi/exchange/record_groups.h"
#include "libmpi/exchange/texts_by_source.h"

namespace libmpi {
namespace {

// A piece of a file that one thread takes at once.
constexpr size_t kPieceBytes = size_t{4} << 20;

// Progress over the stages of reading, in thousandths, and the caller's wish to stop; told on the calling
// thread, which is the first worker.
class ReadProgress {
 public:
  explicit ReadProgress(const ProgressCallback& callback) : callback_(callback) { Tell(0); }
  // A stage of so many steps that leads up to `until`.
  // What another stage, which leads up to `until`, says of itself in thousandths.
  bool Forward(uint64_t done, uint64_t until) {
    until_ = until;
    Tell(until * done / 1000);
    return !stopped_;
  }
  void Begin(size_t steps, uint64_t until) {
    from_ = until_;
    until_ = until;
    steps_ = steps;
    done_ = 0;
  }
  void Done(int worker) {
    const uint64_t done = ++done_;
    if (worker == 0) Tell(from_ + (until_ - from_) * done / steps_);
  }
  bool stopped() const { return stopped_; }

 private:
  void Tell(uint64_t done) {
    if (callback_ && !callback_("read", done, 1000)) stopped_ = true;
  }

  const ProgressCallback& callback_;
  uint64_t from_ = 0, until_ = 0, steps_ = 1;
  std::atomic<uint64_t> done_{0};
  std::atomic<bool> stopped_{false};
};

}  // namespace

// Reading one set of files, step by step.
struct PatientFiles::Rep {
  std::vector<FileText> texts;  // stays as it is once read: rows keep views into it
  std::vector<FileSummary> files;
  std::vector<Reject> rejects, notes;
  std::vector<RecordKey> refused_ids, withdrawn;
  std::vector<FileFinding> findings;
  std::vector<std::string> unmatched_columns;
  std::vector<bool> one_column_a_field;  // by file
  std::optional<RecordGroups> groups;
  size_t judged = 0;  // files whose columns are judged: all but kept rows

  // All of it. kCancelled if the caller says stop.
  absl::Status Read(std::span<const std::string> first, std::span<const std::string> second,
                    const ReadOptions& options);

 private:
  // A piece of one of the files.
  struct Piece {
    uint32_t file;
    CsvPiece* csv;
  };

  absl::Status Load(std::span<const std::string> first, std::span<const std::string> second,
                    const ReadOptions& options, ReadProgress* progress);
  absl::Status CheckSources(const ReadOptions& options) const;
  void TakeRemarks(const std::string& path, const FeedRows& feed, FileSummary* file);
  void FindUnmatchedColumns(const ReadOptions& options);
  absl::Status TakeRows(const ReadOptions& options, ReadProgress* progress, AcceptedRows* rows);
  AcceptedRows Gather(std::span<const Piece> pieces, std::span<RowTaker> takers, const ReadOptions& options);
  absl::Status JudgeMyNumbers(std::span<const Piece> pieces, std::span<const RowTaker> takers);
  void TakeApart(int threads);
  void JudgeWithdrawn();
};

absl::Status PatientFiles::Rep::Load(std::span<const std::string> first,
                                     std::span<const std::string> second, const ReadOptions& options,
                                     ReadProgress* progress) {
  std::vector<std::string> paths(first.begin(), first.end());
  paths.insert(paths.end(), second.begin(), second.end());
  if (paths.size() >= kMostFiles) return absl::InvalidArgumentError("more than 16 million files");
  FeedWish wish;
  wish.format = options.format;
  wish.options.source = options.default_source;
  wish.source_of = &options.source_of;
  wish.options.max_line_bytes = options.max_row_bytes;
  std::vector<InputText> inputs =
      LoadInputTexts(paths, options.encoding, ResolveThreads(options.threads),
                     [progress](uint64_t done) { return progress->Forward(done, 500); }, options.space, &wish);
  if (progress->stopped()) return absl::OkStatus();
  texts.resize(paths.size() + options.kept.size());
  files.resize(texts.size());
  for (size_t i = 0; i < paths.size(); ++i) {
    texts[i].list = i < first.size() ? 0 : 1;
    if (inputs[i].feed) TakeRemarks(paths[i], *inputs[i].feed, &files[i]);
    LIBMPI_RETURN_IF_ERROR(TakeFileText(paths[i], std::move(inputs[i]), options, &texts[i], &files[i]));
  }
  for (size_t k = 0; k < options.kept.size(); ++k) {
    const KeptRows& kept = options.kept[k];
    FileText& text = texts[paths.size() + k];
    text.buffer = TextBuffer(kept.text);
    text.columns.field_of_column = {Field::kRecordId, Field::kSource};
    text.columns.field_of_column.insert(text.columns.field_of_column.end(), kept.columns.begin(), kept.columns.end());
    files[paths.size() + k].path = kept.name;
  }
  judged = paths.size();
  return absl::OkStatus();
}

// A patient who is refused by the reader counts as a row that was.
void PatientFiles::Rep::TakeRemarks(const std::string& path, const FeedRows& feed, FileSummary* file) {
  const auto add = [&path](const std::vector<FeedRemark>& remarks, std::vector<Reject>* to) {
    for (const FeedRemark& remark : remarks) to->push_back({path, remark.line, remark.field, remark.reason});
  };
  add(feed.refused, &rejects);
  add(feed.notes, &notes);
  withdrawn.insert(withdrawn.end(), feed.withdrawn.begin(), feed.withdrawn.end());
  file->rows_read += feed.refused.size();
  file->rows_rejected += feed.refused.size();
}

// Two files of one name would give their rows one source, and their ids one meaning.
absl::Status PatientFiles::Rep::CheckSources(const ReadOptions& options) const {
  if (!options.default_source.empty()) return absl::OkStatus();
  std::map<std::pair<int, std::string>, size_t> file_of;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].columns.Has(Field::kSource) || options.source_of.contains(files[i].path)) continue;
    const auto [it, fresh] = file_of.try_emplace({texts[i].list, texts[i].source}, i);
    if (fresh || files[it->second].content_hash == files[i].content_hash) continue;
    return absl::InvalidArgumentError(
        files[it->second].path + " and " + files[i].path + " have no source column and one name, so that their "
        "record ids would mean the same; name the files by source, add a source column, or give --source if "
        "they are one source's");
  }
  return absl::OkStatus();
}

void PatientFiles::Rep::FindUnmatchedColumns(const ReadOptions& options) {
  if (options.columns_may_lack) return;
  for (const auto& told : options.columns)
    if (std::none_of(texts.begin(), texts.end(),
                     [&told](const FileText& text) { return text.columns.told.contains(told.first); }))
      unmatched_columns.push_back(told.first);
}

absl::Status PatientFiles::Rep::TakeRows(const ReadOptions& options, ReadProgress* progress,
                                         AcceptedRows* rows) {
  const int threads = ResolveThreads(options.threads);
  std::vector<std::vector<CsvPiece>> cut;
  std::vector<Piece> pieces;
  for (const FileText& text : texts) cut.push_back(CutCsv(text.Walk(options), kPieceBytes));
  for (uint32_t file = 0; file < cut.size(); ++file)
    for (CsvPiece& piece : cut[file]) pieces.push_back({file, &piece});
  progress->Begin(2 * pieces.size(), 1000);
  ParallelChunks(pieces.size(), 1, threads, [&](size_t p, size_t, int worker) {
    if (progress->stopped()) return;
    WalkCsvPiece(texts[pieces[p].file].Walk(options), pieces[p].csv);
    progress->Done(worker);
  });
  if (progress->stopped()) return absl::OkStatus();
  ParallelChunks(cut.size(), 1, threads,
                 [&](size_t i, size_t, int) { JoinCsv(texts[i].Walk(options), &cut[i]); });
  std::vector<RowTaker> takers;
  takers.reserve(pieces.size());
  for (const Piece& piece : pieces)
    takers.emplace_back(&texts[piece.file], piece.file, &files[piece.file].path,
                        std::min(options.max_row_bytes, kLongestRow));
  ParallelChunks(pieces.size(), 1, threads, [&](size_t p, size_t, int worker) {
    if (progress->stopped()) return;
    takers[p].Take(pieces[p].csv->rows);
    std::vector<CsvRow>().swap(pieces[p].csv->rows);
    progress->Done(worker);
  });
  LIBMPI_RETURN_IF_ERROR(JudgeMyNumbers(pieces, takers));
  *rows = Gather(pieces, takers, options);
  if (options.space != nullptr) PutTextsBySource(options.space, threads, texts, rows);
  return absl::OkStatus();
}

absl::Status PatientFiles::Rep::JudgeMyNumbers(std::span<const Piece> pieces,
                                               std::span<const RowTaker> takers) {
  std::vector<std::vector<MyNumberTally>> tallies(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) tallies[i].resize(texts[i].columns.field_of_column.size());
  for (size_t p = 0; p < pieces.size(); ++p)
    for (size_t c = 0; c < takers[p].tallies().size(); ++c)
      tallies[pieces[p].file][c].Merge(takers[p].tallies()[c]);
  for (size_t i = 0; i < judged; ++i)
    LIBMPI_RETURN_IF_ERROR(RefuseMyNumbers(files[i].path, tallies[i], &texts[i].columns, &findings));
  return absl::OkStatus();
}

AcceptedRows PatientFiles::Rep::Gather(std::span<const Piece> pieces, std::span<RowTaker> takers,
                                       const ReadOptions& options) {
  for (size_t p = 0; p < pieces.size(); ++p) {
    RowTaker& taker = takers[p];
    FileSummary& file = files[pieces[p].file];
    file.rows_accepted += taker.rows.size();
    file.rows_rejected += taker.rejects.size();
    file.rows_read += taker.rows.size() + taker.rejects.size();
    std::move(taker.rejects.begin(), taker.rejects.end(), std::back_inserter(rejects));
  }
  return GatherRows(texts, takers, ResolveThreads(options.threads), options.space);
}

void PatientFiles::Rep::TakeApart(int threads) {
  const RecordGroups::TakenApart taken = groups->TakeApart(threads);
  for (size_t record : taken.records) {
    const RowRef& row = groups->rows(record).front();
    Finding overlay{FindingCode::kContradiction, "record_id"};
    findings.push_back({files[row.file].path, row.line, std::move(overlay), groups->key(record).ToKey()});
  }
  for (const RecordGroups::TakenApart::Id& id : taken.refused_ids) refused_ids.push_back({id.source, id.record_id, 0});
  for (const RowRef& row : taken.refused) {
    --files[row.file].rows_accepted;
    ++files[row.file].rows_rejected;
    rejects.push_back({files[row.file].path, row.line, "record_id",
                       "is one of more than " + std::to_string(kMostPersonsAnId) +
                           " different statements with one record_id; is the right column mapped?"});
  }
}

void PatientFiles::Rep::JudgeWithdrawn() {
  std::ranges::sort(withdrawn);
  withdrawn.erase(std::unique(withdrawn.begin(), withdrawn.end()), withdrawn.end());
  if (withdrawn.empty()) return;
  std::vector<bool> stated(withdrawn.size());
  for (size_t i = 0; i < groups->size(); ++i) {
    KeyView key = groups->key(i);
    key.part = 0;
    const auto found = std::ranges::lower_bound(withdrawn, key, {}, [](const RecordKey& of) { return KeyView(of); });
    if (found != withdrawn.end() && KeyView(*found) == key) stated[static_cast<size_t>(found - withdrawn.begin())] = true;
  }
  std::vector<RecordKey> left;
  for (size_t i = 0; i < withdrawn.size(); ++i)
    if (!stated[i]) left.push_back(std::move(withdrawn[i]));
  withdrawn = std::move(left);
}

absl::Status PatientFiles::Rep::Read(std::span<const std::string> first,
                                     std::span<const std::string> second, const ReadOptions& options) {
  const absl::Status stopped = absl::CancelledError("stopped while reading");
  ReadProgress progress(options.progress);
  if (progress.stopped()) return stopped;
  LIBMPI_RETURN_IF_ERROR(Load(first, second, options, &progress));
  if (progress.stopped()) return stopped;
  LIBMPI_RETURN_IF_ERROR(CheckSources(options));
  FindUnmatchedColumns(options);
  AcceptedRows rows;
  LIBMPI_RETURN_IF_ERROR(TakeRows(options, &progress, &rows));
  for (const FileText& text : texts) one_column_a_field.push_back(text.columns.OneColumnAField());
  if (progress.stopped()) return stopped;
  if (rows.rows.size() >= UINT32_MAX) return absl::InvalidArgumentError("more than 4 billion rows");
  groups.emplace(std::move(rows), ResolveThreads(options.threads));
  TakeApart(ResolveThreads(options.threads));
  JudgeWithdrawn();
  return absl::OkStatus();
}

absl::StatusOr<PatientFiles> PatientFiles::Read(std::span<const std::string> paths,
                                                const ReadOptions& options) {
  auto both = ReadTwoLists(paths, {}, options);
  if (!both.ok()) return both.status();
  return std::move(both->first);
}

absl::StatusOr<std::pair<PatientFiles, size_t>> PatientFiles::ReadTwoLists(
    std::span<const std::string> first, std::span<const std::string> second, const ReadOptions& options) {
  auto rep = std::make_unique<Rep>();
  LIBMPI_RETURN_IF_ERROR(rep->Read(first, second, options));
  PatientFiles both(std::move(rep));
  size_t of_first = 0;
  while (of_first < both.size() && both.list(of_first) == 0) ++of_first;
  return std::pair(std::move(both), of_first);
}

PatientFiles::PatientFiles(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
PatientFiles::PatientFiles(PatientFiles&&) noexcept = default;
PatientFiles& PatientFiles::operator=(PatientFiles&&) noexcept = default;
PatientFiles::~PatientFiles() = default;

bool PatientFiles::HasTwoLists() const {
  return std::any_of(rep_->texts.begin(), rep_->texts.end(), [](const FileText& t) { return t.list == 1; });
}
int PatientFiles::list(size_t i) const { return rep_->texts[rep_->groups->rows(i).front().file].list; }
size_t PatientFiles::size() const { return rep_->groups->size(); }
KeyView PatientFiles::KeyOf(size_t i) const { return rep_->groups->key(i); }

namespace {

constexpr size_t kAhead = 4;  // records are mostly taken one after the other

}  // namespace

bool PatientFiles::GetValues(size_t i, FieldValues* values) const {
  const RecordGroups& groups = *rep_->groups;
  groups.Prefetch(i + kAhead);
  const std::span<const RowRef> rows = groups.rows(i);
  if (rows.size() != 1 || !rep_->one_column_a_field[rows.front().file]) return false;
  groups.GetValues(rows.front(), values);
  const KeyView key = groups.key(i);
  (*values)[static_cast<size_t>(Field::kRecordId)] = key.record_id;
  (*values)[static_cast<size_t>(Field::kSource)] = key.source;
  return true;
}

void PatientFiles::Prefetch(size_t i, Near step) const {
  if (i >= size()) return;
  if (step == Near::kPlace) rep_->groups->PrefetchPlace(i);
  else if (step == Near::kRow) rep_->groups->PrefetchRow(i);
  else rep_->groups->PrefetchId(i);
}

void PatientFiles::Get(size_t i, Record* record) const {
  rep_->groups->Prefetch(i + kAhead);
  *record = Record();
  record->key = key(i);
  for (const RowRef& row : rep_->groups->rows(i)) rep_->groups->AddRowTo(row, record);
  record->Normalize();
}

void PatientFiles::Get(size_t i, RecordView* record) const {
  rep_->groups->Prefetch(i + kAhead);
  record->Clear();
  const KeyView key = KeyOf(i);
  record->source = key.source;
  record->record_id = key.record_id;
  record->part = key.part;
  for (const RowRef& row : rep_->groups->rows(i)) rep_->groups->AddRowTo(row, record);
  record->Normalize();
}

Record PatientFiles::Get(size_t i) const {
  Record record;
  Get(i, &record);
  return record;
}

void PatientFiles::ForEachStatedRow(size_t i, const std::function<void(size_t, std::string_view)>& take) const {
  thread_local std::string line;
  rep_->groups->Prefetch(i + kAhead);
  const KeyView key = KeyOf(i);
  for (const RowRef& row : rep_->groups->rows(i)) {
    line.clear();
    AppendCsvField(key.record_id, &line);
    line.push_back(',');
    AppendCsvField(key.source, &line);
    rep_->groups->AppendStated(row, &line);
    line.push_back('\n');
    take(row.file, line);
  }
}

std::vector<Field> PatientFiles::StatedColumns(size_t file) const {
  std::vector<Field> columns;
  for (Field field : rep_->texts[file].columns.field_of_column)
    if (IsStated(field)) columns.push_back(field);
  return columns;
}

const std::vector<RecordKey>& PatientFiles::refused_ids() const { return rep_->refused_ids; }

std::pair<std::string_view, uint64_t> PatientFiles::Where(size_t i) const {
  const RowRef& row = rep_->groups->rows(i).front();
  return {rep_->files[row.file].path, row.line};
}

absl::Status PatientFiles::ParkTexts(const std::string& directory, int threads) {
  for (FileText& text : rep_->texts) LIBMPI_RETURN_IF_ERROR(text.buffer.Park(directory, ResolveThreads(threads)));
  return absl::OkStatus();
}

void PatientFiles::ReadTextsAhead() const {
  for (const FileText& text : rep_->texts) text.buffer.ReadAhead();
}

uint64_t PatientFiles::TextBytes() const {
  uint64_t bytes = 0;
  for (const FileText& text : rep_->texts) bytes += text.buffer.size();
  return bytes;
}

const std::vector<PatientFiles::FileSummary>& PatientFiles::files() const { return rep_->files; }
const std::vector<Reject>& PatientFiles::rejects() const { return rep_->rejects; }
const std::vector<RecordKey>& PatientFiles::withdrawn() const { return rep_->withdrawn; }
const std::vector<Reject>& PatientFiles::notes() const { return rep_->notes; }
const std::vector<FileFinding>& PatientFiles::findings() const { return rep_->findings; }
const std::vector<std::string>& PatientFiles::unmatched_columns() const { return rep_->unmatched_columns; }

}  // namespace libmpi
