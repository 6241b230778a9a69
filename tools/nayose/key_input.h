// SPDX-License-Identifier: Apache-2.0
// One key from a terminal, or the first character of a line from anything else.
#ifndef LIBMPI_TOOLS_NAYOSE_KEY_INPUT_H_
#define LIBMPI_TOOLS_NAYOSE_KEY_INPUT_H_

#include <termios.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace nayose {

// Standard input. A terminal gives keys as they are pressed while the object lives, and is put
// back afterwards.
class KeyInput {
 public:
  // Lines that are not one letter, and the keys that they stand for.
  using Words = std::span<const std::pair<std::string_view, char>>;

  KeyInput();
  KeyInput(const KeyInput&) = delete;
  KeyInput& operator=(const KeyInput&) = delete;
  ~KeyInput();

  // Lower case, full-width letters as ASCII; 'q' at the end of the input and for Ctrl-C and Ctrl-D; a space for an
  // empty line, for keys without a letter and for other words.
  char Next();
  char Next(Words words);
  // A line of text, edited as the terminal edits lines; nothing where it was given up (Ctrl-C) or the input has ended.
  std::optional<std::string> Line();
  bool is_terminal() const { return is_terminal_; }

 private:
  void TakeKeys() const;
  unsigned char ReadByte(bool* ended);
  bool ReadByteSoon(unsigned char* byte);
  char KeyFrom(unsigned char byte);

  termios before_{};        // before is_terminal_, whose making fills it
  bool is_terminal_ = false;
  std::optional<unsigned char> unread_;
};

// Cells that the terminal of standard output is wide; 100 where it is none.
int TerminalColumns();

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_KEY_INPUT_H_
