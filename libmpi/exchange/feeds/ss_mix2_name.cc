// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/ss_mix2_name.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "libmpi/exchange/feeds/feed_text.h"

namespace libmpi {
namespace {

constexpr size_t kShortestTime = 12, kLongestTime = 20;
constexpr size_t kInstitutionDigits = 10;

// Takes the last folder, or the file, off a path.
std::string_view TakeLast(std::string_view* path) {
  while (!path->empty() && path->back() == '/') path->remove_suffix(1);
  const size_t slash = path->find_last_of('/');
  const std::string_view last = slash == std::string_view::npos ? *path : path->substr(slash + 1);
  path->remove_suffix(last.size());
  return last;
}

}  // namespace

bool IsSsMix2Datatype(std::string_view name) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (name.size() != 3 && name.size() != 6) return false;
  return std::ranges::all_of(name.substr(0, 3), is_capital) &&
         (name.size() == 3 || (name[3] == '-' && AreDigits(name.substr(4))));
}

std::optional<SsMix2Name> ParseSsMix2Name(std::string_view file_name) {
  std::array<std::string_view, 7> parts;
  for (size_t i = 0; i < parts.size(); ++i) {
    const size_t end = file_name.find('_');
    const bool last = i + 1 == parts.size();
    if ((end == std::string_view::npos) != last) return std::nullopt;
    parts[i] = file_name.substr(0, end);
    file_name.remove_prefix(last ? file_name.size() : end + 1);
  }
  const auto& [patient, date, datatype, order, time, department, condition] = parts;
  const bool good = !patient.empty() && (date == "-" || (date.size() == 8 && AreDigits(date))) &&
                    IsSsMix2Datatype(datatype) && AreDigits(time) && time.size() >= kShortestTime &&
                    time.size() <= kLongestTime && !condition.empty() && condition[0] >= '0' && condition[0] <= '2' &&
                    (condition.size() == 1 || condition[1] == '.');
  if (!good) return std::nullopt;
  return SsMix2Name{patient, date, datatype, order, time, department, condition[0]};
}

std::string_view SsMix2RootOf(std::string_view path, const SsMix2Name& name) {
  TakeLast(&path);
  const bool same = TakeLast(&path) == name.datatype && TakeLast(&path) == name.date && TakeLast(&path) == name.patient;
  if (!same) return {};
  for (int i = 0; i < 2; ++i)
    if (TakeLast(&path).empty()) return {};
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return path;
}

std::string SsMix2SourceOf(std::string_view root) {
  const std::string_view name = TakeLast(&root);
  if (name == "." || name == "..") return "";
  const std::string_view digits = name.substr(0, kInstitutionDigits), rest = name.substr(digits.size());
  const bool institution =
      digits.size() == kInstitutionDigits && AreDigits(digits) && (rest.empty() || rest[0] == '_' || rest[0] == '-');
  return std::string(institution ? digits : name);
}

}  // namespace libmpi
