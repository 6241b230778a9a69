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
#include "libmpi/exchange/temp_space.h"
#include "exchange/my_numbers.h"

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

// Every value of a record, run together.
std::string AllText(const PatientFiles& files) {
  std::string out;
  for (size_t i = 0; i < files.size(); ++i) {
    const Record r = files.Get(i);
    out += r.key.ToString() + "|";
    for (const auto& n : r.names) out += n.full + n.family + n.given + n.full_kana + n.latin + "|";
    for (const auto& c : r.coverages) out += c.insurer + "|" + c.symbol + "|" + c.number + "|" + c.branch + "|";
    for (const auto& c : r.care) out += c.insurer + "|" + c.number + "|";
    for (const auto& a : r.addresses) out += a.postal_code + "|" + a.street + a.full + "|";
    for (const auto* values : {&r.former_names, &r.births, &r.sexes, &r.phones})
      for (const std::string& value : *values) out += value + "|";
  }
  return out;
}

std::string Grouped(const std::string& digits) {
  return digits.substr(0, 4) + "-" + digits.substr(4, 4) + "-" + digits.substr(8);
}

std::string Wide(const std::string& digits) {
  std::string out;
  for (char c : digits) out += "\xEF\xBC" + std::string(1, static_cast<char>(0x90 + c - '0'));
  return out;
}

TEST_F(PatientFilesTest, ColumnsOfMyNumbersAreRefused) {
  for (const char* field : {"number", "symbol", "insurer", "branch", "care_insurer", "care_number", "phone", "phone2",
                            "address", "postal_code", "name", "kana", "former_name", "birth"})
    for (auto write : {+[](const std::string& digits) { return digits; }, +Grouped, +Wide}) {
      std::string text = std::string("id,latin,") + field + "\n";
      for (int i = 0; i < 5; ++i) text += std::to_string(i) + ",x," + write(NthMyNumber(i)) + "\n";
      const auto files = Read({Write("a.csv", text)});
      ASSERT_TRUE(files.ok()) << field;
      EXPECT_EQ(files->size(), 5);
      for (int i = 0; i < 5; ++i) EXPECT_THAT(AllText(*files), ::testing::Not(HasSubstr(write(NthMyNumber(i))))) << field;
      ASSERT_EQ(files->findings().size(), 1) << field;
      EXPECT_EQ(files->findings()[0].finding, (Finding{FindingCode::kMyNumberRefused, field}));
    }
}

TEST_F(PatientFilesTest, IdsThatAreMyNumbersRefuseTheFile) {
  for (const char* header : {"id,name", "source,id,name"}) {
    std::string text = std::string(header) + "\n";
    for (int i = 0; i < 6; ++i) text += Grouped(NthMyNumber(i)) + "," + std::to_string(i) + (header[0] == 's' ? ",\n" : "\n");
    const std::string error = ErrorOf(text);
    EXPECT_THAT(error, HasSubstr("My Numbers"));
    EXPECT_THAT(error, HasSubstr("e.csv: column 1"));
    for (int i = 0; i < 6; ++i) EXPECT_THAT(error, ::testing::Not(HasSubstr(Grouped(NthMyNumber(i)))));
  }
}

TEST_F(PatientFilesTest, ALoneHitIsAFindingAndStays) {
  const auto files = Read({Write("a.csv", "id,phone\n1,03-1111-2222\n2," + NthMyNumber(1) + "\n3,03-1111-3333\n")});
  ASSERT_TRUE(files.ok());
  EXPECT_THAT(AllText(*files), HasSubstr(NthMyNumber(1)));
  ASSERT_EQ(files->findings().size(), 1);
  EXPECT_EQ(files->findings()[0].finding, (Finding{FindingCode::kMyNumberSuspected, "phone"}));
  EXPECT_EQ(files->findings()[0].line, 3);
}

TEST_F(PatientFilesTest, DeclaredMyNumbersAreNeverKept) {
  ReadOptions options;
  options.columns = {{"謎", "my_number"}};
  for (const char* header : {"個人番号", "マイナンバー", "my_number", "謎"}) {
    // Not even where the values look like none.
    const auto files = Read({Write("a.csv", std::string("id,name,") + header + "\n1,x," + NthMyNumber(1) + "\n2,y,secret\n")},
                            options);
    ASSERT_TRUE(files.ok()) << files.status();
    EXPECT_THAT(AllText(*files), ::testing::Not(HasSubstr(NthMyNumber(1))));
    EXPECT_THAT(AllText(*files), ::testing::Not(HasSubstr("secret")));
    ASSERT_EQ(files->findings().size(), 1) << header;
    EXPECT_EQ(files->findings()[0].finding, (Finding{FindingCode::kMyNumberRefused, "my_number"}));
    EXPECT_TRUE(files->files()[0].unknown_columns.empty());
  }
}

TEST_F(PatientFilesTest, SeveralColumnsOfOneMeaningAreSeveralStatements) {
  const auto files = Read({Write("a.csv", "id,電話番号,連絡先,携帯,住所,現住所,氏名,カナ氏名,フリガナ,緊急連絡先\n"
                                          "1,03-1111-2222,03-3333-4444,,東京都港区1,東京都港区2,山田,ヤマダ,ヤマタ,03-9999-9999\n"
                                          "2,03-1111-2222,03-1111-2222,,東京都港区1,,山田,,ヤマダ,\n")});
  ASSERT_TRUE(files.ok()) << files.status();
  const Record both = files->Get(0), one = files->Get(1);
  EXPECT_THAT(both.phones, ::testing::ElementsAre("03-1111-2222", "03-3333-4444"));
  EXPECT_EQ(both.addresses.size(), 2);
  ASSERT_EQ(both.names.size(), 2);
  EXPECT_EQ(both.names[1].full_kana, "ヤマダ");  // beside its kanji
  EXPECT_EQ(both.names[0].full_kana, "ヤマタ");
  EXPECT_EQ(one.phones.size(), 1);
  EXPECT_EQ(one.addresses.size(), 1);
  EXPECT_EQ(one.names.size(), 1);
  EXPECT_THAT(files->files()[0].unknown_columns, ::testing::ElementsAre("緊急連絡先"));
}

TEST_F(PatientFilesTest, ToldColumnsThatNoFileHasAreReported) {
  ReadOptions options;
  options.columns = {{"who", "name"}, {"hwo", "name"}, {"when", ""}};
  const auto files = Read({Write("a.csv", "id,who\n1,x\n"), Write("b.csv", "id,when,birth\n1,x,\n")}, options);
  ASSERT_TRUE(files.ok());
  EXPECT_THAT(files->unmatched_columns(), ::testing::ElementsAre("hwo"));
}

// Several pieces of one file give what one thread gives, with their lines.
TEST_F(PatientFilesTest, ALargeFileIsReadInPieces) {
  std::string text = "id,name,phone\n";
  std::mt19937 random(4);
  for (int i = 0; text.size() < (size_t{14} << 20); ++i) {
    if (random() % 1000 == 0) text += "broken,\"x\n";
    text += std::to_string(random() % 200000) + ",\"山田\n\"\"太郎\"\" " + std::string(random() % 300, 'x') + "\"," +
            std::to_string(i) + "\n";
  }
  const std::string path = Write("large.csv", text);
  ReadOptions one, four;
  one.threads = 1;
  four.threads = 4;
  const auto a = Read({path}, one), b = Read({path}, four);
  ASSERT_TRUE(a.ok() && b.ok());
  ASSERT_EQ(a->size(), b->size());
  EXPECT_EQ(Dump(*a), Dump(*b));
  for (size_t i = 0; i < a->size(); ++i) ASSERT_EQ(a->Where(i), b->Where(i));
  ASSERT_EQ(a->rejects().size(), b->rejects().size());
  for (size_t i = 0; i < a->rejects().size(); ++i) {
    ASSERT_EQ(a->rejects()[i].line, b->rejects()[i].line);
    // The line of a reject is where it stands.
    if (i % 20 != 0) continue;
    size_t at = 0;
    for (uint64_t line = 1; line < a->rejects()[i].line; ++line) at = text.find('\n', at) + 1;
    ASSERT_EQ(text.substr(at, 7), "broken,");
  }
  EXPECT_GT(a->rejects().size(), 10u);
  unlink(path.c_str());
}

TEST_F(PatientFilesTest, TwoListsKeepTheirRecordsApart) {
  const std::vector<std::string> a = {Write("n.csv", "id,source,name\n1,X,a\n2,X,b\n")}, b = {Write("r.csv", "id,source,name\n1,X,a\n")};
  const auto both = PatientFiles::ReadTwoLists(a, b, {});
  ASSERT_TRUE(both.ok());
  EXPECT_EQ(both->second, 2);
  EXPECT_EQ(both->first.size(), 3);
}

TEST_F(PatientFilesTest, ParkedTextsReadTheSame) {
  auto files = Read({Write("p.csv", "record_id,name,phone\n1,\"山田 \"\"太郎\"\"\",03-1111-2222\n2,佐藤 花子,\n"),
                     Write("q.csv", "record_id,name,phone\r\n\"3\"\"\",鈴木 一郎,\r\n"), Write("empty.csv", "record_id,name\n")});
  ASSERT_TRUE(files.ok()) << files.status();
  const std::string before = Dump(*files);
  const uint64_t bytes = files->TextBytes();
  EXPECT_FALSE(files->ParkTexts("/no/such/folder").ok());
  EXPECT_EQ(Dump(*files), before);
  ASSERT_TRUE(files->ParkTexts(::testing::TempDir()).ok());
  ASSERT_TRUE(files->ParkTexts(::testing::TempDir()).ok()) << "twice does no harm";
  const PatientFiles moved = *std::move(files);
  EXPECT_EQ(Dump(moved), before);
  EXPECT_EQ(moved.TextBytes(), bytes);
}

// Rows of many sources in one file, in no order, quoted and not; a packed file; one in another character set.
TEST_F(PatientFilesTest, ReadsTheSameIntoASpace) {
  std::mt19937 random(8);
  std::string mixed = "record_id,source,name,birth,phone\n";
  for (int i = 0; i < 3000; ++i) {
    const std::string id = std::to_string(random() % 2500), source = "H" + std::to_string(random() % 40);
    const bool quoted = random() % 5 == 0;
    mixed += (quoted ? "\"" + id + "\"\"\"" : id) + "," + source + (quoted ? ",\"山田,\n太郎\"" : ",佐藤 花子") + ",19" +
             std::to_string(40 + random() % 50) + "-01-02,03-" + std::to_string(random() % 10000) + "\n";
  }
  const std::vector<std::string> paths = {
      Write("mixed.csv", mixed), Write("cp932.csv", "record_id,name\n9,\x8e\x52\x93\x63\n8,\x8d\xb2\x93\xa1\n"),
      Write("bom.csv", "\xEF\xBB\xBFrecord_id,source,name\n1,B,\xE5\xB1\xB1\n2,A,b\n\n3,B,c")};
  const auto plain = Read(paths);
  ASSERT_TRUE(plain.ok()) << plain.status();
  TempSpaceOptions space_options;
  space_options.directory = ::testing::TempDir();
  space_options.memory = 1;
  space_options.smallest = 1;
  TempSpace space(space_options);
  ReadOptions options;
  options.space = &space;
  const auto elsewhere = Read(paths, options);
  ASSERT_TRUE(elsewhere.ok()) << elsewhere.status();
  EXPECT_GT(space.bytes(), mixed.size());
  EXPECT_EQ(Dump(*elsewhere), Dump(*plain));
  for (size_t i = 0; i < plain->size(); ++i) {
    EXPECT_EQ(elsewhere->Where(i), plain->Where(i));
    EXPECT_EQ(elsewhere->key(i), plain->key(i));
  }
  for (size_t f = 0; f < paths.size(); ++f)
    EXPECT_EQ(elsewhere->files()[f].content_hash, plain->files()[f].content_hash);
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
