// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/frame_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace nayose {
namespace {

using namespace std::string_view_literals;

struct Read {
  std::vector<std::string> payloads;
  FrameError error = FrameError::kNone;
  bool in_frame = false;
  bool operator==(const Read&) const = default;
};

void TakeAll(FrameReader* reader, Read* read) {
  while (true) {
    const FrameReader::Found found = reader->Next();
    if (found == FrameReader::Found::kFrame) read->payloads.emplace_back(reader->payload());
    if (found == FrameReader::Found::kError) read->error = reader->error();
    if (found != FrameReader::Found::kFrame) break;
  }
  read->in_frame = reader->in_frame();
}

Read InOnePiece(std::string_view bytes, FrameLimits limits) {
  FrameReader reader(limits);
  Read read;
  reader.Feed(bytes);
  TakeAll(&reader, &read);
  return read;
}

Read ByByte(std::string_view bytes, FrameLimits limits) {
  FrameReader reader(limits);
  Read read;
  for (const char& byte : bytes) {
    reader.Feed(std::string_view(&byte, 1));
    TakeAll(&reader, &read);
  }
  return read;
}

constexpr FrameLimits kLimits = {8, 3};

TEST(FrameReader, Table) {
  using E = FrameError;
  const struct {
    std::string_view bytes;
    std::vector<std::string> payloads;
    FrameError error = E::kNone;
    bool in_frame = false;
  } rows[] = {
      {""sv, {}},
      {"\x0b" "a\x1c\r"sv, {"a"}},
      {"\x0b\x1c\r"sv, {""}},
      {"\x0b" "a\rb\x1c\r\x0b" "c\x1c\r"sv, {"a\rb", "c"}},
      {"\x0b" "a\0b\x1c\r"sv, {std::string("a\0b", 3)}},
      // Borne.
      {"\x0b" "a\x1c\x0b" "b\x1c\r"sv, {"a", "b"}},
      {"\r\n \x0b" "a\x1c\r\n  \r\n\x0b" "b\x1c\r\n"sv, {"a", "b"}},
      {"   \r\r\r\r\r\r\r\r\x0b" "a\x1c\r"sv, {"a"}},
      {"xyz\x0b" "a\x1c\rxyz\x0b" "b\x1c\r"sv, {"a", "b"}},
      // Not whole yet.
      {"\x0b"sv, {}, E::kNone, true},
      {"\x0b" "a"sv, {}, E::kNone, true},
      {"\x0b" "a\x1c"sv, {}, E::kNone, true},
      {"\x0b" "a\x1c\x0b"sv, {"a"}, E::kNone, true},
      // Not borne.
      {"wxyz\x0b" "a\x1c\r"sv, {}, E::kJunk},
      {"\x0b" "a\x1c\rw x y z\x0b"sv, {"a"}, E::kJunk},
      {"\x0b" "a\x0b" "b\x1c\r"sv, {}, E::kStartInside},
      {"\x0b\x0b"sv, {}, E::kStartInside},
      {"\x0b" "a\x1c\n"sv, {}, E::kBadEnd},
      {"\x0b" "a\x1c\x1c\r"sv, {}, E::kBadEnd},
      {"\x0b" "12345678\x1c\r"sv, {"12345678"}},
      {"\x0b" "123456789"sv, {}, E::kTooBig},
      {"\x0b" "12345678\x0b"sv, {}, E::kStartInside},
      {"\x0b" "123456789\x0b"sv, {}, E::kTooBig},
      {"\x0b" "123456789\x1c\r"sv, {}, E::kTooBig},
  };
  for (const auto& row : rows) {
    const Read expected = {row.payloads, row.error, row.in_frame};
    EXPECT_EQ(InOnePiece(row.bytes, kLimits), expected) << testing::PrintToString(row.bytes);
    EXPECT_EQ(ByByte(row.bytes, kLimits), expected) << testing::PrintToString(row.bytes);
  }
}

TEST(FrameReader, CutsMakeNoDifference) {
  std::mt19937 random(7);
  static constexpr std::string_view kBytes = "\x0b\x0b\x1c\x1c\r\r\r ab\n"sv;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes;
    for (size_t i = random() % 40; i > 0; --i) bytes += kBytes[random() % kBytes.size()];
    // Mostly whole frames, else every second byte ends all.
    if (round % 2 == 0) {
      const std::string noise = std::move(bytes);
      bytes.clear();
      for (size_t i = random() % 6; i > 0; --i) bytes += FrameOf(std::string(random() % 9, 'x')) + (i % 2 ? "\n" : "");
      bytes += noise;
    }
    FrameReader reader(kLimits);
    Read read;
    for (std::string_view left = bytes; !left.empty();) {
      const size_t count = std::min<size_t>(left.size(), 1 + random() % 12);
      reader.Feed(left.substr(0, count));
      if (random() % 4 != 0) TakeAll(&reader, &read);
      left.remove_prefix(count);
    }
    TakeAll(&reader, &read);
    ASSERT_EQ(read, InOnePiece(bytes, kLimits)) << testing::PrintToString(bytes);
  }
}

TEST(FrameReader, MemoryGrowsWithWhatCameAndIsGivenBack) {
  FrameReader reader({size_t{1} << 20, 16});
  reader.Feed("\x0b");
  const std::string piece(1'000, 'x');
  size_t fed = 1;
  for (int i = 0; i < 1'000; ++i) {
    reader.Feed(piece);
    fed += piece.size();
    ASSERT_EQ(reader.Next(), FrameReader::Found::kMore);
    ASSERT_LE(reader.memory_bytes(), 2 * fed + 64);
  }
  reader.Feed("\x1c\r\x0b" "next");
  ASSERT_EQ(reader.Next(), FrameReader::Found::kFrame);
  EXPECT_EQ(reader.payload().size(), 1'000'000);
  EXPECT_EQ(reader.Next(), FrameReader::Found::kMore);
  reader.Feed("\x1c\r");
  ASSERT_EQ(reader.Next(), FrameReader::Found::kFrame);
  EXPECT_EQ(reader.payload(), "next");
  EXPECT_LE(reader.memory_bytes(), 4'096);
}

// Of any square in it this would take hours.
TEST(FrameReader, TakesLinearTime) {
  FrameReader reader({size_t{64} << 20, 16});
  std::string small;
  for (int i = 0; i < 1'000'000; ++i) small += "\x0b" "a\x1c\r";
  reader.Feed(small);
  size_t frames = 0;
  while (reader.Next() == FrameReader::Found::kFrame) ++frames;
  EXPECT_EQ(frames, 1'000'000);
  reader.Feed("\x0b");
  for (int i = 0; i < 2'000'000; ++i) {
    reader.Feed("x");
    ASSERT_EQ(reader.Next(), FrameReader::Found::kMore);
  }
}

TEST(FrameReader, WritesWhatItReads) {
  EXPECT_EQ(FrameOf("a"), "\x0b" "a\x1c\r");
  EXPECT_FALSE(HasFrameBytes("MSH|^~\\&\rPID"));
  EXPECT_TRUE(HasFrameBytes("a\x0b"));
  EXPECT_TRUE(HasFrameBytes("\x1c"));
}

}  // namespace
}  // namespace nayose
