// SPDX-License-Identifier: Apache-2.0
// What report.html shows of a run by a schema, in the form of ReportData.
#ifndef LIBMPI_TOOLS_NAYOSE_TABLE_REPORT_H_
#define LIBMPI_TOOLS_NAYOSE_TABLE_REPORT_H_

#include "libmpi/table/table_linker.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/run_evaluation.h"
#include "tools/nayose/table_input.h"
#include "tools/nayose/table_run.h"

namespace nayose {

// `evaluation` may be null. Without --with-values the data hold record ids, names of files, sources and
// columns, and no values.
nlohmann::ordered_json TableReportData(const TableRunArguments& args, const libmpi::table::Schema& schema,
                                       const TableInput& input, const libmpi::table::TableResult& result,
                                       const RunEvaluation* evaluation, bool too_many_rejects);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_TABLE_REPORT_H_
