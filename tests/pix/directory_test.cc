// SPDX-License-Identifier: Apache-2.0
#include "libmpi/pix/directory.h"

#include "gmock/gmock.h"
#include "tests/pix/manager_folder.h"

namespace libmpi::pix {
namespace {

TEST(DirectoryTest, FindsADomainHoweverItsAuthorityIsSaid) {
  const auto directory = Directory::Make(TestDomains(), TestParties());
  ASSERT_TRUE(directory.ok()) << directory.status();
  const struct {
    Authority said;
    const char* domain;  // null: the fault
    Fault fault = Fault::kInternal;
  } kCases[] = {
      {{"HOSP", "", ""}, "H"},
      {{"", "1.2.392.1", "ISO"}, "H"},
      {{"HOSP", "1.2.392.1", "ISO"}, "H"},
      {{"", "1.2.392.3", "iso"}, "C"},
      {{"", "urn:oid:1.2.392.3", ""}, "C"},
      {{"", "urn:oid:1.2.392.3", "ISO"}, "C"},
      {{"LOCAL NAME", "1.2.392.1", "ISO"}, "H"},
      {{"", "", ""}, nullptr, Fault::kNoAuthority},
      {{"HOSP", "1.2.392.1", ""}, nullptr, Fault::kIncompleteAuthority},
      {{"HOSP", "", "ISO"}, nullptr, Fault::kIncompleteAuthority},
      {{"", "1.2.392.1", ""}, nullptr, Fault::kIncompleteAuthority},
      {{"HOSP", "1.2.392.3", "ISO"}, nullptr, Fault::kContradictoryAuthority},
      {{"hosp", "", ""}, nullptr, Fault::kUnknownAuthority},
      {{"", "1.2.392.1", "DNS"}, nullptr, Fault::kUnknownAuthority},
      {{"HOSP", "9.9", "ISO"}, nullptr, Fault::kUnknownAuthority},
      {{"NOBODY", "", ""}, nullptr, Fault::kUnknownAuthority},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.said.namespace_id + "&" + c.said.universal_id + "&" + c.said.universal_id_type);
    const auto found = (*directory)->DomainOf(c.said);
    if (c.domain == nullptr) {
      ASSERT_TRUE(std::holds_alternative<Fault>(found));
      EXPECT_EQ(std::get<Fault>(found), c.fault);
    } else {
      ASSERT_TRUE(std::holds_alternative<const Domain*>(found));
      EXPECT_EQ(std::get<const Domain*>(found)->name, c.domain);
    }
  }
}

TEST(DirectoryTest, KnowsAPartyByItsNameAndByWhatItSends) {
  const auto directory = Directory::Make(TestDomains(), TestParties());
  ASSERT_TRUE(directory.ok());
  ASSERT_NE((*directory)->FindParty("HIS", "HOSPITAL"), nullptr);
  EXPECT_EQ((*directory)->FindParty("HIS", "HOSPITAL"), (*directory)->FindParty("his"));
  EXPECT_EQ((*directory)->FindParty("HIS", "CLINIC"), nullptr);
  EXPECT_EQ((*directory)->FindParty("HIS"), nullptr);
  EXPECT_THAT((*directory)->FindParty("his")->domains, testing::ElementsAre("H", "K"));
  EXPECT_THAT((*directory)->FindParty("till")->domains, testing::IsEmpty());
}

TEST(DirectoryTest, RefusesWhatCanNotBe) {
  const struct {
    const char* what;
    void (*change)(std::vector<Domain>*, std::vector<Party>*);
    const char* said;
  } kCases[] = {
      {"no universal ID", [](auto* d, auto*) { (*d)[0].authority.universal_id = ""; }, "universal ID"},
      {"no namespace", [](auto* d, auto*) { (*d)[0].authority.namespace_id = ""; }, "namespace"},
      {"one domain twice", [](auto* d, auto*) { (*d)[1].name = "H"; }, "twice"},
      {"one namespace twice", [](auto* d, auto*) { (*d)[1].authority.namespace_id = "HOSP"; }, "namespace of another"},
      {"one OID twice", [](auto* d, auto*) { (*d)[1].authority.universal_id = "1.2.392.1"; },
       "universal ID of another"},
      {"a source that nobody is", [](auto* d, auto*) { (*d)[0].source = "nobody"; }, "nobody"},
      {"a domain without a name", [](auto* d, auto*) { (*d)[0].name = ""; }, "no name"},
      {"one party twice", [](auto*, auto* p) { (*p)[1].name = "his"; }, "twice"},
      {"one address twice",
       [](auto*, auto* p) {
         (*p)[1].application = "HIS";
         (*p)[1].facility = "HOSPITAL";
       },
       "application and facility of another"},
      {"no application", [](auto*, auto* p) { (*p)[0].application = ""; }, "MSH-3"},
      {"enterprise IDs that are fed", [](auto* d, auto*) { (*d)[0].enterprise = true; }, "no source"},
      {"enterprise IDs of a facility",
       [](auto* d, auto*) { d->push_back({"N", kNetworkId, "clinic", "", false, true}); },
       "no facility"},
      {"shared enterprise IDs", [](auto* d, auto*) { d->push_back({"N", kNetworkId, "", "", true, true}); },
       "not shared"},
      {"enterprise IDs twice",
       [](auto* d, auto*) {
         d->push_back({"N", kNetworkId, "", "", false, true});
         d->push_back({"R", kRegionId, "", "", false, true});
       },
       "as another one is"},
      {"interest in enterprise IDs",
       [](auto* d, auto* p) {
         d->push_back({"N", kNetworkId, "", "", false, true});
         (*p)[1].interests = {"N"};
       },
       "in no update"},
      {"interest in no domain", [](auto*, auto* p) { (*p)[1].interests = {"X"}; }, "which there is not"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    std::vector<Domain> domains = TestDomains();
    std::vector<Party> parties = TestParties();
    c.change(&domains, &parties);
    const auto directory = Directory::Make(domains, parties);
    EXPECT_TRUE(absl::IsInvalidArgument(directory.status())) << directory.status();
    EXPECT_THAT(std::string(directory.status().message()), testing::HasSubstr(c.said));
  }
}

}  // namespace
}  // namespace libmpi::pix
