#include "tests/model/player_state.hpp"

namespace onewriter::test {

namespace {

constexpr uint64_t rows_per_page = 7;

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

// Who closes in order waits for what has arrived, and that is certain only of
// what the same sender sent.
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
  // In haste nobody waits for a writer that is being restarted, and the log
  // stays where it cannot be synced.
  log_may_stay_ |= !drain || plan_.bad_disk;
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
