// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/kept_stages.h"

#include <memory>
#include <string>
#include <system_error>

namespace libmpi {

// Each save waits for the one before it, so that the disk is written in one stream.
std::jthread KeptStages::SavingThread(std::string_view stage, StageWriter writer) {
  const auto written = std::make_shared<StageWriter>(std::move(writer));
  const auto save = [store = store_, name = std::string(stage), written] { (void)store->Save(name, written->pieces()); };
  try {
    return std::jthread(save);
  } catch (const std::system_error&) {
    save();  // the system gives no more threads
    return {};
  }
}

void KeptStages::SaveBeside(std::string_view stage, StageWriter writer) {
  auto earlier = std::make_shared<std::thread>(std::move(saving_));
  auto written = std::make_shared<StageWriter>(std::move(writer));
  const auto save = [store = store_, name = std::string(stage), earlier, written] {
    if (earlier->joinable()) earlier->join();
    (void)store->Save(name, written->pieces());
  };
  try {
    saving_ = std::thread(save);
  } catch (const std::system_error&) {
    save();  // the system gives no more threads
  }
}

void KeptStages::Wait() {
  if (saving_.joinable()) saving_.join();
}

}  // namespace libmpi
