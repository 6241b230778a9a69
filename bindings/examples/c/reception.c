/* SPDX-License-Identifier: Apache-2.0
 * A reception desk: whom might this be, register, under which numbers is the patient known elsewhere.
 *   reception FOLDER */
#include <nayose.h>

#include <stdio.h>
#include <stdlib.h>

static libmpi_error *error = NULL;

/* Ends the program where a call failed; else gives back nothing that must be freed. */
static void must(libmpi_code code) {
  if (code == LIBMPI_OK) return;
  fprintf(stderr, "error %d: %s\n", (int)code, libmpi_error_message(error));
  libmpi_error_free(&error);
  exit(1);
}

/* Belongs to the answer: not freed, and not used after the answer is. */
static const char *text(const libmpi_answer *answer, size_t row, libmpi_column column) {
  const char *out = NULL;
  must(libmpi_answer_text(&out, NULL, answer, LIBMPI_LIST_MAIN, row, column, &error));
  return out == NULL ? "" : out;
}

static libmpi_registry *open_registry(const char *folder) {
  libmpi_registry *registry = NULL;
  libmpi_options *options = NULL;
  must(libmpi_options_new(&options, &error));
  must(libmpi_options_set(options, "create", LIBMPI_NUL, "1", LIBMPI_NUL, &error));
  must(libmpi_registry_open(&registry, folder, LIBMPI_NUL, options, &error));
  libmpi_options_free(&options);
  return registry;
}

static libmpi_identifier *identifier(const char *source, const char *value) {
  libmpi_identifier *out = NULL;
  must(libmpi_identifier_new(&out, source, LIBMPI_NUL, value, LIBMPI_NUL, 0, &error));
  return out;
}

static void receive(libmpi_registry *registry, const libmpi_attribution *by, const char *source, const char *value,
                    const char *name, const char *kana, const char *birth, const char *phone) {
  libmpi_identifier *key = identifier(source, value);
  libmpi_record *patient = NULL;
  libmpi_answer *answer = NULL;
  size_t row;
  must(libmpi_record_new(&patient, key, &error));
  must(libmpi_record_add(patient, LIBMPI_FIELD_NAME, name, LIBMPI_NUL, &error));
  must(libmpi_record_add(patient, LIBMPI_FIELD_KANA, kana, LIBMPI_NUL, &error));
  must(libmpi_record_add(patient, LIBMPI_FIELD_BIRTH, birth, LIBMPI_NUL, &error));
  must(libmpi_record_add(patient, LIBMPI_FIELD_PHONE, phone, LIBMPI_NUL, &error));

  must(libmpi_registry_search(&answer, registry, patient, 5, &error));
  for (row = 0; row < libmpi_answer_size(answer, LIBMPI_LIST_MAIN); ++row)
    printf("%s:%s is like %s:%s: %s\n", source, value, text(answer, row, LIBMPI_COLUMN_SOURCE),
           text(answer, row, LIBMPI_COLUMN_RECORD_ID), text(answer, row, LIBMPI_COLUMN_GRADE));
  libmpi_answer_free(&answer);

  must(libmpi_registry_put(&answer, registry, patient, by, &error));
  printf("%s:%s %s\n", source, value, text(answer, 0, LIBMPI_COLUMN_OUTCOME));
  libmpi_answer_free(&answer);
  libmpi_record_free(&patient);
  libmpi_identifier_free(&key);
}

static void print_identifiers(const libmpi_registry *registry, const char *source, const char *value) {
  libmpi_identifier *key = identifier(source, value);
  libmpi_answer *answer = NULL;
  size_t row;
  if (libmpi_registry_find(&answer, registry, key, NULL, 0, &error) != LIBMPI_OK) {
    printf("error %d: %s\n", (int)libmpi_error_code(error), libmpi_error_message(error));
    libmpi_error_free(&error);
  }
  for (row = 0; row < libmpi_answer_size(answer, LIBMPI_LIST_MAIN); ++row)
    printf("%s:%s\n", text(answer, row, LIBMPI_COLUMN_SOURCE), text(answer, row, LIBMPI_COLUMN_RECORD_ID));
  libmpi_answer_free(&answer);
  libmpi_identifier_free(&key);
}

int main(int argc, char **argv) {
  libmpi_registry *registry;
  libmpi_attribution *by = NULL;
  if (argc != 2) return 2;
  registry = open_registry(argv[1]);
  must(libmpi_attribution_new(&by, "reception", LIBMPI_NUL, "", LIBMPI_NUL, &error));
  receive(registry, by, "H001", "1", "渡邊 太郎", "ワタナベ タロウ", "1980-01-02", "022-123-4567");
  receive(registry, by, "C001", "7", "渡辺太郎", "ﾜﾀﾅﾍﾞ ﾀﾛｳ", "S55.1.2", "0221234567");
  print_identifiers(registry, "H001", "1");
  print_identifiers(registry, "H001", "2"); /* never registered */
  libmpi_attribution_free(&by);
  must(libmpi_registry_close(&registry, &error));
  return 0;
}
