/* SPDX-License-Identifier: Apache-2.0
 *
 * libmpi in C: which patient records are one person. Install nayose, include <nayose.h>, link with -lnayose.
 *
 * Not here: reading files (CSV and other formats), reports, tables that are no patient lists: see the command nayose.
 *
 * Conventions
 *  1. Handles are opaque. libmpi_*_free() takes the address of one and sets it to NULL; of NULL it does nothing, so
 *     that freeing twice is harmless. Using a copy of a handle that was freed is undefined.
 *  2. What can fail returns a libmpi_code. Outputs come first and end with _out; on failure each is NULL or 0.
 *  3. The last parameter, error, may be NULL; else it receives, on failure, an error to be freed, which has the code
 *     and a message of one line, which may name an identifier but never has what a patient said. An error that was
 *     there before is not freed, only overwritten; on success it is NULL.
 *  4. Yes is any number but 0, no is 0: an int32_t, also of callbacks. Callbacks must not leave by longjmp or an
 *     exception; they may call the library.
 *  5. Texts that go in are UTF-8, a pointer and a number of bytes, or LIBMPI_NUL where they end with a NUL; they are
 *     copied. NULL with 0 bytes is the empty text. Texts that come out belong to the handle they came from and stay
 *     until it is freed; a NUL follows them, which the size does not count. Where the size is not wanted, size_out
 *     may be NULL.
 *  6. Answers are lists of rows (libmpi_answer_*). Each function says which lists and columns its answer has.
 *     Later versions may add columns, lists and words; programs pass over what they do not know.
 *  7. Handles keep what they need of others: freeing those early is allowed.
 *  8. All of it is there since ABI 1, version 0.1.0, but for what says otherwise. Later versions may add codes:
 *     treat one that is not known as LIBMPI_INTERNAL.
 *
 * Threads: no function uses a state of its own. A handle may be used by several threads at once where only const
 * pointers to it are passed; libmpi_registry, libmpi_comparer, libmpi_model and libmpi_answer may be used so always.
 * No other thread may use a handle that is being freed. No callback is called by a thread but the caller's.
 *
 * Signals, stdout, stderr, locale and environment are left alone. Floating point may trap or round otherwise in the
 * caller (Delphi's and Free Pascal's does): the library works in the usual state and gives the caller's back; callbacks
 * run in the usual state. What may grow: docs/embedding.md.
 */
#ifndef LIBMPI_BINDINGS_C_NAYOSE_H_
#define LIBMPI_BINDINGS_C_NAYOSE_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define LIBMPI_API __attribute__((visibility("default")))
#else
#define LIBMPI_API
#endif

/* ---- Versions ---- */

/* Of the binary interface: a program built with one number runs with every library of that number that is no older. */
#define LIBMPI_ABI_VERSION 1
LIBMPI_API int32_t libmpi_abi_version(void);
/* "0.1.0"; never freed. */
LIBMPI_API const char *libmpi_version_string(void);

/* ---- Errors ---- */

typedef int32_t libmpi_code;
enum {
  LIBMPI_OK = 0,
  LIBMPI_CANCELLED = 1,  /* a callback said stop */
  LIBMPI_INVALID_ARGUMENT = 3,  /* the caller's: NULL, a handle of another kind, no UTF-8, an unknown word */
  LIBMPI_NOT_FOUND = 5,  /* no such identifier, enterprise ID, decision, column ... */
  LIBMPI_PERMISSION_DENIED = 7,  /* the network's rules do not allow it */
  LIBMPI_RESOURCE_EXHAUSTED = 8,  /* memory */
  LIBMPI_ABORTED = 10,  /* somebody else changed the same at that moment: ask anew */
  LIBMPI_FAILED_PRECONDITION = 9,  /* a state that must be changed first, as the message says */
  LIBMPI_INTERNAL = 13,  /* a fault of ours */
  LIBMPI_UNAVAILABLE = 14,  /* the disk: later it may do */
  LIBMPI_DATA_LOSS = 15  /* the registry's files are damaged: restore a backup */
};

typedef struct libmpi_error libmpi_error;
/* LIBMPI_OK of NULL. */
LIBMPI_API libmpi_code libmpi_error_code(const libmpi_error *error);
/* One line that ends with a NUL; "" of NULL. */
LIBMPI_API const char *libmpi_error_message(const libmpi_error *error);
LIBMPI_API void libmpi_error_free(libmpi_error **error);

/* ---- Answers: lists of rows ---- */

#define LIBMPI_NUL ((size_t)-1)

typedef int32_t libmpi_list;
enum {
  LIBMPI_LIST_MAIN = 1,  /* what was asked for */
  LIBMPI_LIST_LINKS = 2,  /* pairs of records, strongest first or by their numbers */
  LIBMPI_LIST_MOVES = 3,  /* records that changed their person */
  LIBMPI_LIST_FINDINGS = 4,  /* of data quality */
  LIBMPI_LIST_REVIEW = 5,  /* what a person should look at, most valuable first */
  LIBMPI_LIST_COUNTS = 6  /* NAME and VALUE */
};

typedef int32_t libmpi_column;
enum {
  /* Texts. An identifier is a SOURCE, its assigning authority, a RECORD_ID, its value, and a PART (mostly 0). */
  LIBMPI_COLUMN_SOURCE = 1,
  LIBMPI_COLUMN_RECORD_ID = 2,
  LIBMPI_COLUMN_PERSON = 3,  /* an enterprise ID: 32 hexadecimal digits */
  LIBMPI_COLUMN_OTHER_SOURCE = 4,  /* the other record of a pair, a merge, a decision */
  LIBMPI_COLUMN_OTHER_RECORD_ID = 5,
  LIBMPI_COLUMN_OTHER_PERSON = 6,
  LIBMPI_COLUMN_BEFORE = 7,  /* enterprise IDs of a move */
  LIBMPI_COLUMN_AFTER = 8,
  LIBMPI_COLUMN_OUTCOME = 9,  /* none, created, joined, moved, merged, split, retired, held */
  LIBMPI_COLUMN_GRADE = 10,  /* certain, probable, possible */
  LIBMPI_COLUMN_DECISION = 11,  /* match or review; same or different */
  LIBMPI_COLUMN_REASON = 12,
  LIBMPI_COLUMN_ASSIGNEE = 13,
  LIBMPI_COLUMN_KIND = 14,  /* of an event */
  LIBMPI_COLUMN_ACTOR = 15,
  LIBMPI_COLUMN_DETAIL = 16,
  LIBMPI_COLUMN_STATUS = 17,  /* live, retired, subsumed */
  LIBMPI_COLUMN_FIELD = 18,  /* as of a patient list: name, kana, birth ... */
  LIBMPI_COLUMN_CODE = 19,  /* of a finding */
  LIBMPI_COLUMN_COMPARISON = 20,
  LIBMPI_COLUMN_LEVEL = 21,
  LIBMPI_COLUMN_VALUE_A = 22,  /* what was compared: for the user's eyes, never for a log */
  LIBMPI_COLUMN_VALUE_B = 23,
  LIBMPI_COLUMN_STEP = 24,
  LIBMPI_COLUMN_NAME = 25,
  LIBMPI_COLUMN_OID = 26,
  LIBMPI_COLUMN_FACILITY = 27,
  LIBMPI_COLUMN_OWNER = 28,
  LIBMPI_COLUMN_TRUST = 29,  /* verified, declared, or empty */
  LIBMPI_COLUMN_TEXT = 30,
  LIBMPI_COLUMN_JSON = 31,
  /* Numbers. */
  LIBMPI_COLUMN_WEIGHT = 100,  /* match weight: bits, log2 of the odds that the two are one person */
  LIBMPI_COLUMN_PROBABILITY = 101,  /* 0 to 1 */
  LIBMPI_COLUMN_FREQUENCY_WEIGHT = 102,
  LIBMPI_COLUMN_M = 103,
  LIBMPI_COLUMN_U = 104,
  LIBMPI_COLUMN_PRIORITY = 105,
  LIBMPI_COLUMN_VALUE = 106,
  /* Whole numbers; of yes and no 1 and 0. */
  LIBMPI_COLUMN_PART = 200,
  LIBMPI_COLUMN_OTHER_PART = 201,
  LIBMPI_COLUMN_EVENT = 202,  /* from 1; 0: nothing changed */
  LIBMPI_COLUMN_REVISION = 203,
  LIBMPI_COLUMN_TIME = 204,  /* milliseconds since 1970-01-01 UTC */
  LIBMPI_COLUMN_CANDIDATE = 205,  /* rows of one candidate have the same number, from 0 */
  LIBMPI_COLUMN_BEST = 206,  /* the record that matches best */
  LIBMPI_COLUMN_LINKED = 207,  /* of one person; else under review */
  LIBMPI_COLUMN_HELD = 208,  /* never links without a person's decision, whatever its weight */
  LIBMPI_COLUMN_REDIRECTED = 209,  /* asked for under an identifier, or an ID, that became part of this one */
  LIBMPI_COLUMN_A = 210,  /* records of a batch by their number, from 0 */
  LIBMPI_COLUMN_B = 211,
  LIBMPI_COLUMN_CASE = 212  /* one answer settles all rows of a case */
};

typedef struct libmpi_answer libmpi_answer;
/* The number of rows; 0 of a list it does not have. */
LIBMPI_API size_t libmpi_answer_size(const libmpi_answer *answer, libmpi_list list);
/* One cell. LIBMPI_NOT_FOUND: no such list, row or column; LIBMPI_INVALID_ARGUMENT: a column of another type (but a
 * whole number may be read as a number). A text that there is none of is NULL. O(columns). */
LIBMPI_API libmpi_code libmpi_answer_text(const char **text_out, size_t *size_out, const libmpi_answer *answer,
                                          libmpi_list list, size_t row, libmpi_column column, libmpi_error **error);
LIBMPI_API libmpi_code libmpi_answer_number(double *number_out, const libmpi_answer *answer, libmpi_list list,
                                            size_t row, libmpi_column column, libmpi_error **error);
LIBMPI_API libmpi_code libmpi_answer_integer(int64_t *integer_out, const libmpi_answer *answer, libmpi_list list,
                                             size_t row, libmpi_column column, libmpi_error **error);
/* All of it as one JSON object: {"main": [{"source": "...", ...}, ...], "links": [...], ...}; columns by their names in
 * small letters. Made at the first call. */
LIBMPI_API libmpi_code libmpi_answer_json(const char **json_out, size_t *size_out, const libmpi_answer *answer,
                                          libmpi_error **error);
LIBMPI_API void libmpi_answer_free(libmpi_answer **answer);

/* ---- Identifiers, who says something, records ---- */

/* `source`: the assigning authority, as a namespace; `part`: 0. */
typedef struct libmpi_identifier libmpi_identifier;
LIBMPI_API libmpi_code libmpi_identifier_new(libmpi_identifier **identifier_out, const char *source,
                                             size_t source_size, const char *value, size_t value_size, uint16_t part,
                                             libmpi_error **error);
LIBMPI_API void libmpi_identifier_free(libmpi_identifier **identifier);

/* `actor`: a user or a system, `reason`: may be empty; both are kept in the history. */
typedef struct libmpi_attribution libmpi_attribution;
LIBMPI_API libmpi_code libmpi_attribution_new(libmpi_attribution **attribution_out, const char *actor,
                                              size_t actor_size, const char *reason, size_t reason_size,
                                              libmpi_error **error);
LIBMPI_API void libmpi_attribution_free(libmpi_attribution **attribution);

typedef int32_t libmpi_field;
enum {
  LIBMPI_FIELD_NAME = 2,  /* family and given name in one, any script */
  LIBMPI_FIELD_FAMILY = 3,
  LIBMPI_FIELD_GIVEN = 4,
  LIBMPI_FIELD_KANA = 5,
  LIBMPI_FIELD_FAMILY_KANA = 6,
  LIBMPI_FIELD_GIVEN_KANA = 7,
  LIBMPI_FIELD_LATIN = 8,
  LIBMPI_FIELD_FORMER_NAME = 9,
  LIBMPI_FIELD_BIRTH = 10,  /* 1980-01-02, S55.1.2, 昭和55年1月2日, 3550102 ... */
  LIBMPI_FIELD_SEX = 11,
  LIBMPI_FIELD_INSURER = 12,  /* 保険者番号 */
  LIBMPI_FIELD_SYMBOL = 13,  /* 記号 */
  LIBMPI_FIELD_NUMBER = 14,  /* 番号 */
  LIBMPI_FIELD_BRANCH = 15,  /* 枝番 */
  LIBMPI_FIELD_CARE_INSURER = 16,
  LIBMPI_FIELD_CARE_NUMBER = 17,
  LIBMPI_FIELD_POSTAL_CODE = 18,
  LIBMPI_FIELD_PREFECTURE = 19,
  LIBMPI_FIELD_CITY = 20,
  LIBMPI_FIELD_STREET = 21,
  LIBMPI_FIELD_ADDRESS = 22,  /* a whole one */
  LIBMPI_FIELD_PHONE = 23
};

/* What one facility says of one patient, as it says it: folding and reading are the library's. */
typedef struct libmpi_record libmpi_record;
/* `identifier`: may be NULL where the patient has none yet, to compare and to search. */
LIBMPI_API libmpi_code libmpi_record_new(libmpi_record **record_out, const libmpi_identifier *identifier,
                                         libmpi_error **error);
/* Adds a value; an empty one says nothing. Twice the same field: two statements. */
LIBMPI_API libmpi_code libmpi_record_add(libmpi_record *record, libmpi_field field, const char *text, size_t size,
                                         libmpi_error **error);
/* What is added from now on is said beside what was: a second name with its own parts, another card, another
 * address. */
LIBMPI_API libmpi_code libmpi_record_next_row(libmpi_record *record, libmpi_error **error);
/* {"source": "H001", "record_id": "7", "name": "...", "kana": "...", "birth": "...", ...}, or with lists of
 * statements, as answers give them; LIBMPI_INVALID_ARGUMENT names the member that is wrong. */
LIBMPI_API libmpi_code libmpi_record_from_json(libmpi_record **record_out, const char *json, size_t size,
                                               libmpi_error **error);
LIBMPI_API void libmpi_record_free(libmpi_record **record);

/* ---- Options ---- */

/* By name and value, all of them texts. What a function does not ask for is passed over.
 *   preset             balanced (even odds; default of libmpi_dedupe) or safe (what may be linked without a person;
 *                      default of registries and comparers)
 *   match_threshold, review_threshold    bits, instead of the preset's
 *   population         persons that the records come from
 *   today              YYYY-MM-DD: births after it are impossible (registries ask the clock)
 *   threads            0: as many as there are processors
 *   seed               chooses the sample to learn from
 *   cache_bytes, write_buffer_bytes      of a registry's memory: 536870912, 67108864
 *   create             1: opening makes a registry where there is none, which links by the default model
 *   read_only          1: a registry that others may write to; changes are refused
 *   known_authorities_only               1: records of authorities that are not registered are refused */
typedef struct libmpi_options libmpi_options;
LIBMPI_API libmpi_code libmpi_options_new(libmpi_options **options_out, libmpi_error **error);
LIBMPI_API libmpi_code libmpi_options_set(libmpi_options *options, const char *name, size_t name_size,
                                          const char *value, size_t value_size, libmpi_error **error);
/* Called on the calling thread during long work; no stops it (LIBMPI_CANCELLED). `stage`: "read", "score" ...; done of
 * total units. NULL: none. */
typedef int32_t (*libmpi_progress)(void *payload, const char *stage, uint64_t done, uint64_t total);
LIBMPI_API libmpi_code libmpi_options_set_progress(libmpi_options *options, libmpi_progress progress, void *payload,
                                                   libmpi_error **error);
/* For libmpi_dedupe: records a and b, by their numbers, are decided to be one person, or two. */
LIBMPI_API libmpi_code libmpi_options_decide(libmpi_options *options, size_t a, size_t b, int32_t same,
                                             libmpi_error **error);
LIBMPI_API void libmpi_options_free(libmpi_options **options);

/* ---- Models, comparing two, linking many ---- */

typedef struct libmpi_model libmpi_model;
/* The one that is shipped. */
LIBMPI_API libmpi_code libmpi_model_default(libmpi_model **model_out, libmpi_error **error);
/* A model.json of the command, or what libmpi_model_json gave. */
LIBMPI_API libmpi_code libmpi_model_from_json(libmpi_model **model_out, const char *json, size_t size,
                                              libmpi_error **error);
/* Learns from records, without labels; the default, where they are too few (libmpi_dedupe does so by itself).
 * `options`: NULL, or threads, seed, population, today, progress. Some 10 microseconds and 1 kB a record. */
LIBMPI_API libmpi_code libmpi_model_train(libmpi_model **model_out, const libmpi_record *const *records, size_t count,
                                          const libmpi_options *options, libmpi_error **error);
/* MAIN: JSON. `shareable`: without names that fewer than 10 records bear; else it is personal data. */
LIBMPI_API libmpi_code libmpi_model_json(libmpi_answer **answer_out, const libmpi_model *model, int32_t shareable,
                                         libmpi_error **error);
LIBMPI_API void libmpi_model_free(libmpi_model **model);

/* How a record is read. MAIN: FIELD, STEP, BEFORE and AFTER, one row a step. FINDINGS: CODE, FIELD. Options: today. */
LIBMPI_API libmpi_code libmpi_standardize(libmpi_answer **answer_out, const libmpi_record *record,
                                          const libmpi_options *options, libmpi_error **error);

/* Compares records two by two: a patient at the counter with those on file. Making one reads all names of the model,
 * some milliseconds to a second; comparing takes about a millisecond. Options: preset, population, today. */
typedef struct libmpi_comparer libmpi_comparer;
LIBMPI_API libmpi_code libmpi_comparer_new(libmpi_comparer **comparer_out, const libmpi_model *model,
                                           const libmpi_options *options, libmpi_error **error);
/* An explanation. MAIN: WEIGHT, PROBABILITY, HELD, TEXT (for people), JSON. LINKS: COMPARISON, LEVEL, VALUE_A,
 * VALUE_B, M, U, WEIGHT, FREQUENCY_WEIGHT, one row a comparison. */
LIBMPI_API libmpi_code libmpi_compare(libmpi_answer **answer_out, const libmpi_comparer *comparer,
                                      const libmpi_record *a, const libmpi_record *b, libmpi_error **error);
LIBMPI_API void libmpi_comparer_free(libmpi_comparer **comparer);

/* Which of many records are one person. `clusters_out` has room for `count` numbers: of each record the number of the
 * first one, by identifier, of its person. `model`: NULL to learn from the records. `answer_out` and `model_out` (the
 * model that was used) may be NULL. The result does not depend on the order or on threads.
 * LINKS: A, B, WEIGHT, PROBABILITY, DECISION (match, review), HELD. REVIEW: A, B, WEIGHT, PROBABILITY, REASON,
 * PRIORITY, CASE.
 * FINDINGS: A, CODE, FIELD. COUNTS: clusters, largest_cluster, candidate_pairs, match_threshold, confident ...
 * MAIN: TEXT, one row for each thing that the run noticed about itself and what to do.
 * LIBMPI_INVALID_ARGUMENT: an identifier stands twice, or decisions contradict each other. About 10 microseconds
 * and 1 kB a record. */
LIBMPI_API libmpi_code libmpi_dedupe(uint32_t *clusters_out, libmpi_answer **answer_out, libmpi_model **model_out,
                                     const libmpi_record *const *records, size_t count, const libmpi_model *model,
                                     const libmpi_options *options, libmpi_error **error);
/* Links each of the first `new_count` records to at most one of the rest, a list that is free of duplicates; with
 * `one_to_one` each of those takes at most one. Else as libmpi_dedupe. */
LIBMPI_API libmpi_code libmpi_link(uint32_t *clusters_out, libmpi_answer **answer_out, libmpi_model **model_out,
                                   const libmpi_record *const *records, size_t count, size_t new_count,
                                   int32_t one_to_one, const libmpi_model *model, const libmpi_options *options,
                                   libmpi_error **error);

/* ---- The registry: a living index in a folder ---- */

/* One process may have it open for writing, others to read it. Every change is on disk when its function returns, and
 * reading functions see whole changes only. */
typedef struct libmpi_registry libmpi_registry;
/* A new one in an empty or missing folder, that links by this model; NULL: the default. LIBMPI_FAILED_PRECONDITION: the
 * folder holds one already. */
LIBMPI_API libmpi_code libmpi_registry_create(libmpi_registry **registry_out, const char *folder, size_t folder_size,
                                              const libmpi_model *model, const libmpi_options *options,
                                              libmpi_error **error);
/* LIBMPI_FAILED_PRECONDITION: open for writing elsewhere, or of another format or other tables than this library
 * reads; the message says what to do. */
LIBMPI_API libmpi_code libmpi_registry_open(libmpi_registry **registry_out, const char *folder, size_t folder_size,
                                            const libmpi_options *options, libmpi_error **error);
/* Frees the handle, whatever is returned; the last handle of a registry (libmpi_registry_as) closes that. */
LIBMPI_API libmpi_code libmpi_registry_close(libmpi_registry **registry, libmpi_error **error);

/* Changes. All of them answer alike (`answer_out` may be NULL). MAIN: PERSON, OUTCOME, EVENT, REVISION, one row.
 * LINKS: SOURCE, RECORD_ID, PART, PERSON, WEIGHT, PROBABILITY, LINKED, HELD: the record's, strongest first.
 * MOVES: SOURCE, RECORD_ID, PART, BEFORE, AFTER (NULL: takes no part). FINDINGS: CODE, FIELD. */

/* Adds or revises a record. The same again changes nothing. A revision that makes another person of it is held
 * (OUTCOME) until libmpi_registry_settle. */
LIBMPI_API libmpi_code libmpi_registry_put(libmpi_answer **answer_out, libmpi_registry *registry,
                                           const libmpi_record *record, const libmpi_attribution *by,
                                           libmpi_error **error);
/* The facility withdraws it. */
LIBMPI_API libmpi_code libmpi_registry_retire(libmpi_answer **answer_out, libmpi_registry *registry,
                                              const libmpi_identifier *identifier, const libmpi_attribution *by,
                                              libmpi_error **error);
/* One authority merges two of its identifiers (HL7 A40); and back. */
LIBMPI_API libmpi_code libmpi_registry_merge(libmpi_answer **answer_out, libmpi_registry *registry,
                                             const libmpi_identifier *subsumed, const libmpi_identifier *surviving,
                                             const libmpi_attribution *by, libmpi_error **error);
LIBMPI_API libmpi_code libmpi_registry_unmerge(libmpi_answer **answer_out, libmpi_registry *registry,
                                               const libmpi_identifier *subsumed, const libmpi_attribution *by,
                                               libmpi_error **error);
/* A steward's decision on two records: "same" person, "different" ones, or "withdrawn": as if none had been made. */
LIBMPI_API libmpi_code libmpi_registry_decide(libmpi_answer **answer_out, libmpi_registry *registry,
                                              const libmpi_identifier *a, const libmpi_identifier *b,
                                              const char *decision, size_t decision_size,
                                              const libmpi_attribution *by, libmpi_error **error);
/* A steward's word on a held revision: "same" person after all, "different" (the record is another's from now on), or
 * "refused". */
LIBMPI_API libmpi_code libmpi_registry_settle(libmpi_answer **answer_out, libmpi_registry *registry,
                                              const libmpi_identifier *identifier, const char *verdict,
                                              size_t verdict_size, const libmpi_attribution *by,
                                              libmpi_error **error);
/* Gives a question of the review list to somebody; an empty assignee: to nobody. */
LIBMPI_API libmpi_code libmpi_registry_assign(libmpi_registry *registry, const libmpi_identifier *a,
                                              const libmpi_identifier *b, const char *assignee, size_t assignee_size,
                                              const libmpi_attribution *by, libmpi_error **error);
/* Registers an assigning authority, or changes what is known of it. `json`: {"name": ..., "oid": ..., "facility":
 * ..., "owner": ..., "trust": ...}; all but the name may be left out. */
LIBMPI_API libmpi_code libmpi_registry_put_authority(libmpi_registry *registry, const char *json, size_t size,
                                                     const libmpi_attribution *by, libmpi_error **error);
/* Many records at once; into an empty registry by a batch run, all or nothing. COUNTS: created, revised, unchanged,
 * held, refused, persons. Options: threads, progress. */
LIBMPI_API libmpi_code libmpi_registry_load(libmpi_answer **answer_out, libmpi_registry *registry,
                                            const libmpi_record *const *records, size_t count,
                                            const libmpi_options *options, const libmpi_attribution *by,
                                            libmpi_error **error);
/* Links all records anew by another model while the registry serves, then switches at once. `dry_run`: only counts.
 * COUNTS: persons_before, persons_after, merged, split, moved. Options: preset, thresholds, population, threads,
 * progress. */
LIBMPI_API libmpi_code libmpi_registry_relink(libmpi_answer **answer_out, libmpi_registry *registry,
                                              const libmpi_model *model, int32_t dry_run, const libmpi_options *options,
                                              const libmpi_attribution *by, libmpi_error **error);

/* Questions. Identifiers: LIBMPI_NOT_FOUND: never registered; LIBMPI_FAILED_PRECONDITION: retired. */

/* Under which identifiers facilities know the person. MAIN: SOURCE, RECORD_ID, PART, PERSON, REDIRECTED.
 * `authorities`: only those (NUL-terminated); a count of 0: all. Some microseconds. */
LIBMPI_API libmpi_code libmpi_registry_find(libmpi_answer **answer_out, const libmpi_registry *registry,
                                            const libmpi_identifier *identifier, const char *const *authorities,
                                            size_t authority_count, libmpi_error **error);
/* The same by an enterprise ID; an old one answers with the person it became part of. */
LIBMPI_API libmpi_code libmpi_registry_find_person(libmpi_answer **answer_out, const libmpi_registry *registry,
                                                   const char *person, size_t person_size, libmpi_error **error);
/* What was last accepted of a record. MAIN: SOURCE, RECORD_ID, PART, STATUS, JSON, and of a subsumed one the surviving
 * identifier, OTHER_SOURCE, OTHER_RECORD_ID, OTHER_PART. */
LIBMPI_API libmpi_code libmpi_registry_get(libmpi_answer **answer_out, const libmpi_registry *registry,
                                           const libmpi_identifier *identifier, libmpi_error **error);
/* Who might this be, before registering: the `most` best. MAIN: CANDIDATE, PERSON, GRADE, WEIGHT, PROBABILITY,
 * SOURCE, RECORD_ID, PART, BEST; a row for each identifier of a candidate. COUNTS: candidates, too_many (1: more
 * fit, say more). A record that is registered is its own candidate. */
LIBMPI_API libmpi_code libmpi_registry_search(libmpi_answer **answer_out, const libmpi_registry *registry,
                                              const libmpi_record *record, size_t most, libmpi_error **error);
/* Whom all fit that somebody typed: NAME (or FAMILY, GIVEN; any script, a '*' at the end of what it begins with),
 * BIRTH (also a year, or year and month), SEX, POSTAL_CODE, CITY, PHONE, INSURER, SYMBOL, NUMBER, each once, and the
 * identifier of the record (its source may be empty: any). Answers as above. LIBMPI_INVALID_ARGUMENT: another field,
 * or it can't be read. */
LIBMPI_API libmpi_code libmpi_registry_search_typed(libmpi_answer **answer_out, const libmpi_registry *registry,
                                                    const libmpi_record *criteria, size_t most,
                                                    libmpi_error **error);
/* Why two records have the weight they have, as libmpi_compare. */
LIBMPI_API libmpi_code libmpi_registry_explain(libmpi_answer **answer_out, const libmpi_registry *registry,
                                               const libmpi_identifier *a, const libmpi_identifier *b,
                                               libmpi_error **error);
/* The questions for stewards. REVIEW: SOURCE, RECORD_ID, PART, PERSON, OTHER_SOURCE, OTHER_RECORD_ID, OTHER_PART,
 * OTHER_PERSON, WEIGHT, REASON, PRIORITY, ASSIGNEE. */
LIBMPI_API libmpi_code libmpi_registry_review(libmpi_answer **answer_out, const libmpi_registry *registry, size_t most,
                                              libmpi_error **error);
/* Revisions that wait. MAIN: SOURCE, RECORD_ID, PART, EVENT, JSON (of the revision). */
LIBMPI_API libmpi_code libmpi_registry_held(libmpi_answer **answer_out, const libmpi_registry *registry, size_t most,
                                            libmpi_error **error);
/* Decisions that stand. MAIN: SOURCE, RECORD_ID, PART, OTHER_SOURCE, OTHER_RECORD_ID, OTHER_PART, DECISION, EVENT. */
LIBMPI_API libmpi_code libmpi_registry_decisions(libmpi_answer **answer_out, const libmpi_registry *registry,
                                                 libmpi_error **error);
/* MAIN: NAME, OID, FACILITY, OWNER, TRUST. */
LIBMPI_API libmpi_code libmpi_registry_authorities(libmpi_answer **answer_out, const libmpi_registry *registry,
                                                   libmpi_error **error);
/* Events from number `from` on (the first is 1), for those who follow: ask again from the last one's number + 1.
 * MAIN: EVENT, TIME, KIND, ACTOR, REASON, SOURCE, RECORD_ID, PART, OTHER_SOURCE, OTHER_RECORD_ID, OTHER_PART, DETAIL.
 * MOVES: EVENT, SOURCE, RECORD_ID, PART, BEFORE, AFTER. */
LIBMPI_API libmpi_code libmpi_registry_history(libmpi_answer **answer_out, const libmpi_registry *registry,
                                               uint64_t from, size_t most, libmpi_error **error);
/* The identifiers of the person of a record as they were after an event. MAIN: SOURCE, RECORD_ID, PART. */
LIBMPI_API libmpi_code libmpi_registry_person_at(libmpi_answer **answer_out, const libmpi_registry *registry,
                                                 const libmpi_identifier *identifier, uint64_t event,
                                                 libmpi_error **error);
/* Calls visit with every record in the order of identifiers: an answer as of libmpi_registry_get, which is freed when
 * visit returns. No stops it, which is no failure. */
typedef int32_t (*libmpi_visit)(void *payload, const libmpi_answer *record);
LIBMPI_API libmpi_code libmpi_registry_scan(const libmpi_registry *registry, libmpi_visit visit, void *payload,
                                            libmpi_error **error);
/* COUNTS: records, persons, events, held, file_bytes, memory_bytes, generation, linked_by_these_rules, writable. */
LIBMPI_API libmpi_code libmpi_registry_stats(libmpi_answer **answer_out, const libmpi_registry *registry,
                                             libmpi_error **error);
/* The model that it links by. */
LIBMPI_API libmpi_code libmpi_registry_model(libmpi_model **model_out, const libmpi_registry *registry,
                                             libmpi_error **error);

/* A registry as a network of facilities uses it: everybody says who they are and what they ask for, is told what the
 * network's rules and the patients' consent allow and nothing else, and leaves an entry in the audit trail (docs/network.md).
 * That they are who they say is for the host to see to. */

/* A handle of the same registry for somebody: a JSON object of "actor", "facility" (empty: the network's own office),
 * "application", "profession", "purpose", "request", "reason". All functions above take it, `by` counts for nothing then;
 * LIBMPI_PERMISSION_DENIED: the rules do not allow it; LIBMPI_NOT_FOUND also of whom one may not be told. Cheap: one a
 * request. The handle that one opened the registry with is the host's own: it is not bound by rules, and leaves no entry. */
LIBMPI_API libmpi_code libmpi_registry_as(libmpi_registry **registry_out, const libmpi_registry *registry,
                                          const char *requester, size_t size, libmpi_error **error);
/* The network's own matters. `json` is an object of what stands in brackets, or empty; an "identifier" is an object of
 * "source", "record_id" and "part". MAIN: JSON, one object a row.
 *   "put_facility" [facility: name, kind, feeds, queries, authorities, tenant]   "facilities"
 *   "set_rules" [rules]   "rules"   "set_survivorship" [text]
 *   "take_consent" [identifier, statement: kind, from, facilities, reference]   "consent" [identifier]
 *   "golden" [identifier]   "registrations"
 *   "audit" [from, most]   "who_looked" [identifier, most]   "usage" [first, last: months as 2026-04]
 *   "anchor"   "verify_trail" [anchors: lines]
 *   "erase" [identifier, person: true for all of the person's]   "retention"   "set_retention" [retired_days, withdrawn_days]
 *   "erase_due" [dry_run]
 *   "takeover" [index, dry_run, persons: list of id, retired_ids, records]   "takeover_list" [index]
 *   "takeover_confirm", "takeover_release" [index, a, b: identifiers]
 *   "absorb" [registry: a folder, name, tenant, dry_run, same_authorities, full]
 *   "monthly_report" [month: as 2026-04]   "thresholds" [wrong_links, missed_links: shares]
 *   "set_four_eyes" [on]   "undo"
 *   "cases" [most, held_first, all]   "note" [a, b, text]: of a held revision without b
 *   "judge" [a, b, verdict: same, different, refuse; note; seen and assignee, as the case has them]
 *   "pseudonymize" [project, key: 64 hexadecimal digits, smallest_cell]   "reidentify" [project, key, pseudonym]
 * LIBMPI_FAILED_PRECONDITION: the handle is the host's own. */
LIBMPI_API libmpi_code libmpi_network_call(libmpi_answer **answer_out, libmpi_registry *registry, const char *verb,
                                           size_t verb_size, const char *json, size_t json_size,
                                           libmpi_error **error);

/* Operation. */

/* Reads everything and proves that it is what a batch run makes of the records. MAIN: TEXT, one row for each thing
 * that is wrong; none: sound. Options: threads, progress. */
LIBMPI_API libmpi_code libmpi_registry_verify(libmpi_answer **answer_out, const libmpi_registry *registry,
                                              const libmpi_options *options, libmpi_error **error);
/* "warm": reads into the cache what questions need; "compact": gives disk space back; "recover": tries to write
 * again after the disk was full or failed. */
LIBMPI_API libmpi_code libmpi_registry_maintain(libmpi_registry *registry, const char *what, size_t what_size,
                                                libmpi_error **error);
/* A copy of the registry as it is now, while it serves; into a folder that has an earlier one, what is new. */
LIBMPI_API libmpi_code libmpi_registry_backup(libmpi_registry *registry, const char *folder, size_t folder_size,
                                              libmpi_error **error);
/* Into a missing or empty folder. */
LIBMPI_API libmpi_code libmpi_registry_restore(const char *backup, size_t backup_size, const char *folder,
                                               size_t folder_size, libmpi_error **error);

/* A standby: a second copy in another place, some seconds behind (docs/registry.md). Its folder may be a mounted disk,
 * or be copied on; every file of it says whether it has come whole. */

/* Starts one in a new folder, or anew in one: a backup, and from now on about so many bytes of log kept here for who ships
 * it. Questions that are being answered at the moment may fail with LIBMPI_ABORTED: ask again. */
LIBMPI_API libmpi_code libmpi_registry_start_standby(libmpi_registry *registry, const char *standby,
                                                     size_t standby_size, uint64_t keep_log_bytes,
                                                     libmpi_error **error);
/* Ships what the registry in a folder had acknowledged before the call, beside whoever has it open, or after it died.
 * Cheap where there is nothing new: every second. One at a time for a standby.
 * COUNTS: shipped, acknowledged (commits), looked_unix_milliseconds, promoted.
 * LIBMPI_FAILED_PRECONDITION: it was promoted, or the log no longer has all of it: start the standby anew. */
LIBMPI_API libmpi_code libmpi_standby_ship(libmpi_answer **answer_out, const char *registry, size_t registry_size,
                                           const char *standby, size_t standby_size, libmpi_error **error);
/* How far it has come; COUNTS as above. */
LIBMPI_API libmpi_code libmpi_standby_state(libmpi_answer **answer_out, const char *standby, size_t standby_size,
                                            libmpi_error **error);
/* Brings a registry in a folder (new, or one where this was done before) up to that; it may be opened for reading. */
LIBMPI_API libmpi_code libmpi_standby_apply(const char *standby, size_t standby_size, const char *replica,
                                            size_t replica_size, libmpi_error **error);
/* Makes of it the registry in a folder (new, or one that was applied to), to be opened for writing from now on. Stop the
 * first before. `first`: its folder where its disk can still be read, or NULL. `accept_loss`: yes also where files that
 * were shipped have not come. COUNTS: commit, missing (that the first had acknowledged), looked_unix_milliseconds: what
 * was acknowledged after that nobody can count. */
LIBMPI_API libmpi_code libmpi_standby_promote(libmpi_answer **answer_out, const char *standby, size_t standby_size,
                                              const char *folder, size_t folder_size, const char *first,
                                              size_t first_size, int32_t accept_loss, libmpi_error **error);

#ifdef __cplusplus
}
#endif

#endif
