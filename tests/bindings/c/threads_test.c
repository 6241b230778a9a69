/* SPDX-License-Identifier: Apache-2.0
 * A host with threads of its own: writers, readers and a batch at once, on one registry, one comparer, one model.
 * Run by the sanitizers too (tools/check --sanitize).
 *   threads_test FOLDER */
#include <nayose.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kWriters = 4, kReaders = 4, kPatients = 60, kRounds = 3 };

static atomic_int failures, done_writers;

/* What must succeed; each thread has an error of its own. */
static void must(libmpi_code code, libmpi_error **error, int line) {
  if (code == LIBMPI_OK) return;
  fprintf(stderr, "line %d: code %d: %s\n", line, (int)code, libmpi_error_message(*error));
  libmpi_error_free(error);
  atomic_fetch_add(&failures, 1);
}
#define MUST(call) must((call), &error, __LINE__)

struct host {
  libmpi_registry *registry;
  libmpi_comparer *comparer;
  libmpi_model *model;
  libmpi_attribution *by;
};

struct worker {
  const struct host *host;
  int number;
};

static libmpi_record *patient(const char *source, int number, int round) {
  static const char *const kFamilies[] = {"佐藤", "鈴木", "高橋", "渡辺", "山崎"};
  static const char *const kFamilyKana[] = {"サトウ", "スズキ", "タカハシ", "ワタナベ", "ヤマザキ"};
  static const char *const kGiven[] = {"太郎", "花子", "一郎", "恵子"};
  static const char *const kGivenKana[] = {"タロウ", "ハナコ", "イチロウ", "ケイコ"};
  char text[64];
  libmpi_identifier *key = NULL;
  libmpi_record *record = NULL;
  libmpi_error *error = NULL;
  snprintf(text, sizeof text, "%d", number);
  MUST(libmpi_identifier_new(&key, source, LIBMPI_NUL, text, LIBMPI_NUL, 0, &error));
  MUST(libmpi_record_new(&record, key, &error));
  MUST(libmpi_record_add(record, LIBMPI_FIELD_FAMILY, kFamilies[number % 5], LIBMPI_NUL, &error));
  MUST(libmpi_record_add(record, LIBMPI_FIELD_GIVEN, kGiven[number % 4], LIBMPI_NUL, &error));
  MUST(libmpi_record_add(record, LIBMPI_FIELD_FAMILY_KANA, kFamilyKana[number % 5], LIBMPI_NUL, &error));
  MUST(libmpi_record_add(record, LIBMPI_FIELD_GIVEN_KANA, kGivenKana[number % 4], LIBMPI_NUL, &error));
  snprintf(text, sizeof text, "19%02d-%02d-%02d", 30 + number % 60, 1 + number % 12, 1 + number % 28);
  MUST(libmpi_record_add(record, LIBMPI_FIELD_BIRTH, text, LIBMPI_NUL, &error));
  snprintf(text, sizeof text, "022%07d", 1000000 + 7919 * number);
  MUST(libmpi_record_add(record, LIBMPI_FIELD_PHONE, text, LIBMPI_NUL, &error));
  snprintf(text, sizeof text, "9%d0-%04d", round, number);
  MUST(libmpi_record_add(record, LIBMPI_FIELD_POSTAL_CODE, text, LIBMPI_NUL, &error));
  libmpi_identifier_free(&key);
  return record;
}

/* Each writer is a facility that puts all patients, and revises them. */
static void *write_records(void *argument) {
  const struct worker *me = argument;
  char source[16];
  libmpi_error *error = NULL;
  int round, i;
  snprintf(source, sizeof source, "W%03d", me->number);
  for (round = 0; round < kRounds; ++round)
    for (i = 0; i < kPatients; ++i) {
      libmpi_record *record = patient(source, i, round);
      MUST(libmpi_registry_put(NULL, me->host->registry, record, me->host->by, &error));
      libmpi_record_free(&record);
    }
  atomic_fetch_add(&done_writers, 1);
  return NULL;
}

static void *read_records(void *argument) {
  const struct worker *me = argument;
  int i = me->number;
  while (atomic_load(&done_writers) < kWriters) {
    libmpi_record *record = patient("R", i++ % kPatients, 0);
    libmpi_identifier *key = NULL;
    libmpi_answer *answer = NULL;
    libmpi_error *error = NULL;
    const char *json = NULL;
    size_t size = 0;
    char value[16];
    libmpi_code code;
    MUST(libmpi_registry_search(&answer, me->host->registry, record, 5, &error));
    MUST(libmpi_answer_json(&json, &size, answer, &error));
    libmpi_answer_free(&answer);
    MUST(libmpi_compare(&answer, me->host->comparer, record, record, &error));
    libmpi_answer_free(&answer);
    MUST(libmpi_registry_history(&answer, me->host->registry, (uint64_t)i, 10, &error));
    libmpi_answer_free(&answer);
    snprintf(value, sizeof value, "%d", i % kPatients);
    MUST(libmpi_identifier_new(&key, "W000", LIBMPI_NUL, value, LIBMPI_NUL, 0, &error));
    /* Whoever is not there yet is not found; any other failure is one. */
    code = libmpi_registry_find(&answer, me->host->registry, key, NULL, 0, &error);
    if (code != LIBMPI_NOT_FOUND) must(code, &error, __LINE__);
    libmpi_error_free(&error);
    libmpi_answer_free(&answer);
    libmpi_identifier_free(&key);
    libmpi_record_free(&record);
  }
  return NULL;
}

/* Batches beside it, by the same model. */
static void *link_batch(void *argument) {
  const struct worker *me = argument;
  while (atomic_load(&done_writers) < kWriters) {
    libmpi_record *records[2 * kPatients];
    uint32_t clusters[2 * kPatients];
    libmpi_error *error = NULL;
    int i, wrong = 0;
    for (i = 0; i < kPatients; ++i) {
      records[i] = patient("A", i, 0);
      records[kPatients + i] = patient("B", i, 1);
    }
    MUST(libmpi_dedupe(clusters, NULL, NULL, (const libmpi_record *const *)records, 2 * kPatients, me->host->model,
                       NULL, &error));
    for (i = 0; i < kPatients; ++i) wrong += clusters[i] != clusters[kPatients + i];
    if (wrong > 0) {
      fprintf(stderr, "%d patients were not linked\n", wrong);
      atomic_fetch_add(&failures, 1);
    }
    for (i = 0; i < 2 * kPatients; ++i) libmpi_record_free(&records[i]);
  }
  return NULL;
}

static void start(pthread_t *thread, void *(*run)(void *), struct worker *worker) {
  if (pthread_create(thread, NULL, run, worker) != 0) exit(3);
}

int main(int argc, char **argv) {
  struct host host = {0};
  struct worker workers[kWriters + kReaders + 1];
  pthread_t threads[kWriters + kReaders + 1];
  libmpi_answer *answer = NULL;
  libmpi_error *error = NULL;
  double records = 0;
  int i;
  if (argc != 2) return 2;
  MUST(libmpi_model_default(&host.model, &error));
  MUST(libmpi_comparer_new(&host.comparer, host.model, NULL, &error));
  MUST(libmpi_attribution_new(&host.by, "threads-test", LIBMPI_NUL, NULL, 0, &error));
  MUST(libmpi_registry_create(&host.registry, argv[1], LIBMPI_NUL, host.model, NULL, &error));
  if (failures > 0) return 1;
  for (i = 0; i <= kWriters + kReaders; ++i) {
    workers[i].host = &host;
    workers[i].number = i < kWriters ? i : i - kWriters;
    start(&threads[i], i < kWriters ? write_records : i < kWriters + kReaders ? read_records : link_batch, &workers[i]);
  }
  for (i = 0; i <= kWriters + kReaders; ++i) pthread_join(threads[i], NULL);
  MUST(libmpi_registry_verify(&answer, host.registry, NULL, &error));
  if (libmpi_answer_size(answer, LIBMPI_LIST_MAIN) != 0) atomic_fetch_add(&failures, 1);
  libmpi_answer_free(&answer);
  MUST(libmpi_registry_stats(&answer, host.registry, &error));
  MUST(libmpi_answer_number(&records, answer, LIBMPI_LIST_COUNTS, 0, LIBMPI_COLUMN_VALUE, &error));
  if (records != kWriters * kPatients) atomic_fetch_add(&failures, 1);
  libmpi_answer_free(&answer);
  MUST(libmpi_registry_close(&host.registry, &error));
  libmpi_comparer_free(&host.comparer);
  libmpi_model_free(&host.model);
  libmpi_attribution_free(&host.by);
  if (failures == 0) puts("a host's own threads: ok");
  return failures != 0;
}
