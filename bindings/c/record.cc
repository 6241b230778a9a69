// SPDX-License-Identifier: Apache-2.0
#include "bindings/c/record.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <span>
#include <string_view>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/record_json.h"
#include "libmpi/exchange/row_record.h"
#include "nlohmann/json.hpp"

using libmpi::c::Call;
using libmpi::c::Made;
using libmpi::c::MakeHandle;
using libmpi::c::Need;
using libmpi::c::New;
using libmpi::c::TextIn;

// The numbers of nayose.h are those of fields.
static_assert(static_cast<int>(libmpi::Field::kName) == LIBMPI_FIELD_NAME);
static_assert(static_cast<int>(libmpi::Field::kFormerName) == LIBMPI_FIELD_FORMER_NAME);
static_assert(static_cast<int>(libmpi::Field::kBranch) == LIBMPI_FIELD_BRANCH);
static_assert(static_cast<int>(libmpi::Field::kPostalCode) == LIBMPI_FIELD_POSTAL_CODE);
static_assert(static_cast<int>(libmpi::Field::kPhone) == LIBMPI_FIELD_PHONE);

namespace {
// Facilities say less of a patient; more would be kept by whoever keeps records.
constexpr size_t kMostValues = 10000;
}  // namespace

template <typename Statement>
void libmpi_record::Say(std::string Statement::*part, std::string text, std::vector<Statement>* list, size_t* begun) {
  if (*begun == kNone || !((*list)[*begun].*part).empty()) {
    *begun = list->size();
    list->emplace_back();
  }
  (*list)[*begun].*part = std::move(text);
}

void libmpi_record::Add(libmpi::Field field, std::string text) {
  using libmpi::Field;
  const auto name = [&](std::string libmpi::StatedName::*part) {
    Say(part, std::move(text), &record.names, &row_.name);
  };
  const auto coverage = [&](std::string libmpi::StatedCoverage::*part) {
    Say(part, std::move(text), &record.coverages, &row_.coverage);
  };
  const auto care = [&](std::string libmpi::StatedCareInsurance::*part) {
    Say(part, std::move(text), &record.care, &row_.care);
  };
  const auto address = [&](std::string libmpi::StatedAddress::*part) {
    Say(part, std::move(text), &record.addresses, &row_.address);
  };
  ++values;
  switch (field) {
    case Field::kName: return name(&libmpi::StatedName::full);
    case Field::kFamily: return name(&libmpi::StatedName::family);
    case Field::kGiven: return name(&libmpi::StatedName::given);
    case Field::kKana: return name(&libmpi::StatedName::full_kana);
    case Field::kFamilyKana: return name(&libmpi::StatedName::family_kana);
    case Field::kGivenKana: return name(&libmpi::StatedName::given_kana);
    case Field::kLatin: return name(&libmpi::StatedName::latin);
    case Field::kFormerName: record.former_names.push_back(std::move(text)); return;
    case Field::kBirth: record.births.push_back(std::move(text)); return;
    case Field::kSex: record.sexes.push_back(std::move(text)); return;
    case Field::kInsurer: return coverage(&libmpi::StatedCoverage::insurer);
    case Field::kSymbol: return coverage(&libmpi::StatedCoverage::symbol);
    case Field::kNumber: return coverage(&libmpi::StatedCoverage::number);
    case Field::kBranch: return coverage(&libmpi::StatedCoverage::branch);
    case Field::kCareInsurer: return care(&libmpi::StatedCareInsurance::insurer);
    case Field::kCareNumber: return care(&libmpi::StatedCareInsurance::number);
    case Field::kPostalCode: return address(&libmpi::StatedAddress::postal_code);
    case Field::kPrefecture: return address(&libmpi::StatedAddress::prefecture);
    case Field::kCity: return address(&libmpi::StatedAddress::city);
    case Field::kStreet: return address(&libmpi::StatedAddress::street);
    case Field::kAddress: return address(&libmpi::StatedAddress::full);
    case Field::kPhone:
    case Field::kPhone2: record.phones.push_back(std::move(text)); return;
    case Field::kNone:
    case Field::kRecordId:
    case Field::kSource:
    case Field::kMyNumber: return;  // the caller has refused them
  }
}

namespace libmpi::c {

absl::StatusOr<RecordArray> RecordsIn(const libmpi_record* const* records, size_t count) {
  if (records == nullptr && count > 0) return absl::InvalidArgumentError("records is NULL");
  // Linkage numbers records with 32 bits.
  if (count >= UINT32_MAX) return absl::InvalidArgumentError("there are more records than 4,294,967,294");
  const RecordArray all(records, count);
  for (const libmpi_record* record : all) LIBMPI_RETURN_IF_ERROR(Need(record, "one of records"));
  return all;
}

std::vector<uint32_t> KeyOrder(RecordArray records, size_t new_count) {
  std::vector<uint32_t> order(records.size());
  std::iota(order.begin(), order.end(), 0u);
  const auto by_key = [&](uint32_t x, uint32_t y) { return records[x]->record.key < records[y]->record.key; };
  std::stable_sort(order.begin(), order.begin() + new_count, by_key);
  std::stable_sort(order.begin() + new_count, order.end(), by_key);
  return order;
}

RecordReader ReaderOf(RecordArray records, std::span<const uint32_t> order) {
  return [records, order](size_t i, RecordView* view) {
    view->Assign(records[order[i]]->record);
    view->Normalize();
  };
}

}  // namespace libmpi::c

libmpi_code libmpi_identifier_new(libmpi_identifier** identifier_out, const char* source, size_t source_size,
                                  const char* value, size_t value_size, uint16_t part, libmpi_error** error) {
  return MakeHandle(identifier_out, error, [&]() -> Made<libmpi_identifier> {
    libmpi::RecordKey key;
    LIBMPI_ASSIGN_OR_RETURN(key.source, TextIn(source, source_size, "source"));
    LIBMPI_ASSIGN_OR_RETURN(key.record_id, TextIn(value, value_size, "value"));
    key.part = part;
    return New<libmpi_identifier>(std::move(key));
  });
}

void libmpi_identifier_free(libmpi_identifier** identifier) { libmpi::c::Free(identifier); }

libmpi_code libmpi_attribution_new(libmpi_attribution** attribution_out, const char* actor, size_t actor_size,
                                   const char* reason, size_t reason_size, libmpi_error** error) {
  return MakeHandle(attribution_out, error, [&]() -> Made<libmpi_attribution> {
    libmpi::Attribution by;
    LIBMPI_ASSIGN_OR_RETURN(by.actor, TextIn(actor, actor_size, "actor"));
    LIBMPI_ASSIGN_OR_RETURN(by.reason, TextIn(reason, reason_size, "reason"));
    return New<libmpi_attribution>(std::move(by));
  });
}

void libmpi_attribution_free(libmpi_attribution** attribution) { libmpi::c::Free(attribution); }

libmpi_code libmpi_record_new(libmpi_record** record_out, const libmpi_identifier* identifier, libmpi_error** error) {
  return MakeHandle(record_out, error, [&]() -> Made<libmpi_record> {
    if (identifier != nullptr) LIBMPI_RETURN_IF_ERROR(Need(identifier, "identifier"));
    auto record = std::make_unique<libmpi_record>();
    if (identifier != nullptr) record->record.key = identifier->key;
    return record;
  });
}

libmpi_code libmpi_record_add(libmpi_record* record, libmpi_field field, const char* text, size_t size,
                              libmpi_error** error) {
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(record, "record"));
    if (field < LIBMPI_FIELD_NAME || field > LIBMPI_FIELD_PHONE)
      return absl::InvalidArgumentError("field is no field of a record");
    LIBMPI_ASSIGN_OR_RETURN(std::string said, TextIn(text, size, libmpi::FieldName(static_cast<libmpi::Field>(field))));
    const std::string_view value = libmpi::TrimSpaces(said);
    if (value.empty()) return absl::OkStatus();
    if (value.size() < said.size()) said = std::string(value);
    if (record->values >= kMostValues) return absl::InvalidArgumentError("the record has 10,000 values");
    record->Add(static_cast<libmpi::Field>(field), std::move(said));
    return absl::OkStatus();
  });
}

libmpi_code libmpi_record_next_row(libmpi_record* record, libmpi_error** error) {
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(record, "record"));
    record->NextRow();
    return absl::OkStatus();
  });
}

libmpi_code libmpi_record_from_json(libmpi_record** record_out, const char* json, size_t size, libmpi_error** error) {
  return MakeHandle(record_out, error, [&]() -> Made<libmpi_record> {
    LIBMPI_ASSIGN_OR_RETURN(const std::string text, TextIn(json, size, "json"));
    const nlohmann::json parsed = nlohmann::json::parse(text, nullptr, false);
    if (parsed.is_discarded()) return absl::InvalidArgumentError("json is no JSON");
    auto record = std::make_unique<libmpi_record>();
    LIBMPI_ASSIGN_OR_RETURN(record->record, libmpi::RecordOfJson(parsed));
    return record;
  });
}

void libmpi_record_free(libmpi_record** record) { libmpi::c::Free(record); }
