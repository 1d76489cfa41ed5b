#include "actors/console/terminal.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <string>

#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace onewriter {

namespace {

// The current user of the terminal.
enum class use : int { none, drawing, suspended };

std::atomic<use> current_use{use::none};

// Hidden cursor, and long lines are not wrapped.
constexpr std::string_view begin_drawing = "\x1b[?25l\x1b[?7l";
constexpr std::string_view end_drawing = "\x1b[?7h\x1b[?25h";

// Terminals that support it show a frame all at once; others ignore it.
constexpr std::string_view begin_frame = "\x1b[?2026h";
constexpr std::string_view end_frame = "\x1b[?2026l";

std::string variable(const char* name) {
  auto value = std::getenv(name);
  return value == nullptr ? "" : value;
}

extern "C" void restore_and_die(int number) {
  restore_terminal();
  raise(number);
}

// The default action follows, because the handler is removed first.
void restore_after_crashes() {
  struct sigaction what {};
  what.sa_handler = restore_and_die;
  what.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  for (auto x : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT})
    sigaction(x, &what, nullptr);
}

} // namespace

bool is_live_terminal() {
  auto kind = variable("TERM");
  return isatty(STDOUT_FILENO) == 1 && !kind.empty() && kind != "dumb";
}

bool wants_colours() {
  return is_live_terminal() && variable("NO_COLOR").empty();
}

bool is_utf8_locale() {
  for (auto name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (auto value = variable(name); !value.empty())
      return value.find("UTF-8") != value.npos
             || value.find("utf8") != value.npos;
  return false;
}

screen_size terminal_size() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0
      || size.ws_row == 0)
    return {};
  return {size.ws_col, size.ws_row};
}

void restore_terminal() {
  if (current_use.exchange(use::none) == use::drawing) {
    auto ignored
      = ::write(STDOUT_FILENO, end_drawing.data(), end_drawing.size());
    static_cast<void>(ignored);
  }
}

void suspend_terminal() {
  auto expected = use::drawing;
  if (current_use.compare_exchange_strong(expected, use::suspended))
    write_out(end_drawing);
}

bool write_out(std::string_view text) {
  while (!text.empty()) {
    auto count = ::write(STDOUT_FILENO, text.data(), text.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    text.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

live_area::live_area() : size_{terminal_size()}, colours_{wants_colours()} {
  restore_after_crashes();
  current_use = use::drawing;
  write_out(begin_drawing);
}

live_area::~live_area() {
  clear();
  restore_terminal();
}

bool live_area::draw(const std::vector<styled_line>& lines) {
  auto expected = use::suspended;
  if (current_use.compare_exchange_strong(expected, use::drawing)) {
    write_out(begin_drawing);
    drawn_ = 0;
  } else if (expected == use::none) {
    return true;
  }
  std::string frame{begin_frame};
  auto size = terminal_size();
  // The terminal has moved the content: begin at the top.
  if (size.columns != size_.columns || size.lines != size_.lines)
    frame += "\x1b[H";
  else
    frame += to_top();
  size_ = size;
  // The cursor needs the line below.
  drawn_ = std::min(lines.size(), size.lines - 1);
  for (size_t i = 0; i < drawn_; ++i)
    frame += lines[i].render(size.columns, colours_) + "\x1b[K\r\n";
  frame += "\x1b[J";
  frame += end_frame;
  return write_out(frame);
}

void live_area::clear() {
  // If the whole screen is cleared at once, some terminals keep its content in
  // their scroll-back buffer.
  if (drawn_ > 0)
    write_out(to_top() + "\x1b[K\x1b[1E\x1b[J\x1b[1F");
  drawn_ = 0;
}

std::string live_area::to_top() const {
  return drawn_ == 0 ? "\r" : "\x1b[" + std::to_string(drawn_) + "F";
}

} // namespace onewriter
