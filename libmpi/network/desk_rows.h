// SPDX-License-Identifier: Apache-2.0
// What the steward's desk keeps beside a registry. Internal to libmpi/network.
#ifndef LIBMPI_NETWORK_DESK_ROWS_H_
#define LIBMPI_NETWORK_DESK_ROWS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/network/review_desk.h"
#include "libmpi/registry/side_rows.h"

namespace libmpi {

absl::Status ReadFourEyes(const SideReader& rows, bool* on);
void WriteFourEyes(bool on, SideRows* rows);

// Words that wait, by case.
absl::Status ReadVoices(const SideReader& rows, const CaseKey& of, std::vector<Voice>* voices);
absl::Status ReadAllVoices(const SideReader& rows, std::map<CaseKey, std::vector<Voice>>* voices);
void WriteVoices(const CaseKey& of, std::vector<Voice> voices, SideRows* rows);

// First to last.
absl::Status ReadNotes(const SideReader& rows, const CaseKey& of, std::vector<CaseNote>* notes);
absl::Status AppendNote(const CaseKey& of, const CaseNote& note, SideRows* rows);
// Deletes those of all cases about a record. Looks at every note's key.
absl::Status EraseNotes(const RecordKey& record, SideRows* rows);

// What a steward put off, until when. Writing drops what is due.
absl::Status ReadPutOff(const SideReader& rows, const std::string& actor, std::map<CaseKey, int64_t>* until);
absl::Status WritePutOff(const std::string& actor, const CaseKey& of, int64_t until, int64_t now, SideRows* rows);

// Who has a held revision; those of questions are the registry's.
absl::Status ReadAssigned(const SideReader& rows, std::map<CaseKey, std::string>* assignees);
void WriteAssigned(const CaseKey& of, const std::string& assignee, SideRows* rows);

// A steward's acts, the last one first, until visit returns false.
absl::Status VisitActs(const SideReader& rows, const std::string& actor,
                       const std::function<bool(const DeskAct& act)>& visit);
// Gives it its number.
absl::Status AppendAct(const std::string& actor, DeskAct act, SideRows* rows);
// One that was written before.
void WriteAct(const std::string& actor, const DeskAct& act, SideRows* rows);
// The names of all who did anything.
absl::Status ReadActors(const SideReader& rows, std::vector<std::string>* actors);

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_DESK_ROWS_H_
