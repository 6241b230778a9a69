// SPDX-License-Identifier: Apache-2.0
#include "bindings/c/options.h"

#include <cmath>
#include <string>
#include <string_view>

#include "absl/strings/numbers.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/record/iso_date.h"

using libmpi::c::Call;
using libmpi::c::Made;
using libmpi::c::MakeHandle;
using libmpi::c::Need;
using libmpi::c::TextIn;

namespace {

absl::Status Wrong(const std::string& name, const char* right) {
  return absl::InvalidArgumentError("option " + name + " must be " + right);
}

absl::Status SetNumber(const std::string& name, const std::string& value, double lowest, double highest, double* out) {
  double number;
  if (!absl::SimpleAtod(value, &number) || !std::isfinite(number) || number < lowest || number > highest)
    return Wrong(name, "a number in its range");
  *out = number;
  return absl::OkStatus();
}

template <typename Integer>
absl::Status SetInteger(const std::string& name, const std::string& value, uint64_t highest, Integer* out) {
  uint64_t number;
  if (!absl::SimpleAtoi(value, &number) || number > highest) return Wrong(name, "a whole number in its range");
  *out = static_cast<Integer>(number);
  return absl::OkStatus();
}

absl::Status SetBool(const std::string& name, const std::string& value, bool* out) {
  if (value != "0" && value != "1") return Wrong(name, "0 or 1");
  *out = value == "1";
  return absl::OkStatus();
}

absl::Status SetThreshold(const std::string& name, const std::string& value, std::optional<double>* out) {
  return SetNumber(name, value, -1000, 1000, &out->emplace());
}

absl::Status Set(const std::string& name, const std::string& value, libmpi_options* options) {
  if (name == "preset") {
    if (value != "balanced" && value != "safe") return Wrong(name, "balanced or safe");
    options->preset = value == "safe" ? libmpi::Preset::kSafe : libmpi::Preset::kBalanced;
    return absl::OkStatus();
  }
  if (name == "today") {
    const std::optional<libmpi::CivilDate> today = libmpi::ParseIsoDate(value);
    if (!today) return Wrong(name, "a date like 2026-04-01");
    options->today = *today;
    return absl::OkStatus();
  }
  if (name == "match_threshold") return SetThreshold(name, value, &options->match_threshold);
  if (name == "review_threshold") return SetThreshold(name, value, &options->review_threshold);
  if (name == "population") return SetNumber(name, value, 0, 1e11, &options->population);
  if (name == "threads") return SetInteger(name, value, 1024, &options->threads);
  if (name == "seed") return SetInteger(name, value, UINT64_MAX, &options->seed);
  if (name == "cache_bytes") return SetInteger(name, value, uint64_t{1} << 50, &options->registry.cache_bytes);
  if (name == "write_buffer_bytes")
    return SetInteger(name, value, uint64_t{1} << 40, &options->registry.write_buffer_bytes);
  if (name == "create") return SetBool(name, value, &options->create);
  if (name == "read_only") return SetBool(name, value, &options->registry.read_only);
  if (name == "known_authorities_only") return SetBool(name, value, &options->registry.known_authorities_only);
  return absl::InvalidArgumentError("there is no option of this name; nayose.h lists them");
}

}  // namespace

namespace libmpi::c {

absl::Status NeedOptions(const libmpi_options* options) {
  return options == nullptr ? absl::OkStatus() : Need(options, "options");
}

const libmpi_options& OrDefault(const libmpi_options* options) {
  static const libmpi_options* const none = new libmpi_options;
  return options == nullptr ? *none : *options;
}

LinkOptions LinkOptionsOf(const libmpi_options& options, Preset preset) {
  LinkOptions out;
  out.preset = options.preset.value_or(preset);
  out.match_threshold = options.match_threshold;
  out.review_threshold = options.review_threshold;
  out.population = options.population;
  out.decisions = options.decisions;
  out.threads = options.threads;
  out.seed = options.seed;
  out.today = options.today;
  out.progress = options.progress;
  return out;
}

FrozenOptions FrozenOptionsOf(const libmpi_options& options) {
  return {options.preset.value_or(Preset::kSafe), options.match_threshold, options.review_threshold,
          options.population};
}

}  // namespace libmpi::c

libmpi_code libmpi_options_new(libmpi_options** options_out, libmpi_error** error) {
  return MakeHandle(options_out, error, [&]() -> Made<libmpi_options> {
    return std::make_unique<libmpi_options>();
  });
}

libmpi_code libmpi_options_set(libmpi_options* options, const char* name, size_t name_size, const char* value,
                               size_t value_size, libmpi_error** error) {
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(options, "options"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string told, TextIn(name, name_size, "name"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string text, TextIn(value, value_size, "value"));
    return Set(told, text, options);
  });
}

libmpi_code libmpi_options_set_progress(libmpi_options* options, libmpi_progress progress, void* payload,
                                        libmpi_error** error) {
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(options, "options"));
    options->progress = nullptr;
    if (progress != nullptr)
      options->progress = [progress, payload](std::string_view stage, uint64_t done, uint64_t total) {
        return progress(payload, std::string(stage).c_str(), done, total) != 0;
      };
    return absl::OkStatus();
  });
}

libmpi_code libmpi_options_decide(libmpi_options* options, size_t a, size_t b, int32_t same, libmpi_error** error) {
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(options, "options"));
    if (a > UINT32_MAX || b > UINT32_MAX) return absl::InvalidArgumentError("a or b is no number of a record");
    options->decisions.push_back({static_cast<uint32_t>(a), static_cast<uint32_t>(b), same != 0});
    return absl::OkStatus();
  });
}

void libmpi_options_free(libmpi_options** options) { libmpi::c::Free(options); }
