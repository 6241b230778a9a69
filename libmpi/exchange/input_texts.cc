// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/input_texts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/content_hash.h"
#include "libmpi/exchange/feeds/feed_table.h"
#include "libmpi/exchange/input_bytes.h"
#include "libmpi/exchange/utf8_in_place.h"
#include "libmpi/text/charset.h"

namespace libmpi {
namespace {

constexpr size_t kPieceBytes = size_t{1} << 20;
constexpr size_t kFormatSample = size_t{64} << 10;
constexpr size_t kSmallFile = size_t{64} << 10;  // not worth cutting

class Loader {
 public:
  Loader(std::span<const std::string> paths, const std::string& encoding, int threads, const LoadProgress& progress,
         ArraySpace* space, const FeedWish* feeds)
      : paths_(paths), encoding_(encoding), threads_(threads), progress_(progress), space_(space), feeds_(feeds),
        texts_(paths.size()), files_(paths.size(), -1), charsets_(paths.size(), Charset::kUtf8),
        in_place_(paths.size()) {}

  ~Loader() {
    for (int file : files_)
      if (file >= 0) close(file);
  }

  std::vector<InputText> Load() {
    for (size_t i = 0; i < paths_.size(); ++i) OpenPlainFile(i);
    ReadAll();
    HashAll();
    if (feeds_ != nullptr) ForEachFile([this](size_t i) { ReadFeed(i); });
    ForEachFile([this](size_t i) {
      if (!texts_[i].feed) FindCharset(i);
    });
    DecodeInPlace();
    ForEachFile([this](size_t i) { Finish(i); });
    return std::move(texts_);
  }

 private:
  struct Piece {
    size_t file, begin, end;
  };

  // Leaves the file open, with room for its bytes, where it can be read in pieces.
  void OpenPlainFile(size_t i) {
    if (paths_[i] == "-") return;
    const int file = open(paths_[i].c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    struct stat info;
    char magic[4];
    const bool plain = fstat(file, &info) == 0 && S_ISREG(info.st_mode) &&
                       static_cast<size_t>(info.st_size) >= kSmallFile && pread(file, magic, 4, 0) == 4 &&
                       std::memcmp(magic, "\x1F\x8B", 2) != 0 && std::memcmp(magic, "\x28\xB5\x2F\xFD", 4) != 0;
    if (plain) texts_[i].text = TextBuffer::OfSize(static_cast<size_t>(info.st_size), space_);
    if (plain && texts_[i].text.size() > 0) files_[i] = file;
    else close(file);
  }

  // All of a piece; false where the file is shorter now or cannot be read.
  bool ReadPiece(const Piece& piece) {
    char* bytes = texts_[piece.file].text.data();
    for (size_t at = piece.begin; at < piece.end;) {
      const ssize_t n = pread(files_[piece.file], bytes + at, piece.end - at, static_cast<off_t>(at));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      at += static_cast<size_t>(n);
    }
    return true;
  }

  void ReadWhole(size_t i) {
    auto bytes = ReadInputBytes(paths_[i]);
    texts_[i].status = bytes.status();
    texts_[i].text = bytes.ok() ? TextBuffer(*std::move(bytes)) : TextBuffer();
  }

  void ReadAll() {
    std::vector<Piece> pieces;  // of no bytes: a whole file; those first, as unpacking takes long
    for (size_t i = 0; i < paths_.size(); ++i)
      if (files_[i] < 0) pieces.push_back({i, 0, 0});
    for (size_t i = 0; i < paths_.size(); ++i)
      for (size_t at = 0; files_[i] >= 0 && at < texts_[i].text.size(); at += kPieceBytes)
        pieces.push_back({i, at, std::min(texts_[i].text.size(), at + kPieceBytes)});
    std::vector<std::atomic<bool>> changed(paths_.size());
    Run(pieces.size(), 500, [&](size_t p) {
      if (pieces[p].end == 0) ReadWhole(pieces[p].file);
      else if (!ReadPiece(pieces[p])) changed[pieces[p].file] = true;
    });
    // A file that another program is writing to: what there is of it now.
    for (size_t i = 0; i < paths_.size() && !stopped_; ++i) {
      char more;
      if (files_[i] >= 0 && (changed[i] || pread(files_[i], &more, 1, static_cast<off_t>(texts_[i].text.size())) > 0))
        ReadWhole(i);
    }
    for (InputText& text : texts_) text.bytes = text.text.size();
  }

  void HashAll() {
    if (stopped_) return;
    std::vector<std::string_view> views;
    for (const InputText& text : texts_) views.push_back(text.text.view());
    const std::vector<uint64_t> hashes = HashTexts(views, threads_);
    for (size_t i = 0; i < hashes.size(); ++i) {
      char hash[17];
      std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(hashes[i]));
      texts_[i].content_hash = hash;
    }
    Tell(600);
  }

  // What is no patient list becomes one.
  void ReadFeed(size_t i) {
    InputText& text = texts_[i];
    const std::string_view bytes = text.text.view();
    const std::optional<FeedFormat> format =
        feeds_->format ? feeds_->format : DetectFeedFormat(paths_[i], bytes.substr(0, kFormatSample));
    if (!format || *format == FeedFormat::kCsv) return;
    FeedOptions options = feeds_->options;
    options.path = paths_[i];
    if (const auto of = feeds_->source_of->find(paths_[i]); of != feeds_->source_of->end()) options.source = of->second;
    options.encoding = encoding_;
    FeedTable table = ReadFeedTable(*format, bytes, options);
    if (!table.status.ok())
      text.status = absl::Status(table.status.code(), paths_[i] + ": " + std::string(table.status.message()));
    text.encoding = std::move(table.encoding);
    text.malformed = table.malformed;
    text.text = TextBuffer(std::move(table.rows));
    text.feed = FeedRows{*format, std::move(table.lines), std::move(table.withdrawn), std::move(table.refused),
                         std::move(table.notes)};
  }

  void FindCharset(size_t i) {
    InputText& text = texts_[i];
    const std::string_view bytes = text.text.view();
    if (bytes.substr(0, 2) == "\xFF\xFE" || bytes.substr(0, 2) == "\xFE\xFF") {
      text.status =
          absl::InvalidArgumentError(paths_[i] + ": is UTF-16; save it as UTF-8 or CP932 and try again");
      return;
    }
    if (encoding_.empty()) {
      charsets_[i] = DetectCharset(bytes);
    } else if (const auto charset = ParseCharset(encoding_); charset.ok()) {
      charsets_[i] = *charset;
    } else {
      text.status = charset.status();
    }
    text.encoding = CharsetName(charsets_[i]);
    in_place_[i] = text.status.ok() && charsets_[i] == Charset::kUtf8;
  }

  void DecodeInPlace() {
    std::vector<Piece> pieces;
    for (size_t i = 0; i < paths_.size(); ++i) {
      const std::string_view text = texts_[i].text.view();
      for (size_t begin = 0; in_place_[i] && begin < text.size();) {
        const size_t end = NextCharacter(text, std::min(text.size(), begin + kPieceBytes));
        pieces.push_back({i, begin, end});
        begin = end;
      }
    }
    Run(pieces.size(), 1000, [&](size_t p) {
      const auto& [file, begin, end] = pieces[p];
      if (in_place_[file] && !DecodeUtf8InPlace(texts_[file].text.data() + begin, end - begin)) in_place_[file] = false;
    });
  }

  void Finish(size_t i) {
    InputText& text = texts_[i];
    if (!text.status.ok()) return;
    if (!text.feed) FinishText(i);
    if (space_ != nullptr && !text.text.elsewhere()) MoveToSpace(&text.text);
    text.text.ReadInOrder();
  }

  void FinishText(size_t i) {
    InputText& text = texts_[i];
    if (!in_place_[i]) {
      DecodedText decoded = DecodeText(text.text.view(), charsets_[i]);
      text.malformed = decoded.malformed;
      text.text = TextBuffer(std::move(decoded.utf8));
    } else if (text.text.view().substr(0, 3) == "\xEF\xBB\xBF") {
      text.text.RemovePrefix(3);
    }
    if (text.text.view().find('\n') == std::string_view::npos)  // lines of old Macintoshes
      std::replace(text.text.data(), text.text.data() + text.text.size(), '\r', '\n');
  }

  void MoveToSpace(TextBuffer* text) const {
    TextBuffer moved = TextBuffer::OfSize(text->size(), space_);
    if (!moved.elsewhere()) return;
    std::memcpy(moved.data(), text->view().data(), text->size());
    *text = std::move(moved);
  }

  // Steps on all threads, after which `until` thousandths are done.
  template <typename Step>
  void Run(size_t steps, uint64_t until, const Step& step) {
    const uint64_t from = told_;
    std::atomic<uint64_t> done{0};
    ParallelChunks(steps, 1, threads_, [&](size_t s, size_t, int worker) {
      if (stopped_) return;
      step(s);
      const uint64_t now = ++done;
      if (worker == 0) Tell(from + (until - from) * now / steps);
    });
    told_ = until;
  }

  template <typename Step>
  void ForEachFile(const Step& step) {
    ParallelChunks(paths_.size(), 1, threads_, [&](size_t i, size_t, int) {
      if (!stopped_ && texts_[i].status.ok()) step(i);
    });
  }

  void Tell(uint64_t done) {
    told_ = done;
    if (progress_ && !progress_(done)) stopped_ = true;
  }

  std::span<const std::string> paths_;
  const std::string& encoding_;
  int threads_;
  const LoadProgress& progress_;
  ArraySpace* space_;
  const FeedWish* feeds_;
  std::vector<InputText> texts_;
  std::vector<int> files_;  // open; -1: read whole
  std::vector<Charset> charsets_;
  std::vector<std::atomic<bool>> in_place_;
  uint64_t told_ = 0;
  std::atomic<bool> stopped_{false};
};

}  // namespace

std::vector<InputText> LoadInputTexts(std::span<const std::string> paths, const std::string& encoding, int threads,
                                      const LoadProgress& progress, ArraySpace* space,
                                      const FeedWish* feeds) {
  return Loader(paths, encoding, threads, progress, space, feeds).Load();
}

}  // namespace libmpi
