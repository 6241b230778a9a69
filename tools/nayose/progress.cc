// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/progress.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

namespace nayose {
namespace {

volatile std::sig_atomic_t g_interrupted = 0;

void OnInterrupt(int) {
  g_interrupted = 1;
  std::signal(SIGINT, SIG_DFL);  // a second Ctrl-C ends at once
}

}  // namespace

bool StderrIsTerminal() { return isatty(STDERR_FILENO) != 0; }

libmpi::ProgressCallback MakeProgress(bool show) {
  std::signal(SIGINT, OnInterrupt);
  std::signal(SIGTERM, OnInterrupt);
  using Clock = std::chrono::steady_clock;
  auto last = std::make_shared<Clock::time_point>();
  auto stage_shown = std::make_shared<std::string>();
  return [=](std::string_view stage, uint64_t done, uint64_t total) {
    const Clock::time_point now = Clock::now();
    if (show && (*stage_shown != stage || now - *last > std::chrono::milliseconds(200))) {
      *last = now;
      *stage_shown = stage;
      std::fprintf(stderr, "\r\033[K%-12.*s %3.0f %%", static_cast<int>(stage.size()), stage.data(),
                   total ? 100.0 * static_cast<double>(done) / static_cast<double>(total) : 0.0);
      if (stage == "done") std::fputs("\r\033[K", stderr);
    }
    return g_interrupted == 0;
  };
}

}  // namespace nayose
