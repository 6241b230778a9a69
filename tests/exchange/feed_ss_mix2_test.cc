// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/exchange/feeds/ss_mix2.h"
#include "libmpi/exchange/feeds/ss_mix2_name.h"
#include "libmpi/exchange/feeds/ss_mix2_state.h"
#include "libmpi/exchange/feeds/ss_mix2_tree.h"
#include "tests/exchange/hl7_feed_sink.h"

namespace libmpi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace fs = std::filesystem;

constexpr char kNo[] = "999999999999999";

class SsMix2Test : public ::testing::Test {
 protected:
  SsMix2Test() : folder_(fs::temp_directory_path() / ("ss_mix2_test." + std::to_string(getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~SsMix2Test() override { fs::remove_all(folder_); }

  std::string Root() const { return (folder_ / "root").string(); }

  static std::string Message(const std::string& number, const std::string& type = "ADT^A08",
                             const std::string& more = "") {
    return "MSH|^~\\&|HIS|SEND|||20260401||" + type + "|1|P|2.5\rPID|||" + number + "^^^^PI|||||M\r" + more;
  }

  // A file of one patient's.
  std::string Put(const std::string& number, const std::string& date, const std::string& datatype,
                  const std::string& time, char condition, const std::string& bytes, const std::string& order = kNo) {
    const std::string path = number.substr(0, 3) + "/" + number.substr(3, 3) + "/" + number + "/" + date + "/" +
                             datatype + "/" + number + "_" + date + "_" + datatype + "_" + order + "_" + time + "_-_" +
                             condition;
    PutAt(path, bytes);
    return path;
  }
  void PutAt(const std::string& path, const std::string& bytes) const {
    const fs::path whole = fs::path(Root()) / path;
    fs::create_directories(whole.parent_path());
    std::ofstream(whole, std::ios::binary) << bytes;
  }

  struct TreeRead {
    std::vector<std::string> lines;
    SsMix2Counts counts;
    SsMix2State state;
  };
  TreeRead Read(const SsMix2State& before = {}, int threads = 1, const FeedOptions& options = {},
                size_t patients_at_a_time = 4096) {
    SsMix2TreeOptions tree_options;
    tree_options.patients_at_a_time = patients_at_a_time;
    tree_options.threads = threads;
    const auto tree = SsMix2Tree::Open(Root(), tree_options);
    EXPECT_TRUE(tree.ok()) << tree.status();
    Hl7FeedSink sink;
    TreeRead read;
    const auto counts = tree->Read(options, before, &read.state, &sink);
    EXPECT_TRUE(counts.ok()) << counts.status();
    read.counts = *counts;
    read.lines = sink.lines;
    return read;
  }

  const fs::path folder_;
};

TEST(SsMix2NameTest, Names) {
  const struct {
    const char* name;
    bool good;
  } kCases[] = {
      {"0123456789_20080126_OML-11_081251234567800_200802031630123_01_1", true},
      {"0123456789_-_ADT-00_999999999999999_20260101120000000_-_1", true},
      {"0123456789_-_ADT-00_999999999999999_20260101120000000_-_1.hl7", true},
      {"0123456789_20080126_OMD_081251234567800_20080203163012345_01_2", true},
      {"0123456789_-_ADT-00_999999999999999_20260101120000000_-_3", false},
      {"0123456789_-_ADT-00_999999999999999_20260101120000000_-_12", false},
      {"0123456789_-_ADT-00_999999999999999_20260101_-_1", false},
      {"0123456789_2026_ADT-00_999999999999999_20260101120000000_-_1", false},
      {"_-_ADT-00_999999999999999_20260101120000000_-_1", false},
      {"0123456789_-_ADT-00_999999999999999_20260101120000000_1", false},
      {"0123456789_-_ADT-00_999999999999999_20260101120000000_-_1_1", false},
      {"0123456789_20160101_L-OBSERVATIONS^OBSERVATIONS^99ZL01_000000020160101_201601011500321_1", false},
      {"0123456789_20160101_L-X^X^99ZL01_000000020160101_201601011500321_-_1", false},
      {"", false},
  };
  for (const auto& c : kCases) EXPECT_EQ(ParseSsMix2Name(c.name).has_value(), c.good) << c.name;
  const SsMix2Name name = *ParseSsMix2Name("01_-_ADT-00_9_20260101120000000_07_0.txt");
  EXPECT_EQ(name.patient, "01");
  EXPECT_EQ(name.date, "-");
  EXPECT_EQ(name.datatype, "ADT-00");
  EXPECT_EQ(name.order, "9");
  EXPECT_EQ(name.time, "20260101120000000");
  EXPECT_EQ(name.department, "07");
  EXPECT_EQ(name.condition, '0');
}

TEST(SsMix2NameTest, RootsAndWhoseNumbersTheyHold) {
  const std::string name = "0123456789_-_ADT-00_9_20260101120000000_-_1";
  const struct {
    std::string path, root, source;
  } kCases[] = {
      {"/data/1312345670/012/345/0123456789/-/ADT-00/", "/data/1312345670", "1312345670"},
      {"1312345670_2016/012/345/0123456789/-/ADT-00/", "1312345670_2016", "1312345670"},
      {"/1312345670-ADT//012/345/0123456789/-/ADT-00/", "/1312345670-ADT", "1312345670"},
      {"x/standard_root/012/345/0123456789/-/ADT-00/", "x/standard_root", "standard_root"},
      {"x/131234567012/012/345/0123456789/-/ADT-00/", "x/131234567012", "131234567012"},
      {"./012/345/0123456789/-/ADT-00/", ".", ""},
      {"012/345/0123456789/-/ADT-00/", "", ""},
      {"0123456789/-/ADT-00/", "", ""},
      {"a/b/c/012/345/9999999999/-/ADT-00/", "", ""},
      {"", "", ""},
  };
  for (const auto& c : kCases) {
    const std::string path = c.path + name;
    const std::string_view root = SsMix2RootOf(path, *ParseSsMix2Name(name));
    EXPECT_EQ(root, c.root) << c.path;
    EXPECT_EQ(SsMix2SourceOf(root), c.source) << c.path;
  }
}

TEST(SsMix2FileTest, ByTheName) {
  const auto read = [](const std::string& name, const std::string& bytes, const std::string& source = "") {
    FeedOptions options;
    options.path = name;
    options.source = source;
    return ReadWith(NewSsMix2Parser, bytes, options);
  };
  const std::string msh = "MSH|^~\\&|HIS|SEND|||20260401||ADT^A08|1|P|2.5\r", pid = "PID|||12^^^^PI|||||M\r";
  const std::string flat = "12_-_ADT-00_9_20260101120000000_-_", result = "12_20260101_OML-11_9_20260101120000000_01_";
  const std::string tree = "in/1312345670/12/-/12/-/ADT-00/";
  const std::string over =
      "1 noted : the file's name says that what stands in it was replaced or deleted: nothing is taken";
  const struct {
    const char* what;
    std::string path, bytes, source, expected;
  } kCases[] = {
      {"a current one", flat + "1", msh + pid, "", "2 taken SEND:12 sexes=M"},
      {"in a tree", tree + flat + "1", msh + pid, "", "2 taken 1312345670:12 sexes=M"},
      {"the option", tree + flat + "1", msh + pid, "h", "2 taken h:12 sexes=M"},
      {"an authority of its own", tree + flat + "1", msh + "PID|||12^^^NS\r", "h", "2 taken NS:12"},
      {"a deleted one", tree + flat + "0", msh + pid, "", "2 withdrawn 1312345670:12"},
      {"a deleted one with nothing in it", tree + flat + "0", "", "", "1 withdrawn 1312345670:12"},
      {"a replaced one", tree + flat + "2", msh + pid, "", over},
      {"a result", result + "1", msh + pid, "", "2 taken SEND:12 sexes=M"},
      {"a deleted result", result + "0", msh + pid, "", over},
      {"a replaced result", result + "2", msh + pid, "", over},
      {"leading zeros", "00" + flat + "1", msh + pid, "", "2 taken SEND:12 sexes=M"},
      {"another patient", "3" + flat + "1", msh + pid, "",
       "2 refused record_id: PID-3 is another patient's number than the file's name says"},
      {"another patient deleted", "3" + flat + "0", msh + pid, "",
       "2 refused record_id: PID-3 is another patient's number than the file's name says"},
      {"no sender", flat + "1", "MSH|^~\\&|\r" + pid, "", "2 taken ss-mix2:12 sexes=M"},
      {"no such name", "x.hl7", msh + pid, "", "2 taken SEND:12 sexes=M"},
  };
  for (const auto& c : kCases) {
    const Hl7Reading said = read(c.path, c.bytes, c.source);
    EXPECT_TRUE(said.status.ok()) << c.what << said.status;
    EXPECT_THAT(said.lines, ElementsAre(c.expected)) << c.what;
  }
  EXPECT_EQ(read(flat + "1", "").status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(read(flat + "1", msh + pid + msh + pid).lines,
              ElementsAre("2 taken SEND:12 sexes=M", "4 taken SEND:12 sexes=M",
                          "1 noted : the file has several messages, where SS-MIX2 has one"));
  EXPECT_EQ(DetectFeedFormat(tree + flat + "1", msh), FeedFormat::kSsMix2);
  EXPECT_EQ(DetectFeedFormat("12_20260101_OMD_9_20260101120000000_01_1", msh), FeedFormat::kSsMix2);
  EXPECT_EQ(DetectFeedFormat("adt.hl7", msh), FeedFormat::kHl7v2);
}

TEST(SsMix2TreeGoldenTest, ReadsAStorage) {
  const std::string root = GoldenPath("ss_mix2/1312345670_STD");
  EXPECT_EQ(DetectSsMix2(root), SsMix2Storage::kStandard);
  EXPECT_EQ(DetectSsMix2(GoldenPath("ss_mix2")), SsMix2Storage::kNone);
  const auto tree = SsMix2Tree::Open(root);
  ASSERT_TRUE(tree.ok());
  Hl7FeedSink sink;
  SsMix2State state;
  const auto counts = tree->Read({}, {}, &state, &sink);
  ASSERT_TRUE(counts.ok());
  const std::string at = "file 000/000/0000000";
  EXPECT_THAT(sink.lines,
              ElementsAre(at + "101/-/ADT-00/0000000101_-_ADT-00_999999999999999_20260201120000000_-_1",
                          "2 taken 1312345670:0000000101 names=山本|太郎|ヤマモト|タロウ births=19800101 sexes=M "
                          "coverages=138057|12|345|01",
                          at + "102/-/ADT-00/0000000102_-_ADT-00_999999999999999_20260301120000000_-_0",
                          "2 withdrawn 1312345670:0000000102",
                          at + "103/20260110/ADT-22/0000000103_20260110_ADT-22_000000000000001_20260110120000000_01_1",
                          "2 taken 1312345670:0000000103 names=京|次郎|キョウ|ジロウ births=19800101 sexes=M "
                          "coverages=39131156||12345678|",
                          at + "105/20260210/OMD/0000000105_20260210_OMD_000000000000004_202602101200123_01_1",
                          "2 taken 1312345670:0000000105 names=府中|目|フチュウ|メ births=19800101 sexes=M"));
  EXPECT_EQ(counts->patients, 5u);
  EXPECT_EQ(counts->files, 4u);
  EXPECT_EQ(counts->withdrawn, 1u);
  EXPECT_EQ(counts->by_other_data, 2u);
  EXPECT_EQ(counts->silent, 1u);
}

TEST_F(SsMix2Test, TheNewestAdt00Counts) {
  const struct {
    const char* what;
    std::vector<std::pair<std::string, char>> versions;
    const char* expected;  // the time that is given; empty: none
  } kCases[] = {
      {"one", {{"20260101000000000", '1'}}, "20260101000000000"},
      {"replaced", {{"20260101000000000", '2'}, {"20260201000000000", '1'}}, "20260201000000000"},
      {"two that say they are current", {{"20260301000000000", '1'}, {"20260201000000000", '1'}}, "20260301000000000"},
      {"deleted", {{"20260101000000000", '0'}, {"20260201000000000", '0'}}, "20260201000000000"},
      {"deleted, and come back", {{"20260201000000000", '0'}, {"20260301000000000", '1'}}, "20260301000000000"},
      {"deleted, the old one not renamed",
       {{"20260101000000000", '1'}, {"20260201000000000", '0'}},
       "20260201000000000"},
      {"of one moment", {{"20260101000000000", '0'}, {"20260101000000000", '1'}}, "20260101000000000"},
      {"replaced by nothing yet", {{"20260101000000000", '2'}}, ""},
  };
  for (const auto& c : kCases) {
    fs::remove_all(Root());
    for (const auto& [time, condition] : c.versions)
      Put("0000000001", "-", "ADT-00", time, condition, Message("0000000001"));
    // Never a result, where there is an ADT-00.
    Put("0000000001", "20261231", "ADT-22", "20261231000000000", '1', Message("0000000001"));
    const TreeRead read = Read();
    if (*c.expected == '\0') {
      EXPECT_THAT(read.lines, IsEmpty()) << c.what;
    } else {
      EXPECT_THAT(read.lines, ElementsAre(HasSubstr(c.expected), HasSubstr("0000000001"))) << c.what;
    }
  }
}

TEST_F(SsMix2Test, OnlyWhatChangedIsReadAgain) {
  for (int i = 0; i < 20; ++i) {
    const std::string number = "00000000" + std::to_string(10 + i);
    Put(number, "-", "ADT-00", "20260101000000000", '1', Message(number));
  }
  const TreeRead first = Read();
  EXPECT_EQ(first.counts.files, 20u);
  EXPECT_EQ(first.state.size(), 20u);

  const std::string file = (folder_ / "state").string();
  ASSERT_TRUE(first.state.Save(file).ok());
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const auto loaded = SsMix2State::Load(file);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(*loaded, first.state);
  const TreeRead second = Read(*loaded);
  EXPECT_THAT(second.lines, IsEmpty());
  EXPECT_EQ(second.counts.unchanged, 20u);
  EXPECT_EQ(second.state, first.state);

  // A new version, a deletion, one that was written over, a new patient.
  const fs::path old = fs::path(Root()) / "000/000/0000000010/-/ADT-00";
  fs::rename(old / ("0000000010_-_ADT-00_" + std::string(kNo) + "_20260101000000000_-_1"),
             old / ("0000000010_-_ADT-00_" + std::string(kNo) + "_20260101000000000_-_2"));
  Put("0000000010", "-", "ADT-00", "20260201000000000", '1', Message("0000000010"));
  Put("0000000011", "-", "ADT-00", "20260201000000000", '0', Message("0000000011", "ADT^A23"));
  Put("0000000012", "-", "ADT-00", "20260101000000000", '1', Message("0000000012", "ADT^A08", "ZZZ|1\r"));
  Put("0000000090", "-", "ADT-00", "20260101000000000", '1', Message("0000000090"));
  const TreeRead third = Read(second.state);
  EXPECT_THAT(third.lines,
              ElementsAre(HasSubstr("file"), "2 taken root:0000000010 sexes=M", HasSubstr("file"),
                          "2 withdrawn root:0000000011", HasSubstr("file"), "2 taken root:0000000012 sexes=M",
                          HasSubstr("file"), "2 taken root:0000000090 sexes=M"));
  EXPECT_EQ(third.counts.unchanged, 17u);
  EXPECT_EQ(third.state.size(), 21u);
}

TEST_F(SsMix2Test, DamagedStatesAreRefused) {
  SsMix2State state;
  state.Set("a", {1, 2});
  const std::string file = (folder_ / "state").string();
  ASSERT_TRUE(state.Save(file).ok());
  const std::string bytes = BytesOf(file);
  EXPECT_EQ(SsMix2State::Load(file + ".none")->size(), 0u);
  for (size_t i = 0; i <= bytes.size(); ++i) {
    std::string damaged = bytes.substr(0, i);
    if (i == bytes.size()) damaged += "x";
    std::ofstream(file, std::ios::binary | std::ios::trunc) << damaged;
    EXPECT_EQ(SsMix2State::Load(file).status().code(), absl::StatusCode::kDataLoss) << i;
    if (i == bytes.size()) continue;
    damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << damaged;
    EXPECT_EQ(SsMix2State::Load(file).status().code(), absl::StatusCode::kDataLoss) << i;
  }
}

TEST_F(SsMix2Test, WhatIsNoneOfATreeIsLeftOut) {
  const std::string good = Put("0000000001", "-", "ADT-00", "20260101000000000", '1', Message("0000000001"));
  PutAt("readme.txt", "x");
  PutAt("000/Thumbs.db", "x");
  PutAt("000/000/0000000001/-/ADT-00/0000000001.tmp", "x");
  PutAt("000/000/0000000001/-/ADT-00/0000000002_-_ADT-00_9_20270101000000000_-_1", Message("0000000002"));
  PutAt("000/000/0000000002/20260101/OML-11/sub/0000000002_20260101_OML-11_9_20270101000000000_-_1", Message("2"));
  // Loops, and a pipe.
  fs::create_directory_symlink(Root(), Root() + "/000/loop");
  fs::create_directory_symlink(Root(), Root() + "/000/000/0000000009");
  fs::create_directories(Root() + "/000/000/0000000003/-");
  fs::create_directory_symlink("../../0000000001/-/ADT-00", Root() + "/000/000/0000000003/-/ADT-00");
  fs::create_directories(Root() + "/000/000/0000000004/-/ADT-00");
  ASSERT_EQ(mkfifo((Root() + "/000/000/0000000004/-/ADT-00/0000000004_-_ADT-00_9_20270101000000000_-_1").c_str(), 0600),
            0);
  const TreeRead read = Read();
  EXPECT_THAT(read.lines, ElementsAre("file " + good, "2 taken root:0000000001 sexes=M",
                                      "file 000/000/0000000003/-/ADT-00", HasSubstr("0 refused : it can't be read")));
  EXPECT_EQ(read.counts.left_out, 8u);
  EXPECT_EQ(read.counts.problems, 1u);
  EXPECT_EQ(read.state.size(), 1u);
}

TEST_F(SsMix2Test, TheExtendedStorageIsToldApart) {
  PutAt(
      "012/345/0123456789/20160101/L-OBSERVATIONS^OBSERVATIONS^99ZL01/"
      "0123456789_20160101_L-OBSERVATIONS^OBSERVATIONS^99ZL01_000000020160101_201601011500321_1/main_document.hl7",
      Message("0123456789", "ORU^R30"));
  PutAt("012/345/0123456789/20160102/^x^^11506-3^y^LN/a_1/main.xml", "<x/>");
  PutAt("012/345/0123456789/20160102/^x^^11506-3^y^LN/a_2/main.xml", "<x/>");
  EXPECT_EQ(DetectSsMix2(Root()), SsMix2Storage::kExtended);
  EXPECT_EQ(DetectSsMix2(folder_.string()), SsMix2Storage::kNone);
  EXPECT_EQ(DetectSsMix2(Root() + "/none"), SsMix2Storage::kNone);
  const TreeRead read = Read();
  EXPECT_THAT(read.lines, IsEmpty());
  EXPECT_EQ(read.counts.extended_documents, 3u);
  EXPECT_EQ(read.counts.silent, 1u);
}

TEST_F(SsMix2Test, ThreadsAndBatchesDoNotShow) {
  for (int i = 0; i < 300; ++i) {
    const std::string number = std::to_string(1'000'000'000 + i * 7919 % 300);
    Put(number, "-", "ADT-00", "20260101000000000", i % 10 == 0 ? '0' : '1', i % 50 == 7 ? "x" : Message(number));
  }
  const TreeRead one = Read({}, 1), many = Read({}, 4, {}, 77);
  EXPECT_EQ(one.lines, many.lines);
  EXPECT_EQ(one.state, many.state);
  EXPECT_EQ(one.counts.patients, 300u);
  EXPECT_EQ(one.counts.files, 300u);
  EXPECT_EQ(one.lines.size(), 606u) << "six files are none of HL7";
}

TEST_F(SsMix2Test, LimitsAndErrors) {
  EXPECT_EQ(SsMix2Tree::Open(Root()).status().code(), absl::StatusCode::kNotFound);
  for (const char* time : {"20260101000000000", "20260201000000000", "20260301000000000"})
    Put("0000000001", "-", "ADT-00", time, '1', Message("0000000001"));
  EXPECT_EQ(SsMix2Tree::Open((folder_ / "root/000/000/0000000001/-/ADT-00/none").string()).status().code(),
            absl::StatusCode::kNotFound);
  SsMix2TreeOptions options;
  options.max_entries = 2;
  const auto tree = SsMix2Tree::Open(Root(), options);
  Hl7FeedSink sink;
  SsMix2State state;
  ASSERT_TRUE(tree->Read({}, {}, &state, &sink).ok());
  EXPECT_THAT(sink.lines, ElementsAre("file 000/000/0000000001/-/ADT-00",
                                      "0 refused : the folder has more entries than it may have"));
  EXPECT_EQ(state.size(), 0u);

  FeedOptions small;
  small.max_document_bytes = 10;
  EXPECT_THAT(Read({}, 1, small).lines,
              ElementsAre(HasSubstr("20260301"), "1 refused : the file is larger than a message may be"));

  // What the caller's function says ends a walk.
  const auto whole = SsMix2Tree::Open(Root());
  EXPECT_EQ(whole->Walk({}, &state, [](const auto&) { return absl::AbortedError("enough"); }).status().code(),
            absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace libmpi
