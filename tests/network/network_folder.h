// SPDX-License-Identifier: Apache-2.0
// A network of four facilities over a registry of its own, for tests.
#ifndef LIBMPI_TESTS_NETWORK_NETWORK_FOLDER_H_
#define LIBMPI_TESTS_NETWORK_NETWORK_FOLDER_H_

#include <memory>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "libmpi/network/network.h"
#include "tests/registry/registry_folder.h"

namespace libmpi {

inline Requester Asker(Profession who, Purpose why, std::string facility) {
  Requester by;
  by.actor = "a " + std::string(ProfessionName(who));
  by.facility = std::move(facility);
  by.profession = who;
  by.purpose = why;
  by.request = "msg-1";
  if (why == Purpose::kEmergency) by.reason = "unconscious";
  return by;
}

inline const Facility kHospital = {"hospital", "hospital", true, true, {"H1", "H2"}};
inline const Facility kClinic = {"clinic", "clinic", true, true, {"C1"}};
inline const Facility kCare = {"care", "care", true, false, {"R1"}};              // feeds only
inline const Facility kPharmacy = {"pharmacy", "pharmacy", false, true, {"P1"}};  // asks only

class NetworkFolder {
 public:
  bool Create(const FrozenOptions& linkage = FrozenOptions()) {
    if (!folder_.Create(Model::Default(), linkage)) return false;
    if (!Join()) return false;
    for (const Facility& facility : {kHospital, kClinic, kCare, kPharmacy}) {
      const absl::Status put = network_->PutFacility(facility, Asker(Profession::kOperator, Purpose::kOperations, ""));
      EXPECT_TRUE(put.ok()) << put;
    }
    return true;
  }
  bool Reopen() {
    network_.reset();
    return folder_.Reopen() && Join();
  }

  Network* operator->() const { return network_.get(); }
  Registry& registry() { return *folder_; }
  RegistryFolder& folder() { return folder_; }

 private:
  bool Join() {
    auto opened = Network::Open(&*folder_);
    EXPECT_TRUE(opened.ok()) << opened.status();
    if (opened.ok()) network_ = *std::move(opened);
    return opened.ok();
  }

  RegistryFolder folder_;
  std::unique_ptr<Network> network_;
};

}  // namespace libmpi

#endif  // LIBMPI_TESTS_NETWORK_NETWORK_FOLDER_H_
