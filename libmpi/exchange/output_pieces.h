// SPDX-License-Identifier: Apache-2.0
// A file whose text is made in pieces side by side.
#ifndef LIBMPI_EXCHANGE_OUTPUT_PIECES_H_
#define LIBMPI_EXCHANGE_OUTPUT_PIECES_H_

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "libmpi/base/parallel.h"
#include "libmpi/exchange/output_file.h"

namespace libmpi {

// Calls make(begin, end, worker, &text) for consecutive pieces of [0, size) of `grain` items on `threads`
// threads, `text` being empty, and appends the texts in order. At most a piece a thread is in memory; a worker
// that is ahead waits for its turn. `make` must not throw.
template <typename Make>
void AppendInPieces(size_t size, size_t grain, int threads, OutputFile* file, const Make& make) {
  std::vector<std::string> texts(static_cast<size_t>(threads < 1 ? 1 : threads));
  std::mutex mutex;
  std::condition_variable turn;
  size_t next = 0;
  ParallelChunks(size, grain, threads, [&](size_t begin, size_t end, int worker) {
    std::string& text = texts[static_cast<size_t>(worker)];
    text.clear();
    make(begin, end, worker, &text);
    std::unique_lock lock(mutex);
    // Pieces are begun in order, so that the next one is always with a worker who does not wait.
    turn.wait(lock, [&] { return next == begin; });
    file->Append(text);
    next = end;
    turn.notify_all();
  });
}

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_OUTPUT_PIECES_H_
