// SPDX-License-Identifier: Apache-2.0
#include "tools/simulate/simulation_page.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>

#include "nlohmann/json.hpp"

namespace nayose {
namespace {

std::string Format(const char* format, ...) __attribute__((format(printf, 1, 2)));
std::string Format(const char* format, ...) {
  char text[512];
  va_list args;
  va_start(args, format);
  std::vsnprintf(text, sizeof text, format, args);
  va_end(args);
  return text;
}

unsigned long long U(uint64_t n) { return n; }

double Rate(double count, double seconds) { return seconds > 0 ? count / seconds : 0; }

double Percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<size_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(at), values.end());
  return values[at];
}

// "0.9912 (0.9890 to 0.9931)".
std::string WithInterval(double value, const libmpi::Interval& interval) {
  return Format("%.4f (%.4f to %.4f)", value, interval.low, interval.high);
}

void AddList(const std::string& title, const std::vector<std::string>& lines, std::string* page) {
  if (lines.empty()) return;
  *page += "\n" + title + "\n\n";
  for (const std::string& line : lines) *page += "- " + line + "\n";
}

void AddPersons(const SimulationResult& r, std::string* page) {
  const SimulatedDay& last = r.days.back();
  const libmpi::ClusterEvaluation& e = r.accuracy;
  *page += "\n## Persons and links\n\n| | |\n|---|---|\n";
  *page += Format("| persons, in truth | %llu |\n", U(e.persons));
  *page += Format("| records in the registry | %llu |\n", U(last.records));
  *page += Format("| persons in the registry | %llu |\n", U(last.persons));
  *page += Format("| registered (consent) | %llu of %llu persons |\n", U(last.registered), U(last.persons));
  *page += Format("| links (pairs of records in one person) | %llu, of %llu true ones %llu |\n", U(e.found_pairs),
                  U(e.true_pairs), U(e.correct_pairs));
  *page += "| precision of pairs | " + WithInterval(e.pairs.precision, e.pairs.precision_interval) + " |\n";
  *page += "| recall of pairs | " + WithInterval(e.pairs.recall, e.pairs.recall_interval) + " |\n";
  *page += "| F1 | " + WithInterval(e.pairs.f1, e.pairs.f1_interval) + " |\n";
  *page += Format("| persons found whole and alone | %.1f %% |\n", 100 * e.exact_clusters);
  if (r.as_lists.records > 0)
    *page += Format("| the same rows as full lists | precision %.4f, recall %.4f, F1 %.4f: what the formats leave out costs %.4f |\n",
                    r.as_lists.pairs.precision, r.as_lists.pairs.recall, r.as_lists.pairs.f1,
                    r.as_lists.pairs.f1 - e.pairs.f1);
  *page += Format("| questions for stewards | %llu, %.1f per 100 records |\n", U(r.review),
                  last.records > 0 ? 100.0 * static_cast<double>(r.review) / static_cast<double>(last.records) : 0);
  *page += Format("| revisions held as another person's | %llu |\n", U(r.held));
}

void AddFeeds(const SimulationResult& r, std::string* page) {
  *page += "\n## Feeds\n\n| | |\n|---|---|\n";
  for (const auto& [format, rows] : r.rows_by_format) *page += Format("| %s | %llu rows |\n", format.c_str(), U(rows));
  const ImportCounts& i = r.import;
  *page += Format("| files | %llu (%.1f MB), %llu unreadable, %llu of no format |\n", U(i.files),
                  static_cast<double>(i.bytes) / 1e6, U(i.unreadable), U(i.unknown));
  *page += Format("| rows | %llu, %llu rejected, %llu odd places noted |\n", U(i.rows), U(i.rejected), U(i.notes));
  *page += Format("| records put | %llu, %llu refused, %llu held; %llu of those sent are not in the registry |\n", U(i.records),
                  U(i.refused), U(i.held), U(r.lost_records));
  *page += Format("| read | %.1f s, %.0f files/s |\n", i.read_seconds, Rate(static_cast<double>(i.files), i.read_seconds));
  const ImportCounts& first = r.days.front().import;
  *page += Format("| loaded on the first day | %.1f s, %.0f records/s |\n", first.put_seconds,
                  Rate(static_cast<double>(first.records), first.put_seconds));
  *page += Format("| put on the days after | %.1f s, %.0f records/s, each durable |\n", i.put_seconds - first.put_seconds,
                  Rate(static_cast<double>(i.records - first.records), i.put_seconds - first.put_seconds));
}

void AddAnswers(const SimulationResult& r, std::string* page) {
  const QuestionCounts& q = r.questions;
  *page += "\n## Answers\n\nHL7 v2 messages, bytes to bytes, without a network between; each answer is held against the "
           "registry's own partition and what was said of consent.\n\n| | |\n|---|---|\n";
  *page += Format("| right | %llu of %llu |\n", U(q.right), U(q.asked));
  *page += Format("| PIX (ITI-9) | %llu: %llu with identifiers, %llu with none, %llu not known or not to be told |\n",
                  U(q.cross_references), U(q.answered), U(q.nothing), U(q.unknown));
  *page += Format("| PDQ (ITI-21), by name and birth date of somebody's record | %llu; whose record it is may be told of in "
                  "%llu, and is in %llu |\n",
                  U(q.demographics), U(q.meant), U(q.found));
  *page += Format("| a question | median %.0f us, 99 %% within %.0f us; %.0f a second |\n", Percentile(q.microseconds, 0.5),
                  Percentile(q.microseconds, 0.99), Rate(static_cast<double>(q.asked), q.seconds));
  AddList("Wrong, the first ones:", q.wrong, page);
}

nlohmann::ordered_json PairsJson(const libmpi::ClusterEvaluation& e) {
  return {{"precision", e.pairs.precision}, {"recall", e.pairs.recall}, {"f1", e.pairs.f1},
          {"f1_low", e.pairs.f1_interval.low}, {"f1_high", e.pairs.f1_interval.high},
          {"whole_persons", e.exact_clusters}, {"records", e.records}, {"persons", e.persons}};
}

}  // namespace

std::string SimulationPage(const SimulationResult& r) {
  const NetworkConfig& c = r.config;
  std::string page = "# " + c.name + ": a simulation of " + std::to_string(r.options.days) + " days\n\n" + c.title + ". " +
                     c.about + "\n\n";
  page += Format("Population %llu, registered %llu (March 2019), institutions %llu; simulated at %.4g of the registered and "
                 "of the institutions: %llu persons, %llu members, seed %llu. All persons are invented.\n",
                 U(c.population), U(c.registered), U(c.institutions), r.options.scale, U(r.true_persons), U(r.facilities),
                 U(r.options.seed));
  if (c.Has(Need::kInterconnected))
    page += "The other network, in the place of " + c.partner + ", is a simulated one beside it: facilities of the same region, a "
            "registry and a manager of its own. Figures are of " + c.name + " alone.\n";
  page += r.Good() ? "\n**All answers are right, and what the network needs was done.**\n"
                   : "\n**NOT all is as it should be: see below.**\n";
  AddPersons(r, &page);
  if (!r.needs.empty()) page += "\n## What it needs\n\n";
  for (const NeedResult& need : r.needs)
    page += std::string("- ") + (need.good ? "" : "**FAILED** ") + std::string(NeedName(need.need)) + ": " + need.said + ".\n";
  AddAnswers(r, &page);
  AddFeeds(r, &page);
  page += "\n## Known and assumed\n";
  AddList("Known of the network:", c.known_lines, &page);
  AddList("Assumed:", c.assumed_lines, &page);
  AddList("Follows later:", c.later, &page);
  std::string parts;
  for (const auto& [what, seconds] : r.seconds_by) parts += Format("%s%s %.0f", parts.empty() ? "" : ", ", what.c_str(), seconds);
  page += "\nSeconds: " + parts + ".\n";
  page += Format("\n%.0f s in all, %.2f GB of memory at most, registry %.1f MB; %llu statements of consent, %llu refused.\n",
                 r.seconds, static_cast<double>(r.peak_bytes) / 1e9, static_cast<double>(r.registry_bytes) / 1e6,
                 U(r.said_consents), U(r.refused_consents));
  return page;
}

std::string SimulationJson(const SimulationResult& r) {
  nlohmann::ordered_json json = {
      {"network", r.config.name}, {"good", r.Good()}, {"scale", r.options.scale}, {"days", r.options.days},
      {"seed", r.options.seed}, {"true_persons", r.true_persons}, {"members", r.facilities},
      {"records", r.days.back().records}, {"persons", r.days.back().persons}, {"registered", r.days.back().registered},
      {"accuracy", PairsJson(r.accuracy)}, {"review", r.review}, {"held", r.held},
      {"questions", r.questions.asked}, {"right", r.questions.right}, {"pix", r.questions.cross_references},
      {"pdq", r.questions.demographics}, {"pdq_meant", r.questions.meant}, {"pdq_found", r.questions.found},
      {"microseconds_median", Percentile(r.questions.microseconds, 0.5)},
      {"microseconds_p99", Percentile(r.questions.microseconds, 0.99)},
      {"files", r.import.files}, {"bytes", r.import.bytes}, {"rows", r.import.rows}, {"rejected", r.import.rejected},
      {"unreadable", r.import.unreadable}, {"lost", r.lost_records}, {"notes", r.import.notes}, {"refused", r.import.refused},
      {"refused_consents", r.refused_consents}, {"seconds", r.seconds}, {"peak_bytes", r.peak_bytes}};
  if (r.as_lists.records > 0) json["as_lists"] = PairsJson(r.as_lists);
  json["rows_by_format"] = r.rows_by_format;
  for (const NeedResult& need : r.needs)
    json["needs"].push_back({{"need", NeedName(need.need)}, {"good", need.good}, {"said", need.said}});
  for (const SimulatedDay& day : r.days)
    json["by_day"].push_back({{"day", day.day}, {"records", day.records}, {"persons", day.persons},
                              {"registered", day.registered}, {"put", day.import.records},
                              {"asked", day.questions.asked}, {"right", day.questions.right}});
  return json.dump(1) + "\n";
}

std::string SimulationLine(const SimulationResult& r) {
  return Format("%s  %s  %llu records, %llu persons, F1 %.4f, %llu of %llu answers right, %zu needs, %.0f s", r.Good() ? "good" : "BAD ",
                r.config.name.c_str(), U(r.days.back().records), U(r.days.back().persons), r.accuracy.pairs.f1,
                U(r.questions.right), U(r.questions.asked), r.needs.size(), r.seconds);
}

}  // namespace nayose
