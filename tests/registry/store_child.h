// SPDX-License-Identifier: Apache-2.0
// Parts of a test that run in a process of their own: to be killed, or because they may crash.
#ifndef TESTS_REGISTRY_STORE_CHILD_H_
#define TESTS_REGISTRY_STORE_CHILD_H_

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace libmpi::store_testing {

// The same program again, running one test that is for this alone, with settings in its environment. What it writes
// to file descriptor 3 is read with ReadLine().
class Child {
 public:
  Child(const std::string& test, const std::map<std::string, std::string>& settings) {
    int pipe_ends[2];
    if (::pipe(pipe_ends) != 0) std::abort();
    std::vector<std::string> texts = {"LIBMPI_STORE_CHILD=1"};
    for (const auto& [name, value] : settings) texts.push_back(name + "=" + value);
    std::vector<char*> environment;
    for (std::string& text : texts) environment.push_back(text.data());
    environment.push_back(nullptr);
    std::string program = "/proc/self/exe";
    std::string filter = "--gtest_filter=" + test;
    char* arguments[] = {program.data(), filter.data(), nullptr};
    process_ = ::fork();
    if (process_ == 0) {
      ::dup2(pipe_ends[1], 3);
      if (pipe_ends[0] != 3) ::close(pipe_ends[0]);
      if (pipe_ends[1] != 3) ::close(pipe_ends[1]);
      ::close(1);
      ::execve(program.c_str(), arguments, environment.data());
      ::_exit(127);
    }
    ::close(pipe_ends[1]);
    from_ = ::fdopen(pipe_ends[0], "r");
  }
  ~Child() {
    Kill();
    if (from_ != nullptr) ::fclose(from_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // False at its end.
  bool ReadLine(std::string* line) {
    char buffer[256];
    if (::fgets(buffer, sizeof(buffer), from_) == nullptr) return false;
    line->assign(buffer);
    const bool whole = line->ends_with('\n');
    if (whole) line->pop_back();
    return whole;
  }
  void Kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    Wait();
  }
  // Its exit status as of waitpid().
  int Wait() {
    int status = 0;
    if (process_ > 0) ::waitpid(process_, &status, 0);
    process_ = 0;
    return status;
  }

 private:
  pid_t process_ = 0;
  FILE* from_ = nullptr;
};

inline bool InChild() { return std::getenv("LIBMPI_STORE_CHILD") != nullptr; }
inline std::string Setting(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}
inline void Tell(const std::string& line) {
  const std::string whole = line + "\n";
  if (::write(3, whole.data(), whole.size()) < 0) std::abort();
}

}  // namespace libmpi::store_testing

#endif  // TESTS_REGISTRY_STORE_CHILD_H_
