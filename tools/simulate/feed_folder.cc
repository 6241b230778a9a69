// SPDX-License-Identifier: Apache-2.0
#include "tools/simulate/feed_folder.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/feed_writer.h"

namespace nayose {
namespace {

namespace fs = std::filesystem;

// Not durable: what is written is read at once, and made anew by the same command.
absl::Status WriteFile(const fs::path& path, const std::string& bytes) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) return absl::OkStatus();
  return absl::UnavailableError(path.string() + ": can't be written");
}

class FacilityFolder {
 public:
  FacilityFolder(const SimulatedFacility& facility, int day, DayFolder* folder)
      : facility_(facility), folder_(*folder), root_(fs::path(folder->path) / facility.facility.name) {
    options_.institution = facility.institution;
    options_.day = DayNumber(day);
    options_.encoding = facility.charset;
    options_.columns = facility.columns;
    options_.take = [this](libmpi::FeedFile&& file) { return Take(file); };
    writer_ = libmpi::NewFeedWriter(facility.format, options_);
  }

  absl::Status Add(const libmpi::Record& record, bool extended) {
    LIBMPI_RETURN_IF_ERROR(writer_->Add(record));
    if (!extended || facility_.format != libmpi::FeedFormat::kSsMix2) return absl::OkStatus();
    // Of somebody whom nobody knows as well: no patient is to be made of that.
    if (!std::exchange(has_extended_, true)) {
      ++folder_.extended_storages;
      LIBMPI_RETURN_IF_ERROR(AddDocument("UNKNOWN-99"));
    }
    return AddDocument(record.key.record_id);
  }

  absl::Status End() { return writer_->End(); }

 private:
  // Only what a walk by patients needs to see: documents have no patient of their own.
  absl::Status AddDocument(const std::string& id) {
    const std::string first = id.size() < 6 ? "-" : id.substr(0, 3), second = id.size() < 6 ? "-" : id.substr(3, 3);
    ++folder_.extended;
    return WriteFile(root_ / (facility_.institution + "_EXT") / first / second / id / "20270104" / "SUMMARY" /
                         (id + "_20270104_SUMMARY_" + id + "_20270104120000000_-_1") / "summary.txt",
                     "summary\n");
  }

  absl::Status Take(const libmpi::FeedFile& file) {
    const fs::path path = root_ / file.path;
    LIBMPI_RETURN_IF_ERROR(WriteFile(path, file.bytes));
    ++folder_.files;
    folder_.bytes += file.bytes.size();
    folder_.source_of[path.string()] = facility_.facility.name;
    return absl::OkStatus();
  }

  const SimulatedFacility& facility_;
  DayFolder& folder_;
  fs::path root_;
  libmpi::FeedWriterOptions options_;
  std::unique_ptr<libmpi::FeedWriter> writer_;
  bool has_extended_ = false;
};

}  // namespace

absl::StatusOr<DayFolder> WriteDay(const SimulatedRegion& region, std::span<const SimulatedRow> rows, int day,
                                   bool extended_storage, const std::string& folder) {
  DayFolder written;
  written.path = folder;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return absl::UnavailableError(folder + ": " + error.message());
  for (size_t begin = 0; begin < rows.size();) {
    const uint32_t facility = rows[begin].facility;
    FacilityFolder files(region.facilities[facility], day, &written);
    size_t end = begin;
    for (; end < rows.size() && rows[end].facility == facility; ++end) {
      const absl::Status added = files.Add(rows[end].record, extended_storage);
      if (!added.ok())
        return absl::InternalError(region.facilities[facility].facility.name + ": " + std::string(added.message()));
    }
    LIBMPI_RETURN_IF_ERROR(files.End());
    begin = end;
  }
  return written;
}

}  // namespace nayose
