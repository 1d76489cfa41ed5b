#pragma once

#include "app/commands/shell/history_file.hpp"
#include "app/commands/shell/shell_signals.hpp"

#include <memory>
#include <string>

namespace onewriter::node {

enum class line_outcome : uint8_t {
  line,
  /// The input has ended: a file, or Ctrl-D.
  end,
  /// Ctrl-C, or the program is to end.
  cancelled,
  /// The input cannot be read.
  failed,
};

/// Reads lines of a file or of a person. Used in one thread.
class line_reader {
public:
  virtual ~line_reader();

  /// Reads a line into `line`, without its end; what the system says, if that
  /// fails. `prompt` is what a person sees before it.
  [[nodiscard]] virtual line_outcome
  read(const std::string& prompt, std::string& line)
    = 0;
};

/// Makes a reader of the file `descriptor`. Prompts are printed only with
/// `has_prompt`.
[[nodiscard]] std::unique_ptr<line_reader>
make_plain_reader(int descriptor, bool has_prompt, shell_signals& signals);

/// Makes a reader for a person at the terminal that standard input and standard
/// output are, with an editor for lines and the lines of `history`; without
/// libedit (https://www.thrysoee.dk/editline/) a plain one.
[[nodiscard]] std::unique_ptr<line_reader>
make_edit_reader(history_file& history, shell_signals& signals);

} // namespace onewriter::node
