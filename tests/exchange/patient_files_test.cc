// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/patient_files.h"

#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/exchange/output_file.h"

namespace libmpi {
namespace {

using ::testing::HasSubstr;

class PatientFilesTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& bytes) {
    const std::string path = ::testing::TempDir() + "/" + std::to_string(getpid()) + name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  absl::StatusOr<PatientFiles> Read(const std::vector<std::string>& paths, ReadOptions options = {}) {
    return PatientFiles::Read(paths, options);
  }
  std::string ErrorOf(const std::string& bytes) {
    return std::string(Read({Write("e.csv", bytes)}).status().message());
  }
};

std::string Dump(const PatientFiles& files) {
  std::string out;
  for (size_t i = 0; i < files.size(); ++i) {
    const Record r = files.Get(i);
    out += r.key.ToString();
    for (const auto& n : r.names) out += "|" + n.full + "/" + n.full_kana;
    for (const auto& b : r.births) out += "|" + b;
    for (const auto& p : r.phones) out += "|" + p;
    out += "\n";
  }
  return out;
}

TEST_F(PatientFilesTest, ReadsEnglishAndJapaneseHeaders) {
  const auto files = Read({Write("a.csv", "record_id,source,name,kana,birth,sex,insurer,symbol,number,branch,prefecture,city,street,phone\n"
                                          "1,H01,山田 太郎,ヤマダ タロウ,1980-01-02,M,01130012,1,2,00,東京都,港区,1-1,03-1111-2222\n"),
                           Write("b.csv", "患者ID,施設,漢字氏名,カナ氏名,生年月日,性別,電話番号\n7,C01,佐藤 花子,サトウ ハナコ,S55.1.2,女,090-1111-2222\n")});
  ASSERT_TRUE(files.ok()) << files.status();
  ASSERT_EQ(files->size(), 2);
  EXPECT_EQ(files->key(0).ToString(), "C01:7");
  const Record r = files->Get(1);
  EXPECT_EQ(r.coverages[0].insurer, "01130012");
  EXPECT_EQ(r.addresses[0].city, "港区");
  EXPECT_TRUE(files->rejects().empty());
}

TEST_F(PatientFilesTest, SourceFallsBackToTheFilesName) {
  const std::string path = Write("clinic.csv", "id,name\n1,山田 太郎\n");
  const auto files = Read({path});
  ASSERT_TRUE(files.ok());
  EXPECT_THAT(files->key(0).source, ::testing::EndsWith("clinic"));
  ReadOptions options;
  options.default_source = "C09";
  EXPECT_EQ(Read({path}, options)->key(0).source, "C09");
}

TEST_F(PatientFilesTest, RowsOfOneIdAreOneRecordInAnyOrder) {
  std::vector<std::string> rows = {"1,山田 太郎,1980-01-02,03-1111-2222", "1,山田 太郎,1980-01-02,090-3333-4444",
                                   "2,佐藤 花子,1990-01-02,", "1,,,03-1111-2222", "3,鈴木 一郎,1950-05-05,"};
  std::string first;
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(rows.begin(), rows.end(), random);
    std::string one = "id,source,name,birth,phone\n", two = one;
    for (size_t i = 0; i < rows.size(); ++i) {
      std::string row = rows[i];
      row.insert(row.find(','), ",H");
      (i % 2 ? one : two) += row + "\n";
    }
    const auto files = Read({Write("1.csv", one), Write("2.csv", two)});
    ASSERT_TRUE(files.ok());
    if (first.empty()) first = Dump(*files);
    EXPECT_EQ(Dump(*files), first);
  }
  EXPECT_THAT(first, HasSubstr("H:1|山田 太郎/|1980-01-02|03-1111-2222|090-3333-4444"));
}

TEST_F(PatientFilesTest, ContradictingRowsStayApart) {
  const auto files = Read({Write("a.csv", "id,name,kana,birth,sex\n1,山田 太郎,ヤマダ タロウ,1980-01-02,M\n1,佐藤 花子,サトウ ハナコ,1955-11-30,F\n")});
  ASSERT_TRUE(files.ok());
  ASSERT_EQ(files->size(), 2);
  EXPECT_EQ(files->key(0).part, 1);
  EXPECT_EQ(files->key(1).part, 2);
  EXPECT_EQ(files->findings().size(), 2);
  EXPECT_EQ(files->Get(0).names.size(), 1);
}

TEST_F(PatientFilesTest, BadRowsAreRejectedWithTheirLine) {
  std::string text = "id,name,birth\n1,山田 太郎,1980-01-02\n2,too few\n3,a,b,c\n,no id,\n5,\"open,1\n6,\"x\"y,1\n";
  text += std::string("7,nul\0,1\n", 9);
  text += "8," + std::string(2 << 20, 'x') + ",1\n9,ok,\n";
  const auto files = Read({Write("a.csv", text)});
  ASSERT_TRUE(files.ok()) << files.status();
  std::vector<std::pair<uint64_t, std::string>> got;
  for (const Reject& r : files->rejects()) got.emplace_back(r.line, r.field + ":" + r.reason);
  EXPECT_THAT(got, ::testing::ElementsAre(
                       std::pair(3ul, ":has 2 of 3 columns"), std::pair(4ul, ":has 4 of 3 columns"),
                       std::pair(5ul, "record_id:is missing"), std::pair(6ul, ":a quote that never closes"),
                       std::pair(7ul, ":text after a closing quote"), std::pair(8ul, ":has a NUL byte"),
                       std::pair(9ul, ":longer than 1048576 bytes")));
  const auto& f = files->files()[0];
  EXPECT_EQ(f.rows_read, f.rows_accepted + f.rows_rejected);
  EXPECT_EQ(files->size(), 2);
}

TEST_F(PatientFilesTest, RefusesFilesWithAReason) {
  EXPECT_THAT(ErrorOf(""), HasSubstr("empty"));
  EXPECT_THAT(ErrorOf("name,birth\nx,y\n"), HasSubstr("record_id"));
  EXPECT_THAT(ErrorOf("id,patient_id\n1,2\n"), HasSubstr("both mean record_id"));
  EXPECT_THAT(ErrorOf("id" + std::string(5000, ',') + "\n"), HasSubstr("more than 4096 columns"));
  EXPECT_THAT(ErrorOf("id" + std::string(1000000, ',') + "\n"), HasSubstr("columns"));
  EXPECT_THAT(ErrorOf(std::string("id\0,x\n", 6)), HasSubstr("NUL"));
  EXPECT_THAT(ErrorOf("\xFF\xFEi\0d\0"), HasSubstr("UTF-16"));
  EXPECT_THAT(ErrorOf("\x1F\x8B" "garbage"), HasSubstr("damaged"));
  EXPECT_EQ(Read({"/nonexistent/x.csv"}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(Read({"/tmp"}).status().message()), HasSubstr("folder"));
}

TEST_F(PatientFilesTest, AFirstLineOfDataIsNotShown) {
  EXPECT_THAT(ErrorOf("5,山田 太郎,1980-01-02\n6,佐藤 花子,1990-01-02\n"), ::testing::Not(HasSubstr("山田")));
}

TEST_F(PatientFilesTest, HeaderOnlyIsNoRecords) {
  const auto files = Read({Write("a.csv", "id,name\n")});
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(files->size(), 0);
}

TEST_F(PatientFilesTest, RepeatedHeadersAreRejects) {
  const auto files = Read({Write("a.csv", "record_id,name\n1,x\nrecord_id,name\n2,y\n")});
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(files->size(), 2);
  ASSERT_EQ(files->rejects().size(), 1);
  EXPECT_THAT(files->rejects()[0].reason, HasSubstr("header"));
}

TEST_F(PatientFilesTest, ColumnsCanBeTold) {
  ReadOptions options;
  options.columns = {{"my id", "record_id"}, {"who", "name"}, {"name", ""}};
  const auto files = Read({Write("a.csv", "my id,who,name\n1,山田 太郎,x\n")}, options);
  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_EQ(files->Get(0).names[0].full, "山田 太郎");
  options.columns = {{"my id", "nonsense"}};
  EXPECT_THAT(std::string(Read({Write("a.csv", "my id\n1\n")}, options).status().message()), HasSubstr("nonsense"));
}

TEST_F(PatientFilesTest, UnpacksGzipAndZstd) {
  const std::string text = "id,name\n1,山田 太郎\n";
  std::string zstd(ZSTD_compressBound(text.size()), '\0');
  zstd.resize(ZSTD_compress(zstd.data(), zstd.size(), text.data(), text.size(), 1));
  EXPECT_EQ(Read({Write("a.csv.zst", zstd)})->size(), 1);
  const std::string path = Write("a.csv.gz", "");
  gzFile gz = gzopen(path.c_str(), "wb");
  gzwrite(gz, text.data(), static_cast<unsigned>(text.size()));
  gzclose(gz);
  EXPECT_EQ(Read({path})->size(), 1);
}

TEST_F(PatientFilesTest, AColumnOfMyNumbersIsRefused) {
  std::string text = "id,name,number\n";
  int made = 0;
  for (int i = 0; made < 40; ++i) {
    std::string digits = std::to_string(100000000000 + 7919ull * i);
    int sum = 0;
    for (int n = 1; n <= 11; ++n) sum += (digits[11 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
    digits[11] = static_cast<char>('0' + (sum % 11 <= 1 ? 0 : 11 - sum % 11));
    text += std::to_string(i) + ",x," + digits + "\n";
    ++made;
  }
  const auto files = Read({Write("a.csv", text)});
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(files->size(), 40);
  EXPECT_TRUE(files->Get(3).coverages.empty());
  ASSERT_EQ(files->findings().size(), 1);
  EXPECT_EQ(files->findings()[0].finding.code, FindingCode::kMyNumberRefused);
}

TEST_F(PatientFilesTest, TwoListsKeepTheirRecordsApart) {
  const std::vector<std::string> a = {Write("n.csv", "id,source,name\n1,X,a\n2,X,b\n")}, b = {Write("r.csv", "id,source,name\n1,X,a\n")};
  const auto both = PatientFiles::ReadTwoLists(a, b, {});
  ASSERT_TRUE(both.ok());
  EXPECT_EQ(both->second, 2);
  EXPECT_EQ(both->first.size(), 3);
}

TEST(OutputFileTest, RenamesOnlyWhatIsWhole) {
  const std::string path = ::testing::TempDir() + "/" + std::to_string(getpid()) + "out.txt";
  {
    auto file = OutputFile::Create(path);
    ASSERT_TRUE(file.ok());
    file->Append("half");
  }
  EXPECT_NE(access(path.c_str(), F_OK), 0);
  EXPECT_NE(access((path + ".partial").c_str(), F_OK), 0);
  auto file = OutputFile::Create(path);
  file->Append("whole");
  EXPECT_TRUE(file->Commit().ok());
  EXPECT_EQ(*ReadSmallFile(path), "whole");
}

TEST(OutputFileTest, SaysThatTheDiskIsFull) {
  const std::string path = ::testing::TempDir() + "/" + std::to_string(getpid()) + "full.txt";
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small = {4096, before.rlim_max};
  std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  auto file = OutputFile::Create(path);
  for (int i = 0; i < 1000; ++i) file->Append(std::string(5000, 'x'));
  const absl::Status status = file->Commit();
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_NE(access(path.c_str(), F_OK), 0);
}

}  // namespace
}  // namespace libmpi
