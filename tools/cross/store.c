// SPDX-License-Identifier: Apache-2.0
// A registry by the C API: makes one of many records, puts records one by one, or writes down all that it answers.
//   store create FOLDER RECORDS | store put FOLDER RECORDS | store dump FOLDER OUTPUT
// RECORDS: a line of JSON each, 65,536 at most.
#define _GNU_SOURCE  // getline
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nayose.h"

enum { kMostRecords = 65536, kAll = 100000 };

static libmpi_error *error;

static void must(libmpi_code code, const char *what) {
  if (code == LIBMPI_OK) return;
  fprintf(stderr, "%s: %d %s\n", what, (int)code, libmpi_error_message(error));
  exit(1);
}

static void write_json(FILE *file, const libmpi_answer *answer) {
  const char *json;
  must(libmpi_answer_json(&json, NULL, answer, &error), "json");
  fprintf(file, "%s\n", json);
}

static void write_answer(FILE *file, libmpi_answer *answer) {
  write_json(file, answer);
  libmpi_answer_free(&answer);
}

struct dump {
  FILE *file;
  libmpi_registry *registry;
};

// A record, and whose it is.
static int32_t write_record(void *payload, const libmpi_answer *record) {
  const struct dump *dump = payload;
  const char *source, *value;
  size_t source_size, value_size;
  libmpi_identifier *identifier;
  libmpi_answer *person;
  write_json(dump->file, record);
  must(libmpi_answer_text(&source, &source_size, record, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_SOURCE, &error), "source");
  must(libmpi_answer_text(&value, &value_size, record, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_RECORD_ID, &error), "value");
  must(libmpi_identifier_new(&identifier, source, source_size, value, value_size, 0, &error), "identifier");
  const libmpi_code code = libmpi_registry_find(&person, dump->registry, identifier, NULL, 0, &error);
  if (code == LIBMPI_OK) write_answer(dump->file, person);
  else fprintf(dump->file, "code %d\n", (int)code);  // retired
  libmpi_error_free(&error);
  libmpi_identifier_free(&identifier);
  return 1;
}

static void dump(libmpi_registry *registry, FILE *file) {
  struct dump to = {file, registry};
  libmpi_answer *answer;
  must(libmpi_registry_scan(registry, write_record, &to, &error), "scan");
  must(libmpi_registry_review(&answer, registry, kAll, &error), "review");
  write_answer(file, answer);
  must(libmpi_registry_history(&answer, registry, 1, kAll, &error), "history");
  write_answer(file, answer);
  must(libmpi_registry_held(&answer, registry, kAll, &error), "held");
  write_answer(file, answer);
  must(libmpi_registry_decisions(&answer, registry, &error), "decisions");
  write_answer(file, answer);
}

static size_t read_records(FILE *file, libmpi_record **records) {
  size_t count = 0, capacity = 0;
  char *line = NULL;
  ssize_t size;
  while (count < kMostRecords && (size = getline(&line, &capacity, file)) > 0)
    must(libmpi_record_from_json(&records[count++], line, (size_t)size, &error), "record");
  free(line);
  return count;
}

// What the registry answers goes to stdout.
static void take(libmpi_registry *registry, FILE *file, int at_once) {
  static libmpi_record *records[kMostRecords];
  const size_t count = read_records(file, records);
  libmpi_attribution *by;
  libmpi_answer *answer;
  must(libmpi_attribution_new(&by, "test", LIBMPI_NUL, "", LIBMPI_NUL, &error), "by");
  if (at_once) {
    must(libmpi_registry_load(&answer, registry, (const libmpi_record *const *)records, count, NULL, by, &error),
         "load");
    write_answer(stdout, answer);
  }
  for (size_t i = 0; i < count; ++i) {
    if (!at_once) {
      must(libmpi_registry_put(&answer, registry, records[i], by, &error), "put");
      write_answer(stdout, answer);
    }
    libmpi_record_free(&records[i]);
  }
  libmpi_attribution_free(&by);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  const int creates = strcmp(argv[1], "create") == 0, dumps = strcmp(argv[1], "dump") == 0;
  libmpi_registry *registry;
  FILE *file = fopen(argv[3], dumps ? "w" : "r");
  if (file == NULL) return 2;
  if (creates) must(libmpi_registry_create(&registry, argv[2], LIBMPI_NUL, NULL, NULL, &error), "create");
  else must(libmpi_registry_open(&registry, argv[2], LIBMPI_NUL, NULL, &error), "open");
  if (dumps) dump(registry, file);
  else take(registry, file, creates);
  must(libmpi_registry_close(&registry, &error), "close");
  return fclose(file) != 0;
}
