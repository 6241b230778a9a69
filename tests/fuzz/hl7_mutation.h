// SPDX-License-Identifier: Apache-2.0
// Changes of HL7 v2 messages that leave them messages, mostly: changed bytes do not reach what is behind the parser.
#ifndef LIBMPI_TESTS_FUZZ_HL7_MUTATION_H_
#define LIBMPI_TESTS_FUZZ_HL7_MUTATION_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace libmpi::hl7v2 {

// Of inputs as ServerRequests takes them. The same seed makes the same changes.
class Hl7Mutation {
 public:
  explicit Hl7Mutation(uint64_t seed) : random_(seed) {}
  // One to four changes; segments of `other` may come in.
  std::string Of(std::string_view input, std::string_view other);

 private:
  using Segments = std::vector<std::string>;
  using Fields = std::vector<std::string>;

  size_t Any(size_t below) { return below == 0 ? 0 : random_() % below; }
  template <typename Values>
  const auto& OneOf(const Values& values) {
    return values[Any(std::size(values))];
  }
  void Change(std::vector<Segments>* messages, const std::vector<Segments>& others);
  void ChangeSegments(Segments* segments, const Segments& other);
  void ChangeFields(std::string* segment, const std::string& other);
  void ChangeMsh(std::string* msh);
  void ChangeRepetitions(std::string* field);
  void ChangeDelimiter(Segments* segments);
  void ChangeBytes(std::string* bytes);
  std::string InAnotherSet(const std::string& message);

  std::mt19937_64 random_;
};

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_TESTS_FUZZ_HL7_MUTATION_H_
