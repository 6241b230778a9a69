// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/dicom_writer.h"

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/exchange/feeds/dicom_pn.h"
#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/exchange/hl7v2/pid_record.h"
#include "libmpi/record/sex.h"
#include "libmpi/text/charset.h"

namespace libmpi {
namespace {

// Lengths of values: LO and SH of part 5.
constexpr size_t kLongString = 64, kShortString = 16;

// Under the arc for UUIDs: nobody else has them.
constexpr std::string_view kWorklistClass = "1.2.840.10008.5.1.4.31";
constexpr std::string_view kExplicitLittleEndian = "1.2.840.10008.1.2.1";
constexpr std::string_view kImplementation = "2.25.151237189734109823471983471";

// What is written of a record, in UTF-8.
struct Patient {
  std::string name, id, birth, sex, other_names, birth_name, address, phones;
  std::string All() const { return name + id + other_names + birth_name + address + phones; }
};

std::string SexOf(const Record& record) {
  std::vector<Finding> ignored;
  for (const std::string& sex : record.sexes) {
    const Sex read = ParseSex(sex, &ignored);
    if (read != Sex::kUnknown) return read == Sex::kMale ? "M" : "F";
  }
  return record.sexes.empty() ? "" : "O";
}

std::string BirthOf(const Record& record) {
  for (const std::string& birth : record.births)
    if (std::string date = hl7v2::Hl7DateOf(birth); date.size() == 8) return date;
  return "";
}

std::string AddressOf(const Record& record) {
  if (record.addresses.empty()) return "";
  const StatedAddress& said = record.addresses.front();
  return DicomTextOf(said.full.empty() ? said.prefecture + said.city + said.street : said.full, kLongString);
}

void AddValue(std::string_view value, std::string* list) {
  if (value.empty()) return;
  if (!list->empty()) *list += '\\';
  *list += value;
}

Patient PatientOf(const Record& record) {
  Patient out;
  out.id = DicomTextOf(record.key.record_id, kLongString);
  for (const StatedName& said : record.names) {
    const std::string name = DicomNameOf(said);
    if (out.name.empty())
      out.name = name;
    else
      AddValue(name, &out.other_names);
  }
  out.birth = BirthOf(record);
  out.sex = SexOf(record);
  if (!record.former_names.empty()) out.birth_name = DicomNameOfText(record.former_names.front());
  out.address = AddressOf(record);
  for (const std::string& phone : record.phones) AddValue(DicomTextOf(phone, kShortString), &out.phones);
  return out;
}

void AppendNumber(uint32_t number, size_t bytes, std::string* out) {
  for (size_t i = 0; i < bytes; ++i) *out += static_cast<char>(number >> (8 * i) & 0xFF);
}

// An element of a representation with a short length.
void AppendElement(uint32_t group, uint32_t element, std::string_view representation, std::string_view value,
                   std::string* out) {
  constexpr size_t kMostBytes = 0xFFFE;
  value = value.substr(0, kMostBytes);
  AppendNumber(group, 2, out);
  AppendNumber(element, 2, out);
  *out += representation;
  AppendNumber(static_cast<uint32_t>(value.size() + value.size() % 2), 2, out);
  *out += value;
  if (value.size() % 2 != 0) *out += representation == "UI" ? '\0' : ' ';
}

std::string HeadOf(const std::string& uid) {
  std::string meta;
  AppendNumber(2, 2, &meta);
  AppendNumber(1, 2, &meta);
  meta += "OB";
  AppendNumber(0, 2, &meta);
  AppendNumber(2, 4, &meta);
  meta += std::string_view("\0\1", 2);
  AppendElement(2, 2, "UI", kWorklistClass, &meta);
  AppendElement(2, 3, "UI", uid, &meta);
  AppendElement(2, 0x10, "UI", kExplicitLittleEndian, &meta);
  AppendElement(2, 0x12, "UI", kImplementation, &meta);
  std::string head(128, '\0');
  head += "DICM";
  AppendNumber(2, 2, &head);
  AppendNumber(0, 2, &head);
  head += "UL";
  AppendNumber(4, 2, &head);
  AppendNumber(static_cast<uint32_t>(meta.size()), 4, &head);
  return head + meta;
}

class DicomWriter final : public FeedWriter {
 public:
  explicit DicomWriter(const FeedWriterOptions& options) : options_(options) {
    const auto named = ParseCharset(options.encoding.empty() ? "ISO-2022-JP" : options.encoding);
    charset_ = named.ok() && *named == Charset::kIso2022Jp ? Charset::kIso2022Jp : Charset::kUtf8;
  }

  absl::Status Add(const Record& record) override {
    const Patient patient = PatientOf(record);
    ++files_;
    std::string bytes = HeadOf(UidOf(files_));
    if (charset_ == Charset::kUtf8 || !AppendJapanese(patient, &bytes))
      AppendPatient(patient, "ISO_IR 192", Utf8, &bytes);
    char path[32];
    std::snprintf(path, sizeof path, "%06llu.dcm", static_cast<unsigned long long>(files_));
    return options_.take({path, std::move(bytes)});
  }

  absl::Status End() override { return absl::OkStatus(); }

 private:
  static std::string Utf8(std::string_view text) { return std::string(text); }

  // False: these sets do not have all of its characters.
  bool AppendJapanese(const Patient& patient, std::string* bytes) const {
    for (const bool more : {false, true}) {
      const EncodeOptions encoding{.half_width_kana = false, .jis_x_0212 = more};
      if (EncodeText(patient.All(), Charset::kIso2022Jp, encoding).unencodable > 0) continue;
      const std::string_view sets = more ? "\\ISO 2022 IR 87\\ISO 2022 IR 159" : "\\ISO 2022 IR 87";
      AppendPatient(
          patient, sets, [&](std::string_view text) { return EncodeText(text, Charset::kIso2022Jp, encoding).bytes; },
          bytes);
      return true;
    }
    return false;
  }

  template <typename Encode>
  void AppendPatient(const Patient& patient, std::string_view sets, const Encode& encode, std::string* out) const {
    const auto add = [&](uint32_t group, uint32_t element, std::string_view representation, std::string_view text) {
      if (!text.empty()) AppendElement(group, element, representation, encode(text), out);
    };
    AppendElement(0x0008, 0x0005, "CS", sets, out);
    AppendElement(0x0010, 0x0010, "PN", encode(patient.name), out);
    AppendElement(0x0010, 0x0020, "LO", encode(patient.id), out);
    add(0x0010, 0x0021, "LO", options_.institution);
    AppendElement(0x0010, 0x0030, "DA", patient.birth, out);
    AppendElement(0x0010, 0x0040, "CS", patient.sex, out);
    add(0x0010, 0x1001, "PN", patient.other_names);
    add(0x0010, 0x1005, "PN", patient.birth_name);
    add(0x0010, 0x1040, "LO", patient.address);
    add(0x0010, 0x2154, "SH", patient.phones);
  }

  std::string UidOf(uint64_t file) const { return "2.25.1" + options_.institution + std::to_string(file); }

  const FeedWriterOptions options_;
  Charset charset_;
  uint64_t files_ = 0;
};

}  // namespace

std::unique_ptr<FeedWriter> NewDicomWriter(const FeedWriterOptions& options) {
  return std::make_unique<DicomWriter>(options);
}

Record DicomAsCarried(const Record& said) {
  const Record record = WithUnifiedTexts(said);
  const Patient patient = PatientOf(record);
  Record out;
  out.key = {record.key.source, patient.id};
  AddDicomName(patient.name, &out.names);
  for (const std::string_view name : DicomValues(patient.other_names)) AddDicomName(name, &out.names);
  const auto add = [](std::string text, std::vector<std::string>* list) {
    if (!text.empty()) list->push_back(std::move(text));
  };
  add(DicomFormerName(patient.birth_name), &out.former_names);
  add(patient.birth, &out.births);
  add(patient.sex, &out.sexes);
  for (const std::string_view phone : DicomValues(patient.phones)) add(std::string(phone), &out.phones);
  if (!patient.address.empty()) out.addresses.emplace_back().full = patient.address;
  out.Normalize();
  return out;
}

}  // namespace libmpi
