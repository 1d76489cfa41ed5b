#include "tests/model/plan.hpp"

#include <random>

namespace onewriter::test {

namespace {

struct weighted_action {
  action what;
  uint32_t weight;
};

// How often each is drawn, relative to the others. What costs much time or ends
// everything else is rare.
constexpr weighted_action weights[] = {
  {action::write_rows, 14},
  {action::write_returning, 5},
  {action::write_if_version, 6},
  {action::write_with_key, 8},
  {action::write_that_fails, 7},
  {action::turn_gate, 3},
  {action::call_function, 4},
  {action::call_with_key, 3},
  {action::run_transaction, 5},
  {action::run_failing_transaction, 2},
  {action::send_burden, 6},
  {action::bear_burden, 4},
  {action::forget_write, 5},
  {action::forget_gated_write, 4},
  {action::forget_failing_write, 2},
  {action::send_best_effort, 12},
  {action::send_failing_best_effort, 1},
  {action::query_rows, 6},
  {action::open_cursor, 1},
  {action::read_page, 2},
  {action::index_text, 3},
  {action::index_file, 1},
  {action::cancel_index, 1},
  {action::remove_document, 1},
  {action::search, 3},
  {action::replay_letter, 3},
  {action::discard_letter, 1},
  {action::ask_statistics, 2},
  {action::checkpoint, 2},
  {action::backup, 1},
  {action::check_integrity, 1},
  {action::recover_copy, 1},
  {action::pin_log, 2},
  {action::fail_connection, 3},
  {action::throw_exception, 3},
  {action::fail_sync, 2},
  {action::report_failed_sync, 2},
  {action::collect, 6},
  {action::collect_all, 3},
  {action::close_in_order, 1},
  {action::close_in_haste, 1},
};

class plan_maker {
public:
  plan_maker(uint64_t seed, size_t count) : random_{seed} {
    result_.seed = seed;
    result_.senders = 2 + below(3);
    result_.full_sync = below(4) == 0;
    result_.tight_queue = below(5) == 0;
    result_.short_turns = below(3) == 0;
    result_.scheduled = below(4) == 0;
    result_.bad_disk = below(3) == 0;
    result_.tiny = below(2) == 0;
    result_.pinned = below(2) == 0;
    for (uint64_t number = 1; number <= count; ++number)
      result_.steps.push_back(draw(number));
  }

  plan take() {
    return std::move(result_);
  }

private:
  // Not a distribution of the standard library: those differ between
  // implementations, and a seed would not be worth much.
  uint32_t below(uint32_t bound) {
    return static_cast<uint32_t>((random_() >> 16) % bound);
  }

  step draw(uint64_t number) {
    step result;
    result.what = draw_action();
    result.number = number;
    result.sender = below(result_.senders);
    result.choice = static_cast<uint32_t>(random_() >> 32);
    constexpr enum priority lanes[]
      = {priority::normal, priority::normal, priority::normal, priority::urgent,
         priority::background};
    result.priority = lanes[below(5)];
    constexpr patience_of limits[]
      = {patience_of::long_enough, patience_of::long_enough,
         patience_of::expired, patience_of::negative};
    if (below(8) == 0)
      result.patience = limits[below(4)];
    return result;
  }

  action draw_action() {
    uint32_t total = 0;
    for (auto& x : weights)
      total += x.weight;
    auto rest = below(total);
    auto pos = weights;
    for (; rest >= pos->weight; ++pos)
      rest -= pos->weight;
    return pos->what;
  }

  std::mt19937_64 random_;
  plan result_;
};

} // namespace

plan make_plan(uint64_t seed, size_t count) {
  return plan_maker{seed, count}.take();
}

std::string to_string(const plan& x) {
  auto result = "seed " + std::to_string(x.seed) + ", "
                + std::to_string(x.senders)
                + " senders, synchronous=" + (x.full_sync ? "full" : "normal");
  result += x.tight_queue ? ", tight queue" : "";
  result += x.short_turns ? ", short turns" : "";
  result += x.scheduled ? ", scheduled writer" : "";
  result += x.bad_disk ? ", bad disk" : "";
  result += x.tiny ? ", tiny resources" : "";
  result += x.pinned ? ", pinned log" : "";
  for (auto& part : x.steps)
    result += "\n  " + to_string(part);
  return result + "\n";
}

} // namespace onewriter::test
