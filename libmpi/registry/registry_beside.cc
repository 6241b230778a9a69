// SPDX-License-Identifier: Apache-2.0
// What others keep beside the registry's own rows.
#include "libmpi/base/status_macros.h"
#include "libmpi/registry/beside.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/rep.h"

namespace libmpi {
namespace {

std::string KeyOf(const Keys& keys, std::string_view key) { return keys.Named(Table::kBeside, key); }

// A SideReader or SideRows over a view of the registry.
template <typename Rows, typename ViewType>
class Beside : public Rows {
 public:
  Beside(ViewType* view, const Keys& keys) : view_(*view), keys_(keys) {}

  absl::Status Read(std::span<const std::string> keys,
                    std::vector<std::optional<std::string>>* values) const override {
    std::vector<std::string> full;
    full.reserve(keys.size());
    for (const std::string& key : keys) full.push_back(KeyOf(keys_, key));
    LIBMPI_RETURN_IF_ERROR(view_.View::Read(full, values));
    for (std::optional<std::string>& value : *values) {
      if (!value) continue;
      std::string text;
      LIBMPI_RETURN_IF_ERROR(UnpackText(*value, &text));
      value = std::move(text);
    }
    return absl::OkStatus();
  }

  absl::Status Scan(std::string_view prefix, std::string_view from,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    const size_t table = keys_.Prefix(Table::kBeside).size();
    const std::string begin = KeyOf(keys_, std::max(prefix, from)), start = KeyOf(keys_, prefix);
    absl::Status status;
    std::string text;
    LIBMPI_RETURN_IF_ERROR(
        view_.Scan(begin, keys_.End(Table::kBeside), [&](std::string_view key, std::string_view value) {
          if (!key.starts_with(start)) return false;
          status = UnpackText(value, &text);
          return status.ok() && visit(key.substr(table), text);
        }));
    return status;
  }

 protected:
  ViewType& view_;
  const Keys& keys_;
};

using BesideReader = Beside<SideReader, const View>;

class BesideRows final : public Beside<SideRows, Transaction> {
 public:
  using Beside::Beside;
  void Put(std::string_view key, std::string_view value) override { view_.Put(KeyOf(keys_, key), PackText(value)); }
  void Delete(std::string_view key) override { view_.Delete(KeyOf(keys_, key)); }
};

}  // namespace

absl::Status WriteBeside(const Registry::Rep& rep, const Writing& writing, const ChangeAnswer& answer,
                         const SideChange& also) {
  if (!also) return absl::OkStatus();
  BesideRows rows(writing.view, rep.base);
  return also(answer, &rows);
}

int64_t Registry::Now() const { return rep_->Now(); }

absl::Status Registry::WriteSide(const SideChange& change, WriteUntil until) {
  return rep_->Write([&](const Writing& w) { return WriteBeside(*rep_, w, {}, change); }, nullptr, until);
}

absl::Status Registry::ReadSide(const std::function<absl::Status(const SideReader&)>& read) const {
  const SnapshotView view(rep_->store.get());
  return read(BesideReader(&view, rep_->base));
}

}  // namespace libmpi
