// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/key_input.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

namespace nayose {
namespace {

// A byte, or 'q' where there is none any more.
unsigned char ReadByte(bool* ended) {
  unsigned char byte = 0;
  ssize_t got;
  do got = read(STDIN_FILENO, &byte, 1);
  while (got < 0 && errno == EINTR);
  *ended = got <= 0;
  return byte;
}

// The key that a line's word stands for; ' ' for any other word: "not sure" is no "no".
char KeyOfWord(std::string_view word) {
  constexpr std::pair<std::string_view, char> kWords[] = {
      {"y", 'y'}, {"yes", 'y'}, {"same", 'y'}, {"n", 'n'}, {"no", 'n'}, {"different", 'n'}, {"u", 'u'},
      {"unsure", 'u'}, {"b", 'b'}, {"back", 'b'}, {"q", 'q'}, {"quit", 'q'}};
  for (const auto& [known, key] : kWords)
    if (word == known) return key;
  return ' ';
}

}  // namespace

KeyInput::KeyInput() : is_terminal_(isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before_) == 0) {
  if (!is_terminal_) return;
  termios keys = before_;
  keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);  // Ctrl-C comes as a key: nothing is lost
  keys.c_cc[VMIN] = 1;
  keys.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSADRAIN, &keys);
}

KeyInput::~KeyInput() {
  if (is_terminal_) tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
}

char KeyInput::Next() {
  bool ended;
  const unsigned char byte = ReadByte(&ended);
  if (ended) return 'q';
  if (is_terminal_) return byte == 3 || byte == 4 ? 'q' : static_cast<char>(std::tolower(byte));
  std::string line;
  for (unsigned char c = byte; !ended && c != '\n'; c = ReadByte(&ended))
    if (!std::isspace(c)) line.push_back(static_cast<char>(std::tolower(c)));
  return KeyOfWord(line);
}

int TerminalColumns() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

}  // namespace nayose
