#include "tests/model/player_state.hpp"

#include <thread>

namespace onewriter::test {

namespace {

constexpr uint64_t rows_per_page = 7;

bool is_idle(const statistics& x) {
  return x.state == "open" && x.writes.pending == 0
         && x.best_effort.pending == 0 && x.index_jobs == 0
         && x.depth_urgent + x.depth_normal + x.depth_best_effort
                + x.depth_chunk + x.depth_background
              == 0;
}

} // namespace

void player::send_query(const step& x) {
  ask<result_set>(x, database_, query{entries_sql},
                  [this](const caf::expected<result_set>& reply, moment sent) {
                    if (!reply)
                      return;
                    entry_snapshot seen{sent, now_, {}};
                    add_rows(*reply, seen.rows);
                    entries_.saw(std::move(seen));
                  });
}

void player::send_open_cursor(const step& x) {
  open_cursor what;
  what.what = query{entries_sql};
  what.what.max_rows = rows_per_page;
  ask<cursor_actor>(
    x, database_, what,
    [this](const caf::expected<cursor_actor>& reply, moment sent) {
      if (reply)
        cursors_.push_back({*reply, {sent, now_, {}}});
    });
}

void player::read_page(const step& x, size_t which) {
  step reading = x;
  reading.what = action::read_page;
  auto& from = cursors_[which];
  auto page = ask_now<cursor_page>(reading, from.handle, next_page{});
  if (page)
    add_rows(page->rows, from.seen.rows);
  if (page && page->last)
    entries_.saw(from.seen);
  if (!page || page->last)
    cursors_.erase(cursors_.begin() + static_cast<ptrdiff_t>(which));
}

void player::send_backup(const step& x) {
  backup what;
  what.path = folder_.file("backup-" + std::to_string(x.number));
  ask<backup_receipt>(
    x, database_, what,
    [=](const caf::expected<backup_receipt>& reply, moment sent) {
      if (reply)
        entries_.saw({sent, now_, read_entries(what.path)});
    });
}

// Messages without a reply are settled as well. Dead letters of what failed are
// not pending, but in line: they are there once a write has been through it
// that was sent when nothing was pending, and the line is empty.
bool player::come_to_rest() {
  return wait_until_idle() && write_last() && wait_until_idle();
}

bool player::wait_until_idle() {
  collect_all();
  auto limit = std::chrono::steady_clock::now() + reply_limit;
  while (!circumstances_.closing && std::chrono::steady_clock::now() < limit) {
    step x;
    x.what = action::ask_statistics;
    auto now = ask_now<statistics>(x, database_, get_statistics{});
    if (now && is_idle(*now))
      return true;
    std::this_thread::sleep_for(std::chrono::microseconds{200});
  }
  return false;
}

bool player::write_last() {
  step x;
  x.what = action::turn_gate;
  write what{"UPDATE gate SET is_open = is_open"};
  what.priority = priority::background;
  tally_.sent(false);
  auto receipt = ask_now<write_receipt>(x, database_, what);
  tally_.answered(receipt ? ec::none : code_of(receipt.error()));
  return static_cast<bool>(receipt);
}

std::string player::copy_file(uint64_t number) {
  auto result = folder_.file("copy-" + std::to_string(number));
  copy_as_if_killed(opts_.path, result);
  return result;
}

void player::recover_copy(const step& x) {
  if (!come_to_rest())
    return;
  auto sent = ++now_;
  auto rows = read_entries(copy_file(x.number));
  entries_.saw({sent, ++now_, std::move(rows)});
}

// Closing changes nothing that can be read.
void player::compare_with_copy(const file_content& closed,
                               const std::string& copy) {
  auto killed = read_file_content(copy);
  complaints_.expect(killed.damage.empty(),
                     "a copy of the files is damaged: " + killed.damage);
  auto compare = [&](const char* what, const auto& x, const auto& y) {
    complaints_.expect(x == y, std::string{"a copy of the files has other "}
                                 + what + " once its log is recovered: "
                                 + std::to_string(x.size()) + " of "
                                 + std::to_string(y.size()));
  };
  compare("rows", killed.entries, closed.entries);
  compare("messages", killed.efforts, closed.efforts);
  compare("counters", killed.versions, closed.versions);
  compare("dead letters", killed.letters, closed.letters);
}

void player::pin_log() {
  pin_.reset();
  if (plan_.pinned && !circumstances_.closing)
    pin_ = std::make_unique<log_pin>(opts_.path);
}

// A close with draining waits for the requests that have arrived. That is
// certain only of requests of the same sender.
void player::send_close(const step& x, bool drain) {
  auto& forgotten = entries_.forgotten();
  for (auto i = forgotten_; i < forgotten.size(); ++i) {
    auto& when = entries_.request(forgotten[i]).when;
    auto is_early = when.arrived != never || when.sender == x.sender;
    if (!drain || !is_early)
      entries_.may_be_refused(forgotten[i]);
  }
  if (!std::exchange(circumstances_.closing, true))
    steps_until_open_ = x.pick(6, 1);
  // Without draining, the close does not wait for a writer that is being
  // restarted, and the log stays where it cannot be synced.
  log_may_stay_ |= !drain || plan_.bad_disk;
  pin_.reset();
  close what;
  what.drain = drain;
  ask<close_receipt>(x, database_, what,
                     [this](const caf::expected<close_receipt>& reply, moment) {
                       complaints_.expect(
                         reply && (reply->log_removed || log_may_stay_),
                         "closed, but the log is there");
                     });
}

} // namespace onewriter::test
