// SPDX-License-Identifier: Apache-2.0
// Identifiers that any party may state beside its own (Domain::shared): beside which of its records it does, and what
// follows from that. Internal to libmpi/pix.
//
// Such an identifier has a record, which says what was said with it last, and a link to each record beside which it is
// stated: so they are one person, though they would not be by what they say. Of another person that is not so: what is
// said then is held for a steward, and nothing linked. What a record's last feed does not state any more is withdrawn;
// what nobody states has no record.
#ifndef LIBMPI_PIX_SHARED_IDENTIFIERS_H_
#define LIBMPI_PIX_SHARED_IDENTIFIERS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/pix/manager_rep.h"

namespace libmpi::pix {

// On behalf of a party, whose `own` records are. Any of it may be done again.
class SharedIdentifiers {
 public:
  SharedIdentifiers(Manager::Rep* rep, const Directory& directory, const Requester& by)
      : rep_(*rep), directory_(directory), by_(by) {}

  // The one that a shared identifier was merged into, by its source or the network's office; else itself.
  absl::StatusOr<RecordKey> InPlaceOf(RecordKey shared) const;
  // Those of domains that are shared, by key.
  absl::StatusOr<std::vector<RecordKey>> StatedBeside(const RecordKey& own) const;
  // `said` of the shared identifier that is its key. `revise`: the record of one that is known is to say so, too; never
  // of a domain that has a source. kHeld: it waits for a steward, and is not linked. A steward's decision on the two
  // stands.
  absl::StatusOr<PersonOutcome> State(const RecordKey& own, const Record& said, bool revise);
  absl::Status Withdraw(const RecordKey& own, const RecordKey& shared);

  // Beside changes of `own`. The source of a shared domain states its identifier itself; nothing is stated beside it
  // any more.
  static SideChange NoteSource(const RecordKey& own);
  static SideChange Forget(const RecordKey& own);

 private:
  struct Standing {
    bool noted = false;              // it is stated
    uint64_t link = 0;               // the event of the party's own link, where that stands
    std::optional<bool> of_steward;  // what another one decided on the two
  };
  bool HasSource(const RecordKey& shared) const;
  absl::StatusOr<Standing> Read(const RecordKey& own, const RecordKey& shared) const;
  absl::Status Link(const RecordKey& own, const RecordKey& shared);
  absl::Status Unlink(const RecordKey& own, const RecordKey& shared);
  absl::StatusOr<std::vector<RecordKey>> OthersStating(const RecordKey& shared, const RecordKey& own) const;
  // What the live ones of these records say, as of the shared identifier.
  absl::StatusOr<std::vector<Record>> SaidOf(const RecordKey& shared, const std::vector<RecordKey>& beside) const;

  Manager::Rep& rep_;
  const Directory& directory_;
  const Requester& by_;
};

}  // namespace libmpi::pix

#endif  // LIBMPI_PIX_SHARED_IDENTIFIERS_H_
