// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/review_screen.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/record/iso_date.h"
#include "tools/nayose/record_pair_text.h"

namespace nayose {
namespace {

using libmpi::ReviewCase;
using libmpi::ReviewReason;

constexpr int kHeadCells = 11;  // as record_pair_text.cc's fields

std::string_view ReasonText(const ReviewCase& one) {
  if (one.of.is_held()) return "the revision makes another person of the record: other given name, birth date or card";
  switch (one.reason) {
    case ReviewReason::kBetweenThresholds: return "alike, but not enough to link by itself";
    case ReviewReason::kSplitByClustering: return "alike, but other records of the two persons speak against it";
    case ReviewReason::kCommonName:
      return "little more than a common name, birth date and sex agree, or they may be twins: never links by itself";
    case ReviewReason::kDoubtfulCluster: return "two records of one person that speak against each other";
    case ReviewReason::kLargeCluster: return "one person of suspiciously many records: these are two of them";
  }
  return "";
}

// A head and what it says, going on below itself.
void AppendPart(std::string_view head, std::string_view text, const ScreenStyle& style, std::string* out) {
  for (const std::string& line : LinesOf(text, style.columns - kHeadCells)) {
    std::string first(head);
    first.resize(kHeadCells, ' ');
    *out += first + line + '\n';
    head = {};
  }
}

std::string Formatted(const char* format, ...) {
  char text[200];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return text;
}

std::string DayText(int64_t unix_milliseconds) { return libmpi::IsoDateText(libmpi::DayOf(unix_milliseconds)); }

std::string SideText(const char* name, const libmpi::CaseSide& side) {
  const size_t others = side.records.size() - 1 + side.left_out;
  return std::string(name) + " person " + side.person.ToString().substr(0, 8) +
         (others == 0 ? "" : " + " + std::to_string(others) + (others == 1 ? " record" : " records"));
}

struct Evidence {
  std::string name;
  double weight = 0;
};

// What adds to the weight (`sign` 1) or takes from it (-1), the heaviest first.
std::string EvidenceText(const libmpi::Explanation& why, double sign) {
  std::vector<Evidence> all = {{"prior", why.prior_weight},
                               {"other classes", why.other_classes_weight},
                               {"labels", why.calibration_weight},
                               {"cap", why.cap_weight}};
  for (const libmpi::Explanation::Bar& bar : why.bars)
    all.push_back({bar.comparison + " " + bar.level, bar.weight + bar.frequency_weight});
  std::erase_if(all, [&](const Evidence& e) { return e.weight * sign < 0.05; });
  std::ranges::stable_sort(all, [](const Evidence& x, const Evidence& y) {
    return std::abs(x.weight) > std::abs(y.weight);
  });
  std::string text;
  for (const Evidence& e : all)
    text += (text.empty() ? "" : ", ") + e.name + Formatted(" %+.1f", e.weight);
  return text;
}

void AppendSaid(const ReviewCase& one, const ScreenStyle& style, std::string* out) {
  const auto voice = [](const libmpi::Voice& v) {
    return DayText(v.unix_milliseconds) + " " + v.actor + ": " + std::string(libmpi::VerdictName(v.verdict));
  };
  for (const libmpi::CaseNote& note : one.notes)
    AppendPart("note", DayText(note.unix_milliseconds) + " " + note.actor + ": " + note.text, style, out);
  for (const libmpi::Voice& v : one.void_voices)
    AppendPart("void", voice(v) + ", of records that were revised since", style, out);
  for (const libmpi::Voice& v : one.voices)
    AppendPart(one.disputed ? "DISPUTED" : "proposed", voice(v) + (one.disputed ? "" : ": waits for another steward"),
               style, out);
}

struct Column {
  const char* name;
  uint64_t libmpi::StewardCounts::*count;
};
constexpr Column kColumns[] = {{"same", &libmpi::StewardCounts::same},
                               {"different", &libmpi::StewardCounts::different},
                               {"accepted", &libmpi::StewardCounts::accepted},
                               {"refused", &libmpi::StewardCounts::refused},
                               {"undone", &libmpi::StewardCounts::undone},
                               {"proposed", &libmpi::StewardCounts::proposed},
                               {"seconded", &libmpi::StewardCounts::seconded},
                               {"disputed", &libmpi::StewardCounts::disputed}};

std::string MedianText(const libmpi::StewardCounts& counts) {
  return counts.median_milliseconds ? Formatted("%.0f s", static_cast<double>(*counts.median_milliseconds) / 1000)
                                    : "-";
}

nlohmann::ordered_json CountsJson(const libmpi::StewardCounts& counts) {
  nlohmann::ordered_json json;
  for (const Column& column : kColumns) json[column.name] = counts.*column.count;
  json["median_seconds"] = counts.median_milliseconds
                               ? nlohmann::ordered_json(static_cast<double>(*counts.median_milliseconds) / 1000)
                               : nlohmann::ordered_json();
  return json;
}

}  // namespace

std::string CaseName(const libmpi::CaseKey& of) {
  return of.is_held() ? "the revision of " + of.a.ToString() : of.a.ToString() + " and " + of.b.ToString();
}

std::string CaseText(const ReviewCase& one, const ScreenStyle& style) {
  std::string out;
  std::string title = Formatted("%.3f bits, probability %.6f", libmpi::WeightBits(one.why.weight),
                                libmpi::MatchProbability(one.why.weight));
  if (one.since.IsFull()) title += "; since " + libmpi::IsoDateText(one.since);
  if (!one.assignee.empty()) title += "; assigned to " + one.assignee;
  AppendPart(one.of.is_held() ? "revision" : "question", title, style, &out);
  AppendPart("why", ReasonText(one), style, &out);
  const bool one_person = one.a.person == one.b.person;
  std::string sides = SideText(one_person ? "one" : "left:", one.a);
  if (one.of.is_held()) sides += "; left: as accepted, right: as held";
  else if (!one_person) sides += "; " + SideText("right:", one.b);
  AppendPart("of", sides, style, &out);
  out += '\n';
  out += RecordPairText(one.a.records[0].record, one.b.records[0].record, style.columns,
                        style.colour ? PairMarks::kInColour : PairMarks::kDifferences);
  out += '\n';
  AppendPart("for", EvidenceText(one.why, 1), style, &out);
  AppendPart("against", EvidenceText(one.why, -1), style, &out);
  for (const std::string& note : one.why.notes) AppendPart("", note, style, &out);
  AppendSaid(one, style, &out);
  return out;
}

std::string PersonsText(const ReviewCase& one, const ScreenStyle& style) {
  std::string out;
  const auto &left = one.a.records, &right = one.b.records;
  for (size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const libmpi::Record nothing;
    out += '\n' + RecordPairText(i < left.size() ? left[i].record : nothing, i < right.size() ? right[i].record : nothing,
                                 style.columns, PairMarks::kNone);
  }
  for (const libmpi::CaseSide* side : {&one.a, &one.b})
    if (side->left_out > 0)
      out += "and " + std::to_string(side->left_out) + " more records of person " + side->person.ToString() + "\n";
  return out;
}

std::string WhyText(const ReviewCase& one, const ScreenStyle& style) {
  std::string out = "\n";
  for (const std::string& line : LinesOf(one.why.ToText(), style.columns)) out += line + '\n';
  return out;
}

std::string StatisticsText(const libmpi::DeskStatistics& statistics, const std::string& since) {
  std::string out = "since " + since + "\n";
  std::vector<std::pair<std::string, const libmpi::StewardCounts*>> rows;
  for (const libmpi::StewardCounts& counts : statistics.stewards) rows.emplace_back(counts.actor, &counts);
  rows.emplace_back("all", &statistics.all);
  for (const auto& [name, counts] : rows) {
    std::string line;
    for (const Column& column : kColumns)
      if (const uint64_t count = counts->*column.count; count > 0)
        line += (line.empty() ? "" : ", ") + std::to_string(count) + " " + column.name;
    out += "  " + name + ": " + (line.empty() ? "nothing" : line) + "; median time between answers " +
           MedianText(*counts) + "\n";
  }
  out += "waiting now: " + std::to_string(statistics.questions) + " questions, " + std::to_string(statistics.held) +
         " held revisions; of them " + std::to_string(statistics.proposals) + " for a second steward, " +
         std::to_string(statistics.disputes) + " disputed\n";
  return out;
}

nlohmann::ordered_json StatisticsJson(const libmpi::DeskStatistics& statistics, const std::string& since) {
  nlohmann::ordered_json json = {{"since", since}, {"stewards", nlohmann::ordered_json::array()}};
  for (const libmpi::StewardCounts& counts : statistics.stewards) {
    nlohmann::ordered_json one = {{"actor", counts.actor}};
    one.update(CountsJson(counts));
    json["stewards"].push_back(std::move(one));
  }
  json["all"] = CountsJson(statistics.all);
  json["waiting"] = {{"questions", statistics.questions},
                     {"held", statistics.held},
                     {"proposals", statistics.proposals},
                     {"disputes", statistics.disputes}};
  return json;
}

std::string ReviewHelpText() {
  return "  s  the same person            d  different persons\n"
         "  n  write a note               u  undo what you did last\n"
         "  l  later: not today           a  assign it to somebody (empty: to you)\n"
         "  e  all that the weight is of  p  all records of both persons\n"
         "  h  held revisions first, or questions first\n"
         "  t  statistics of the day      q  quit (also Ctrl-C, Ctrl-D)\n"
         "Of a held revision: s the same person after all, d another one's from now on, x refuse it.\n"
         "Between the records: = as said, ~ the same once folded, ! different, | one says nothing.\n"
         "Notes are for stewards: facilities, the history and the audit trail do not have them.\n";
}

}  // namespace nayose
