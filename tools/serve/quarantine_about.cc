// SPDX-License-Identifier: Apache-2.0
// N.json, and back.
#include "libmpi/base/system_time.h"
#include "nlohmann/json.hpp"
#include "tools/serve/quarantine_files.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;

Json OutcomeJson(const ReplayOutcome& outcome) {
  return {{"time", libmpi::UtcText(outcome.unix_milliseconds)},
          {"unix_milliseconds", outcome.unix_milliseconds},
          {"code", outcome.code},
          {"reason", outcome.reason},
          {"accepted", outcome.accepted}};
}

ReplayOutcome OutcomeOf(const Json& json) {
  ReplayOutcome outcome;
  outcome.unix_milliseconds = json.at("unix_milliseconds").get<int64_t>();
  outcome.code = json.at("code").get<std::string>();
  outcome.reason = json.at("reason").get<std::string>();
  outcome.accepted = json.at("accepted").get<bool>();
  return outcome;
}

QuarantineAbout AboutOf(const Json& json) {
  QuarantineAbout about;
  about.number = json.at("number").get<uint64_t>();
  about.outgoing = json.value("outgoing", false);  // earlier releases kept none
  about.unix_milliseconds = json.at("unix_milliseconds").get<int64_t>();
  for (const auto& [key, text] : {std::pair{"listener", &about.listener}, std::pair{"peer", &about.peer},
                                  std::pair{"party", &about.party}, std::pair{"control_id", &about.control_id},
                                  std::pair{"type", &about.type}, std::pair{"code", &about.code},
                                  std::pair{"reason", &about.reason}, std::pair{"encoding", &about.encoding}})
    *text = json.at(key).get<std::string>();
  about.parties = json.at("parties").get<std::vector<std::string>>();
  for (const Json& problem : json.at("problems"))
    about.problems.push_back({problem.at("fault").get<std::string>(), problem.at("which").get<uint64_t>(),
                              problem.at("text").get<std::string>()});
  about.believe_msh18 = json.at("believe_msh18").get<bool>();
  about.bytes = json.at("bytes").get<uint64_t>();
  about.fixed = json.at("fixed").get<uint32_t>();
  for (const Json& replay : json.at("replays")) about.replays.push_back(OutcomeOf(replay));
  return about;
}

}  // namespace

std::string ToJson(const QuarantineAbout& about) {
  Json json = {{"number", about.number},
               {"outgoing", about.outgoing},
               {"time", libmpi::UtcText(about.unix_milliseconds)},
               {"unix_milliseconds", about.unix_milliseconds},
               {"listener", about.listener},
               {"peer", about.peer},
               {"party", about.party},
               {"parties", about.parties},
               {"control_id", about.control_id},
               {"type", about.type},
               {"code", about.code},
               {"reason", about.reason},
               {"problems", Json::array()},
               {"encoding", about.encoding},
               {"believe_msh18", about.believe_msh18},
               {"bytes", about.bytes},
               {"fixed", about.fixed},
               {"replays", Json::array()}};
  for (const QuarantineProblem& problem : about.problems)
    json["problems"].push_back({{"fault", problem.fault}, {"which", problem.which}, {"text", problem.text}});
  for (const ReplayOutcome& replay : about.replays) json["replays"].push_back(OutcomeJson(replay));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<QuarantineAbout> QuarantineAboutOfJson(std::string_view text) {
  try {
    return AboutOf(Json::parse(text));
  } catch (const Json::exception&) {
    return absl::DataLossError("is not what nayose writes about a message in quarantine");
  }
}

std::string ToJson(const ReplayOutcome& outcome) {
  return OutcomeJson(outcome).dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<ReplayOutcome> ReplayOutcomeOfJson(std::string_view text) {
  try {
    return OutcomeOf(Json::parse(text));
  } catch (const Json::exception&) {
    return absl::DataLossError("is not what nayose writes about a message that was taken again");
  }
}

}  // namespace nayose
