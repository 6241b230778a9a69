// SPDX-License-Identifier: Apache-2.0
// Two networks that answer each other: each knows the persons of the other by the other's enterprise IDs, which it
// keeps as identifiers of a domain like those of its facilities. The idea is that of IHE's XCPD (ITI-55: a demographics
// query between communities, and correlations of what it finds) with PIX's cross-references behind it. The wire forms
// of XCPD and XCA are not here: how the other network is asked is the host's affair, in process or over a wire.
#ifndef LIBMPI_PIX_GATEWAY_H_
#define LIBMPI_PIX_GATEWAY_H_

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "libmpi/pix/manager.h"

namespace libmpi::pix {

// The other network, as this one knows it. Its functions ask it, as the party that this network is there: what it
// answers obeys the consent and the rules there. They don't throw, and may be called from any thread.
struct OtherNetwork {
  std::string domain;    // of our directory: their enterprise IDs; its source is the party, its facility that's member
  std::string party;     // of our directory: as which they are told of persons, and what they say is fed; its member
                         // stands for them in our network, feeds and queries
  Authority enterprise;  // their domain of enterprise IDs, as they know it
  std::function<DemographicsAnswer(const DemographicsQuestion&)> demographics;
  std::function<CrossReferenceAnswer(const CrossReferenceQuestion&)> cross_references;
};

struct GatewayAnswer {
  enum class Outcome : uint8_t {
    // They were asked and told of nobody who is linked with the person here; or of the person here no name and birth
    // date are known to ask by.
    kNobodyThere,
    kTold,
    // Consent or the rules here keep the person from being told of to them, or who asks from being told of theirs.
    kNotDisclosed,
  };
  // As of a CrossReferenceAnswer; kUnavailable also where they can't be asked, or refuse. Empty: answered.
  Problems problems;
  Outcome outcome = Outcome::kNobodyThere;
  // Of kTold: what their facilities know the person by, with their authorities.
  std::vector<Identifier> identifiers;
};

// Thread-safe, as far as the functions of the other network are; no lock is held while those run.
class Gateway {
 public:
  // Borrows the manager, which outlives it.
  Gateway(Manager* ours, OtherNetwork other) : ours_(*ours), other_(std::move(other)) {}

  // Under which identifiers the other network's facilities know the person of an identifier (an enterprise ID as well)
  // that `asking` may see. Nothing is asked of whom their party may not be told of by the consent and rules here
  // (treatment, as that party asks).
  //
  // Where no correlation is held, they are asked by name, birth date and sex of the golden record that their party may
  // be told of, and the first five whom they tell of are fed here, under their enterprise IDs. The linkage decides:
  // whose weight can't link them is not fed, and who was not linked is withdrawn again. A correlation is withdrawn when
  // a question finds that they do not know it any more (the person withdrew consent there, or is gone), or that they may
  // not be told of the person any more: not before. Nor is what it says brought up to date. What a withdrawn record
  // said is kept as that of others is (RetentionRules).
  //
  // kInternal: the directory lacks the party or the domain.
  GatewayAnswer Ask(const Party& asking, const Identifier& identifier, const Asked& asked);

 private:
  Manager& ours_;
  const OtherNetwork other_;
  std::mutex correlating_;  // a record fed to be tried is seen by nobody else who tries
};

}  // namespace libmpi::pix

#endif  // LIBMPI_PIX_GATEWAY_H_
