// SPDX-License-Identifier: Apache-2.0
// Where libmpi is built without DCMTK.
#include "libmpi/exchange/feeds/dicom.h"

namespace libmpi {
namespace {

class NoDicomParser final : public FeedParser {
 public:
  absl::Status Take(std::string_view) override { return Refusal(); }
  absl::Status End() override { return Refusal(); }
  std::string_view encoding() const override { return "UTF-8"; }
  uint64_t malformed_characters() const override { return 0; }

 private:
  static absl::Status Refusal() {
    return absl::UnimplementedError(
        "DICOM files cannot be read: this nayose was built without DCMTK (LIBMPI_DICOM=OFF)");
  }
};

}  // namespace

std::unique_ptr<FeedParser> NewDicomParser(const FeedOptions&, FeedSink*) { return std::make_unique<NoDicomParser>(); }

}  // namespace libmpi
