// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/texts_by_source.h"

#include <cstring>
#include <utility>
#include <vector>

#include "libmpi/base/parallel.h"
#include "libmpi/exchange/text_buffer.h"

namespace libmpi {
namespace {

bool StandBySource(std::span<const RowRef> rows) {
  for (size_t r = 1; r < rows.size(); ++r)
    if (rows[r].source < rows[r - 1].source) return false;
  return true;
}

// Rows of one file.
void PutOneBySource(ArraySpace* space, size_t sources, std::span<RowRef> rows, FileText* text) {
  if (StandBySource(rows)) return;
  std::vector<uint64_t> next(sources + 1, 0);
  for (const RowRef& row : rows) next[row.source + 1] += row.size;
  for (size_t s = 1; s <= sources; ++s) next[s] += next[s - 1];
  TextBuffer moved = TextBuffer::OfSize(next[sources], space);
  if (!moved.elsewhere()) return;
  const std::string_view old = text->text();
  for (RowRef& row : rows) {
    std::memcpy(moved.data() + next[row.source], old.data() + row.begin, row.size);
    row.begin = next[row.source] & (kTextEnd - 1);
    next[row.source] += row.size;
  }
  moved.ReadInOrder();
  text->buffer = std::move(moved);
}

}  // namespace

void PutTextsBySource(ArraySpace* space, int threads, std::span<FileText> texts, AcceptedRows* rows) {
  const std::span<RowRef> all(rows->rows);
  std::vector<std::span<RowRef>> of_files;
  for (size_t begin = 0, end; begin < all.size(); begin = end) {
    for (end = begin + 1; end < all.size() && all[end].file == all[begin].file;) ++end;
    of_files.push_back(all.subspan(begin, end - begin));
  }
  ParallelChunks(of_files.size(), 1, threads, [&](size_t f, size_t, int) {
    PutOneBySource(space, rows->sources.size(), of_files[f], &texts[of_files[f].front().file]);
  });
}

}  // namespace libmpi
