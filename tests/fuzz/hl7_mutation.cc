// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/hl7_mutation.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "libmpi/text/charset.h"

namespace libmpi::hl7v2 {
namespace {

constexpr char kStart = '\x0b', kEnd = '\x1c', kReturn = '\r';

// What a field may say: identifiers of every state, names in every script, criteria, what deletes, escapes, nonsense.
constexpr std::string_view kValues[] = {
    "", "\"\"", "1^^^HOSP", "2^^^HOSP", "3^^^&1.2.392.1&ISO^PI", "77^^^CARD&1.2.392.2&ISO", "9^^^CLIN", "10^^^CLIN",
    "7",
    "1^^^NOWHERE", "1^^^HOSP&1.2.392.3&ISO", "^^^HOSP", "1^^^HOSP~77^^^CARD", "1^^^HOSP~2^^^HOSP~3^^^HOSP", "^^^CARD",
    "^^^CLIN~^^^HOSP", "北大路^花子^^^^^L^I~キタオオジ^ハナコ^^^^^L^P", "四月一日^次郎^^^^^L^I", "KITAOJI^HANAKO^^^^^L^A",
    "ｷﾀｵｵｼﾞ^ﾊﾅｺ^^^^^L^P", "髙﨑^①太", "■^〓", "19500310", "195003", "S25.3.10", "19610411093000", "20990101", "00000000",
    "F", "M", "O", "^^^^152-8621^JPN^H^東京都目黒区東が丘2丁目5番21号", "^PRN^CP^^^^^^^^^090-1234-5670", "0112345671",
    "@PID.3.1^1~@PID.3.4.1^HOSP", "@PID.5.1.1^北大路~@PID.5.2^花子", "@PID.5.1.1^キタ*", "@PID.7^1950~@PID.8^F",
    "@PID.11.5^152-8621", "@PID.18.1^1", "@PID.5.1.1^*路", "IHE PIX Query", "t1", "I", "D", "2^RD", "500^RD", "0^RD",
    "@DSC@", "@ID@", "Q22", "06", "01234567", "12345^六十〜番", "\\X1C\\\\X0D\\", "\\X0B\\", "\\F\\\\S\\\\T\\\\R\\\\E\\",
    "\\.br\\", "\\C2842\\", "\\", "\\X", "&&&&", "^^^^^^^^", "~~~~", "\x01", "\x7f", "\x1b$B", "１２３", "0", "-1",
    "99999999999999999999"};
constexpr std::string_view kTypes[] = {"ADT^A01^ADT_A01", "ADT^A04", "ADT^A05^ADT_A05", "ADT^A08^ADT_A01", "ADT^A24",
                                       "ADT^A28^ADT_A05", "ADT^A31^ADT_A05", "ADT^A37",  "ADT^A40^ADT_A39",
                                       "QBP^Q22^QBP_Q21", "QBP^Q23^QBP_Q21", "QCN^J01",  "ADT^A03", "ORU^R01", ""};
constexpr std::string_view kSets[] = {
    "",       "~ISO IR87",   "~ISO IR13~ISO IR87", "~ISO IR87~ISO IR159", "ISO IR233",      "UNICODE UTF-8",
    "EUC-JP", "WINDOWS-31J", "8859/1",             "ASCII",               "GB 18030-2000", "X"};
constexpr std::string_view kVersions[] = {"2.3.1", "2.4", "2.5", "2.5.1", "2.7.1", "2.8.2", "2.3", "3", ""};
constexpr std::string_view kWanted[] = {"", "AL", "NE", "SU", "ER", "X"};
constexpr std::string_view kSenders[] = {"HIS|HOSPITAL", "EMR|CLINIC", "TILL|PHARMACY", "X|Y", "|"};

std::vector<std::string> Split(std::string_view text, char at) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(at, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::string Joined(const std::vector<std::string>& parts, char with) {
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? "" : std::string(1, with)) + parts[i];
  return text;
}

// Of each frame its segments. What stands between frames goes.
std::vector<std::vector<std::string>> Messages(std::string_view input) {
  std::vector<std::vector<std::string>> messages;
  while (!input.empty()) {
    const size_t begin = std::min(input.find(kStart), input.size() - 1) + 1;
    const std::string_view payload = input.substr(begin, input.find(kEnd, begin) - begin);
    if (!payload.empty()) messages.push_back(Split(payload, kReturn));
    input.remove_prefix(std::min(begin + payload.size() + 1, input.size()));
  }
  return messages;
}

void SetField(size_t number, std::string_view value, std::string* msh) {
  std::vector<std::string> fields = Split(*msh, '|');
  if (fields.size() < number) fields.resize(number);
  fields[number - 1] = value;
  *msh = Joined(fields, '|');
}

}  // namespace

std::string Hl7Mutation::Of(std::string_view input, std::string_view other) {
  std::string choices(input.substr(0, 1));
  if (choices.empty()) choices = "0";
  if (Any(4) == 0) choices[0] = static_cast<char>('0' + Any(64));
  std::vector<Segments> messages = Messages(input.substr(std::min<size_t>(1, input.size())));
  const std::vector<Segments> others = Messages(other.substr(std::min<size_t>(1, other.size())));
  if (messages.empty()) messages.push_back({"MSH|^~\\&|HIS|HOSPITAL|||20261128||ADT^A28|@ID@|P|2.5", "PID|||1^^^HOSP"});
  for (size_t changes = 1 + Any(4); changes > 0 && !messages.empty(); --changes) Change(&messages, others);
  std::string out = choices;
  for (const Segments& segments : messages) {
    std::string message = Joined(segments, kReturn);
    if (Any(8) == 0) message = InAnotherSet(message);
    if (Any(8) == 0) ChangeBytes(&message);
    out += kStart + message + kEnd + kReturn;
  }
  if (Any(32) == 0) ChangeBytes(&out);
  return out;
}

void Hl7Mutation::Change(std::vector<Segments>* messages, const std::vector<Segments>& others) {
  const size_t at = Any(messages->size());
  Segments& segments = (*messages)[at];
  const Segments& other = others.empty() ? segments : OneOf(others);
  switch (Any(16)) {
    case 0: messages->push_back(Segments(other)); break;
    case 1: messages->erase(messages->begin() + static_cast<ptrdiff_t>(at)); break;
    case 2: std::swap(segments, (*messages)[Any(messages->size())]); break;
    case 3: ChangeDelimiter(&segments); break;
    case 4:
    case 5:
    case 6: ChangeMsh(&segments[0]); break;
    case 7:
    case 8:
    case 9: ChangeSegments(&segments, Segments(other)); break;
    default: ChangeFields(&segments[Any(segments.size())], std::string(OneOf(other)));
  }
}

void Hl7Mutation::ChangeSegments(Segments* segments, const Segments& other) {
  const size_t at = Any(segments->size());
  const auto place = segments->begin() + static_cast<ptrdiff_t>(at);
  switch (Any(6)) {
    case 0: std::swap(*place, (*segments)[Any(segments->size())]); break;
    case 1: segments->insert(place, std::string(OneOf(*segments))); break;
    case 2: if (segments->size() > 1) segments->erase(place); break;
    case 3: segments->push_back("MRG|" + std::string(OneOf(kValues))); break;
    case 4: segments->push_back("DSC|@DSC@|I"); break;
    default: segments->push_back(OneOf(other));
  }
}

void Hl7Mutation::ChangeFields(std::string* segment, const std::string& other) {
  Fields fields = Split(*segment, '|');
  const Fields others = Split(other, '|');
  const size_t at = Any(fields.size());
  const auto place = fields.begin() + static_cast<ptrdiff_t>(at);
  switch (Any(8)) {
    case 0: fields.insert(place, std::string(*place)); break;
    case 1: std::swap(*place, fields[Any(fields.size())]); break;
    case 2: fields.erase(place); break;
    case 3: *place = OneOf(others); break;
    case 4:
    case 5: ChangeRepetitions(&*place); break;
    default: *place = OneOf(kValues);
  }
  *segment = Joined(fields, '|');
}

void Hl7Mutation::ChangeRepetitions(std::string* field) {
  const char delimiter = "~^&"[Any(3)];
  Fields parts = Split(*field, delimiter);
  const auto place = parts.begin() + static_cast<ptrdiff_t>(Any(parts.size()));
  switch (Any(4)) {
    case 0: parts.insert(place, std::string(*place)); break;
    case 1: parts.erase(place); break;
    case 2: std::swap(*place, parts[Any(parts.size())]); break;
    default: parts.insert(place, std::string(OneOf(kValues)));
  }
  *field = Joined(parts, delimiter);
}

void Hl7Mutation::ChangeMsh(std::string* msh) {
  switch (Any(7)) {
    case 0: SetField(9, OneOf(kTypes), msh); break;
    case 1: SetField(18, OneOf(kSets), msh); break;
    case 2: SetField(12, OneOf(kVersions), msh); break;
    case 3: SetField(15 + Any(2), OneOf(kWanted), msh); break;
    case 4: {
      const std::vector<std::string> sender = Split(OneOf(kSenders), '|');
      SetField(3, sender[0], msh);
      SetField(4, sender[1], msh);
      break;
    }
    case 5: SetField(10, "@ID@", msh); break;
    default: SetField(3 + Any(19), OneOf(kValues), msh);
  }
}

// Everywhere in the message, so that it stays readable.
void Hl7Mutation::ChangeDelimiter(Segments* segments) {
  const char from = "|^~\\&"[Any(5)], to = "#$%!*-_./:<"[Any(11)];
  for (std::string& segment : *segments) std::ranges::replace(segment, from, to);
}

void Hl7Mutation::ChangeBytes(std::string* bytes) {
  if (bytes->empty()) return;
  const size_t at = Any(bytes->size());
  switch (Any(5)) {
    case 0: bytes->resize(at); break;
    case 1: bytes->erase(at, 1 + Any(8)); break;
    case 2: bytes->insert(at, 1, static_cast<char>(Any(256))); break;
    case 3: bytes->insert(at, bytes->substr(Any(bytes->size()), Any(40))); break;
    default: (*bytes)[at] = static_cast<char>(Any(256));
  }
}

// MSH-18 says so, or something else.
std::string Hl7Mutation::InAnotherSet(const std::string& message) {
  static constexpr std::pair<Charset, std::string_view> kForms[] = {
      {Charset::kCp932, "WINDOWS-31J"},
      {Charset::kEucJp, "EUC-JP"},
      {Charset::kIso2022Jp, "~ISO IR87"},
      {Charset::kIso2022Jp, "~ISO IR13~ISO IR87~ISO IR159"},
      {Charset::kUtf8, "UNICODE UTF-8"}};
  const auto& [charset, name] = OneOf(kForms);
  Segments segments = Split(message, kReturn);
  if (Any(8) != 0) SetField(18, name, &segments[0]);
  EncodeOptions options;
  options.half_width_kana = options.jis_x_0212 = name.size() > 20;
  return EncodeText(Joined(segments, kReturn), charset, options).bytes;
}

}  // namespace libmpi::hl7v2
