// SPDX-License-Identifier: Apache-2.0
#include "tools/simulate/simulated_network.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "libmpi/base/elapsed.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/find_feeds.h"
#include "libmpi/exchange/feeds/read_feeds.h"
#include "libmpi/linkage/model.h"

namespace nayose {
namespace {

namespace pix = libmpi::pix;
using libmpi::Profession;
using libmpi::Purpose;
using libmpi::SecondsSince;

constexpr int64_t kDayMilliseconds = 24 * 3600 * 1000;
// Changes wait for the disk, and those of several threads for one sync.
constexpr int kWriters = 8;

// Nine in the morning in Japan.
int64_t MorningOf(int day) {
  using namespace std::chrono;
  const sys_days first = year(kFirstDay.year) / kFirstDay.month / kFirstDay.day;
  return (first.time_since_epoch().count() + day) * kDayMilliseconds;
}

pix::Party PartyFor(const SimulatedFacility& facility) {
  pix::Party party;
  party.name = facility.facility.name;
  party.application = "EHR";
  party.facility = facility.facility.name;
  party.member = facility.facility.name;
  return party;
}

}  // namespace

void ImportCounts::Add(const ImportCounts& o) {
  files += o.files, bytes += o.bytes, rows += o.rows, rejected += o.rejected, notes += o.notes;
  unreadable += o.unreadable, unknown += o.unknown, records += o.records, refused += o.refused, held += o.held;
  read_seconds += o.read_seconds, put_seconds += o.put_seconds;
}

SimulatedNetwork::~SimulatedNetwork() {
  responder_.reset();
  manager_.reset();
  network_.reset();
}

int64_t SimulatedNetwork::Tick() { return now_.fetch_add(1, std::memory_order_relaxed); }

void SimulatedNetwork::SetDay(int day) {
  day_ = day;
  now_ = MorningOf(day);
}

absl::StatusOr<std::unique_ptr<SimulatedNetwork>> SimulatedNetwork::Create(const std::string& folder,
                                                                           const std::string& root_oid, int threads) {
  std::unique_ptr<SimulatedNetwork> made(new SimulatedNetwork(root_oid, libmpi::ResolveThreads(threads)));
  made->SetDay(0);
  libmpi::RegistryOptions options;
  options.clock = [of = made.get()] { return of->Tick(); };
  libmpi::FrozenOptions linkage;
  linkage.preset = libmpi::Preset::kSafe;
  LIBMPI_ASSIGN_OR_RETURN(made->registry_,
                          libmpi::Registry::Create(folder, libmpi::Model::Default(), linkage, options));
  // As nayose serve has it.
  LIBMPI_ASSIGN_OR_RETURN(made->network_,
                          libmpi::Network::Open(made->registry_.get(), {libmpi::WriteUntil::kWritten}));
  return made;
}

libmpi::Requester SimulatedNetwork::Office(Profession profession, Purpose purpose) {
  return Of("", profession, purpose);
}

libmpi::Requester SimulatedNetwork::Of(const std::string& facility, Profession profession, Purpose purpose) {
  libmpi::Requester by;
  by.actor = "simulation";
  by.facility = facility;
  by.profession = profession;
  by.purpose = purpose;
  return by;
}

pix::Authority SimulatedNetwork::AuthorityOf(const std::string& domain) const {
  const pix::Domain* const found = manager_->directory()->FindDomain(domain);
  return found != nullptr ? found->authority : pix::Authority{};
}

const pix::Party* SimulatedNetwork::PartyOf(const std::string& facility) const {
  return manager_->directory()->FindParty(facility);
}

absl::Status SimulatedNetwork::SetMembers(std::vector<SimulatedFacility> facilities, bool shared_card,
                                          bool tenants_apart) {
  std::vector<pix::Domain> domains;
  std::vector<pix::Party> parties;
  std::vector<libmpi::Facility> members;
  domains.push_back({kEnterpriseDomain, {kEnterpriseDomain, EnterpriseOid(root_oid_), "ISO"}, "", "", false, true});
  if (shared_card) domains.push_back({kCardDomain, {kCardDomain, root_oid_ + ".2", "ISO"}, "", "", true});
  for (const SimulatedFacility& f : facilities) {
    if (f.facility.feeds)
      domains.push_back({f.facility.name,
                         {f.facility.name, f.oid.empty() ? root_oid_ + ".3.1" + f.institution : f.oid, "ISO"},
                         f.facility.name,
                         f.facility.name});
    parties.push_back(PartyFor(f));
    members.push_back(f.facility);
  }
  LIBMPI_ASSIGN_OR_RETURN(const auto directory, pix::Directory::Make(std::move(domains), std::move(parties)));
  if (manager_ == nullptr) {
    manager_ = std::make_unique<pix::Manager>(network_.get(), registry_.get(), directory);
    libmpi::hl7v2::ResponderOptions options;
    options.clock = [this] { return Tick(); };
    responder_ = std::make_unique<libmpi::hl7v2::Responder>(manager_.get(), std::move(options));
  } else {
    manager_->SetDirectory(directory);
  }
  const libmpi::Requester office = Office(Profession::kOperator, Purpose::kOperations);
  libmpi::AccessRules rules = libmpi::AccessRules::Default();
  rules.tenants_apart = tenants_apart;
  LIBMPI_RETURN_IF_ERROR(network_->SetRules(rules, office));
  LIBMPI_RETURN_IF_ERROR(manager_->RegisterMembers(members, office));
  facilities_ = std::move(facilities);
  facility_index_.clear();
  for (size_t i = 0; i < facilities_.size(); ++i) facility_index_[facilities_[i].facility.name] = i;
  return absl::OkStatus();
}

const SimulatedFacility* SimulatedNetwork::FindFacility(const std::string& name) const {
  const auto it = facility_index_.find(name);
  return it == facility_index_.end() ? nullptr : &facilities_[it->second];
}

absl::StatusOr<ImportCounts> SimulatedNetwork::Import(const DayFolder& folder) {
  ImportCounts counts;
  const auto begin = std::chrono::steady_clock::now();
  LIBMPI_ASSIGN_OR_RETURN(libmpi::FoundFeeds found, libmpi::FindFeeds(std::span(&folder.path, 1), std::nullopt));
  counts.files = found.feeds.size();
  counts.unknown = found.unknown.size();
  for (const libmpi::FoundFeed& feed : found.feeds) counts.bytes += feed.bytes;
  if (found.feeds.empty()) return counts;
  libmpi::ReadOptions options;
  options.threads = threads_;
  options.source_of = folder.source_of;
  LIBMPI_ASSIGN_OR_RETURN(const libmpi::ReadFeeds read, libmpi::ReadThoseThatCanBe(std::move(found.feeds), options));
  const libmpi::PatientFiles& files = read.files;
  counts.unreadable = read.unreadable.size();
  counts.rejected = files.rejects().size();
  counts.notes = files.notes().size();
  for (const auto& file : files.files()) counts.rows += file.rows_read;
  counts.records = files.size();
  counts.read_seconds = SecondsSince(begin);
  const auto put_begin = std::chrono::steady_clock::now();
  LIBMPI_ASSIGN_OR_RETURN(const libmpi::Registry::Stats stats, registry_->GetStats());
  if (stats.records == 0) {
    LIBMPI_RETURN_IF_ERROR(network_->Admit(libmpi::Operation::kAdminister, "import",
                                           Office(Profession::kOperator, Purpose::kOperations)));
    LIBMPI_ASSIGN_OR_RETURN(const libmpi::Registry::BulkAnswer loaded,
                            registry_->BulkLoad(
                                files.size(), [&](size_t i, libmpi::RecordView* record) { files.Get(i, record); },
                                {"simulation", "import"}, threads_, nullptr));
    counts.refused = loaded.refused;
    counts.held = loaded.held;
  } else {
    std::atomic<uint64_t> refused{0}, held{0};
    libmpi::ParallelChunks(files.size(), 1, kWriters, [&](size_t b, size_t e, int) {
      for (size_t i = b; i < e; ++i) {
        const libmpi::Record record = files.Get(i);
        const auto put = network_->Put(record, Of(record.key.source, Profession::kSystem, Purpose::kRegistration));
        refused += !put.ok();
        held += put.ok() && put->outcome == libmpi::PersonOutcome::kHeld;
      }
    });
    counts.refused = refused;
    counts.held = held;
  }
  counts.put_seconds = SecondsSince(put_begin);
  return counts;
}

absl::Status SimulatedNetwork::TakeConsent(const libmpi::RecordKey& identifier, libmpi::ConsentKind kind, int day,
                                           const std::string& for_facility) {
  libmpi::ConsentStatement statement;
  statement.kind = kind;
  statement.from = DayNumber(day);
  if (!for_facility.empty()) statement.facilities = {for_facility};
  statement.reference = "form " + std::to_string(day);
  LIBMPI_RETURN_IF_ERROR(
      network_
          ->TakeConsent(identifier, statement, Of(identifier.source, Profession::kClerk, Purpose::kRegistration))
          .status());
  const std::lock_guard lock(mutex_);
  said_.push_back({identifier, kind == libmpi::ConsentKind::kRegistered, day, for_facility});
  return absl::OkStatus();
}

absl::Status SimulatedNetwork::Register(const libmpi::RecordKey& identifier, int day,
                                        const std::string& for_facility) {
  return TakeConsent(identifier, libmpi::ConsentKind::kRegistered, day, for_facility);
}

absl::Status SimulatedNetwork::Withdraw(const libmpi::RecordKey& identifier, int day) {
  return TakeConsent(identifier, libmpi::ConsentKind::kWithdrawn, day, "");
}

}  // namespace nayose
