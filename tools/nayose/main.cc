// SPDX-License-Identifier: Apache-2.0
// nayose: which patient records are one person.
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include "tools/nayose/command.h"

namespace nayose {

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "nayose: %s\n", std::string(status.message()).c_str());
  switch (status.code()) {
    case absl::StatusCode::kCancelled: return kInterrupted;
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kUnknown: return kInternal;
    default: return kInputUnreadable;
  }
}

int FailOutput(const absl::Status& status) {
  std::fprintf(stderr, "nayose: %s\n", std::string(status.message()).c_str());
  return kInternal;
}

int FailUsage(const std::string& message) {
  std::fprintf(stderr, "nayose: %s\n", message.c_str());
  return kUsage;
}

int Main(int argc, char** argv) {
  CLI::App app{"Finds which patient records are one person (名寄せ): within files, across files, or against a "
               "reference list."};
  app.set_version_flag("--version", std::string("nayose ") + NAYOSE_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done; 1 done, but something needs a look; 2 usage; 3 input unreadable; 4 output that\n"
      "could not be written, or an internal error; 130 interrupted.\n\n"
      "Examples:\n"
      "  nayose dedupe hospital.csv clinic.csv --output out/\n"
      "  nayose explain H001:00001003 C002:00001010 --run out/\n"
      "  nayose dedupe --help");
  Run run;
  AddDedupe(&app, &run);
  AddLink(&app, &run);
  AddUpdate(&app, &run);
  AddRegistry(&app, &run);
  AddImport(&app, &run);
  AddReview(&app, &run);
  AddServe(&app, &run);
  AddSend(&app, &run);
  AddQuery(&app, &run);
  AddQuarantine(&app, &run);
  AddTrain(&app, &run);
  AddExplain(&app, &run);
  AddNormalize(&app, &run);
  AddProfile(&app, &run);
  AddGenerate(&app, &run);
  AddSimulate(&app, &run);
  AddEvaluate(&app, &run);
  AddSchema(&app, &run);
  AddLabel(&app, &run);
  AddAudit(&app, &run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kDone : kUsage;
  }
  const int code = run();
  // What a pipe or a full disk did not take was not said.
  if ((std::fflush(stdout) != 0 || std::ferror(stdout) != 0) && code <= kNeedsALook) {
    std::fprintf(stderr, "nayose: standard output could not be written\n");
    return kInternal;
  }
  return code;
}

namespace {

// Called on any thread when memory is short: an exception on a worker would be an abort.
[[noreturn]] void OutOfMemory() {
  constexpr char kMessage[] = "nayose: out of memory; give fewer files at once or use a larger machine\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kMessage, sizeof kMessage - 1);
  _exit(kInternal);
}

// Stages hold gigabytes one after the other. Left to itself the allocator keeps ever larger pieces of one stage for
// itself (6.8 GB at most for ten million records; 5.8 GB so).
void ReturnLargePieces() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
#endif
}

}  // namespace

}  // namespace nayose

int main(int argc, char** argv) {
  std::set_new_handler(nayose::OutOfMemory);
  nayose::ReturnLargePieces();
  try {
    return nayose::Main(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "nayose: internal error: %s\n", e.what());
  }
  return nayose::kInternal;
}
