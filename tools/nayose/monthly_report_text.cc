// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/monthly_report_text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/network/network_json.h"
#include "libmpi/record/iso_date.h"
#include "libmpi/text/fold.h"

namespace nayose {
namespace {

using libmpi::MonthlyReport;

std::string Num(uint64_t n) { return std::to_string(n); }

std::string Printed(const char* format, double value) {
  char text[40];
  std::snprintf(text, sizeof(text), format, value);
  return text;
}

std::string Share(uint64_t part, uint64_t whole) {
  if (whole == 0) return "-";
  return Printed("%.2f %%", 100 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string OrDash(const std::optional<double>& value, const char* format) {
  return value ? Printed(format, *value) : "-";
}

// Columns of a terminal that a text takes: Japanese letters take two.
size_t WidthOf(std::string_view text) {
  constexpr char32_t kFirstWide = 0x1100;
  size_t width = 0;
  for (size_t pos = 0; pos < text.size();) width += libmpi::NextCodePoint(text, &pos) >= kFirstWide ? 2 : 1;
  return width;
}

// A table of which the first column is names and the others are numbers.
class Table {
 public:
  explicit Table(std::vector<std::string> head) { rows_.push_back(std::move(head)); }
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.size() == 1; }

  std::string Text() const {
    std::vector<size_t> widths(rows_[0].size(), 3);
    for (const auto& row : rows_)
      for (size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], WidthOf(row[c]));
    std::string text;
    for (size_t r = 0; r < rows_.size(); ++r) {
      AppendRow(rows_[r], widths, &text);
      if (r == 0) AppendRule(widths, &text);
    }
    return text;
  }

 private:
  static void AppendRow(const std::vector<std::string>& row, const std::vector<size_t>& widths, std::string* text) {
    for (size_t c = 0; c < row.size(); ++c) {
      const std::string fill(widths[c] - WidthOf(row[c]), ' ');
      *text += c == 0 ? "| " + Escaped(row[c]) + fill + " |" : " " + fill + Escaped(row[c]) + " |";
    }
    *text += "\n";
  }
  static void AppendRule(const std::vector<size_t>& widths, std::string* text) {
    for (size_t c = 0; c < widths.size(); ++c)
      *text += c == 0 ? "|" + std::string(widths[c] + 2, '-') + "|" : std::string(widths[c] + 1, '-') + ":|";
    *text += "\n";
  }
  // A name is of one cell and one line, whatever is in it.
  static std::string Escaped(std::string_view cell) {
    std::string text;
    for (const char c : cell) text += c == '|' ? "\\|" : std::string(1, static_cast<unsigned char>(c) < ' ' ? ' ' : c);
    return text;
  }

  std::vector<std::vector<std::string>> rows_;
};

std::string Title(const char* title) { return std::string("\n## ") + title + "\n\n"; }

std::string Named(const std::string& name, const char* none) { return name.empty() ? none : name; }

std::string Signed(uint64_t from, uint64_t to) {
  return to >= from ? "+" + Num(to - from) : "-" + Num(from - to);
}

std::string PersonsText(const MonthlyReport& r) {
  const libmpi::MonthChanges& c = r.changes;
  Table table({"", "at its begin", r.is_over ? "at its end" : "now", "change"});
  table.Add({"persons", Num(r.at_begin.persons), Num(r.at_end.persons), Signed(r.at_begin.persons, r.at_end.persons)});
  table.Add({"records", Num(r.at_begin.records), Num(r.at_end.records), Signed(r.at_begin.records, r.at_end.records)});
  std::string text = Title("Persons and records") + table.Text() + "\n";
  text += "Records: " + Num(c.records_came) + " registered, " + Num(c.records_went) +
          " withdrawn or merged by their facility, " + Num(c.revised) + " revised";
  if (c.loaded > 0) text += ", " + Num(c.loaded) + " loaded at first";
  text += ".\n";
  if (c.relinked > 0)
    text += Num(c.relinked) + " records were moved by another model or other thresholds; they are in no count below.\n";
  return text;
}

std::string RegisteredText(const MonthlyReport& r, uint64_t population) {
  if (!r.registrations) return "";
  const uint64_t registered = r.registrations->registered();
  std::string text = Title("Registered persons");
  text += Num(registered) + " of " + Num(r.registrations->persons) + " persons";
  if (population > 0) text += ", " + Share(registered, population) + " of a population of " + Num(population);
  text += "; " + Num(r.registered_in_month) + " of them since a day of this month.\n\n";
  Table facilities({"facility", "persons", "registered", "share"});
  for (const auto& f : r.registrations->facilities)
    facilities.Add({Named(f.facility, "(no facility)"), Num(f.persons), Num(f.registered),
                    Share(f.registered, f.persons)});
  Table months({"registered since", "persons"});
  for (const auto& m : r.registrations->months) months.Add({m.month, Num(m.registered)});
  return text + facilities.Text() + (months.empty() ? "" : "\n" + months.Text());
}

std::string DuplicatesText(const MonthlyReport& r) {
  const libmpi::MonthChanges& c = r.changes;
  uint64_t held = 0;
  for (const auto& [authority, count] : c.held) held += count;
  Table table({"in the month", "count"});
  table.Add({"duplicates found", Num(r.duplicates_found())});
  table.Add({"- new records of a person there was", Num(c.joined)});
  table.Add({"- persons who became part of another", Num(c.merged)});
  table.Add({"- of these by a steward's decision", Num(c.merged_by_decision)});
  table.Add({"persons split off", Num(c.split)});
  table.Add({"parts of persons moved", Num(c.moved)});
  table.Add({"identifiers merged by facilities", Num(c.subsumed)});
  table.Add({"- and parted again", Num(c.unsubsumed)});
  table.Add({"overlays held", Num(held)});
  table.Add({"- accepted, the same person", Num(c.accepted_same)});
  table.Add({"- accepted, another person", Num(c.accepted_another)});
  table.Add({"- refused", Num(c.refused)});
  table.Add({"- taken back by the facility", Num(c.taken_back)});
  Table authorities({"authority", "persons now", "with several records", "share"});
  for (const auto& a : r.authorities)
    if (a.duplicates.with_several > 0)
      authorities.Add({a.name, Num(a.duplicates.persons), Num(a.duplicates.with_several),
                       Share(a.duplicates.with_several, a.duplicates.persons)});
  return Title("Duplicates") + table.Text() +
         (authorities.empty() ? "\nNo person has several records of one authority.\n" : "\n" + authorities.Text());
}

std::vector<std::string> WaitingRow(const char* what, const libmpi::Waiting& w) {
  std::vector<std::string> row = {what, Num(w.count)};
  for (const uint64_t count : w.by_age) row.push_back(Num(count));
  row.push_back(w.count == w.unknown ? "-" : Printed("%.1f", w.median_days));
  row.push_back(w.count == w.unknown ? "-" : Printed("%.1f", w.oldest_days));
  return row;
}

std::string ReviewText(const MonthlyReport& r) {
  std::vector<std::string> head = {"waiting now", "count"};
  for (const int days : libmpi::Waiting::kDays) head.push_back("to " + std::to_string(days) + " days");
  head.insert(head.end(), {"more", "median", "oldest"});
  Table table(std::move(head));
  table.Add(WaitingRow("questions", r.questions));
  table.Add(WaitingRow("held revisions", r.held));
  std::string text = Title("Review") + table.Text();
  text += "\nOf questions an age is the longest that it can be: from when both records say what they say now.\n";
  Table of({"questions", "count"});
  for (const auto& [reason, count] : r.by_reason) of.Add({reason, Num(count)});
  for (const auto& [assignee, count] : r.by_assignee)
    of.Add({assignee.empty() ? "assigned to nobody" : "assigned to " + assignee, Num(count)});
  return of.empty() ? text : text + "\n" + of.Text();
}

std::string StewardsText(const MonthlyReport& r) {
  std::string text = Title("Stewards");
  Table table({"steward", "same", "different", "withdrawn", "takeover confirmed", "released", "revisions",
               "median days"});
  for (const auto& s : r.stewards)
    table.Add({s.name, Num(s.work.same), Num(s.work.different), Num(s.work.withdrawn), Num(s.work.confirmed),
               Num(s.work.released), Num(s.work.revisions), OrDash(s.median_days, "%.1f")});
  text += table.empty() ? "Nobody decided anything.\n" : table.Text();
  if (r.changes.takeover_decisions > 0)
    text += "\nA takeover made " + Num(r.changes.takeover_decisions) + " decisions by itself.\n";
  return text;
}

// Facilities, and authorities of no facility.
std::vector<const MonthlyReport::OfSource*> SourcesOf(const MonthlyReport& r) {
  std::vector<const MonthlyReport::OfSource*> sources;
  for (const auto& f : r.facilities)
    if (!f.name.empty()) sources.push_back(&f);
  for (const auto& a : r.authorities)
    if (r.facilities.empty() || std::ranges::find(r.unowned, a.name) != r.unowned.end()) sources.push_back(&a);
  return sources;
}

std::string FindingsOf(const libmpi::RecordQuality& quality) {
  std::string text;
  for (size_t f = 0; f < quality.findings.size(); ++f) {
    if (quality.findings[f] == 0) continue;
    text += (text.empty() ? "" : ", ") + std::string(libmpi::FindingName(static_cast<libmpi::FindingCode>(f))) + " " +
            Num(quality.findings[f]);
  }
  return text;
}

uint64_t SaidOf(const libmpi::Filled& filled, std::string_view field) {
  const auto it = std::ranges::find(libmpi::kFilledFields, field);
  return filled.fields[static_cast<size_t>(it - libmpi::kFilledFields.begin())];
}

std::string QualityText(const MonthlyReport& r) {
  constexpr std::array<std::string_view, 6> kShown = {"kana", "birth", "sex", "address", "phone", "insurance"};
  std::vector<std::string> head = {"source", "records", "kanji name"};
  for (const std::string_view field : kShown) head.emplace_back(field);
  head.insert(head.end(), {"several records", "puts", "held", "per 10,000"});
  Table table(std::move(head));
  std::string findings;
  for (const MonthlyReport::OfSource* s : SourcesOf(r)) {
    const libmpi::Filled& filled = s->quality.filled;
    std::vector<std::string> row = {s->name, Num(filled.records), Share(s->quality.kanji_names, filled.records)};
    for (const std::string_view field : kShown) row.push_back(Share(SaidOf(filled, field), filled.records));
    row.insert(row.end(), {Num(s->duplicates.with_several), Num(s->puts), Num(s->held),
                           OrDash(s->held_per_10000, "%.1f")});
    table.Add(std::move(row));
    const std::string found = FindingsOf(s->quality);
    if (!found.empty()) findings += "- " + s->name + ": " + found + "\n";
  }
  std::string text = Title("Data quality of the records there are now");
  text += table.empty() ? "There are no records.\n" : table.Text();
  return findings.empty() ? text : text + "\nFindings by rule:\n\n" + findings;
}

std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string UseText(const MonthlyReport& r) {
  if (!r.share_fed_and_asked) return "";
  Table table({"facility", "is to", "fed", "asked", "refused", "beyond consent"});
  for (const auto& u : r.use) {
    const char* role = u.feeds && u.queries ? "feed and ask" : u.feeds ? "feed" : u.queries ? "ask" : "-";
    table.Add({Named(u.facility, "(office)"), role, Num(u.fed), Num(u.asked), Num(u.refused), Num(u.beyond_consent)});
  }
  std::string text = Title("Use") + table.Text() + "\n" + Num(r.fed_and_asked) + " facilities both fed and asked: " +
                     Printed("%.1f %%", 100 * *r.share_fed_and_asked) + " (the programme's goal: 80 %).\n";
  if (!r.not_fed.empty()) text += "Did not feed: " + Listed(r.not_fed) + ".\n";
  if (!r.not_asked.empty()) text += "Did not ask: " + Listed(r.not_asked) + ".\n";
  return text;
}

}  // namespace

std::string MonthlyReportText(const MonthlyReport& r, uint64_t population) {
  std::string text = "# Monthly report " + r.month + "\n\n";
  text += r.is_over ? "Made " + libmpi::UtcText(r.made_at) + ".\n"
                    : "Made " + libmpi::UtcText(r.made_at) + ", before the month is over: up to now.\n";
  return text + PersonsText(r) + RegisteredText(r, population) + DuplicatesText(r) + ReviewText(r) + StewardsText(r) +
         QualityText(r) + UseText(r);
}

}  // namespace nayose
