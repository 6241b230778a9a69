// SPDX-License-Identifier: Apache-2.0
// Models, standardizing, comparing two, linking many.
#include <algorithm>
#include <memory>
#include <utility>

#include "bindings/c/model.h"
#include "bindings/c/options.h"
#include "bindings/c/record.h"
#include "bindings/c/rows.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/key_order.h"
#include "libmpi/record/standardize.h"

struct libmpi_comparer {
  LIBMPI_HANDLE_KIND(7);
  std::shared_ptr<const libmpi::Model> model;  // borrowed by the explainer
  libmpi::PairExplainer explainer;
};

namespace libmpi::c {
namespace {

constexpr Column<Link> kLinkColumns[] = {
    {LIBMPI_COLUMN_A, [](const Link& l) { return Cell::Integer(int64_t{l.a}); }},
    {LIBMPI_COLUMN_B, [](const Link& l) { return Cell::Integer(int64_t{l.b}); }},
    {LIBMPI_COLUMN_WEIGHT, [](const Link& l) { return Cell::Number(WeightBits(l.weight)); }},
    {LIBMPI_COLUMN_PROBABILITY, [](const Link& l) { return Cell::Number(MatchProbability(l.weight)); }},
    {LIBMPI_COLUMN_DECISION,
     [](const Link& l) { return Cell::Word(l.decision == LinkDecision::kMatch ? "match" : "review"); }},
    {LIBMPI_COLUMN_HELD, [](const Link& l) { return Cell::Integer(l.held); }}};

constexpr Column<ReviewItem> kReviewColumns[] = {
    {LIBMPI_COLUMN_A, [](const ReviewItem& r) { return Cell::Integer(int64_t{r.a}); }},
    {LIBMPI_COLUMN_B, [](const ReviewItem& r) { return Cell::Integer(int64_t{r.b}); }},
    {LIBMPI_COLUMN_WEIGHT, [](const ReviewItem& r) { return Cell::Number(WeightBits(r.weight)); }},
    {LIBMPI_COLUMN_PROBABILITY, [](const ReviewItem& r) { return Cell::Number(MatchProbability(r.weight)); }},
    {LIBMPI_COLUMN_REASON, [](const ReviewItem& r) { return Cell::Word(ReviewReasonName(r.reason)); }},
    {LIBMPI_COLUMN_PRIORITY, [](const ReviewItem& r) { return Cell::Number(r.priority); }},
    {LIBMPI_COLUMN_CASE, [](const ReviewItem& r) { return Cell::Integer(int64_t{r.review_case}); }}};

using RecordFinding = std::pair<uint32_t, Finding>;
constexpr Column<RecordFinding> kRecordFindingColumns[] = {
    {LIBMPI_COLUMN_A, [](const RecordFinding& f) { return Cell::Integer(int64_t{f.first}); }},
    {LIBMPI_COLUMN_CODE, [](const RecordFinding& f) { return Cell::Word(FindingName(f.second.code)); }},
    {LIBMPI_COLUMN_FIELD, [](const RecordFinding& f) { return Cell::Text(f.second.field); }}};

std::unique_ptr<libmpi_answer> AnswerOf(LinkResult* result) {
  auto answer = std::make_unique<libmpi_answer>();
  AddTexts(std::move(result->self_check.warnings), answer.get());
  answer->Add(LIBMPI_LIST_LINKS, std::move(result->links), kLinkColumns);
  answer->Add(LIBMPI_LIST_REVIEW, std::move(result->review), kReviewColumns);
  answer->Add(LIBMPI_LIST_FINDINGS, std::move(result->findings), kRecordFindingColumns);
  answer->AddCounts({{"clusters", result->clusters},
                     {"largest_cluster", result->largest_cluster},
                     {"candidate_pairs", result->candidate_pairs},
                     {"unlinkable", result->unlinkable},
                     {"match_threshold", result->match_threshold},
                     {"review_threshold", result->review_threshold},
                     {"expected_wrong_links", result->expected_wrong_links},
                     {"model_learned", result->model_learned},
                     {"confident", result->self_check.confident}});
  return answer;
}

// What both ways to link share; `link` is told how to read records, and by which options. The first `new_count` records
// are a list of their own.
template <typename LinkThem>
absl::Status LinkMany(uint32_t* clusters_out, libmpi_answer** answer_out, libmpi_model** model_out,
                      const libmpi_record* const* records, size_t count, size_t new_count, const libmpi_model* model,
                      const libmpi_options* options, const LinkThem& link) {
  if (count > 0) LIBMPI_RETURN_IF_ERROR(NeedOut(clusters_out, "clusters_out"));
  if (new_count > count) return absl::InvalidArgumentError("new_count is more than count");
  LIBMPI_ASSIGN_OR_RETURN(const RecordArray all, RecordsIn(records, count));
  if (model != nullptr) LIBMPI_RETURN_IF_ERROR(Need(model, "model"));
  LIBMPI_RETURN_IF_ERROR(NeedOptions(options));
  const std::vector<uint32_t> order = KeyOrder(all, new_count);
  LinkOptions told = LinkOptionsOf(OrDefault(options), Preset::kBalanced);
  if (model != nullptr) told.model = model->model.get();
  told.decisions = DecisionsByKeyOrder(order, told.decisions);
  LIBMPI_ASSIGN_OR_RETURN(LinkResult result, link(ReaderOf(all, order), told));
  ToCallersOrder(order, &result);
  std::unique_ptr<libmpi_model> used;
  if (model_out != nullptr) used = New<libmpi_model>(std::make_shared<const Model>(std::move(result.model)));
  if (answer_out != nullptr) Give(AnswerOf(&result), answer_out);
  std::copy(result.cluster.begin(), result.cluster.end(), clusters_out);
  if (model_out != nullptr) *model_out = used.release();
  return absl::OkStatus();
}

void ClearClusters(uint32_t* clusters_out, size_t count) {
  if (clusters_out != nullptr && count < UINT32_MAX) std::fill_n(clusters_out, count, 0u);
}

using Step = Standardizer::Step;
constexpr Column<Step> kStepColumns[] = {
    {LIBMPI_COLUMN_FIELD, [](const Step& s) { return Cell::Text(s.field); }},
    {LIBMPI_COLUMN_STEP, [](const Step& s) { return Cell::Text(s.step); }},
    {LIBMPI_COLUMN_BEFORE, [](const Step& s) { return Cell::Text(s.before); }},
    {LIBMPI_COLUMN_AFTER, [](const Step& s) { return Cell::Text(s.after); }}};

constexpr Column<std::string> kJsonColumns[] = {
    {LIBMPI_COLUMN_JSON, [](const std::string& text) { return Cell::Text(text); }}};

}  // namespace
}  // namespace libmpi::c

using libmpi::c::Call;
using libmpi::c::Clear;
using libmpi::c::Made;
using libmpi::c::MakeHandle;
using libmpi::c::Need;
using libmpi::c::New;

libmpi_code libmpi_model_default(libmpi_model** model_out, libmpi_error** error) {
  return MakeHandle(model_out, error, [&]() -> Made<libmpi_model> {
    // The library's own, which stays as long as the program.
    return New<libmpi_model>(std::shared_ptr<const libmpi::Model>(std::shared_ptr<void>(), &libmpi::Model::Default()));
  });
}

libmpi_code libmpi_model_from_json(libmpi_model** model_out, const char* json, size_t size, libmpi_error** error) {
  return MakeHandle(model_out, error, [&]() -> Made<libmpi_model> {
    LIBMPI_ASSIGN_OR_RETURN(const std::string_view text, libmpi::c::LongTextIn(json, size, "json"));
    LIBMPI_ASSIGN_OR_RETURN(libmpi::Model model, libmpi::Model::FromJson(text));
    return New<libmpi_model>(std::make_shared<const libmpi::Model>(std::move(model)));
  });
}

libmpi_code libmpi_model_train(libmpi_model** model_out, const libmpi_record* const* records, size_t count,
                               const libmpi_options* options, libmpi_error** error) {
  return MakeHandle(model_out, error, [&]() -> Made<libmpi_model> {
    LIBMPI_RETURN_IF_ERROR(libmpi::c::NeedOptions(options));
    LIBMPI_ASSIGN_OR_RETURN(const auto all, libmpi::c::RecordsIn(records, count));
    libmpi::LinkOptions told =
        libmpi::c::LinkOptionsOf(libmpi::c::OrDefault(options), libmpi::Preset::kBalanced);
    told.decisions.clear();
    const std::vector<uint32_t> order = libmpi::c::KeyOrder(all, count);
    LIBMPI_ASSIGN_OR_RETURN(libmpi::TrainResult result,
                            libmpi::Train(count, libmpi::c::ReaderOf(all, order), told));
    return New<libmpi_model>(std::make_shared<const libmpi::Model>(std::move(result.model)));
  });
}

libmpi_code libmpi_model_json(libmpi_answer** answer_out, const libmpi_model* model, int32_t shareable,
                              libmpi_error** error) {
  return MakeHandle(answer_out, error, [&]() -> Made<libmpi_answer> {
    LIBMPI_RETURN_IF_ERROR(Need(model, "model"));
    auto answer = std::make_unique<libmpi_answer>();
    answer->Add(LIBMPI_LIST_MAIN, std::vector<std::string>{model->model->ToJson(shareable != 0)},
                libmpi::c::kJsonColumns);
    return answer;
  });
}

void libmpi_model_free(libmpi_model** model) { libmpi::c::Free(model); }

libmpi_code libmpi_standardize(libmpi_answer** answer_out, const libmpi_record* record, const libmpi_options* options,
                               libmpi_error** error) {
  return MakeHandle(answer_out, error, [&]() -> Made<libmpi_answer> {
    LIBMPI_RETURN_IF_ERROR(Need(record, "record"));
    LIBMPI_RETURN_IF_ERROR(libmpi::c::NeedOptions(options));
    const libmpi::Standardizer standardizer({.today = libmpi::c::OrDefault(options).today});
    auto answer = std::make_unique<libmpi_answer>();
    answer->Add(LIBMPI_LIST_MAIN, standardizer.Explain(record->record), libmpi::c::kStepColumns);
    libmpi::c::AddFindings(standardizer.Standardize(record->record).findings, answer.get());
    return answer;
  });
}

libmpi_code libmpi_comparer_new(libmpi_comparer** comparer_out, const libmpi_model* model,
                                const libmpi_options* options, libmpi_error** error) {
  return MakeHandle(comparer_out, error, [&]() -> Made<libmpi_comparer> {
    LIBMPI_RETURN_IF_ERROR(Need(model, "model"));
    LIBMPI_RETURN_IF_ERROR(libmpi::c::NeedOptions(options));
    const libmpi::LinkOptions told =
        libmpi::c::LinkOptionsOf(libmpi::c::OrDefault(options), libmpi::Preset::kSafe);
    LIBMPI_ASSIGN_OR_RETURN(libmpi::PairExplainer explainer, libmpi::PairExplainer::Create(*model->model, told));
    return New<libmpi_comparer>(model->model, std::move(explainer));
  });
}

libmpi_code libmpi_compare(libmpi_answer** answer_out, const libmpi_comparer* comparer, const libmpi_record* a,
                           const libmpi_record* b, libmpi_error** error) {
  return MakeHandle(answer_out, error, [&]() -> Made<libmpi_answer> {
    LIBMPI_RETURN_IF_ERROR(Need(comparer, "comparer"));
    LIBMPI_RETURN_IF_ERROR(Need(a, "a"));
    LIBMPI_RETURN_IF_ERROR(Need(b, "b"));
    auto answer = std::make_unique<libmpi_answer>();
    libmpi::c::AddExplanation(comparer->explainer.Explain(a->record, b->record), answer.get());
    return answer;
  });
}

void libmpi_comparer_free(libmpi_comparer** comparer) { libmpi::c::Free(comparer); }

libmpi_code libmpi_dedupe(uint32_t* clusters_out, libmpi_answer** answer_out, libmpi_model** model_out,
                          const libmpi_record* const* records, size_t count, const libmpi_model* model,
                          const libmpi_options* options, libmpi_error** error) {
  libmpi::c::ClearClusters(clusters_out, count);
  Clear(answer_out);
  Clear(model_out);
  return Call(error, [&] {
    return libmpi::c::LinkMany(clusters_out, answer_out, model_out, records, count, count, model, options,
                               [&](const libmpi::RecordReader& reader, const libmpi::LinkOptions& told) {
                                 return libmpi::Dedupe(count, reader, told);
                               });
  });
}

libmpi_code libmpi_link(uint32_t* clusters_out, libmpi_answer** answer_out, libmpi_model** model_out,
                        const libmpi_record* const* records, size_t count, size_t new_count, int32_t one_to_one,
                        const libmpi_model* model, const libmpi_options* options, libmpi_error** error) {
  libmpi::c::ClearClusters(clusters_out, count);
  Clear(answer_out);
  Clear(model_out);
  return Call(error, [&] {
    return libmpi::c::LinkMany(clusters_out, answer_out, model_out, records, count, new_count, model, options,
                               [&](const libmpi::RecordReader& reader, const libmpi::LinkOptions& told) {
                                 return libmpi::LinkToReference(new_count, count, reader, told, one_to_one != 0);
                               });
  });
}
