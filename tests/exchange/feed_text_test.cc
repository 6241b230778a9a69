// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/feed_text.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace libmpi {
namespace {

std::string In(std::string_view utf8, Charset charset) { return EncodeText(utf8, charset).bytes; }

TEST(FeedText, FieldsAreDecodedAndTrimmed) {
  struct Case {
    const char* encoding;
    std::string bytes, text;
  };
  const Case cases[] = {
      {"", "  138057", "138057"},
      {"", "", ""},
      {"CP932", In("　髙橋　一郎 ", Charset::kCp932), "髙橋　一郎"},
      {"EUC-JP", In("山田", Charset::kEucJp), "山田"},
      {"ISO-2022-JP", In("山田", Charset::kIso2022Jp), "山田"},
      {"UTF-8", "\xE3\x80\x80 𠮷田\t", "𠮷田"},
  };
  for (const Case& c : cases) {
    FeedOptions options;
    options.encoding = c.encoding;
    FeedText text(options);
    EXPECT_EQ(text.Field(c.bytes), c.text);
    EXPECT_EQ(text.malformed_characters(), 0);
  }
  FeedOptions options;
  options.encoding = "UTF-8";
  FeedText text(options);
  EXPECT_EQ(text.Field("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(text.malformed_characters(), 1);
}

// However the bytes come, the charset is the same, and all of them are given on in order.
TEST(FeedText, PiecesChangeNothing) {
  const std::string plain(100000, 'x'), kanji = "山田太郎 ﾐｷ 東京都";
  for (const Charset charset : {Charset::kCp932, Charset::kUtf8, Charset::kEucJp})
    for (const std::string& before : {std::string(), plain})
      for (const std::string& after : {std::string(), plain}) {
        const std::string bytes = before + In(kanji, charset) + after;
        for (const size_t piece : {1, 7, 4096, 1 << 20}) {
          FeedText text((FeedOptions()));
          std::string given;
          const auto take = [&](std::string_view part) { given += part; };
          for (size_t i = 0; i < bytes.size(); i += piece) text.Take(std::string_view(bytes).substr(i, piece), take);
          text.End(take);
          EXPECT_EQ(given, bytes);
          EXPECT_EQ(text.encoding(), CharsetName(charset));
        }
      }
}

TEST(FeedText, AmongUtf8AndCp932NothingElseIsGuessed) {
  FeedText text(FeedOptions(), FeedText::Among::kUtf8AndCp932);
  const auto nowhere = [](std::string_view) {};
  text.Take(In("山田太郎", Charset::kEucJp), nowhere);
  text.End(nowhere);
  EXPECT_EQ(text.encoding(), "CP932");
}

TEST(FeedText, FileStemIsTheNameAlone) {
  const std::pair<const char*, const char*> cases[] = {{"/a/b.c/RECEIPTC.UKE", "RECEIPTC"},
                                                       {"h01.csv.gz", "h01"},
                                                       {"x", "x"},
                                                       {"", "feed"},
                                                       {"-", "feed"},
                                                       {"a/.hidden", "feed"}};
  for (const auto& [path, stem] : cases) EXPECT_EQ(FileStem(path), stem) << path;
}

}  // namespace
}  // namespace libmpi
