// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/config.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "libmpi/exchange/input_bytes.h"
#include "libmpi/text/charset.h"

namespace nayose {
namespace {

namespace pix = libmpi::pix;

// Names that stand in logs, metrics and certificates' rules: no name is to look like a patient's.
bool IsPlainName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
  });
}

void ReadName(ConfigTable* table, std::string* name) {
  if (!table->Need("name")) return;
  table->Text("name", name);
  if (!name->empty() && !IsPlainName(*name)) table->Error("name", "must be 1 to 64 letters, digits, '-', '_' or '.'");
}

void ReadPath(ConfigTable* table, const char* key, const std::string& folder, std::string* path) {
  table->Text(key, path);
  if (!path->empty() && path->front() != '/')
    *path = (std::filesystem::path(folder) / *path).lexically_normal().string();
}

void ReadPort(ConfigTable* table, const char* key, int64_t least, uint16_t* port) {
  if (table->Need(key)) table->Number(key, least, 65535, port);
}

// HL7 names: what stands between delimiters of MSH, in ASCII as it is read before anybody knows the charset.
void ReadHl7Name(ConfigTable* table, const char* key, std::string* name) {
  table->Text(key, name);
  const bool good = std::ranges::all_of(*name, [](unsigned char c) { return c > 0x20 && c < 0x7f; }) &&
                    name->find_first_of("|^~\\&") == std::string::npos;
  if (!good) table->Error(key, "must be printable ASCII without blanks and | ^ ~ \\ &");
}

bool ReadEncoding(ConfigTable* table, EncodingConfig* encoding) {
  const bool said = table->Has("encoding") || table->Has("believe_msh18");
  table->Text("encoding", &encoding->name);
  table->Flag("believe_msh18", &encoding->believe_msh18);
  if (table->Has("encoding") && encoding->name != "ASCII")
    if (const auto charset = libmpi::ParseCharset(encoding->name); !charset.ok())
      table->Error("encoding", "must be ASCII, UTF-8, ISO-2022-JP, CP932 or EUC-JP");
  return said;
}

// `server`: of a listener, else of where we connect to.
void ReadTls(ConfigTable* parent, const std::string& folder, bool server, TlsConfig* tls) {
  if (!parent->Has("tls")) {
    parent->Table("tls");
    return;
  }
  ConfigTable table = parent->Table("tls");
  tls->enabled = true;
  ReadPath(&table, "certificate", folder, &tls->certificate);
  ReadPath(&table, "key", folder, &tls->key);
  ReadPath(&table, "ca", folder, &tls->ca);
  ReadPath(&table, "crl", folder, &tls->crl);
  tls->allow_1_2 = table.Word("min_version", {"1.3", "1.2"}) == 1;
  if (server) {
    table.Flag("require_client_certificate", &tls->require_client_certificate);
    table.Need("certificate");
    table.Need("key");
    if (tls->require_client_certificate && tls->ca.empty())
      table.Error("ca", "is missing: by whom clients have to be certified; or say require_client_certificate = false");
  } else {
    table.Text("server_name", &tls->server_name);
    table.Need("ca");
    if (tls->certificate.empty() != tls->key.empty())
      table.Error(tls->key.empty() ? "key" : "certificate", "is missing: a certificate and its key go together");
  }
  table.Finish();
}

// Reads [[key]] tables in their order.
template <typename Item>
void ReadEach(ConfigTable* top, const char* key, std::vector<Item>* items,
              const std::function<void(ConfigTable* table, Item* item)>& read) {
  for (ConfigTable& table : top->Tables(key)) {
    read(&table, &items->emplace_back());
    table.Finish();
  }
}

// Tells of a second one of a name.
class Once {
 public:
  void Take(ConfigTable* table, const char* key, const std::string& value, const char* what) {
    if (value.empty() || seen_.emplace(value, table->LineOf(key)).second) return;
    table->Error(key, std::string("another ") + what + " has \"" + value + "\" already, in line " +
                          std::to_string(seen_.at(value)));
  }

 private:
  std::map<std::string, int> seen_;
};

class Reader {
 public:
  Reader(ConfigTable* top, std::string folder, ServeConfig* config)
      : top_(*top), folder_(std::move(folder)), config_(*config) {}

  void Read() {
    ReadRegistry();
    ReadServer();
    ReadListeners();
    ReadFacilities();
    ReadDomains();
    ReadParties();
    ReadHousehold();
    CheckReferences();
    top_.Finish();
  }

 private:
  void ReadRegistry();
  void ReadServer();
  void ReadListeners();
  void ReadFacilities();
  void ReadDomains();
  void ReadParties();
  void ReadParty(ConfigTable* table, PartyConfig* party);
  void ReadSwitches(ConfigTable* table, pix::Switches* switches);
  void ReadUpdates(ConfigTable* table, PartyConfig* party);
  void ReadHousehold();
  void CheckReferences();
  void CheckReference(ConfigTable table, const char* key, const std::string& name,
                      const std::vector<std::string>& known, const char* what);

  ConfigTable& top_;
  const std::string folder_;
  ServeConfig& config_;
};

void Reader::ReadRegistry() {
  ConfigTable table = top_.Table("registry");
  RegistryConfig& registry = config_.registry;
  table.Need("folder");
  ReadPath(&table, "folder", folder_, &registry.folder);
  table.Flag("create", &registry.create);
  ReadPath(&table, "model", folder_, &registry.model);
  const int consent = table.Word("consent", {"opt_in", "opt_out"});
  if (consent == 1) registry.consent = libmpi::ConsentBasis::kOptOut;
  if (!registry.create)
    for (const char* key : {"model", "consent"})
      if (table.Has(key)) table.Error(key, "is of a registry that is created: say create = true, or leave it out");
  int64_t cache = static_cast<int64_t>(registry.options.cache_bytes >> 20);
  int64_t buffer = static_cast<int64_t>(registry.options.write_buffer_bytes >> 20);
  table.Number("cache_megabytes", 8, int64_t{1} << 20, &cache);
  table.Number("write_buffer_megabytes", 1, 65536, &buffer);
  registry.options.cache_bytes = static_cast<uint64_t>(cache) << 20;
  registry.options.write_buffer_bytes = static_cast<uint64_t>(buffer) << 20;
  table.Flag("known_authorities_only", &registry.options.known_authorities_only);
  table.Flag("warm", &registry.warm);
  table.Finish();
}

void Reader::ReadServer() {
  ConfigTable table = top_.Table("server");
  ServerConfig& server = config_.server;
  ReadHl7Name(&table, "application", &server.application);
  ReadHl7Name(&table, "facility", &server.facility);
  table.Flag("check_receiver", &server.check_receiver);
  table.Number("threads", 1, 256, &server.threads);
  table.Number("io_threads", 1, 64, &server.io_threads);
  table.Number("max_message_bytes", 1024, int64_t{1} << 26, &server.max_message_bytes);
  table.Number("max_connections", 1, 1'000'000, &server.max_connections);
  table.Number("max_connections_of_peer", 1, 1'000'000, &server.max_connections_of_peer);
  table.Number("max_failed_handshakes_of_peer", 0, 1'000'000, &server.max_failed_handshakes_of_peer);
  table.Number("max_waiting", 1, 1'000'000, &server.max_waiting);
  table.Number("max_megabytes", 1, 1'000'000, &server.max_megabytes);
  table.Number("handshake_seconds", 1, 3600, &server.handshake_seconds);
  table.Number("first_byte_seconds", 0, 86400, &server.first_byte_seconds);
  table.Number("idle_seconds", 0, 864'000, &server.idle_seconds);
  table.Number("message_seconds", 0, 3600, &server.message_seconds);
  table.Number("write_seconds", 0, 3600, &server.write_seconds);
  table.Number("stop_seconds", 1, 3600, &server.stop_seconds);
  table.Number("remember_days", 0, 3650, &server.remember_days);
  table.Number("page", 1, 500, &server.page);
  table.Number("most_page", 1, 500, &server.most_page);
  if (server.page > server.most_page) table.Error("page", "must not be more than most_page");
  // Half is for large messages; what is begun on a connection and small takes up to 16 KiB.
  if (server.max_connections_of_peer << 14 > server.max_megabytes << 18)
    table.Warn("max_megabytes", "messages that are begun on max_connections_of_peer connections may take more than a "
                                "quarter of it: one address could keep others from being read");
  table.Finish();
}

void Reader::ReadListeners() {
  Once names, places;
  ReadEach<ListenerConfig>(&top_, "listener", &config_.listeners, [&](ConfigTable* table, ListenerConfig* listener) {
    listener->line = table->line();
    ReadName(table, &listener->name);
    names.Take(table, "name", listener->name, "listener");
    table->Text("address", &listener->address);
    if (listener->address.empty()) table->Error("address", "is empty; 0.0.0.0 is every address of this machine");
    ReadPort(table, "port", 0, &listener->port);
    if (listener->port != 0)
      places.Take(table, "port", listener->address + ":" + std::to_string(listener->port), "listener");
    ReadTls(table, folder_, true, &listener->tls);
    ReadEncoding(table, &listener->encoding);
  });
  if (!top_.Has("listener")) top_.Error("listener", "is missing: a server without a [[listener]] hears nobody");
}

void Reader::ReadFacilities() {
  Once names;
  using Facility = libmpi::Facility;
  ReadEach<Facility>(&top_, "facility", &config_.facilities, [&](ConfigTable* table, Facility* facility) {
    if (table->Need("name")) table->Text("name", &facility->name);
    names.Take(table, "name", facility->name, "facility");
    table->Text("kind", &facility->kind);
    table->Text("tenant", &facility->tenant);
    table->Flag("feeds", &facility->feeds);
    table->Flag("queries", &facility->queries);
  });
}

// Enterprise IDs are the registry's own, and of one domain.
void ReadEnterprise(ConfigTable* table, bool* has_one, pix::Domain* domain) {
  table->Flag("enterprise", &domain->enterprise);
  if (!domain->enterprise) return;
  if (std::exchange(*has_one, true))
    table->Error("enterprise", "is of one domain alone, and another one says it already");
  for (const char* key : {"source", "facility", "shared"})
    if (table->Has(key)) table->Error(key, "is of a domain that systems feed: enterprise IDs are given by this server");
}

void Reader::ReadDomains() {
  Once names, namespaces, oids;
  bool has_enterprise = false;
  ReadEach<pix::Domain>(&top_, "domain", &config_.domains, [&](ConfigTable* table, pix::Domain* domain) {
    if (table->Need("name")) table->Text("name", &domain->name);
    names.Take(table, "name", domain->name, "domain");
    domain->authority.namespace_id = domain->name;
    ReadHl7Name(table, "namespace", &domain->authority.namespace_id);
    namespaces.Take(table, table->Has("namespace") ? "namespace" : "name", domain->authority.namespace_id, "domain");
    if (table->Need("oid")) table->Text("oid", &domain->authority.universal_id);
    const std::string& oid = domain->authority.universal_id;
    domain->authority.universal_id_type = "ISO";
    const bool good = oid.find_first_not_of("0123456789.") == std::string::npos && !oid.starts_with('.') &&
                      !oid.ends_with('.') && oid.find("..") == std::string::npos && oid.size() <= 199 &&
                      oid.find('.') != std::string::npos;
    if (!oid.empty() && !good)
      table->Error("oid", "must be numbers with dots between them, as 1.2.392.100495.20.3.51.11310");
    oids.Take(table, "oid", oid, "domain");
    table->Flag("shared", &domain->shared);
    table->Text("source", &domain->source);
    ReadEnterprise(table, &has_enterprise, domain);
    const bool of_nobody = domain->shared && !table->Has("source");
    if (of_nobody && !domain->enterprise && table->Has("facility"))
      table->Error("facility", "is of a domain with a source: a shared one without belongs to nobody");
    if (of_nobody || domain->enterprise || table->Need("facility")) table->Text("facility", &domain->facility);
  });
}

void Reader::ReadSwitches(ConfigTable* table, pix::Switches* switches) {
  table->Flag("fill_authority", &switches->fill_authority);
  table->Flag("return_asked_identifier", &switches->return_asked_identifier);
  table->Flag("answer_subsumed", &switches->answer_subsumed);
  table->Flag("space_in_empty_name", &switches->space_in_empty_name);
  table->Flag("errors_as_rejects", &switches->errors_as_rejects);
  table->Flag("original_names_only", &switches->original_names_only);
  constexpr pix::Unencodable kWays[] = {pix::Unencodable::kGeta, pix::Unencodable::kVariant, pix::Unencodable::kRefuse};
  if (const int way = table->Word("unencodable", {"geta", "variant", "refuse"}); way >= 0)
    switches->unencodable = kWays[way];
}

void Reader::ReadUpdates(ConfigTable* parent, PartyConfig* party) {
  if (!parent->Has("updates")) {
    parent->Table("updates");
    return;
  }
  ConfigTable table = parent->Table("updates");
  UpdatesConfig& updates = party->updates;
  updates.enabled = true;
  if (table.Need("host")) table.Text("host", &updates.host);
  ReadPort(&table, "port", 1, &updates.port);
  ReadTls(&table, folder_, false, &updates.tls);
  ReadHl7Name(&table, "application", &updates.application);
  ReadHl7Name(&table, "facility", &updates.facility);
  table.Texts("domains", &party->party.interests);
  table.Flag("all_domains", &party->party.all_domains);
  if (party->party.all_domains == !party->party.interests.empty())
    table.Error("domains", "say either which domains it is told of, or all_domains = true");
  table.Number("answer_seconds", 1, 3600, &updates.answer_seconds);
  table.Number("first_pause_seconds", 1, 3600, &updates.first_pause_seconds);
  table.Number("longest_pause_seconds", 1, 86400, &updates.longest_pause_seconds);
  table.Number("poll_milliseconds", 50, 600'000, &updates.poll_milliseconds);
  if (updates.first_pause_seconds > updates.longest_pause_seconds)
    table.Error("first_pause_seconds", "must not be more than longest_pause_seconds");
  table.Finish();
}

template <typename Value, typename Named>
void ReadEnum(ConfigTable* table, const char* key, Named named, const char* words, Value* value) {
  std::string name;
  table->Text(key, &name);
  if (name.empty()) return;
  if (const auto known = named(name)) *value = *known;
  else table->Error(key, std::string("must be one of ") + words);
}

void Reader::ReadParty(ConfigTable* table, PartyConfig* config) {
  pix::Party& party = config->party;
  config->line = table->line();
  ReadName(table, &party.name);
  for (const char* key : {"application", "facility"}) table->Need(key);
  ReadHl7Name(table, "application", &party.application);
  ReadHl7Name(table, "facility", &party.facility);
  table->Text("member", &party.member);
  table->Texts("certificate", &config->certificates);
  for (std::string& certificate : config->certificates) {
    if (!certificate.starts_with("sha256:")) continue;
    std::string digits;
    for (const char c : certificate.substr(7))
      if (c != ':') digits += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    if (digits.size() != 64 || digits.find_first_not_of("0123456789abcdef") != std::string::npos)
      table->Error("certificate", "\"sha256:\" is followed by 64 hexadecimal digits, with or without colons");
    certificate = "sha256:" + digits;
  }
  const char* const purposes =
      "treatment, emergency, registration, stewardship, audit, operations, research, patient_request";
  ReadEnum(table, "profession", libmpi::ProfessionOf,
           "physician, dentist, pharmacist, nurse, care_worker, clerk, system, steward, auditor, operator, researcher",
           &party.profession);
  ReadEnum(table, "feed_purpose", libmpi::PurposeOf, purposes, &party.feed_purpose);
  ReadEnum(table, "question_purpose", libmpi::PurposeOf, purposes, &party.question_purpose);
  config->own_encoding = ReadEncoding(table, &config->encoding);
  ReadSwitches(table, &party.switches);
  ReadUpdates(table, config);
}

void Reader::ReadParties() {
  Once names, addresses;
  ReadEach<PartyConfig>(&top_, "party", &config_.parties, [&](ConfigTable* table, PartyConfig* party) {
    ReadParty(table, party);
    names.Take(table, "name", party->party.name, "party");
    if (!party->party.application.empty())
      addresses.Take(table, "application", party->party.application + "^" + party->party.facility, "party");
  });
  if (!top_.Has("party")) top_.Error("party", "is missing: a server without a [[party]] answers nobody");
}

// What keeps the house: audit, quarantine, metrics, log.
void Reader::ReadHousehold() {
  ConfigTable audit = top_.Table("audit");
  audit.Flag("questions_wait_for_disk", &config_.questions_wait_for_disk);
  ReadPath(&audit, "file", folder_, &config_.audit_file.file);
  config_.audit_file.syslog = audit.Word("format", {"syslog", "dicom"}) != 1;
  audit.Finish();

  ConfigTable quarantine = top_.Table("quarantine");
  quarantine.Need("folder");
  ReadPath(&quarantine, "folder", folder_, &config_.quarantine.folder);
  quarantine.Number("most", 1, 1'000'000, &config_.quarantine.most);
  quarantine.Number("days", 0, 3650, &config_.quarantine.days);
  quarantine.Finish();

  ConfigTable metrics = top_.Table("metrics");
  config_.metrics.enabled = top_.Has("metrics");
  metrics.Text("address", &config_.metrics.address);
  if (config_.metrics.enabled) ReadPort(&metrics, "port", 0, &config_.metrics.port);
  metrics.Finish();

  ConfigTable log = top_.Table("log");
  ReadPath(&log, "file", folder_, &config_.log.file);
  const int level = log.Word("level", {"debug", "info", "warning", "error"});
  if (level >= 0) log.Text("level", &config_.log.level);
  config_.log.json = log.Word("format", {"json", "text"}) != 1;
  log.Finish();
}

void Reader::CheckReference(ConfigTable table, const char* key, const std::string& name,
                            const std::vector<std::string>& known, const char* what) {
  if (name.empty() || std::ranges::find(known, name) != known.end()) return;
  const std::string closest = ClosestWord(name, known);
  table.Error(key, std::string("there is no [[") + what + "]] \"" + name + "\"" +
                       (closest.empty() ? "" : "; did you mean \"" + closest + "\"?"));
}

void Reader::CheckReferences() {
  std::vector<std::string> facilities, domains, parties;
  for (const auto& facility : config_.facilities) facilities.push_back(facility.name);
  for (const auto& domain : config_.domains) domains.push_back(domain.name);
  for (const auto& party : config_.parties) parties.push_back(party.party.name);
  const auto has_tenant = [](const libmpi::Facility& facility) { return !facility.tenant.empty(); };
  std::vector<ConfigTable> domain_tables, party_tables;
  if (!domains.empty()) domain_tables = top_.Tables("domain");
  if (!parties.empty()) party_tables = top_.Tables("party");
  for (size_t i = 0; i < config_.domains.size(); ++i) {
    if (config_.domains[i].source.empty() && !config_.domains[i].shared && !config_.domains[i].enterprise)
      domain_tables[i].Warn("source", "no party feeds this domain: its identifiers come by other ways alone");
    const bool tenants = std::ranges::any_of(config_.facilities, has_tenant);
    if (config_.domains[i].enterprise && tenants)
      domain_tables[i].Warn("enterprise", "two tenants who both know a person are told the same enterprise ID");
    if (config_.domains[i].shared && tenants && !config_.domains[i].facility.empty())
      domain_tables[i].Error("shared", "where facilities are of tenants, a shared domain has no facility: what one tenant "
                                       "states would be told of to another");
    else if (config_.domains[i].shared && tenants)
      domain_tables[i].Warn("shared", "no tenant's facility is told its identifiers, as it is of no tenant");
    CheckReference(domain_tables[i], "facility", config_.domains[i].facility, facilities, "facility");
    CheckReference(domain_tables[i], "source", config_.domains[i].source, parties, "party");
  }
  for (size_t i = 0; i < config_.parties.size(); ++i) {
    CheckReference(party_tables[i], "member", config_.parties[i].party.member, facilities, "facility");
    ConfigTable table = party_tables[i];
    for (const std::string& domain : config_.parties[i].party.interests) {
      CheckReference(table.Table("updates"), "domains", domain, domains, "domain");
      if (std::ranges::any_of(config_.domains, [&](const auto& d) { return d.enterprise && d.name == domain; }))
        table.Table("updates").Error("domains", "\"" + domain + "\" is of enterprise IDs, which are in no update");
    }
  }
  for (libmpi::Facility& facility : config_.facilities)
    for (const pix::Domain& domain : config_.domains)
      if (domain.facility == facility.name) facility.authorities.push_back(domain.name);
}

}  // namespace

std::vector<pix::Party> ServeConfig::Parties() const {
  std::vector<pix::Party> all;
  for (const PartyConfig& party : parties) all.push_back(party.party);
  return all;
}

const PartyConfig* ServeConfig::FindParty(std::string_view name) const {
  for (const PartyConfig& party : parties)
    if (party.party.name == name) return &party;
  return nullptr;
}

ReadConfig ParseServeConfig(std::string_view text, const std::string& folder) {
  ReadConfig read;
  const ConfigValue tree = ParseToml(text, &read.problems);
  if (!read.problems.errors.empty()) return read;
  ConfigTable top(&tree, "", &read.problems);
  Reader(&top, folder, &read.config).Read();
  CheckTogether(read.config, &read.problems);
  const auto by_line = [](const ConfigProblem& a, const ConfigProblem& b) { return a.line < b.line; };
  std::ranges::stable_sort(read.problems.errors, by_line);
  std::ranges::stable_sort(read.problems.warnings, by_line);
  return read;
}

absl::StatusOr<ReadConfig> ReadServeConfig(const std::string& path) {
  auto text = libmpi::ReadInputBytes(path);
  if (!text.ok()) return text.status();
  const std::string folder = std::filesystem::path(path).parent_path().string();
  ReadConfig read = ParseServeConfig(*text, folder.empty() ? "." : folder);
  if (read.problems.errors.empty()) CheckFiles(read.config, &read.problems);
  return read;
}

std::string ProblemLines(const std::vector<ConfigProblem>& problems, std::string_view file) {
  std::string lines;
  for (const ConfigProblem& problem : problems) lines += problem.ToString(file) + "\n";
  return lines;
}

}  // namespace nayose
