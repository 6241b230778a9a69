// SPDX-License-Identifier: Apache-2.0
// What stands in a folder, by its descriptor. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_FOLDER_ENTRIES_H_
#define LIBMPI_EXCHANGE_FEEDS_FOLDER_ENTRIES_H_

#include <cstddef>
#include <string>
#include <vector>

namespace libmpi {

// An open file or folder, closed with this.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  int number() const { return number_; }
  bool ok() const { return number_ >= 0; }

 private:
  const int number_;
};

// Below an open folder; a link at the end of the path is not followed. Where they are not ok(), errno says why.
int OpenFolder(int parent, const std::string& path);
int OpenFile(int parent, const std::string& path);

enum class EntryKind : unsigned char { kFile, kFolder, kOther };
struct FolderEntry {
  std::string name;
  EntryKind kind = EntryKind::kOther;
};

// Sets `entries` to what stands there but . and .., sorted by name. Gives 0 or errno; E2BIG: there are more than may
// be.
int ReadEntries(int folder, size_t max_entries, std::vector<FolderEntry>* entries);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_FOLDER_ENTRIES_H_
