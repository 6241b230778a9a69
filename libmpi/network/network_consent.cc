// SPDX-License-Identifier: Apache-2.0
// What patients said, one method each.
#include <algorithm>
#include <utility>

#include "libmpi/network/call.h"
#include "libmpi/network/consent_rows.h"
#include "libmpi/network/registration_count.h"
#include "libmpi/record/iso_date.h"

namespace libmpi {
namespace {

absl::Status CheckStatement(const ConsentStatement& statement) {
  if (!statement.from.IsFull()) return absl::InvalidArgumentError("a consent needs the day from which it counts");
  if (statement.kind == ConsentKind::kWithdrawn && !statement.facilities.empty())
    return absl::InvalidArgumentError("a withdrawal is from all; register again with the facilities that may be told");
  return absl::OkStatus();
}

// What the trail keeps of a statement.
std::string DetailOf(const ConsentStatement& s) {
  std::string detail = std::string(ConsentKindName(s.kind)) + " from " + IsoDateText(s.from);
  for (const std::string& name : s.facilities) detail += ", " + name;
  if (!s.reference.empty()) detail += "; " + s.reference;
  return detail;
}

absl::Status AddStatement(const RecordKey& identifier, const ConsentStatement& statement, SideRows* rows) {
  IdentifierConsent value;
  LIBMPI_RETURN_IF_ERROR(ReadConsent(*rows, identifier, &value));
  value.statements.push_back(statement);
  WriteConsent(identifier, value, rows);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Consent> Network::TakeConsent(const RecordKey& identifier, ConsentStatement statement,
                                             const Requester& by) {
  Call call(this, by, Operation::kTakeConsent, "take_consent", {identifier});
  call.entry().detail = DetailOf(statement);
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  LIBMPI_RETURN_IF_ERROR(call.Change([&](const SideChange& note) -> absl::Status {
    const absl::Status sound = CheckStatement(statement);
    const absl::Status known = sound.ok() ? call.FindPerson(identifier).status() : sound;
    if (!known.ok()) return known;
    return registry_.WriteSide([&](const ChangeAnswer& none, SideRows* rows) {
      const absl::Status noted = note(none, rows);  // which gives the number
      statement.number = call.entry().number;
      statement.unix_milliseconds = call.entry().unix_milliseconds;
      statement.facility = by.facility;
      statement.carried_from.reset();
      return noted.ok() ? AddStatement(identifier, statement, rows) : noted;
    });
  }));
  // The person as they are now: an identifier that went meanwhile does not speak for anybody any more.
  const absl::StatusOr<CrossReference> person = call.FindPerson(identifier);
  if (!person.ok())
    return absl::AbortedError("the identifier was withdrawn at that moment: say it of another one of the person");
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<SaidOf> said, call.Said(std::span(&person->identifiers, 1)));
  return ConsentOn(said[0].statements, DayOf(registry_.Now()));
}

absl::StatusOr<PersonConsent> Network::ConsentOf(const RecordKey& identifier, const Requester& by) {
  Call call(this, by, Operation::kReadConsent, "consent", {identifier});
  return call.Answer([&]() -> absl::StatusOr<PersonConsent> {
    if (!call.Owns(identifier)) return NobodyThere();
    const absl::StatusOr<CrossReference> person = call.FindPerson(identifier);
    if (!person.ok()) return person.status();
    LIBMPI_ASSIGN_OR_RETURN(std::vector<SaidOf> said, call.Said(std::span(&person->identifiers, 1)));
    PersonConsent answer;
    answer.now = ConsentOn(said[0].statements, DayOf(registry_.Now()));
    for (size_t i = 0; i < said[0].statements.size(); ++i)
      answer.said.push_back({said[0].identifiers[i], std::move(said[0].statements[i])});
    if (call.sight() != Sight::kAll)
      std::erase_if(answer.said, [&](const SaidConsent& s) {
        return !call.Owns(s.identifier) || s.statement.facility != by.facility ||
               (s.statement.carried_from && !call.Owns(*s.statement.carried_from));
      });
    std::ranges::sort(answer.said, [](const SaidConsent& x, const SaidConsent& y) {
      return std::pair(x.statement.number, x.identifier) < std::pair(y.statement.number, y.identifier);
    });
    return answer;
  });
}

absl::StatusOr<RegistrationReport> Network::Registrations(const Requester& by) {
  Call call(this, by, Operation::kReport, "registrations");
  return call.Answer([&]() -> absl::StatusOr<RegistrationReport> {
    LIBMPI_RETURN_IF_ERROR(call.RequireAllOfTenant());
    RegistrationCount count(call.members().owner_of, DayOf(registry_.Now()));
    LIBMPI_RETURN_IF_ERROR(ForEachPersonAndSaid(
        registry_, [&](const EnterpriseId&, std::vector<RecordKey> identifiers, SaidOf said) {
          std::erase_if(identifiers, [&](const RecordKey& key) { return !call.InTenant(key); });
          if (identifiers.empty()) return;
          call.SiftSaid(&said);
          count.Add(identifiers, said);
        }));
    return count.Take();
  });
}

}  // namespace libmpi
