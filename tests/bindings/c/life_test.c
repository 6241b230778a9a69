/* SPDX-License-Identifier: Apache-2.0
 * A registry's whole life through the C API alone: what a vendor does, in the order he does it.
 *   life_test FOLDER
 * FOLDER is made, and must not be there; -: no registry. */
#include <nayose.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures = 0;

#define CHECK(condition)                                                \
  do {                                                                  \
    if (!(condition)) {                                                 \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);   \
      ++failures;                                                       \
    }                                                                   \
  } while (0)

/* A call that must succeed; without it nothing that follows makes sense. */
static void must(libmpi_code code, libmpi_error **error, int line) {
  if (code == LIBMPI_OK && *error == NULL) return;
  fprintf(stderr, "line %d: code %d: %s\n", line, (int)code, libmpi_error_message(*error));
  exit(1);
}
#define MUST(call) must((call), &error, __LINE__)

/* A call that must fail with this code, say why, and leave nothing behind. */
static void refused(libmpi_code code, libmpi_code wanted, libmpi_error **error, int line) {
  if (code != wanted || *error == NULL || libmpi_error_code(*error) != wanted ||
      strlen(libmpi_error_message(*error)) == 0) {
    fprintf(stderr, "line %d: code %d instead of %d: %s\n", line, (int)code, (int)wanted,
            libmpi_error_message(*error));
    ++failures;
  }
  libmpi_error_free(error);
}
#define REFUSED(wanted, call) refused((call), (wanted), &error, __LINE__)

static libmpi_error *error = NULL;

static libmpi_identifier *identifier(const char *source, const char *value) {
  libmpi_identifier *out = NULL;
  MUST(libmpi_identifier_new(&out, source, LIBMPI_NUL, value, LIBMPI_NUL, 0, &error));
  return out;
}

static libmpi_record *patient(const char *source, const char *value, const char *name, const char *kana,
                              const char *birth, const char *sex, const char *phone) {
  libmpi_identifier *key = identifier(source, value);
  libmpi_record *out = NULL;
  MUST(libmpi_record_new(&out, key, &error));
  libmpi_identifier_free(&key);
  MUST(libmpi_record_add(out, LIBMPI_FIELD_NAME, name, LIBMPI_NUL, &error));
  MUST(libmpi_record_add(out, LIBMPI_FIELD_KANA, kana, LIBMPI_NUL, &error));
  MUST(libmpi_record_add(out, LIBMPI_FIELD_BIRTH, birth, LIBMPI_NUL, &error));
  MUST(libmpi_record_add(out, LIBMPI_FIELD_SEX, sex, LIBMPI_NUL, &error));
  MUST(libmpi_record_add(out, LIBMPI_FIELD_PHONE, phone, LIBMPI_NUL, &error));
  return out;
}

static const char *text_at(const libmpi_answer *answer, libmpi_list list, size_t row, libmpi_column column) {
  const char *text = NULL;
  size_t size = 0;
  MUST(libmpi_answer_text(&text, &size, answer, list, row, column, &error));
  CHECK(text == NULL || strlen(text) == size);
  return text == NULL ? "" : text;
}

static int64_t integer_at(const libmpi_answer *answer, libmpi_list list, size_t row, libmpi_column column) {
  int64_t integer = 0;
  MUST(libmpi_answer_integer(&integer, answer, list, row, column, &error));
  return integer;
}

static double number_at(const libmpi_answer *answer, libmpi_list list, size_t row, libmpi_column column) {
  double number = 0;
  MUST(libmpi_answer_number(&number, answer, list, row, column, &error));
  return number;
}

static double count_of(const libmpi_answer *answer, const char *name) {
  size_t row;
  for (row = 0; row < libmpi_answer_size(answer, LIBMPI_LIST_COUNTS); ++row)
    if (strcmp(text_at(answer, LIBMPI_LIST_COUNTS, row, LIBMPI_COLUMN_NAME), name) == 0)
      return number_at(answer, LIBMPI_LIST_COUNTS, row, LIBMPI_COLUMN_VALUE);
  fprintf(stderr, "no count of the name %s\n", name);
  ++failures;
  return -1;
}

/* Whether a row of MAIN has this identifier. */
static bool names(const libmpi_answer *answer, const char *source, const char *value) {
  size_t row;
  for (row = 0; row < libmpi_answer_size(answer, LIBMPI_LIST_MAIN); ++row)
    if (strcmp(text_at(answer, LIBMPI_LIST_MAIN, row, LIBMPI_COLUMN_SOURCE), source) == 0 &&
        strcmp(text_at(answer, LIBMPI_LIST_MAIN, row, LIBMPI_COLUMN_RECORD_ID), value) == 0)
      return true;
  return false;
}

static libmpi_options *options(const char *name, const char *value) {
  libmpi_options *out = NULL;
  MUST(libmpi_options_new(&out, &error));
  MUST(libmpi_options_set(out, name, LIBMPI_NUL, value, LIBMPI_NUL, &error));
  return out;
}

/* ---- Standardizing, comparing ---- */

static void standardizes_and_compares(void) {
  libmpi_record *a = patient("H001", "1", "渡邊 太郎", "ワタナベ タロウ", "S55.1.2", "男", "022-123-4567");
  libmpi_record *b = patient("C001", "7", "渡辺太郎", "ﾜﾀﾅﾍﾞ ﾀﾛｳ", "1980-01-02", "1", "0221234567");
  libmpi_record *c = patient("C001", "8", "佐藤 花子", "サトウ ハナコ", "昭和35年3月4日", "女", "");
  libmpi_answer *answer = NULL;
  libmpi_model *model = NULL;
  libmpi_comparer *comparer = NULL;
  const char *json = NULL;
  size_t size = 0;

  MUST(libmpi_standardize(&answer, a, NULL, &error));
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_MAIN) > 0);
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_FINDINGS) == 0);
  libmpi_answer_free(&answer);
  CHECK(answer == NULL);

  MUST(libmpi_model_default(&model, &error));
  MUST(libmpi_comparer_new(&comparer, model, NULL, &error));
  libmpi_model_free(&model); /* the comparer keeps what it needs */
  MUST(libmpi_compare(&answer, comparer, a, b, &error));
  CHECK(number_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_WEIGHT) > 6);
  CHECK(number_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_PROBABILITY) > 0.98);
  CHECK(integer_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_HELD) == 0);
  CHECK(strstr(text_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_TEXT), "match weight") != NULL);
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_LINKS) > 3);
  MUST(libmpi_answer_json(&json, &size, answer, &error));
  CHECK(size == strlen(json) && strncmp(json, "{\"main\":[{\"weight\":", 19) == 0);
  libmpi_answer_free(&answer);
  MUST(libmpi_compare(&answer, comparer, a, c, &error));
  CHECK(number_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_WEIGHT) < -10);
  libmpi_answer_free(&answer);

  libmpi_comparer_free(&comparer);
  libmpi_record_free(&a);
  libmpi_record_free(&b);
  libmpi_record_free(&c);
  libmpi_record_free(&c); /* twice is harmless */
}

/* ---- A batch ---- */

struct progress {
  int calls;
  int allowed;
};

static int32_t count_progress(void *payload, const char *stage, uint64_t done, uint64_t total) {
  struct progress *p = payload;
  CHECK(strlen(stage) > 0 && done <= total);
  return ++p->calls <= p->allowed;
}

static void links_a_batch(void) {
  libmpi_record *records[5];
  uint32_t clusters[5];
  libmpi_answer *answer = NULL;
  libmpi_model *model = NULL, *used = NULL, *read = NULL;
  libmpi_options *told = options("today", "2026-04-01");
  struct progress progress = {0, 1000000};
  const char *json = NULL;
  size_t size = 0, i;
  /* In no order of identifiers: numbers are the caller's. */
  records[0] = patient("H002", "5", "佐藤 花子", "サトウ ハナコ", "昭和35年3月4日", "女", "0223334444");
  records[1] = patient("H001", "1", "渡邊 太郎", "ワタナベ タロウ", "S55.1.2", "男", "022-123-4567");
  records[2] = patient("C001", "7", "渡辺太郎", "ﾜﾀﾅﾍﾞ ﾀﾛｳ", "1980-01-02", "1", "0221234567");
  records[3] = patient("C001", "8", "佐藤 花子", "サトウ ハナコ", "1960-03-04", "2", "0223334444");
  records[4] = patient("C001", "9", "高橋 一郎", "タカハシ イチロウ", "1950-09-09", "1", "");

  MUST(libmpi_model_default(&model, &error));
  MUST(libmpi_options_set_progress(told, count_progress, &progress, &error));
  MUST(libmpi_dedupe(clusters, &answer, &used, (const libmpi_record *const *)records, 5, model, told, &error));
  CHECK(progress.calls > 0);
  CHECK(clusters[1] == 2 && clusters[2] == 2); /* C001:7 stands before H001:1 */
  CHECK(clusters[0] == 3 && clusters[3] == 3 && clusters[4] == 4);
  CHECK(count_of(answer, "clusters") == 3);
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_LINKS) == 2);
  CHECK(integer_at(answer, LIBMPI_LIST_LINKS, 0, LIBMPI_COLUMN_A) == 0);
  CHECK(integer_at(answer, LIBMPI_LIST_LINKS, 0, LIBMPI_COLUMN_B) == 3);
  CHECK(strcmp(text_at(answer, LIBMPI_LIST_LINKS, 0, LIBMPI_COLUMN_DECISION), "match") == 0);
  libmpi_answer_free(&answer);

  /* The model as text and back. */
  MUST(libmpi_model_json(&answer, used, false, &error));
  json = text_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_JSON);
  MUST(libmpi_model_from_json(&read, json, LIBMPI_NUL, &error));
  libmpi_model_free(&read);
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_model_from_json(&read, json, strlen(json) / 2, &error));
  CHECK(read == NULL);
  libmpi_answer_free(&answer);

  /* A decision outweighs what records say. */
  MUST(libmpi_options_decide(told, 1, 2, false, &error));
  MUST(libmpi_dedupe(clusters, NULL, NULL, (const libmpi_record *const *)records, 5, model, told, &error));
  CHECK(clusters[1] == 1 && clusters[2] == 2);
  MUST(libmpi_options_decide(told, 1, 2, true, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT,
          libmpi_dedupe(clusters, NULL, NULL, (const libmpi_record *const *)records, 5, model, told, &error));
  libmpi_options_free(&told);

  /* Two new ones against three on file. */
  MUST(libmpi_link(clusters, &answer, NULL, (const libmpi_record *const *)records, 5, 2, true, model, NULL, &error));
  CHECK(clusters[0] == clusters[3] && clusters[1] == clusters[2]);
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_LINKS) == 2);
  libmpi_answer_free(&answer);

  /* Learning from five records: the default, and the run says so. */
  MUST(libmpi_dedupe(clusters, &answer, NULL, (const libmpi_record *const *)records, 5, NULL, NULL, &error));
  CHECK(count_of(answer, "model_learned") == 0);
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_MAIN) > 0);
  libmpi_answer_free(&answer);
  MUST(libmpi_model_train(&read, (const libmpi_record *const *)records, 5, NULL, &error));
  libmpi_model_free(&read);

  /* A callback that says stop. */
  libmpi_model_free(&used);
  told = options("threads", "1");
  progress.calls = progress.allowed = 0;
  MUST(libmpi_options_set_progress(told, count_progress, &progress, &error));
  REFUSED(LIBMPI_CANCELLED,
          libmpi_dedupe(clusters, &answer, &used, (const libmpi_record *const *)records, 5, model, told, &error));
  CHECK(answer == NULL);
  CHECK(progress.calls == 1);
  libmpi_options_free(&told);

  /* The same identifier twice. */
  libmpi_record_free(&records[4]);
  records[4] = patient("C001", "8", "高橋 一郎", "タカハシ イチロウ", "1950-09-09", "1", "");
  REFUSED(LIBMPI_INVALID_ARGUMENT,
          libmpi_dedupe(clusters, NULL, NULL, (const libmpi_record *const *)records, 5, model, NULL, &error));
  /* None at all. */
  MUST(libmpi_dedupe(NULL, &answer, NULL, NULL, 0, model, NULL, &error));
  libmpi_answer_free(&answer);
  MUST(libmpi_answer_json(&json, &size, answer, NULL) == LIBMPI_INVALID_ARGUMENT ? LIBMPI_OK : LIBMPI_INTERNAL);

  libmpi_model_free(&model);
  libmpi_model_free(&used);
  for (i = 0; i < 5; ++i) libmpi_record_free(&records[i]);
}

/* ---- A registry's life ---- */

static int32_t count_records(void *payload, const libmpi_answer *record) {
  CHECK(strlen(text_at(record, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_JSON)) > 10);
  ++*(int *)payload;
  return *(int *)payload < 3;
}

static void put(libmpi_registry *registry, libmpi_record *record, const libmpi_attribution *by, const char *outcome,
                char person[33]) {
  libmpi_answer *answer = NULL;
  MUST(libmpi_registry_put(&answer, registry, record, by, &error));
  CHECK(strcmp(text_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_OUTCOME), outcome) == 0);
  if (person != NULL) strcpy(person, text_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_PERSON));
  libmpi_answer_free(&answer);
  libmpi_record_free(&record);
}

static void registers_and_asks(libmpi_registry *registry, const libmpi_attribution *by) {
  libmpi_identifier *hospital = identifier("H001", "1"), *clinic = identifier("C001", "7");
  libmpi_identifier *unknown = identifier("H001", "2");
  libmpi_record *asked = NULL, *again = NULL;
  libmpi_answer *answer = NULL;
  char person[33], other[33];
  const char *only[] = {"C001"};

  MUST(libmpi_registry_put_authority(
      registry, "{\"name\": \"H001\", \"oid\": \"1.2.392.1\", \"facility\": \"病院\", \"trust\": \"verified\"}", LIBMPI_NUL, by,
      &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT,
          libmpi_registry_put_authority(registry, "{\"name\": \"H001\", \"trust\": \"much\"}", LIBMPI_NUL, by, &error));
  MUST(libmpi_registry_authorities(&answer, registry, &error));
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_MAIN) == 1);
  CHECK(strcmp(text_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_TRUST), "verified") == 0);
  libmpi_answer_free(&answer);

  put(registry, patient("H001", "1", "渡邊 太郎", "ワタナベ タロウ", "S55.1.2", "男", "022-123-4567"), by, "created", person);
  again = patient("H001", "1", "渡邊 太郎", "ワタナベ タロウ", "S55.1.2", "男", "022-123-4567");
  MUST(libmpi_registry_put(&answer, registry, again, by, &error));
  CHECK(integer_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_EVENT) == 0);
  libmpi_answer_free(&answer);
  libmpi_record_free(&again);

  /* Who might this be, before registering; by a record and by what is typed. */
  MUST(libmpi_record_new(&asked, NULL, &error));
  MUST(libmpi_record_add(asked, LIBMPI_FIELD_NAME, "渡辺太郎", LIBMPI_NUL, &error));
  MUST(libmpi_record_add(asked, LIBMPI_FIELD_BIRTH, "3550102", LIBMPI_NUL, &error));
  MUST(libmpi_record_add(asked, LIBMPI_FIELD_PHONE, "0221234567", LIBMPI_NUL, &error));
  MUST(libmpi_registry_search(&answer, registry, asked, 10, &error));
  CHECK(names(answer, "H001", "1"));
  CHECK(integer_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_BEST) == 1);
  CHECK(strcmp(text_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_PERSON), person) == 0);
  CHECK(count_of(answer, "candidates") == 1 && count_of(answer, "too_many") == 0);
  libmpi_answer_free(&answer);
  libmpi_record_free(&asked);
  MUST(libmpi_record_new(&asked, NULL, &error));
  MUST(libmpi_record_add(asked, LIBMPI_FIELD_FAMILY, "わた*", LIBMPI_NUL, &error));
  MUST(libmpi_record_add(asked, LIBMPI_FIELD_BIRTH, "昭和55年", LIBMPI_NUL, &error));
  MUST(libmpi_registry_search_typed(&answer, registry, asked, 10, &error));
  CHECK(names(answer, "H001", "1"));
  libmpi_answer_free(&answer);
  MUST(libmpi_record_add(asked, LIBMPI_FIELD_STREET, "1-1", LIBMPI_NUL, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_registry_search_typed(&answer, registry, asked, 10, &error));
  libmpi_record_free(&asked);

  put(registry, patient("C001", "7", "渡辺太郎", "ﾜﾀﾅﾍﾞ ﾀﾛｳ", "1980-01-02", "1", "0221234567"), by, "joined", other);
  CHECK(strcmp(person, other) == 0);
  MUST(libmpi_registry_find(&answer, registry, hospital, NULL, 0, &error));
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_MAIN) == 2 && names(answer, "C001", "7"));
  CHECK(integer_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_REDIRECTED) == 0);
  libmpi_answer_free(&answer);
  MUST(libmpi_registry_find(&answer, registry, hospital, only, 1, &error));
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_MAIN) == 1 && names(answer, "C001", "7"));
  libmpi_answer_free(&answer);
  MUST(libmpi_registry_find_person(&answer, registry, person, 32, &error));
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_MAIN) == 2);
  libmpi_answer_free(&answer);
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_registry_find_person(&answer, registry, person, 31, &error));
  REFUSED(LIBMPI_NOT_FOUND, libmpi_registry_find(&answer, registry, unknown, NULL, 0, &error));
  CHECK(answer == NULL);
  MUST(libmpi_registry_get(&answer, registry, clinic, &error));
  CHECK(strcmp(text_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_STATUS), "live") == 0);
  CHECK(strstr(text_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_JSON), "渡辺太郎") != NULL);
  libmpi_answer_free(&answer);
  MUST(libmpi_registry_explain(&answer, registry, hospital, clinic, &error));
  CHECK(number_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_WEIGHT) > 6);
  libmpi_answer_free(&answer);

  libmpi_identifier_free(&hospital);
  libmpi_identifier_free(&clinic);
  libmpi_identifier_free(&unknown);
}

static void decides_and_merges(libmpi_registry *registry, const libmpi_attribution *by) {
  libmpi_identifier *hospital = identifier("H001", "1"), *clinic = identifier("C001", "7");
  libmpi_identifier *twice = identifier("H001", "11");
  libmpi_answer *answer = NULL;

  MUST(libmpi_registry_decide(&answer, registry, hospital, clinic, "different", LIBMPI_NUL, by, &error));
  CHECK(strcmp(text_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_OUTCOME), "split") == 0);
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_MOVES) > 0);
  libmpi_answer_free(&answer);
  MUST(libmpi_registry_decisions(&answer, registry, &error));
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_MAIN) == 1);
  CHECK(strcmp(text_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_DECISION), "different") == 0);
  libmpi_answer_free(&answer);
  REFUSED(LIBMPI_INVALID_ARGUMENT,
          libmpi_registry_decide(NULL, registry, hospital, clinic, "perhaps", LIBMPI_NUL, by, &error));
  MUST(libmpi_registry_decide(&answer, registry, hospital, clinic, "withdrawn", LIBMPI_NUL, by, &error));
  CHECK(strcmp(text_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_OUTCOME), "merged") == 0);
  libmpi_answer_free(&answer);

  put(registry, patient("H001", "11", "渡邊 太郎", "ワタナベ タロウ", "S55.1.2", "男", "022-123-4567"), by, "joined", NULL);
  MUST(libmpi_registry_merge(NULL, registry, twice, hospital, by, &error));
  MUST(libmpi_registry_get(&answer, registry, twice, &error));
  CHECK(strcmp(text_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_STATUS), "subsumed") == 0);
  CHECK(strcmp(text_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_OTHER_RECORD_ID), "1") == 0);
  libmpi_answer_free(&answer);
  MUST(libmpi_registry_find(&answer, registry, twice, NULL, 0, &error));
  CHECK(integer_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_REDIRECTED) == 1);
  libmpi_answer_free(&answer);
  MUST(libmpi_registry_unmerge(NULL, registry, twice, by, &error));
  MUST(libmpi_registry_retire(&answer, registry, twice, by, &error));
  CHECK(strcmp(text_at(answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_OUTCOME), "retired") == 0);
  libmpi_answer_free(&answer);
  REFUSED(LIBMPI_FAILED_PRECONDITION, libmpi_registry_find(&answer, registry, twice, NULL, 0, &error));

  /* The hospital gives the number to somebody else: held, and refused. */
  put(registry, patient("H001", "1", "高橋 花子", "タカハシ ハナコ", "H12.10.30", "女", "0119998888"), by, "held", NULL);
  MUST(libmpi_registry_held(&answer, registry, 10, &error));
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_MAIN) == 1 && names(answer, "H001", "1"));
  libmpi_answer_free(&answer);
  MUST(libmpi_registry_settle(NULL, registry, hospital, "refused", LIBMPI_NUL, by, &error));
  REFUSED(LIBMPI_NOT_FOUND, libmpi_registry_settle(NULL, registry, hospital, "same", LIBMPI_NUL, by, &error));

  libmpi_identifier_free(&hospital);
  libmpi_identifier_free(&clinic);
  libmpi_identifier_free(&twice);
}

static void reviews(libmpi_registry *registry, const libmpi_attribution *by) {
  libmpi_identifier *a = NULL, *b = NULL;
  libmpi_answer *answer = NULL;
  /* Little more than a common name, a birth date and a sex: never linked without a person. */
  put(registry, patient("H003", "1", "佐藤 恵子", "サトウ ケイコ", "1955-05-05", "女", ""), by, "created", NULL);
  put(registry, patient("H004", "1", "佐藤 恵子", "サトウ ケイコ", "1955-05-05", "女", ""), by, "created", NULL);
  MUST(libmpi_registry_review(&answer, registry, 10, &error));
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_REVIEW) == 1);
  a = identifier(text_at(answer, LIBMPI_LIST_REVIEW, 0, LIBMPI_COLUMN_SOURCE),
                 text_at(answer, LIBMPI_LIST_REVIEW, 0, LIBMPI_COLUMN_RECORD_ID));
  b = identifier(text_at(answer, LIBMPI_LIST_REVIEW, 0, LIBMPI_COLUMN_OTHER_SOURCE),
                 text_at(answer, LIBMPI_LIST_REVIEW, 0, LIBMPI_COLUMN_OTHER_RECORD_ID));
  CHECK(strcmp(text_at(answer, LIBMPI_LIST_REVIEW, 0, LIBMPI_COLUMN_ASSIGNEE), "") == 0);
  libmpi_answer_free(&answer);
  MUST(libmpi_registry_assign(registry, a, b, "suzuki", LIBMPI_NUL, by, &error));
  MUST(libmpi_registry_review(&answer, registry, 10, &error));
  CHECK(strcmp(text_at(answer, LIBMPI_LIST_REVIEW, 0, LIBMPI_COLUMN_ASSIGNEE), "suzuki") == 0);
  libmpi_answer_free(&answer);
  MUST(libmpi_registry_decide(NULL, registry, a, b, "same", LIBMPI_NUL, by, &error));
  MUST(libmpi_registry_review(&answer, registry, 10, &error));
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_REVIEW) == 0);
  libmpi_answer_free(&answer);
  libmpi_identifier_free(&a);
  libmpi_identifier_free(&b);
}

static void follows_history(const libmpi_registry *registry) {
  libmpi_identifier *clinic = identifier("C001", "7");
  libmpi_answer *answer = NULL;
  uint64_t next = 1, first_with_clinic = 0;
  size_t rows, row, events = 0;
  do {
    MUST(libmpi_registry_history(&answer, registry, next, 4, &error));
    rows = libmpi_answer_size(answer, LIBMPI_LIST_MAIN);
    for (row = 0; row < rows; ++row) {
      CHECK(integer_at(answer, LIBMPI_LIST_MAIN, row, LIBMPI_COLUMN_EVENT) == (int64_t)next + (int64_t)row);
      CHECK(integer_at(answer, LIBMPI_LIST_MAIN, row, LIBMPI_COLUMN_TIME) > 0);
      CHECK(strcmp(text_at(answer, LIBMPI_LIST_MAIN, row, LIBMPI_COLUMN_ACTOR), "c-test") == 0);
      if (first_with_clinic == 0 &&
          strcmp(text_at(answer, LIBMPI_LIST_MAIN, row, LIBMPI_COLUMN_SOURCE), "C001") == 0)
        first_with_clinic = next + row;
    }
    events += rows;
    next += rows;
    libmpi_answer_free(&answer);
  } while (rows > 0);
  CHECK(events > 8 && first_with_clinic > 0);
  MUST(libmpi_registry_person_at(&answer, registry, clinic, first_with_clinic, &error));
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_MAIN) == 2 && names(answer, "H001", "1"));
  libmpi_answer_free(&answer);
  libmpi_identifier_free(&clinic);
}

static void loads_relinks_and_scans(libmpi_registry *registry, const libmpi_attribution *by) {
  libmpi_record *records[2];
  libmpi_answer *answer = NULL;
  libmpi_model *model = NULL;
  libmpi_options *told = options("preset", "balanced");
  int visited = 0;
  records[0] = patient("P001", "2", "鈴木 次郎", "スズキ ジロウ", "1970-07-07", "男", "0225556666");
  records[1] = patient("P001", "1", "渡辺 太郎", "ワタナベ タロウ", "1980-01-02", "男", "0221234567");
  MUST(libmpi_registry_load(&answer, registry, (const libmpi_record *const *)records, 2, told, by, &error));
  CHECK(count_of(answer, "created") == 2);
  libmpi_answer_free(&answer);
  libmpi_record_free(&records[0]);
  libmpi_record_free(&records[1]);
  MUST(libmpi_registry_model(&model, registry, &error));
  MUST(libmpi_registry_relink(&answer, registry, model, true, told, by, &error));
  CHECK(count_of(answer, "persons_before") == count_of(answer, "persons_after"));
  libmpi_answer_free(&answer);
  MUST(libmpi_registry_relink(&answer, registry, model, false, told, by, &error));
  libmpi_answer_free(&answer);
  libmpi_model_free(&model);
  MUST(libmpi_registry_scan(registry, count_records, &visited, &error));
  CHECK(visited == 3); /* the visitor stopped it */
  libmpi_options_free(&told);
}

static void is_sound(const libmpi_registry *registry, double records) {
  libmpi_answer *answer = NULL;
  MUST(libmpi_registry_verify(&answer, registry, NULL, &error));
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_MAIN) == 0);
  libmpi_answer_free(&answer);
  MUST(libmpi_registry_stats(&answer, registry, &error));
  CHECK(count_of(answer, "records") == records);
  libmpi_answer_free(&answer);
}

static void lives(const char *folder) {
  char backup[4096], restored[4096];
  libmpi_registry *registry = NULL, *reader = NULL;
  libmpi_attribution *by = NULL;
  libmpi_options *told = options("cache_bytes", "8388608");
  snprintf(backup, sizeof backup, "%s.backup", folder);
  snprintf(restored, sizeof restored, "%s.restored", folder);
  MUST(libmpi_options_set(told, "write_buffer_bytes", LIBMPI_NUL, "4194304", LIBMPI_NUL, &error));
  MUST(libmpi_attribution_new(&by, "c-test", LIBMPI_NUL, "a test", LIBMPI_NUL, &error));
  REFUSED(LIBMPI_NOT_FOUND, libmpi_registry_open(&registry, folder, LIBMPI_NUL, told, &error));
  CHECK(registry == NULL);
  MUST(libmpi_options_set(told, "create", LIBMPI_NUL, "1", LIBMPI_NUL, &error));
  MUST(libmpi_registry_open(&registry, folder, LIBMPI_NUL, told, &error));
  MUST(libmpi_options_set(told, "create", LIBMPI_NUL, "0", LIBMPI_NUL, &error));
  REFUSED(LIBMPI_FAILED_PRECONDITION, libmpi_registry_create(&reader, folder, LIBMPI_NUL, NULL, told, &error));
  REFUSED(LIBMPI_FAILED_PRECONDITION, libmpi_registry_open(&reader, folder, LIBMPI_NUL, told, &error));
  registers_and_asks(registry, by);
  decides_and_merges(registry, by);
  reviews(registry, by);
  follows_history(registry);
  loads_relinks_and_scans(registry, by);
  MUST(libmpi_registry_maintain(registry, "warm", LIBMPI_NUL, &error));
  MUST(libmpi_registry_maintain(registry, "compact", LIBMPI_NUL, &error));
  MUST(libmpi_registry_maintain(registry, "recover", LIBMPI_NUL, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_registry_maintain(registry, "rest", LIBMPI_NUL, &error));
  is_sound(registry, 6);

  /* A reader beside the writer may ask, and not change. */
  MUST(libmpi_options_set(told, "read_only", LIBMPI_NUL, "1", LIBMPI_NUL, &error));
  MUST(libmpi_registry_open(&reader, folder, LIBMPI_NUL, told, &error));
  is_sound(reader, 6);
  {
    libmpi_record *record = patient("H009", "1", "山田 太郎", "ヤマダ タロウ", "1980-01-02", "男", "");
    REFUSED(LIBMPI_FAILED_PRECONDITION, libmpi_registry_put(NULL, reader, record, by, &error));
    libmpi_record_free(&record);
  }
  MUST(libmpi_registry_close(&reader, &error));

  MUST(libmpi_registry_backup(registry, backup, LIBMPI_NUL, &error));
  MUST(libmpi_registry_close(&registry, &error));
  MUST(libmpi_registry_close(&registry, &error)); /* twice is harmless */
  MUST(libmpi_registry_restore(backup, LIBMPI_NUL, restored, LIBMPI_NUL, &error));
  MUST(libmpi_options_set(told, "read_only", LIBMPI_NUL, "0", LIBMPI_NUL, &error));
  MUST(libmpi_registry_open(&registry, restored, LIBMPI_NUL, told, &error));
  is_sound(registry, 6);
  MUST(libmpi_registry_close(&registry, &error));
  libmpi_options_free(&told);
  libmpi_attribution_free(&by);
}

/* ---- Wrong arguments ---- */

static void refuses(void) {
  libmpi_identifier *key = identifier("H001", "1");
  libmpi_record *record = NULL;
  libmpi_options *told = NULL;
  libmpi_answer *answer = NULL;
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_record_new(NULL, key, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_record_new(&record, (const libmpi_identifier *)(const void *)&failures, &error));
  MUST(libmpi_record_new(&record, key, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_record_add(record, 999, "x", 1, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_record_add(record, LIBMPI_FIELD_NAME, NULL, 1, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_record_add(record, LIBMPI_FIELD_NAME, NULL, LIBMPI_NUL, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_record_add(record, LIBMPI_FIELD_NAME, "\xFF\xFE", 2, &error));
  MUST(libmpi_record_add(record, LIBMPI_FIELD_NAME, NULL, 0, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT,
          libmpi_registry_put(&answer, NULL, record, (const libmpi_attribution *)(const void *)record, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_standardize(&answer, (const libmpi_record *)(const void *)key, NULL, &error));
  libmpi_record_free(&record);
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_record_from_json(&record, "{\"source\": 1}", LIBMPI_NUL, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_record_from_json(&record, "{", LIBMPI_NUL, &error));
  MUST(libmpi_record_from_json(
      &record, "{\"source\": \"H001\", \"record_id\": \"1\", \"name\": \"山田 花子\", \"birth\": \"1980-01-02\"}", LIBMPI_NUL,
      &error));
  libmpi_record_free(&record);
  MUST(libmpi_options_new(&told, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_options_set(told, "thread", LIBMPI_NUL, "1", LIBMPI_NUL, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_options_set(told, "threads", LIBMPI_NUL, "-1", LIBMPI_NUL, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_options_set(told, "population", LIBMPI_NUL, "nan", LIBMPI_NUL, &error));
  REFUSED(LIBMPI_INVALID_ARGUMENT, libmpi_options_set(told, "today", LIBMPI_NUL, "2026-02-30", LIBMPI_NUL, &error));
  libmpi_options_free(&told);
  libmpi_identifier_free(&key);
  CHECK(libmpi_error_code(NULL) == LIBMPI_OK && strcmp(libmpi_error_message(NULL), "") == 0);
  CHECK(libmpi_answer_size(NULL, LIBMPI_LIST_MAIN) == 0);
  libmpi_error_free(NULL);
  libmpi_answer_free(NULL);
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  CHECK(libmpi_abi_version() == LIBMPI_ABI_VERSION);
  CHECK(strlen(libmpi_version_string()) > 0);
  standardizes_and_compares();
  links_a_batch();
  refuses();
  if (strcmp(argv[1], "-") != 0) lives(argv[1]);
  if (failures == 0) puts("a whole life: ok");
  return failures != 0;
}
