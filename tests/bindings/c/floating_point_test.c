/* SPDX-License-Identifier: Apache-2.0
 * A caller whose floating point traps and rounds upwards, as Pascal's may: the library answers as ever, and the
 * caller finds his own state again. */
#define _GNU_SOURCE /* feenableexcept */
#include <nayose.h>

#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

static libmpi_comparer *comparer;
static libmpi_record *a, *b;

static void must(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "%s\n", what);
  exit(1);
}

static libmpi_record *record(const char *json) {
  libmpi_record *out = NULL;
  must(libmpi_record_from_json(&out, json, LIBMPI_NUL, NULL) == LIBMPI_OK, "a record is read");
  return out;
}

/* The explanation of the pair: all its numbers in full. */
static libmpi_answer *explanation(void) {
  libmpi_answer *answer = NULL;
  must(libmpi_compare(&answer, comparer, a, b, NULL) == LIBMPI_OK, "the two are compared");
  return answer;
}

static void must_be_same(libmpi_answer *usual, libmpi_answer *other, const char *what) {
  const char *x = NULL, *y = NULL;
  fesetenv(FE_DFL_ENV);
  must(libmpi_answer_json(&x, NULL, usual, NULL) == LIBMPI_OK && libmpi_answer_json(&y, NULL, other, NULL) == LIBMPI_OK,
       "answers are read");
  must(strcmp(x, y) == 0, what);
  libmpi_answer_free(&other);
}

int main(void) {
  libmpi_model *model = NULL;
  libmpi_answer *usual, *other;
  int traps;
  must(libmpi_model_default(&model, NULL) == LIBMPI_OK, "there is a model");
  must(libmpi_comparer_new(&comparer, model, NULL, NULL) == LIBMPI_OK, "there is a comparer");
  /* A name whose readings have the probability 0. */
  a = record("{\"source\": \"H001\", \"record_id\": \"1\", \"name\": \"竹松 さた子\", \"birth\": \"S55.1.2\"}");
  b = record("{\"source\": \"C001\", \"record_id\": \"7\", \"name\": \"竹末 さたこ\", \"birth\": \"1980-01-03\"}");
  usual = explanation();

  feclearexcept(FE_ALL_EXCEPT);
  feenableexcept(FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW);
  fesetround(FE_UPWARD);
  traps = fegetexcept(); /* none, where the processor has no traps */
  other = explanation();
  must(fegetround() == FE_UPWARD && fegetexcept() == traps, "the caller's state is there again");
  must_be_same(usual, other, "traps and rounding change nothing");
#if defined(__x86_64__)
  /* As Delphi has it: of the newer unit alone, which the C library does not ask. */
  _mm_setcsr(0x4000);
  other = explanation();
  must((_mm_getcsr() & ~0x3Fu) == 0x4000, "the caller's state is there again, of SSE");
  must_be_same(usual, other, "nor do those of SSE");
#endif
  libmpi_answer_free(&usual);
  libmpi_record_free(&a);
  libmpi_record_free(&b);
  libmpi_comparer_free(&comparer);
  libmpi_model_free(&model);
  puts("floating point: ok");
  return 0;
}
