// SPDX-License-Identifier: Apache-2.0
// Fields of CSV files as we write them.
#ifndef LIBMPI_EXCHANGE_CSV_WRITER_H_
#define LIBMPI_EXCHANGE_CSV_WRITER_H_

#include <string>
#include <string_view>

namespace libmpi {

// Appends a CSV field, quoted where RFC 4180 needs it.
void AppendCsvField(std::string_view value, std::string* out);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_CSV_WRITER_H_
