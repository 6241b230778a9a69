// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/key_input.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdint>

namespace nayose {
namespace {

constexpr char kCtrlC = 3, kCtrlD = 4, kEscape = 27;

constexpr std::pair<std::string_view, char> kWords[] = {
    {"y", 'y'}, {"yes", 'y'}, {"same", 'y'}, {"n", 'n'}, {"no", 'n'}, {"different", 'n'}, {"u", 'u'},
    {"unsure", 'u'}, {"b", 'b'}, {"back", 'b'}, {"q", 'q'}, {"quit", 'q'}};

// The key that a line's word stands for; ' ' for any other word: "not sure" is no "no".
char KeyOfWord(std::string_view word, KeyInput::Words words) {
  for (const auto& [known, key] : words)
    if (word == known) return key;
  return ' ';
}

// The letter that a full-width one stands for, as who has an input method on types them; ' ' for other characters.
char AsciiOf(uint32_t code) {
  constexpr uint32_t kFirst = 0xFF01, kLast = 0xFF5E;
  return code >= kFirst && code <= kLast ? static_cast<char>(code - kFirst + '!') : ' ';
}

char Lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

}  // namespace

KeyInput::KeyInput() : is_terminal_(isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before_) == 0) {
  if (is_terminal_) TakeKeys();
}

KeyInput::~KeyInput() {
  if (is_terminal_) tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
}

void KeyInput::TakeKeys() const {
  termios keys = before_;
  keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);  // Ctrl-C comes as a key: nothing is lost
  keys.c_cc[VMIN] = 1;
  keys.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSADRAIN, &keys);
}

unsigned char KeyInput::ReadByte(bool* ended) {
  unsigned char byte = 0;
  *ended = false;
  if (unread_) return *std::exchange(unread_, std::nullopt);
  ssize_t got;
  do got = read(STDIN_FILENO, &byte, 1);
  while (got < 0 && errno == EINTR);
  *ended = got <= 0;
  return byte;
}

// What belongs to the byte before comes at once.
bool KeyInput::ReadByteSoon(unsigned char* byte) {
  constexpr int kMilliseconds = 50;
  pollfd waiting{STDIN_FILENO, POLLIN, 0};
  if (!unread_ && poll(&waiting, 1, kMilliseconds) <= 0) return false;
  bool ended;
  *byte = ReadByte(&ended);
  return !ended;
}

// Reads the rest of the key that begins so: an arrow's letters are no keys of their own.
char KeyInput::KeyFrom(unsigned char first) {
  unsigned char byte = 0;
  if (first == kEscape) {
    if (!ReadByteSoon(&byte)) return ' ';
    if (byte != '[' && byte != 'O') {
      unread_ = byte;
      return ' ';
    }
    while (ReadByteSoon(&byte) && (byte < 0x40 || byte == '[')) continue;
    return ' ';
  }
  if (first < 0x80) return static_cast<char>(first);
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  uint32_t code = first & (0x3Fu >> more);
  for (int i = 0; i < more && ReadByteSoon(&byte); ++i) code = code << 6 | (byte & 0x3Fu);
  return AsciiOf(code);
}

char KeyInput::Next() { return Next(kWords); }

char KeyInput::Next(Words words) {
  bool ended;
  const unsigned char byte = ReadByte(&ended);
  if (ended) return 'q';
  if (is_terminal_) return byte == kCtrlC || byte == kCtrlD ? 'q' : Lower(KeyFrom(byte));
  std::string line;
  for (unsigned char c = byte; !ended && c != '\n'; c = ReadByte(&ended))
    if (!std::isspace(c)) line.push_back(Lower(static_cast<char>(c)));
  return KeyOfWord(line, words);
}

std::optional<std::string> KeyInput::Line() {
  if (is_terminal_) {
    termios lines = before_;
    lines.c_lflag |= static_cast<tcflag_t>(ICANON | ECHO);
    lines.c_lflag &= ~static_cast<tcflag_t>(ISIG);
#ifdef IUTF8
    lines.c_iflag |= static_cast<tcflag_t>(IUTF8);
#endif
    lines.c_cc[VEOL] = kCtrlC;  // which ends the line
    tcsetattr(STDIN_FILENO, TCSADRAIN, &lines);
  }
  std::string line;
  bool ended, given_up = false;
  unsigned char c;
  for (c = ReadByte(&ended); !ended && c != '\n'; c = ReadByte(&ended)) {
    given_up = is_terminal_ && c == kCtrlC;
    if (given_up) break;
    line.push_back(static_cast<char>(c));
  }
  if (is_terminal_) TakeKeys();
  if (given_up || (ended && line.empty())) return std::nullopt;
  return line;
}

int TerminalColumns() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

}  // namespace nayose
