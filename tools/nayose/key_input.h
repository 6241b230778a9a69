// SPDX-License-Identifier: Apache-2.0
// One key from a terminal, or the first character of a line from anything else.
#ifndef LIBMPI_TOOLS_NAYOSE_KEY_INPUT_H_
#define LIBMPI_TOOLS_NAYOSE_KEY_INPUT_H_

#include <termios.h>

namespace nayose {

// Standard input. A terminal gives keys as they are pressed while the object lives, and is put
// back afterwards.
class KeyInput {
 public:
  KeyInput();
  KeyInput(const KeyInput&) = delete;
  KeyInput& operator=(const KeyInput&) = delete;
  ~KeyInput();

  // Lower case; 'q' at the end of the input and for Ctrl-C and Ctrl-D; a space for an empty line.
  char Next();
  bool is_terminal() const { return is_terminal_; }

 private:
  bool is_terminal_ = false;
  termios before_{};
};

// Cells that the terminal of standard output is wide; 100 where it is none.
int TerminalColumns();

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_KEY_INPUT_H_
