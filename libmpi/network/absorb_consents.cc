// SPDX-License-Identifier: Apache-2.0
// What patients said to a network that is absorbed. Beside it is kept how the other had it when it was brought, so that
// what went there goes here too, and what was said here stays.
#include <algorithm>
#include <map>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/absorption.h"
#include "libmpi/network/audit_trail.h"
#include "libmpi/network/consent_rows.h"
#include "libmpi/network/rows.h"
#include "libmpi/record/iso_date.h"

namespace libmpi {
namespace {

constexpr size_t kAtOnce = 1000;

// But for its number, which each network gives by itself.
bool IsOne(const ConsentStatement& x, ConsentStatement y) {
  y.number = x.number;
  return x == y;
}

bool Has(const std::vector<ConsentStatement>& statements, const ConsentStatement& statement) {
  return std::ranges::any_of(statements, [&](const ConsentStatement& s) { return IsOne(s, statement); });
}

// An identifier of which something else was said there than when it was brought last; the bytes of rows, empty: none.
struct Difference {
  std::string identifier;  // as in keys
  std::string before, now;
};

class ConsentAbsorption {
 public:
  explicit ConsentAbsorption(Absorption* a) : a_(*a) {}

  absl::Status Run() {
    const std::string there = RowKey(NetworkRow::kConsent), brought = a_.rows.Key(AbsorbRow::kConsent);
    LIBMPI_RETURN_IF_ERROR(ForEachPage(a_.other, there, a_.into, brought, [](std::string now, std::string before) {
      return std::pair(std::move(before), std::move(now));
    }));
    // And those of which nothing is said there any more.
    return ForEachPage(a_.into, brought, a_.other, there, [](std::string before, std::string now) {
      if (!now.empty()) before = now;  // seen already
      return std::pair(std::move(before), std::move(now));
    });
  }

 private:
  // Some rows of one registry at a time, with those of the other that have the same identifiers: `sides` says which is
  // what was before and what is now.
  template <typename Sides>
  absl::Status ForEachPage(const Registry& of, const std::string& prefix, const Registry& with,
                           const std::string& other_prefix, const Sides& sides) {
    for (std::string from = prefix;;) {
      LIBMPI_RETURN_IF_ERROR(ReportProgress(a_.options.progress, "consent", seen_, seen_));
      std::vector<std::string> rests, values;
      LIBMPI_RETURN_IF_ERROR(of.ReadSide([&](const SideReader& rows) {
        return rows.Scan(prefix, from, [&](std::string_view key, std::string_view value) {
          rests.emplace_back(key.substr(prefix.size()));
          values.emplace_back(value);
          return rests.size() < kAtOnce;
        });
      }));
      if (rests.empty()) return absl::OkStatus();
      from = prefix + rests.back() + '\0';
      seen_ += rests.size();
      std::vector<std::string> keys;
      for (const std::string& rest : rests) keys.push_back(other_prefix + rest);
      std::vector<std::optional<std::string>> others;
      LIBMPI_RETURN_IF_ERROR(with.ReadSide([&](const SideReader& rows) { return rows.Read(keys, &others); }));
      std::vector<Difference> differences;
      for (size_t i = 0; i < rests.size(); ++i) {
        auto [before, now] = sides(std::move(values[i]), others[i].value_or(std::string()));
        if (before != now) differences.push_back({std::move(rests[i]), std::move(before), std::move(now)});
      }
      LIBMPI_RETURN_IF_ERROR(Bring(differences));
    }
  }

  absl::Status Bring(const std::vector<Difference>& differences) {
    if (differences.empty()) return absl::OkStatus();
    if (a_.options.dry_run) {
      a_.answer.statements += differences.size();
      return absl::OkStatus();
    }
    uint64_t changed = 0;
    const auto bring = [&](const ChangeAnswer&, SideRows* rows) -> absl::Status {
      changed = 0;
      for (const Difference& d : differences) LIBMPI_RETURN_IF_ERROR(BringOne(d, &changed, rows));
      return absl::OkStatus();
    };
    LIBMPI_RETURN_IF_ERROR(a_.into.WriteSide(bring));
    a_.answer.statements += changed;
    return absl::OkStatus();
  }

  absl::Status BringOne(const Difference& d, uint64_t* changed, SideRows* rows) {
    RecordKey identifier;
    LIBMPI_RETURN_IF_ERROR(AbsorbRows::ReadIdentifiers(d.identifier, std::span(&identifier, 1)));
    IdentifierConsent before, now, here;
    if (!d.before.empty()) LIBMPI_RETURN_IF_ERROR(Unpack(d.before, &before));
    if (!d.now.empty()) LIBMPI_RETURN_IF_ERROR(Unpack(d.now, &now));
    LIBMPI_RETURN_IF_ERROR(ReadConsent(*rows, identifier, &here));
    *changed += std::erase_if(here.statements, [&](const ConsentStatement& s) {
      return Has(before.statements, s) && !Has(now.statements, s);
    });
    for (ConsentStatement& statement : now.statements) {
      // One that was brought and is not here any more was forgotten here.
      if (Has(here.statements, statement) || Has(before.statements, statement)) continue;
      LIBMPI_RETURN_IF_ERROR(Number(identifier, &statement, rows));
      here.statements.push_back(std::move(statement));
      ++*changed;
    }
    std::ranges::stable_sort(here.statements, {}, &ConsentStatement::number);
    for (const RecordKey& key : before.subsumed)
      if (std::ranges::find(now.subsumed, key) == now.subsumed.end()) std::erase(here.subsumed, key);
    for (const RecordKey& key : now.subsumed)
      if (std::ranges::find(here.subsumed, key) == here.subsumed.end()) here.subsumed.push_back(key);
    WriteConsent(identifier, here, rows);
    const std::string image = a_.rows.Key(AbsorbRow::kConsent, d.identifier);
    if (d.now.empty()) rows->Delete(image);
    else rows->Put(image, d.now);
    return absl::OkStatus();
  }

  // A number of this network's: that of an entry in its trail, which names the identifier. One that was carried has
  // that of where it was said.
  absl::Status Number(const RecordKey& identifier, ConsentStatement* statement, SideRows* rows) {
    if (statement->carried_from) {
      ConsentStatement original = *statement;
      original.carried_from.reset();
      IdentifierConsent value;
      LIBMPI_RETURN_IF_ERROR(ReadConsent(*rows, *statement->carried_from, &value));
      for (const ConsentStatement& s : value.statements)
        if (IsOne(s, original)) {
          statement->number = s.number;
          return absl::OkStatus();
        }
    }
    AuditEntry entry;
    entry.unix_milliseconds = a_.into.Now();
    if (a_.options.as) entry.by = *a_.options.as;
    else entry.by.actor = a_.by.actor;
    entry.operation = Operation::kAdminister;
    entry.action = "absorb_consent";
    entry.asked = {identifier};
    entry.detail = "of " + a_.options.name + ": " + std::string(ConsentKindName(statement->kind)) + " from " +
                   IsoDateText(statement->from);
    LIBMPI_RETURN_IF_ERROR(AppendAudit(&entry, rows));
    statement->number = entry.number;
    return absl::OkStatus();
  }

  Absorption& a_;
  uint64_t seen_ = 0;
};

}  // namespace

absl::Status AbsorbConsents(Absorption* a) {
  return a->both_are_networks ? ConsentAbsorption(a).Run() : absl::OkStatus();
}

}  // namespace libmpi
