// SPDX-License-Identifier: Apache-2.0
// What a run leaves for its followers: state/, readable by its owner only.
#ifndef LIBMPI_TOOLS_NAYOSE_RUN_STATE_H_
#define LIBMPI_TOOLS_NAYOSE_RUN_STATE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/column_map.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/record/record.h"
#include "tools/nayose/filled_fields.h"

namespace nayose {

// How a run decided.
struct SavedRun {
  std::string today, preset;
  double population = 0, match_threshold = 0, review_threshold = 0;
  uint64_t seed = 0;
  std::string model_hash;  // ContentHash of its model.json
};

// 16 hexadecimal digits.
std::string ContentHash(std::string_view bytes);

// state/records.csv.zst: every record as it was said, in key order. Makes state/. On disk when `commits` are
// finished. `filled`, if any: counts by the way what records say.
absl::Status WriteStateRecords(const std::string& directory, const libmpi::PatientFiles& files, int threads,
                               FilledBySource* filled, libmpi::BackgroundCommits* commits);
// state/state.json: version, how the run decided, inputs with sizes and hashes. After the records.
absl::Status WriteStateFacts(const std::string& directory, const libmpi::PatientFiles& files,
                             const SavedRun& run);

// A record of some files.
struct FileRecord {
  const libmpi::PatientFiles* files;
  size_t index;
};
// The state's records of a run that goes on from another, whose folder `previous` is: the same file, and beside it
// state/later.csv.zst with all records that are new or other ones since, `added` (by key) and those of nights before,
// and the keys of those that are `gone`. Makes state/.
absl::Status WriteLaterRecords(const std::string& previous, const std::string& directory,
                               std::span<const FileRecord> added, std::span<const libmpi::RecordKey> gone);
// state/state.json of it: that of the run before with the inputs that came since, and `today`.
absl::Status WriteLaterFacts(const std::string& previous, const std::string& directory,
                             const libmpi::PatientFiles& files);

// state/table.csv.zst of a run by a schema: list, source, record_id and the cells that the schema reads. Makes state/.
absl::Status WriteStateTable(const std::string& directory, const std::string& rows);

absl::StatusOr<SavedRun> ReadState(const std::string& directory);
// The preset, population and day by which the run scored its pairs.
absl::StatusOr<libmpi::LinkOptions> OptionsOf(const SavedRun& run);
// The text of state/records.csv.zst, unpacked, with what later updates brought in its place.
absl::StatusOr<std::string> ReadStateRecords(const std::string& directory);

// The columns of state/records.csv.zst: the canonical fields, then the part and, of two lists, which.
libmpi::ColumnMap StateColumns();
// The key of a row of it, and its list; false where the row is none.
bool StateRowKey(const std::vector<std::string_view>& fields, libmpi::RecordKey* key, int* list);

// The records a user means by "source:record_id", "source:record_id#part" or a bare "record_id"; one for
// each of `names`. kNotFound, or kInvalidArgument naming the sources that have it.
absl::StatusOr<std::vector<libmpi::Record>> FindRecords(std::string_view records,
                                                        const std::vector<std::string>& names);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RUN_STATE_H_
