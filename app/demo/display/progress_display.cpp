#include "app/demo/display/progress_display.hpp"

#include "actors/console/terminal.hpp"
#include "app/demo/display/progress_text.hpp"
#include "onewriter/compat/messaging.hpp"

#include <deque>
#include <optional>
#include <utility>

#include <sys/resource.h>

namespace onewriter::node {

namespace {

using clock = std::chrono::steady_clock;

constexpr auto frame_interval = std::chrono::milliseconds{200};
constexpr auto line_interval = std::chrono::seconds{1};

// Rates are those of the last three seconds: steady enough to be read, fresh
// enough to be believed.
constexpr auto rate_window = std::chrono::seconds{3};

class progress_display_state {
public:
  explicit progress_display_state(progress_display_actor::pointer self)
    : self_{self} {
    // nop
  }

  progress_display_actor::behavior_type make_behavior(database_actor db,
                                                      scoreboard_actor board,
                                                      display_options opts) {
    db_ = std::move(db);
    board_ = std::move(board);
    opts_ = std::move(opts);
    shown_ = opts_.fixed;
    moments_.push_back({opts_.started});
    if (opts_.live)
      area_.emplace();
    schedule();
    return {
      [this](finish) {
        area_.reset();
        self_->quit();
      },
      [this](redraw) { ask_database(); },
    };
  }

  static inline const char* name = "onewriter.progress_display";

private:
  struct moment {
    clock::time_point when;
    std::array<uint64_t, activity_count> done{};
    uint64_t stored_bytes = 0;
    uint64_t indexed_bytes = 0;
  };

  // -- asking ----------------------------------------------------------------------

  void ask_database() {
    compat::request(self_, db_, caf::infinite, get_statistics{})
      .then(
        [this](statistics& x) {
          shown_.database = std::move(x);
          ask_scoreboard();
        },
        [this](const caf::error&) { ask_scoreboard(); });
  }

  void ask_scoreboard() {
    compat::request(self_, board_, caf::infinite, get_scores{})
      .then(
        [this](scores& x) {
          shown_.told = std::move(x);
          show();
        },
        [this](const caf::error&) { schedule(); });
  }

  void schedule() {
    auto delay = opts_.live ? std::chrono::nanoseconds{frame_interval}
                            : std::chrono::nanoseconds{line_interval};
    compat::delayed_send(self_, progress_display_actor{self_}, delay, redraw{});
  }

  // -- showing ---------------------------------------------------------------------

  void show() {
    auto now = clock::now();
    shown_.elapsed = now - opts_.started;
    shown_.peak_memory_bytes = peak_memory_bytes();
    shown_.events = opts_.events->last(3);
    remember(now);
    calculate_rates();
    auto there = opts_.live
                   ? area_->draw(live_frame(shown_, terminal_size(), utf8_))
                   : write_out(progress_line(shown_) + '\n');
    if (there)
      schedule();
    else
      opts_.when_gone();
  }

  void remember(clock::time_point now) {
    moment x;
    x.when = now;
    for (size_t i = 0; i < activity_count; ++i)
      x.done[i] = shown_.told.activities[i].done;
    x.stored_bytes = shown_.told.store.bytes;
    x.indexed_bytes = shown_.told.index.bytes;
    moments_.push_back(x);
    while (moments_.size() > 2 && now - moments_.front().when > rate_window)
      moments_.pop_front();
  }

  void calculate_rates() {
    auto& first = moments_.front();
    auto& last = moments_.back();
    std::chrono::duration<double> time = last.when - first.when;
    if (time.count() <= 0)
      return;
    auto rate = [&](uint64_t from, uint64_t to) {
      return static_cast<double>(to - from) / time.count();
    };
    for (size_t i = 0; i < activity_count; ++i)
      shown_.rates[i] = rate(first.done[i], last.done[i]);
    shown_.stored_bytes_per_second
      = rate(first.stored_bytes, last.stored_bytes);
    shown_.indexed_bytes_per_second
      = rate(first.indexed_bytes, last.indexed_bytes);
  }

  progress_display_actor::pointer self_;
  database_actor db_;
  scoreboard_actor board_;
  display_options opts_;
  snapshot shown_;
  bool utf8_ = is_utf8_locale();
  std::optional<live_area> area_;
  // The oldest first.
  std::deque<moment> moments_;
};

progress_display_actor::behavior_type progress_display(
  progress_display_actor::stateful_pointer<progress_display_state> self,
  database_actor db, scoreboard_actor board, display_options opts) {
  return compat::state(self).make_behavior(std::move(db), std::move(board),
                                           std::move(opts));
}

} // namespace

progress_display_actor
spawn_progress_display(caf::actor_system& sys, database_actor db,
                       scoreboard_actor board, display_options opts) {
  return sys.spawn<caf::detached>(progress_display, std::move(db),
                                  std::move(board), std::move(opts));
}

uint64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto result = static_cast<uint64_t>(usage.ru_maxrss);
#ifdef __APPLE__
  return result;
#else
  return result * 1'024;
#endif
}

} // namespace onewriter::node
