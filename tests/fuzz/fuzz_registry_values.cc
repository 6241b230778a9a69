// SPDX-License-Identifier: Apache-2.0
// Any bytes as a stored value of the registry: refused, or a value whose own bytes give it back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "libmpi/linkage/packed_node.h"
#include "libmpi/registry/rep.h"
#include "libmpi/registry/values.h"

namespace libmpi {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

template <typename Value>
void Try(std::string_view bytes) {
  Value value;
  if (!Unpack(bytes, &value).ok()) return;
  // Numbers may have been written longer than need be, so it is the second bytes that count.
  const std::string packed = Pack(value);
  Require(packed.size() <= bytes.size());
  Value again;
  Require(Unpack(packed, &again).ok());
  Require(Pack(again) == packed);
}

void TryNode(std::string_view bytes) {
  TextDictionary texts;
  UnpackedNode node;
  std::vector<uint64_t> keys;
  const bool ok = UnpackNode(bytes, &texts, &node).ok();
  if (UnpackKeys(bytes, &keys).ok()) Require(!ok || keys == node.keys);
  else Require(!ok);
  if (!ok) return;
  const std::string packed = PackNode(node.record, node.more, texts, node.keys);
  Require(packed.size() <= bytes.size());
  TextDictionary other_texts;
  UnpackedNode again;
  Require(UnpackNode(packed, &other_texts, &again).ok());
  Require(PackNode(again.record, again.more, other_texts, again.keys) == packed);
}

}  // namespace
}  // namespace libmpi

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace libmpi;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 16) {
    case 0: Try<Statement>(bytes); break;
    case 1: Try<PersonOfRecord>(bytes); break;
    case 2: Try<DecisionValue>(bytes); break;
    case 3: Try<QuestionValue>(bytes); break;
    case 4: Try<EventValue>(bytes); break;
    case 5: Try<HeldValue>(bytes); break;
    case 6: Try<AssigningAuthority>(bytes); break;
    case 7: Try<KeySlot>(bytes); break;
    case 8: Try<NodeState>(bytes); break;
    case 9: Try<RecordKey>(bytes); break;
    case 10: Try<std::vector<RecordKey>>(bytes); break;
    case 11: Try<Counters>(bytes); break;
    case 12: Try<FrozenOptions>(bytes); break;
    case 13: {
      uint64_t number;
      if (UnpackNumber(bytes, &number).ok()) Require(PackNumber(number).size() <= bytes.size());
      break;
    }
    case 14: {
      std::string text;
      if (UnpackText(bytes, &text).ok()) Require(PackText(text) == bytes);
      break;
    }
    default: TryNode(bytes); break;
  }
  return 0;
}
