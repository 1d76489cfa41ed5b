#pragma once

#include "actors/console/styled_line.hpp"

#include <cstddef>
#include <vector>

namespace onewriter {

/// Columns and lines.
struct screen_size {
  size_t columns = 80;
  size_t lines = 24;
};

/// Whether standard output is a terminal that can move its cursor.
[[nodiscard]] bool is_live_terminal();

/// Whether colours are wanted on standard output: on terminals, unless the
/// environment variable NO_COLOR is set (https://no-color.org).
[[nodiscard]] bool wants_colours();

/// Returns whether the environment selects UTF-8 for text.
[[nodiscard]] bool is_utf8_locale();

/// Returns the size of the terminal now.
[[nodiscard]] screen_size terminal_size();

/// Makes the cursor visible again, and leaves the drawn area. Does nothing if
/// nothing is drawn. May be called from anywhere, also from a signal handler.
void restore_terminal();

/// Does the same while the program is stopped (Ctrl-Z): the next frame is drawn
/// below the output that is there by then.
void suspend_terminal();

/// Lines at the bottom of a terminal that are drawn again and again. There is
/// at most one such area. Every end of the program restores the terminal,
/// except signals that cannot be caught.
class live_area {
public:
  live_area();

  live_area(const live_area&) = delete;

  live_area& operator=(const live_area&) = delete;

  ~live_area();

  /// Draws `lines` in place of the last frame, cut to the terminal's size.
  /// Returns whether the terminal is still there.
  bool draw(const std::vector<styled_line>& lines);

  /// Removes the last frame.
  void clear();

private:
  std::string to_top() const;

  size_t drawn_ = 0;
  screen_size size_;
  bool colours_;
};

/// Writes `text` to standard output, all of it. Returns whether that worked.
bool write_out(std::string_view text);

} // namespace onewriter
