// SPDX-License-Identifier: Apache-2.0
// Any bytes as a sequence of calls of the C API: wrong order, NULLs, handles of other kinds, freeing twice. Each call
// gives a code that there is, an error if and only if it failed, and outputs that are NULL where it did.
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/c/nayose.h"

namespace {

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "fuzz_c_api: %s\n", what);
  std::abort();
}

// Bytes that decide what is done next; zeros when they are used up.
class Choices {
 public:
  Choices(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  bool done() const { return at_ >= size_; }
  uint8_t Byte() { return done() ? 0 : data_[at_++]; }
  size_t Below(size_t n) { return Byte() % n; }
  std::string Bytes(size_t n) {
    std::string out;
    while (n-- > 0 && !done()) out.push_back(static_cast<char>(Byte()));
    return out;
  }

 private:
  const uint8_t* data_;
  size_t size_, at_ = 0;
};

// A text to pass in: bytes of a known word or of the input, and how long the caller says it is.
struct Text {
  std::string bytes;
  bool null = false, measured = true;
  const char* data() const { return null ? nullptr : bytes.c_str(); }
  size_t size() const { return null ? 0 : measured ? bytes.size() : LIBMPI_NUL; }
};

constexpr const char* kWords[] = {
    "", "H001", "C001", "1", "2", "渡邊 太郎", "ワタナベ タロウ", "ﾜﾀﾅﾍﾞ ﾀﾛｳ", "佐藤*", "S55.1.2", "1980-01-02", "男",
    "0221234567", "same", "different", "withdrawn", "refused", "warm", "compact", "recover", "preset", "safe", "balanced",
    "threads", "today", "cache_bytes", "1048576", "read_only", "known_authorities_only", "match_threshold", "-3.5",
    "{\"source\": \"H001\", \"record_id\": \"3\", \"name\": \"山田 花子\", \"births\": [\"1980-01-02\"]}",
    "{\"name\": \"H001\", \"oid\": \"1.2.392\", \"trust\": \"verified\"}", "{\"version\": 1}",
    "00000000000000000000000000000000",
    R"({"actor": "o", "profession": "operator", "purpose": "operations"})",
    R"({"actor": "o", "profession": "operator", "purpose": "patient_request"})",
    R"({"actor": "d", "facility": "hospital", "profession": "physician", "purpose": "treatment"})",
    R"({"actor": "c", "facility": "hospital", "profession": "clerk", "purpose": "registration"})",
    R"({"actor": "a", "profession": "auditor", "purpose": "audit"})",
    R"({"facility": {"name": "hospital", "authorities": ["H001"]}})",
    R"({"identifier": {"source": "H001", "record_id": "1"}, "statement": {"kind": "withdrawn", "from": "2026-04-01"}})",
    R"({"rules": {"consent": "opt_out", "rules": []}})", R"({"text": "address: newest"})", R"({"from": 1, "most": 5})",
    "put_facility", "facilities", "set_rules", "rules", "set_survivorship", "take_consent", "consent", "golden",
    "registrations", "audit", "who_looked", "usage", "anchor", "verify_trail", "erase", "retention", "set_retention", "erase_due",
    "takeover", "takeover_list", "takeover_confirm", "takeover_release", "pseudonymize", "reidentify", "monthly_report", "thresholds", "absorb", "cases", "judge", "undo", "note",
    "set_four_eyes"};

Text TextFrom(Choices* c) {
  Text text;
  const size_t kind = c->Below(16);
  if (kind == 0) text.null = true;
  else if (kind == 1) text.bytes = c->Bytes(c->Below(24));  // any bytes, NULs among them
  else text.bytes = kWords[c->Below(std::size(kWords))];
  text.measured = kind % 2 == 0 || kind == 1;
  return text;
}

template <typename Handle, size_t kSlots>
using Pool = std::array<Handle*, kSlots>;

// Of this process; gone with it.
class TempFolder {
 public:
  TempFolder() : path_(std::filesystem::temp_directory_path() / ("fuzz_c_api." + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ / name; }

 private:
  const std::filesystem::path path_;
} the_folder;

int32_t StopAt(void* payload, const char*, uint64_t, uint64_t) { return --*static_cast<int*>(payload) > 0; }
int32_t Visit(void* payload, const libmpi_answer* record) {
  Require(libmpi_answer_size(record, LIBMPI_LIST_MAIN) == 1, "a visited record has one row");
  return --*static_cast<int*>(payload) > 0;
}

class Sequence {
 public:
  Sequence(const uint8_t* data, size_t size) : c_(data, size) { registries_[0] = kept_registry; }
  ~Sequence() {
    kept_registry = registries_[0];
    registries_[0] = nullptr;
    for (auto& registry : registries_) libmpi_registry_close(&registry, nullptr);
    for (auto& h : identifiers_) libmpi_identifier_free(&h);
    for (auto& h : attributions_) libmpi_attribution_free(&h);
    for (auto& h : records_) libmpi_record_free(&h);
    for (auto& h : options_) libmpi_options_free(&h);
    for (auto& h : models_) libmpi_model_free(&h);
    for (auto& h : comparers_) libmpi_comparer_free(&h);
    for (auto& h : answers_) libmpi_answer_free(&h);
  }

  void Run() {
    if (c_.Below(8) != 0) Furnish();
    for (size_t calls = 0; !c_.done() && calls < 200; ++calls) Step();
  }

 private:
  static libmpi_registry* kept_registry;  // from one sequence to the next

  // A handle to pass in: one of the pool (NULL where nothing was made, or it was freed), or one of another kind.
  template <typename Handle, size_t kSlots>
  Handle* In(Pool<Handle, kSlots>& pool) {
    const size_t kind = c_.Below(32);
    if (kind == 0) return nullptr;
    if (kind == 1) return reinterpret_cast<Handle*>(identifiers_[c_.Below(identifiers_.size())]);
    if (kind == 2) return reinterpret_cast<Handle*>(answers_[c_.Below(answers_.size())]);
    return pool[c_.Below(pool.size())];
  }
  // A place for a new handle, emptied; seldom none. Chosen before what goes in: that may be what it held.
  template <typename Handle, size_t kSlots, typename Free>
  Handle** OutOf(Pool<Handle, kSlots>& pool, const Free& free) {
    if (c_.Below(64) == 1) return nullptr;
    Handle** const slot = &pool[c_.Below(pool.size())];
    free(slot);
    return slot;
  }
  libmpi_answer** OutAnswer() { return OutOf(answers_, libmpi_answer_free); }

  // Judges a call: `call` is given the place for its error.
  template <typename Call>
  libmpi_code Judge(const Call& call) {
    if (c_.Below(8) == 0) return Known(call(nullptr));
    libmpi_error* error = nullptr;
    const libmpi_code code = Known(call(&error));
    Require((error != nullptr) == (code != LIBMPI_OK), "an error, if and only if it failed");
    Require(libmpi_error_code(error) == code, "the error has the code that was returned");
    Require(code == LIBMPI_OK || libmpi_error_message(error)[0] != '\0', "an error says something");
    libmpi_error_free(&error);
    libmpi_error_free(&error);
    return code;
  }
  static libmpi_code Known(libmpi_code code) {
    Require(code != LIBMPI_INTERNAL, "no fault of ours");
    Require(code != LIBMPI_DATA_LOSS, "nothing is damaged");
    Require(code >= LIBMPI_OK && code <= LIBMPI_DATA_LOSS, "a code that there is");
    return code;
  }
  // The same of a call with an output, which is not NULL if and only if it succeeded (`may_be_none`: it may be left
  // out).
  template <typename Handle, typename Call>
  void JudgeOut(Handle** out, bool may_be_none, const Call& call) {
    const libmpi_code code = Judge([&](libmpi_error** error) { return call(out, error); });
    if (out == nullptr) Require(may_be_none || code != LIBMPI_OK, "an output is needed");
    else Require((*out != nullptr) == (code == LIBMPI_OK), "an output, if and only if it succeeded");
  }

  // What most sequences need to get anywhere: some of everything, and a registry.
  void Furnish() {
    const auto must = [](libmpi_code code) { Require(code == LIBMPI_OK, "what is sound is taken"); };
    for (size_t i = 0; i < identifiers_.size(); ++i)
      must(libmpi_identifier_new(&identifiers_[i], i % 2 == 0 ? "H001" : "C001", LIBMPI_NUL, i < 2 ? "1" : "2",
                                 LIBMPI_NUL, 0, nullptr));
    must(libmpi_attribution_new(&attributions_[0], "fuzz", LIBMPI_NUL, nullptr, 0, nullptr));
    for (size_t i = 0; i < identifiers_.size(); ++i) {
      must(libmpi_record_new(&records_[i], identifiers_[i], nullptr));
      must(libmpi_record_add(records_[i], LIBMPI_FIELD_NAME, i == 3 ? "佐藤 花子" : "渡邊 太郎", LIBMPI_NUL, nullptr));
      must(libmpi_record_add(records_[i], LIBMPI_FIELD_BIRTH, "S55.1.2", LIBMPI_NUL, nullptr));
      must(libmpi_record_add(records_[i], LIBMPI_FIELD_PHONE, "022-123-4567", LIBMPI_NUL, nullptr));
    }
    must(libmpi_options_new(&options_[0], nullptr));
    must(libmpi_model_default(&models_[0], nullptr));
    if (registries_[0] != nullptr) return;
    const std::string path = the_folder / "kept";
    if (libmpi_registry_open(&registries_[0], path.data(), path.size(), nullptr, nullptr) != LIBMPI_OK)
      must(libmpi_registry_create(&registries_[0], path.data(), path.size(), nullptr, nullptr, nullptr));
  }

  void Step() {
    switch (c_.Below(8)) {
      case 0: Make(); break;
      case 1: Say(); break;
      case 2: Say(); break;
      case 3: Free(); break;
      case 4: Link(); break;
      case 5: Read(); break;
      case 6: Change(); break;
      default: Ask(); break;
    }
  }

  void Make() {
    switch (c_.Below(7)) {
      case 0: {
        const Text source = TextFrom(&c_), value = TextFrom(&c_);
        const uint16_t part = static_cast<uint16_t>(c_.Below(3));
        return JudgeOut(OutOf(identifiers_, libmpi_identifier_free), false, [&](auto out, auto error) {
          return libmpi_identifier_new(out, source.data(), source.size(), value.data(), value.size(), part, error);
        });
      }
      case 1: {
        const Text actor = TextFrom(&c_), reason = TextFrom(&c_);
        return JudgeOut(OutOf(attributions_, libmpi_attribution_free), false, [&](auto out, auto error) {
          return libmpi_attribution_new(out, actor.data(), actor.size(), reason.data(), reason.size(), error);
        });
      }
      case 2: {
        libmpi_record** const place = OutOf(records_, libmpi_record_free);
        libmpi_identifier* const identifier = In(identifiers_);
        return JudgeOut(place, false,
                        [&](auto out, auto error) { return libmpi_record_new(out, identifier, error); });
      }
      case 3: {
        const Text json = TextFrom(&c_);
        return JudgeOut(OutOf(records_, libmpi_record_free), false, [&](auto out, auto error) {
          return libmpi_record_from_json(out, json.data(), json.size(), error);
        });
      }
      case 4: return JudgeOut(OutOf(options_, libmpi_options_free), false, libmpi_options_new);
      case 5: return JudgeOut(OutOf(models_, libmpi_model_free), false, libmpi_model_default);
      default: {
        const Text json = TextFrom(&c_);
        return JudgeOut(OutOf(models_, libmpi_model_free), false, [&](auto out, auto error) {
          return libmpi_model_from_json(out, json.data(), json.size(), error);
        });
      }
    }
  }

  void Say() {
    switch (c_.Below(6)) {
      case 0: {
        libmpi_options* const options = In(options_);
        const Text name = TextFrom(&c_), value = TextFrom(&c_);
        Judge([&](auto error) {
          return libmpi_options_set(options, name.data(), name.size(), value.data(), value.size(), error);
        });
        return;
      }
      case 1: {
        libmpi_options* const options = In(options_);
        stop_at_ = static_cast<int>(c_.Byte());
        const libmpi_progress progress = c_.Below(2) == 0 ? nullptr : StopAt;
        Judge([&](auto error) { return libmpi_options_set_progress(options, progress, &stop_at_, error); });
        return;
      }
      case 2: {
        libmpi_options* const options = In(options_);
        const size_t a = c_.Below(7), b = c_.Below(7);
        const bool same = c_.Below(2) == 0;
        Judge([&](auto error) { return libmpi_options_decide(options, a, b, same, error); });
        return;
      }
      case 3: {
        libmpi_record* const record = In(records_);
        Judge([&](auto error) { return libmpi_record_next_row(record, error); });
        return;
      }
      default: {
        libmpi_record* const record = In(records_);
        const libmpi_field field = static_cast<libmpi_field>(c_.Below(28));
        const Text text = TextFrom(&c_);
        Judge([&](auto error) { return libmpi_record_add(record, field, text.data(), text.size(), error); });
      }
    }
  }

  void Free() {
    const size_t slot = c_.Byte();
    switch (c_.Below(9)) {
      case 0: return libmpi_identifier_free(&identifiers_[slot % identifiers_.size()]);
      case 1: return libmpi_attribution_free(&attributions_[slot % attributions_.size()]);
      case 2: return libmpi_record_free(&records_[slot % records_.size()]);
      case 3: return libmpi_options_free(&options_[slot % options_.size()]);
      case 4: return libmpi_model_free(&models_[slot % models_.size()]);
      case 5: return libmpi_comparer_free(&comparers_[slot % comparers_.size()]);
      case 6: return libmpi_answer_free(&answers_[slot % answers_.size()]);
      case 7: return libmpi_answer_free(nullptr);
      default:
        if (c_.Below(8) == 0)
          Judge([&](auto error) { return libmpi_registry_close(&registries_[slot % registries_.size()], error); });
    }
  }

  // An array of records, some of them perhaps NULL.
  std::vector<const libmpi_record*> Records() {
    std::vector<const libmpi_record*> records;
    for (size_t n = c_.Below(6); n > 0; --n) records.push_back(In(records_));
    return records;
  }

  void Link() {
    const size_t which = c_.Below(8);
    libmpi_answer** const place = which >= 2 ? OutAnswer() : nullptr;
    libmpi_model** const model_place = which == 1 || which == 2 ? OutOf(models_, libmpi_model_free) : nullptr;
    libmpi_comparer** const comparer_place = which == 0 ? OutOf(comparers_, libmpi_comparer_free) : nullptr;
    libmpi_options* const options = In(options_);
    libmpi_model* const model = In(models_);
    const std::vector<const libmpi_record*> records = Records();
    const size_t count = records.size();
    std::array<uint32_t, 8> clusters;
    switch (which) {
      case 0:
        return JudgeOut(comparer_place, false,
                        [&](auto out, auto error) { return libmpi_comparer_new(out, model, options, error); });
      case 1:
        return JudgeOut(model_place, false, [&](auto out, auto error) {
          return libmpi_model_train(out, records.data(), count, options, error);
        });
      case 2: {
        uint32_t* const numbers = c_.Below(16) == 0 ? nullptr : clusters.data();
        return JudgeOut(place, true, [&](auto out, auto error) {
          return libmpi_dedupe(numbers, out, model_place, records.data(), count, model, options, error);
        });
      }
      case 3: {
        const size_t new_count = c_.Below(7);
        const bool one_to_one = c_.Below(2) == 0;
        return JudgeOut(place, true, [&](auto out, auto error) {
          return libmpi_link(clusters.data(), out, nullptr, records.data(), count, new_count, one_to_one, model,
                             options, error);
        });
      }
      case 4:
        return JudgeOut(place, false,
                        [&](auto out, auto error) { return libmpi_model_json(out, model, false, error); });
      case 5: {
        libmpi_record* const record = In(records_);
        return JudgeOut(place, false,
                        [&](auto out, auto error) { return libmpi_standardize(out, record, options, error); });
      }
      default: {
        libmpi_comparer* const comparer = In(comparers_);
        libmpi_record *const a = In(records_), *const b = In(records_);
        return JudgeOut(place, false,
                        [&](auto out, auto error) { return libmpi_compare(out, comparer, a, b, error); });
      }
    }
  }

  void Read() {
    libmpi_answer* const answer = In(answers_);
    const libmpi_list list = static_cast<libmpi_list>(c_.Below(8));
    const size_t row = c_.Below(4);
    const libmpi_column column = static_cast<libmpi_column>(c_.Below(3) * 100 + c_.Below(36));
    const char* text = nullptr;
    size_t size = 0;
    double number = 0;
    int64_t integer = 0;
    Judge([&](auto error) { return libmpi_answer_text(&text, &size, answer, list, row, column, error); });
    Require(text != nullptr ? text[size] == '\0' : size == 0, "a NUL follows a text");
    Judge([&](auto error) { return libmpi_answer_number(&number, answer, list, row, column, error); });
    Judge([&](auto error) { return libmpi_answer_integer(&integer, answer, list, row, column, error); });
    Judge([&](auto error) { return libmpi_answer_json(&text, &size, answer, error); });
  }

  void Open() {
    libmpi_registry** const place =
        OutOf(registries_, [](libmpi_registry** registry) { libmpi_registry_close(registry, nullptr); });
    libmpi_options* const options = In(options_);
    const std::string path = the_folder / std::to_string(c_.Below(2));
    const bool create = c_.Below(2) == 0;
    JudgeOut(place, false, [&](auto out, auto error) {
      return create ? libmpi_registry_create(out, path.data(), path.size(), nullptr, options, error)
                    : libmpi_registry_open(out, path.data(), path.size(), options, error);
    });
  }

  void Change() {
    const size_t which = c_.Below(16);
    if (which == 0 && c_.Below(8) == 0) return Open();  // takes far longer than all else
    if (which <= 3) return ChangeSilently(which);
    libmpi_answer** const place = OutAnswer();
    libmpi_registry* const registry = In(registries_);
    libmpi_attribution* const by = In(attributions_);
    libmpi_identifier *const a = In(identifiers_), *const b = In(identifiers_);
    libmpi_record* const record = In(records_);
    libmpi_options* const options = In(options_);
    const std::vector<const libmpi_record*> records = Records();
    const Text word = TextFrom(&c_);
    JudgeOut(place, true, [&](auto out, auto error) {
      switch (which) {
        case 4: return libmpi_registry_retire(out, registry, a, by, error);
        case 5: return libmpi_registry_merge(out, registry, a, b, by, error);
        case 6: return libmpi_registry_unmerge(out, registry, a, by, error);
        case 7: return libmpi_registry_decide(out, registry, a, b, word.data(), word.size(), by, error);
        case 8: return libmpi_registry_settle(out, registry, a, word.data(), word.size(), by, error);
        case 9: return libmpi_registry_load(out, registry, records.data(), records.size(), options, by, error);
        default: return libmpi_registry_put(out, registry, record, by, error);
      }
    });
  }

  // Changes without an answer.
  void ChangeSilently(size_t which) {
    libmpi_registry* const registry = In(registries_);
    libmpi_attribution* const by = In(attributions_);
    libmpi_identifier *const a = In(identifiers_), *const b = In(identifiers_);
    const Text word = TextFrom(&c_);
    Judge([&](auto error) {
      if (which <= 1) return libmpi_registry_assign(registry, a, b, word.data(), word.size(), by, error);
      if (which == 2) return libmpi_registry_put_authority(registry, word.data(), word.size(), by, error);
      return libmpi_registry_maintain(registry, word.data(), word.size(), error);
    });
  }

  // Comes in as somebody, by a handle beside the registry's own.
  void ComeIn() {
    libmpi_registry** const place = &registries_[1 + c_.Below(registries_.size() - 1)];
    libmpi_registry_close(place, nullptr);
    libmpi_registry* const registry = In(registries_);
    const Text who = TextFrom(&c_);
    JudgeOut(place, false, [&](auto out, auto error) {
      return libmpi_registry_as(out, registry, who.data(), who.size(), error);
    });
  }

  void AskNetwork() {
    libmpi_answer** const place = OutAnswer();
    libmpi_registry* const registry = In(registries_);
    const Text verb = TextFrom(&c_), json = TextFrom(&c_);
    JudgeOut(place, false, [&](auto out, auto error) {
      return libmpi_network_call(out, registry, verb.data(), verb.size(), json.data(), json.size(), error);
    });
  }

  void Ask() {
    const size_t which = c_.Below(20);
    if (which >= 18) return ComeIn();
    if (which >= 16) return AskNetwork();
    libmpi_answer** const place = which < 14 ? OutAnswer() : nullptr;
    libmpi_model** const model_place = which == 15 ? OutOf(models_, libmpi_model_free) : nullptr;
    libmpi_registry* const registry = In(registries_);
    libmpi_identifier *const a = In(identifiers_), *const b = In(identifiers_);
    libmpi_record* const record = In(records_);
    const Text word = TextFrom(&c_);
    const size_t most = c_.Below(20);
    if (which == 15)
      return JudgeOut(model_place, false,
                      [&](auto out, auto error) { return libmpi_registry_model(out, registry, error); });
    if (which == 14) {
      int visits = 3;
      const libmpi_visit visit = c_.Below(8) == 0 ? nullptr : Visit;
      Judge([&](auto error) { return libmpi_registry_scan(registry, visit, &visits, error); });
      return;
    }
    JudgeOut(place, false, [&](auto out, auto error) {
      const char* const authorities[] = {"H001", "C001"};
      switch (which) {
        case 0: return libmpi_registry_find(out, registry, a, nullptr, 0, error);
        case 1: return libmpi_registry_find(out, registry, a, authorities, most % 3, error);
        case 2: return libmpi_registry_find_person(out, registry, word.data(), word.size(), error);
        case 3: return libmpi_registry_get(out, registry, a, error);
        case 4: return libmpi_registry_search(out, registry, record, most, error);
        case 5: return libmpi_registry_search_typed(out, registry, record, most, error);
        case 6: return libmpi_registry_explain(out, registry, a, b, error);
        case 7: return libmpi_registry_review(out, registry, most, error);
        case 8: return libmpi_registry_held(out, registry, most, error);
        case 9: return libmpi_registry_decisions(out, registry, error);
        case 10: return libmpi_registry_authorities(out, registry, error);
        case 11: return libmpi_registry_history(out, registry, most, most, error);
        case 12: return libmpi_registry_person_at(out, registry, a, most, error);
        default: return libmpi_registry_stats(out, registry, error);
      }
    });
  }

  Choices c_;
  int stop_at_ = 0;
  Pool<libmpi_identifier, 4> identifiers_{};
  Pool<libmpi_attribution, 2> attributions_{};
  Pool<libmpi_record, 6> records_{};
  Pool<libmpi_options, 3> options_{};
  Pool<libmpi_model, 2> models_{};
  Pool<libmpi_comparer, 2> comparers_{};
  Pool<libmpi_answer, 4> answers_{};
  Pool<libmpi_registry, 2> registries_{};
};
libmpi_registry* Sequence::kept_registry = nullptr;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Sequence(data, size).Run();
  return 0;
}
