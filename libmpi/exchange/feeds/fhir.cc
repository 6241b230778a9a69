// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/fhir.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/exchange/feeds/feed_lines.h"
#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/exchange/feeds/fhir_json.h"
#include "libmpi/exchange/feeds/fhir_values.h"
#include "libmpi/exchange/my_number.h"

namespace libmpi {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::string_view kInstitutionSystem = "http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no";
// Coverages in lines before their patients' wait for these, as long as they are few.
constexpr size_t kMostWaiting = 4096;
constexpr size_t kDeepestBundle = 8;

// Whether a line is an object or a list that begins and ends in it.
bool IsWhole(std::string_view line) {
  line = WithoutBlanks(line);
  if (line.empty() || (line[0] != '{' && line[0] != '[')) return false;
  size_t depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return i + 1 == line.size();
    }
  }
  return false;
}

// "http://server/fhir/Patient/12/_history/3" and "Patient/12" to "12"; empty: it is no Patient's.
std::string_view IdOfReference(std::string_view reference, std::string_view type) {
  const size_t at = reference.rfind(std::string(type) + "/");
  if (at == std::string_view::npos || (at > 0 && reference[at - 1] != '/')) return "";
  const std::string_view rest = reference.substr(at + type.size() + 1);
  return rest.substr(0, rest.find_first_of("/?#|"));
}

// %7C and the like, of URLs.
std::string PercentDecoded(std::string_view text) {
  const auto digit = [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) ? c - '0' : (c | 0x20) - 'a' + 10;
  };
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool coded = text[i] == '%' && i + 2 < text.size() &&
                       std::isxdigit(static_cast<unsigned char>(text[i + 1])) &&
                       std::isxdigit(static_cast<unsigned char>(text[i + 2]));
    out += coded ? static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])) : text[i];
    if (coded) i += 2;
  }
  return out;
}

// What "Patient?identifier=system|value" names.
std::optional<FhirIdentifier> IdentifierOfUrl(std::string_view url) {
  constexpr std::string_view kName = "identifier=";
  const size_t question = url.find('?');
  if (question == std::string_view::npos) return std::nullopt;
  for (std::string_view rest = url.substr(question + 1); !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    if (!part.starts_with(kName)) continue;
    const std::string said = PercentDecoded(part.substr(kName.size()));
    const size_t bar = said.find('|');
    FhirIdentifier out;
    out.system = FhirText(std::string_view(said).substr(0, bar == std::string::npos ? 0 : bar));
    out.value = FhirText(std::string_view(said).substr(bar == std::string::npos ? 0 : bar + 1));
    return out;
  }
  return std::nullopt;
}

bool IsLinesPath(std::string_view path) { return path.ends_with(".ndjson") || path.ends_with(".jsonl"); }

// Files of bulk exports are named after what is in them, which is nobody's name.
std::string SourceOfPath(std::string_view path) {
  std::string stem = FileStem(path);
  for (const std::string_view type : {"Patient", "Coverage", "Bundle"})
    if (stem.starts_with(type)) return "fhir";
  return stem;
}

// Who is who, by "Patient/id" and "Organization/id" and by the URLs that a Bundle gives them.
struct Known {
  absl::flat_hash_map<std::string, RecordKey> patients;
  absl::flat_hash_map<std::string, std::string> insurers;
  size_t bytes = 0;

  const RecordKey* Patient(std::string_view reference) const {
    auto found = patients.find(std::string(reference));
    if (found == patients.end()) found = patients.find("Patient/" + std::string(IdOfReference(reference, "Patient")));
    return found == patients.end() ? nullptr : &found->second;
  }
  const std::string* Insurer(std::string_view reference) const {
    auto found = insurers.find(std::string(reference));
    if (found == insurers.end())
      found = insurers.find("Organization/" + std::string(IdOfReference(reference, "Organization")));
    return found == insurers.end() ? nullptr : &found->second;
  }
};

// A Bundle while it is read.
struct BundlePatients {
  std::vector<FeedRecord> records;
  absl::flat_hash_map<std::string, size_t> by_reference;

  FeedRecord* Find(std::string_view reference) {
    auto found = by_reference.find(std::string(reference));
    if (found == by_reference.end())
      found = by_reference.find("Patient/" + std::string(IdOfReference(reference, "Patient")));
    return found == by_reference.end() ? nullptr : &records[found->second];
  }
};

struct Waiting {
  uint64_t line;
  FhirReference beneficiary;
  Record record;  // the coverage, under no key yet
};

class FhirParser final : public FeedParser {
 public:
  FhirParser(const FeedOptions& options, FeedSink* sink)
      : options_(options),
        sink_(*sink),
        lines_(options.max_document_bytes),
        text_(options),
        of_path_(SourceOfPath(options.path)),
        is_lines_(IsLinesPath(options.path)) {}

  absl::Status Take(std::string_view bytes) override {
    lines_.Take(
        bytes, [this](uint64_t number, std::string_view line) { TakeLine(number, line); },
        [this](uint64_t number) { TakeLargeLine(number); });
    return absl::OkStatus();
  }

  absl::Status End() override {
    lines_.End([this](uint64_t number, std::string_view line) { TakeLine(number, line); });
    const absl::Status status = EndDocument();
    ReleaseWaiting();
    if (!status.ok()) return status;
    if (resources_ == 0 && !too_large_ && any_) return absl::InvalidArgumentError("no FHIR resource is in it");
    return absl::OkStatus();
  }

  std::string_view encoding() const override { return text_.encoding(); }
  uint64_t malformed_characters() const override { return text_.malformed_characters(); }

 private:
  // ---- Lines, and documents of many lines.

  void TakeLine(uint64_t number, std::string_view line) {
    if (number == 1 && line.starts_with(kBom)) line.remove_prefix(kBom.size());
    if (is_document_) return AppendToDocument(line);
    if (WithoutBlanks(line).empty()) return;
    if (is_lines_) return TakeJsonLine(number, line);
    if (!std::exchange(any_, true)) {
      // The first line waits: where it is all, it is a document.
      first_line_ = number;
      is_document_ = !IsWhole(line);
      return AppendToDocument(line);
    }
    BecomeLines();
    TakeJsonLine(number, line);
  }

  void BecomeLines() {
    is_lines_ = true;
    const std::string first = std::exchange(document_, {});
    if (!first.empty()) TakeJsonLine(first_line_, first);
  }

  void TakeLargeLine(uint64_t number) {
    if (is_document_) return RefuseDocument();
    BecomeLines();
    too_large_ = true;
    sink_.Refuse({number, "", "the line is larger than a document may be"});
  }

  void AppendToDocument(std::string_view line) {
    if (too_large_) return;
    if (document_.size() + line.size() > options_.max_document_bytes) return RefuseDocument();
    document_.append(line);
    document_ += '\n';
  }

  void RefuseDocument() {
    if (std::exchange(too_large_, true)) return;
    std::string().swap(document_);
    sink_.Refuse({first_line_, "", "the document is larger than a document may be"});
  }

  absl::Status EndDocument() {
    if (is_lines_ || document_.empty()) return absl::OkStatus();
    element root;
    const std::string document = std::exchange(document_, {});
    if (Parse(document, &root)) {
      TakeDocument(root);
      return absl::OkStatus();
    }
    // A bulk file whose first line is broken is none the less one.
    if (TakeWholeLines(document)) return absl::OkStatus();
    return absl::InvalidArgumentError("it is no JSON");
  }

  // From the first line on that is a resource.
  bool TakeWholeLines(std::string_view document) {
    bool any = false;
    uint64_t number = first_line_;
    for (size_t begin = 0; begin < document.size(); ++number) {
      const std::string_view line = document.substr(begin, document.find('\n', begin) - begin);
      begin += line.size() + 1;
      if (WithoutBlanks(line).empty() || (!any && !IsResource(line))) continue;
      if (!any) sink_.Refuse({first_line_, "", "lines before this file's first whole one are no JSON"});
      any = true;
      TakeJsonLine(number, line);
    }
    return any;
  }

  bool IsResource(std::string_view line) {
    element root;
    object resource;
    return line.starts_with('{') && IsWhole(line) && Parse(line, &root) && IsFhirObject(root, &resource) &&
           !FhirString(resource, "resourceType").empty();
  }

  bool Parse(std::string_view bytes, element* root) {
    any_ = true;
    text_.Begin(bytes);
    if (options_.encoding.empty() || text_.encoding() == "UTF-8") {
      const simdjson::error_code error = parser_.parse(bytes.data(), bytes.size(), true).get(*root);
      if (error != simdjson::UTF8_ERROR) return error == simdjson::SUCCESS;
    }
    const std::string decoded = text_.Whole(bytes);
    return parser_.parse(decoded.data(), decoded.size(), true).get(*root) == simdjson::SUCCESS;
  }

  void TakeJsonLine(uint64_t number, std::string_view line) {
    element root;
    object resource;
    if (!Parse(line, &root) || !IsFhirObject(root, &resource))
      return sink_.Refuse({number, "", "the line is no JSON object"});
    line_ = number;
    counts_entries_ = false;
    TakeResource(resource);
  }

  void TakeDocument(element root) {
    line_ = 0;
    counts_entries_ = true;
    object resource;
    array list;
    if (IsFhirObject(root, &resource)) {
      if (FhirString(resource, "resourceType") != "Bundle") ++line_;
      return TakeResource(resource);
    }
    if (root.get(list) != simdjson::SUCCESS) return;
    for (const element each : list) {
      ++line_;
      if (IsFhirObject(each, &resource)) TakeResource(resource);
    }
  }

  // ---- Resources that stand alone.

  void TakeResource(object resource) {
    const std::string_view type = FhirString(resource, "resourceType");
    if (type.empty()) return sink_.Refuse({line_, "", "the object is no FHIR resource"});
    ++resources_;
    if (type == "Bundle") return TakeBundle(resource, 1);
    if (type == "Organization") return LearnInsurer(resource, "", &known_);
    if (type == "Coverage") return TakeCoverage(ReadFhirCoverage(resource), line_, nullptr);
    if (type != "Patient") return;
    std::optional<FeedRecord> record = RecordOf(ReadFhirPatient(resource), line_);
    if (!record) return;
    if (!counts_entries_) LearnPatient(FhirString(resource, "id"), record->record.key);
    Emit(*std::move(record));
  }

  void LearnPatient(std::string_view id, const RecordKey& key) {
    const size_t bytes = id.size() + key.source.size() + key.record_id.size() + 64;
    if (id.empty() || known_.bytes + bytes > options_.max_document_bytes) return;
    known_.bytes += bytes;
    known_.patients.insert_or_assign("Patient/" + std::string(id), key);
  }

  void LearnInsurer(object organization, std::string_view full_url, Known* known) {
    std::string number = ReadFhirInsurer(organization);
    const std::string_view id = FhirString(organization, "id");
    if (number.empty() || known->bytes > options_.max_document_bytes) return;
    known->bytes += 2 * number.size() + id.size() + full_url.size() + 64;
    if (!full_url.empty()) known->insurers.insert_or_assign(std::string(full_url), number);
    if (!id.empty()) known->insurers.insert_or_assign("Organization/" + std::string(id), std::move(number));
  }

  void Emit(FeedRecord&& record) {
    record.record.Normalize();
    sink_.Take(std::move(record));
  }

  void Note(uint64_t line, std::string_view field, std::string_view reason) {
    sink_.Note({line, std::string(field), std::string(reason)});
  }

  // ---- Patients.

  // Nothing: refused.
  std::optional<FeedRecord> RecordOf(FhirPatient&& patient, uint64_t line) {
    FeedRecord out;
    out.line = line;
    if (!KeyOf(patient, line, &out.record.key)) return std::nullopt;
    out.withdrawn = patient.inactive || patient.replaced;
    if (out.withdrawn) {
      Note(line, "record_id",
           patient.replaced ? "another patient replaces this one: it is withdrawn"
                            : "the patient is not active: it is withdrawn");
      return out;
    }
    AddFhirPatient(
        std::move(patient), [&](std::string_view field, std::string_view reason) { Note(line, field, reason); },
        &out.record);
    return out;
  }

  bool KeyOf(const FhirPatient& patient, uint64_t line, RecordKey* key) {
    for (const FhirIdentifier& identifier : patient.identifiers)
      if (IsFhirMyNumber(identifier)) Note(line, "my_number", "an identifier is a My Number, and is left out");
    const FhirIdentifier* const best = FhirKeyOf(patient.identifiers, options_.source);
    if (best == nullptr && patient.id.empty()) {
      sink_.Refuse({line, "record_id", "the patient has neither an identifier nor an id"});
      return false;
    }
    if (best == nullptr) {
      Note(line, "record_id", "the patient has no identifier: the resource's id stands for it");
      *key = {SourceOf("", patient), patient.id};
      return true;
    }
    *key = {SourceOf(best->system, patient), best->value};
    if (FhirInstitutionsOf(patient.identifiers) > 1)
      Note(line, "record_id", "the patient has numbers of several institutions: one is taken");
    if (IsMyNumber(best->value)) Note(line, "record_id", "the number looks like a My Number");
    return true;
  }

  std::string SourceOf(std::string_view system, const FhirPatient& patient) const {
    if (!system.empty()) return FhirSourceOf(system);
    if (!options_.source.empty()) return options_.source;
    const FhirIdentifier& organization = patient.managing_organization;
    return organization.system == kInstitutionSystem && !organization.value.empty() ? organization.value : of_path_;
  }

  // ---- Coverages.

  // `bundle`: whose patients may be meant.
  void TakeCoverage(FhirCoverage&& coverage, uint64_t line, BundlePatients* bundle) {
    FindInsurer(&coverage, known_);
    FeedRecord* const inside = bundle == nullptr ? nullptr : bundle->Find(coverage.beneficiary.reference);
    FeedRecord alone;
    alone.line = line;
    Record* const record = inside == nullptr ? &alone.record : &inside->record;
    if (inside != nullptr && inside->withdrawn) return;
    AddFhirCoverage(
        coverage, [&](std::string_view field, std::string_view reason) { Note(line, field, reason); }, record);
    if (inside != nullptr || (record->coverages.empty() && record->care.empty())) return;
    if (coverage.contained_patient) return TakeContained(std::move(coverage), std::move(alone));
    Waiting waiting{line, std::move(coverage.beneficiary), std::move(alone.record)};
    if (TakeKnown(&waiting)) return;
    waiting_.push_back(std::move(waiting));
    if (!holds_ || counts_entries_ || waiting_.size() >= kMostWaiting) ReleaseWaiting();
  }

  static void FindInsurer(FhirCoverage* coverage, const Known& known) {
    for (const FhirReference& payor : coverage->payors) {
      if (!coverage->insurer.empty()) return;
      if (const std::string* const insurer = known.Insurer(payor.reference)) coverage->insurer = *insurer;
    }
  }

  void TakeContained(FhirCoverage&& coverage, FeedRecord&& alone) {
    std::optional<FeedRecord> patient = RecordOf(*std::move(coverage.contained_patient), alone.line);
    if (!patient) return;
    Record& to = patient->record;
    if (!patient->withdrawn) {
      std::ranges::move(alone.record.coverages, std::back_inserter(to.coverages));
      std::ranges::move(alone.record.care, std::back_inserter(to.care));
    }
    Emit(*std::move(patient));
  }

  // Under a key that is known; false: none is yet.
  bool TakeKnown(Waiting* waiting) {
    FhirPatient nobody;
    nobody.identifiers = {waiting->beneficiary.identifier};
    const RecordKey* const known = known_.Patient(waiting->beneficiary.reference);
    if (known != nullptr) {
      waiting->record.key = *known;
    } else if (FhirKeyOf(nobody.identifiers, "") == nullptr || !KeyOf(nobody, waiting->line, &waiting->record.key)) {
      return false;
    }
    Emit({std::move(waiting->record), waiting->line, false});
    return true;
  }

  // Those whose patients did not come.
  void ReleaseWaiting() {
    holds_ = holds_ && waiting_.size() < kMostWaiting;
    for (Waiting& waiting : std::exchange(waiting_, {})) {
      if (TakeKnown(&waiting)) continue;
      const std::string_view id = IdOfReference(waiting.beneficiary.reference, "Patient");
      if (id.empty()) {
        sink_.Refuse({waiting.line, "record_id", "whose coverage it is is not in the file"});
        continue;
      }
      if (!std::exchange(noted_absent_, true))
        Note(waiting.line, "record_id",
             "patients of coverages are not in the file: their resources' ids stand for them");
      waiting.record.key = {SourceOf("", {}), FhirText(id)};
      Emit({std::move(waiting.record), waiting.line, false});
    }
  }

  // ---- Bundles.

  void TakeBundle(object resource, size_t depth) {
    BundlePatients patients;
    Known of_bundle;
    std::vector<std::pair<uint64_t, object>> coverages;
    ForEachFhirObject(resource, "entry", SIZE_MAX, [&](object entry) {
      if (counts_entries_) ++line_;
      TakeEntry(entry, depth, &patients, &of_bundle, &coverages);
    });
    for (const auto& [line, coverage] : coverages) {
      FhirCoverage read = ReadFhirCoverage(coverage);
      FindInsurer(&read, of_bundle);
      TakeCoverage(std::move(read), line, &patients);
    }
    for (FeedRecord& record : patients.records) Emit(std::move(record));
  }

  void TakeEntry(object entry, size_t depth, BundlePatients* patients, Known* of_bundle,
                 std::vector<std::pair<uint64_t, object>>* coverages) {
    object request, resource;
    const bool has_resource = FhirMember(entry, "resource", &resource);
    if (FhirMember(entry, "request", &request) && FhirString(request, "method") == "DELETE")
      return TakeDeletion(FhirString(request, "url"), patients);
    if (!has_resource) return;
    const std::string_view type = FhirString(resource, "resourceType");
    resources_ += type.empty() ? 0 : 1;
    if (type == "Bundle" && depth < kDeepestBundle) {
      TakeBundle(resource, depth + 1);
    } else if (type == "Organization") {
      LearnInsurer(resource, FhirString(entry, "fullUrl"), of_bundle);
    } else if (type == "Coverage") {
      coverages->emplace_back(line_, resource);
    } else if (type == "Patient") {
      AddToBundle(resource, FhirString(entry, "fullUrl"), patients);
    }
  }

  void AddToBundle(object resource, std::string_view full_url, BundlePatients* patients) {
    std::optional<FeedRecord> record = RecordOf(ReadFhirPatient(resource), line_);
    if (!record) return;
    const size_t index = patients->records.size();
    const std::string_view id = FhirString(resource, "id");
    if (!full_url.empty()) patients->by_reference.insert_or_assign(std::string(full_url), index);
    if (!id.empty()) patients->by_reference.insert_or_assign("Patient/" + std::string(id), index);
    if (!counts_entries_) LearnPatient(id, record->record.key);
    patients->records.push_back(*std::move(record));
  }

  void TakeDeletion(std::string_view url, BundlePatients* patients) {
    FeedRecord record;
    record.line = line_;
    record.withdrawn = true;
    const std::string_view path = url.substr(0, url.find('?'));
    if (path != "Patient" && !path.ends_with("/Patient") && IdOfReference(path, "Patient").empty()) return;
    ++resources_;
    if (const std::optional<FhirIdentifier> identifier = IdentifierOfUrl(url)) {
      FhirPatient named;
      named.identifiers = {*identifier};
      if (!KeyOf(named, line_, &record.record.key)) return;
    } else {
      const std::string_view id = IdOfReference(path, "Patient");
      if (id.empty()) return sink_.Refuse({line_, "record_id", "which patient is to be deleted is not said"});
      const FeedRecord* const inside = patients->Find(path);
      const RecordKey* const known = inside == nullptr ? known_.Patient(path) : &inside->record.key;
      if (known == nullptr) {
        Note(line_, "record_id", "the patient to be deleted is not in the file: the resource's id stands for it");
        record.record.key = {SourceOf("", {}), FhirText(id)};
      } else {
        record.record.key = *known;
      }
    }
    patients->records.push_back(std::move(record));
  }

  const FeedOptions options_;
  FeedSink& sink_;
  FeedLines lines_;
  FeedText text_;
  simdjson::dom::parser parser_;
  const std::string of_path_;
  bool is_lines_, is_document_ = false, any_ = false, too_large_ = false;
  std::string document_;  // or the first line, while it may be all
  uint64_t first_line_ = 1;
  uint64_t line_ = 0;            // of what is read
  bool counts_entries_ = false;  // line_ is which entry
  uint64_t resources_ = 0;
  Known known_;  // of lines
  std::vector<Waiting> waiting_;
  bool holds_ = true, noted_absent_ = false;
};

}  // namespace

std::unique_ptr<FeedParser> NewFhirParser(const FeedOptions& options, FeedSink* sink) {
  return std::make_unique<FhirParser>(options, sink);
}

}  // namespace libmpi
