// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/kept_stages.h"

#include <memory>
#include <string>
#include <system_error>

namespace libmpi {

// Each save waits for the one before it, so that the disk is written in one stream. A future keeps what it was made of:
// what takes memory is let go as soon as it is written.
void KeptStages::SaveBeside(std::string_view stage, StageWriter writer) {
  auto written = std::make_shared<StageWriter>(std::move(writer));
  auto save = [store = store_, name = std::string(stage), earlier = saving_, written]() mutable {
    if (earlier.valid()) earlier.wait();
    earlier = {};
    (void)store->Save(name, written->pieces());
    written.reset();
  };
  written.reset();
  try {
    saving_ = std::async(std::launch::async, save).share();
  } catch (const std::system_error&) {
    save();  // the system gives no more threads
  }
}

void KeptStages::Wait() {
  if (saving_.valid()) saving_.wait();
}

}  // namespace libmpi
