#include "app/commands/shell/line_reader.hpp"

#include <cerrno>
#include <cstring>

#include <unistd.h>

namespace onewriter::node {

namespace {

class plain_reader final : public line_reader {
public:
  plain_reader(int descriptor, bool has_prompt, shell_signals& signals)
    : descriptor_{descriptor},
      has_prompt_{has_prompt},
      signals_{signals} {
    // nop
  }

  line_outcome read(const std::string& prompt, std::string& line) override {
    signals_.begin();
    if (has_prompt_) {
      // Standard output may be a file.
      auto ignored = ::write(STDERR_FILENO, prompt.data(), prompt.size());
      static_cast<void>(ignored);
    }
    for (;;) {
      auto end = buffer_.find('\n');
      if (end != buffer_.npos || (is_all_ && !buffer_.empty())) {
        line = buffer_.substr(0, end);
        buffer_.erase(0, end == buffer_.npos ? end : end + 1);
        return line_outcome::line;
      }
      if (problem_ != 0) {
        line = std::strerror(problem_);
        return line_outcome::failed;
      }
      if (is_all_)
        return line_outcome::end;
      if (!signals_.pipe()->wait(descriptor_)) {
        signals_.pipe()->clear();
        if (signals_.is_cancelled())
          return line_outcome::cancelled;
        continue;
      }
      read_more();
    }
  }

private:
  void read_more() {
    char buf[64 * 1024];
    auto count = ::read(descriptor_, buf, sizeof buf);
    if (count > 0)
      buffer_.append(buf, static_cast<size_t>(count));
    else if (count == 0)
      is_all_ = true;
    else if (errno != EINTR)
      problem_ = errno;
  }

  int descriptor_;
  bool has_prompt_;
  shell_signals& signals_;
  std::string buffer_;
  bool is_all_ = false;
  int problem_ = 0;
};

} // namespace

line_reader::~line_reader() = default;

std::unique_ptr<line_reader> make_plain_reader(int descriptor, bool has_prompt,
                                               shell_signals& signals) {
  return std::make_unique<plain_reader>(descriptor, has_prompt, signals);
}

} // namespace onewriter::node
