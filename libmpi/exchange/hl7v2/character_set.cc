// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/character_set.h"

#include <algorithm>
#include <iterator>

#include "absl/status/status.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/hl7v2/message_text.h"
#include "libmpi/text/ascii.h"
#include "libmpi/text/iso2022jp.h"

namespace libmpi::hl7v2 {
namespace {

constexpr std::string_view kSwitching = "ISO 2022-1994";
constexpr std::string_view kKanji = "ISO IR87";
constexpr std::string_view kUtf8Name = "UNICODE UTF-8";

// What a name of MSH-18 means: `plain` is its capitals and digits.
enum class Kind { kAscii, kIso2022, kUtf8, kCp932, kEucJp, kForeign };
struct KnownName {
  std::string_view plain;
  Kind kind;
  std::string_view name;  // as it is sent; "": as it was met
};
constexpr KnownName kNames[] = {
    {"ASCII", Kind::kAscii, ""},
    {"USASCII", Kind::kAscii, ""},
    {"ISOIR6", Kind::kAscii, ""},
    {"ISOIR14", Kind::kIso2022, ""},  // JIS X 0201 Roman: ASCII is sent for it
    {"ISOIR13", Kind::kIso2022, "ISO IR13"},
    {"ISOIR87", Kind::kIso2022, kKanji},
    {"ISOIR168", Kind::kIso2022, kKanji},  // JIS X 0208 of 1990
    {"ISO2022JP", Kind::kIso2022, kKanji},
    {"ISOIR159", Kind::kIso2022, "ISO IR159"},
    {"ISOIR228", Kind::kIso2022, "ISO IR228"},  // JIS X 0213 plane 1 of 2000, plane 2, plane 1 of 2004
    {"ISOIR229", Kind::kIso2022, "ISO IR229"},
    {"ISOIR233", Kind::kIso2022, "ISO IR233"},
    {"UNICODEUTF8", Kind::kUtf8, kUtf8Name},
    {"UTF8", Kind::kUtf8, kUtf8Name},
    {"UNICODE", Kind::kUtf8, kUtf8Name},
    {"SHIFTJIS", Kind::kCp932, ""},
    {"SJIS", Kind::kCp932, ""},
    {"XSJIS", Kind::kCp932, ""},
    {"CP932", Kind::kCp932, ""},
    {"MS932", Kind::kCp932, ""},
    {"WINDOWS31J", Kind::kCp932, ""},
    {"EUCJP", Kind::kEucJp, ""},
    {"UJIS", Kind::kEucJp, ""},
    {"GB180302000", Kind::kForeign, "GB 18030-2000"},
    {"GB18030", Kind::kForeign, "GB 18030-2000"},
    {"GB2312", Kind::kForeign, "GB 2312"},
    {"KSX1001", Kind::kForeign, "KS X 1001"},
    {"CNS116431992", Kind::kForeign, "CNS 11643-1992"},
    {"CNS11643", Kind::kForeign, "CNS 11643-1992"},
    {"BIG5", Kind::kForeign, "BIG-5"},
    {"UNICODEUTF16", Kind::kForeign, "UNICODE UTF-16"},
    {"UTF16", Kind::kForeign, "UNICODE UTF-16"},
    {"UNICODEUTF32", Kind::kForeign, "UNICODE UTF-32"},
    {"UTF32", Kind::kForeign, "UNICODE UTF-32"},
};

std::string Plain(std::string_view name) {
  std::string plain;
  for (char c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) plain += c;
  }
  return plain;
}

// A name as it was met, to be sent again: delimiters and the like would be escaped there, and part of another name.
std::string Sendable(std::string_view name) {
  constexpr std::string_view kMarks = " -_/.";
  std::string out;
  for (const char c : name)
    if (!Plain({&c, 1}).empty() || kMarks.find(c) != std::string_view::npos) out += c;
  return out;
}

// ISO 8859-n, whose upper half nobody here reads: what is in ASCII is.
bool IsLatin(std::string_view plain) { return plain.substr(0, 4) == "8859" || plain.substr(0, 7) == "ISO8859"; }

absl::StatusOr<KnownName> Known(std::string_view name) {
  const std::string plain = Plain(name);
  if (IsLatin(plain)) return KnownName{"", Kind::kAscii, ""};
  for (const KnownName& known : kNames) {
    if (known.plain != plain) continue;
    if (known.kind != Kind::kForeign) return known;
    return absl::InvalidArgumentError("MSH-18: " + std::string(known.name) + " is not read here");
  }
  // What stands there is not told: where fields are shifted, it may be anything.
  return absl::InvalidArgumentError("MSH-18: a character set that is not known here");
}

Charset CharsetOf(Kind kind) {
  switch (kind) {
    case Kind::kIso2022: return Charset::kIso2022Jp;
    case Kind::kCp932: return Charset::kCp932;
    case Kind::kEucJp: return Charset::kEucJp;
    default: return Charset::kUtf8;
  }
}

// By escape sequences: ASCII first, JIS X 0208 always (whoever reads another of the sets reads that), then the others.
CharacterSet Iso2022Set(const std::vector<std::string>& names) {
  CharacterSet set{Charset::kIso2022Jp, {"", std::string(kKanji)}, std::string(kSwitching)};
  for (const std::string& name : names)
    if (std::find(set.msh18.begin(), set.msh18.end(), name) == set.msh18.end()) set.msh18.push_back(name);
  return set;
}

// Up to `most` parts; what is beyond is left out.
std::vector<std::string_view> Split(std::string_view text, char delimiter, size_t most) {
  std::vector<std::string_view> parts;
  for (size_t start = 0; parts.size() < most;) {
    const size_t end = std::min(text.find(delimiter, start), text.size());
    parts.push_back(text.substr(start, end - start));
    if (end == text.size()) break;
    start = end + 1;
  }
  return parts;
}

struct Declared {
  std::vector<std::string> msh18;
  std::string msh20;
  bool empty() const {
    return std::all_of(msh18.begin(), msh18.end(), [](const std::string& name) { return Plain(name).empty(); });
  }
};

// Of an MSH in ASCII or UTF-8. REQUIRES: it has MSH-1.
Declared ReadDeclared(std::string_view msh) {
  constexpr size_t kMostSets = 32;
  const std::vector<std::string_view> parts = Split(msh, msh[3], 20);  // MSH itself, MSH-2 to MSH-20
  Declared declared;
  const char repetition = parts.size() > 1 && parts[1].size() > 1 ? parts[1][1] : '~';
  if (parts.size() > 17)
    for (std::string_view name : Split(parts[17], repetition, kMostSets)) declared.msh18.emplace_back(name);
  if (parts.size() > 19) declared.msh20 = parts[19];
  return declared;
}

// An MSH with more than ASCII in it: a set in which it can be read, and in which MSH-18 names that very set; else one
// in which it can be read and MSH-18 is empty.
absl::StatusOr<Declared> ReadDeclaredByDecoding(std::string_view msh, const CharacterSet& otherwise) {
  std::vector<Charset> charsets = {otherwise.charset, Charset::kUtf8, Charset::kCp932, Charset::kEucJp};
  if (HasIso2022Escapes(msh)) charsets = {Charset::kIso2022Jp};
  std::vector<Declared> silent;
  absl::Status status = absl::InvalidArgumentError("segment 1: MSH has characters that can't be read");
  for (const Charset charset : charsets) {
    const DecodedText text = DecodeText(msh, charset);
    if (text.malformed > 0) continue;
    Declared declared = ReadDeclared(text.utf8);
    if (declared.empty()) {
      silent.push_back(std::move(declared));
      continue;
    }
    const auto set = CharacterSetOfMsh(declared.msh18, declared.msh20);
    if (set.ok() && set->charset == charset) return declared;
    if (!set.ok()) status = set.status();
  }
  if (!silent.empty()) return silent.front();
  return status;
}

absl::Status Check(const CharacterSet& set, const Declared& declared, std::string_view bytes) {
  if (!IsAsciiAlone(set) || IsAscii(bytes)) return absl::OkStatus();
  const bool latin = IsLatin(Plain(declared.msh18.front()));
  return absl::InvalidArgumentError(std::string("MSH-18 says ") + (latin ? "ISO 8859" : "ASCII") +
                                    ", of which only ASCII is read here, and the message has more than that");
}

}  // namespace

bool IsAsciiAlone(const CharacterSet& set) {
  return set.charset == Charset::kUtf8 && (set.msh18.empty() || IsLatin(Plain(set.msh18.front())));
}

absl::StatusOr<CharacterSet> CharacterSetOfName(std::string_view name) {
  const std::string plain = Plain(name);
  if (plain == "ASCII" || plain == "USASCII") return CharacterSet{};
  LIBMPI_ASSIGN_OR_RETURN(const Charset charset, ParseCharset(name));
  switch (charset) {
    case Charset::kUtf8: return CharacterSet{charset, {std::string(kUtf8Name)}, ""};
    case Charset::kIso2022Jp: return Iso2022Set({});
    // Not in table 0211. Java's name for what Windows writes: many interface engines look MSH-18 up there.
    case Charset::kCp932: return CharacterSet{charset, {"WINDOWS-31J"}, ""};
    case Charset::kEucJp: return CharacterSet{charset, {"EUC-JP"}, ""};
  }
  return absl::InvalidArgumentError("unknown encoding");
}

absl::StatusOr<CharacterSet> CharacterSetOfMsh(const std::vector<std::string>& msh18, std::string_view msh20) {
  (void)msh20;  // senders leave it out or write it in other ways; the escape sequences speak for themselves
  std::vector<std::string> names;
  Kind kind = Kind::kAscii;
  std::string latin;
  for (const std::string& name : msh18) {
    if (Plain(name).empty()) continue;
    LIBMPI_ASSIGN_OR_RETURN(const KnownName known, Known(name));
    if (IsLatin(Plain(name))) latin = Sendable(name);
    if (known.kind == Kind::kAscii) continue;
    if (kind != Kind::kAscii && kind != known.kind)
      return absl::InvalidArgumentError("MSH-18: two character sets that can't be in one message");
    kind = known.kind;
    names.push_back(known.name.empty() && kind != Kind::kIso2022 ? Sendable(name) : std::string(known.name));
  }
  if (kind == Kind::kIso2022) return Iso2022Set(names);
  if (kind == Kind::kAscii) return latin.empty() ? CharacterSet{} : CharacterSet{Charset::kUtf8, {latin}, ""};
  return CharacterSet{CharsetOf(kind), {names.front()}, ""};
}

absl::StatusOr<CharacterSet> CharacterSetOfMessage(std::string_view bytes, const CharacterSet& otherwise) {
  const std::string_view body = WithoutByteOrderMark(bytes);
  const std::string_view msh = FirstLine(body);
  if (msh.size() < 4 || msh.substr(0, 3) != "MSH") return absl::InvalidArgumentError("no MSH at the beginning");
  Declared declared;
  if (IsAscii(msh) && !HasIso2022Escapes(msh)) {
    declared = ReadDeclared(msh);
  } else {
    LIBMPI_ASSIGN_OR_RETURN(declared, ReadDeclaredByDecoding(msh, otherwise));
  }
  if (declared.empty()) {
    if (HasIso2022Escapes(body)) return Iso2022Set({});  // met in stored messages, whose readers know
    return body.size() < bytes.size() ? CharacterSetOfName("UTF-8") : otherwise;
  }
  LIBMPI_ASSIGN_OR_RETURN(CharacterSet set, CharacterSetOfMsh(declared.msh18, declared.msh20));
  LIBMPI_RETURN_IF_ERROR(Check(set, declared, body));
  return set;
}

}  // namespace libmpi::hl7v2
