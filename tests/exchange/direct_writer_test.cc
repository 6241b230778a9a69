// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/direct_writer.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "libmpi/exchange/output_file.h"

namespace libmpi {
namespace {

class DirectWriterTest : public ::testing::Test {
 protected:
  DirectWriterTest() : path_(::testing::TempDir() + "/direct_writer_test." + std::to_string(getpid())) {
    file_ = open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  }
  ~DirectWriterTest() override {
    close(file_);
    unlink(path_.c_str());
  }
  std::string Content() const { return ReadSmallFile(path_).value(); }

  const std::string path_;
  int file_;
};

std::string RandomBytes(size_t size, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string bytes(size, ' ');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

TEST_F(DirectWriterTest, WritesWhatItIsGivenInPiecesOfAnySize) {
  constexpr size_t kBlock = DirectWriter::kBlock;
  for (const size_t size : {size_t{0}, size_t{1}, kBlock - 1, kBlock, kBlock + 1, 3 * kBlock + 4097}) {
    ASSERT_EQ(ftruncate(file_, 0), 0);
    const std::string bytes = RandomBytes(size, size);
    DirectWriter writer(file_);
    std::mt19937 random(7);
    for (size_t at = 0, n; at < size; at += n) {
      n = random() % 2 == 0 ? random() % 100 : random() % (2 * kBlock);
      writer.Write(std::string_view(bytes).substr(at, n));
    }
    writer.Finish();
    EXPECT_EQ(writer.error(), 0);
    EXPECT_EQ(Content(), bytes) << size;
  }
}

TEST_F(DirectWriterTest, SeveralWriteOneFile) {
  constexpr size_t kBlock = DirectWriter::kBlock;
  const std::string bytes = RandomBytes(4 * kBlock + 5, 3);
  DirectWriter first(file_), second(file_, 2 * kBlock);
  second.Write(std::string_view(bytes).substr(2 * kBlock, kBlock));
  first.Write(std::string_view(bytes).substr(0, 2 * kBlock));
  second.Write(std::string_view(bytes).substr(3 * kBlock));
  second.Finish();
  EXPECT_EQ(first.error() | second.error(), 0);
  EXPECT_EQ(Content(), bytes);
}

TEST_F(DirectWriterTest, KeepsTheFirstError) {
  struct rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit limit = {DirectWriter::kBlock + 4096, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  DirectWriter writer(file_);
  writer.Write(RandomBytes(3 * DirectWriter::kBlock, 1));
  writer.Finish();
  EXPECT_EQ(writer.error(), EFBIG);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, SIG_DFL);
}

}  // namespace
}  // namespace libmpi
