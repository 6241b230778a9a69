/* SPDX-License-Identifier: Apache-2.0
 * A network's registry through the C API alone: facilities, consent, who is told what, who looked.
 *   network_test FOLDER
 * FOLDER is made, and must not be there. */
#include <nayose.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY "5f1d9a03c47be2688e0b3d7215fa96c4d8e13b7f02a6594cb7e80d1f6a239c5e"

static int failures = 0;
static libmpi_error *error = NULL;

#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      ++failures;                                                     \
    }                                                                 \
  } while (0)

static void must(libmpi_code code, int line) {
  if (code == LIBMPI_OK) return;
  fprintf(stderr, "line %d: code %d: %s\n", line, (int)code, libmpi_error_message(error));
  exit(1);
}
#define MUST(call) must((call), __LINE__)

static void gives(libmpi_code code, libmpi_code wanted, int line) {
  if (code != wanted) {
    fprintf(stderr, "line %d: code %d instead of %d: %s\n", line, (int)code, (int)wanted, libmpi_error_message(error));
    ++failures;
  }
  libmpi_error_free(&error);
}
#define GIVES(wanted, call) gives((call), (wanted), __LINE__)

static libmpi_registry *as(const libmpi_registry *registry, const char *who) {
  libmpi_registry *out = NULL;
  MUST(libmpi_registry_as(&out, registry, who, LIBMPI_NUL, &error));
  return out;
}

static libmpi_identifier *identifier(const char *source, const char *value) {
  libmpi_identifier *out = NULL;
  MUST(libmpi_identifier_new(&out, source, LIBMPI_NUL, value, LIBMPI_NUL, 0, &error));
  return out;
}

static libmpi_record *patient(const libmpi_identifier *key) {
  libmpi_record *out = NULL;
  MUST(libmpi_record_new(&out, key, &error));
  MUST(libmpi_record_add(out, LIBMPI_FIELD_NAME, "渡邊 太郎", LIBMPI_NUL, &error));
  MUST(libmpi_record_add(out, LIBMPI_FIELD_KANA, "ワタナベ タロウ", LIBMPI_NUL, &error));
  MUST(libmpi_record_add(out, LIBMPI_FIELD_BIRTH, "S55.1.2", LIBMPI_NUL, &error));
  MUST(libmpi_record_add(out, LIBMPI_FIELD_PHONE, "022-123-4567", LIBMPI_NUL, &error));
  return out;
}

/* Calls a verb that must succeed, and looks for a piece of its first row. */
static void call(libmpi_registry *registry, const char *verb, const char *json, const char *says, int line) {
  libmpi_answer *answer = NULL;
  const char *text = NULL;
  must(libmpi_network_call(&answer, registry, verb, LIBMPI_NUL, json, LIBMPI_NUL, &error), line);
  if (says != NULL) {
    must(libmpi_answer_text(&text, NULL, answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_JSON, &error), line);
    if (text == NULL || strstr(text, says) == NULL) {
      fprintf(stderr, "line %d: %s does not say %s: %s\n", line, verb, says, text == NULL ? "" : text);
      ++failures;
    }
  }
  libmpi_answer_free(&answer);
}
#define CALL(registry, verb, json, says) call((registry), (verb), (json), (says), __LINE__)

static size_t found(const libmpi_registry *registry, const libmpi_identifier *key) {
  libmpi_answer *answer = NULL;
  const libmpi_code code = libmpi_registry_find(&answer, registry, key, NULL, 0, &error);
  const size_t rows = libmpi_answer_size(answer, LIBMPI_LIST_MAIN);
  CHECK(code == LIBMPI_OK || code == LIBMPI_NOT_FOUND);
  libmpi_error_free(&error);
  libmpi_answer_free(&answer);
  return rows;
}

int main(int argc, char **argv) {
  libmpi_registry *own = NULL, *office, *hospital, *clinic, *doctor, *auditor, *nobody = NULL;
  libmpi_registry *desk, *requests, *research, *promoted = NULL;
  char standby[4096], second[4096], json[4200];
  libmpi_identifier *one = identifier("H001", "1"), *other = identifier("C001", "7"), *old = identifier("OLD", "8");
  libmpi_record *here = patient(one), *there = patient(other);
  libmpi_attribution *by = NULL;
  libmpi_answer *answer = NULL;
  if (argc != 2) return 2;
  MUST(libmpi_registry_create(&own, argv[1], LIBMPI_NUL, NULL, NULL, &error));
  MUST(libmpi_attribution_new(&by, "host", LIBMPI_NUL, NULL, 0, &error));

  GIVES(LIBMPI_INVALID_ARGUMENT, libmpi_registry_as(&nobody, own, "{}", LIBMPI_NUL, &error));
  GIVES(LIBMPI_INVALID_ARGUMENT, libmpi_registry_as(&nobody, own, "{\"profession\":\"nurse\"}", LIBMPI_NUL, &error));
  GIVES(LIBMPI_INVALID_ARGUMENT,
        libmpi_registry_as(&nobody, own, "{\"profession\":\"nurse\",\"purpose\":\"treatment\",\"x\":\"\"}", LIBMPI_NUL, &error));
  CHECK(nobody == NULL);
  office = as(own, "{\"actor\":\"op\",\"profession\":\"operator\",\"purpose\":\"operations\"}");
  auditor = as(own, "{\"actor\":\"au\",\"profession\":\"auditor\",\"purpose\":\"audit\"}");
  hospital = as(own, "{\"actor\":\"ehr\",\"facility\":\"hospital\",\"profession\":\"system\",\"purpose\":\"registration\"}");
  clinic = as(own, "{\"actor\":\"ehr\",\"facility\":\"clinic\",\"profession\":\"system\",\"purpose\":\"registration\"}");
  doctor = as(own, "{\"actor\":\"dr\",\"facility\":\"clinic\",\"profession\":\"physician\",\"purpose\":\"treatment\"}");

  GIVES(LIBMPI_PERMISSION_DENIED, libmpi_registry_put(NULL, hospital, here, by, &error));  /* nobody knows it yet */
  CALL(office, "put_facility", "{\"facility\":{\"name\":\"hospital\",\"authorities\":[\"H001\"]}}", NULL);
  CALL(office, "put_facility", "{\"facility\":{\"name\":\"clinic\",\"authorities\":[\"C001\"]}}", NULL);
  CALL(office, "facilities", "", "clinic");
  CALL(office, "rules", "", "opt_in");
  MUST(libmpi_registry_put(NULL, hospital, here, by, &error));
  MUST(libmpi_registry_put(&answer, clinic, there, by, &error));
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_LINKS) == 0);  /* whom it met is not the clinic's to know */
  libmpi_answer_free(&answer);
  GIVES(LIBMPI_PERMISSION_DENIED, libmpi_registry_put(NULL, clinic, here, by, &error));

  CHECK(found(own, other) == 2);
  CHECK(found(doctor, other) == 1);
  CHECK(found(doctor, one) == 0);
  CALL(hospital, "take_consent",
       "{\"identifier\":{\"source\":\"H001\",\"record_id\":\"1\"},\"statement\":{\"kind\":\"registered\",\"from\":\"2026-04-01\"}}",
       "registered");
  CHECK(found(doctor, one) == 2);
  CALL(doctor, "golden", "{\"identifier\":{\"source\":\"H001\",\"record_id\":\"1\"}}", "said_by");
  MUST(libmpi_registry_search(&answer, doctor, here, 5, &error));
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_MAIN) == 2);
  libmpi_answer_free(&answer);
  CALL(hospital, "take_consent",
       "{\"identifier\":{\"source\":\"H001\",\"record_id\":\"1\"},\"statement\":{\"kind\":\"withdrawn\",\"from\":\"2026-05-01\"}}",
       "withdrawn");
  CHECK(found(doctor, one) == 0);
  CALL(hospital, "consent", "{\"identifier\":{\"source\":\"H001\",\"record_id\":\"1\"}}", "withdrawn");
  CALL(office, "registrations", "", "\"persons\"");

  GIVES(LIBMPI_PERMISSION_DENIED, libmpi_registry_stats(&answer, doctor, &error));
  MUST(libmpi_registry_stats(&answer, office, &error));
  libmpi_answer_free(&answer);
  GIVES(LIBMPI_PERMISSION_DENIED, libmpi_registry_backup(doctor, "nowhere", LIBMPI_NUL, &error));
  GIVES(LIBMPI_FAILED_PRECONDITION, libmpi_network_call(&answer, own, "anchor", LIBMPI_NUL, NULL, 0, &error));
  GIVES(LIBMPI_INVALID_ARGUMENT, libmpi_network_call(&answer, office, "dance", LIBMPI_NUL, NULL, 0, &error));
  GIVES(LIBMPI_INVALID_ARGUMENT, libmpi_network_call(&answer, office, "consent", LIBMPI_NUL, "[", LIBMPI_NUL, &error));
  GIVES(LIBMPI_INVALID_ARGUMENT, libmpi_network_call(&answer, office, "consent", LIBMPI_NUL, "{}", LIBMPI_NUL, &error));

  CALL(auditor, "audit", "{\"from\":1,\"most\":1000}", "refused");
  CALL(auditor, "anchor", "", "nayose-audit");
  CALL(auditor, "verify_trail", "", "\"sound\":true");
  CALL(auditor, "usage", "", "count");

  /* What the office does. */
  desk = as(own, "{\"actor\":\"st\",\"profession\":\"steward\",\"purpose\":\"stewardship\"}");
  requests = as(own, "{\"actor\":\"op\",\"profession\":\"operator\",\"purpose\":\"patient_request\",\"reason\":\"letter 7\"}");
  research = as(own, "{\"actor\":\"re\",\"profession\":\"researcher\",\"purpose\":\"research\"}");
  CALL(office, "takeover",
       "{\"index\":\"OLD\",\"persons\":[{\"id\":\"9\",\"retired_ids\":[\"8\"],\"records\":[{\"source\":\"H001\",\"record_id\":\"1\"}]}]}",
       "\"ids\":2");
  CHECK(found(own, old) == 2);
  CALL(desk, "takeover_list", "{\"index\":\"OLD\"}", NULL);
  GIVES(LIBMPI_INVALID_ARGUMENT, libmpi_network_call(&answer, office, "takeover", LIBMPI_NUL, "{\"index\":\"OLD\",\"persons\":[{}]}", LIBMPI_NUL, &error));
  GIVES(LIBMPI_NOT_FOUND, libmpi_network_call(&answer, desk, "takeover_confirm", LIBMPI_NUL, "{\"index\":\"OLD\",\"a\":{\"source\":\"H001\",\"record_id\":\"1\"},\"b\":{\"source\":\"H001\",\"record_id\":\"2\"}}", LIBMPI_NUL, &error));
  GIVES(LIBMPI_INVALID_ARGUMENT, libmpi_network_call(&answer, research, "pseudonymize", LIBMPI_NUL, "{\"project\":\"p\",\"key\":\"password\"}", LIBMPI_NUL, &error));
  CALL(research, "pseudonymize", "{\"project\":\"p\",\"key\":\"" KEY "\"}", NULL);
  GIVES(LIBMPI_NOT_FOUND, libmpi_network_call(&answer, requests, "reidentify", LIBMPI_NUL, "{\"project\":\"p\",\"key\":\"" KEY "\",\"pseudonym\":\"00112233445566778899aabbccddeeff\"}", LIBMPI_NUL, &error));
  CALL(office, "monthly_report", "{\"month\":\"2026-11\"}", "persons");
  GIVES(LIBMPI_INVALID_ARGUMENT, libmpi_network_call(&answer, office, "monthly_report", LIBMPI_NUL, "{\"month\":\"November\"}", LIBMPI_NUL, &error));
  CALL(office, "thresholds", "{\"wrong_links\":0.01}", "not_enough");
  GIVES(LIBMPI_INVALID_ARGUMENT, libmpi_network_call(&answer, office, "thresholds", LIBMPI_NUL, "{\"wrong_links\":7}", LIBMPI_NUL, &error));
  snprintf(standby, sizeof(standby), "%s.other", argv[1]);
  snprintf(json, sizeof(json), "{\"registry\":\"%s\",\"name\":\"SOUTH\"}", standby);
  GIVES(LIBMPI_NOT_FOUND, libmpi_network_call(&answer, office, "absorb", LIBMPI_NUL, json, LIBMPI_NUL, &error));
  MUST(libmpi_registry_create(&promoted, standby, LIBMPI_NUL, NULL, NULL, &error));
  MUST(libmpi_registry_close(&promoted, &error));
  CALL(office, "absorb", json, "\"created\":0");
  CALL(office, "set_four_eyes", "{\"on\":true}", NULL);
  CALL(desk, "cases", "", NULL);
  CALL(desk, "judge", "{\"a\":{\"source\":\"H001\",\"record_id\":\"1\"},\"b\":{\"source\":\"C001\",\"record_id\":\"7\"},\"verdict\":\"same\"}", "proposed");
  CALL(desk, "note", "{\"a\":{\"source\":\"H001\",\"record_id\":\"1\"},\"b\":{\"source\":\"C001\",\"record_id\":\"7\"},\"text\":\"asked\"}", NULL);
  CALL(desk, "undo", "", "undone");
  GIVES(LIBMPI_PERMISSION_DENIED, libmpi_network_call(&answer, doctor, "cases", LIBMPI_NUL, "", 0, &error));
  GIVES(LIBMPI_INVALID_ARGUMENT, libmpi_network_call(&answer, desk, "judge", LIBMPI_NUL, "{\"a\":{\"source\":\"H001\",\"record_id\":\"1\"},\"verdict\":\"perhaps\"}", LIBMPI_NUL, &error));
  CALL(office, "set_four_eyes", "{\"on\":false}", NULL);
  CALL(office, "set_retention", "{\"retired_days\":1825}", NULL);
  CALL(office, "retention", "", "1825");
  CALL(office, "erase_due", "{\"dry_run\":true}", "\"records\":0");
  GIVES(LIBMPI_PERMISSION_DENIED, libmpi_network_call(&answer, doctor, "erase", LIBMPI_NUL, "{\"identifier\":{\"source\":\"H001\",\"record_id\":\"1\"}}", LIBMPI_NUL, &error));
  CALL(requests, "erase", "{\"identifier\":{\"source\":\"H001\",\"record_id\":\"1\"}}", "\"records\":1");

  /* A standby. */
  snprintf(standby, sizeof(standby), "%s.standby", argv[1]);
  snprintf(second, sizeof(second), "%s.second", argv[1]);
  GIVES(LIBMPI_NOT_FOUND, libmpi_standby_state(&answer, standby, LIBMPI_NUL, &error));
  GIVES(LIBMPI_PERMISSION_DENIED, libmpi_registry_start_standby(doctor, standby, LIBMPI_NUL, 1 << 20, &error));
  MUST(libmpi_registry_start_standby(office, standby, LIBMPI_NUL, 1 << 20, &error));
  MUST(libmpi_registry_put(NULL, hospital, here, by, &error));
  MUST(libmpi_standby_ship(&answer, argv[1], LIBMPI_NUL, standby, LIBMPI_NUL, &error));
  CHECK(libmpi_answer_size(answer, LIBMPI_LIST_COUNTS) == 4);
  libmpi_answer_free(&answer);
  MUST(libmpi_standby_apply(standby, LIBMPI_NUL, second, LIBMPI_NUL, &error));
  MUST(libmpi_standby_promote(&answer, standby, LIBMPI_NUL, second, LIBMPI_NUL, NULL, 0, 0, &error));
  libmpi_answer_free(&answer);
  GIVES(LIBMPI_FAILED_PRECONDITION, libmpi_standby_ship(&answer, argv[1], LIBMPI_NUL, standby, LIBMPI_NUL, &error));
  MUST(libmpi_registry_open(&promoted, second, LIBMPI_NUL, NULL, &error));
  CHECK(found(promoted, one) >= 1);
  MUST(libmpi_registry_close(&promoted, &error));

  /* The handle that opened it goes first: the others still serve. */
  MUST(libmpi_registry_close(&own, &error));
  CHECK(found(doctor, other) == 1);
  libmpi_registry_close(&office, NULL);
  libmpi_registry_close(&desk, NULL);
  libmpi_registry_close(&requests, NULL);
  libmpi_registry_close(&research, NULL);
  libmpi_registry_close(&hospital, NULL);
  libmpi_registry_close(&clinic, NULL);
  libmpi_registry_close(&auditor, NULL);
  MUST(libmpi_registry_close(&doctor, &error));
  MUST(libmpi_registry_open(&own, argv[1], LIBMPI_NUL, NULL, &error));
  CHECK(found(own, other) == 2);
  MUST(libmpi_registry_close(&own, &error));

  libmpi_record_free(&here);
  libmpi_record_free(&there);
  libmpi_identifier_free(&one);
  libmpi_identifier_free(&other);
  libmpi_identifier_free(&old);
  libmpi_attribution_free(&by);
  if (failures == 0) printf("ok\n");
  return failures == 0 ? 0 : 1;
}
