#include "app/commands/output/live_bar.hpp"

#include "actors/console/format.hpp"

#include <algorithm>
#include <utility>

namespace onewriter::node {

live_bar::live_bar(std::string title, bool live)
  : title_{std::move(title)},
    area_{live && is_live_terminal() ? std::make_unique<live_area>()
                                     : nullptr} {
  // nop
}

void live_bar::show(uint64_t done, uint64_t all, const std::string& text) {
  constexpr std::chrono::milliseconds frame_interval{100};
  constexpr size_t longest = 30;
  auto now = clock::now();
  if (std::exchange(is_first_, false)) {
    first_done_ = done;
    begin_ = now;
  }
  if (!area_ || now < next_)
    return;
  next_ = now + frame_interval;
  auto share
    = all == 0
        ? 0.0
        : std::min(1.0, static_cast<double>(done) / static_cast<double>(all));
  auto size = std::min(longest, terminal_size().columns / 3);
  auto full = static_cast<size_t>(share * static_cast<double>(size));
  styled_line line{title_ + "  "};
  line.add(std::string(full, '#'), style::accent)
    .add(std::string(size - full, '.'), style::dim)
    .add("  " + format_percent(share) + "  " + text);
  if (done > first_done_ && done < all) {
    auto left = elapsed_seconds() * static_cast<double>(all - done)
                / static_cast<double>(done - first_done_);
    line.add("  " + format_fixed(left, 0) + " s left", style::dim);
  }
  area_->draw({line});
}

void live_bar::clear() {
  if (area_)
    area_->clear();
}

void live_bar::finish() {
  area_.reset();
}

double live_bar::elapsed_seconds() const {
  return std::chrono::duration<double>(clock::now() - begin_).count();
}

} // namespace onewriter::node
