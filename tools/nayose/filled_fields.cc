// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/filled_fields.h"

namespace nayose {

using libmpi::Field;

SaidFields SaidBy(const libmpi::FieldValues& values) {
  const auto says = [&](auto... fields) { return (!values[static_cast<size_t>(fields)].empty() || ...); };
  return libmpi::SaidFieldsOf(
      {says(Field::kName, Field::kFamily, Field::kGiven), says(Field::kKana, Field::kFamilyKana, Field::kGivenKana),
       says(Field::kLatin), says(Field::kFormerName), says(Field::kBirth), says(Field::kSex),
       says(Field::kInsurer) && says(Field::kNumber), says(Field::kBranch), says(Field::kCareNumber),
       says(Field::kPostalCode), says(Field::kCity, Field::kStreet, Field::kAddress),
       says(Field::kPhone, Field::kPhone2)});
}

}  // namespace nayose
