// SPDX-License-Identifier: Apache-2.0
// Texts of large inputs out of memory while records are compared.
#ifndef LIBMPI_TOOLS_NAYOSE_PARKED_TEXTS_H_
#define LIBMPI_TOOLS_NAYOSE_PARKED_TEXTS_H_

#include <string>
#include <thread>

#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/linker.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/run_folder.h"

namespace nayose {

// Moves the texts of large inputs to a nameless file, in --temp or the folder of the run, as soon as a linkage has
// read the records, and reads them ahead when it has scored the pairs. Where there is no room it says so on standard
// error, and they stay in memory.
class ParkedTexts {
 public:
  // Borrows `files` and, through its callbacks, is borrowed by *options.
  ParkedTexts(const OutputArguments& output, const RunFolder& folder, int threads, libmpi::PatientFiles* files,
              libmpi::LinkOptions* options);
  ParkedTexts(const ParkedTexts&) = delete;
  ParkedTexts& operator=(const ParkedTexts&) = delete;
  ~ParkedTexts();

 private:
  void Park();
  void ReadAhead();

  const std::string directory_;
  const int threads_;
  libmpi::PatientFiles* const files_;
  bool parked_ = false;
  std::thread reading_ahead_;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_PARKED_TEXTS_H_
