// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/reading_ends.h"

#include "libmpi/base/parallel.h"

namespace libmpi {

ReadingEnds::ReadingEnds(const TextDictionary& texts, const ReadingModel& readings, int threads)
    : ends_(texts.id_limit()) {
  ParallelChunks(ends_.size(), 4096, threads, [&](size_t begin, size_t end, int) {
    for (size_t id = begin; id < end; ++id) ends_[id] = readings.EndsOfReadings(texts.text(static_cast<TextId>(id)));
  });
}

void ReadingEnds::Extend(const TextDictionary& texts, const ReadingModel& readings) {
  for (size_t id = ends_.size(); id < texts.id_limit(); ++id)
    ends_.push_back(readings.EndsOfReadings(texts.text(static_cast<TextId>(id))));
}

}  // namespace libmpi
