#include "onewriter/compat/messaging.hpp"
#include "tests/model/player_state.hpp"

#include <stdexcept>

namespace onewriter::test {

void add_rows(const result_set& from, std::vector<entry_row>& to) {
  for (auto& line : from.rows)
    to.push_back(line.into<entry_row, int64_t, uint64_t, uint32_t>());
}

// -- the file ----------------------------------------------------------------------

void player::set_up() {
  report_.tiny = plan_.tiny;
  report_.pinned = plan_.pinned;
  opts_.path = folder_.file("model.db");
  opts_.synchronous = plan_.full_sync ? synchronous::full : synchronous::normal;
  opts_.readers = 1;
  opts_.max_cursors = 2;
  opts_.log = nullptr;
  opts_.allow_failure_injection = true;
  opts_.restarts.initial_delay = std::chrono::milliseconds{1};
  opts_.restarts.max_delay = std::chrono::milliseconds{5};
  opts_.restarts.max_restarts = 1'000'000;
  opts_.chunk_time = std::chrono::milliseconds{1};
  opts_.checkpoint_pages = 100;
  opts_.query_deadline = reply_limit;
  opts_.queue.overload_target = std::chrono::nanoseconds{0};
  if (plan_.tight_queue) {
    opts_.queue.max_items = 6;
    opts_.queue.best_effort_items = 3;
  }
  if (plan_.short_turns)
    opts_.queue.turn_items = 3;
  if (plan_.scheduled) {
    opts_.thread = writer_thread::scheduled;
    opts_.quick_query_time = std::chrono::milliseconds{1};
  }
  if (plan_.bad_disk)
    opts_.vfs = disk_.name();
  if (plan_.tiny) {
    make_tiny(opts_);
    create_tiny_file(opts_.path);
  }
  add_functions(opts_);
  circumstances_.tight_queue = plan_.tight_queue;
  circumstances_.bad_disk = plan_.bad_disk;
}

void player::open() {
  auto opened = open_database(sys_, opts_);
  if (!opened)
    throw std::runtime_error("cannot open: " + describe(opened.error()));
  database_ = *opened;
  circumstances_.closing = false;
  circumstances_.cancelled = false;
  log_may_stay_ = false;
  steps_until_open_ = 0;
  faults_ = 0;
  failed_syncs_ = disk_.failed_syncs();
  forgotten_ = entries_.forgotten().size();
  step first;
  first.what = action::write_rows;
  tally_.sent(false);
  auto created = ask_now<write_receipt>(first, database_, schema_of_model());
  tally_.answered(created ? ec::none : code_of(created.error()));
  if (!created)
    throw std::runtime_error("no schema: " + describe(created.error()));
}

// What was counted is at rest only when the file is closed.
void player::take_stock() {
  collect_all();
  disk_.fail_next_sync(sync_fault::none);
  cursors_.clear();
  step x;
  x.what = action::ask_statistics;
  auto counts = ask_now<statistics>(x, database_, get_statistics{});
  if (!counts)
    throw std::runtime_error("no statistics: " + describe(counts.error()));
  last_ = *counts;
  tally_.closed(last_.writes);
  efforts_.closed(last_.best_effort);
  auto syncs = static_cast<uint64_t>(disk_.failed_syncs() - failed_syncs_);
  complaints_.expect(last_.writer_restarts <= faults_ + syncs,
                     std::to_string(last_.writer_restarts) + " restarts after "
                       + std::to_string(faults_ + syncs) + " faults");
  report_.faults += faults_ + syncs;
  report_.restarts += last_.writer_restarts;
  ++report_.closings;
  database_ = nullptr;
}

void player::finish() {
  if (!database_ || circumstances_.closing) {
    take_stock();
    open();
  }
  collect_all();
  while (!cursors_.empty())
    read_page(step{}, 0);
  step last;
  last.what = action::search;
  send_search(last);
  last.what = action::check_integrity;
  check_integrity(last);
  collect_all();
  come_to_rest();
  auto copy = copy_file(0);
  last.what = action::close_in_order;
  send_close(last, true);
  take_stock();
  auto file = read_file_content(opts_.path);
  complaints_.expect(file.damage.empty(), "damaged: " + file.damage);
  compare_with_copy(file, copy);
  complaints_.expect(last_.dead_letters == file.letters.size(),
                     std::to_string(last_.dead_letters)
                       + " dead letters were counted, there are "
                       + std::to_string(file.letters.size()));
  entries_.check(file);
  efforts_.check(file);
  tally_.check(entries_.forgotten_and_done(), entries_.letters_in_doubt());
}

// -- steps -------------------------------------------------------------------------

void player::take(const step& x) {
  if (circumstances_.closing && steps_until_open_-- == 0) {
    take_stock();
    open();
  }
  auto known = take_write(x) || take_read(x) || take_document(x)
               || take_maintenance(x) || take_fault(x);
  if (!known && x.what == action::collect)
    collect(*senders_[x.sender]);
  else if (!known)
    collect_all();
}

bool player::take_write(const step& x) {
  if (x.what == action::send_best_effort
      || x.what == action::send_failing_best_effort)
    return send_best_effort(x), true;
  if (x.what == action::replay_letter || x.what == action::discard_letter)
    return change_letter(x), true;
  if (x.what == action::send_burden || x.what == action::bear_burden)
    return send_burdened(x), true;
  if (!is_write(x.what) && !is_call(x.what) && !is_transaction(x.what))
    return false;
  if (entry_of(x).forgotten)
    forget(x);
  else
    send_write(x);
  return true;
}

// In a file with larger pages and a larger cache they are nothing special.
void player::send_burdened(const step& x) {
  if (!plan_.tiny)
    return;
  ++report_.burdens;
  if (x.what == action::send_burden)
    send_burden(x);
  else
    send_write(x);
}

bool player::take_read(const step& x) {
  switch (x.what) {
    case action::query_rows:
      return send_query(x), true;
    case action::open_cursor:
      return send_open_cursor(x), true;
    case action::read_page:
      if (!cursors_.empty())
        read_page(x, x.pick(static_cast<uint32_t>(cursors_.size())));
      return true;
    default:
      return false;
  }
}

bool player::take_document(const step& x) {
  switch (x.what) {
    case action::index_text:
    case action::index_file:
      return send_index(x), true;
    case action::remove_document:
      return send_remove(x), true;
    case action::search:
      return send_search(x), true;
    case action::cancel_index:
      circumstances_.cancelled = true;
      ask_and_ignore<caf::unit_t>(x, cancel_index{"notes", document_of(x).key});
      return true;
    default:
      return false;
  }
}

bool player::take_maintenance(const step& x) {
  switch (x.what) {
    case action::ask_statistics:
      return ask_and_ignore<statistics>(x, get_statistics{}), true;
    case action::checkpoint:
      return ask_and_ignore<checkpoint_receipt>(x, checkpoint{x.pick(2) == 0}),
             true;
    case action::backup:
      return send_backup(x), true;
    case action::recover_copy:
      return recover_copy(x), true;
    case action::pin_log:
      return pin_log(), true;
    case action::check_integrity:
      return check_integrity(x), true;
    case action::close_in_order:
      return send_close(x, true), true;
    case action::close_in_haste:
      return send_close(x, false), true;
    default:
      return false;
  }
}

bool player::take_fault(const step& x) {
  switch (x.what) {
    case action::fail_connection:
    case action::throw_exception:
      compat::anon_send(database_,
                        inject_failure{x.what == action::fail_connection
                                         ? failure_kind::connection
                                         : failure_kind::exception});
      ++faults_;
      return true;
    case action::fail_sync:
    case action::report_failed_sync:
      if (plan_.bad_disk)
        disk_.fail_next_sync(x.what == action::fail_sync
                               ? sync_fault::real
                               : sync_fault::reported);
      return true;
    default:
      return false;
  }
}

// -- replies -----------------------------------------------------------------------

void player::check_integrity(const step& x) {
  ask<integrity_report>(
    x, database_, integrity_check{},
    [this](const caf::expected<integrity_report>& reply, moment) {
      complaints_.expect(!reply || reply->ok(), "the check found damage");
    });
}

void player::collect(sender& from) {
  while (!from.outstanding.empty()) {
    auto next = std::move(from.outstanding.front());
    from.outstanding.pop_front();
    next();
  }
}

void player::collect_all() {
  for (auto& from : senders_)
    collect(*from);
}

ec player::check_reply(const step& x, const caf::error& err) {
  auto code = err == caf::none ? ec::none : code_of(err);
  ++report_.replies[code];
  if (err == caf::sec::request_timeout)
    throw std::runtime_error("no reply to " + to_string(x));
  complaints_.expect(is_legal(x, code, circumstances_),
                     to_string(x) + ": "
                       + (err == caf::none ? "succeeded" : describe(err)));
  if (code == ec::overloaded)
    complaints_.expect(failure_of(err).retry_after.count() > 0,
                       to_string(x) + ": no hint when to retry");
  return code;
}

play_report play(caf::actor_system& sys, unsynced_disk& disk,
                 const plan& what) {
  return player{sys, disk, what}.play();
}

} // namespace onewriter::test
