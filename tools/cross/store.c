// SPDX-License-Identifier: Apache-2.0
// A registry by the C API: makes one of many records, puts records one by one, or writes down all that it answers.
//   store create FOLDER RECORDS | store put FOLDER RECORDS | store dump FOLDER OUTPUT
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "nayose.h"
static libmpi_error *error;
static void must(libmpi_code code, const char *what) {
  if (code == LIBMPI_OK) return;
  fprintf(stderr, "%s: %d %s\n", what, code, libmpi_error_message(error));
  exit(1);
}
static void put_json(FILE *f, libmpi_answer *a) {
  const char *json; size_t size; must(libmpi_answer_json(&json, &size, a, &error), "json");
  fprintf(f, "%.*s\n", (int)size, json);
}
struct dump { FILE *f; libmpi_registry *r; size_t n; };
static int32_t visit(void *payload, const libmpi_answer *record) {
  struct dump *d = payload; put_json(d->f, (libmpi_answer *)record);
  const char *s, *v; size_t ss, vs; libmpi_identifier *id; libmpi_answer *a;
  must(libmpi_answer_text(&s, &ss, record, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_SOURCE, &error), "s");
  must(libmpi_answer_text(&v, &vs, record, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_RECORD_ID, &error), "v");
  must(libmpi_identifier_new(&id, s, ss, v, vs, 0, &error), "id");
  libmpi_code code = libmpi_registry_find(&a, d->r, id, NULL, 0, &error);
  if (code == LIBMPI_OK) { put_json(d->f, a); libmpi_answer_free(&a); } else { fprintf(d->f, "code %d\n", code); libmpi_error_free(&error); }
  libmpi_identifier_free(&id); ++d->n;
  return 1;
}
int main(int argc, char **argv) {
  if (argc < 4) return 2;
  libmpi_registry *r; libmpi_answer *a; libmpi_options *o; libmpi_attribution *by;
  must(libmpi_options_new(&o, &error), "options");
  must(libmpi_attribution_new(&by, "test", LIBMPI_NUL, "", LIBMPI_NUL, &error), "by");
  if (!strcmp(argv[1], "create")) must(libmpi_registry_create(&r, argv[2], LIBMPI_NUL, NULL, o, &error), "create");
  else must(libmpi_registry_open(&r, argv[2], LIBMPI_NUL, o, &error), "open");
  if (!strcmp(argv[1], "dump")) {
    struct dump d = {fopen(argv[3], "w"), r, 0};
    must(libmpi_registry_scan(r, visit, &d, &error), "scan");
    must(libmpi_registry_review(&a, r, 100000, &error), "review"); put_json(d.f, a);
    must(libmpi_registry_history(&a, r, 1, 100000, &error), "history"); put_json(d.f, a);
    must(libmpi_registry_held(&a, r, 100000, &error), "held"); put_json(d.f, a);
    must(libmpi_registry_decisions(&a, r, &error), "decisions"); put_json(d.f, a);
    fclose(d.f); printf("%zu records\n", d.n);
  } else {
    size_t count = 0, capacity = 0; ssize_t n; char *line = NULL;
    libmpi_record **records = malloc((1 << 16) * sizeof *records);
    FILE *in = fopen(argv[3], "r");
    while ((n = getline(&line, &capacity, in)) > 0) must(libmpi_record_from_json(&records[count++], line, (size_t)n, &error), "record");
    if (!strcmp(argv[1], "create")) {
      must(libmpi_registry_load(&a, r, (const libmpi_record *const *)records, count, o, by, &error), "load"); put_json(stdout, a);
    } else for (size_t i = 0; i < count; ++i) { must(libmpi_registry_put(&a, r, records[i], by, &error), "put"); put_json(stdout, a); libmpi_answer_free(&a); }
  }
  must(libmpi_registry_close(&r, &error), "close");
  return 0;
}
