// SPDX-License-Identifier: Apache-2.0 How one comes into a registry: straight, or, where it is a network's, as somebody
// who is told what they may be told and leaves an entry in the audit trail. For programs that offer both.
#ifndef LIBMPI_NETWORK_REGISTRY_DOOR_H_
#define LIBMPI_NETWORK_REGISTRY_DOOR_H_

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "libmpi/network/network.h"
#include "libmpi/registry/registry.h"

namespace libmpi {

// Borrows both. As thread-safe as they are. Methods as the registry's and the network's of the same name.
class RegistryDoor {
 public:
  // Straight, with changes told as made by `by`.
  RegistryDoor(Registry* registry, Attribution by) : registry_(registry), by_(std::move(by)) {}
  // As `who`.
  RegistryDoor(Registry* registry, Network* network, Requester who)
      : registry_(registry), network_(network), who_(std::move(who)) {}

  // Null where one comes straight.
  Network* network() const { return network_; }
  const Requester& who() const { return who_; }
  // For what tells of nobody, and for what Admit() was asked for.
  Registry& registry() const { return *registry_; }
  const Attribution& by() const { return by_; }

  // Leave for what the registry does by itself: OK where one comes straight.
  absl::Status Admit(Operation operation, const std::string& action) const {
    return network_ != nullptr ? network_->Admit(operation, action, who_) : absl::OkStatus();
  }

  absl::StatusOr<CrossReference> Find(const RecordKey& key, std::span<const std::string> authorities) const {
    return network_ != nullptr ? network_->Find(key, authorities, who_) : registry_->Find(key, authorities);
  }
  absl::StatusOr<CrossReference> Find(const EnterpriseId& person) const {
    return network_ != nullptr ? network_->Find(person, who_) : registry_->Find(person);
  }
  absl::StatusOr<Record> Get(const RecordKey& key, RecordStatus* status = nullptr) const {
    return network_ != nullptr ? network_->Get(key, status, who_) : registry_->Get(key, status);
  }
  // A network has its own rules.
  absl::StatusOr<GoldenRecord> Golden(const RecordKey& key, const SurvivorshipRules& rules) const;
  absl::StatusOr<SearchAnswer> Search(const Record& record, size_t most) const {
    return network_ != nullptr ? network_->Search(record, most, who_) : registry_->Search(record, most);
  }
  absl::StatusOr<SearchAnswer> Search(const SearchCriteria& criteria, size_t most) const {
    return network_ != nullptr ? network_->Search(criteria, most, who_) : registry_->Search(criteria, most);
  }
  absl::StatusOr<Explanation> Explain(const RecordKey& a, const RecordKey& b) const {
    return network_ != nullptr ? network_->Explain(a, b, who_) : registry_->Explain(a, b);
  }
  absl::StatusOr<std::vector<ReviewEntry>> Review(size_t most) const {
    return network_ != nullptr ? network_->Review(most, who_) : registry_->Review(most);
  }
  absl::StatusOr<std::vector<HeldRevision>> HeldRevisions(size_t most) const {
    return network_ != nullptr ? network_->HeldRevisions(most, who_) : registry_->HeldRevisions(most);
  }
  absl::StatusOr<FollowAnswer> Follow(uint64_t from, size_t most) const;

  absl::StatusOr<ChangeAnswer> Put(const Record& record) const {
    return network_ != nullptr ? network_->Put(record, who_) : registry_->Put(record, by_);
  }
  absl::StatusOr<ChangeAnswer> Retire(const RecordKey& key) const {
    return network_ != nullptr ? network_->Retire(key, who_) : registry_->Retire(key, by_);
  }
  absl::StatusOr<ErasureAnswer> Erase(const RecordKey& key, bool whole_person) const;
  absl::StatusOr<ChangeAnswer> Subsume(const RecordKey& subsumed, const RecordKey& surviving) const {
    return network_ != nullptr ? network_->Subsume(subsumed, surviving, who_)
                               : registry_->Subsume(subsumed, surviving, by_);
  }
  absl::StatusOr<ChangeAnswer> Unsubsume(const RecordKey& subsumed) const {
    return network_ != nullptr ? network_->Unsubsume(subsumed, who_) : registry_->Unsubsume(subsumed, by_);
  }
  absl::StatusOr<ChangeAnswer> Decide(const RecordKey& a, const RecordKey& b, bool same) const {
    return network_ != nullptr ? network_->Decide(a, b, same, who_) : registry_->Decide(a, b, same, by_, UnlessFourEyes());
  }
  absl::StatusOr<ChangeAnswer> Undecide(const RecordKey& a, const RecordKey& b) const {
    return network_ != nullptr ? network_->Undecide(a, b, who_) : registry_->Undecide(a, b, by_);
  }
  absl::StatusOr<ChangeAnswer> AcceptRevision(const RecordKey& key, bool same_person) const {
    return network_ != nullptr ? network_->AcceptRevision(key, same_person, who_)
                               : registry_->AcceptRevision(key, same_person, by_, UnlessFourEyes());
  }
  absl::StatusOr<ChangeAnswer> RefuseRevision(const RecordKey& key) const {
    return network_ != nullptr ? network_->RefuseRevision(key, who_) : registry_->RefuseRevision(key, by_, UnlessFourEyes());
  }
  absl::Status Assign(const RecordKey& a, const RecordKey& b, const std::string& assignee) const {
    return network_ != nullptr ? network_->Assign(a, b, assignee, who_) : registry_->Assign(a, b, assignee, by_);
  }
  // The steward's desk.
  absl::StatusOr<ReviewCases> Cases(const CaseOptions& options) const {
    return network_ != nullptr ? network_->Cases(options, who_) : Desk().Cases(options);
  }
  absl::StatusOr<JudgeAnswer> Judge(const Judgement& judgement) const {
    return network_ != nullptr ? network_->Judge(judgement, who_) : Desk().Judge(judgement);
  }
  absl::StatusOr<UndoAnswer> Undo() const;
  absl::Status AddNote(const CaseKey& of, const std::string& text) const {
    return network_ != nullptr ? network_->AddNote(of, text, who_) : Desk().AddNote(of, text);
  }
  absl::Status PutOff(const CaseKey& of, int64_t until) const {
    return network_ != nullptr ? network_->PutOff(of, until, who_) : Desk().PutOff(of, until);
  }
  absl::Status AssignCase(const CaseKey& of, const std::string& assignee) const {
    return network_ != nullptr ? network_->AssignCase(of, assignee, who_) : Desk().AssignCase(of, assignee);
  }
  absl::StatusOr<DeskStatistics> Statistics(int64_t from, int64_t until) const {
    return network_ != nullptr ? network_->Statistics(from, until, who_) : Desk().Statistics(from, until);
  }
  absl::Status SetFourEyes(bool on) const {
    return network_ != nullptr ? network_->SetFourEyes(on, who_) : Desk().SetFourEyes(on);
  }

  absl::Status PutAuthority(const AssigningAuthority& authority) const {
    return network_ != nullptr ? network_->PutAuthority(authority, who_) : registry_->PutAuthority(authority, by_);
  }

 private:
  ReviewDesk Desk() const { return ReviewDesk(registry_, by_); }

  Registry* registry_;
  Network* network_ = nullptr;
  Attribution by_;
  Requester who_;
};

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_REGISTRY_DOOR_H_
