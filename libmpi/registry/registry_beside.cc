// SPDX-License-Identifier: Apache-2.0
// What others keep beside the registry's own rows.
#include "libmpi/base/status_macros.h"
#include "libmpi/registry/beside.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/rep.h"

namespace libmpi {
namespace {

std::string KeyOf(const Keys& keys, std::string_view key) { return keys.Named(Table::kBeside, key); }

absl::Status ReadBeside(const View& view, const Keys& keys, std::span<const std::string> names,
                        std::vector<std::optional<std::string>>* values) {
  std::vector<std::string> full;
  full.reserve(names.size());
  for (const std::string& name : names) full.push_back(KeyOf(keys, name));
  LIBMPI_RETURN_IF_ERROR(view.Read(full, values));
  for (std::optional<std::string>& value : *values) {
    if (!value) continue;
    std::string text;
    LIBMPI_RETURN_IF_ERROR(UnpackText(*value, &text));
    value = std::move(text);
  }
  return absl::OkStatus();
}

absl::Status ScanBeside(const View& view, const Keys& keys, std::string_view prefix, std::string_view from,
                        const std::function<bool(std::string_view, std::string_view)>& visit) {
  const std::string table = keys.Prefix(Table::kBeside);
  const std::string begin = KeyOf(keys, std::max(prefix, from)), start = KeyOf(keys, prefix);
  absl::Status status;
  std::string text;
  LIBMPI_RETURN_IF_ERROR(view.Scan(begin, keys.End(Table::kBeside), [&](std::string_view key, std::string_view value) {
    if (!key.starts_with(start)) return false;
    status = UnpackText(value, &text);
    return status.ok() && visit(key.substr(table.size()), text);
  }));
  return status;
}

class BesideReader final : public SideReader {
 public:
  BesideReader(const View* view, const Keys& keys) : view_(*view), keys_(keys) {}
  absl::Status Read(std::span<const std::string> keys,
                    std::vector<std::optional<std::string>>* values) const override {
    return ReadBeside(view_, keys_, keys, values);
  }
  absl::Status Scan(std::string_view prefix, std::string_view from,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    return ScanBeside(view_, keys_, prefix, from, visit);
  }

 private:
  const View& view_;
  const Keys& keys_;
};

class BesideRows final : public SideRows {
 public:
  BesideRows(Transaction* view, const Keys& keys) : view_(*view), keys_(keys) {}
  absl::Status Read(std::span<const std::string> keys,
                    std::vector<std::optional<std::string>>* values) const override {
    return ReadBeside(view_, keys_, keys, values);
  }
  absl::Status Scan(std::string_view prefix, std::string_view from,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    return ScanBeside(view_, keys_, prefix, from, visit);
  }
  void Put(std::string_view key, std::string_view value) override { view_.Put(KeyOf(keys_, key), PackText(value)); }
  void Delete(std::string_view key) override { view_.Delete(KeyOf(keys_, key)); }

 private:
  Transaction& view_;
  const Keys& keys_;
};

}  // namespace

absl::Status WriteBeside(const Registry::Rep& rep, const Writing& writing, const ChangeAnswer& answer,
                         const SideChange& also) {
  if (!also) return absl::OkStatus();
  BesideRows rows(writing.view, rep.base);
  return also(answer, &rows);
}

int64_t Registry::Now() const { return rep_->Now(); }

absl::Status Registry::WriteSide(const SideChange& change) {
  return rep_->Write([&](const Writing& w) { return WriteBeside(*rep_, w, {}, change); });
}

absl::Status Registry::ReadSide(const std::function<absl::Status(const SideReader&)>& read) const {
  const SnapshotView view(rep_->store.get());
  return read(BesideReader(&view, rep_->base));
}

}  // namespace libmpi
