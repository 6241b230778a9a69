// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/report_json.h"

#include <string>

#include "libmpi/network/network_json.h"
#include "libmpi/record/iso_date.h"

namespace libmpi {
namespace {

using Json = nlohmann::ordered_json;

Json OrNull(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json CountsJson(const std::map<std::string, uint64_t>& counts) {
  Json json = Json::object();
  for (const auto& [name, count] : counts) json[name] = count;
  return json;
}

Json TotalsJson(const PersonsAndRecords& totals) { return {{"persons", totals.persons}, {"records", totals.records}}; }

Json ChangesJson(const MonthChanges& c) {
  return {{"records_came", c.records_came},   {"records_went", c.records_went},
          {"loaded", c.loaded},               {"revised", c.revised},
          {"persons_created", c.created},     {"joined", c.joined},
          {"merged", c.merged},               {"merged_by_decision", c.merged_by_decision},
          {"split", c.split},                 {"moved", c.moved},
          {"relinked", c.relinked},           {"identifiers_merged", c.subsumed},
          {"identifiers_parted", c.unsubsumed}, {"takeover_decisions", c.takeover_decisions}};
}

Json OverlaysJson(const MonthlyReport& report) {
  const MonthChanges& c = report.changes;
  uint64_t held = 0;
  for (const auto& [authority, count] : c.held) held += count;
  return {{"held", held}, {"accepted_same_person", c.accepted_same}, {"accepted_another_person", c.accepted_another},
          {"refused", c.refused}, {"taken_back", c.taken_back}};
}

Json WaitingJson(const Waiting& w) {
  Json ages = Json::object();
  for (size_t i = 0; i < Waiting::kDays.size(); ++i) ages["to_" + std::to_string(Waiting::kDays[i])] = w.by_age[i];
  ages["more"] = w.by_age.back();
  return {{"count", w.count}, {"days", ages}, {"unknown", w.unknown}, {"median_days_at_most", w.median_days},
          {"oldest_days_at_most", w.oldest_days}};
}

Json StewardJson(const MonthlyReport::OfSteward& steward) {
  const StewardWork& w = steward.work;
  return {{"steward", steward.name}, {"same", w.same}, {"different", w.different}, {"withdrawn", w.withdrawn},
          {"takeover_confirmed", w.confirmed}, {"takeover_released", w.released}, {"revisions", w.revisions},
          {"median_days_at_most", OrNull(steward.median_days)}};
}

Json SourceJson(const char* what, const MonthlyReport::OfSource& source) {
  const RecordQuality& q = source.quality;
  const auto share = [&](uint64_t count) {
    if (q.filled.records == 0) return Json(nullptr);
    return Json(static_cast<double>(count) / static_cast<double>(q.filled.records));
  };
  Json said = {{"kanji_name", share(q.kanji_names)}}, findings = Json::object();
  for (size_t f = 0; f < kFilledFields.size(); ++f) said[std::string(kFilledFields[f])] = share(q.filled.fields[f]);
  for (size_t f = 0; f < q.findings.size(); ++f)
    if (q.findings[f] > 0) findings[std::string(FindingName(static_cast<FindingCode>(f)))] = q.findings[f];
  return {{what, source.name}, {"records", q.filled.records}, {"said", said}, {"findings", findings},
          {"puts", source.puts}, {"held", source.held}, {"held_per_10000_puts", OrNull(source.held_per_10000)},
          {"persons", source.duplicates.persons}, {"persons_with_several_records", source.duplicates.with_several}};
}

Json UseJson(const MonthlyReport& report) {
  Json json = {{"facilities", Json::array()}};
  for (const MonthlyReport::OfUse& u : report.use)
    json["facilities"].push_back({{"facility", u.facility}, {"feeds", u.feeds}, {"queries", u.queries}, {"fed", u.fed},
                                  {"asked", u.asked}, {"refused", u.refused},
                                  {"emergencies_beyond_consent", u.beyond_consent}});
  json["not_fed"] = report.not_fed;
  json["not_asked"] = report.not_asked;
  json["fed_and_asked"] = report.fed_and_asked;
  json["share_fed_and_asked"] = OrNull(report.share_fed_and_asked);
  return json;
}

}  // namespace

Json MonthlyReportJson(const MonthlyReport& r) {
  Json json = {{"month", r.month}, {"is_over", r.is_over}, {"day", IsoDateText(r.day)},
               {"made_at", UtcText(r.made_at)}};
  json["at_begin"] = TotalsJson(r.at_begin);
  json["at_end"] = TotalsJson(r.at_end);
  json["changes"] = ChangesJson(r.changes);
  json["duplicates_found"] = r.duplicates_found();
  json["overlays"] = OverlaysJson(r);
  if (r.registrations) {
    json["registrations"] = RegistrationJson(*r.registrations);
    json["registered_in_month"] = r.registered_in_month;
  }
  json["review"] = {{"waiting", WaitingJson(r.questions)}, {"by_reason", CountsJson(r.by_reason)},
                    {"by_assignee", CountsJson(r.by_assignee)}, {"held_revisions", WaitingJson(r.held)}};
  for (const char* list : {"stewards", "facilities", "authorities"}) json[list] = Json::array();
  for (const auto& steward : r.stewards) json["stewards"].push_back(StewardJson(steward));
  for (const auto& facility : r.facilities) json["facilities"].push_back(SourceJson("facility", facility));
  for (const auto& authority : r.authorities) json["authorities"].push_back(SourceJson("authority", authority));
  if (!r.facilities.empty()) json["use"] = UseJson(r);
  return json;
}

Json ThresholdAdviceJson(const ThresholdAdvice& a) {
  Json json = {{"verdict", VerdictName(a.verdict)}, {"match_threshold", a.match}, {"review_threshold", a.review},
               {"decisions", a.decided}, {"needed", a.needed}, {"left_out_held", a.left_out_held},
               {"left_out_outside", a.left_out_outside}, {"would_link", a.would_link},
               {"would_link_wrong", a.would_link_wrong}, {"wrong_share_at_most", a.wrong_bound},
               {"would_not_ask", a.would_not_ask}, {"would_not_ask_same", a.would_not_ask_same},
               {"missed_share_at_most", a.missed_bound}, {"surer_than_true", a.surer_than_true}};
  json["bands"] = Json::array();
  for (const WeightBand& b : a.bands)
    json["bands"].push_back({{"from", b.from}, {"to", b.to}, {"asked", b.asked}, {"decisions", b.decided},
                             {"same", b.same}, {"share_same", b.share_same}, {"low", b.low}, {"high", b.high},
                             {"expected", b.expected}});
  return json;
}

}  // namespace libmpi
