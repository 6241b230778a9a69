// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/encoder.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "libmpi/base/hash.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/blocking_keys.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/romaji.h"

namespace libmpi {
namespace {

constexpr size_t kChunk = 4096;

uint32_t ToNumber(std::string_view digits) {
  uint32_t n = 0;
  for (char c : digits) n = n * 10 + static_cast<uint32_t>(c - '0');
  return n;
}

uint32_t LetterBag32(std::string_view a, std::string_view b) {
  const uint64_t bag = LetterBag(a) + LetterBag(b);
  const uint32_t folded = static_cast<uint32_t>(bag ^ (bag >> 32));
  return folded == 0 ? 1 : folded;
}

// One EncodedName for the k-th best reading of a stated name in every script.
EncodedName EncodeName(const NameFeatures& name, size_t k, TextDictionary* texts) {
  EncodedName out;
  auto pick = [k](const std::vector<NameForm>& forms) {
    return forms.empty() ? nullptr : &forms[std::min(k, forms.size() - 1)];
  };
  if (const NameForm* form = pick(name.kanji)) {
    out.family_kanji = texts->Intern(form->family);
    out.given_kanji = texts->Intern(form->given);
  }
  if (const NameForm* form = pick(name.kana)) {
    out.family_kana = texts->Intern(form->family);
    out.given_kana = texts->Intern(form->given);
  }
  if (const NameForm* form = pick(name.latin)) {
    out.family_latin = texts->Intern(RomajiKey(form->family));
    out.given_latin = texts->Intern(RomajiKey(form->given));
  }
  return out;
}

std::vector<EncodedName> EncodeNames(const Features& features, TextDictionary* texts) {
  std::vector<EncodedName> names;
  for (const NameFeatures& name : features.names) {
    const size_t forms =
        std::max({name.kanji.size(), name.kana.size(), name.latin.size()});
    for (size_t k = 0; k < forms; ++k) {
      EncodedName encoded = EncodeName(name, k, texts);
      // A former family name stands without a given name: the person's own goes with it.
      if (name.former && !names.empty() && !encoded.given_kanji && !encoded.given_kana &&
          !encoded.given_latin) {
        encoded.given_kanji = names.front().given_kanji;
        encoded.given_kana = names.front().given_kana;
        encoded.given_latin = names.front().given_latin;
      }
      if (std::find(names.begin(), names.end(), encoded) == names.end())
        names.push_back(encoded);
    }
  }
  return names;
}

EncodedCoverage EncodeCoverage(const CoverageFeatures& coverage) {
  EncodedCoverage out;
  // A failed check digit is a slip or a dummy: two that agree must not count as agreement.
  if (coverage.trusted) out.insurer = ToNumber(coverage.insurer);
  out.symbol = coverage.symbol.empty() ? 0 : static_cast<uint32_t>(HashBytes(coverage.symbol)) | 1;
  out.number = PackedDigits(coverage.number);
  out.number_without_branch = PackedDigits(coverage.number_without_branch);
  if (coverage.branch.size() == 2) out.branch = static_cast<uint8_t>(ToNumber(coverage.branch));
  out.kind = coverage.kind;
  return out;
}

EncodedAddress EncodeAddress(const AddressFeatures& address, TextDictionary* texts) {
  EncodedAddress out;
  out.numbers = PackedDigits(address.numbers);
  out.city = texts->Intern(address.city);
  out.town = texts->Intern(address.town);
  out.prefecture = address.prefecture;
  if (address.postal_code.size() == 7) out.postal_code = 1 + ToNumber(address.postal_code);
  return out;
}

// Moves all but the first value aside.
template <typename T>
void Place(std::vector<T>&& values, T* first, std::vector<T>* rest) {
  if (values.empty()) return;
  *first = values.front();
  if (values.size() > 1) rest->assign(values.begin() + 1, values.end());
}

uint16_t GivenInitial(const Features& features, const ReadingModel& readings) {
  for (const NameFeatures& name : features.names) {
    std::string romaji;
    if (!name.kana.empty()) {
      romaji = RomajiKeyOfKana(name.kana.front().given);
    } else if (!name.latin.empty()) {
      romaji = RomajiKey(name.latin.front().given);
    } else if (!name.kanji.empty()) {
      const auto likely =
          readings.LikelyReadings(NamePart::kGiven, name.kanji.front().given, 1);
      if (!likely.empty()) romaji = RomajiKeyOfKana(likely.front().first);
    }
    if (!romaji.empty()) return static_cast<uint8_t>(romaji.front());
  }
  return 0;
}

void SetBags(const Features& features, EncodedRecord* record) {
  for (const NameFeatures& name : features.names) {
    if (record->kanji_bag == 0 && !name.kanji.empty())
      record->kanji_bag = LetterBag32(name.kanji.front().family, name.kanji.front().given);
    if (record->kana_bag == 0 && !name.kana.empty())
      record->kana_bag = LetterBag32(name.kana.front().family, name.kana.front().given);
  }
}

// Hashes everything that is compared, kind by kind.
class ContentHasher {
 public:
  void Add(std::string_view text) { hash_ = HashCombine(hash_, HashBytes(text)); }
  void Add(uint64_t value) { hash_ = HashCombine(hash_, value); }
  uint64_t hash() const { return hash_; }

 private:
  uint64_t hash_ = 0;
};

// Content, not order of arrival: what chooses samples must not depend on keys or files.
uint64_t ContentHash(const Features& f) {
  ContentHasher h;
  for (const NameFeatures& name : f.names)
    for (const auto* forms : {&name.kanji, &name.kana, &name.latin}) {
      h.Add(forms->size());
      for (const NameForm& form : *forms) {
        h.Add(form.family);
        h.Add(form.given);
      }
    }
  h.Add(f.births.size());
  for (const CivilDate& d : f.births) h.Add(EncodeDate(d));
  for (Sex sex : f.sexes) h.Add(static_cast<uint64_t>(sex));
  h.Add(f.coverages.size());
  for (const CoverageFeatures& c : f.coverages)
    for (const std::string* part : {&c.insurer, &c.symbol, &c.number, &c.number_without_branch, &c.branch})
      h.Add(*part);
  h.Add(f.care.size());
  for (const CareFeatures& c : f.care) {
    h.Add(c.insurer);
    h.Add(c.number);
  }
  h.Add(f.addresses.size());
  for (const AddressFeatures& a : f.addresses) {
    h.Add(uint64_t{a.prefecture});
    for (const std::string* part : {&a.postal_code, &a.city, &a.town, &a.numbers}) h.Add(*part);
  }
  for (const PhoneFeatures& p : f.phones) h.Add(p.digits);
  return h.hash();
}

// What one chunk of records gave, kept by chunk so that the outcome does not
// depend on which thread did it.
struct ChunkResult {
  std::vector<MoreValues> more;
  std::vector<std::pair<uint32_t, Finding>> findings;
  std::vector<uint64_t> keys;
  std::vector<uint32_t> key_counts;
  std::vector<std::pair<uint32_t, RecordKey>> parts;  // records that are part of an id
  RecordKey first_key, last_key;
  size_t out_of_order = SIZE_MAX;  // the first record whose key does not follow its predecessor's

  void TakeKey(size_t i, bool begins_chunk, bool begins_list, const RecordKey& key) {
    if (begins_chunk) first_key = key;
    else if (!begins_list && key <= last_key) out_of_order = std::min(out_of_order, i);
    last_key = key;
  }
};

void GatherChunks(std::vector<ChunkResult>&& chunks, EncodedRecords* out) {
  size_t keys = 0, more = 1;
  for (const ChunkResult& chunk : chunks) {
    keys += chunk.keys.size();
    more += chunk.more.size();
  }
  out->keys.reserve(keys);
  out->more.reserve(more);
  out->more.emplace_back();
  out->key_begin.reserve(out->records.size() + 1);
  out->key_begin.push_back(0);
  for (size_t c = 0; c < chunks.size(); ++c) {
    ChunkResult& chunk = chunks[c];
    const uint32_t shift = static_cast<uint32_t>(out->more.size()) - 1;
    const size_t end = std::min(out->records.size(), (c + 1) * kChunk);
    for (size_t i = c * kChunk; i < end; ++i)
      if (out->records[i].more != 0) out->records[i].more += shift;
    std::move(chunk.more.begin(), chunk.more.end(), std::back_inserter(out->more));
    out->keys.insert(out->keys.end(), chunk.keys.begin(), chunk.keys.end());
    for (uint32_t n : chunk.key_counts) out->key_begin.push_back(out->key_begin.back() + n);
    out->findings.insert(out->findings.end(), chunk.findings.begin(), chunk.findings.end());
    chunk = ChunkResult();
  }
}

// Ties go by record key: records out of order would be decided by their place.
absl::Status CheckKeyOrder(const std::vector<ChunkResult>& chunks, size_t second_list) {
  const auto refuse = [](size_t i) {
    return absl::InvalidArgumentError("record " + std::to_string(i) +
                                      ": its key does not come after that of the record before it; give "
                                      "records sorted by key, each key once");
  };
  for (size_t c = 0; c < chunks.size(); ++c) {
    const size_t first = c * kChunk;
    if (c > 0 && first != second_list && chunks[c].first_key <= chunks[c - 1].last_key) return refuse(first);
    if (chunks[c].out_of_order != SIZE_MAX) return refuse(chunks[c].out_of_order);
  }
  return absl::OkStatus();
}

// Keys ascend, so that the parts of one id stand together.
void PairParts(const std::vector<ChunkResult>& chunks, EncodedRecords* out) {
  std::vector<const std::pair<uint32_t, RecordKey>*> of_one_id;
  for (const ChunkResult& chunk : chunks)
    for (const auto& part : chunk.parts) {
      if (!of_one_id.empty() && (of_one_id.front()->second.source != part.second.source ||
                                 of_one_id.front()->second.record_id != part.second.record_id))
        of_one_id.clear();
      for (const auto* other : of_one_id) out->parts_of_one_id.emplace_back(other->first, part.first);
      of_one_id.push_back(&part);
    }
}

}  // namespace

EncodedRecord EncodeFeatures(const Features& features, const ReadingModel& readings,
                             TextDictionary* texts, MoreValues* more) {
  EncodedRecord out;
  Place(EncodeNames(features, texts), &out.name, &more->names);
  std::vector<EncodedCoverage> coverages;
  for (const CoverageFeatures& c : features.coverages) coverages.push_back(EncodeCoverage(c));
  Place(std::move(coverages), &out.coverage, &more->coverages);
  std::vector<EncodedAddress> addresses;
  for (const AddressFeatures& a : features.addresses)
    addresses.push_back(EncodeAddress(a, texts));
  Place(std::move(addresses), &out.address, &more->addresses);
  std::vector<EncodedPhone> phones;
  for (const PhoneFeatures& p : features.phones)
    phones.push_back({PackedDigits(p.digits), p.kind});
  Place(std::move(phones), &out.phone, &more->phones);
  std::vector<EncodedDate> births;
  for (const CivilDate& d : features.births) births.push_back(EncodeDate(d));
  Place(std::move(births), &out.birth, &more->births);
  std::vector<EncodedCare> care;
  for (const CareFeatures& c : features.care)
    care.push_back({PackedDigits(c.number), ToNumber(c.insurer)});
  Place(std::move(care), &out.care, &more->care);
  if (features.sexes.size() == 1) out.sex = features.sexes.front();
  out.given_initial = GivenInitial(features, readings);
  out.test_patient = features.test_patient;
  for (const Finding& finding : features.findings)
    if (finding.code == FindingCode::kPossibleOverlay) out.possible_overlay = true;
  SetBags(features, &out);
  out.content_hash = ContentHash(features);
  return out;
}

void FreezeTexts(const ReadingModel& readings, int threads, EncodedRecords* records) {
  records->texts.Freeze();
  records->reading_ends = ReadingEnds(records->texts, readings, threads);
}

absl::Status EncodeRecords(size_t count, size_t second_list, const RecordReader& reader,
                           const Standardizer& standardizer, const ReadingModel& readings,
                           int threads, const ProgressCallback& progress,
                           EncodedRecords* out) {
  out->records.resize(count);
  std::vector<ChunkResult> chunks((count + kChunk - 1) / kChunk);
  std::atomic<size_t> done{0};
  std::atomic<bool> cancelled{false};
  ParallelChunks(count, kChunk, threads, [&](size_t begin, size_t end, int worker) {
    if (cancelled.load(std::memory_order_relaxed)) return;
    ChunkResult& chunk = chunks[begin / kChunk];
    Record record;
    for (size_t i = begin; i < end; ++i) {
      record = Record();
      reader(i, &record);
      const Features features = standardizer.Standardize(record);
      MoreValues more;
      out->records[i] = EncodeFeatures(features, readings, &out->texts, &more);
      if (more != MoreValues()) {
        chunk.more.push_back(std::move(more));
        out->records[i].more = static_cast<uint32_t>(chunk.more.size());
      }
      for (const Finding& finding : features.findings)
        chunk.findings.emplace_back(static_cast<uint32_t>(i), finding);
      const size_t before = chunk.keys.size();
      AppendBlockingKeys(features, readings, out->records[i].given_initial, &chunk.keys);
      chunk.TakeKey(i, i == begin, i == second_list, record.key);
      if (record.key.part != 0) chunk.parts.emplace_back(static_cast<uint32_t>(i), record.key);
      chunk.key_counts.push_back(static_cast<uint32_t>(chunk.keys.size() - before));
    }
    done += end - begin;
    if (worker == 0 && progress && !progress("standardize", done.load(), count))
      cancelled = true;
  });
  if (cancelled) return absl::CancelledError("stopped while standardizing");
  LIBMPI_RETURN_IF_ERROR(CheckKeyOrder(chunks, second_list));
  PairParts(chunks, out);
  GatherChunks(std::move(chunks), out);
  FreezeTexts(readings, threads, out);
  return absl::OkStatus();
}

}  // namespace libmpi
