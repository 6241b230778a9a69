// SPDX-License-Identifier: Apache-2.0
#include "tools/simulate/network_config.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/status/status.h"
#include "libmpi/base/embedded_file.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/exchange/column_mapping.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/text/charset.h"
#include "tools/serve/config_tree.h"

namespace nayose_networks {
extern const libmpi::EmbeddedFile kEmbeddedFiles[];
extern const size_t kEmbeddedFileCount;
}  // namespace nayose_networks

namespace nayose {
namespace {

constexpr const char* kNeedNames[kNeeds] = {
    "consents_anew", "care_merged", "several_merged", "resident_list", "feed_only", "look_only",
    "absorb",        "takeover",    "mass_withdrawal", "emergency",    "card",      "own_data",
    "tenants",       "pseudonyms",  "extended_storage", "traces",      "interconnected"};
constexpr int64_t kMostPersons = 200'000'000;

// What of a network is known, or what is assumed of it: the same keys, each in one of the two.
class Part {
 public:
  Part(ConfigTable table, bool known, NetworkConfig* config, std::vector<std::string>* seen)
      : table_(std::move(table)), known_(known), config_(*config), seen_(*seen) {}

  void Read() {
    Once("population", [&] { table_.Number("population", 1, kMostPersons, &config_.population); });
    Once("registered", [&] { table_.Number("registered", 1, kMostPersons, &config_.registered); });
    Once("registered_before", [&] { table_.Number("registered_before", 1, kMostPersons, &config_.registered_before); });
    Once("institutions", [&] { table_.Number("institutions", 1, 100'000, &config_.institutions); });
    Once("unregistered_percent", [&] { table_.Number("unregistered_percent", 0, 400, &config_.unregistered_percent); });
    Once("areas", [&] { table_.Number("areas", 1, 4, &config_.areas); });
    Once("prefecture", [&] { ReadPrefecture(); });
    Once("partner", [&] { table_.Text("partner", &config_.partner); });
    Once("look_only", [&] { table_.Texts("look_only", &config_.look_only); });
    Once("kinds_permille", [&] { ReadKinds(); });
    ReadNeeds();
    std::vector<std::string> later;
    table_.Texts("later", &later);
    config_.later.insert(config_.later.end(), later.begin(), later.end());
    for (ConfigTable& feed : table_.Tables("feed")) ReadFeed(&feed);
    for (ConfigTable& member : table_.Tables("member")) ReadMember(&member);
    table_.Finish();
  }

 private:
  template <typename ReadKey>
  void Once(const char* key, const ReadKey& read) {
    const bool twice = std::ranges::find(seen_, key) != seen_.end();
    if (table_.Has(key)) {
      if (twice) table_.Error(key, "is known and assumed: it can stand in one only");
      seen_.push_back(key);
      Say(key);
    }
    read();  // also where it is not there: the table knows by that which keys there are
  }
  void Say(std::string line) { (known_ ? config_.known_lines : config_.assumed_lines).push_back(std::move(line)); }

  void SayAssumed(std::string line) { config_.assumed_lines.push_back(std::move(line)); }

  void ReadPrefecture() {
    table_.Text("prefecture", &config_.prefecture);
    const std::string& p = config_.prefecture;
    const bool good = p.size() == 2 && p >= "01" && p <= "47" && p[1] >= '0' && p[1] <= '9';
    if (!good) table_.Error("prefecture", "must be 01 to 47 (JIS X 0401)");
  }

  static void ReadCharset(ConfigTable* table, std::string* charset) {
    table->Text("charset", charset);
    if (!charset->empty() && !libmpi::ParseCharset(*charset).ok()) table->Error("charset", "is none that nayose knows");
  }

  void ReadKinds() {
    ConfigTable kinds = table_.Table("kinds_permille");
    if (!table_.Has("kinds_permille")) return;
    int sum = 0;
    const std::vector<std::string> names = libmpi::FacilityKinds();
    for (size_t i = 0; i < names.size(); ++i) {
      kinds.Number(names[i].c_str(), 0, 1000, &config_.kinds_permille[i]);
      sum += config_.kinds_permille[i];
    }
    if (sum != 1000) kinds.Error("", "must sum up to 1000");
    kinds.Finish();
  }

  void ReadNeeds() {
    std::vector<std::string> names;
    table_.Texts("needs", &names);
    for (const std::string& name : names) {
      const auto at = std::ranges::find_if(kNeedNames, [&](const char* one) { return name == one; });
      if (at == std::end(kNeedNames)) {
        const std::string closest = ClosestWord(name, {std::begin(kNeedNames), std::end(kNeedNames)});
        table_.Error("needs", "there is no \"" + name + "\"" + (closest.empty() ? "" : "; did you mean \"" + closest + "\"?"));
        continue;
      }
      config_.needs.push_back(static_cast<Need>(at - std::begin(kNeedNames)));
      Say("need: " + name);
    }
  }

  void ReadFormat(ConfigTable* table, libmpi::FeedFormat* format, std::string* columns) {
    std::string name;
    if (table->Need("format")) table->Text("format", &name);
    if (name.empty()) return;
    if (const auto found = libmpi::FeedFormatOf(name)) *format = *found;
    else table->Error("format", "is none of nayose import's formats");
    table->Text("columns", columns);
    if (columns->empty()) return;
    if (*format != libmpi::FeedFormat::kCsv) table->Error("columns", "is of csv alone");
    if (libmpi::BundledColumnMapping(*columns).empty()) table->Error("columns", "is no map of data/mappings");
  }

  void ReadFeed(ConfigTable* table) {
    KindFeed feed;
    const std::vector<std::string> kinds = libmpi::FacilityKinds();
    if (table->Need("kind")) table->Text("kind", &feed.kind);
    if (std::ranges::find(kinds, feed.kind) == kinds.end())
      table->Error("kind", "must be one of hospital, clinic, pharmacy, dental, care");
    ReadFormat(table, &feed.format, &feed.columns);
    ReadCharset(table, &feed.charset);
    table->Number("percent", 1, 100, &feed.percent);
    table->Finish();
    const std::string format = feed.kind + ": " + std::string(libmpi::FeedFormatName(feed.format)) +
                               (feed.columns.empty() ? "" : " (" + feed.columns + ")");
    // How many of a kind send in which of several formats nobody has told.
    if (known_ || feed.percent == 100) Say(format);
    if (feed.percent < 100) SayAssumed(format + ", by " + std::to_string(feed.percent) + " % of them");
    config_.feeds.push_back(std::move(feed));
  }

  void ReadMember(ConfigTable* table) {
    Member member;
    if (table->Need("name")) table->Text("name", &member.name);
    if (table->Need("kind")) table->Text("kind", &member.kind);
    table->Number("persons_percent", 0, 100, &member.persons_percent);
    if (member.persons_percent > 0) ReadFormat(table, &member.format, &member.columns);
    ReadCharset(table, &member.charset);
    table->Flag("queries", &member.queries);
    table->Flag("emergencies", &member.emergencies);
    table->Flag("kana_only", &member.kana_only);
    table->Flag("has_coverage", &member.has_coverage);
    table->Flag("has_address", &member.has_address);
    table->Flag("has_phone", &member.has_phone);
    table->Finish();
    const bool good = !member.name.empty() && std::ranges::all_of(member.name, [](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (!good) table->Error("name", "must be of A to Z, 0 to 9 and -");
    for (const Member& other : config_.members)
      if (other.name == member.name) table->Error("name", "is another member's");
    // That it takes part may be known; how it writes and whom it knows is not.
    if (known_) Say(member.kind);
    SayAssumed(member.kind + ": " +
               (member.persons_percent == 0 ? "sends nothing"
                                            : std::string(libmpi::FeedFormatName(member.format)) + " of " +
                                                  std::to_string(member.persons_percent) + " % of the persons") +
               (member.queries ? "" : ", asks nothing") + (member.emergencies ? ", may ask in emergencies" : ""));
    config_.members.push_back(std::move(member));
  }

  ConfigTable table_;
  bool known_;
  NetworkConfig& config_;
  std::vector<std::string>& seen_;
};

// What a need needs.
void CheckNeeds(const NetworkConfig& c, ConfigTable* top) {
  const auto need = [&](Need which, bool met, const std::string& what) {
    if (c.Has(which) && !met) top->Error("needs", std::string(NeedName(which)) + " needs " + what);
  };
  const auto has_member = [&](const auto& fits) { return std::ranges::any_of(c.members, fits); };
  need(Need::kResidentList, has_member([](const Member& m) { return m.kind == "town_hall" && m.persons_percent > 0; }),
       "a member of the kind town_hall that sends");
  need(Need::kOwnData, has_member([](const Member& m) { return m.kind == "own_data" && m.persons_percent > 0; }),
       "a member of the kind own_data that sends");
  need(Need::kFeedOnly, has_member([](const Member& m) { return !m.queries && m.persons_percent > 0; }),
       "a member that sends, with queries = false");
  need(Need::kEmergency, has_member([](const Member& m) { return m.emergencies; }), "a member with emergencies = true");
  need(Need::kLookOnly, !c.look_only.empty(), "look_only = [kinds]");
  need(Need::kAbsorb, c.areas > 1, "areas = 2 or more");
  need(Need::kTenants, c.areas > 1, "areas = 2 or more");
  need(Need::kMassWithdrawal, c.registered_before > c.registered, "registered_before above registered");
  need(Need::kInterconnected, !c.partner.empty(), "a partner");
}

void CheckFeeds(const NetworkConfig& c, ConfigTable* top) {
  const std::vector<std::string> kinds = libmpi::FacilityKinds();
  for (size_t i = 0; i < kinds.size(); ++i) {
    const bool looks_only = std::ranges::find(c.look_only, kinds[i]) != c.look_only.end();
    int percent = 0;
    for (const KindFeed& feed : c.feeds)
      if (feed.kind == kinds[i]) percent += feed.percent;
    if (looks_only && percent > 0) top->Error("look_only", "a kind that only looks has no feed: " + kinds[i]);
    else if (!looks_only && c.kinds_permille[i] > 0 && percent != 100)
      top->Error("feed", "those of " + kinds[i] + " must sum up to 100 %");
  }
}

std::string Folded(std::string_view name) {
  std::string folded;
  for (const char ch : name) {
    if (ch == '-' || ch == '_' || ch == ' ' || ch == '.') continue;
    folded += ch >= 'A' && ch <= 'Z' ? static_cast<char>(ch - 'A' + 'a') : ch;
  }
  return folded;
}

std::string StemOf(std::string_view path) {
  return std::string(path.substr(0, path.rfind('.')));
}

}  // namespace

std::string_view NeedName(Need need) { return kNeedNames[static_cast<size_t>(need)]; }

bool NetworkConfig::Has(Need need) const { return std::ranges::find(needs, need) != needs.end(); }

absl::StatusOr<NetworkConfig> ParseNetworkConfig(std::string_view toml, const std::string& file) {
  ConfigProblems problems;
  const ConfigValue tree = ParseToml(toml, &problems);
  NetworkConfig config;
  if (problems.errors.empty()) {
    ConfigTable top(&tree, "", &problems);
    if (top.Need("name")) top.Text("name", &config.name);
    if (top.Need("title")) top.Text("title", &config.title);
    top.Text("about", &config.about);
    std::vector<std::string> seen;
    Part(top.Table("known"), true, &config, &seen).Read();
    Part(top.Table("assumed"), false, &config, &seen).Read();
    for (const char* key : {"registered", "institutions", "kinds_permille", "population"})
      if (std::ranges::find(seen, key) == seen.end()) top.Error(key, "is missing, under [known] or [assumed]");
    CheckFeeds(config, &top);
    CheckNeeds(config, &top);
    top.Finish();
  }
  if (problems.errors.empty()) return config;
  std::string all;
  for (const ConfigProblem& problem : problems.errors) all += (all.empty() ? "" : "\n") + problem.ToString(file);
  return absl::InvalidArgumentError(all);
}

std::vector<std::string> BundledNetworks() {
  std::vector<std::string> names;
  for (size_t i = 0; i < nayose_networks::kEmbeddedFileCount; ++i)
    names.push_back(StemOf(nayose_networks::kEmbeddedFiles[i].path));
  return names;
}

absl::StatusOr<NetworkConfig> FindNetwork(const std::string& name) {
  std::string known;
  for (size_t i = 0; i < nayose_networks::kEmbeddedFileCount; ++i) {
    const libmpi::EmbeddedFile& file = nayose_networks::kEmbeddedFiles[i];
    LIBMPI_ASSIGN_OR_RETURN(NetworkConfig config, ParseNetworkConfig(file.bytes(), file.path));
    if (Folded(name) == Folded(config.name) || Folded(name) == Folded(StemOf(file.path))) return config;
    known += (known.empty() ? "" : ", ") + config.name;
  }
  std::error_code error;
  if (!std::filesystem::exists(name, error))
    return absl::NotFoundError("there is no network \"" + name + "\", nor such a file; the networks are " + known);
  LIBMPI_ASSIGN_OR_RETURN(const std::string text, libmpi::ReadSmallFile(name, size_t{1} << 20));
  return ParseNetworkConfig(text, name);
}

}  // namespace nayose
