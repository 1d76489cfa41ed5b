#include "actors/text/passage_cutter.hpp"

#include "actors/text/utf8.hpp"

#include <algorithm>

namespace onewriter {

namespace {

// Returns the size of the first passage of `text`, which must be longer than
// `max_bytes`. Looks at no more than `max_bytes + 1` bytes.
size_t first_cut(std::string_view text, size_t max_bytes) {
  auto splits_line_break
    = text[max_bytes - 1] == '\r' && text[max_bytes] == '\n';
  auto window = text.substr(0, splits_line_break ? max_bytes - 1 : max_bytes);
  auto half = max_bytes / 2;
  auto candidates = window.substr(half);
  if (auto pos = candidates.rfind('\n'); pos != std::string_view::npos)
    return half + pos + 1;
  // After a '\r' that is still here no '\n' can follow.
  if (auto pos = candidates.find_last_of(" \t\v\f\r");
      pos != std::string_view::npos)
    return half + pos + 1;
  return complete_prefix(window);
}

} // namespace

passage_cutter::passage_cutter(size_t max_bytes)
  : max_bytes_(std::max(max_bytes, min_max_bytes)) {
  // nop
}

void passage_cutter::feed(std::string_view block) {
  // Only if it moves less than it removes, so that the cost per byte depends
  // neither on the size of blocks nor on the number of calls of `next`.
  if (taken_ > buffer_.size() / 2) {
    buffer_.erase(0, taken_);
    taken_ = 0;
  }
  buffer_.append(block);
}

std::optional<passage> passage_cutter::next() {
  if (rest().size() <= max_bytes_)
    return std::nullopt;
  return take(first_cut(rest(), max_bytes_));
}

std::optional<passage> passage_cutter::finish() {
  if (auto result = next())
    return result;
  if (rest().empty())
    return std::nullopt;
  return take(rest().size());
}

std::string_view passage_cutter::rest() const {
  return std::string_view{buffer_}.substr(taken_);
}

passage passage_cutter::take(size_t size) {
  passage result{offset_, std::string{rest().substr(0, size)}};
  taken_ += size;
  offset_ += size;
  return result;
}

} // namespace onewriter
