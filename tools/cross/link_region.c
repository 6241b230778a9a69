// SPDX-License-Identifier: Apache-2.0
// Links the records of an NDJSON file by the C API and writes all that it says into a folder, numbers to the last bit.
//   link_region RECORDS FOLDER THREADS N
// Every Nth link is explained. RECORDS: 65,536 lines at most.
#define _GNU_SOURCE  // getline
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nayose.h"

enum { kMostRecords = 65536 };

static libmpi_error *error;
static libmpi_record *records[kMostRecords];
static uint32_t clusters[kMostRecords];

static void must(libmpi_code code, const char *what) {
  if (code == LIBMPI_OK) return;
  fprintf(stderr, "%s: %d %s\n", what, (int)code, libmpi_error_message(error));
  exit(1);
}

static FILE *open_in(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  if (file == NULL) exit(2);
  return file;
}

static void write_answer(FILE *file, libmpi_answer *answer) {
  const char *json;
  must(libmpi_answer_json(&json, NULL, answer, &error), "json");
  fprintf(file, "%s\n", json);
}

static size_t read_records(const char *path) {
  size_t count = 0, capacity = 0;
  char *line = NULL;
  ssize_t size;
  FILE *file = fopen(path, "r");
  if (file == NULL) exit(2);
  while (count < kMostRecords && (size = getline(&line, &capacity, file)) > 0)
    must(libmpi_record_from_json(&records[count++], line, (size_t)size, &error), "record");
  free(line);
  fclose(file);
  return count;
}

static void write_weights(FILE *file, const libmpi_answer *answer, libmpi_list list) {
  for (size_t row = 0; row < libmpi_answer_size(answer, list); ++row) {
    double weight, probability;
    must(libmpi_answer_number(&weight, answer, list, row, LIBMPI_COLUMN_WEIGHT, &error), "weight");
    must(libmpi_answer_number(&probability, answer, list, row, LIBMPI_COLUMN_PROBABILITY, &error), "probability");
    fprintf(file, "%a %a\n", weight, probability);
  }
}

static void explain(FILE *file, const libmpi_answer *answer, const libmpi_model *model, const libmpi_options *options,
                    size_t every) {
  libmpi_comparer *comparer;
  must(libmpi_comparer_new(&comparer, model, options, &error), "comparer");
  for (size_t row = 0; row < libmpi_answer_size(answer, LIBMPI_LIST_LINKS); row += every) {
    int64_t a, b;
    libmpi_answer *why;
    must(libmpi_answer_integer(&a, answer, LIBMPI_LIST_LINKS, row, LIBMPI_COLUMN_A, &error), "a");
    must(libmpi_answer_integer(&b, answer, LIBMPI_LIST_LINKS, row, LIBMPI_COLUMN_B, &error), "b");
    must(libmpi_compare(&why, comparer, records[a], records[b], &error), "compare");
    write_answer(file, why);
    libmpi_answer_free(&why);
  }
  libmpi_comparer_free(&comparer);
}

int main(int argc, char **argv) {
  if (argc != 5 || atoi(argv[4]) < 1) return 2;
  const size_t count = read_records(argv[1]);
  libmpi_options *options;
  libmpi_model *model;
  libmpi_answer *answer, *model_text;
  must(libmpi_options_new(&options, &error), "options");
  must(libmpi_options_set(options, "today", LIBMPI_NUL, "2026-11-24", LIBMPI_NUL, &error), "today");
  must(libmpi_options_set(options, "threads", LIBMPI_NUL, argv[3], LIBMPI_NUL, &error), "threads");
  must(libmpi_dedupe(clusters, &answer, &model, (const libmpi_record *const *)records, count, NULL, options, &error),
       "dedupe");
  must(libmpi_model_json(&model_text, model, 0, &error), "model");

  FILE *file = open_in(argv[2], "clusters.txt");
  for (size_t i = 0; i < count; ++i) fprintf(file, "%u\n", (unsigned)clusters[i]);
  fclose(file);
  file = open_in(argv[2], "weights.txt");
  write_weights(file, answer, LIBMPI_LIST_LINKS);
  write_weights(file, answer, LIBMPI_LIST_REVIEW);
  fclose(file);
  file = open_in(argv[2], "answer.json");
  write_answer(file, answer);
  fclose(file);
  file = open_in(argv[2], "model.json");
  write_answer(file, model_text);
  fclose(file);
  file = open_in(argv[2], "explained.txt");
  explain(file, answer, model, options, (size_t)atoi(argv[4]));
  fclose(file);
  printf("%zu records\n", count);
  return 0;
}
