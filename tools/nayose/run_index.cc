// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/run_index.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/exchange/output_pieces.h"
#include "libmpi/text/fold.h"
#include "nlohmann/json.hpp"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kRecordArrays[] = {"ids", "id_begin", "sources", "parts", "rows", "row_at"};

template <typename T>
std::string_view BytesOf(const T& items) {
  return {reinterpret_cast<const char*>(items.data()), items.size() * sizeof(items[0])};
}

template <typename T>
absl::Status SaveArray(std::string_view name, const T& items, IndexFiles* index) {
  const std::string_view bytes = BytesOf(items);
  return index->Save(name, {&bytes, 1});
}

void AppendU32(uint64_t number, std::string* out) {
  const auto n = static_cast<uint32_t>(number);
  out->append(reinterpret_cast<const char*>(&n), sizeof n);
}

bool TakeU32(std::string_view* bytes, uint32_t* number) {
  if (bytes->size() < sizeof *number) return false;
  std::memcpy(number, bytes->data(), sizeof *number);
  bytes->remove_prefix(sizeof *number);
  return true;
}

std::string IndexVersion() {
  return std::string(NAYOSE_VERSION) + "/" + std::to_string(libmpi::kIndexVersion) + "/" +
         std::to_string(sizeof(libmpi::EncodedRecord)) + "/" + std::string(libmpi::FoldTablesVersion());
}

Json LayoutJson(const Layout& layout) {
  Json fields = Json::array();
  for (libmpi::Field field : layout) fields.push_back(std::string(libmpi::FieldName(field)));
  return fields;
}

std::optional<Layout> LayoutOf(const Json& fields) {
  if (!fields.is_array()) return std::nullopt;
  Layout layout;
  const auto names = libmpi::CanonicalFields();
  for (const Json& field : fields) {
    if (!field.is_string()) return std::nullopt;
    const auto at = std::find(names.begin(), names.end(), field.get<std::string>());
    if (at == names.end()) return std::nullopt;
    layout.push_back(static_cast<libmpi::Field>(at - names.begin()));
  }
  return layout;
}

std::optional<IndexFacts> FactsOf(const Json& json) {
  IndexFacts facts;
  for (const char* key : {"sources", "layouts", "decisions", "refused"})
    if (!json.contains(key) || !json[key].is_array()) return std::nullopt;
  if (!json.contains("sizes") || !json["sizes"].is_object()) return std::nullopt;
  for (const Json& source : json["sources"]) {
    if (!source.is_string()) return std::nullopt;
    facts.sources.push_back(source.get<std::string>());
  }
  for (const Json& fields : json["layouts"]) {
    auto layout = LayoutOf(fields);
    if (!layout) return std::nullopt;
    facts.layouts.push_back(*std::move(layout));
  }
  for (const Json& d : json["decisions"]) {
    if (!d.is_array() || d.size() != 3 || !d[0].is_number_unsigned() || !d[1].is_number_unsigned() || !d[2].is_boolean() ||
        d[0].get<uint64_t>() >= UINT32_MAX || d[1].get<uint64_t>() >= UINT32_MAX)
      return std::nullopt;
    facts.decisions.push_back({d[0].get<uint32_t>(), d[1].get<uint32_t>(), d[2].get<bool>()});
  }
  for (const Json& id : json["refused"]) {
    if (!id.is_array() || id.size() != 2 || !id[0].is_string() || !id[1].is_string()) return std::nullopt;
    facts.refused.push_back({id[0].get<std::string>(), id[1].get<std::string>(), 0});
  }
  for (const auto& [name, size] : json["sizes"].items()) {
    if (!size.is_number_unsigned()) return std::nullopt;
    facts.sizes[name] = size.get<uint64_t>();
  }
  return facts;
}

}  // namespace

RowPacker::RowPacker(const libmpi::PatientFiles* files, std::vector<Layout>* layouts) : files_(files) {
  for (size_t f = 0; f < files->files().size(); ++f) {
    Layout layout = files->StatedColumns(f);
    const auto at = std::find(layouts->begin(), layouts->end(), layout);
    layout_of_file_.push_back(static_cast<uint32_t>(at - layouts->begin()));
    if (at == layouts->end()) layouts->push_back(std::move(layout));
  }
}

void RowPacker::Append(size_t record, std::string* out) const {
  const size_t begin = out->size();
  AppendU32(0, out);
  files_->ForEachStatedRow(record, [&](size_t file, std::string_view row) {
    AppendU32(layout_of_file_[file], out);
    AppendU32(row.size(), out);
    out->append(row);
  });
  const auto size = static_cast<uint32_t>(out->size() - begin - sizeof(uint32_t));
  std::memcpy(out->data() + begin, &size, sizeof size);
}

bool UnpackRows(std::string_view bytes, std::vector<std::string>* text_by_layout) {
  uint32_t size;
  if (!TakeU32(&bytes, &size) || size > bytes.size()) return false;
  bytes = bytes.substr(0, size);
  while (!bytes.empty()) {
    uint32_t layout, length;
    if (!TakeU32(&bytes, &layout) || !TakeU32(&bytes, &length) || layout >= text_by_layout->size() ||
        length > bytes.size())
      return false;
    (*text_by_layout)[layout].append(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  return true;
}

absl::Status WriteIndexFacts(const std::string& directory, const IndexFacts& facts) {
  Json json = {{"format", "nayose-index"}, {"version", IndexVersion()}, {"sources", facts.sources},
               {"layouts", Json::array()}, {"decisions", Json::array()}, {"refused", Json::array()},
               {"sizes", facts.sizes}};
  for (const Layout& layout : facts.layouts) json["layouts"].push_back(LayoutJson(layout));
  for (const libmpi::Decision& d : facts.decisions) json["decisions"].push_back(Json::array({d.a, d.b, d.same}));
  for (const libmpi::RecordKey& id : facts.refused) json["refused"].push_back(Json::array({id.source, id.record_id}));
  const std::string text = json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  return libmpi::WriteWholeFile(directory + "/state/index.json", text, 0600);
}

absl::Status WriteRecordIndex(const std::string& directory, const libmpi::PatientFiles& files,
                              const std::vector<libmpi::Decision>& decisions, int threads, IndexFiles* index) {
  const size_t n = files.size();
  IndexFacts facts;
  facts.decisions = decisions;
  facts.refused = files.refused_ids();
  RecordArrays arrays;
  arrays.id_begin.reserve(n + 1);
  arrays.sources.reserve(n);
  arrays.parts.reserve(n);
  using Near = libmpi::PatientFiles::Near;
  for (size_t i = 0; i < n; ++i) {
    files.Prefetch(i + 12, Near::kText);
    const libmpi::KeyView key = files.KeyOf(i);
    if (facts.sources.empty() || facts.sources.back() != key.source) facts.sources.emplace_back(key.source);
    arrays.sources.push_back(static_cast<uint32_t>(facts.sources.size() - 1));
    arrays.ids.append(key.record_id);
    arrays.id_begin.push_back(arrays.ids.size());
    arrays.parts.push_back(key.part);
  }
  LIBMPI_RETURN_IF_ERROR(SaveArray("ids", arrays.ids, index));
  LIBMPI_RETURN_IF_ERROR(SaveArray("id_begin", arrays.id_begin, index));
  LIBMPI_RETURN_IF_ERROR(SaveArray("sources", arrays.sources, index));
  LIBMPI_RETURN_IF_ERROR(SaveArray("parts", arrays.parts, index));
  const RowPacker packer(&files, &facts.layouts);
  auto rows = index->Create("rows");
  if (!rows.ok()) return rows.status();
  arrays.row_at.resize(n);  // sizes at first
  libmpi::AppendInPieces(n, size_t{1} << 13, threads, &*rows, [&](size_t begin, size_t end, int, std::string* text) {
    for (size_t i = begin; i < end; ++i) {
      const size_t before = text->size();
      packer.Append(i, text);
      arrays.row_at[i] = text->size() - before;
    }
  });
  uint64_t bytes = 0;
  for (uint64_t& at : arrays.row_at) bytes += std::exchange(at, bytes);
  LIBMPI_RETURN_IF_ERROR(index->Add("rows", *std::move(rows), bytes));
  LIBMPI_RETURN_IF_ERROR(SaveArray("row_at", arrays.row_at, index));
  facts.sizes = index->sizes();
  return WriteIndexFacts(directory, facts);
}

absl::StatusOr<RunIndex> RunIndex::Open(const std::string& directory) {
  const std::string state = directory + "/state";
  const auto text = libmpi::ReadSmallFile(state + "/index.json");
  if (!text.ok())
    return absl::NotFoundError(directory + ": has no index to go on from; make the run with nayose dedupe --keep-index");
  const Json json = Json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("version") || !json["version"].is_string() ||
      json["version"].get<std::string>() != IndexVersion())
    return absl::FailedPreconditionError(directory + ": its index was written by another version of nayose; run dedupe "
                                                     "with --keep-index again");
  RunIndex out;
  auto facts = FactsOf(json);
  if (!facts) return absl::DataLossError(state + "/index.json: is damaged; run dedupe with --keep-index again");
  out.facts_ = *std::move(facts);
  for (std::span<const char* const> names : {std::span<const char* const>(libmpi::kIndexArrays), std::span<const char* const>(kRecordArrays)})
    for (const char* name : names) {
      LIBMPI_ASSIGN_OR_RETURN(out.arrays_[name], MappedArray::Open(state, name, out.facts_.sizes));
    }
  const auto bytes = [&](const char* name) { return out.array(name).bytes(); };
  using libmpi::ItemsOf;
  out.view_ = libmpi::ViewOfArrays(bytes);
  out.ids_ = ItemsOf<char>(bytes("ids"));
  out.id_begin_ = ItemsOf<uint64_t>(bytes("id_begin"));
  out.sources_ = ItemsOf<uint32_t>(bytes("sources"));
  out.parts_ = ItemsOf<uint16_t>(bytes("parts"));
  out.row_at_ = ItemsOf<uint64_t>(bytes("row_at"));
  if (absl::Status s = out.CheckRecords(); !s.ok())
    return absl::DataLossError(directory + ": its index is damaged; run dedupe with --keep-index again");
  return out;
}

absl::Status RunIndex::CheckRecords() const {
  const size_t n = parts_.size(), rows = array("rows").bytes().size();
  bool fits = id_begin_.size() == n + 1 && sources_.size() == n && row_at_.size() == n && view_.node_of.size() == n &&
              id_begin_.front() == 0 && id_begin_.back() == ids_.size();
  for (size_t i = 0; fits && i < n; ++i)
    fits = id_begin_[i] <= id_begin_[i + 1] && sources_[i] < facts_.sources.size() && row_at_[i] <= rows;
  for (const libmpi::Decision& d : facts_.decisions) fits = fits && d.a < n && d.b < n;
  return fits ? libmpi::CheckIndex(view_) : absl::DataLossError("");
}

size_t RunIndex::LowerBound(const libmpi::KeyView& key, size_t from) const {
  // Leaps that double, for keys that come in order; then halves.
  size_t step = 1, low = from, high = from;
  while (high < size() && KeyOf(high) < key) {
    low = high + 1;
    high += step;
    step *= 2;
  }
  high = std::min(high, size());
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (KeyOf(middle) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

}  // namespace nayose
