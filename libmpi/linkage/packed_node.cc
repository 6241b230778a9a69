// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/packed_node.h"

#include <algorithm>

#include "libmpi/base/byte_codec.h"
#include "libmpi/base/status_macros.h"

namespace libmpi {
namespace {

// The same steps write and read: each visits the parts of a value in the one order of the format.
class Writing {
 public:
  Writing(const std::function<std::string_view(TextId)>& text, std::string* out) : text_(text), out_(out) {}
  template <typename T>
  void Number(const T& value) { out_.Number(static_cast<uint64_t>(value)); }
  void Digits(const PackedDigits& digits) { out_.Word(digits.bits()); }
  void Text(const TextId& id) { out_.Text(id == 0 ? std::string_view() : text_(id)); }
  template <typename List, typename Visit>
  void Items(List& list, const Visit& visit) {
    out_.Number(list.size());
    for (auto& item : list) visit(item);
  }

 private:
  const std::function<std::string_view(TextId)>& text_;
  ByteWriter out_;
};

class Reading {
 public:
  Reading(ByteReader* in, TextDictionary* texts) : in_(*in), texts_(*texts) {}
  template <typename T>
  void Number(T& value) { value = static_cast<T>(in_.Number()); }
  void Digits(PackedDigits& digits) { digits = PackedDigits::FromBits(in_.Word()); }
  void Text(TextId& id) { id = texts_.Intern(in_.Text()); }
  template <typename List, typename Visit>
  void Items(List& list, const Visit& visit) {
    list.resize(in_.Length(1));
    for (auto& item : list) visit(item);
  }

 private:
  ByteReader& in_;
  TextDictionary& texts_;
};

// `Name` and so on: const or not, as it is written or read.
template <typename To, typename Name>
void VisitName(To* to, Name& name) {
  for (auto* part : {&name.family_kanji, &name.given_kanji, &name.family_kana, &name.given_kana, &name.family_latin,
                     &name.given_latin})
    to->Text(*part);
}
template <typename To, typename Coverage>
void VisitCoverage(To* to, Coverage& c) {
  to->Digits(c.number);
  to->Digits(c.number_without_branch);
  to->Number(c.insurer);
  to->Number(c.symbol);
  to->Number(c.branch);
  to->Number(c.kind);
}
template <typename To, typename Address>
void VisitAddress(To* to, Address& a) {
  to->Digits(a.numbers);
  to->Text(a.city);
  to->Text(a.town);
  to->Number(a.postal_code);
  to->Number(a.prefecture);
}
template <typename To, typename Phone>
void VisitPhone(To* to, Phone& p) {
  to->Digits(p.digits);
  to->Number(p.kind);
}
template <typename To, typename Care>
void VisitCare(To* to, Care& c) {
  to->Digits(c.number);
  to->Number(c.insurer);
}

template <typename To, typename Node, typename More>
void VisitNode(To* to, Node& record, More& more) {
  VisitName(to, record.name);
  VisitCoverage(to, record.coverage);
  VisitAddress(to, record.address);
  VisitPhone(to, record.phone);
  VisitCare(to, record.care);
  to->Number(record.content_hash);
  to->Number(record.birth);
  to->Number(record.kanji_bag);
  to->Number(record.kana_bag);
  to->Number(record.given_initial);
  to->Number(record.sex);
  to->Number(record.test_patient);
  to->Number(record.possible_overlay);
  to->Items(more.names, [to](auto& name) { VisitName(to, name); });
  to->Items(more.coverages, [to](auto& coverage) { VisitCoverage(to, coverage); });
  to->Items(more.addresses, [to](auto& address) { VisitAddress(to, address); });
  to->Items(more.phones, [to](auto& phone) { VisitPhone(to, phone); });
  to->Items(more.births, [to](auto& birth) { to->Number(birth); });
  to->Items(more.care, [to](auto& care) { VisitCare(to, care); });
}

absl::Status Damaged() { return absl::DataLossError("what is kept of a record is damaged"); }

// Whether all that is one of a few values is one of them.
bool IsKnown(const UnpackedNode& node) {
  const auto known_kind = [](const EncodedCoverage& c) { return c.kind <= CoverageKind::kPublic; };
  const auto known_phone = [](const EncodedPhone& p) { return p.kind <= PhoneKind::kMobile; };
  return node.record.sex <= Sex::kFemale && known_kind(node.record.coverage) &&
         std::ranges::all_of(node.more.coverages, known_kind) && known_phone(node.record.phone) &&
         std::ranges::all_of(node.more.phones, known_phone);
}

void ReadKeys(ByteReader* in, std::vector<uint64_t>* keys) {
  keys->resize(in->Length(8));
  for (uint64_t& key : *keys) key = in->Word();
}

}  // namespace

std::string PackNode(const EncodedRecord& record, const MoreValues& more, const TextDictionary& texts,
                     std::span<const uint64_t> keys) {
  return PackNode(record, more, [&texts](TextId id) { return texts.Stored(id); }, keys);
}

std::string PackNode(const EncodedRecord& record, const MoreValues& more,
                     const std::function<std::string_view(TextId)>& text, std::span<const uint64_t> keys) {
  std::string bytes;
  ByteWriter out(&bytes);
  out.Byte(kPackedNodeVersion);
  out.Number(keys.size());
  for (uint64_t key : keys) out.Word(key);
  Writing writing(text, &bytes);
  VisitNode(&writing, record, more);
  return bytes;
}

absl::Status UnpackNode(std::string_view bytes, TextDictionary* texts, UnpackedNode* out) {
  ByteReader in(bytes);
  if (in.Byte() != kPackedNodeVersion) return Damaged();
  ReadKeys(&in, &out->keys);
  Reading reading(&in, texts);
  out->record = EncodedRecord();
  VisitNode(&reading, out->record, out->more);
  return in.done() && IsKnown(*out) ? absl::OkStatus() : Damaged();
}

absl::Status UnpackKeys(std::string_view bytes, std::vector<uint64_t>* keys) {
  ByteReader in(bytes);
  if (in.Byte() != kPackedNodeVersion) return Damaged();
  ReadKeys(&in, keys);
  return in.ok() ? absl::OkStatus() : Damaged();
}

}  // namespace libmpi
