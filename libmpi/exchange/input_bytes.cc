// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/input_bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "libmpi/base/status_macros.h"

namespace libmpi {
namespace {

constexpr size_t kPiece = size_t{1} << 20;
constexpr size_t kBombRatio = 200;
constexpr size_t kBombFloor = size_t{1} << 30;

absl::Status Damaged(const std::string& path) {
  return absl::InvalidArgumentError(path + ": the compressed file is damaged or cut off");
}

absl::Status CheckBomb(size_t packed, size_t unpacked, const std::string& path) {
  if (unpacked > kBombFloor && unpacked / kBombRatio > packed)
    return absl::ResourceExhaustedError(path + ": unpacks to more than 200 times its size; unpack it by hand");
  return absl::OkStatus();
}

absl::StatusOr<std::string> Gunzip(const std::string& bytes, const std::string& path) {
  z_stream stream = {};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return absl::InternalError("zlib does not start");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, inflateEnd);
  std::string out;
  size_t read = 0;
  while (read < bytes.size()) {  // members may follow one another
    int result = Z_OK;
    while (result != Z_STREAM_END) {
      const size_t given = std::min(bytes.size() - read, kPiece);
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + read));
      stream.avail_in = static_cast<uInt>(given);
      const size_t before = out.size();
      out.resize(before + kPiece);
      stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
      stream.avail_out = kPiece;
      result = inflate(&stream, Z_NO_FLUSH);
      out.resize(before + kPiece - stream.avail_out);
      read += given - stream.avail_in;
      if (result != Z_OK && result != Z_STREAM_END) return Damaged(path);
      if (result == Z_OK && read == bytes.size() && stream.avail_out != 0) return Damaged(path);
      LIBMPI_RETURN_IF_ERROR(CheckBomb(bytes.size(), out.size(), path));
    }
    inflateReset(&stream);
  }
  return out;
}

absl::StatusOr<std::string> Unzstd(const std::string& bytes, const std::string& path) {
  const std::unique_ptr<ZSTD_DStream, size_t (*)(ZSTD_DStream*)> stream(ZSTD_createDStream(), ZSTD_freeDStream);
  std::string out;
  ZSTD_inBuffer in = {bytes.data(), bytes.size(), 0};
  size_t left = 1;
  while (in.pos < in.size || left != 0) {
    const size_t before = out.size();
    out.resize(before + kPiece);
    ZSTD_outBuffer target = {out.data() + before, kPiece, 0};
    const size_t read_before = in.pos;
    left = ZSTD_decompressStream(stream.get(), &target, &in);
    out.resize(before + target.pos);
    if (ZSTD_isError(left)) return Damaged(path);
    if (left != 0 && in.pos == in.size && target.pos == 0 && read_before == in.pos) return Damaged(path);
    LIBMPI_RETURN_IF_ERROR(CheckBomb(bytes.size(), out.size(), path));
  }
  return out;
}

}  // namespace

absl::Status FileError(int error, const std::string& path) {
  const std::string message = path + ": " + std::strerror(error);
  if (error == ENOENT || error == ENOTDIR) return absl::NotFoundError(message);
  if (error == EACCES || error == EPERM) return absl::PermissionDeniedError(message);
  return absl::InvalidArgumentError(message);
}

absl::StatusOr<std::string> Unpack(std::string bytes, const std::string& path) {
  const std::string_view start = std::string_view(bytes).substr(0, 4);
  if (start.substr(0, 2) == "\x1F\x8B") return Gunzip(bytes, path);
  if (start == "\x28\xB5\x2F\xFD") return Unzstd(bytes, path);
  return bytes;
}

absl::StatusOr<std::string> ReadInputBytes(const std::string& path) {
  const int file = path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return FileError(errno, path);
  struct Closer {
    int file;
    ~Closer() { if (file != STDIN_FILENO) close(file); }
  } closer{file};
  struct stat info;
  if (fstat(file, &info) != 0) return FileError(errno, path);
  if (S_ISDIR(info.st_mode)) return absl::InvalidArgumentError(path + ": is a folder, not a file");
  std::string bytes;
  size_t used = 0;
  bytes.resize(S_ISREG(info.st_mode) ? static_cast<size_t>(info.st_size) + 1 : kPiece);
  for (;;) {
    if (used == bytes.size()) bytes.resize(bytes.size() * 2);
    const ssize_t n = read(file, bytes.data() + used, bytes.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FileError(errno, path);
    if (n == 0) break;
    used += static_cast<size_t>(n);
  }
  bytes.resize(used);
  return Unpack(std::move(bytes), path);
}

}  // namespace libmpi
