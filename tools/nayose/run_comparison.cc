// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/run_comparison.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/csv_writer.h"
#include "libmpi/linkage/comparison.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/csv_table.h"
#include "tools/nayose/judged_records.h"
#include "tools/nayose/pairs_apart.h"
#include "tools/nayose/run_evaluation.h"
#include "tools/nayose/run_folder.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;

// A weight that moved by less is taken to be the same.
constexpr double kSameWeight = 0.5;

std::string PairName(const std::string& source_a, const std::string& a, const std::string& source_b, const std::string& b) {
  return TableKey(source_a, a) + '\x1e' + TableKey(source_b, b);
}

absl::StatusOr<std::unordered_map<std::string, double>> LinkWeights(const std::string& directory) {
  const auto links = CsvTable::Read(directory + "/links.csv", {"record_a", "source_a", "record_b", "source_b", "match_weight"});
  if (!links.ok()) return links.status();
  std::unordered_map<std::string, double> weights;
  for (size_t i = 0; i < links->size(); ++i)
    weights.emplace(PairName(links->Get(i, "source_a"), links->Get(i, "record_a"), links->Get(i, "source_b"),
                             links->Get(i, "record_b")),
                    std::strtod(links->Get(i, "match_weight").c_str(), nullptr));
  return weights;
}

// Records that both sides name, in the order of `now`.
struct CommonRecords {
  std::vector<uint32_t> before, now;  // rows
  std::vector<uint32_t> cluster_before, cluster_now;
  std::vector<uint32_t> person;  // of JudgedRecords; empty without truth
};

absl::StatusOr<CommonRecords> FindCommon(const ClusteringFile& before, const ClusteringFile& now) {
  const bool by_source = before.has_source && now.has_source;
  for (const ClusteringFile* side : {&before, &now})
    if (!by_source && side->has_source && side->IdsRepeat())
      return absl::InvalidArgumentError((side == &before ? now : before).path +
                                        ": needs a source column, since record ids repeat over sources");
  const auto key = [&](const ClusteringFile::Row& row) {
    return std::to_string(before.two_lists && now.two_lists ? row.list : 0) + TableKey(by_source ? row.source : "", row.id);
  };
  std::unordered_map<std::string, uint32_t> row_before;
  for (uint32_t i = 0; i < before.rows.size(); ++i) row_before.emplace(key(before.rows[i]), i);
  CommonRecords out;
  for (uint32_t i = 0; i < now.rows.size(); ++i) {
    const auto it = row_before.find(key(now.rows[i]));
    if (it == row_before.end()) continue;
    out.before.push_back(it->second);
    out.now.push_back(i);
    out.cluster_before.push_back(before.rows[it->second].cluster);
    out.cluster_now.push_back(now.rows[i].cluster);
  }
  if (out.now.empty())
    return absl::InvalidArgumentError(before.path + " and " + now.path +
                                      " have no record in common; are record_id and source the same?");
  return out;
}

// What one side says of a pair.
struct PairView {
  std::optional<double> weight;
  std::optional<libmpi::Explanation> explained;
};

PairView ViewOf(const ComparedSide& side, uint32_t a, uint32_t b) {
  PairView view;
  if (side.run != nullptr) {
    view.explained = side.run->Explain(a, b);
    view.weight = libmpi::WeightBits(view.explained->weight);
    return view;
  }
  const ClusteringFile::Row &x = side.clustering.rows[a], &y = side.clustering.rows[b];
  for (const std::string& name : {PairName(x.source, x.id, y.source, y.id), PairName(y.source, y.id, x.source, x.id)})
    if (const auto it = side.weights.find(name); it != side.weights.end()) view.weight = it->second;
  return view;
}

// A pair's weight in parts, of one class of matches against one of non-matches.
struct WeightParts {
  double prior = 0, other_classes = 0, calibration = 0, cap = 0;
  struct Part {
    std::string level;
    double weight = 0;
  };
  std::map<std::string, Part> comparisons;
};

const libmpi::PairClass* ClassNamed(const libmpi::Model& model, const std::string& name) {
  for (const libmpi::PairClass& c : model.classes)
    if (c.name == name) return &c;
  return nullptr;
}

// An explanation tells the weight by the two classes that explain the pair best; two runs may differ in
// those. By the classes that `like` tells it by instead, where the model has them, so that their parts can be compared.
WeightParts PartsOf(const libmpi::Explanation& e, const libmpi::Model& model, const libmpi::Explanation& like) {
  WeightParts out;
  out.cap = e.cap_weight;
  out.calibration = e.calibration_weight;
  out.prior = e.prior_weight;
  const libmpi::PairClass *match = ClassNamed(model, like.match_class), *rival = ClassNamed(model, like.rival_class);
  const bool other =
      match != nullptr && rival != nullptr && (e.match_class != like.match_class || e.rival_class != like.rival_class);
  if (other) out.prior = std::log2(match->share / rival->share);
  double sum = out.prior;
  for (const libmpi::Explanation::Bar& bar : e.bars) {
    double weight = bar.weight + bar.frequency_weight;
    const auto comparison = libmpi::ComparisonByName(bar.comparison);
    const auto level = comparison ? libmpi::LevelByName(*comparison, bar.level) : std::nullopt;
    if (other && level && *level != 0) {
      const int k = static_cast<int>(*comparison);
      weight = std::log2(match->probability[k][*level] / rival->probability[k][*level]);
      // Rarity speaks against agreeing by chance, whatever the class of matches.
      if (e.rival_class == like.rival_class) weight += bar.frequency_weight;
    }
    out.comparisons[bar.comparison] = {bar.level, weight};
    sum += weight;
  }
  out.other_classes = libmpi::WeightBits(e.weight) - out.cap - out.calibration - sum;
  return out;
}

// The part whose weight changed most: a comparison with its levels, the prior, a cap. Empty where none did.
std::string MostChangedPart(const WeightParts& before, const WeightParts& now) {
  std::string part;
  double most = 0;
  const auto consider = [&](const std::string& name, double change) {
    if (std::abs(change) < 0.001 || std::abs(change) <= std::abs(most)) return;
    most = change;
    part = name;
  };
  for (const auto& [comparison, is] : now.comparisons) {
    const auto it = before.comparisons.find(comparison);
    const WeightParts::Part was = it == before.comparisons.end() ? WeightParts::Part{"missing", 0} : it->second;
    consider(comparison + " " + (was.level == is.level ? is.level : was.level + " > " + is.level),
             is.weight - was.weight);
  }
  consider("prior", now.prior - before.prior);
  consider("cap of a common name or little evidence", now.cap - before.cap);
  consider("labels", now.calibration - before.calibration);
  consider("other classes", now.other_classes - before.other_classes);
  if (part.empty()) return part;
  char text[32];
  std::snprintf(text, sizeof text, " %+.3f", most);
  return part + text;
}

// Two columns: what brought a pair together (`linked`) or apart, and the part of its weight that
// changed most. Both empty unless both sides have a model.
std::string Why(const ComparedSide& before, const ComparedSide& now, const PairView& was, const PairView& is, bool linked) {
  if (!was.explained || !is.explained) return ",";
  const std::string part = MostChangedPart(PartsOf(*was.explained, *before.run->options().model, *is.explained),
                                           PartsOf(*is.explained, *now.run->options().model, *is.explained));
  const bool linked_before = was.explained->weight >= before.run->match_threshold();
  const bool linked_now = is.explained->weight >= now.run->match_threshold();
  if (linked_now != linked || linked_before == linked) return "other_records," + part;
  return (std::abs(*is.weight - *was.weight) < kSameWeight ? "threshold," : "weight,") + part;
}

std::string WeightText(const PairView& view) {
  if (!view.weight) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", *view.weight);
  return text;
}

void AppendRow(const ClusteringFile::Row& row, std::string* line) {
  libmpi::AppendCsvField(row.id, line);
  *line += ',';
  libmpi::AppendCsvField(row.source, line);
  *line += ',';
}

// Pairs of one cluster in `together` and two in `apart`; a change to be right where both are one person
// exactly if it links.
ChangedPairs ListPairs(const ComparedSide& before, const ComparedSide& now, const CommonRecords& common, bool linked) {
  const auto pairs = linked ? PairsApart(common.cluster_now, common.cluster_before, {})
                            : PairsApart(common.cluster_before, common.cluster_now, {});
  std::vector<std::string> lines(pairs.size());
  libmpi::ParallelChunks(pairs.size(), 64, libmpi::ResolveThreads(0), [&](size_t begin, size_t end, int) {
    for (size_t i = begin; i < end; ++i) {
      const auto [a, b] = pairs[i];
      const PairView was = ViewOf(before, common.before[a], common.before[b]);
      const PairView is = ViewOf(now, common.now[a], common.now[b]);
      AppendRow(now.clustering.rows[common.now[a]], &lines[i]);
      AppendRow(now.clustering.rows[common.now[b]], &lines[i]);
      lines[i] += WeightText(was) + ',' + WeightText(is) + ',' + Why(before, now, was, is, linked) + ',';
    }
  });
  ChangedPairs out;
  out.listed = pairs.size();
  out.csv = "record_a,source_a,record_b,source_b,match_weight_before,match_weight_now,why,changed_most,right\n";
  for (size_t i = 0; i < pairs.size(); ++i) {
    out.csv += lines[i];
    const auto [a, b] = pairs[i];
    if (!common.person.empty() && common.person[a] != JudgedRecords::kNoPerson &&
        common.person[b] != JudgedRecords::kNoPerson) {
      const bool right = (common.person[a] == common.person[b]) == linked;
      ++(right ? out.right : out.wrong);
      out.csv += right ? "yes" : "no";
    }
    out.csv += '\n';
  }
  return out;
}

std::string ClustersCsv(const ComparedSide& before, const ComparedSide& now, const CommonRecords& common,
                        const libmpi::PartitionChange& change) {
  std::vector<uint64_t> size(before.clustering.clusters(), 0);
  std::vector<std::set<uint32_t>> parts(before.clustering.clusters());
  for (size_t i = 0; i < common.now.size(); ++i) {
    ++size[common.cluster_before[i]];
    parts[common.cluster_before[i]].insert(common.cluster_now[i]);
  }
  std::string csv = "cluster_before,change,records,clusters_now\n";
  for (uint32_t c = 0; c < size.size(); ++c) {
    if (size[c] == 0 || change.change[c] == libmpi::ClusterChange::kUnchanged) continue;
    libmpi::AppendCsvField(before.clustering.names[c], &csv);
    csv += ',' + std::string(ClusterChangeName(change.change[c])) + ',' + std::to_string(size[c]) + ',';
    std::string ids;
    for (uint32_t p : parts[c]) ids += (ids.empty() ? "" : " ") + now.clustering.names[p];
    libmpi::AppendCsvField(ids, &csv);
    csv += '\n';
  }
  return csv;
}

absl::Status JudgeBoth(const ClusteringFile& now, const TruthFile& truth, CommonRecords* common, RunComparison* out) {
  const auto judged = JudgedRecords::Join(now, truth, MissingRecords::kLeftOut);
  if (!judged.ok()) return judged.status();
  std::vector<uint32_t> before, after, person;
  for (size_t i = 0; i < common->now.size(); ++i) {
    common->person.push_back(judged->person[common->now[i]]);
    if (common->person.back() == JudgedRecords::kNoPerson) continue;
    before.push_back(common->cluster_before[i]);
    after.push_back(common->cluster_now[i]);
    person.push_back(common->person.back());
  }
  out->before = libmpi::EvaluateClusters(before, person).pairs;
  out->now = libmpi::EvaluateClusters(after, person).pairs;
  return absl::OkStatus();
}

std::string PairsText(const char* name, const ChangedPairs& pairs, bool judged) {
  std::string text = std::string(name) + std::to_string(pairs.pairs) + " pairs";
  if (pairs.listed < pairs.pairs) text += ", " + std::to_string(pairs.listed) + " of them listed";
  if (judged) text += ": " + std::to_string(pairs.right) + " rightly, " + std::to_string(pairs.wrong) + " wrongly";
  return text + "\n";
}

Json PairsJson(const ChangedPairs& pairs, bool judged) {
  Json json = {{"pairs", pairs.pairs}, {"listed", pairs.listed}};
  if (judged) json["right"] = pairs.right, json["wrong"] = pairs.wrong;
  return json;
}

}  // namespace

absl::StatusOr<ComparedSide> ComparedSide::Open(const std::string& path) {
  ComparedSide side;
  if (!std::filesystem::is_directory(path)) {
    LIBMPI_ASSIGN_OR_RETURN(side.clustering, ClusteringFile::Read(path));
    return side;
  }
  FinishPublishing(path);
  if (!std::filesystem::exists(path + "/summary.json"))
    return absl::FailedPreconditionError(path + ": holds no finished run");
  LIBMPI_ASSIGN_OR_RETURN(side.clustering, ClusteringFile::Read(path + "/clusters.csv"));
  auto run = ReplayedRun::Open(path, side.clustering.two_lists);
  if (!run.ok() && run.status().code() != absl::StatusCode::kNotFound) return run.status();
  if (run.ok()) {
    if ((*run)->records().size() != side.clustering.rows.size())
      return absl::FailedPreconditionError(path + ": state/ and clusters.csv are not of one run; run again");
    side.run = *std::move(run);
  } else {
    LIBMPI_ASSIGN_OR_RETURN(side.weights, LinkWeights(path));
    side.all_weights = HasAllLinks(path);
  }
  return side;
}

absl::StatusOr<RunComparison> CompareRuns(const ComparedSide& before, const ComparedSide& now,
                                          const TruthFile* truth) {
  CommonRecords common;
  LIBMPI_ASSIGN_OR_RETURN(common, FindCommon(before.clustering, now.clustering));
  RunComparison out;
  if (truth != nullptr) LIBMPI_RETURN_IF_ERROR(JudgeBoth(now.clustering, *truth, &common, &out));
  out.change = libmpi::ComparePartitions(common.cluster_before, common.cluster_now);
  out.only_before = before.clustering.rows.size() - common.before.size();
  out.only_now = now.clustering.rows.size() - common.now.size();
  out.linked = ListPairs(before, now, common, true);
  out.parted = ListPairs(before, now, common, false);
  out.linked.pairs = out.change.pairs_linked;
  out.parted.pairs = out.change.pairs_parted;
  out.changed_clusters_csv = ClustersCsv(before, now, common, out.change);
  return out;
}

std::string RunComparison::ToText() const {
  std::string text = "records in both " + std::to_string(change.records) + ", only before " + std::to_string(only_before) +
                     ", only now " + std::to_string(only_now) + "\nclusters before " +
                     std::to_string(change.clusters_before) + ", now " + std::to_string(change.clusters_now) +
                     "; of those before:\n";
  for (int k = 0; k < libmpi::kClusterChanges; ++k) {
    char line[96];
    std::snprintf(line, sizeof line, "  %-12s %10llu clusters of %10llu records\n",
                  std::string(ClusterChangeName(static_cast<libmpi::ClusterChange>(k))).c_str(),
                  static_cast<unsigned long long>(change.clusters[k]),
                  static_cast<unsigned long long>(change.records_in[k]));
    text += line;
  }
  text += PairsText("linked    ", linked, now.has_value()) + PairsText("parted    ", parted, now.has_value());
  if (now) {
    char line[200];
    std::snprintf(line, sizeof line, "pairs     before precision %.4f recall %.4f F1 %.4f; now precision %.4f recall %.4f F1 %.4f\n",
                  before->precision, before->recall, before->f1, now->precision, now->recall, now->f1);
    text += line;
  }
  return text;
}

std::string RunComparison::ToJson() const {
  Json json = {{"records", change.records},
               {"only_before", only_before},
               {"only_now", only_now},
               {"clusters_before", change.clusters_before},
               {"clusters_now", change.clusters_now}};
  for (int k = 0; k < libmpi::kClusterChanges; ++k)
    json[std::string(ClusterChangeName(static_cast<libmpi::ClusterChange>(k)))] = {
        {"clusters", change.clusters[k]}, {"records", change.records_in[k]}};
  json["pairs_kept"] = change.pairs_kept;
  json["linked"] = PairsJson(linked, now.has_value());
  json["parted"] = PairsJson(parted, now.has_value());
  const auto parts = [](const libmpi::PrecisionRecall& p) {
    return Json{{"precision", p.precision}, {"recall", p.recall}, {"f1", p.f1}};
  };
  if (now) json["pairs_before"] = parts(*before), json["pairs_now"] = parts(*now);
  return json.dump(1) + "\n";
}

}  // namespace nayose
