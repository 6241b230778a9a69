// SPDX-License-Identifier: Apache-2.0
// What SS-MIX2's folders and file names say.
#ifndef LIBMPI_EXCHANGE_FEEDS_SS_MIX2_NAME_H_
#define LIBMPI_EXCHANGE_FEEDS_SS_MIX2_NAME_H_

#include <optional>
#include <string>
#include <string_view>

namespace libmpi {

// The patient's own data: the one that an index is after.
inline constexpr std::string_view kPatientDatatype = "ADT-00";

// patient_date_datatype_order_time_department_condition. Views into the name.
struct SsMix2Name {
  std::string_view patient;
  std::string_view date;      // YYYYMMDD, or - where it is of no day
  std::string_view datatype;  // "ADT-00", "OML-11", "OMD" ...
  std::string_view order;
  std::string_view time;        // YYYYMMDDhhmmssfff, by some systems with fewer digits
  std::string_view department;  // or -
  char condition = '1';         // 1: current, 2: replaced by a newer one, 0: deleted
};

// Of a file of the standardized storage, with or without an extension; nothing: it is none.
std::optional<SsMix2Name> ParseSsMix2Name(std::string_view file_name);

// "ADT-00", "OMD": three letters, and two digits where there are several of a kind. The extended storage's are others
// (L-..., ^...^LN).
bool IsSsMix2Datatype(std::string_view name);

// The tree's root of a file in it: .../ROOT/pat/ien/patient/date/datatype/file, where folders say the same as the
// name. Empty: it is in no tree.
std::string_view SsMix2RootOf(std::string_view path, const SsMix2Name& name);

// Who issued the patients' numbers of a tree: of a root's name the institution's ten digits, to which systems add
// something where one institution has several trees; else the whole name. Empty: the root has none.
std::string SsMix2SourceOf(std::string_view root);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_SS_MIX2_NAME_H_
