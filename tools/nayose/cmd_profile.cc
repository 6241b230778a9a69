// SPDX-License-Identifier: Apache-2.0
// Data quality of patient lists: what is filled, how it is written, what cannot be.
#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <unordered_map>

#include "libmpi/base/hash.h"
#include "libmpi/record/standardize.h"
#include "libmpi/text/fold.h"
#include "tools/nayose/command.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/reading_warnings.h"

namespace nayose {
namespace {

constexpr size_t kShapesShown = 6;
constexpr size_t kSuspiciousRepeats = 10;

// The shape of a value: 9 for digits, A for Latin, ア, あ, 漢, marks as they are; runs of letters once.
std::string ShapeOf(std::string_view value) {
  std::string shape;
  std::string last;
  for (size_t pos = 0; pos < value.size();) {
    const char32_t c = libmpi::NextCodePoint(value, &pos);
    std::string mark;
    if (c >= '0' && c <= '9') mark = "9";
    else if (c >= 0xFF10 && c <= 0xFF19) mark = "９";
    else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) mark = "A";
    else if (libmpi::IsKanji(c)) mark = "漢";
    else if (libmpi::IsKatakana(c)) mark = "ア";
    else if (libmpi::IsHiragana(c)) mark = "あ";
    else if (c >= 0xFF66 && c <= 0xFF9F) mark = "ｱ";
    else libmpi::AppendUtf8(c, &mark);
    const bool letters = mark == "A" || mark == "漢" || mark == "ア" || mark == "あ" || mark == "ｱ";
    if (!(letters && mark == last)) shape += mark;
    last = mark;
    if (shape.size() > 60) return shape + "...";
  }
  return shape;
}

struct Column {
  uint64_t filled = 0;
  std::set<uint64_t> distinct;
  std::map<std::string, uint64_t> shapes;

  void Add(const std::string& value) {
    if (value.empty()) return;
    ++filled;
    if (distinct.size() < 1000000) distinct.insert(libmpi::HashBytes(value));
    if (shapes.size() < 2000) ++shapes[ShapeOf(value)];
  }
};

class Profile {
 public:
  Profile(const libmpi::PatientFiles& files, const libmpi::CivilDate& today) : files_(files) {
    const libmpi::Standardizer standardizer(libmpi::StandardizeOptions{today});
    libmpi::Record record;
    for (size_t i = 0; i < files.size(); ++i) {
      files.Get(i, &record);
      AddValues(record);
      const libmpi::Features features = standardizer.Standardize(record);
      for (const libmpi::Finding& f : features.findings) ++findings_[{f.field, std::string(libmpi::FindingName(f.code))}];
      CountRepeats(features);
    }
  }

  void Print(bool show_values) const {
    const double n = static_cast<double>(std::max<size_t>(1, files_.size()));
    std::printf("%zu records\n\n%-12s %8s %9s  formats\n", files_.size(), "field", "filled", "distinct");
    for (const auto& [name, column] : columns_) {
      std::printf("%-12s %6.1f %% %9zu ", name.c_str(), 100 * static_cast<double>(column.filled) / n, column.distinct.size());
      std::vector<std::pair<uint64_t, std::string>> shapes;
      for (const auto& [shape, count] : column.shapes) shapes.emplace_back(count, shape);
      std::sort(shapes.rbegin(), shapes.rend());
      for (size_t i = 0; i < shapes.size() && i < kShapesShown; ++i)
        std::printf(" [%s] %.1f %%", shapes[i].second.c_str(),
                    100 * static_cast<double>(shapes[i].first) / static_cast<double>(std::max<uint64_t>(1, column.filled)));
      std::printf("%s\n", shapes.size() > kShapesShown ? " ..." : "");
    }
    std::printf("\nfindings\n");
    for (const auto& [key, count] : findings_)
      std::printf("  %-12s %-22s %8llu\n", key.first.c_str(), key.second.c_str(), static_cast<unsigned long long>(count));
    for (const libmpi::FileFinding& f : files_.findings())
      std::printf("  %-12s %-22s %s line %llu\n", f.finding.field.c_str(), std::string(libmpi::FindingName(f.finding.code)).c_str(),
                  f.file.c_str(), static_cast<unsigned long long>(f.line));
    std::printf("\nsuspicious repeats (one value on %zu records or more)\n", kSuspiciousRepeats);
    for (const auto& [what, values] : repeats_) PrintRepeats(what, values, show_values);
    std::printf("\nrejected rows %zu\n", files_.rejects().size());
  }

 private:
  using Values = std::unordered_map<std::string, uint64_t>;

  void AddValues(const libmpi::Record& r) {
    for (const auto& v : r.names) {
      columns_["name"].Add(v.full + v.family + v.given);
      columns_["kana"].Add(v.full_kana + v.family_kana + v.given_kana);
    }
    for (const auto& v : r.births) columns_["birth"].Add(v);
    for (const auto& v : r.sexes) columns_["sex"].Add(v);
    for (const auto& v : r.coverages) {
      columns_["insurer"].Add(v.insurer);
      columns_["symbol"].Add(v.symbol);
      columns_["number"].Add(v.number);
      columns_["branch"].Add(v.branch);
    }
    for (const auto& v : r.care) columns_["care_number"].Add(v.number);
    for (const auto& v : r.addresses) {
      columns_["postal_code"].Add(v.postal_code);
      columns_["city"].Add(v.city);
      columns_["street"].Add(v.street + v.full);
    }
    for (const auto& v : r.phones) columns_["phone"].Add(v);
  }

  void CountRepeats(const libmpi::Features& f) {
    for (const auto& p : f.phones) ++repeats_["phone"][p.digits];
    for (const auto& c : f.coverages)
      if (!c.number.empty()) ++repeats_["card"][c.insurer + " " + c.symbol + " " + c.number + " " + c.branch];
    for (const auto& d : f.births)
      ++repeats_["birth"][std::to_string(d.year) + "-" + std::to_string(d.month) + "-" + std::to_string(d.day)];
  }

  void PrintRepeats(const std::string& what, const Values& values, bool show_values) const {
    // Birth dates repeat by nature; only those far beyond the usual count.
    const uint64_t least = what == "birth" ? std::max<uint64_t>(kSuspiciousRepeats, files_.size() / 200) : kSuspiciousRepeats;
    std::vector<std::pair<uint64_t, std::string>> most;
    for (const auto& [value, count] : values)
      if (count >= least) most.emplace_back(count, value);
    std::sort(most.rbegin(), most.rend());
    std::printf("  %-12s %zu values", what.c_str(), most.size());
    for (size_t i = 0; i < most.size() && i < 5; ++i)
      std::printf("%s%llu%s%s", i ? ", " : ": on ", static_cast<unsigned long long>(most[i].first), show_values ? " " : "",
                  show_values ? most[i].second.c_str() : "");
    std::printf("%s\n", most.empty() ? "" : " records");
  }

  const libmpi::PatientFiles& files_;
  std::map<std::string, Column> columns_;
  std::map<std::pair<std::string, std::string>, uint64_t> findings_;
  std::map<std::string, Values> repeats_;
};

int RunProfile(const InputArguments& input, const std::string& today_text, bool show_values) {
  if (absl::Status s = input.Check(); !s.ok()) return FailUsage(std::string(s.message()));
  const auto options = input.ReadOptions();
  if (!options.ok()) return Fail(options.status());
  const auto today = ParseToday(today_text);
  if (!today.ok()) return FailUsage(std::string(today.status().message()));
  const auto files = libmpi::PatientFiles::Read(input.files, *options);
  if (!files.ok()) return Fail(files.status());
  for (const auto& f : files->files())
    std::printf("%s: %s, %llu rows = %llu accepted + %llu rejected\n", f.path.c_str(), f.encoding.c_str(),
                static_cast<unsigned long long>(f.rows_read), static_cast<unsigned long long>(f.rows_accepted),
                static_cast<unsigned long long>(f.rows_rejected));
  for (const auto& warnings : {EncodingWarnings(*files), ColumnWarnings(*files)})
    for (const std::string& warning : warnings) std::printf("warning: %s\n", warning.c_str());
  Profile(*files, *today).Print(show_values);
  return kDone;
}

}  // namespace

void AddProfile(CLI::App* app, Run* run) {
  struct Arguments {
    InputArguments input;
    std::string today;
    bool show_values = false;
  };
  CLI::App* command = app->add_subcommand("profile", "Data quality: fill rates, formats, impossible values, repeats");
  auto args = std::make_shared<Arguments>();
  args->input.AddTo(command, true);
  command->add_option("--today", args->today, "YYYY-MM-DD (default: the clock)");
  command->add_flag("--show-values", args->show_values, "Show repeated values themselves (personal data)");
  command->footer("Example:\n  nayose profile hospital.csv");
  command->callback([args, run] { *run = [args] { return RunProfile(args->input, args->today, args->show_values); }; });
}

}  // namespace nayose
