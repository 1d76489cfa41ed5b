// One thread plays all senders: it sends without waiting and looks at replies
// when a step says so, so that what the senders have sent runs side by side.
#include "tests/model/player.hpp"

#include "actors/database.hpp"
#include "messages/failure.hpp"
#include "tests/model/effort_book.hpp"
#include "tests/model/judge.hpp"
#include "tests/model/requests.hpp"
#include "tests/model/write_tally.hpp"
#include "tests/temp_folder.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>

namespace onewriter::test {

namespace {

/// How long a reply may take that must come.
constexpr auto reply_limit = std::chrono::seconds{60};

constexpr const char* entries_sql
  = "SELECT id, content, part FROM entry ORDER BY id";

constexpr uint64_t rows_per_page = 7;

/// Blocks for a reply.
template <class Reply, class Response>
caf::expected<Reply> receive(Response response) {
  caf::expected<Reply> result{caf::make_error(caf::sec::runtime_error)};
  if constexpr (std::is_same_v<Reply, caf::unit_t>)
    std::move(response).receive([&] { result = caf::unit; },
                                [&](caf::error& err) { result = err; });
  else
    std::move(response).receive([&](Reply& x) { result = std::move(x); },
                                [&](caf::error& err) { result = err; });
  return result;
}

void add_rows(const result_set& from, std::vector<entry_row>& to) {
  for (auto& line : from.rows)
    to.push_back(line.into<entry_row, int64_t, uint64_t, uint32_t>());
}

// The content stands in the first value of the last statement that has one.
uint64_t content_of(const dead_letter& letter) {
  uint64_t result = 0;
  for (auto& x : letter.statements)
    if (!x.parameters.empty())
      result = row{x.parameters}.get<uint64_t>(0);
  return result;
}

class player {
public:
  player(caf::actor_system& sys, unsynced_disk& disk, const plan& what)
    : sys_{sys},
      disk_{disk},
      plan_{what} {
    for (uint32_t i = 0; i < what.senders; ++i)
      senders_.push_back(std::make_unique<sender>(sys));
    set_up();
  }

  ~player() {
    disk_.fail_next_sync(sync_fault::none);
    if (database_)
      caf::anon_send_exit(database_, caf::exit_reason::user_shutdown);
  }

  play_report play() {
    try {
      open();
      for (auto& x : plan_.steps)
        take(x);
      finish();
    } catch (const std::exception& ex) {
      complaints_.add(ex.what());
    }
    report_.complaints = complaints_.all();
    return std::move(report_);
  }

private:
  struct sender {
    explicit sender(caf::actor_system& sys) : self{sys} {
      // nop
    }

    caf::scoped_actor self;
    // What waits for the replies, in the order of sending.
    std::deque<std::function<void()>> outstanding;
  };

  struct cursor {
    cursor_actor handle;
    entry_snapshot seen;
  };

  // -- the file ---------------------------------------------------------------------

  void set_up();

  void open();

  void take_stock();

  void finish();

  // -- steps --------------------------------------------------------------------------

  void take(const step& x);

  bool take_write(const step& x);

  bool take_read(const step& x);

  bool take_document(const step& x);

  bool take_maintenance(const step& x);

  bool take_fault(const step& x);

  void send_write(const step& x);

  void forget(const step& x);

  void send_best_effort(const step& x);

  void send_query(const step& x);

  void send_open_cursor(const step& x);

  void read_page(const step& x, size_t which);

  void send_index(const step& x);

  void send_remove(const step& x);

  void send_search(const step& x);

  void change_letter(const step& x);

  void send_backup(const step& x);

  void send_close(const step& x, bool drain);

  void collect(sender& from);

  void collect_all();

  // -- replies ------------------------------------------------------------------------

  template <class Reply, class Handle, class Request, class F>
  void ask(const step& x, const Handle& whom, Request what, F on_reply);

  template <class Reply, class Request>
  void ask_and_ignore(const step& x, Request what);

  template <class Reply, class Handle, class Request>
  caf::expected<Reply> ask_now(const step& x, const Handle& whom, Request what);

  ec judge(const step& x, const caf::error& err);

  void written(const step& x, size_t which,
               const caf::expected<write_receipt>& reply);

  caf::actor_system& sys_;
  unsynced_disk& disk_;
  const plan& plan_;
  temp_folder folder_;
  options opts_;
  database_actor database_;
  std::vector<std::unique_ptr<sender>> senders_;
  std::vector<cursor> cursors_;
  moment now_ = 0;
  circumstances circumstances_;
  bool log_may_stay_ = false;
  size_t steps_until_open_ = 0;
  // Since the file was opened.
  uint64_t faults_ = 0;
  int failed_syncs_ = 0;
  size_t forgotten_ = 0;
  statistics last_;
  play_report report_;
  complaints complaints_;
  entry_book entries_{complaints_};
  effort_book efforts_{complaints_};
  document_book documents_{complaints_};
  write_tally tally_{complaints_};
};

// -- the file -----------------------------------------------------------------------

void player::set_up() {
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
  if (plan_.relayed)
    opts_.marker = turn_marker::relayed;
  if (plan_.bad_disk)
    opts_.vfs = disk_.name();
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
  ask_and_ignore<integrity_report>(last, integrity_check{});
  collect_all();
  last.what = action::close_in_order;
  send_close(last, true);
  take_stock();
  auto file = read_file_content(opts_.path);
  complaints_.expect(file.damage.empty(), "damaged: " + file.damage);
  complaints_.expect(last_.dead_letters == file.letters.size(),
                     std::to_string(last_.dead_letters)
                       + " dead letters were counted, there are "
                       + std::to_string(file.letters.size()));
  entries_.check(file);
  efforts_.check(file);
  tally_.check(entries_.forgotten_and_done(), entries_.letters_in_doubt());
}

// -- steps ----------------------------------------------------------------------------

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
  if (!is_write(x.what) && !is_call(x.what) && !is_transaction(x.what))
    return false;
  if (entry_of(x).forgotten)
    forget(x);
  else
    send_write(x);
  return true;
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
    case action::check_integrity:
      return ask_and_ignore<integrity_report>(x, integrity_check{}), true;
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

void player::send_write(const step& x) {
  auto what = entry_of(x);
  auto version
    = what.counter < 0 ? uint64_t{0} : entries_.version(what.counter);
  what.version = version;
  what.when = {x.sender, now_ + 1, never};
  auto which = entries_.sent(what);
  tally_.sent(false);
  auto found = std::make_shared<found_version>();
  auto on_reply = [=](const caf::expected<write_receipt>& reply, moment) {
    if (reply && is_transaction(x.what))
      entries_.moved(which, found->version);
    written(x, which, reply);
  };
  if (is_write(x.what))
    ask<write_receipt>(x, database_, write_of(x, version), on_reply);
  else if (is_call(x.what))
    ask<write_receipt>(x, database_, call_of(x), on_reply);
  else
    ask<write_receipt>(x, database_, transaction_of(x, found), on_reply);
}

// Without a deadline: nobody would know what became of it.
void player::forget(const step& x) {
  auto patient = x;
  patient.patience = patience_of::endless;
  auto what = entry_of(patient);
  what.when = {x.sender, ++now_, never};
  auto which = entries_.sent(what);
  if (circumstances_.closing || plan_.tight_queue)
    entries_.may_be_refused(which);
  tally_.sent(true);
  compat::send(senders_[x.sender]->self, database_, write_of(patient, 0));
}

void player::send_best_effort(const step& x) {
  auto what = best_effort_of(x);
  efforts_.sent({x.sender, ++now_, never}, x.number, what.key,
                x.what == action::send_failing_best_effort);
  compat::send(senders_[x.sender]->self, database_, std::move(what));
}

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

void player::send_index(const step& x) {
  auto what = document_of(x);
  what.when = {x.sender, now_ + 1, never};
  auto path = folder_.file("version-" + std::to_string(what.version));
  auto which = documents_.sent(what);
  ask<index_receipt>(x, database_, index_of(x, path),
                     [=](const caf::expected<index_receipt>& reply, moment) {
                       auto code = reply ? ec::none : code_of(reply.error());
                       auto goes_on
                         = code == ec::closed && x.what == action::index_file;
                       if (reply)
                         documents_.done(which, now_);
                       else if (goes_on || code == ec::outcome_unknown)
                         documents_.may_be_done(which, now_);
                       else
                         documents_.failed(which, now_);
                     });
}

void player::send_remove(const step& x) {
  auto what = document_of(x);
  what.when = {x.sender, now_ + 1, never};
  auto which = documents_.sent(what);
  ask<job_receipt>(x, database_, remove_document{"notes", what.key},
                   [=](const caf::expected<job_receipt>& reply, moment) {
                     if (reply)
                       documents_.done(which, now_);
                     else
                       documents_.may_be_done(which, now_);
                   });
}

void player::send_search(const step& x) {
  search what;
  what.index = "notes";
  what.expression = common_word;
  what.max_hits = 10'000;
  ask<search_hits>(
    x, database_, what,
    [this](const caf::expected<search_hits>& reply, moment sent) {
      if (reply)
        documents_.saw(sent, now_, *reply);
      else if (reply.error() == ec::no_such_index)
        documents_.saw(sent, now_, search_hits{});
    });
}

void player::change_letter(const step& x) {
  auto found = ask_now<dead_letters>(x, database_, list_dead_letters{});
  if (!found || found->letters.empty())
    return;
  auto count = static_cast<uint32_t>(found->letters.size());
  auto& letter = found->letters[x.pick(count)];
  auto content = content_of(letter);
  auto on_reply = [=](const caf::expected<write_receipt>& reply, moment) {
    if (!reply && reply.error() == ec::outcome_unknown)
      entries_.letter_in_doubt(content);
    else if (reply && x.what == action::replay_letter)
      entries_.replayed(content);
    else if (reply)
      entries_.discarded(content);
  };
  if (x.what == action::replay_letter)
    ask<write_receipt>(x, database_, replay_dead_letter{letter.id}, on_reply);
  else
    ask<write_receipt>(x, database_, discard_dead_letter{letter.id}, on_reply);
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

// -- replies --------------------------------------------------------------------------

template <class Reply, class Handle, class Request, class F>
void player::ask(const step& x, const Handle& whom, Request what, F on_reply) {
  auto& from = *senders_[x.sender];
  auto sent = ++now_;
  auto response
    = compat::request(from.self, whom, reply_limit, std::move(what));
  using response_type = decltype(response);
  auto shared = std::make_shared<response_type>(std::move(response));
  from.outstanding.push_back([=] {
    auto reply = receive<Reply>(std::move(*shared));
    ++now_;
    judge(x, reply ? caf::error{} : reply.error());
    entries_.heard(x.sender, sent, now_);
    efforts_.heard(x.sender, sent, now_);
    on_reply(reply, sent);
  });
}

template <class Reply, class Request>
void player::ask_and_ignore(const step& x, Request what) {
  ask<Reply>(x, database_, std::move(what),
             [this](const caf::expected<Reply>& reply, moment) {
               if constexpr (std::is_same_v<Reply, integrity_report>)
                 complaints_.expect(!reply || reply->ok(),
                                    "the check found damage");
             });
}

template <class Reply, class Handle, class Request>
caf::expected<Reply>
player::ask_now(const step& x, const Handle& whom, Request what) {
  auto& from = *senders_[x.sender];
  ++now_;
  auto reply = receive<Reply>(
    compat::request(from.self, whom, reply_limit, std::move(what)));
  ++now_;
  judge(x, reply ? caf::error{} : reply.error());
  return reply;
}

ec player::judge(const step& x, const caf::error& err) {
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

void player::written(const step& x, size_t which,
                     const caf::expected<write_receipt>& reply) {
  auto code = reply ? ec::none : code_of(reply.error());
  tally_.answered(code);
  if (code == ec::outcome_unknown)
    return entries_.in_doubt(which, now_);
  if (!reply)
    return entries_.refused(which, now_);
  entries_.acknowledged(which, *reply, now_);
  if (x.what != action::write_returning)
    return;
  std::vector<entry_row> rows;
  for (auto& part : reply->returned)
    add_rows(part, rows);
  entries_.returned(which, std::move(rows));
}

} // namespace

play_report play(caf::actor_system& sys, unsynced_disk& disk,
                 const plan& what) {
  return player{sys, disk, what}.play();
}

} // namespace onewriter::test
