// SPDX-License-Identifier: Apache-2.0
// An entry of the audit trail as other systems' audit repositories take it: an
// audit message by the schema of DICOM PS3.15 A.5, as IHE profiles it (ITI-20),
// one XML document an entry. docs/ihe.md says what is mapped to what.
//
// It has identifiers, as the trail has, and never what a record or a question
// says.
#ifndef LIBMPI_TOOLS_SERVE_DICOM_AUDIT_H_
#define LIBMPI_TOOLS_SERVE_DICOM_AUDIT_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "libmpi/network/audit_trail.h"
#include "libmpi/registry/registry.h"

namespace nayose {

struct DicomAuditOptions {
  std::string host;                         // this machine's name: the audit source, and where the server is
  std::string server = "NAYOSE|NAYOSE";     // as others know it: facility and application
  std::map<std::string, std::string> oids;  // of assigning authorities, by name
};

// With the OIDs that the registry knows.
absl::StatusOr<DicomAuditOptions> DicomAuditOptionsOf(const libmpi::Registry& registry, std::string server);

// One line, without its end. `made_record`: whether its change registered a
// record that was not there (MadeRecord()).
std::string DicomAuditMessage(const libmpi::AuditEntry& entry, bool made_record, const DicomAuditOptions& options);
absl::StatusOr<bool> MadeRecord(const libmpi::AuditEntry& entry, const libmpi::Registry& registry);

// The message in a line of syslog (RFC 5424), as ITI-20 has it. Whoever sends
// it by TLS (RFC 5425) puts its length before it.
std::string SyslogLine(const libmpi::AuditEntry& entry, const std::string& message, const DicomAuditOptions& options);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_DICOM_AUDIT_H_
