// SPDX-License-Identifier: Apache-2.0
// What feeds say of patients, and what becomes of it.
#ifndef LIBMPI_PIX_FEED_H_
#define LIBMPI_PIX_FEED_H_

#include <cstdint>
#include <string>
#include <vector>

#include "libmpi/pix/identifier.h"
#include "libmpi/pix/problem.h"
#include "libmpi/record/record.h"

namespace libmpi::pix {

struct Feed {
  enum class Kind : uint8_t {
    kAdd,     // ITI-8 A01 A04 A05 A28, ITI-44 add
    kRevise,  // A08 A31, ITI-44 revise; of one that nobody knows: an add
    kMerge,   // A40, ITI-44 resolve duplicates: subsumed[0] is from now on identifiers[0]
    kLink,    // A24: identifiers[0] and subsumed[0] are one patient, and both go on
    kUnlink,  // A37: the inverse of that
    kRetire,  // the facility withdraws its record (ITI-104 remove)
  };
  Kind kind = Kind::kAdd;
  std::vector<Identifier> identifiers;  // PID-3
  std::vector<Identifier> subsumed;     // MRG-1; of kLink and kUnlink the other patient's PID-3
  std::vector<Identifier> beside;       // said elsewhere (PID-19): those of shared domains count, others are no fault
  Record record;                        // what is said; its key is the manager's to fill
};

// How a message can be known when it comes again.
struct MessageId {
  std::string id;            // MSH-10; empty: it has none, and is never known again
  std::string content_hash;  // of all that makes it the same message (SHA-256, 32 bytes)
  std::string answer;        // what is answered if it is accepted, and again when it comes again
  std::string transaction;   // "ITI-8": for the audit trail
  std::string peer;          // from where: a network address
};

struct FeedAnswer {
  Problems problems;          // empty: accepted, and durable
  bool repeated = false;      // the message was accepted before; nothing was changed now
  std::string stored_answer;  // of a repeated one: what was answered then
  bool held = false;          // accepted; it makes another person of the record and waits for a steward
  uint64_t event = 0;         // of the registry's history; 0: nothing changed
};

}  // namespace libmpi::pix

#endif  // LIBMPI_PIX_FEED_H_
