// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/csv_reader.h"

#include <algorithm>
#include <bit>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace libmpi {
namespace {

size_t FindLineEnd(std::string_view text, size_t from) {
  const void* found = std::memchr(text.data() + from, '\n', text.size() - from);
  return found == nullptr ? text.size() : static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace

// The end of the row that starts at `begin`: the first line end outside quotes.
// False if a quote does not close as it should; the row is then its first line.
bool CsvRows::FindEnd(size_t begin, size_t* end, uint64_t* lines) {
  const size_t line_end = FindLineEnd(text_, begin);
  *lines = 1;
  *end = line_end;
  if (std::memchr(text_.data() + begin, '"', line_end - begin) == nullptr) return true;
  bool quoted = false, field_start = true;
  const size_t reach = std::min(max_row_bytes_, look_ahead_left_);
  const size_t limit = std::min(text_.size(), std::max(line_end, begin + reach) + 1);
  uint64_t seen = 1;
  size_t i = begin;
  for (; i < limit; ++i) {
    const char c = text_[i];
    if (quoted) {
      if (c == '\n') ++seen;
      if (c != '"') continue;
      const char after = i + 1 < text_.size() ? text_[i + 1] : '\n';
      if (after == '"') {
        ++i;
        continue;
      }
      quoted = false;
      // A quote that closes in the middle of a later line opened by mistake.
      if (seen > 1 && after != delimiter_ && after != '\n' && after != '\r') break;
    } else if (c == '"' && field_start) {
      quoted = true;
    } else if (c == '\n') {
      *end = i;
      *lines = seen;
      return true;
    }
    field_start = !quoted && c == delimiter_;
  }
  if (i >= text_.size() && !quoted) {
    *end = text_.size();
    *lines = seen;
    return true;
  }
  const size_t in_vain = i - std::min(i, line_end);
  looked_ahead_ += in_vain;
  look_ahead_left_ -= std::min(look_ahead_left_, in_vain);
  return false;
}

bool CsvRows::Next(CsvRow* row) {
  while (at_ < text_.size()) {
    size_t end;
    uint64_t lines;
    const size_t begin = at_;
    const bool closed = FindEnd(begin, &end, &lines);
    *row = {begin, end, line_, !closed};
    at_ = end + 1;
    line_ += lines;
    if (row->end > row->begin && text_[row->end - 1] == '\r') --row->end;
    if (row->end > row->begin) return true;
  }
  return false;
}

namespace {

// Any row. Quoting is a matter of a few fields of a few rows.
CsvDefect SplitQuoted(std::string_view row, char delimiter, std::vector<std::string_view>* fields,
                      std::vector<std::string>* scratch) {
  size_t i = 0;
  for (;;) {
    if (i < row.size() && row[i] == '"') {
      const size_t begin = ++i;
      bool doubled = false;
      for (;; ++i) {
        const size_t quote = row.find('"', i);
        if (quote == std::string_view::npos) return CsvDefect::kUnterminated;
        i = quote;
        if (i + 1 >= row.size() || row[i + 1] != '"') break;
        doubled = true;
        ++i;
      }
      std::string_view value = row.substr(begin, i - begin);
      if (doubled) {
        std::string plain;
        for (size_t k = 0; k < value.size(); ++k) {
          plain += value[k];
          k += value[k] == '"';
        }
        // Short strings live inside their objects: room for all keeps them from moving.
        if (scratch->empty()) scratch->reserve(row.size() / 4 + 1);
        scratch->push_back(std::move(plain));
        value = scratch->back();
      }
      fields->push_back(value);
      ++i;
      if (i < row.size() && row[i] != delimiter) return CsvDefect::kTextAfterQuote;
    } else {
      const size_t end = std::min(row.find(delimiter, i), row.size());
      fields->push_back(row.substr(i, end - i));
      i = end;
    }
    if (i >= row.size()) return CsvDefect::kNone;
    ++i;
    if (i == row.size()) {
      fields->push_back({});
      return CsvDefect::kNone;
    }
  }
}

// Where a row has no quotes its fields are what stands between delimiters. False where it has one; the
// fields are then of no use.
bool SplitPlain(std::string_view row, char delimiter, std::vector<std::string_view>* fields) {
  size_t begin = 0, i = 0;
  const auto end_field = [&](size_t end) {
    fields->push_back(row.substr(begin, end - begin));
    begin = end + 1;
  };
#ifdef __SSE2__
  const __m128i delimiters = _mm_set1_epi8(delimiter), quotes = _mm_set1_epi8('"');
  for (; i + 16 <= row.size(); i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row.data() + i));
    if (_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, quotes)) != 0) return false;
    for (auto found = static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, delimiters))); found != 0;
         found &= found - 1)
      end_field(i + static_cast<size_t>(std::countr_zero(found)));
  }
#endif
  for (; i < row.size(); ++i) {
    if (row[i] == '"') return false;
    if (row[i] == delimiter) end_field(i);
  }
  end_field(row.size());
  return true;
}

}  // namespace

CsvDefect SplitCsvRow(std::string_view row, char delimiter, std::vector<std::string_view>* fields,
                      std::vector<std::string>* scratch) {
  fields->clear();
  scratch->clear();
  if (SplitPlain(row, delimiter, fields)) return CsvDefect::kNone;
  fields->clear();
  return SplitQuoted(row, delimiter, fields, scratch);
}

char DetectDelimiter(std::string_view header) {
  size_t best = 0;
  char delimiter = ',';
  for (char candidate : {',', '\t', ';'}) {
    size_t count = 0;
    bool quoted = false;
    for (char c : header) {
      quoted = quoted != (c == '"');
      count += !quoted && c == candidate;
    }
    if (count > best) {
      best = count;
      delimiter = candidate;
    }
  }
  return delimiter;
}

}  // namespace libmpi
