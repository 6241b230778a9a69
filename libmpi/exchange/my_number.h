// SPDX-License-Identifier: Apache-2.0
// Keeping My Numbers (個人番号) out: which columns hold them.
//
// The law forbids to store them here, and their check digit alone does not tell them: a tenth of
// random 12-digit values pass it. So the column is judged, not the value.
#ifndef LIBMPI_EXCHANGE_MY_NUMBER_H_
#define LIBMPI_EXCHANGE_MY_NUMBER_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/exchange/column_map.h"
#include "libmpi/exchange/patient_files.h"

namespace libmpi {

// Whether a value is 12 digits that pass the check and nothing else but marks around and between
// them, whatever their width: "１２３４-5678-9018", "1234 5678 9018", "=\"123456789018\"".
bool IsMyNumber(std::string_view value);

// What a column's values look like. Tallies of a column's pieces add up in any order, the
// first line aside, which is the least.
class MyNumberTally {
 public:
  void Add(std::string_view value, uint64_t line) {
    if (value.empty()) return;
    ++filled_;
    if (value.size() >= 12 && MayBegin(static_cast<unsigned char>(value.front()))) Look(value, line);
  }
  void Merge(const MyNumberTally& other);
  // At least five different My Numbers, and nine tenths of all values: by chance that is one
  // column in 100,000 even of columns with nothing but 12-digit values.
  bool IsColumnOfMyNumbers() const;
  uint64_t hits() const { return hits_; }
  uint64_t filled() const { return filled_; }
  uint64_t first_line() const { return first_line_; }

 private:
  // Whether a My Number, or a mark before it, may begin with this byte: of kanji and letters none does.
  static bool MayBegin(unsigned char byte) {
    return byte <= '9' || byte == '=' || byte == 0xC2 || byte == 0xE2 || byte == 0xE3 || byte == 0xEF;
  }
  void Look(std::string_view value, uint64_t line);
  void AddDistinct(uint64_t hash);

  uint64_t filled_ = 0;
  uint64_t hits_ = 0;
  uint64_t first_line_ = 0;          // of a hit
  std::vector<uint64_t> distinct_;   // hashes of different hits, as many as are needed
};

// Judges a file's columns by their tallies and unmaps those of My Numbers, so that nothing
// reads them: a finding each. Declared columns go whatever they hold. Hits in other columns are a
// finding (one a column, at its first line) and stay. kInvalidArgument where the ids
// or sources of the records, which every output shows, are My Numbers.
absl::Status RefuseMyNumbers(const std::string& path, std::span<const MyNumberTally> tallies,
                             ColumnMap* columns, std::vector<FileFinding>* findings);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_MY_NUMBER_H_
