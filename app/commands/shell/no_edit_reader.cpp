// Instead of edit_reader.cpp where libedit is missing.
#include "app/commands/shell/line_reader.hpp"

#include <unistd.h>

namespace onewriter::node {

std::unique_ptr<line_reader> make_edit_reader(history_file&,
                                              shell_signals& signals) {
  return make_plain_reader(STDIN_FILENO, true, signals);
}

} // namespace onewriter::node
