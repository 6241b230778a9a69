// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/quarantine_files.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>

#include "libmpi/base/status_macros.h"
#include "tools/serve/durable_file.h"

namespace nayose {
namespace {

// 0: it is no number.
uint64_t NumberOf(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

}  // namespace

bool QuarantineFiles::IsBeingReplayed(uint64_t n) const {
  return access(Asked(n).c_str(), F_OK) == 0 || access(Taken(n).c_str(), F_OK) == 0;
}

std::vector<uint64_t> QuarantineFiles::Numbers(const std::string& folder, std::string_view ending) {
  std::vector<uint64_t> numbers;
  std::error_code error;
  const std::filesystem::directory_iterator end;
  for (std::filesystem::directory_iterator i(folder, error); !error && i != end; i.increment(error)) {
    const std::string name = i->path().filename().string();
    if (!name.ends_with(ending)) continue;
    if (const uint64_t number = NumberOf(std::string_view(name).substr(0, name.size() - ending.size())); number != 0)
      numbers.push_back(number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

absl::StatusOr<QuarantineAbout> QuarantineFiles::ReadAbout(uint64_t n) const {
  auto text = ReadWhole(About(n));
  if (absl::IsNotFound(text.status()))
    return absl::NotFoundError("there is no message " + std::to_string(n) + " in quarantine");
  if (!text.ok()) return text.status();
  auto about = QuarantineAboutOfJson(*text);
  if (!about.ok()) return absl::DataLossError(About(n) + ": " + std::string(about.status().message()));
  about->number = n;
  return about;
}

absl::Status QuarantineFiles::WriteAbout(const QuarantineAbout& about) const {
  return WriteDurably(About(about.number), ToJson(about) + "\n");
}

uint64_t QuarantineFiles::ReadLast() const {
  const auto text = ReadWhole(Last());
  return text.ok() ? NumberOf(std::string_view(*text).substr(0, text->find('\n'))) : 0;
}

absl::Status QuarantineFiles::Remove(uint64_t n) const {
  const QuarantineFiles top = folder.ends_with("/done") ? QuarantineFiles{folder.substr(0, folder.size() - 5)} : *this;
  if (n > top.ReadLast()) LIBMPI_RETURN_IF_ERROR(WriteDurably(top.Last(), std::to_string(n) + "\n"));
  if (unlink(About(n).c_str()) != 0 && errno != ENOENT) return FileError(About(n), "can't be removed", errno);
  if (unlink(Message(n).c_str()) != 0 && errno != ENOENT) return FileError(Message(n), "can't be removed", errno);
  return absl::OkStatus();
}

}  // namespace nayose
