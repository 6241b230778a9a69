// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/folder_entries.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace libmpi {
namespace {

EntryKind KindOf(unsigned char type, int folder, const char* name) {
  if (type == DT_REG) return EntryKind::kFile;
  if (type == DT_DIR) return EntryKind::kFolder;
  struct stat info;
  // Some file systems do not say.
  if (type != DT_UNKNOWN || fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0) return EntryKind::kOther;
  return S_ISREG(info.st_mode) ? EntryKind::kFile : S_ISDIR(info.st_mode) ? EntryKind::kFolder : EntryKind::kOther;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

int OpenFolder(int parent, const std::string& path) {
  return openat(parent, path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

// A pipe would wait for its other end.
int OpenFile(int parent, const std::string& path) {
  return openat(parent, path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

int ReadEntries(int folder, size_t max_entries, std::vector<FolderEntry>* entries) {
  entries->clear();
  // As the kernel gives them: most folders here have one entry, for which opendir() would ask for 32 KiB.
  alignas(dirent64) char buffer[size_t{16} << 10];
  while (true) {
    const ssize_t bytes = getdents64(folder, buffer, sizeof buffer);
    if (bytes < 0) return errno;
    if (bytes == 0) break;
    for (ssize_t pos = 0; pos < bytes;) {
      const char* const record = buffer + pos;
      unsigned short length;
      std::memcpy(&length, record + offsetof(dirent64, d_reclen), sizeof length);
      const char* const name = record + offsetof(dirent64, d_name);
      pos += length;
      if (std::string_view(name) == "." || std::string_view(name) == "..") continue;
      if (entries->size() == max_entries) return E2BIG;
      const auto type = static_cast<unsigned char>(record[offsetof(dirent64, d_type)]);
      entries->push_back({name, KindOf(type, folder, name)});
    }
  }
  std::ranges::sort(*entries, {}, &FolderEntry::name);
  return 0;
}

}  // namespace libmpi
