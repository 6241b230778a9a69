// SPDX-License-Identifier: Apache-2.0
// The numbers of texts that come again and again.
#ifndef LIBMPI_LINKAGE_TEXT_ID_MEMO_H_
#define LIBMPI_LINKAGE_TEXT_ID_MEMO_H_

#include <string>
#include <string_view>
#include <vector>

#include "libmpi/base/hash.h"
#include "libmpi/linkage/text_dictionary.h"

namespace libmpi {

// Interns by a memory of its own, without the dictionary's locks where a text was met lately. For one thread.
class TextIdMemo {
 public:
  explicit TextIdMemo(TextDictionary* texts) : texts_(texts), slots_(kSlots) {}

  TextId Intern(std::string_view text) {
    if (text.empty()) return 0;
    Slot& slot = slots_[HashBytes(text) % kSlots];
    if (slot.text != text) slot = {std::string(text), texts_->Intern(text)};
    return slot.id;
  }

 private:
  static constexpr size_t kSlots = 4096;
  struct Slot {
    std::string text;
    TextId id = 0;
  };
  TextDictionary* texts_;
  std::vector<Slot> slots_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_TEXT_ID_MEMO_H_
