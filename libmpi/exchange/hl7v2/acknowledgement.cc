// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/acknowledgement.h"

namespace libmpi::hl7v2 {
namespace {

// HL7 table 0155.
bool IsWanted(std::string_view when, bool success, bool if_empty) {
  if (when.empty()) return if_empty;
  if (when == "NE") return false;
  if (when == "SU") return success;
  if (when == "ER") return !success;
  return true;  // AL, and what nobody knows: an answer too many does no harm
}

}  // namespace

std::string_view AcknowledgementCode(const MessageHead& head, Verdict verdict) {
  const bool success = verdict == Verdict::kAccepted;
  if (!head.enhanced() || IsWanted(head.application_when, success, true))
    return success ? "AA" : verdict == Verdict::kError ? "AE" : "AR";
  if (!IsWanted(head.accept_when, success, false)) return "";
  return success ? "CA" : verdict == Verdict::kError ? "CE" : "CR";
}

}  // namespace libmpi::hl7v2
