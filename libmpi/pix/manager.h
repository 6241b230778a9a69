// SPDX-License-Identifier: Apache-2.0
// The Patient Identifier Cross-reference Manager and Patient Demographics Supplier: what feeds and queries mean,
// whatever form they come in. HL7 v2, v3 and FHIR all ask here and so can't disagree (IHE ITI TF-1 5 and 8).
#ifndef LIBMPI_PIX_MANAGER_H_
#define LIBMPI_PIX_MANAGER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/network/network.h"
#include "libmpi/pix/directory.h"
#include "libmpi/pix/feed.h"
#include "libmpi/pix/question.h"

namespace libmpi::pix {

struct ManagerOptions {
  // How long an accepted message is known again, and how many at most.
  int64_t remember_milliseconds = int64_t{14} * 24 * 3600 * 1000;
  uint64_t remember_most = 10'000'000;
  // How long an answer can be continued, and how many of them wait for that at most (of one party; in all 16 times
  // that).
  int64_t continue_milliseconds = int64_t{10} * 60 * 1000;
  size_t continue_most = 100;
  // How many entries messages of nobody leave in the audit trail a minute, of one network address; of all a hundred
  // times that.
  size_t stranger_entries = 10;
};

// What an ITI-10 message tells a party: all identifiers of a patient in its domains.
struct Update {
  std::vector<Identifier> identifiers;
};
struct Updates {
  std::vector<Update> updates;
  uint64_t next = 0;  // to be confirmed when all were taken
};

// Thread-safe.
class Manager {
 public:
  // Borrows the network, and the registry that is its.
  Manager(Network* network, Registry* registry, std::shared_ptr<const Directory> directory,
          const ManagerOptions& options = {});
  ~Manager();

  std::shared_ptr<const Directory> directory() const;
  // From now on this one; what is under way goes on with the one before.
  void SetDirectory(std::shared_ptr<const Directory> directory);
  // Registers the directory's facilities and authorities with the network where it lacks them, but for that of
  // enterprise IDs.
  absl::Status RegisterMembers(const std::vector<Facility>& facilities, const Requester& by);

  // Accepted is told only of what is durable. A message that was accepted before changes nothing and is answered as
  // then.
  FeedAnswer Take(const Party& party, const Feed& feed, const MessageId& message);
  CrossReferenceAnswer CrossReferences(const Party& party, const CrossReferenceQuestion& question, const Asked& asked);
  DemographicsAnswer Demographics(const Party& party, const DemographicsQuestion& question, const Asked& asked);
  // The next page of an answer. A page may be asked for again, as long as it is kept.
  DemographicsAnswer Continue(const Party& party, const std::string& continuation, size_t page, const Asked& asked);
  // True where something was waiting under the tag.
  bool Cancel(const Party& party, const std::string& tag);

  // What a wire form refused before it came to one of these calls, for the audit trail: `faults` names what was wrong,
  // without values. kUnavailable: it can't be noted.
  absl::Status NoteRefusal(const Party& party, Operation operation, const std::string& faults, const Asked& asked);
  // The same of what could not be read, or came from nobody who is known: its entry is "unknown"'s. Where more of them
  // come than ManagerOptions::stranger_entries, the others are counted, and the count is noted when the minute is over.
  void NoteStranger(Operation operation, const std::string& faults, const Asked& asked);
  // Notes how many strangers' messages left no entry, where that is due: to be called now and then.
  void NoteLeftOut();

  // ITI-10: what changed for a party since what it last confirmed; looks at `most` events. Empty updates with a higher
  // `next`: nothing of interest happened. A party that never confirmed anything begins with what happens from its first
  // question on. States are those of now: a patient who changed twice is told of once.
  absl::StatusOr<Updates> UpdatesFor(const Party& party, size_t most);
  absl::Status ConfirmUpdates(const Party& party, uint64_t next);
  // The same of the patients who have any of these identifiers now, whether or not something changed: for a party that
  // refused to be told. Identifiers that nobody has any more are left out, as are patients the party is not told of.
  absl::StatusOr<std::vector<Update>> UpdatesAbout(const Party& party, const std::vector<Identifier>& identifiers);

  struct Rep;  // internal

 private:
  friend class Gateway;
  std::unique_ptr<Rep> rep_;
};

}  // namespace libmpi::pix

#endif  // LIBMPI_PIX_MANAGER_H_
