// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/reading_ends.h"

#include "libmpi/base/parallel.h"

namespace libmpi {

ReadingEnds::ReadingEnds(const TextDictionary& texts, const ReadingModel& readings, int threads)
    : first_(texts.id_limit(), 0), last_(texts.id_limit(), 0) {
  ParallelChunks(first_.size(), 4096, threads, [&](size_t begin, size_t end, int) {
    for (size_t id = begin; id < end; ++id) {
      const KanaEnds ends = readings.EndsOfReadings(texts.text(static_cast<TextId>(id)));
      first_[id] = ends.first;
      last_[id] = ends.last;
    }
  });
}

}  // namespace libmpi
