// SPDX-License-Identifier: Apache-2.0
// A network's systems ask who is who, in messages as they would send; what is answered is held against what the
// registry's own partition and the consent that was said make of it, worked out here by other means.
#ifndef LIBMPI_TOOLS_SIMULATE_QUESTION_ROUND_H_
#define LIBMPI_TOOLS_SIMULATE_QUESTION_ROUND_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/simulate/simulated_network.h"

namespace nayose {

// The registry's persons at one moment, and what may be told of them by the rules of docs/network.md alone.
class Expectation {
 public:
  static absl::StatusOr<Expectation> Of(SimulatedNetwork* network);

  struct Person {
    libmpi::EnterpriseId id;
    std::vector<libmpi::RecordKey> identifiers;
    // Of any of their identifiers, in the order in which it was said.
    std::vector<const SaidInSimulation*> said = {};
    // What holds: the latest day's last. Null: nothing was said.
    const SaidInSimulation* consent = nullptr;
  };
  const std::vector<Person>& persons() const { return persons_; }
  // Null: nobody's.
  const Person* PersonOf(const libmpi::RecordKey& identifier) const;
  // What a member who treats may be told of a person.
  std::vector<libmpi::RecordKey> Visible(const Person& person, const SimulatedFacility& asker) const;
  // What ITI-9 answers to an identifier's question about all domains; nothing: that it is not known.
  std::optional<std::vector<libmpi::RecordKey>> Answer(const libmpi::RecordKey& identifier,
                                                       const SimulatedFacility& asker) const;
  bool IsRegistered(const Person& person) const { return person.consent != nullptr && person.consent->registered; }
  uint64_t registered() const;
  bool tenants_apart = false;

 private:
  std::string TenantOf(const libmpi::RecordKey& key) const;
  // What holds of all that was said, or of what was said to one tenant alone.
  const SaidInSimulation* Holding(const Person& person, const std::string* tenant) const;

  std::vector<Person> persons_;
  std::unordered_map<std::string, uint32_t> person_of_;
  const SimulatedNetwork* network_ = nullptr;
};

struct QuestionCounts {
  uint64_t asked = 0, right = 0;
  uint64_t cross_references = 0, answered = 0, nothing = 0, unknown = 0;  // of ITI-9
  // Of ITI-21; in so many who was meant may be told of, and in so many they were.
  uint64_t demographics = 0, meant = 0, found = 0;
  std::vector<double> microseconds;
  std::vector<std::string> wrong;  // the first ones, without values
  double seconds = 0;              // by the clock
  void Add(const QuestionCounts& other);
};

// Deterministic for the seed and the network's state.
QuestionCounts AskQuestions(SimulatedNetwork* network, const Expectation& expected, uint64_t count, uint64_t seed);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SIMULATE_QUESTION_ROUND_H_
