// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/error_report.h"

#include <algorithm>
#include <cstdio>
#include <tuple>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/csv_writer.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/pairs_apart.h"

namespace nayose {
namespace {

// Judged records that the truth and the run know.
struct Known {
  std::vector<uint32_t> cluster, person, record;
  std::vector<uint8_t> list;

  Known(const JudgedRecords& judged, std::span<const uint32_t> record_of) {
    for (uint32_t i = 0; i < judged.size(); ++i) {
      if (!judged.known(i) || record_of[i] == UINT32_MAX) continue;
      cluster.push_back(judged.cluster[i]);
      person.push_back(judged.person[i]);
      record.push_back(record_of[i]);
      if (!judged.list.empty()) list.push_back(judged.list[i]);
    }
  }
};

struct ErrorRow {
  bool wrong = false;
  int kind = 0;
  libmpi::MissedStage stage = libmpi::MissedStage::kNotBlocked;
  uint32_t a = 0, b = 0;
  std::string line;  // of errors.csv
};

void AppendKey(const StateRecords& records, uint32_t i, std::string* line) {
  libmpi::Record record;
  records.Get(i, &record);
  *line += ',';
  libmpi::AppendCsvField(record.key.IdText(), line);
  *line += ',';
  libmpi::AppendCsvField(record.key.source, line);
}

std::string LineOf(const ErrorRow& row, std::string_view kind, std::string_view stage,
                   const libmpi::Explanation& explained, const StateRecords& records) {
  std::string line = row.wrong ? "wrong," : "missed,";
  line += std::string(kind) + ',' + std::string(stage);
  AppendKey(records, row.a, &line);
  AppendKey(records, row.b, &line);
  char weight[32];
  std::snprintf(weight, sizeof weight, ",%.3f,", libmpi::WeightBits(explained.weight));
  return line + weight + explained.rival_class + ',' + LevelsText(explained) + '\n';
}

// Wrong pairs were linked by themselves, or came together through others.
std::string_view WrongStage(const libmpi::PairScore& score, libmpi::FixedWeight threshold) {
  return score.weight >= threshold && !score.held ? "linked" : "through_others";
}

libmpi::MissedStage StageOf(const libmpi::Replay& replay, const libmpi::PairScore& score, const ErrorRow& row,
                            libmpi::FixedWeight threshold) {
  if (!replay.IsCandidate(row.a, row.b)) return libmpi::MissedStage::kNotBlocked;
  if (score.held) return libmpi::MissedStage::kHeld;
  return score.weight < threshold ? libmpi::MissedStage::kBelowThreshold : libmpi::MissedStage::kClustering;
}

void FillRow(ReplayedRun* run, libmpi::Replay* replay, const libmpi::PairScore& score, ErrorRow* row) {
  const libmpi::Explanation explained = run->Explain(row->a, row->b);
  if (row->wrong) {
    const libmpi::WrongKind kind = libmpi::KindOfWrong(explained);
    row->kind = static_cast<int>(kind);
    row->line = LineOf(*row, libmpi::KindName(kind), WrongStage(score, run->match_threshold()), explained,
                       run->records());
    return;
  }
  const libmpi::MissedKind kind = libmpi::KindOfMissed(explained);
  row->kind = static_cast<int>(kind);
  row->stage = StageOf(*replay, score, *row, run->match_threshold());
  row->line = LineOf(*row, libmpi::KindName(kind), libmpi::StageName(row->stage), explained, run->records());
}

std::string Row(const std::string& name, const std::vector<uint64_t>& numbers) {
  char text[64];
  std::snprintf(text, sizeof text, "  %-26s", name.c_str());
  std::string line = text;
  for (uint64_t n : numbers) {
    std::snprintf(text, sizeof text, " %11llu", static_cast<unsigned long long>(n));
    line += text;
  }
  return line + '\n';
}

std::string Heading(const char* what, uint64_t seen, uint64_t all) {
  std::string text = std::string(what) + " pairs by kind";
  if (seen < all) text += " (" + std::to_string(seen) + " of " + std::to_string(all) + " looked into)";
  return text;
}

}  // namespace

absl::StatusOr<ErrorReport> SortErrors(const JudgedRecords& judged, std::span<const uint32_t> record_of,
                                       ReplayedRun* run) {
  libmpi::Replay* replay = nullptr;
  LIBMPI_ASSIGN_OR_RETURN(replay, run->replay());
  std::vector<ErrorRow> rows;
  const Known known(judged, record_of);
  const auto add = [&](bool wrong, const std::vector<uint32_t>& together, const std::vector<uint32_t>& apart) {
    for (const auto& [x, y] : PairsApart(together, apart, known.list)) {
      const auto [a, b] = std::minmax(known.record[x], known.record[y]);
      rows.push_back({wrong, 0, {}, a, b, ""});
    }
  };
  add(true, known.cluster, known.person);
  add(false, known.person, known.cluster);
  std::vector<libmpi::PairScore> scores;
  for (const ErrorRow& row : rows) scores.push_back(replay->Score(row.a, row.b));
  libmpi::ParallelChunks(rows.size(), 64, replay->threads(), [&](size_t begin, size_t end, int) {
    for (size_t i = begin; i < end; ++i) FillRow(run, replay, scores[i], &rows[i]);
  });
  std::sort(rows.begin(), rows.end(), [](const ErrorRow& x, const ErrorRow& y) {
    return std::tuple(!x.wrong, x.kind, x.a, x.b) < std::tuple(!y.wrong, y.kind, y.a, y.b);
  });
  ErrorReport out;
  out.csv = "error,kind,stage,record_a,source_a,record_b,source_b,match_weight,rival_class,levels\n";
  for (const ErrorRow& row : rows) {
    out.csv += row.line;
    if (row.wrong) {
      ++out.wrong_seen;
      ++out.wrong[row.kind];
    } else {
      ++out.missed_seen;
      ++out.missed[row.kind][static_cast<int>(row.stage)];
    }
  }
  return out;
}

std::string ErrorReport::ToText() const {
  std::string text = Heading("wrong", wrong_seen, wrong_pairs) + "\n";
  for (int k = 0; k < libmpi::kWrongKinds; ++k)
    if (wrong[k] > 0) text += Row(std::string(KindName(static_cast<libmpi::WrongKind>(k))), {wrong[k]});
  text += Heading("missed", missed_seen, missed_pairs) + ": not blocked, held, below the threshold, by clustering\n";
  for (int k = 0; k < libmpi::kMissedKinds; ++k) {
    const auto& stages = missed[k];
    if (std::any_of(stages.begin(), stages.end(), [](uint64_t n) { return n > 0; }))
      text += Row(std::string(KindName(static_cast<libmpi::MissedKind>(k))), {stages.begin(), stages.end()});
  }
  return text;
}

nlohmann::ordered_json ErrorReport::AsJson() const {
  nlohmann::ordered_json json = {{"wrong_pairs", wrong_pairs}, {"wrong_pairs_seen", wrong_seen},
                                 {"missed_pairs", missed_pairs}, {"missed_pairs_seen", missed_seen}};
  for (int k = 0; k < libmpi::kWrongKinds; ++k)
    json["wrong"][std::string(KindName(static_cast<libmpi::WrongKind>(k)))] = wrong[k];
  for (int k = 0; k < libmpi::kMissedKinds; ++k)
    for (int s = 0; s < libmpi::kMissedStages; ++s)
      json["missed"][std::string(KindName(static_cast<libmpi::MissedKind>(k)))]
          [std::string(StageName(static_cast<libmpi::MissedStage>(s)))] = missed[k][s];
  return json;
}

}  // namespace nayose
