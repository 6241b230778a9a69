// SPDX-License-Identifier: Apache-2.0
// The parts of Absorb() (absorb.h), and what they share. Internal to libmpi/network.
#ifndef LIBMPI_NETWORK_ABSORPTION_H_
#define LIBMPI_NETWORK_ABSORPTION_H_

#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/network/absorb.h"
#include "libmpi/network/absorb_rows.h"

namespace libmpi {

// One call of Absorb().
struct Absorption {
  Registry& into;
  const Registry& other;
  const AbsorbOptions& options;
  const Attribution& by;
  const AbsorbRows rows;
  int threads = 1;
  AbsorbHead head;                  // as it was before
  bool into_is_network = false, both_are_networks = false;
  std::set<std::string> shared;     // authorities that the other has, and this registry of its own or of a third
  std::set<std::string> shared_indexes;
  AbsorbAnswer answer;
  std::set<RecordKey> renewed;      // that are here, and were registered anew there since: IDs and decisions may be gone
  std::mutex answer_mutex;          // while threads write to either
};

// Finds out what stands in the way, and which authorities are shared.
absl::Status FindConflicts(Absorption* a);

// Takes the name, the authorities and indexes as this other one's.
absl::Status ClaimName(Absorption* a);
// Registers the other's authorities and facilities, or what changed of them. After FindConflicts() found none.
absl::Status AbsorbMembers(Absorption* a);

// Takes along what was said of consent: of two networks.
absl::Status AbsorbConsents(Absorption* a);

// Brings records one by one, then what needs them all. One object a call; Bring() may be called by several threads.
class RecordAbsorption {
 public:
  // Borrows it.
  explicit RecordAbsorption(Absorption* absorption) : a_(*absorption) {}

  // What the record says; what becomes of it waits for Settle().
  absl::Status Bring(const Registry::RecordState& there);
  // Revisions that the other holds are held here, and others no longer.
  absl::Status Hold();
  // Merges identifiers, and retires records: those that are so there.
  absl::Status Settle();

 private:
  struct Merge {
    RecordKey subsumed, surviving;
  };
  absl::Status BringOver(const Registry::RecordState& there, const Registry::RecordState& here);
  absl::Status Put(const Registry::RecordState& there, bool is_new, bool* taken);
  absl::Status Accept(const Registry::RecordState& there);
  absl::Status Unmerge(const RecordKey& subsumed, const RecordKey& surviving);
  absl::Status MergeOne(const Merge& merge);
  absl::Status ReviveEnd(const RecordKey& surviving);
  absl::Status RetireOne(const RecordKey& record);
  absl::Status BringErased(const Registry::RecordState& there, const Registry::RecordState& here);
  absl::Status EraseOne(const RecordKey& record);
  absl::Status Count(uint64_t AbsorbAnswer::*of);
  absl::Status Refuse(const RecordKey& record, const absl::Status& why);
  void Wait(const Registry::RecordState& there);
  SideChange OnceAnother(const RecordKey& record, std::vector<RecordKey> others) const;

  Absorption& a_;
  std::mutex mutex_;
  std::vector<Merge> merges_;
  std::vector<RecordKey> retires_, erases_;
};

// Makes the decisions that stand there, and withdraws those that do not any more.
absl::Status AbsorbDecisions(Absorption* a);

// The names of persons here that the other's IDs of these records are.
absl::Status AbsorbIds(Absorption* a, std::span<const Registry::RecordState> states);
// IDs that answered by records that were registered anew, and name nobody there any more, name nobody here.
absl::Status ForgetIds(Absorption* a);
// Those that indexes before the other gave.
absl::Status AbsorbAliases(Absorption* a);

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_ABSORPTION_H_
