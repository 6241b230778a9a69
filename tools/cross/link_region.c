// SPDX-License-Identifier: Apache-2.0
// Links the records of an NDJSON file by the C API and writes all that it says into a folder, numbers to the last bit.
//   link_region RECORDS FOLDER THREADS [N: explain every Nth link]
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
static void write_json(const char *folder, const char *name, const libmpi_answer *a) {
  const char *json; size_t size; char path[4096];
  must(libmpi_answer_json(&json, &size, a, &error), "json");
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "w"); fwrite(json, 1, size, f); fputc('\n', f); fclose(f);
}
int main(int argc, char **argv) {
  if (argc < 4) return 2;
  size_t count = 0, room = 1 << 16, capacity = 0; ssize_t n; char *line = NULL;
  libmpi_record **records = malloc(room * sizeof *records);
  FILE *in = fopen(argv[1], "r");
  while ((n = getline(&line, &capacity, in)) > 0) {
    must(libmpi_record_from_json(&records[count], line, (size_t)n, &error), "record"); ++count;
  }
  uint32_t *clusters = malloc(count * sizeof *clusters);
  libmpi_options *options; libmpi_model *model; libmpi_answer *answer, *text;
  must(libmpi_options_new(&options, &error), "options");
  must(libmpi_options_set(options, "today", LIBMPI_NUL, "2026-11-24", LIBMPI_NUL, &error), "today");
  must(libmpi_options_set(options, "threads", LIBMPI_NUL, argv[3], LIBMPI_NUL, &error), "threads");
  must(libmpi_dedupe(clusters, &answer, &model, (const libmpi_record *const *)records, count, NULL, options, &error), "dedupe");
  char path[4096]; snprintf(path, sizeof path, "%s/clusters.txt", argv[2]);
  FILE *f = fopen(path, "w"); for (size_t i = 0; i < count; ++i) fprintf(f, "%u\n", clusters[i]); fclose(f);
  // Every weight and probability to the last bit.
  snprintf(path, sizeof path, "%s/weights.txt", argv[2]); f = fopen(path, "w");
  for (libmpi_list list = LIBMPI_LIST_LINKS; list <= LIBMPI_LIST_REVIEW; list += LIBMPI_LIST_REVIEW - LIBMPI_LIST_LINKS)
    for (size_t i = 0; i < libmpi_answer_size(answer, list); ++i) {
      double w, p; must(libmpi_answer_number(&w, answer, list, i, LIBMPI_COLUMN_WEIGHT, &error), "w");
      must(libmpi_answer_number(&p, answer, list, i, LIBMPI_COLUMN_PROBABILITY, &error), "p");
      fprintf(f, "%a %a\n", w, p);
    }
  fclose(f);
  write_json(argv[2], "answer.json", answer);
  must(libmpi_model_json(&text, model, 0, &error), "model"); write_json(argv[2], "model.json", text);
  if (argc > 4) {  // every Nth link explained
    libmpi_comparer *comparer; must(libmpi_comparer_new(&comparer, model, options, &error), "comparer");
    snprintf(path, sizeof path, "%s/explained.txt", argv[2]); f = fopen(path, "w");
    for (size_t i = 0; i < libmpi_answer_size(answer, LIBMPI_LIST_LINKS); i += (size_t)atoi(argv[4])) {
      int64_t a, b; const char *json; size_t size; libmpi_answer *why;
      must(libmpi_answer_integer(&a, answer, LIBMPI_LIST_LINKS, i, LIBMPI_COLUMN_A, &error), "a");
      must(libmpi_answer_integer(&b, answer, LIBMPI_LIST_LINKS, i, LIBMPI_COLUMN_B, &error), "b");
      must(libmpi_compare(&why, comparer, records[a], records[b], &error), "compare");
      must(libmpi_answer_json(&json, &size, why, &error), "json"); fprintf(f, "%.*s\n", (int)size, json);
      libmpi_answer_free(&why);
    }
    fclose(f);
  }
  printf("%zu records\n", count);
  return 0;
}
