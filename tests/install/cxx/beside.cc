// SPDX-License-Identifier: Apache-2.0
// One program with libnayose.a and, beside it, the C++ library with the system's Abseil: the archive hides its own
// copies, so that neither takes the other's functions or constants.
#include <nayose.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "libmpi/linkage/linker.h"

int main() {
  absl::flat_hash_map<std::string, std::shared_ptr<libmpi::Record>> records;
  records["a"] = std::make_shared<libmpi::Record>();
  records["a"]->names.push_back({"", "", "", "タカナシ サク", "", "", ""});
  const auto cxx = libmpi::ExplainPair(*records["a"], *records["a"], libmpi::Model::Default(), {});

  libmpi_record* record = nullptr;
  libmpi_model* model = nullptr;
  libmpi_comparer* comparer = nullptr;
  libmpi_answer* answer = nullptr;
  double probability = 0;
  const std::string kana = "タカナシ サク";
  const bool c = libmpi_record_new(&record, nullptr, nullptr) == LIBMPI_OK &&
                 libmpi_record_add(record, LIBMPI_FIELD_KANA, kana.data(), kana.size(), nullptr) == LIBMPI_OK &&
                 libmpi_model_default(&model, nullptr) == LIBMPI_OK &&
                 libmpi_comparer_new(&comparer, model, nullptr, nullptr) == LIBMPI_OK &&
                 libmpi_compare(&answer, comparer, record, record, nullptr) == LIBMPI_OK &&
                 libmpi_answer_number(&probability, answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_PROBABILITY, nullptr) ==
                     LIBMPI_OK;
  libmpi_answer_free(&answer);
  libmpi_comparer_free(&comparer);
  libmpi_model_free(&model);
  libmpi_record_free(&record);
  if (!c || !cxx.ok()) return 1;
  std::printf("match probability: C++ %.6f, C %.6f\n", libmpi::MatchProbability(cxx->weight), probability);
  return std::fabs(libmpi::MatchProbability(cxx->weight) - probability) < 1e-9 ? 0 : 1;
}
