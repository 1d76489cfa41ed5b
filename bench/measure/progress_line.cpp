#include "bench/measure/progress_line.hpp"

#include "actors/console/format.hpp"
#include "actors/console/terminal.hpp"

#include <unistd.h>

#include <iostream>

namespace onewriter::bench {

progress_line::progress_line(size_t number, size_t total,
                             const std::string& title)
  : is_live_{::isatty(STDERR_FILENO) != 0},
    start_text_{std::to_string(number) + "/" + std::to_string(total) + "  "
                + title},
    start_{std::chrono::steady_clock::now()} {
  draw(start_text_);
}

progress_line::~progress_line() {
  draw("");
}

void progress_line::show(uint64_t writes) {
  auto passed = std::chrono::steady_clock::now() - start_;
  auto rate = static_cast<double>(writes)
              / std::chrono::duration<double>{passed}.count();
  draw(start_text_ + "  " + format_seconds(passed) + "  "
       + with_separators(writes) + " writes, " + format_rate(rate) + "/s");
}

// Back to the start of the line, the text, and nothing behind it.
void progress_line::draw(const std::string& text) {
  if (is_live_)
    std::cerr << '\r' << first_columns(text, terminal_size().columns - 1)
              << "\x1b[K" << std::flush;
}

} // namespace onewriter::bench
