// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/run_tables.h"

#include <cstdio>

#include "libmpi/base/hash.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/csv_writer.h"
#include "libmpi/exchange/output_file.h"

namespace nayose {
namespace {

std::string WeightText(libmpi::FixedWeight weight) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f,%.6f", libmpi::WeightBits(weight), libmpi::MatchProbability(weight));
  return text;
}

void AppendKey(const libmpi::RecordKey& key, std::string* line) {
  libmpi::AppendCsvField(key.IdText(), line);
  line->push_back(',');
  libmpi::AppendCsvField(key.source, line);
}

absl::Status WriteClusters(const std::string& path, const libmpi::PatientFiles& files,
                           const libmpi::LinkResult& result) {
  auto file = libmpi::OutputFile::Create(path);
  if (!file.ok()) return file.status();
  std::vector<std::string> ids(files.size());
  const bool two_lists = files.HasTwoLists();
  std::string line = two_lists ? "record_id,source,cluster_id,list\n" : "record_id,source,cluster_id\n";
  for (size_t i = 0; i < files.size(); ++i) {
    const uint32_t first = result.cluster[i];
    std::string& id = ids[first];
    if (id.empty()) id = ClusterId(files.key(first), files.list(first));
    AppendKey(files.key(i), &line);
    line += ',' + id;
    if (two_lists) line += files.list(i) == 0 ? ",new" : ",reference";
    line += '\n';
    file->Append(line);
    line.clear();
  }
  file->Append(line);
  return file->Commit();
}

}  // namespace

absl::Status WriteLinks(const std::string& path, const KeyedRecords& records, const std::vector<libmpi::Link>& links) {
  auto file = libmpi::OutputFile::Create(path);
  if (!file.ok()) return file.status();
  std::string line = "record_a,source_a,record_b,source_b,match_weight,match_probability,decision\n";
  for (const libmpi::Link& link : links) {
    AppendKey(records.key(link.a), &line);
    line += ',';
    AppendKey(records.key(link.b), &line);
    line += ',' + WeightText(link.weight);
    line += link.decision == libmpi::LinkDecision::kMatch ? ",match\n" : ",review\n";
    file->Append(line);
    line.clear();
  }
  file->Append(line);
  return file->Commit();
}

absl::Status WriteReview(const std::string& path, const KeyedRecords& records,
                         const std::vector<libmpi::ReviewItem>& review) {
  auto file = libmpi::OutputFile::Create(path);
  if (!file.ok()) return file.status();
  std::string line = "record_a,source_a,record_b,source_b,match_weight,match_probability,reason,priority,case\n";
  for (const libmpi::ReviewItem& item : review) {
    AppendKey(records.key(item.a), &line);
    line += ',';
    AppendKey(records.key(item.b), &line);
    line += ',' + WeightText(item.weight) + ',' + std::string(libmpi::ReviewReasonName(item.reason));
    char priority[48];
    std::snprintf(priority, sizeof priority, ",%.4f,%u\n", item.priority, item.review_case);
    file->Append(line + priority);
    line.clear();
  }
  file->Append(line);
  return file->Commit();
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

namespace {

absl::Status WriteFindings(const std::string& path, const libmpi::PatientFiles& files,
                           const libmpi::LinkResult& result) {
  auto file = libmpi::OutputFile::Create(path);
  if (!file.ok()) return file.status();
  const auto tail = [](std::string_view name, uint64_t line, const libmpi::Finding& finding) {
    std::string text = ",";
    libmpi::AppendCsvField(name, &text);
    return text + ',' + std::to_string(line) + ',' + finding.field + ',' +
           std::string(libmpi::FindingName(finding.code)) + '\n';
  };
  file->Append("source,record_id,file,line,field,finding\n");
  const auto key_text = [](const libmpi::RecordKey& key) {
    std::string text;
    libmpi::AppendCsvField(key.source, &text);
    text += ',';
    libmpi::AppendCsvField(key.IdText(), &text);
    return text;
  };
  for (const libmpi::FileFinding& found : files.findings())
    file->Append(key_text(found.key) + tail(found.file, found.line, found.finding));
  for (const auto& [record, finding] : result.findings) {
    const auto [name, line] = files.Where(record);
    file->Append(key_text(files.key(record)) + tail(name, line, finding));
  }
  return file->Commit();
}

}  // namespace

std::string ClusterId(const libmpi::RecordKey& smallest, int list) {
  const uint64_t hash = libmpi::HashCombine(
      libmpi::HashCombine(libmpi::HashBytes(smallest.source), libmpi::HashBytes(smallest.IdText())),
      static_cast<uint64_t>(list));
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

absl::Status WriteRunTables(const std::string& directory, const libmpi::PatientFiles& files,
                            const libmpi::LinkResult& result) {
  LIBMPI_RETURN_IF_ERROR(WriteClusters(directory + "/clusters.csv", files, result));
  LIBMPI_RETURN_IF_ERROR(WriteLinks(directory + "/links.csv", KeysOf(files), result.links));
  LIBMPI_RETURN_IF_ERROR(WriteReview(directory + "/review.csv", KeysOf(files), result.review));
  LIBMPI_RETURN_IF_ERROR(WriteRejects(directory + "/rejects.csv", files.rejects()));
  return WriteFindings(directory + "/findings.csv", files, result);
}

}  // namespace nayose
