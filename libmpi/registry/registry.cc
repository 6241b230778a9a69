// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/registry.h"

#include <openssl/rand.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "libmpi/base/byte_codec.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/base/system_time.h"
#include "libmpi/registry/rep.h"
#include "libmpi/registry/switch_history.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

StoreOptions StoreOptionsOf(const RegistryOptions& options, bool create) {
  StoreOptions store;
  store.cache_bytes = options.cache_bytes;
  store.write_buffer_bytes = options.write_buffer_bytes;
  store.read_only = options.read_only;
  store.create = create;
  return store;
}

absl::Status ReadText(const Store& store, const std::string& key, std::string* text) {
  std::string bytes;
  LIBMPI_RETURN_IF_ERROR(store.Get(key, &bytes));
  return UnpackText(bytes, text);
}

absl::Status ReadCount(const Store& store, const std::string& key, uint64_t* number) {
  std::string bytes;
  LIBMPI_RETURN_IF_ERROR(store.Get(key, &bytes));
  return UnpackNumber(bytes, number);
}

constexpr char kHexDigits[] = "0123456789abcdef";

// Of a registry that this program can't read: what it has, what this program reads, and what to do.
absl::Status OfAnotherRelease(std::string what, bool newer_may_read) {
  what += ": ";
  if (newer_may_read) what += "open it with the release that wrote it or a newer one, or ";
  return absl::FailedPreconditionError(what + "export it with the release that wrote it (nayose registry export), and "
                                       "import that into a new registry with this one (nayose registry import)");
}

absl::Status CheckFormat(uint64_t format) {
  if (format >= kOldestRegistryFormat && format <= kRegistryFormat) return absl::OkStatus();
  const std::string oldest = std::to_string(kOldestRegistryFormat), newest = std::to_string(kRegistryFormat);
  return OfAnotherRelease("the registry is of format " + std::to_string(format) + ", and this program reads " +
                              (oldest == newest ? "format " + newest : "formats " + oldest + " to " + newest),
                          format > kRegistryFormat);
}

}  // namespace

std::string EnterpriseId::ToString() const {
  std::string text;
  for (uint8_t byte : bytes) {
    text.push_back(kHexDigits[byte >> 4]);
    text.push_back(kHexDigits[byte & 15]);
  }
  return text;
}

std::optional<EnterpriseId> EnterpriseId::Parse(std::string_view text) {
  EnterpriseId id;
  if (text.size() != 2 * id.bytes.size()) return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0) return std::nullopt;
    id.bytes[i / 2] = static_cast<uint8_t>(id.bytes[i / 2] << 4 | digit);
  }
  return id;
}

std::string_view RecordStatusName(RecordStatus status) {
  switch (status) {
    case RecordStatus::kLive: return "live";
    case RecordStatus::kRetired: return "retired";
    case RecordStatus::kSubsumed: return "subsumed";
  }
  return "";
}

std::string_view GradeName(Candidate::Grade grade) {
  switch (grade) {
    case Candidate::Grade::kCertain: return "certain";
    case Candidate::Grade::kProbable: return "probable";
    case Candidate::Grade::kPossible: return "possible";
  }
  return "";
}

std::string_view PersonOutcomeName(PersonOutcome outcome) {
  switch (outcome) {
    case PersonOutcome::kNone: return "none";
    case PersonOutcome::kCreated: return "created";
    case PersonOutcome::kJoined: return "joined";
    case PersonOutcome::kMoved: return "moved";
    case PersonOutcome::kMerged: return "merged";
    case PersonOutcome::kSplit: return "split";
    case PersonOutcome::kRetired: return "retired";
    case PersonOutcome::kHeld: return "held";
  }
  return "";
}

std::string_view EventKindName(EventKind kind) {
  switch (kind) {
    case EventKind::kCreated: return "created";
    case EventKind::kPut: return "put";
    case EventKind::kRevised: return "revised";
    case EventKind::kRetired: return "retired";
    case EventKind::kHeld: return "held";
    case EventKind::kAccepted: return "accepted";
    case EventKind::kRefused: return "refused";
    case EventKind::kSubsumed: return "subsumed";
    case EventKind::kUnsubsumed: return "unsubsumed";
    case EventKind::kDecided: return "decided";
    case EventKind::kUndecided: return "undecided";
    case EventKind::kBulkLoad: return "bulk_load";
    case EventKind::kAuthority: return "authority";
    case EventKind::kAssigned: return "assigned";
    case EventKind::kModel: return "model";
    case EventKind::kAliases: return "aliases";
    case EventKind::kErased: return "erased";
  }
  return "unknown";
}

std::string_view AuthorityTrustName(AuthorityTrust trust) {
  switch (trust) {
    case AuthorityTrust::kUnstated: return "";
    case AuthorityTrust::kVerified: return "verified";
    case AuthorityTrust::kDeclared: return "declared";
  }
  return "";
}

std::optional<AuthorityTrust> AuthorityTrustOf(std::string_view name) {
  for (const AuthorityTrust trust : {AuthorityTrust::kUnstated, AuthorityTrust::kVerified, AuthorityTrust::kDeclared})
    if (name == AuthorityTrustName(trust)) return trust;
  return std::nullopt;
}

std::string MetaModel(uint16_t generation) { return "model/" + std::to_string(generation); }
std::string MetaLinkage(uint16_t generation) { return "linkage/" + std::to_string(generation); }
std::string MetaRules(uint16_t generation) { return "rules/" + std::to_string(generation); }

std::vector<std::string> MetaNamesOf(uint16_t generation) {
  return {MetaModel(generation), MetaLinkage(generation), MetaRules(generation)};
}

std::vector<std::pair<std::string, std::string>> MetaRowsOf(uint16_t generation, const Model& model,
                                                            const FrozenOptions& linkage) {
  return {{MetaModel(generation), PackText(model.ToJson())},
          {MetaLinkage(generation), Pack(linkage)},
          {MetaRules(generation), PackNumber(kLinkageRules)}};
}

std::string Pack(const Counters& c) {
  std::string bytes;
  ByteWriter out(&bytes);
  out.Byte(1);
  for (uint64_t n : {uint64_t{c.next_number}, c.next_event, uint64_t{c.next_node}, c.live, c.persons, c.held})
    out.Number(n);
  return bytes;
}

absl::Status Unpack(std::string_view bytes, Counters* c) {
  ByteReader in(bytes);
  in.Byte();
  c->next_number = in.NumberUpTo(UINT32_MAX);
  c->next_event = in.Number();
  c->next_node = in.NumberUpTo(UINT32_MAX);
  for (uint64_t* n : {&c->live, &c->persons, &c->held}) *n = in.Number();
  return in.done() ? absl::OkStatus() : absl::DataLossError("the registry's counters are damaged");
}

std::string Pack(const FrozenOptions& options) {
  std::string bytes;
  ByteWriter out(&bytes);
  out.Byte(1);
  out.Byte(static_cast<uint8_t>(options.preset));
  for (const std::optional<double>& bits : {options.match_threshold, options.review_threshold}) {
    out.Byte(bits.has_value());
    out.Word(std::bit_cast<uint64_t>(bits.value_or(0)));
  }
  out.Word(std::bit_cast<uint64_t>(options.population));
  return bytes;
}

absl::Status Unpack(std::string_view bytes, FrozenOptions* options) {
  ByteReader in(bytes);
  in.Byte();
  const uint8_t preset = in.Byte();
  options->preset = static_cast<Preset>(preset);
  for (std::optional<double>* value : {&options->match_threshold, &options->review_threshold}) {
    const bool told = in.Byte() != 0;
    const double number = std::bit_cast<double>(in.Word());
    *value = told ? std::optional(number) : std::nullopt;
  }
  options->population = std::bit_cast<double>(in.Word());
  const bool known = preset <= static_cast<uint8_t>(Preset::kSafe);
  return in.done() && known ? absl::OkStatus() : absl::DataLossError("the registry's linkage options are damaged");
}

absl::Status CheckIdentifier(const RecordKey& key) {
  constexpr size_t kLongest = 500;
  for (const std::string* part : {&key.source, &key.record_id}) {
    if (part->empty()) return absl::InvalidArgumentError("an identifier needs an assigning authority and a value");
    if (part->size() > kLongest) return absl::InvalidArgumentError("an identifier is longer than 500 bytes");
    if (part->find('\0') != std::string::npos) return absl::InvalidArgumentError("an identifier holds a NUL byte");
  }
  return absl::OkStatus();
}

absl::Status Resolve(const View& view, const Keys& base, const RecordKey& identifier, Statement* statement,
                     bool* redirected) {
  RecordKey key = identifier;
  *redirected = false;
  constexpr int kLongestChain = 1000;
  for (int step = 0; step < kLongestChain; ++step) {
    bool found;
    LIBMPI_RETURN_IF_ERROR(view.Read(base.Of(Table::kStatement, key), statement, &found));
    if (!found) return absl::NotFoundError("no such identifier is registered");
    if (statement->status == RecordStatus::kRetired) return absl::FailedPreconditionError("the record is retired");
    if (statement->status == RecordStatus::kLive) return absl::OkStatus();
    if (!statement->surviving) break;
    key = *statement->surviving;
    *redirected = true;
  }
  return absl::DataLossError("merged identifiers of the registry lead nowhere");
}

absl::Status ReadFirstAfter(const View& view, const Keys& base, Table table, uint32_t number, uint64_t event,
                            std::string* bytes, bool* any) {
  *any = false;
  return view.Scan(base.OfEvent(table, number, event + 1), base.OfEvent(table, number, UINT64_MAX),
                   [&](std::string_view, std::string_view value) {
                     *bytes = std::string(value);
                     *any = true;
                     return false;
                   });
}

absl::Status BearersOf(const View& view, const Keys& base, uint32_t number, std::vector<Statement>* bearers) {
  constexpr size_t kLongestChain = 1000;
  while (bearers->size() < kLongestChain) {
    RecordKey key;
    bool found;
    LIBMPI_RETURN_IF_ERROR(view.Read(base.Of(Table::kNumber, number), &key, &found));
    if (!found) return absl::OkStatus();
    Statement& bearer = bearers->emplace_back();
    LIBMPI_RETURN_IF_ERROR(view.Read(base.Of(Table::kStatement, key), &bearer, &found));
    if (!found) break;
    if (bearer.status != RecordStatus::kSubsumed) return absl::OkStatus();
    number = bearer.number;
  }
  return absl::DataLossError("the registry's tables do not fit together");
}

int64_t Registry::Rep::Now() const {
  return options.clock ? options.clock() : SystemMilliseconds();
}

std::unique_ptr<const SnapshotView> Registry::Rep::ViewOf(std::shared_ptr<const Generation>* with) const {
  for (;;) {
    *with = generation();
    auto view = std::make_unique<const SnapshotView>(store.get());
    if (generation() == *with) return view;  // else another one has come, and this one's tables may be going
  }
}

absl::Status Registry::Rep::LoadGeneration(uint16_t number, std::shared_ptr<const Generation>* out) const {
  std::string json, packed;
  LIBMPI_RETURN_IF_ERROR(ReadText(*store, base.Named(Table::kMeta, MetaModel(number)), &json));
  LIBMPI_RETURN_IF_ERROR(store->Get(base.Named(Table::kMeta, MetaLinkage(number)), &packed));
  FrozenOptions linkage;
  LIBMPI_RETURN_IF_ERROR(Unpack(packed, &linkage));
  absl::StatusOr<Model> model = Model::FromJson(json);
  if (!model.ok()) {
    // Up to its own advice, which is for a model in a file.
    const std::string why = std::string(model.status().message());
    return OfAnotherRelease("the registry's model is none that this program reads (" + why.substr(0, why.find(';')) + ")",
                            false);
  }
  LIBMPI_ASSIGN_OR_RETURN(std::shared_ptr<const FrozenModel> frozen, FrozenModel::Make(*std::move(model), linkage));
  uint64_t rules = 1;  // of stores that do not say
  const absl::Status says = ReadCount(*store, base.Named(Table::kMeta, MetaRules(number)), &rules);
  if (!says.ok() && !absl::IsNotFound(says)) return says;
  if (rules > kLinkageRules)
    return OfAnotherRelease("the registry was linked by the rules " + std::to_string(rules) +
                                ", and this program knows those up to " + std::to_string(kLinkageRules),
                            true);
  *out = std::make_shared<Generation>(number, std::move(frozen), rules);
  return absl::OkStatus();
}

absl::Status Registry::Rep::LoadMeta() {
  syncer = std::make_unique<LogSyncer>(store.get(), kSyncWithin);
  uint64_t format, number;
  if (const absl::Status found = ReadCount(*store, base.Named(Table::kMeta, kMetaFormat), &format); !found.ok())
    return absl::IsNotFound(found) ? absl::NotFoundError("the folder holds no registry: create one first") : found;
  LIBMPI_RETURN_IF_ERROR(CheckFormat(format));
  std::string tables, key, packed;
  LIBMPI_RETURN_IF_ERROR(ReadText(*store, base.Named(Table::kMeta, kMetaTables), &tables));
  if (tables != FoldTablesVersion())
    return OfAnotherRelease("the registry was made with the folding tables " + tables.substr(0, 40) +
                                ", and this program has " + std::string(FoldTablesVersion()),
                            false);
  LIBMPI_RETURN_IF_ERROR(ReadText(*store, base.Named(Table::kMeta, kMetaCipherKey), &key));
  if (key.size() != 32) return absl::DataLossError("the registry's index key is damaged");
  cipher = std::make_unique<BlockCipher>(key);
  LIBMPI_RETURN_IF_ERROR(store->Get(base.Named(Table::kMeta, kMetaCounters), &packed));
  LIBMPI_RETURN_IF_ERROR(Unpack(packed, &counters));
  made = counters;
  stored = std::make_unique<ForeseenView>(store.get(), &stamps);
  LIBMPI_RETURN_IF_ERROR(ReadCount(*store, base.Named(Table::kMeta, kMetaGeneration), &number));
  std::shared_ptr<const Generation> loaded;
  LIBMPI_RETURN_IF_ERROR(LoadGeneration(static_cast<uint16_t>(number), &loaded));
  SetGeneration(std::move(loaded));
  return absl::OkStatus();
}

Registry::Registry(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Registry::~Registry() = default;

absl::StatusOr<std::unique_ptr<Registry>> Registry::Create(const std::string& folder, const Model& model,
                                                           const FrozenOptions& linkage,
                                                           const RegistryOptions& options) {
  LIBMPI_RETURN_IF_ERROR(model.Validate());
  auto rep = std::make_unique<Rep>(options, folder);
  LIBMPI_ASSIGN_OR_RETURN(rep->store, Store::Open(folder, StoreOptionsOf(options, true)));
  const std::string format_key = rep->base.Named(Table::kMeta, kMetaFormat);
  std::string bytes;
  if (rep->store->Get(format_key, &bytes).ok())
    return absl::FailedPreconditionError("the folder holds a registry already: open it");
  std::string key(32, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), 32) != 1)
    return absl::InternalError("the system gives no random numbers");
  constexpr uint16_t kFirst = 1;
  StoreBatch batch;
  const auto put = [&](std::string_view name, std::string value) {
    batch.Put(rep->base.Named(Table::kMeta, name), value);
  };
  put(kMetaFormat, PackNumber(kRegistryFormat));
  put(kMetaTables, PackText(FoldTablesVersion()));
  put(kMetaCipherKey, PackText(key));
  put(kMetaGeneration, PackNumber(kFirst));
  for (auto& [name, value] : MetaRowsOf(kFirst, model, linkage)) put(name, std::move(value));
  put(kMetaCounters, Pack(Counters()));
  LIBMPI_RETURN_IF_ERROR(rep->store->Commit(batch));
  LIBMPI_RETURN_IF_ERROR(rep->LoadMeta());
  return std::unique_ptr<Registry>(new Registry(std::move(rep)));
}

absl::StatusOr<std::unique_ptr<Registry>> Registry::Open(const std::string& folder, const RegistryOptions& options) {
  auto rep = std::make_unique<Rep>(options, folder);
  LIBMPI_ASSIGN_OR_RETURN(rep->store, Store::Open(folder, StoreOptionsOf(options, false)));
  LIBMPI_RETURN_IF_ERROR(rep->LoadMeta());
  if (!options.read_only) {
    // Where there is no room for it now, the next opening will.
    const absl::Status finished = FinishSwitch(rep.get(), nullptr);
    if (!finished.ok() && !absl::IsUnavailable(finished)) return finished;
  }
  return std::unique_ptr<Registry>(new Registry(std::move(rep)));
}

std::shared_ptr<const FrozenModel> Registry::model() const { return rep_->generation()->model; }

absl::StatusOr<Registry::Stats> Registry::GetStats() const {
  const Store::Stats store = rep_->store->stats();
  const std::lock_guard lock(rep_->write_mutex);
  const Counters& c = rep_->counters;
  const std::shared_ptr<const Generation> with = rep_->generation();
  return Stats{c.live, c.persons, c.next_event - 1, c.held, store.file_bytes, store.memory_bytes,
               with->keys.generation(), with->rules == kLinkageRules, store.writable};
}

absl::Status Registry::Warm() const {
  // A few at a time: who closes the store, or opens it anew after a broken disk, waits for readers.
  constexpr size_t kRowsAtOnce = 10'000;
  // What no longer fits would only take the place of what was read before.
  uint64_t room = rep_->options.cache_bytes;
  const std::shared_ptr<const Generation> with = rep_->generation();
  for (Table table : {Table::kSlot, Table::kContent, Table::kState, Table::kPerson}) {
    std::string from = with->keys.Prefix(table);
    while (!from.empty()) {
      size_t rows = 0;
      std::string next;
      LIBMPI_RETURN_IF_ERROR(rep_->store->Scan(from, with->keys.End(table), nullptr,
                                               [&](std::string_view key, std::string_view value) {
                                                 room -= std::min<uint64_t>(room, key.size() + value.size());
                                                 if (++rows == kRowsAtOnce) next = std::string(key) + '\0';
                                                 return room > 0 && next.empty();
                                               }));
      if (room == 0) return absl::OkStatus();
      from = std::move(next);
    }
  }
  return absl::OkStatus();
}

absl::Status Registry::Compact() { return rep_->store->Compact(); }
absl::Status Registry::Backup(const std::string& folder) { return rep_->store->Backup(folder); }
absl::Status Registry::Restore(const std::string& backup, const std::string& folder) {
  return Store::Restore(backup, folder);
}
absl::Status Registry::Recover() {
  std::shared_ptr<const Generation> serving;
  const auto recover = [&](const Writing& w) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(rep_->store->Recover());
    // The commit that failed may be there after all, that of a switch to another model too.
    std::string packed;
    LIBMPI_RETURN_IF_ERROR(rep_->store->Get(rep_->base.Named(Table::kMeta, kMetaCounters), &packed));
    LIBMPI_RETURN_IF_ERROR(Unpack(packed, w.counters));
    uint64_t number;
    LIBMPI_RETURN_IF_ERROR(ReadCount(*rep_->store, rep_->base.Named(Table::kMeta, kMetaGeneration), &number));
    if (number == rep_->generation()->keys.generation()) return absl::OkStatus();
    return rep_->LoadGeneration(static_cast<uint16_t>(number), &serving);
  };
  LIBMPI_RETURN_IF_ERROR(rep_->WriteAlone(recover, [&] {
    if (serving != nullptr) rep_->SetGeneration(serving);
  }));
  const std::unique_lock alone(rep_->relink_mutex, std::try_to_lock);
  return alone.owns_lock() ? FinishSwitch(rep_.get(), nullptr) : absl::OkStatus();  // else who links anew does
}
absl::Status Registry::Close() {
  rep_->syncer->Stop();
  return rep_->store->Close();
}

}  // namespace libmpi
