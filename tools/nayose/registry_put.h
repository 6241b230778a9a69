// SPDX-License-Identifier: Apache-2.0
// Records that go into a registry one by one, and what became of them.
#ifndef LIBMPI_TOOLS_NAYOSE_REGISTRY_PUT_H_
#define LIBMPI_TOOLS_NAYOSE_REGISTRY_PUT_H_

#include <array>
#include <cstdint>
#include <string>

#include "libmpi/exchange/patient_files.h"
#include "libmpi/network/registry_door.h"

namespace nayose {

// Puts records, or with `dry_run` only tells what would become of them; prints an answer for each as it goes on.
class RecordPutter {
 public:
  // Borrows the door.
  RecordPutter(const libmpi::RegistryDoor* door, bool dry_run, bool json) : door_(*door), dry_run_(dry_run), json_(json) {}
  // Prints nothing of records that became what was said; still of each that was refused.
  void TellRefusalsOnly() { tells_all_ = false; }

  // Fails only where nothing more can be put (the disk); a record that the registry refuses is counted.
  absl::Status Put(const libmpi::Record& record, const std::string& file, uint64_t line);
  void Reject(const libmpi::Reject& reject);
  // Of input that was refused before it was a record.
  uint64_t rejected() const { return rejected_; }
  uint64_t refused() const { return refused_; }
  // What became of all, for people.
  std::string Summary() const;

 private:
  absl::Status Foresee(const libmpi::Record& record, const std::string& file, uint64_t line);
  void Refuse(const libmpi::RecordKey& key, const absl::Status& status, const std::string& file, uint64_t line);

  const libmpi::RegistryDoor& door_;
  const bool dry_run_, json_;
  bool tells_all_ = true;
  std::array<uint64_t, 8> outcomes_{};  // by PersonOutcome
  uint64_t unchanged_ = 0, revised_ = 0, rejected_ = 0, refused_ = 0;
};

// Puts all records of files. kCancelled where the user stops it: the same command goes on.
absl::Status PutRecords(const libmpi::PatientFiles& files, const libmpi::ProgressCallback& progress,
                        RecordPutter* putter);

// What a bulk load made of so many records, in two lines.
std::string BulkText(size_t records, const libmpi::Registry::BulkAnswer& answer);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_REGISTRY_PUT_H_
