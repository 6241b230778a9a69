// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/text_buffer.h"

namespace libmpi {

TextBuffer TextBuffer::OfSize(size_t size) {
  TextBuffer buffer;
  buffer.raw_.reset(static_cast<char*>(std::malloc(size + 1)));
  if (buffer.raw_ != nullptr) buffer.size_ = size;
  return buffer;
}

}  // namespace libmpi
