#include "tests/fault/trial.hpp"

#include "actors/core/database_core.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"
#include "tests/fault/check_file.hpp"
#include "tests/strain/burden.hpp"
#include "tests/strain/tiny_resources.hpp"
#include "tests/temp_folder.hpp"

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

namespace onewriter::test {

namespace {

using namespace std::chrono_literals;

constexpr auto closing_limit = 200ms;

uint64_t count(const replies& what, reply_state which) {
  return static_cast<uint64_t>(
    std::count_if(what.writes.begin(), what.writes.end(),
                  [=](auto& x) { return x.reply == which; }));
}

// Those that every run has: two are in the middle of the script, one is found
// at its commit.
bool is_expected(const std::pair<const ec, uint64_t>& error) {
  switch (error.first) {
    case ec::constraint_violated:
    // Those of burdens.
    case ec::unexpected_changes:
    case ec::too_big:
    case ec::invalid_sql:
    case ec::not_allowed:
    case ec::function_failed:
    case ec::invalid_argument:
      return true;
    default:
      return false;
  }
}

bool is_at_rest(const statistics& x) {
  return x.state == "failed"
         || (x.state == "open" && x.writes.pending == 0
             && x.best_effort.pending == 0 && x.index_jobs == 0);
}

} // namespace

options options_for_trouble() {
  options result;
  result.readers = 1;
  result.max_cursors = 1;
  result.log = nullptr;
  result.busy_timeout = 1ms;
  result.lock_patience = 20ms;
  result.query_deadline = 50ms;
  result.max_attempts = 3;
  result.checkpoint_pages = 100;
  result.restarts.max_restarts = 1'000'000;
  result.restarts.initial_delay = 200us;
  result.restarts.max_delay = 1ms;
  result.alerts.check_interval = 50ms;
  // What decides about the size of turns and chunks is the same every time.
  result.chunk_time = 1h;
  result.queue.turn_time = 1h;
  result.queue.overload_target = 0ns;
  result.slow_statement = 1h;
  return result;
}

trial::trial(caf::actor_system& sys, options opts, script_length length,
             strain under)
  : sys_{sys},
    opts_{std::move(opts)},
    length_{length},
    strain_{under} {
  if (!under.tiny)
    return;
  make_tiny(opts_);
  add_burden_function(opts_);
}

trial_result trial::run(const trouble& what) {
  temp_folder folder;
  folder_ = folder.path();
  opts_.path = folder.file("test.db");
  if (strain_.tiny)
    create_tiny_file(opts_.path);
  run_script(what);
  auto is_over = !db_ || what.is_over();
  if (!is_over)
    close_in_trouble(what);
  what.stop();
  if (db_)
    close_in_peace();
  reopen();
  for (auto& x : check_file(opts_.path, replies_, length_))
    problem(x);
  for (auto& x : replies_.problems)
    problem(x);
  for (auto& x : replies_.errors)
    result_.errors += is_expected(x) ? 0 : x.second;
  return std::move(result_);
}

// One that has given up refuses everything.
void trial::close_in_peace() {
  if (auto now = settle())
    check_statistics(*now);
  recover_copy();
  pin_.reset();
  if (result_.gave_up)
    return give_up_on_it();
  probe(101);
  search_document();
  close();
}

// All replies so far hold as well if the process is killed now.
void trial::recover_copy() {
  if (result_.gave_up)
    return;
  auto copy = folder_ + "/copy.db";
  copy_as_if_killed(opts_.path, copy);
  for (auto& x : check_file(copy, replies_, length_))
    problem("in a copy of the files: " + x);
}

// It may not be able to, but has to say so, and counts what it gave up.
void trial::close_in_trouble(const trouble& what) {
  onewriter::close order;
  order.limit = closing_limit;
  auto receipt = db_->close(order);
  if (receipt)
    check_statistics(receipt->final_statistics);
  else
    replies_.hears("the caller of close", receipt.error());
  pin_.reset();
  what.stop();
  give_up_on_it();
}

void trial::run_script(const trouble& what) {
  what.start(folder_);
  if (!open()) {
    result_.unopened = true;
    return;
  }
  if (strain_.pinned)
    pin_ = std::make_unique<log_pin>(opts_.path);
  script{sys_, db_->database(), folder_, replies_, length_, strain_.tiny}.run();
}

bool trial::open() {
  auto database = spawn_database(sys_, opts_);
  db_ = std::make_unique<client>(sys_, database);
  db_->reply_limit(reply_limit);
  auto info = db_->describe();
  if (info)
    return true;
  replies_.hears("the caller that opened the file", info.error());
  give_up_on_it();
  return false;
}

void trial::reopen() {
  if (!open())
    return problem("the file cannot be opened again");
  settle();
  ask_again();
  probe(102);
  search_document();
  auto report = db_->check_integrity();
  if (must("an integrity check", report) && !report->ok())
    problem("integrity_check: " + report->problems.front());
  close();
}

// As processes do that have lost their owner. Afterwards all of it is done.
void trial::ask_again() {
  must("the table of numbered writes",
       db_->write("CREATE TABLE IF NOT EXISTS numbered(id INTEGER NOT NULL)"));
  caf::scoped_actor self{sys_};
  auto core = caf::actor_cast<database_core_actor>(db_->database());
  for (auto& x : replies_.numbered) {
    if (x.id < replies_.settled)
      continue;
    auto name = "the repeated write " + std::to_string(x.id);
    auto heard = [&](write_receipt& receipt) {
      auto was_done = x.reply == reply_state::acknowledged;
      auto was_refused = x.reply == reply_state::refused;
      if (was_done && (!receipt.repeated || receipt.commit != x.commit))
        problem(name + " got another receipt than the first time");
      if (was_refused && receipt.repeated)
        problem(name + " was refused and is done");
      x.reply = reply_state::acknowledged;
      x.commit = receipt.commit;
    };
    compat::request(self, core, reply_limit,
                    numbered_write(x.id, replies_.settled))
      .receive(heard,
               [&](caf::error& err) { problem(name + ": " + describe(err)); });
  }
}

// -- what must hold ---------------------------------------------------------------

std::optional<statistics> trial::settle() {
  auto limit = std::chrono::steady_clock::now() + reply_limit;
  auto now = db_->statistics();
  while (now && !is_at_rest(*now) && std::chrono::steady_clock::now() < limit) {
    std::this_thread::sleep_for(200us);
    now = db_->statistics();
  }
  if (!must("statistics", now))
    return std::nullopt;
  if (!is_at_rest(*now))
    problem("it does not come to rest, it is " + now->state);
  result_.gave_up = now->state == "failed";
  return std::move(*now);
}

void trial::check_statistics(const statistics& now) {
  result_.restarts = now.writer_restarts;
  check_writes(now);
  check_messages(now);
}

void trial::check_writes(const statistics& now) {
  auto& x = now.writes;
  if (x.submitted
      != x.acknowledged + x.failed + x.refused + x.expired + x.unknown
           + x.pending)
    problem("the statistics of writes do not add up");
  auto compare = [&](const char* name, uint64_t heard, uint64_t counted) {
    if (heard != counted)
      problem(std::to_string(heard) + " writes were " + name + ", and "
              + std::to_string(counted) + " were counted");
  };
  compare("submitted", replies_.writes.size(), x.submitted);
  compare("acknowledged", count(replies_, reply_state::acknowledged),
          x.acknowledged);
  compare("unknown", count(replies_, reply_state::unknown), x.unknown);
  compare("refused", count(replies_, reply_state::refused),
          x.failed + x.refused + x.expired);
}

void trial::check_messages(const statistics& now) {
  auto& x = now.best_effort;
  if (x.submitted
      != x.written + x.coalesced + x.dropped_full + x.dropped_too_big
           + x.dropped_closed + x.dropped_unknown + x.failed + x.pending)
    problem("the statistics of best-effort messages do not add up");
  if (x.submitted != replies_.messages.size())
    problem(std::to_string(replies_.messages.size())
            + " messages were sent, and " + std::to_string(x.submitted)
            + " were counted");
  replies_.written_messages = std::pair{x.written, x.dropped_unknown};
}

// No other step uses the table.
void trial::probe(uint64_t id) {
  auto place = replies_.asks({0, 0, 0, reply_state::waiting, 0});
  write what{"CREATE TABLE IF NOT EXISTS probe(id INTEGER PRIMARY KEY)"};
  what.then("INSERT INTO probe(id) VALUES(?)", static_cast<int64_t>(id));
  auto receipt = db_->write(std::move(what));
  if (must("a write afterwards", receipt))
    replies_.writes[place].reply = reply_state::acknowledged;
  query question{"SELECT COUNT(*) FROM probe WHERE id = ?",
                 static_cast<int64_t>(id)};
  question.deadline = reply_limit;
  auto found = db_->query(std::move(question));
  if (must("a query afterwards", found)
      && found->rows.at(0).get<int64_t>(0) != 1)
    problem("a query does not see an acknowledged write");
}

// In one search, for a job that an earlier one had begun may just be ending. An
// index that was never created has no receipt.
void trial::search_document() {
  search what;
  what.index = index_name();
  what.expression = word_of(1) + " OR " + word_of(2);
  what.max_hits = 1'000;
  what.deadline = reply_limit;
  auto found = db_->search(std::move(what));
  std::set<uint64_t> versions;
  if (found || found.error() != ec::no_such_index) {
    if (!must("a search afterwards", found))
      return;
    for (auto& hit : found->hits)
      versions.insert(hit.snippet.find(word_of(1)) != hit.snippet.npos ? 1 : 2);
  }
  if (versions.size() > 1)
    problem("a search finds both versions of the document");
  for (auto& [number, state] : replies_.versions)
    if (state == reply_state::acknowledged
        && (versions.empty() || *versions.begin() < number))
      problem("a search does not find version " + std::to_string(number)
              + " of the document");
}

// -- the end ------------------------------------------------------------------------

void trial::close() {
  auto receipt = db_->close();
  if (must("closing", receipt) && !receipt->log_removed)
    problem("the log is still there after closing");
  give_up_on_it();
}

// One that has given up says so before it has closed everything; the reply to
// `close` comes after that.
void trial::give_up_on_it() {
  static_cast<void>(db_->close());
  caf::scoped_actor self{sys_};
  auto database = db_->database();
  self->monitor(database);
  caf::anon_send_exit(database, caf::exit_reason::user_shutdown);
  self->receive([](const caf::down_msg&) {},
                caf::after(reply_limit) >>
                  [&] { problem("the database does not end"); });
  db_.reset();
}

template <class T>
bool trial::must(const std::string& what, const caf::expected<T>& reply) {
  if (!reply)
    problem(what + ": " + describe(reply.error()));
  return static_cast<bool>(reply);
}

void trial::problem(std::string what) {
  result_.problems.push_back(std::move(what));
}

} // namespace onewriter::test
