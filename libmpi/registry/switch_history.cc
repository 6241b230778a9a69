// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/switch_history.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "libmpi/base/byte_codec.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/registry/values.h"

namespace libmpi {
namespace {

constexpr size_t kBytesACommit = 4 << 20;
constexpr size_t kMovesAnEvent = 1000;

// As all was right after the switch: as it is at one moment, with what changed since taken back.
class SwitchHistory {
 public:
  SwitchHistory(Registry::Rep* rep, ModelSwitch last)
      : rep_(*rep), switch_(std::move(last)), view_(rep->ViewOf(&with_)),
        before_(Keys(kTenant, switch_.generation)) {}

  absl::Status Tell(const ProgressCallback& progress) {
    LIBMPI_RETURN_IF_ERROR(ReadMovesSince());
    LIBMPI_RETURN_IF_ERROR(FindMoves());
    for (size_t begin = 0; begin < moves_.size(); begin += kMovesAnEvent) {
      LIBMPI_RETURN_IF_ERROR(ReportProgress(progress, "tell", begin, moves_.size()));
      const auto some = std::span(moves_).subspan(begin, std::min(kMovesAnEvent, moves_.size() - begin));
      LIBMPI_RETURN_IF_ERROR(rep_.Write([&](const Writing& w) { return TellSome(some, w); }));
    }
    return absl::OkStatus();
  }

 private:
  struct Moved {
    RecordKey key;
    uint32_t number = 0;
    uint32_t before = 0, after = 0;  // persons
  };

  // Persons that records had right after the switch, where they were moved since; 0: it took no part.
  absl::Status ReadMovesSince() {
    return view_->ForEach<EventValue>(rep_.base.OfEvent(Table::kEvent, switch_.event + 1),
                                      rep_.base.End(Table::kEvent), [this](std::string_view, EventValue event) {
                                        if (event.kind == EventKind::kModel) return absl::OkStatus();  // of the switch
                                        for (EventValue::Move& m : event.moves)
                                          moved_since_.try_emplace(std::move(m.record), m.before);
                                        return absl::OkStatus();
                                      });
  }

  // Of the identifiers that are not told yet, ascending.
  absl::Status FindMoves() {
    const std::string from = with_->keys.Prefix(Table::kPerson);
    LIBMPI_RETURN_IF_ERROR(view_->ForEach<PersonOfRecord>(
        from, with_->keys.End(Table::kPerson), [&](std::string_view key, const PersonOfRecord& now) {
          RecordKey record = Keys::IdentifierOf(key.substr(from.size()));
          return moved_since_.contains(record) ? absl::OkStatus() : Compare(std::move(record), now.person);
        }));
    for (const auto& [record, person] : moved_since_)
      if (person != 0) LIBMPI_RETURN_IF_ERROR(Compare(record, person));
    std::sort(moves_.begin(), moves_.end(), [](const Moved& x, const Moved& y) { return x.key < y.key; });
    return absl::OkStatus();
  }

  absl::Status Compare(RecordKey record, uint32_t person) {
    if (!switch_.told.source.empty() && record <= switch_.told) return absl::OkStatus();
    PersonOfRecord was;
    bool found;
    LIBMPI_RETURN_IF_ERROR(view_->Read(before_.Of(Table::kPerson, record), &was, &found));
    if (found && was.person != person) moves_.push_back({std::move(record), was.number, was.person, person});
    return absl::OkStatus();
  }

  absl::Status TellSome(std::span<const Moved> moves, const Writing& w) {
    EventValue event;
    event.kind = EventKind::kModel;
    event.by = switch_.by;
    event.unix_milliseconds = rep_.Now();
    event.detail = "moves by event " + std::to_string(switch_.event);
    for (const Moved& move : moves) {
      event.moves.push_back({move.key, move.before, move.after});
      w.view->Put(rep_.base.OfEvent(Table::kPersonBefore, move.number, switch_.event), PackNumber(move.before));
      LIBMPI_RETURN_IF_ERROR(TellMembers(move, w));
    }
    w.view->Put(rep_.base.OfEvent(Table::kEvent, w.counters->next_event++), Pack(event));
    switch_.told = moves.back().key;
    w.view->Put(rep_.base.Named(Table::kMeta, kMetaSwitch), Pack(switch_));
    return absl::OkStatus();
  }

  // Who the two persons of a move were before the switch.
  absl::Status TellMembers(const Moved& move, const Writing& w) {
    const auto tell = [&](uint32_t person, const std::vector<RecordKey>& members) {
      w.view->Put(rep_.base.OfEvent(Table::kMembersBefore, person, switch_.event), Pack(members));
    };
    PersonOfRecord was;
    bool found;
    if (told_.insert(move.before).second) {
      LIBMPI_RETURN_IF_ERROR(view_->Read(before_.Of(Table::kPerson, move.key), &was, &found));
      tell(move.before, was.members);
    }
    if (!told_.insert(move.after).second) return absl::OkStatus();
    // A person that was there before the switch has a record from then: the one that it is named by, if no other.
    std::vector<RecordKey> members;
    LIBMPI_RETURN_IF_ERROR(MembersAfter(move, &members));
    for (const RecordKey& member : members) {
      LIBMPI_RETURN_IF_ERROR(view_->Read(before_.Of(Table::kPerson, member), &was, &found));
      if (found && was.person == move.after) {
        tell(move.after, was.members);
        return absl::OkStatus();
      }
    }
    tell(move.after, {});
    return absl::OkStatus();
  }

  // Of the person that the record became part of, right after the switch.
  absl::Status MembersAfter(const Moved& move, std::vector<RecordKey>* members) const {
    std::string first;
    bool any;
    LIBMPI_RETURN_IF_ERROR(
        ReadFirstAfter(*view_, rep_.base, Table::kMembersBefore, move.after, switch_.event, &first, &any));
    if (any) return Unpack(first, members);
    PersonOfRecord now;
    bool found;
    LIBMPI_RETURN_IF_ERROR(view_->Read(with_->keys.Of(Table::kPerson, move.key), &now, &found));
    *members = std::move(now.members);
    return absl::OkStatus();
  }

  Registry::Rep& rep_;
  ModelSwitch switch_;
  std::shared_ptr<const Generation> with_;
  const std::unique_ptr<const SnapshotView> view_;
  const Keys before_;
  std::map<RecordKey, uint32_t> moved_since_;
  std::vector<Moved> moves_;
  std::set<uint32_t> told_;  // persons
};

}  // namespace

std::string Pack(const ModelSwitch& value) {
  std::string bytes;
  ByteWriter out(&bytes);
  out.Byte(1);
  out.Number(value.generation);
  out.Number(value.event);
  for (const std::string* text : {&value.by.actor, &value.by.reason, &value.told.source, &value.told.record_id})
    out.Text(*text);
  out.Number(value.told.part);
  return bytes;
}

absl::Status Unpack(std::string_view bytes, ModelSwitch* value) {
  ByteReader in(bytes);
  in.Byte();
  value->generation = in.NumberUpTo<uint16_t>(UINT16_MAX);
  value->event = in.Number();
  for (std::string* text : {&value->by.actor, &value->by.reason, &value->told.source, &value->told.record_id})
    *text = std::string(in.Text());
  value->told.part = in.NumberUpTo<uint16_t>(UINT16_MAX);
  return in.done() ? absl::OkStatus() : absl::DataLossError("what the registry has to tell of a model is damaged");
}

absl::Status FinishSwitch(Registry::Rep* rep, const ProgressCallback& progress) {
  const std::string key = rep->base.Named(Table::kMeta, kMetaSwitch);
  ModelSwitch last;
  bool found;
  LIBMPI_RETURN_IF_ERROR(StoreView(rep->store.get()).Read(key, &last, &found));
  if (!found) return absl::OkStatus();
  const uint16_t before = last.generation;
  LIBMPI_RETURN_IF_ERROR(SwitchHistory(rep, std::move(last)).Tell(progress));
  LIBMPI_RETURN_IF_ERROR(RemoveGeneration(rep, Keys(kTenant, before)));
  return rep->Write([&](const Writing& w) {
    w.view->Delete(key);
    for (const std::string& name : MetaNamesOf(before)) w.view->Delete(rep->base.Named(Table::kMeta, name));
    return absl::OkStatus();
  });
}

absl::Status RemoveGeneration(Registry::Rep* rep, const Keys& keys) {
  const std::string end = keys.End(static_cast<Table>('\xfe'));
  for (std::string begin = keys.Prefix(static_cast<Table>('\0'));;) {
    std::vector<std::string> some;
    size_t bytes = 0;
    LIBMPI_RETURN_IF_ERROR(rep->store->Scan(begin, end, nullptr, [&](std::string_view key, std::string_view) {
      some.emplace_back(key);
      bytes += key.size();
      return bytes < kBytesACommit;
    }));
    if (some.empty()) return absl::OkStatus();
    begin = some.back();
    LIBMPI_RETURN_IF_ERROR(rep->Write([&](const Writing& w) {
      for (const std::string& key : some) w.view->Delete(key);
      return absl::OkStatus();
    }));
  }
}

}  // namespace libmpi
