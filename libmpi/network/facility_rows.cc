// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/facility_rows.h"

#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/rows.h"

namespace libmpi {
namespace {

template <typename To, typename F>
void VisitFacility(To* to, F& f) {
  to->Text(f.name);
  to->Text(f.kind);
  to->Number(f.feeds);
  to->Number(f.queries);
  to->Items(f.authorities, [to](auto& name) { to->Text(name); });
  to->LaterText(f.tenant);
}

}  // namespace

std::string Pack(const Facility& facility) {
  return PackRow(facility, [](auto* to, auto& f) { VisitFacility(to, f); });
}

absl::Status Unpack(std::string_view bytes, Facility* facility) {
  return UnpackRow(bytes, "a facility of the network", [](auto* from, auto& f) { VisitFacility(from, f); }, facility);
}

absl::Status ReadFacilities(const SideReader& rows, std::map<std::string, Facility>* facilities) {
  facilities->clear();
  absl::Status status;
  LIBMPI_RETURN_IF_ERROR(rows.Scan(RowKey(NetworkRow::kFacility), [&](std::string_view, std::string_view bytes) {
    Facility facility;
    status = Unpack(bytes, &facility);
    const std::string name = facility.name;
    (*facilities)[name] = std::move(facility);
    return status.ok();
  }));
  return status;
}

void WriteFacility(const Facility& facility, SideRows* rows) {
  rows->Put(RowKey(NetworkRow::kFacility, facility.name), Pack(facility));
}

}  // namespace libmpi
