// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/dicom.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcdatset.h"
#include "dcmtk/dcmdata/dcdeftag.h"
#include "dcmtk/dcmdata/dcelem.h"
#include "dcmtk/dcmdata/dcfilefo.h"
#include "dcmtk/dcmdata/dcistrma.h"
#include "dcmtk/dcmdata/dcmetinf.h"
#include "dcmtk/dcmdata/dcspchrs.h"
#include "dcmtk/dcmdata/dctypes.h"
#include "libmpi/exchange/feeds/dicom_pn.h"
#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/exchange/my_number.h"
#include "libmpi/text/charset.h"
#include "libmpi/text/iso2022jp.h"

namespace libmpi {
namespace {

constexpr size_t kFirstLook = size_t{64} << 10;  // most heads are smaller
constexpr size_t kLookGrowth = 4;
constexpr size_t kMostInflated = size_t{4} << 20;
// Longer values are skipped: none of a patient's is.
constexpr Uint32 kMostValueBytes = 4096;
// How much work a head may be: sequences within sequences are read by functions within functions, and each element is
// some reads. Real heads have a few thousand up to the patient; both bounds keep hostile ones from overflowing the
// stack, and from taking minutes.
constexpr size_t kMostStackBytes = size_t{1} << 20;
constexpr size_t kMostReads = size_t{1} << 16;

constexpr std::string_view kDicomdirClass = "1.2.840.10008.1.3.10";

// What DCMTK says on stderr is of values; whoever else uses it in this process keeps its other loggers.
void SilenceDcmtk() {
  static std::once_flag once;
  std::call_once(once, [] { DCM_dcmdataLogger.setLogLevel(OFLogger::OFF_LOG_LEVEL); });
}

// All that follows in a deflated data set, as far as it may be looked at. False in *whole: there is more.
std::string Inflated(std::string_view bytes, bool* whole) {
  std::string out;
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return out;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  int state = Z_OK;
  while (state == Z_OK && out.size() < kMostInflated) {
    const size_t had = out.size();
    out.resize(had + (size_t{64} << 10));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + had);
    stream.avail_out = static_cast<uInt>(out.size() - had);
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  *whole = *whole && state != Z_OK;
  return out;
}

// A head in memory. `ends`: the file ends where the bytes end; else more are to come.
class HeadProducer final : public DcmProducer {
 public:
  HeadProducer(std::string_view bytes, bool ends)
      : bytes_(bytes), ends_(ends), stack_(static_cast<const char*>(__builtin_frame_address(0))) {}

  OFBool good() const override { return !IsTooMuch(); }
  OFCondition status() const override {
    if (good()) return EC_Normal;
    return EC_InvalidStream;
  }
  OFBool eos() override { return IsTooMuch() || (ends_ && pos_ == bytes_.size()); }
  offile_off_t avail() override { return IsTooMuch() ? 0 : static_cast<offile_off_t>(bytes_.size() - pos_); }
  offile_off_t read(void* to, offile_off_t size) override {
    ++reads_;
    const size_t taken = TakenOf(size);
    std::memcpy(to, bytes_.data() + pos_, taken);
    return Move(taken);
  }
  offile_off_t skip(offile_off_t size) override { return Move(TakenOf(size)); }
  void putback(offile_off_t size) override {
    pos_ -= std::min(pos_, static_cast<size_t>(std::max<offile_off_t>(size, 0)));
  }

  bool IsTooMuch() const {
    too_much_ = too_much_ || reads_ > kMostReads || StackBytes() > kMostStackBytes;
    return too_much_;
  }
  void Inflate() {
    inflated_ = Inflated(bytes_.substr(pos_), &ends_);
    bytes_ = inflated_;
    pos_ = 0;
  }

 private:
  size_t TakenOf(offile_off_t size) const {
    return IsTooMuch() || size < 0 ? 0 : std::min(static_cast<size_t>(size), bytes_.size() - pos_);
  }
  offile_off_t Move(size_t taken) {
    pos_ += taken;
    return static_cast<offile_off_t>(taken);
  }
  size_t StackBytes() const {
    return static_cast<size_t>(std::abs(stack_ - static_cast<const char*>(__builtin_frame_address(0))));
  }

  std::string_view bytes_;
  std::string inflated_;
  size_t pos_ = 0, reads_ = 0;
  bool ends_;
  const char* const stack_;
  mutable bool too_much_ = false;
};

// Where skipped values would be read again, which nobody does.
class NoStreamFactory final : public DcmInputStreamFactory {
 public:
  DcmInputStream* create() const override { return nullptr; }
  DcmInputStreamFactory* clone() const override { return new NoStreamFactory(); }
  DcmInputStreamFactoryType ident() const override { return DFT_DcmInputFileStreamFactory; }
};

class HeadStream final : public DcmInputStream {
 public:
  HeadStream(std::string_view bytes, bool ends) : DcmInputStream(&producer_), producer_(bytes, ends) {}
  DcmInputStreamFactory* newFactory() const override { return new NoStreamFactory(); }
  OFCondition installCompressionFilter(E_StreamCompression) override {
    producer_.Inflate();
    return EC_Normal;
  }
  bool IsTooMuch() const { return producer_.IsTooMuch(); }

 private:
  HeadProducer producer_;
};

// As it stands in the file, with its escape sequences.
std::string RawValue(DcmItem& item, const DcmTagKey& tag) {
  DcmElement* found = nullptr;
  if (item.findAndGetElement(tag, found).bad() || found == nullptr || !found->isLeaf()) return "";
  // Of one that is broken off, the rest would be whatever was in memory.
  if (found->getLengthField() > kMostValueBytes || found->transferState() != ERW_ready) return "";
  char* text = nullptr;
  Uint32 size = 0;
  if (found->getString(text, size).good() && text != nullptr) return std::string(text, size);
  Uint8* bytes = nullptr;  // of an unknown representation
  if (found->getUint8Array(bytes).bad() || bytes == nullptr) return "";
  return std::string(reinterpret_cast<const char*>(bytes), found->getLengthField());
}

// With the padding off.
std::string AsciiValue(DcmItem& item, const DcmTagKey& tag) {
  std::string text = RawValue(item, tag);
  text.resize(std::min(text.size(), text.find('\0')));
  return std::string(WithoutBlanks(text));
}

// (0008,0005), as far as it tells who reads the bytes.
class DicomCharacters {
 public:
  DicomCharacters(const std::string& said, const FeedOptions& options) : said_(said), text_(options) {
    if (!options.encoding.empty()) return;  // overruled
    for (const std::string_view name : DicomValues(said)) {
      const bool is_kana = name == "ISO_IR 13" || name == "ISO 2022 IR 13";
      kana_ = kana_ || is_kana;
      japanese_ = japanese_ || is_kana || name == "ISO 2022 IR 87" || name == "ISO 2022 IR 159";
    }
    utf8_ = said == "ISO_IR 192";
    declared_ = !said.empty() && said != "ISO_IR 6" && said != "ISO 2022 IR 6";
  }

  // A sample of what is to be read, where nothing says how.
  void Begin(std::string_view bytes) {
    if (!declared_) text_.Begin(bytes);
  }

  std::string Text(std::string_view bytes) {
    if (std::ranges::all_of(bytes, [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\x1b'; }))
      return std::string(bytes);
    if (!declared_) {
      undeclared_ = true;
      return text_.Whole(bytes);
    }
    if (utf8_) return Take(DecodeText(bytes, Charset::kUtf8));
    return japanese_ ? Japanese(bytes) : Foreign(bytes);
  }

  // Bytes that nothing said how to read.
  bool undeclared() const { return undeclared_; }
  bool unreadable() const { return unreadable_; }
  std::string_view encoding() const {
    if (!declared_) return text_.encoding();
    return utf8_ ? CharsetName(Charset::kUtf8) : japanese_ ? CharsetName(Charset::kIso2022Jp) : std::string_view(said_);
  }
  uint64_t malformed() const { return malformed_ + text_.malformed_characters(); }

 private:
  std::string Take(DecodedText&& decoded) {
    malformed_ += decoded.malformed;
    return std::move(decoded.utf8);
  }

  std::string Japanese(std::string_view bytes) {
    // Kana in the right half are read wherever they stand: ESC ) I announces them.
    constexpr std::string_view kAnnounced = "\x1B)I";
    std::string plain(bytes);
    bool announced = kana_;
    for (size_t at = plain.find(kAnnounced); at != std::string::npos; at = plain.find(kAnnounced, at)) {
      plain.erase(at, kAnnounced.size());
      announced = true;
    }
    return Take(DecodeIso2022Jp(plain, {.roman_is_ascii = true, .kana_in_right_half = announced}));
  }

  // Other countries' sets, by DCMTK.
  std::string Foreign(std::string_view bytes) {
    DcmSpecificCharacterSet set;
    OFString out;
    const OFString said(said_.data(), said_.size());
    if (!DcmSpecificCharacterSet::isConversionAvailable() || set.selectCharacterSet(said).bad() ||
        set.convertString(bytes.data(), bytes.size(), out, "^=").bad()) {
      unreadable_ = true;
      return Take(DecodeText(bytes, Charset::kUtf8));
    }
    return Take(DecodeText({out.c_str(), out.size()}, Charset::kUtf8));
  }

  const std::string said_;
  FeedText text_;
  bool declared_ = false, japanese_ = false, kana_ = false, utf8_ = false;
  bool undeclared_ = false, unreadable_ = false;
  uint64_t malformed_ = 0;
};

// With the head of part 10, or a data set alone: its first group, in either byte order.
bool LooksLikeDicom(std::string_view bytes) {
  if (bytes.size() >= 132 && bytes.substr(128, 4) == "DICM") return true;
  if (bytes.size() < 8) return false;
  const bool little = (bytes[0] == '\x08' || bytes[0] == '\x02') && bytes[1] == '\0' && bytes[3] == '\0';
  const bool big = bytes[0] == '\0' && (bytes[1] == '\x08' || bytes[1] == '\x02') && bytes[2] == '\0';
  return little || big;
}

// Everything behind the patient.
const DcmTagKey& FirstBehindPatient() {
  static const DcmTagKey tag(0x0011, 0x0000);
  return tag;
}

class DicomParser final : public FeedParser {
 public:
  DicomParser(const FeedOptions& options, FeedSink* sink) : options_(options), sink_(*sink) { SilenceDcmtk(); }

  absl::Status Take(std::string_view bytes) override {
    if (done_) return status_;
    const size_t most = options_.max_document_bytes;
    // What lies in the first piece is not copied where that is enough.
    if (head_.empty()) LookAt(bytes.substr(0, most));
    if (done_) return status_;
    head_.append(bytes.substr(0, most - head_.size()));
    LookAt(head_);
    if (!done_ && head_.size() == most) Read(head_, false);
    if (!done_ && head_.size() == most) Refuse("", "the head is larger than a document may be");
    return status_;
  }

  absl::Status End() override {
    if (done_) return status_;
    if (head_.empty()) return absl::InvalidArgumentError("it is empty");
    Read(head_, true);
    return status_;
  }

  std::string_view encoding() const override { return encoding_; }
  uint64_t malformed_characters() const override { return malformed_; }

 private:
  // Reads as much of what came as is likely to be enough; each time a multiple of the last, so that all that is read is
  // linear in what came.
  void LookAt(std::string_view bytes) {
    while (!done_ && bytes.size() >= next_look_) {
      Read(bytes.substr(0, next_look_), false);
      next_look_ *= kLookGrowth;
    }
  }

  void Read(std::string_view bytes, bool ends) {
    if (!LooksLikeDicom(bytes)) return Fail("it is no DICOM file");
    DcmFileFormat file;
    HeadStream stream(bytes, ends);
    file.transferInit();
    const OFCondition read =
        file.readUntilTag(stream, EXS_Unknown, EGL_noChange, kMostValueBytes, FirstBehindPatient());
    if (stream.IsTooMuch()) return Refuse("", "the head has more elements, or deeper ones, than a head may have");
    if (read.bad() && !ends) return;
    const bool is_directory = AsciiValue(*file.getMetaInfo(), DCM_MediaStorageSOPClassUID) == kDicomdirClass;
    if (is_directory) return Refuse("", "a directory of DICOM files (DICOMDIR): read the files themselves");
    TakePatient(*file.getDataset(), read.good());
  }

  void Fail(const char* why) {
    status_ = absl::InvalidArgumentError(why);
    done_ = true;
  }
  void Refuse(const char* field, const char* why) {
    sink_.Refuse({1, field, why});
    done_ = true;
  }
  void Note(const char* field, const char* why) { sink_.Note({1, field, why}); }

  void TakePatient(DcmDataset& set, bool whole) {
    DicomCharacters characters(AsciiValue(set, DCM_SpecificCharacterSet), options_);
    for (const DcmTagKey& tag : {DCM_PatientName, DCM_PatientAddress, DCM_PatientID, DCM_InstitutionName})
      characters.Begin(RawValue(set, tag));
    FeedRecord patient;
    patient.line = 1;
    const std::string id = Text(set, DCM_PatientID, &characters);
    if (id.empty() && !whole) return Fail("it is no DICOM file, or is broken off before the patient");
    if (id.empty()) return Refuse("record_id", "the patient has no ID");
    patient.record.key = {SourceOf(set, &characters), id};
    if (!whole) Note("", "the file is broken off, or not as DICOM has it, behind the patient's ID");
    if (IsMyNumber(id)) Note("record_id", "the number looks like a My Number");
    AddStatements(set, &characters, &patient.record);
    TellOf(characters);
    patient.record.Normalize();
    sink_.Take(std::move(patient));
    done_ = true;
  }

  void TellOf(const DicomCharacters& characters) {
    encoding_ = characters.encoding();
    malformed_ = characters.malformed();
    if (characters.undeclared() && options_.encoding.empty())
      Note("", "the file has more than ASCII, and does not say its character set: it is read as it looks");
    if (characters.unreadable()) Note("", "nothing here reads the file's character set: it is read as UTF-8");
  }

  static std::string Text(DcmItem& item, const DcmTagKey& tag, DicomCharacters* characters) {
    std::string raw = RawValue(item, tag);
    while (!raw.empty() && raw.back() == '\0') raw.pop_back();
    return std::string(WithoutBlanks(characters->Text(raw)));
  }

  std::string SourceOf(DcmDataset& set, DicomCharacters* characters) {
    if (std::string issuer = Text(set, DCM_IssuerOfPatientID, characters); !issuer.empty()) return issuer;
    DcmItem* qualifiers = nullptr;
    if (set.findAndGetSequenceItem(DCM_IssuerOfPatientIDQualifiersSequence, qualifiers).good() && qualifiers != nullptr)
      if (std::string issuer = Text(*qualifiers, DCM_UniversalEntityID, characters); !issuer.empty()) return issuer;
    if (!options_.source.empty()) return options_.source;
    if (std::string name = Text(set, DCM_InstitutionName, characters); !name.empty()) return name;
    Note("source", "who issued the patient's ID is not said: the file's name stands for it");
    return FileStem(options_.path);
  }

  static void AddStatements(DcmDataset& set, DicomCharacters* characters, Record* record) {
    AddDicomName(Text(set, DCM_PatientName, characters), &record->names);
    const std::string others = Text(set, DCM_OtherPatientNames, characters);
    for (const std::string_view name : DicomValues(others)) AddDicomName(name, &record->names);
    const auto add = [](std::string text, std::vector<std::string>* list) {
      if (!text.empty()) list->push_back(std::move(text));
    };
    const std::string birth_names = Text(set, DCM_PatientBirthName, characters);
    for (const std::string_view name : DicomValues(birth_names)) add(DicomFormerName(name), &record->former_names);
    add(AsciiValue(set, DCM_PatientBirthDate), &record->births);
    add(AsciiValue(set, DCM_PatientSex), &record->sexes);
    const std::string phones = Text(set, DCM_PatientTelephoneNumbers, characters);
    for (const std::string_view phone : DicomValues(phones)) add(std::string(phone), &record->phones);
    StatedAddress address;
    address.full = Text(set, DCM_PatientAddress, characters);
    if (!address.full.empty()) record->addresses.push_back(std::move(address));
  }

  const FeedOptions options_;
  FeedSink& sink_;
  std::string head_;
  size_t next_look_ = kFirstLook;
  bool done_ = false;
  absl::Status status_;
  std::string encoding_ = "UTF-8";
  uint64_t malformed_ = 0;
};

}  // namespace

std::unique_ptr<FeedParser> NewDicomParser(const FeedOptions& options, FeedSink* sink) {
  return std::make_unique<DicomParser>(options, sink);
}

}  // namespace libmpi
