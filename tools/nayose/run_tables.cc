// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/run_tables.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <numeric>

#include "libmpi/base/hash.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/csv_writer.h"
#include "libmpi/exchange/output_pieces.h"
#include "tools/nayose/spanning_links.h"
#include "tools/nayose/weight_text.h"

namespace nayose {
namespace {

using libmpi::BackgroundCommits;
using libmpi::KeyView;

constexpr size_t kGrain = size_t{1} << 13;  // rows of a piece
// Keys between the steps of bringing one near: a random place in memory costs as much as writing several.
constexpr size_t kSteps = 12;
using Near = libmpi::PatientFiles::Near;

void AppendNumber(uint64_t number, std::string* out) {
  char text[20];
  out->append(text, std::to_chars(text, text + sizeof text, number).ptr);
}

void AppendId(const KeyView& key, std::string* line) {
  if (key.part != 0) return libmpi::AppendCsvField(key.IdText(), line);
  libmpi::AppendCsvField(key.record_id, line);
}

// record_id,source
void AppendKey(const KeyView& key, std::string* line) {
  AppendId(key, line);
  line->push_back(',');
  libmpi::AppendCsvField(key.source, line);
}

uint64_t ClusterHash(uint64_t source, const KeyView& smallest, int list) {
  const uint64_t id = smallest.part == 0 ? libmpi::HashBytes(smallest.record_id) : libmpi::HashBytes(smallest.IdText());
  return libmpi::HashCombine(libmpi::HashCombine(source, id), static_cast<uint64_t>(list));
}

void AppendHex(uint64_t number, std::string* out) {
  char text[16];
  for (int digit = 15; digit >= 0; --digit, number >>= 4) text[digit] = "0123456789abcdef"[number & 15];
  out->append(text, sizeof text);
}

// A file of `size` rows under a header.
template <typename AppendRows>
absl::Status WriteTable(const std::string& path, std::string_view header, size_t size, int threads,
                        BackgroundCommits* commits, const AppendRows& append) {
  auto file = libmpi::OutputFile::Create(path);
  if (!file.ok()) return file.status();
  file->Append(header);
  libmpi::AppendInPieces(size, kGrain, threads, &*file, append);
  commits->Add(*std::move(file));
  return absl::OkStatus();
}

absl::Status WriteClusters(const std::string& path, const libmpi::PatientFiles& files,
                           const libmpi::LinkResult& result, int threads, BackgroundCommits* commits) {
  const bool two_lists = files.HasTwoLists();
  std::vector<uint64_t> id(files.size());  // of records that a cluster is named by
  libmpi::ParallelChunks(files.size(), kGrain, threads, [&](size_t begin, size_t end, int) {
    std::string_view source;  // records come by source
    uint64_t source_hash = libmpi::HashBytes(source);
    for (size_t i = begin; i < end; ++i) {
      files.Prefetch(i + kSteps, Near::kText);
      if (result.cluster[i] != i) continue;
      const KeyView key = files.KeyOf(i);
      if (key.source != source) source_hash = libmpi::HashBytes(source = key.source);
      id[i] = ClusterHash(source_hash, key, files.list(i));
    }
  });
  return WriteTable(path, two_lists ? "record_id,source,cluster_id,list\n" : "record_id,source,cluster_id\n",
                    files.size(), threads, commits, [&](size_t begin, size_t end, int, std::string* text) {
                      for (size_t i = begin; i < end; ++i) {
                        files.Prefetch(i + kSteps, Near::kText);
                        if (i + kSteps < end) __builtin_prefetch(&id[result.cluster[i + kSteps]]);
                        AppendKey(files.KeyOf(i), text);
                        text->push_back(',');
                        AppendHex(id[result.cluster[i]], text);
                        if (two_lists) *text += files.list(i) == 0 ? ",new" : ",reference";
                        text->push_back('\n');
                      }
                    });
}

}  // namespace

absl::Status WriteLinks(const std::string& path, const KeyedRecords& records, const std::vector<libmpi::Link>& links,
                        std::span<const uint32_t> which, int threads, BackgroundCommits* commits) {
  const auto prefetch = [&](size_t i, Near step) {
    if (!records.prefetch || i >= which.size()) return;
    records.prefetch(links[which[i]].a, step);
    records.prefetch(links[which[i]].b, step);
  };
  std::vector<WeightTexts> weights(static_cast<size_t>(std::max(1, threads)));
  return WriteTable(path, "record_a,source_a,record_b,source_b,match_weight,match_probability,decision\n",
                    which.size(), threads, commits, [&](size_t begin, size_t end, int worker, std::string* text) {
                      for (size_t i = begin; i < end; ++i) {
                        prefetch(i + 3 * kSteps, Near::kPlace);
                        prefetch(i + 2 * kSteps, Near::kRow);
                        prefetch(i + kSteps, Near::kText);
                        const libmpi::Link& link = links[which[i]];
                        AppendKey(records.key(link.a), text);
                        text->push_back(',');
                        AppendKey(records.key(link.b), text);
                        text->push_back(',');
                        *text += weights[static_cast<size_t>(worker)].Of(link.weight);
                        *text += link.decision == libmpi::LinkDecision::kMatch ? ",match\n" : ",review\n";
                      }
                    });
}

absl::Status WriteReview(const std::string& path, const KeyedRecords& records,
                         const std::vector<libmpi::ReviewItem>& review, BackgroundCommits* commits) {
  WeightTexts weights;
  return WriteTable(path,
                    "record_a,source_a,record_b,source_b,match_weight,match_probability,reason,priority,case\n",
                    review.size(), 1, commits, [&](size_t begin, size_t end, int, std::string* text) {
                      for (size_t i = begin; i < end; ++i) {
                        const libmpi::ReviewItem& item = review[i];
                        AppendKey(records.key(item.a), text);
                        text->push_back(',');
                        AppendKey(records.key(item.b), text);
                        text->push_back(',');
                        *text += weights.Of(item.weight);
                        text->push_back(',');
                        *text += libmpi::ReviewReasonName(item.reason);
                        char priority[48];
                        std::snprintf(priority, sizeof priority, ",%.4f,%u\n", item.priority, item.review_case);
                        *text += priority;
                      }
                    });
}

absl::Status WriteRejects(const std::string& path, const std::vector<libmpi::Reject>& rejects) {
  std::string text = "file,line,field,reason\n";
  for (const libmpi::Reject& reject : rejects) {
    libmpi::AppendCsvField(reject.file, &text);
    text += ',' + std::to_string(reject.line) + ',';
    libmpi::AppendCsvField(reject.field, &text);
    text += ',';
    libmpi::AppendCsvField(reject.reason, &text);
    text += '\n';
  }
  return libmpi::WriteWholeFile(path, text);
}

void AppendFinding(const KeyView& key, std::string_view file, uint64_t line, const libmpi::Finding& finding,
                   std::string* text) {
  libmpi::AppendCsvField(key.source, text);
  text->push_back(',');
  AppendId(key, text);
  text->push_back(',');
  libmpi::AppendCsvField(file, text);
  text->push_back(',');
  AppendNumber(line, text);
  text->push_back(',');
  *text += finding.field;
  text->push_back(',');
  *text += libmpi::FindingName(finding.code);
  text->push_back('\n');
}

namespace {

absl::Status WriteFindings(const std::string& path, const libmpi::PatientFiles& files,
                           const libmpi::LinkResult& result, int threads, BackgroundCommits* commits) {
  std::string head(kFindingsHeader);
  for (const libmpi::FileFinding& found : files.findings())
    AppendFinding(found.key, found.file, found.line, found.finding, &head);
  return WriteTable(path, head, result.findings.size(), threads, commits,
                    [&](size_t begin, size_t end, int, std::string* text) {
                      for (size_t i = begin; i < end; ++i) {
                        const auto& [record, finding] = result.findings[i];
                        const auto [name, line] = files.Where(record);
                        AppendFinding(files.KeyOf(record), name, line, finding, text);
                      }
                    });
}

}  // namespace

uint64_t ClusterNumber(const KeyView& smallest, int list) {
  return ClusterHash(libmpi::HashBytes(smallest.source), smallest, list);
}

void AppendClusterId(uint64_t number, std::string* out) { AppendHex(number, out); }

void AppendRecordKey(const KeyView& key, std::string* line) { AppendKey(key, line); }

std::string ClusterId(const KeyView& smallest, int list) {
  std::string text;
  AppendHex(ClusterNumber(smallest, list), &text);
  return text;
}

std::vector<uint32_t> LinksToWrite(const std::vector<libmpi::Link>& links, size_t records, bool all) {
  if (!all) return SpanningLinks(links, records);
  std::vector<uint32_t> which(links.size());
  std::iota(which.begin(), which.end(), 0);
  return which;
}

absl::Status WriteRunTables(const std::string& directory, const libmpi::PatientFiles& files,
                            const libmpi::LinkResult& result, std::span<const uint32_t> links, int threads,
                            BackgroundCommits* commits) {
  LIBMPI_RETURN_IF_ERROR(WriteClusters(directory + "/clusters.csv", files, result, threads, commits));
  LIBMPI_RETURN_IF_ERROR(
      WriteLinks(directory + "/links.csv", KeysOf(files), result.links, links, threads, commits));
  LIBMPI_RETURN_IF_ERROR(WriteFindings(directory + "/findings.csv", files, result, threads, commits));
  LIBMPI_RETURN_IF_ERROR(WriteReview(directory + "/review.csv", KeysOf(files), result.review, commits));
  return WriteRejects(directory + "/rejects.csv", files.rejects());
}

}  // namespace nayose
