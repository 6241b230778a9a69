// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/dicom_audit.h"

#include <fstream>
#include <sstream>

#include <pugixml.hpp>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nayose {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using libmpi::AuditEntry;
using libmpi::Operation;

DicomAuditOptions Options() {
  DicomAuditOptions options;
  options.host = "mpi.network.example";
  options.server = "NETWORK|NAYOSE";
  options.oids = {{"H001", "1.2.392.200119.6.102.10100001"}, {"C002", "1.2.392.200119.6.102.10200002"}, {"old", ""}};
  return options;
}

AuditEntry Entry(Operation operation, const char* action) {
  AuditEntry entry;
  entry.number = 17;
  entry.unix_milliseconds = 1'796'000'000'123;
  entry.operation = operation;
  entry.action = action;
  entry.asked = {{"H001", "00001003"}};
  return entry;
}

AuditEntry OfSystem(Operation operation, const char* action, const char* transaction) {
  AuditEntry entry = Entry(operation, action);
  entry.by.actor = "hospital-his";
  entry.by.facility = "hospital";
  entry.by.application = "HIS";
  entry.by.profession = libmpi::Profession::kSystem;
  entry.by.purpose = operation == Operation::kFeed ? libmpi::Purpose::kRegistration : libmpi::Purpose::kTreatment;
  entry.by.request = "M1003";
  entry.by.transaction = transaction;
  entry.by.peer = "192.0.2.7";
  return entry;
}

AuditEntry OfPerson(Operation operation, const char* action) {
  AuditEntry entry = Entry(operation, action);
  entry.by.actor = "sato";
  entry.by.profession = libmpi::Profession::kAuditor;
  entry.by.purpose = libmpi::Purpose::kAudit;
  return entry;
}

std::vector<AuditEntry> Trail() {
  AuditEntry feed = OfSystem(Operation::kFeed, "put", "ITI-8");
  feed.told = {{"C002", "7"}, {"H001", "00001003"}};
  AuditEntry merge = OfSystem(Operation::kFeed, "subsume", "ITI-8");
  merge.asked.push_back({"H001", "00001004"});
  AuditEntry pix = OfSystem(Operation::kFind, "find", "ITI-9");
  pix.told = {{"H001", "00001003"}, {"C002", "7"}};
  AuditEntry unknown = OfSystem(Operation::kFind, "find", "ITI-9");
  unknown.outcome = libmpi::AuditOutcome::kFailed;
  unknown.detail = "NOT_FOUND";
  AuditEntry search = OfSystem(Operation::kSearch, "search", "ITI-21");
  search.asked.clear();
  search.detail = "family birth";
  search.told = {{"C002", "7", 2}, {"C002", "7"}};
  AuditEntry update = OfSystem(Operation::kFind, "find", "ITI-10");
  update.asked.clear();
  update.by.request.clear();
  update.by.peer.clear();
  update.told = {{"H001", "00001003"}};
  AuditEntry emergency = OfPerson(Operation::kRead, "golden");
  emergency.by.facility = "hospital";
  emergency.by.application = "EMR";
  emergency.by.profession = libmpi::Profession::kPhysician;
  emergency.by.purpose = libmpi::Purpose::kEmergency;
  emergency.by.reason = "unconscious";
  emergency.beyond_consent = true;
  AuditEntry refused = OfPerson(Operation::kAdminister, "set_rules");
  refused.asked.clear();
  refused.outcome = libmpi::AuditOutcome::kRefused;
  refused.detail = "PERMISSION_DENIED";
  AuditEntry looked = OfPerson(Operation::kReadAudit, "who_looked");
  return {feed, merge, pix, unknown, search, update, emergency, refused, looked};
}

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Read by eye against PS3.15 A.5 and the transactions' audit tables. Of the first one the record is new.
TEST(DicomAuditTest, EachKindAsItWasReadByEye) {
  std::string lines;
  for (const AuditEntry& entry : Trail()) lines += DicomAuditMessage(entry, lines.empty(), Options()) + "\n";
  const std::string golden = std::string(LIBMPI_SOURCE_DIR) + "/tests/golden/dicom_audit.xml_lines";
  if (lines != Read(golden)) std::ofstream(::testing::TempDir() + "/dicom_audit.xml_lines", std::ios::binary) << lines;
  EXPECT_EQ(lines, Read(golden)) << "what it is now: dicom_audit.xml_lines in " << ::testing::TempDir();
}

TEST(DicomAuditTest, EveryOperationHasAnEventAndOneSourceOfTheMessage) {
  for (int i = 0; i < libmpi::kOperations; ++i) {
    const auto operation = static_cast<Operation>(i);
    for (const AuditEntry& entry : {OfPerson(operation, "act"), OfSystem(operation, "act", "ITI-99")}) {
      pugi::xml_document document;
      ASSERT_TRUE(document.load_string(DicomAuditMessage(entry, false, Options()).c_str()));
      const pugi::xml_node message = document.child("AuditMessage");
      EXPECT_STREQ(message.select_node("EventIdentification/EventID/@codeSystemName").attribute().value(), "DCM") << i;
      EXPECT_EQ(message.select_nodes("AuditSourceIdentification").size(), 1u) << i;
      EXPECT_EQ(message.select_nodes("ActiveParticipant[@UserIsRequestor='true']").size(), 1u) << i;
      // The schema wants a name or a query of each object, and not both.
      EXPECT_EQ(message.select_nodes("ParticipantObjectIdentification").size(),
                message.select_nodes("ParticipantObjectIdentification/ParticipantObjectName | "
                                     "ParticipantObjectIdentification/ParticipantObjectQuery").size()) << i;
    }
  }
}

TEST(DicomAuditTest, WhatOthersChoseIsTextAndNothingElse) {
  AuditEntry entry = OfSystem(Operation::kFeed, "put", "ITI-8");
  entry.asked = {{"H001", "1^2&3~4|5\\6"}, {"nobody's", "\x01<\"'>\n\xef\xbf\xbf\xff"}, {"old", "9"}};
  entry.by.actor = "<party name=\"x\">&amp;";
  const std::string line = DicomAuditMessage(entry, false, Options());
  EXPECT_THAT(line, Not(HasSubstr("\n")));
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(line.c_str()));
  std::vector<std::string> ids;
  for (const auto& node : document.select_nodes("//@ParticipantObjectID")) ids.push_back(node.attribute().value());
  const std::string no = "\xef\xbf\xbd";
  EXPECT_THAT(ids, ::testing::ElementsAre("1\\S\\2\\T\\3\\R\\4\\F\\5\\E\\6^^^&1.2.392.200119.6.102.10100001&ISO",
                                          no + "<\"'>" + no + no + no + "^^^nobody's", "9^^^old"));
  EXPECT_STREQ(document.select_node("//ActiveParticipant[1]/@AlternativeUserID").attribute().value(),
               "<party name=\"x\">&amp;");
}

TEST(DicomAuditTest, ALineOfSyslog) {
  DicomAuditOptions options = Options();
  EXPECT_EQ(SyslogLine(Trail()[0], "<AuditMessage/>", options),
            "<85>1 2026-11-30T00:53:20.123Z mpi.network.example nayose - IHE+RFC-3881 - \xef\xbb\xbf<AuditMessage/>");
  options.host = "a b\xe3\x81\x82";
  EXPECT_THAT(SyslogLine(Trail()[0], "", options), HasSubstr("Z a-b--- nayose"));
  options.host.clear();
  EXPECT_THAT(SyslogLine(Trail()[0], "", options), HasSubstr("Z - nayose"));
}

}  // namespace
}  // namespace nayose
