// SPDX-License-Identifier: Apache-2.0
// A record as JSON, and back: nothing is lost between.
#ifndef LIBMPI_EXCHANGE_RECORD_JSON_H_
#define LIBMPI_EXCHANGE_RECORD_JSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "libmpi/record/record.h"
#include "nlohmann/json.hpp"

namespace libmpi {

// {"source", "record_id"} and, where it is not 0, "part".
nlohmann::ordered_json KeyJson(const RecordKey& key);
// The key, and a list for each kind of statement that there is: "names", "births", "addresses" ...
nlohmann::ordered_json RecordJson(const Record& record);
// One line without its end. What is no UTF-8 is shown as U+FFFD.
std::string JsonLine(const nlohmann::ordered_json& json);

// Of either way to say it: lists as RecordJson() gives them, or the fields of a patient list by their names
// ({"source": "H001", "record_id": "7", "name": "...", "birth": "..."}); of both, all is said. The record is normalized.
// kInvalidArgument names the member that is wrong, never a value.
absl::StatusOr<Record> RecordOfJson(const nlohmann::json& json);
absl::StatusOr<RecordKey> KeyOfJson(const nlohmann::json& json);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_RECORD_JSON_H_
