// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/config.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nayose {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Lines 1 to 29.
constexpr char kGood[] = R"([registry]
folder = "registry"
create = true
[quarantine]
folder = "quarantine"
[[listener]]
name = "local"
port = 2575
[[facility]]
name = "hospital"
[[domain]]
name = "H001"
oid = "1.2.3.4"
facility = "hospital"
source = "his"
[[party]]
name = "his"
application = "HIS"
facility = "HOSPITAL"
member = "hospital"
)";

std::vector<std::string> Lines(const std::vector<ConfigProblem>& problems) {
  std::vector<std::string> lines;
  for (const ConfigProblem& problem : problems) lines.push_back(problem.ToString("f.toml"));
  return lines;
}

std::string With(const std::string& from, const std::string& to) {
  std::string text = kGood;
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(ServeConfigTest, DefaultsAreThoseOfTheHeader) {
  const ReadConfig read = ParseServeConfig(kGood, "/etc/nayose");
  EXPECT_THAT(Lines(read.problems.errors), IsEmpty());
  EXPECT_THAT(Lines(read.problems.warnings), IsEmpty());
  const ServeConfig& config = read.config;
  EXPECT_EQ(config.registry.folder, "/etc/nayose/registry");
  EXPECT_EQ(config.quarantine.folder, "/etc/nayose/quarantine");
  EXPECT_EQ(config.listeners.at(0).address, "127.0.0.1");
  EXPECT_EQ(config.listeners.at(0).port, 2575);
  EXPECT_FALSE(config.listeners.at(0).tls.enabled);
  EXPECT_THAT(config.facilities.at(0).authorities, ElementsAre("H001"));
  EXPECT_EQ(config.domains.at(0).authority, (libmpi::pix::Authority{"H001", "1.2.3.4", "ISO"}));
  EXPECT_EQ(config.parties.at(0).party.profession, libmpi::Profession::kSystem);
  EXPECT_EQ(config.parties.at(0).party.switches.unencodable, libmpi::pix::Unencodable::kGeta);
  const ReadConfig other = ParseServeConfig(std::string(kGood) + "unencodable = \"variant\"\n", "/x");
  EXPECT_THAT(Lines(other.problems.errors), IsEmpty());
  EXPECT_EQ(other.config.parties.at(0).party.switches.unencodable, libmpi::pix::Unencodable::kVariant);
  EXPECT_FALSE(config.questions_wait_for_disk);
  EXPECT_FALSE(config.metrics.enabled);
  EXPECT_TRUE(config.registry.warm);
  EXPECT_EQ(config.audit_file, AuditFileConfig());
}

TEST(ServeConfigTest, TheAuditFileIsOfTheConfigurationsFolder) {
  for (const auto& [format, syslog] : {std::pair("syslog", true), std::pair("dicom", false)}) {
    const ReadConfig read = ParseServeConfig(
        std::string(kGood) + "[audit]\nfile = \"a\"\nformat = \"" + format + "\"\n", "/etc/nayose");
    EXPECT_THAT(Lines(read.problems.errors), IsEmpty());
    EXPECT_EQ(read.config.audit_file, (AuditFileConfig{"/etc/nayose/a", syslog}));
  }
}

TEST(ServeConfigTest, TheExampleIsRight) {
  std::ifstream file(std::string(LIBMPI_SOURCE_DIR) + "/data/serve/network.toml");
  std::stringstream text;
  text << file.rdbuf();
  const ReadConfig read = ParseServeConfig(text.str(), "/x");
  EXPECT_THAT(Lines(read.problems.errors), IsEmpty());
  EXPECT_THAT(Lines(read.problems.warnings), IsEmpty());
  EXPECT_EQ(read.config.facilities.size(), 3u);
  EXPECT_EQ(read.config.FindParty("clinic-emr")->encoding.name, "CP932");
  EXPECT_TRUE(read.config.FindParty("clinic-emr")->own_encoding);
  EXPECT_EQ(read.config.registry.consent, libmpi::ConsentBasis::kOptOut);
}

// What is commented out there is right too: keys and tables that begin a line, or follow "# ".
TEST(ServeConfigTest, TheExamplesCommentsAreRight) {
  std::ifstream file(std::string(LIBMPI_SOURCE_DIR) + "/data/serve/network.toml");
  std::string all;
  for (std::string line; std::getline(file, line);) {
    const bool commented = line.starts_with("# ") && (line.starts_with("# [") || line.find(" = ") < 32);
    all += (commented ? line.substr(2) : line) + "\n";
  }
  // The hospital has a certificate there; give it to the others, too.
  for (const std::string name : {"facility = \"CLINIC\"\n", "facility = \"PHARMACY\"\n"})
    all.insert(all.find(name), "certificate = \"x\"\n");
  // The listener that is there already asks for none.
  EXPECT_THAT(Lines(ParseServeConfig(all, "/x").problems.errors), ElementsAre(HasSubstr("listener[1]: asks for no")));
}

struct Case {
  const char* note;
  std::string text;
  std::string error;  // what one of the lines begins with
};

std::vector<Case> WrongConfigs() {
  return {
      {"no TOML", With("port = 2575", "port = "), "f.toml:8: "},
      {"no UTF-8", With("name = \"local\"", "name = \"\x95\x61\""), "f.toml:"},
      {"a key twice", With("port = 2575", "port = 2575\nport = 2576"), "f.toml:9: "},
      {"unknown key", With("port = 2575", "prot = 2575"),
       "f.toml:8: listener[1].prot: there is no such key; did you mean \"port\"?"},
      {"unknown table", With("[registry]", "[registery]"),
       "f.toml:1: registery: there is no such key; did you mean \"registry\"?"},
      {"nothing like it", With("port = 2575", "port = 2575\nzzzzzz = 1"),
       "f.toml:9: listener[1].zzzzzz: there is no such key"},
      {"a missing key is of its table's line", With("port = 2575", ""), "f.toml:6: listener[1].port: is missing"},
      {"an empty one", With("folder = \"registry\"", "folder = \"\""), "f.toml:2: registry.folder: is empty"},
      {"wrong kind", With("port = 2575", "port = \"2575\""), "f.toml:8: listener[1].port: must be a whole number"},
      {"wrong kind", With("create = true", "create = 1"), "f.toml:3: registry.create: must be true or false"},
      {"wrong kind", With("name = \"local\"", "name = 1"),
       "f.toml:7: listener[1].name: must be a text in quotation marks"},
      {"too large", With("port = 2575", "port = 65536"), "f.toml:8: listener[1].port: must be 0 to 65535"},
      {"one table, not a list", With("[[listener]]", "[listener]"),
       "f.toml:6: listener: is written [[listener]], one for each"},
      {"not one of the words", std::string(kGood) + "[audit]\nformat = \"xml\"\n",
       "f.toml:22: audit.format: must be one of syslog, dicom"},
      {"not one of the words", std::string(kGood) + "[log]\nlevel = \"warn\"\n",
       "f.toml:22: log.level: must be one of debug, info, warning, error; did you mean \"warning\"?"},
      {"a name that is none", With("name = \"his\"", "name = \"病院\""),
       "f.toml:17: party[1].name: must be 1 to 64 letters, digits, '-', '_' or '.'"},
      {"no OID", With("1.2.3.4", "1.2..4"), "f.toml:13: domain[1].oid: must be numbers with dots between them"},
      {"no facility of that name", With("facility = \"hospital\"", "facility = \"hospitl\""),
       "f.toml:14: domain[1].facility: there is no [[facility]] \"hospitl\"; did you mean \"hospital\"?"},
      {"no party of that name", With("source = \"his\"", "source = \"hiss\""),
       "f.toml:15: domain[1].source: there is no [[party]] \"hiss\"; did you mean \"his\"?"},
      {"no member of that name", With("member = \"hospital\"", "member = \"clinic\""),
       "f.toml:20: party[1].member: there is no [[facility]] \"clinic\""},
      {"two of one name", With("[[domain]]", "[[facility]]\nname = \"hospital\"\n[[domain]]"),
       "f.toml:12: facility[2].name: another facility has \"hospital\" already, in line 10"},
      {"one OID of two", std::string(kGood) + "[[domain]]\nname = \"X\"\noid = \"1.2.3.4\"\nfacility = \"hospital\"\n",
       "f.toml:23: domain[2].oid: another domain has \"1.2.3.4\" already, in line 13"},
      {"two systems that call themselves the same",
       std::string(kGood) + "[[party]]\nname = \"b\"\napplication = \"HIS\"\nfacility = \"HOSPITAL\"\n",
       "f.toml:23: party[2].application: another party has \"HIS^HOSPITAL\" already, in line 18"},
      {"delimiters", With("application = \"HIS\"", "application = \"H^S\""),
       "f.toml:18: party[1].application: must be printable ASCII without blanks and | ^ ~ \\ &"},
      {"a charset that is none", With("port = 2575", "port = 2575\nencoding = \"LATIN-7\""),
       "f.toml:9: listener[1].encoding: must be ASCII, UTF-8"},
      {"TLS without a key", With("port = 2575", "port = 2575\ntls = { certificate = \"c\", ca = \"a\" }"),
       "f.toml:9: listener[1].tls.key: is missing"},
      {"TLS without whom to believe",
       With("port = 2575", "port = 2575\n[listener.tls]\ncertificate = \"c\"\nkey = \"k\""),
       "f.toml:9: listener[1].tls.ca: is missing"},
      {"certificates asked for, and nobody has one",
       With("port = 2575", "port = 2575\ntls = { certificate = \"c\", key = \"k\", ca = \"a\" }"),
       "f.toml:6: listener[1].tls: asks for client certificates, and no [[party]] has one"},
      {"a certificate that nobody asks for", std::string(kGood) + "certificate = \"his.example\"\n",
       "f.toml:16: party[1].certificate: no [[listener]] asks for certificates"},
      {"no fingerprint", std::string(kGood) + "certificate = [\"sha256:12:34\"]\n",
       "f.toml:21: party[1].certificate: \"sha256:\" is followed by 64"},
      {"no profession", std::string(kGood) + "profession = \"doctor\"\n",
       "f.toml:21: party[1].profession: must be one of physician"},
      {"no way to tell a character", std::string(kGood) + "unencodable = \"variants\"\n",
       "f.toml:21: party[1].unencodable: must be one of geta, variant, refuse; did you mean \"variant\"?"},
      {"told of nothing", std::string(kGood) + "[party.updates]\nhost = \"h\"\nport = 1\n",
       "f.toml:21: party[1].updates.domains: say either which domains it is told of, or all_domains = true"},
      {"told of a domain that is none",
       std::string(kGood) + "[party.updates]\nhost = \"h\"\nport = 1\ndomains = [\"H01\"]\n",
       "f.toml:24: party[1].updates.domains: there is no [[domain]] \"H01\"; did you mean \"H001\"?"},
      {"a facility of what is nobody's", With("source = \"his\"", "shared = true"),
       "f.toml:14: domain[1].facility: is of a domain with a source: a shared one without belongs to nobody"},
      {"a source without its facility", With("facility = \"hospital\"\nsource", "shared = true\nsource"),
       "f.toml:11: domain[1].facility: is missing"},
      {"nearly a key", std::string(kGood) + "[[domain]]\nname = \"R\"\noid = \"1.2.3.5\"\nshard = true\n",
       "f.toml:24: domain[2].shard: there is no such key; did you mean \"shared\"?"},
      {"a model for nothing", With("create = true", "model = \"m\""),
       "f.toml:3: registry.model: is of a registry that is created"},
      {"nobody to hear", With("[[listener]]\nname = \"local\"\nport = 2575\n", ""), "f.toml:1: listener: is missing"},
  };
}

TEST(ServeConfigTest, ASharedDomainIsNobodysUnlessASystemFeedsIt) {
  const std::string region = std::string(kGood) + "[[domain]]\nname = \"R\"\noid = \"1.2.3.5\"\nshared = true\n";
  for (const bool fed : {false, true}) {
    SCOPED_TRACE(fed);
    const ReadConfig read =
        ParseServeConfig(fed ? region + "facility = \"hospital\"\nsource = \"his\"\n" : region, "/x");
    EXPECT_THAT(Lines(read.problems.errors), IsEmpty());
    EXPECT_THAT(Lines(read.problems.warnings), IsEmpty());
    ASSERT_EQ(read.config.domains.size(), 2u);
    EXPECT_FALSE(read.config.domains[0].shared);
    EXPECT_TRUE(read.config.domains[1].shared);
    EXPECT_EQ(read.config.domains[1].source, fed ? "his" : "");
    EXPECT_EQ(read.config.domains[1].facility, fed ? "hospital" : "");
  }
}

TEST(ServeConfigTest, ADomainOfEnterpriseIdsIsFedByNobody) {
  const std::string network = std::string(kGood) + "[[domain]]\nname = \"N\"\noid = \"1.2.3.5\"\nenterprise = true\n";
  const ReadConfig read = ParseServeConfig(network, "/x");
  EXPECT_THAT(Lines(read.problems.errors), IsEmpty());
  EXPECT_THAT(Lines(read.problems.warnings), IsEmpty());
  ASSERT_EQ(read.config.domains.size(), 2u);
  EXPECT_FALSE(read.config.domains[0].enterprise);
  EXPECT_TRUE(read.config.domains[1].enterprise);
  EXPECT_THAT(read.config.facilities.at(0).authorities, ElementsAre("H001"));
  const std::string fed = "is of a domain that systems feed: enterprise IDs are given by this server";
  const std::pair<std::string, std::string> wrong[] = {
      {"source = \"his\"\n", "f.toml:25: domain[2].source: " + fed},
      {"facility = \"hospital\"\n", "f.toml:25: domain[2].facility: " + fed},
      {"shared = true\n", "f.toml:25: domain[2].shared: " + fed},
      {"[[domain]]\nname = \"M\"\noid = \"1.2.3.6\"\nenterprise = true\n",
       "f.toml:28: domain[3].enterprise: is of one domain alone, and another one says it already"},
      {"[party.updates]\nhost = \"10.0.0.1\"\nport = 1\ndomains = [\"N\"]\n",
       "f.toml:28: party[1].updates.domains: \"N\" is of enterprise IDs, which are in no update"},
  };
  for (const auto& [text, error] : wrong)
    EXPECT_THAT(Lines(ParseServeConfig(network + text, "/x").problems.errors), ElementsAre(error));
}

TEST(ServeConfigTest, TellsLineKeyAndReason) {
  for (const Case& c : WrongConfigs()) {
    const ReadConfig read = ParseServeConfig(c.text, "/x");
    EXPECT_THAT(Lines(read.problems.errors), Contains(::testing::StartsWith(c.error))) << c.note;
  }
}

TEST(ServeConfigTest, TellsAllErrorsInTheOrderOfLines) {
  std::string text = With("folder = \"registry\"", "foldr = \"registry\"");
  text.replace(text.find("port = 2575"), 11, "port = 70000");
  text.replace(text.find("source = \"his\""), 14, "source = \"nobody\"");
  EXPECT_THAT(Lines(ParseServeConfig(text, "/x").problems.errors),
              ElementsAre(HasSubstr(":1: registry.folder: is missing"), HasSubstr(":2: registry.foldr"),
                          HasSubstr(":8: listener[1].port"), HasSubstr(":15: domain[1].source")));
}

TEST(ServeConfigTest, WarnsOfWhatIsDangerous) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {With("port = 2575", "port = 2575\naddress = \"0.0.0.0\""), "f.toml:6: listener[1].address: others can reach it"},
      {With("source = \"his\"", ""), "f.toml:11: domain[1].source: no party feeds this domain"},
      {With("name = \"hospital\"", "name = \"hospital\"\ntenant = \"north\"") +
           "[[domain]]\nname = \"R\"\noid = \"1.2.3.5\"\nshared = true\n",
       "f.toml:25: domain[2].shared: no tenant's facility is told its identifiers"},
      {With("name = \"hospital\"", "name = \"hospital\"\ntenant = \"north\"") +
           "[[domain]]\nname = \"N\"\noid = \"1.2.3.5\"\nenterprise = true\n",
       "f.toml:25: domain[2].enterprise: two tenants who both know a person"},
      {With("member = \"hospital\"", ""), "f.toml:16: party[1].member: it feeds the domain \"H001\""},
      {std::string(kGood) + "[[party]]\nname = \"b\"\napplication = \"B\"\nfacility = \"B\"\n",
       "f.toml:21: party[2].member: it is no facility's"},
      {std::string(kGood) + "[party.updates]\nhost = \"10.0.0.1\"\nport = 1\nall_domains = true\n",
       "f.toml:16: party[1].updates: has no tls"},
      {std::string(kGood) + "[server]\nmax_connections_of_peer = 5000\n", "f.toml:21: server.max_megabytes: messages"},
      {std::string(kGood) + "[server]\nmax_megabytes = 16\n", "f.toml:22: server.max_megabytes: messages"},
  };
  for (const auto& [text, warning] : cases) {
    SCOPED_TRACE(warning);
    const ReadConfig read = ParseServeConfig(text, "/x");
    EXPECT_THAT(Lines(read.problems.errors), IsEmpty());
    EXPECT_THAT(Lines(read.problems.warnings), Contains(::testing::StartsWith(warning)));
  }
}

TEST(ServeConfigTest, LooksAtFiles) {
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / ("serve_config_files." + std::to_string(::getpid()));
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  for (const char* name : {"c", "k", "a"}) std::ofstream(folder / name) << "x";
  chmod((folder / "k").c_str(), 0644);
  std::string text = With("port = 2575", "port = 2575\ntls = { certificate = \"c\", key = \"k\", ca = \"none\" }");
  text += "certificate = \"his.example\"\n";
  std::ofstream(folder / "f.toml") << text;
  const auto read = ReadServeConfig((folder / "f.toml").string());
  ASSERT_TRUE(read.ok());
  EXPECT_THAT(Lines(read->problems.errors),
              ElementsAre(HasSubstr("listener[1].tls.ca: " + (folder / "none").string())));
  EXPECT_THAT(Lines(read->problems.warnings), ElementsAre(HasSubstr("others than its owner can read it")));
  EXPECT_TRUE(absl::IsNotFound(ReadServeConfig((folder / "nothing").string()).status()));
  std::filesystem::remove_all(folder);
}

TEST(ServeConfigTest, TheClosestWord) {
  const std::vector<std::string> known = {"port", "max_connections", "ca"};
  EXPECT_EQ(ClosestWord("Port", known), "port");
  EXPECT_EQ(ClosestWord("max-connection", known), "max_connections");
  EXPECT_EQ(ClosestWord("ca_file", known), "ca");
  EXPECT_EQ(ClosestWord("threads", known), "");
}

}  // namespace
}  // namespace nayose
