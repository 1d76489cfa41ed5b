#include "actors/sqlite_writer.hpp"

#include "actors/checkpointer.hpp"
#include "actors/dead_letter_store.hpp"
#include "actors/idempotency_store.hpp"
#include "actors/owned_file.hpp"
#include "actors/policy/backoff.hpp"
#include "actors/policy/codel.hpp"
#include "actors/policy/write_queue.hpp"
#include "actors/request_runner.hpp"
#include "actors/settlement.hpp"
#include "actors/sqlite/errors.hpp"
#include "actors/sqlite/files.hpp"
#include "actors/turn_relay.hpp"
#include "actors/write_batch.hpp"
#include "messages/failure.hpp"

#include <algorithm>
#include <exception>
#include <random>
#include <stdexcept>
#include <utility>

namespace onewriter {

namespace {

using clock_type = work::clock;

/// How often old receipts are looked for.
constexpr auto forget_interval = std::chrono::minutes{1};

write_queue_options queue_options_of(const options& opts) {
  write_queue_options result;
  result.turn_items = opts.queue.turn_items;
  result.turn_bytes = opts.queue.turn_bytes;
  result.turn_time = opts.queue.turn_time;
  return result;
}

codel_options codel_options_of(const options& opts) {
  return {opts.queue.overload_target, opts.queue.overload_interval};
}

// Whether opening the file again cannot succeed before a person has mended it.
bool is_permanent(ec code) {
  switch (code) {
    case ec::corrupt:
    case ec::not_a_database:
    case ec::no_write_ahead_log:
    case ec::network_file_system:
    case ec::newer_schema:
    case ec::missing_feature:
    case ec::file_replaced:
      return true;
    default:
      return false;
  }
}

// Another program's transaction usually takes a few milliseconds; after the
// first tries there is no need to hurry.
backoff_options lock_backoff() {
  backoff_options result;
  result.initial = std::chrono::milliseconds{1};
  result.maximum = std::chrono::milliseconds{100};
  return result;
}

class sqlite_writer_state {
public:
  explicit sqlite_writer_state(sqlite_writer_actor::pointer self)
    : self_{self},
      lock_backoff_{lock_backoff(), std::random_device{}()} {
    // nop
  }

  // CAF 0.17 does not tell anybody about a promise that nobody kept. Only a
  // writer that was killed still holds something here.
  ~sqlite_writer_state() {
    auto reason = make_failure(ec::unavailable, "the writer was stopped");
    auto refuse_item = [&](pending_work item) {
      settlement_->refuse(std::move(item), reason);
    };
    if (batch_)
      for (auto& item : batch_->take_unfinished())
        refuse_item(std::move(item));
    if (queue_)
      queue_->drain(refuse_item);
    if (closing_)
      closing_->reply.deliver(reason);
  }

  sqlite_writer_actor::behavior_type
  make_behavior(database_core_actor database,
                std::shared_ptr<const options> opts, gauges_ptr shared,
                std::shared_ptr<writer_estate> estate, caf::error last_reason);

  static inline const char* name = "onewriter.writer";

private:
  struct closing {
    caf::typed_response_promise<writer_closed> reply;
    clock_type::time_point limit;
    uint64_t refused = 0;
  };

  // -- opening -------------------------------------------------------------------

  void open();

  void opened(owned_file db);

  // -- collecting ----------------------------------------------------------------

  caf::result<write_receipt> accept(work_ptr& what);

  void accept(best_effort_batch& what);

  void push(pending_work item);

  void put_back(pending_work item);

  void arm();

  // -- turns ---------------------------------------------------------------------

  void take_turn();

  caf::error run_turn();

  caf::error run_next(pending_work item, clock_type::time_point now);

  caf::error run_alone(pending_work item);

  caf::error ensure_transaction(pending_work& item);

  caf::error inject();

  void end_turn(caf::error result);

  void wait_for_lock();

  void expire_waiting();

  // -- outcomes ------------------------------------------------------------------

  void settle_batch();

  void push_follow_ups();

  // -- between turns -------------------------------------------------------------

  void keep_house();

  void forget_old_receipts();

  void count_letters();

  void publish();

  caf::result<checkpoint_receipt> run_checkpoint(const checkpoint& what);

  // -- the end -------------------------------------------------------------------

  void fail(caf::error reason);

  void hand_back(pending_work item);

  caf::result<writer_closed> start_closing(const close_writer& what);

  void refuse_everything();

  void finish_closing();

  void quit(caf::error reason);

  sqlite_writer_actor::pointer self_;
  database_core_actor database_;
  std::shared_ptr<const options> opts_;
  gauges_ptr shared_;
  std::shared_ptr<writer_estate> estate_;
  caf::error last_reason_;

  std::unique_ptr<sqlite::connection> db_;
  std::optional<request_runner> runner_;
  std::optional<write_batch> batch_;
  std::optional<checkpointer> checkpointer_;
  std::optional<settlement> settlement_;
  std::optional<write_queue<pending_work>> queue_;
  std::optional<codel> codel_;
  // Of the last batch; empty between turns.
  std::vector<outcome> outcomes_;
  backoff lock_backoff_;
  clock_type::time_point locked_since_ = clock_type::time_point::max();

  turn_relay_actor relay_;
  bool armed_ = false;
  clock_type::time_point last_forget_;
  // What earlier incarnations counted.
  uint64_t commits_before_ = 0;
  uint64_t repeated_before_ = 0;
  std::optional<failure_kind> injection_;

  // Set once the connection has failed: everything goes back to the database.
  std::optional<caf::error> failed_;
  std::optional<closing> closing_;
};

sqlite_writer_actor::behavior_type
sqlite_writer_state::make_behavior(database_core_actor database,
                                   std::shared_ptr<const options> opts,
                                   gauges_ptr shared,
                                   std::shared_ptr<writer_estate> estate,
                                   caf::error last_reason) {
  database_ = std::move(database);
  opts_ = std::move(opts);
  shared_ = std::move(shared);
  estate_ = std::move(estate);
  last_reason_ = std::move(last_reason);
  commits_before_ = shared_->writer.commits.get();
  repeated_before_ = shared_->writer.batches_repeated.get();
  settlement_.emplace(database_, opts_, shared_);
  queue_.emplace(queue_options_of(*opts_));
  codel_.emplace(codel_options_of(*opts_));
  if (opts_->marker == turn_marker::relayed)
    relay_ = spawn_turn_relay(self_->system(), sqlite_writer_actor{self_});
  compat::send(self_, sqlite_writer_actor{self_}, open_file{});
  return {
    [this](work_ptr& what) { return accept(what); },
    [this](best_effort_batch& what) { accept(what); },
    [this](const checkpoint& what) { return run_checkpoint(what); },
    [this](const inject_failure& what) { injection_ = what.kind, arm(); },
    [this](handover_done) { quit(failed_ ? *failed_ : caf::error{}); },
    [this](const close_writer& what) { return start_closing(what); },
    [this](open_file) { open(); },
    [this](end_of_turn) { take_turn(); },
  };
}

// -- opening ----------------------------------------------------------------------

void sqlite_writer_state::open() {
  if (failed_)
    return;
  if (locked_since_ == clock_type::time_point::max())
    locked_since_ = clock_type::now();
  auto db = open_owned_file(*opts_, *estate_, last_reason_);
  if (db)
    return opened(std::move(*db));
  auto patient = clock_type::now() - locked_since_ < opts_->lock_patience;
  if (db.error() != ec::busy || !patient) {
    // Whoever asked for a file that was never open waits for the reason; one
    // that was open is worth trying again.
    estate_->hopeless = !estate_->was_open || is_permanent(code_of(db.error()));
    return fail(std::move(db.error()));
  }
  shared_->writer.lock_waits.add(1);
  compat::delayed_send(self_, sqlite_writer_actor{self_}, lock_backoff_.next(),
                       open_file{});
}

void sqlite_writer_state::opened(owned_file db) {
  db_ = std::move(db.connection);
  estate_->was_open = true;
  runner_.emplace(*db_, *opts_);
  batch_.emplace(*db_, *runner_, opts_->write_run_limit, db.stored);
  checkpointer_.emplace(*db_, *opts_);
  locked_since_ = clock_type::time_point::max();
  lock_backoff_.reset();
  last_forget_ = clock_type::now();
  count_letters();
  compat::send(self_, database_, writer_ready{db.info, db.stored, db.synced});
  arm();
}

// -- collecting -------------------------------------------------------------------

caf::result<write_receipt> sqlite_writer_state::accept(work_ptr& what) {
  pending_work item{std::move(what), {}};
  if (item.what->awaited)
    item.promise = self_->make_response_promise<write_receipt>();
  failed_ ? hand_back(std::move(item)) : push(std::move(item));
  return caf::delegated<write_receipt>{};
}

void sqlite_writer_state::accept(best_effort_batch& what) {
  if (failed_)
    return settlement_->give_back(std::move(what));
  for (size_t i = 0; i < what.messages.size(); ++i) {
    auto item = std::make_shared<work>();
    item->bytes = what.messages[i].bytes();
    item->request = std::move(what.messages[i]);
    item->in = lane::best_effort;
    item->awaited = false;
    item->arrived = what.arrived[i];
    push({std::move(item), {}});
  }
}

void sqlite_writer_state::push(pending_work item) {
  auto& what = *item.what;
  settlement_->expect(what);
  queue_->push(what.in, what.sender, what.bytes, std::move(item));
  arm();
}

void sqlite_writer_state::put_back(pending_work item) {
  auto& what = *item.what;
  queue_->push_front(what.in, what.sender, what.bytes, std::move(item));
}

void sqlite_writer_state::arm() {
  if (armed_ || !db_)
    return;
  armed_ = true;
  if (relay_)
    compat::send(self_, relay_, end_of_turn{});
  else
    compat::send(self_, sqlite_writer_actor{self_}, end_of_turn{});
}

// -- turns ------------------------------------------------------------------------

void sqlite_writer_state::take_turn() {
  armed_ = false;
  if (!db_)
    return;
  caf::error result;
  try {
    result = run_turn();
  } catch (const std::exception& ex) {
    result
      = make_failure(ec::internal, std::string{"a turn threw: "} + ex.what());
  }
  // What was decided before is settled, whatever happened then.
  end_turn(std::move(result));
}

caf::error sqlite_writer_state::run_turn() {
  if (closing_ && clock_type::now() > closing_->limit)
    refuse_everything();
  publish();
  queue_->begin_turn();
  auto start = clock_type::now();
  auto now = start;
  while (auto item = queue_->next(now - start)) {
    if (auto err = run_next(std::move(*item), now); err != caf::none)
      return err;
    if (injection_)
      break;
    now = std::max(now, batch_->running_since());
  }
  return injection_ ? inject() : batch_->commit();
}

caf::error sqlite_writer_state::run_next(pending_work item,
                                         clock_type::time_point now) {
  auto& what = *item.what;
  codel_->observe(now, now - what.arrived);
  if (now > what.expires) {
    settlement_->refuse(
      std::move(item),
      make_failure(ec::deadline_exceeded,
                   "the deadline passed in the writer's queue"));
    return {};
  }
  // A commit that failed has kept it in doubt until now.
  if (what.attempts >= opts_->max_attempts) {
    settlement_->refuse(std::move(item), last_reason_);
    return {};
  }
  if (what.run_limit > what.run_limit.zero() || what.attempts > 0)
    return run_alone(std::move(item));
  if (auto err = ensure_transaction(item); err != caf::none)
    return err;
  return batch_->add(std::move(item));
}

// An interrupt undoes the whole transaction, and what was in a batch that came
// to nothing may be the reason.
caf::error sqlite_writer_state::run_alone(pending_work item) {
  if (auto err = batch_->commit(); err != caf::none) {
    put_back(std::move(item));
    return err;
  }
  if (auto err = ensure_transaction(item); err != caf::none)
    return err;
  if (auto err = batch_->add(std::move(item)); err != caf::none)
    return err;
  return batch_->commit();
}

caf::error sqlite_writer_state::ensure_transaction(pending_work& item) {
  if (batch_->in_transaction())
    return {};
  auto err = batch_->begin();
  if (err != caf::none)
    put_back(std::move(item));
  return err;
}

caf::error sqlite_writer_state::inject() {
  auto kind = *injection_;
  injection_.reset();
  if (kind == failure_kind::exception)
    throw std::runtime_error{"injected"};
  return make_failure(ec::io_error, "injected failure of the connection");
}

void sqlite_writer_state::end_turn(caf::error result) {
  settle_batch();
  if (result == ec::busy) {
    auto unfinished = batch_->take_unfinished();
    for (auto item = unfinished.rbegin(); item != unfinished.rend(); ++item)
      put_back(std::move(*item));
    return wait_for_lock();
  }
  if (result != caf::none)
    return fail(std::move(result));
  locked_since_ = clock_type::time_point::max();
  lock_backoff_.reset();
  keep_house();
  if (failed_)
    return;
  if (!queue_->empty())
    arm();
  else if (closing_)
    finish_closing();
}

void sqlite_writer_state::wait_for_lock() {
  if (locked_since_ == clock_type::time_point::max())
    locked_since_ = clock_type::now();
  shared_->writer.lock_waits.add(1);
  expire_waiting();
  publish();
  armed_ = true;
  compat::delayed_send(self_, sqlite_writer_actor{self_}, lock_backoff_.next(),
                       end_of_turn{});
}

void sqlite_writer_state::expire_waiting() {
  auto now = clock_type::now();
  auto locked_for = [&](const work& what) {
    return now - std::max(what.arrived, locked_since_);
  };
  queue_->remove_if(
    [&](const pending_work& item) {
      auto& what = *item.what;
      return now > what.expires
             || (what.counted && locked_for(what) > opts_->lock_patience);
    },
    [&](pending_work&& item) {
      if (now > item.what->expires)
        settlement_->refuse(
          std::move(item),
          make_failure(ec::deadline_exceeded,
                       "the deadline passed while another program "
                       "held the file's lock"));
      else
        settlement_->refuse(std::move(item),
                            make_failure(ec::busy,
                                         "another program has held the "
                                         "file's lock for too long"));
    });
  push_follow_ups();
}

// -- outcomes ---------------------------------------------------------------------

// Whoever has a receipt finds it counted.
void sqlite_writer_state::settle_batch() {
  auto& to = shared_->writer;
  to.commits.set(commits_before_ + batch_->commits());
  to.batches_repeated.set(repeated_before_ + batch_->repeated());
  auto now = clock_type::now();
  batch_->take_outcomes(outcomes_);
  for (auto& x : outcomes_)
    settlement_->settle(x, now);
  outcomes_.clear();
  estate_->spent.put(settlement_->spent());
  push_follow_ups();
  settlement_->report_best_effort();
}

void sqlite_writer_state::push_follow_ups() {
  for (auto& item : settlement_->take_follow_ups())
    push({std::move(item), {}});
}

// -- between turns ----------------------------------------------------------------

void sqlite_writer_state::keep_house() {
  if (settlement_->take_letters_changed())
    count_letters();
  if (checkpointer_->is_due()) {
    auto receipt = checkpointer_->run();
    shared_->writer.checkpoints.add(1);
    if (!receipt)
      return fail(std::move(receipt.error()));
  }
  forget_old_receipts();
  if (queue_->empty())
    codel_->idle(clock_type::now());
  publish();
}

void sqlite_writer_state::forget_old_receipts() {
  auto now = clock_type::now();
  if (now - last_forget_ < forget_interval)
    return;
  last_forget_ = now;
  settlement_->add_follow_up(
    "(removal of old receipts)",
    [age = opts_->idempotency_retention](
      sqlite::connection& db) -> caf::expected<result_set> {
      if (auto err = forget_receipts(db, age); err != caf::none)
        return err;
      return result_set{};
    });
  push_follow_ups();
}

void sqlite_writer_state::count_letters() {
  if (auto count = onewriter::count_letters(*db_))
    shared_->writer.dead_letters.set(*count);
}

void sqlite_writer_state::publish() {
  auto& to = shared_->writer;
  auto oldest = settlement_->oldest();
  oldest ? to.oldest_pending.set(*oldest) : to.oldest_pending.clear();
  for (auto which : lanes)
    to.depth[lane_index(which)].set(queue_->depth(which));
  to.overloaded.set(codel_->overloaded() ? 1 : 0);
}

caf::result<checkpoint_receipt>
sqlite_writer_state::run_checkpoint(const checkpoint& what) {
  if (!db_)
    return make_failure(ec::unavailable, "the writer is being restarted");
  auto receipt = checkpointer_->run(what.truncate);
  shared_->writer.checkpoints.add(1);
  if (receipt)
    return *receipt;
  fail(receipt.error());
  return receipt.error();
}

// -- the end ----------------------------------------------------------------------

// Everything that was accepted goes back to the database, in order: first what
// was in the open transaction, then what waited. What the mailbox still holds
// follows as it is read.
void sqlite_writer_state::fail(caf::error reason) {
  failed_ = reason;
  auto unfinished
    = batch_ ? batch_->take_unfinished() : std::vector<pending_work>{};
  if (db_)
    db_->rollback();
  if (reason == ec::file_replaced) {
    // Another file under this name is not ours to write to.
    estate_->hopeless = true;
    if (db_)
      db_->rescue_log();
  }
  checkpointer_.reset();
  batch_.reset();
  runner_.reset();
  db_.reset();
  compat::send(self_, database_, writer_failed{reason});
  for (auto& item : unfinished)
    hand_back(std::move(item));
  queue_->drain([this](pending_work&& item) { hand_back(std::move(item)); });
  for (auto& item : settlement_->take_follow_ups())
    hand_back({std::move(item), {}});
  settlement_->forget_arrivals();
  publish();
  settlement_->report_best_effort();
  if (closing_)
    closing_->reply.deliver(reason);
  closing_.reset();
}

void sqlite_writer_state::hand_back(pending_work item) {
  auto& what = *item.what;
  if (auto request = std::get_if<best_effort>(&what.request))
    return settlement_->give_back(std::move(*request), what);
  auto in_doubt = what.doubt.number != 0;
  if (what.attempts >= opts_->max_attempts && !in_doubt)
    return settlement_->refuse(std::move(item), *failed_);
  if (what.awaited)
    item.promise.delegate(database_, std::move(item.what));
  else
    compat::anon_send(database_, std::move(item.what));
}

caf::result<writer_closed>
sqlite_writer_state::start_closing(const close_writer& what) {
  if (failed_)
    return *failed_;
  closing state{self_->make_response_promise<writer_closed>(), what.limit, 0};
  closing_.emplace(std::move(state));
  auto reply = closing_->reply;
  if (!what.drain)
    refuse_everything();
  if (queue_->empty() && db_)
    finish_closing();
  else
    arm();
  return reply;
}

void sqlite_writer_state::refuse_everything() {
  queue_->drain([this](pending_work&& item) {
    if (auto message = std::get_if<best_effort>(&item.what->request))
      return settlement_->give_back(std::move(*message), *item.what);
    if (item.what->counted)
      ++closing_->refused;
    settlement_->refuse(
      std::move(item),
      make_failure(ec::closed, "the database was closed first"));
  });
  push_follow_ups();
}

void sqlite_writer_state::finish_closing() {
  if (auto err = db_->check_files(); err != caf::none)
    return fail(std::move(err));
  writer_closed result;
  result.refused = closing_->refused;
  result.drained = result.refused == 0;
  result.commit = batch_->last().number;
  checkpointer_.reset();
  batch_.reset();
  runner_.reset();
  auto reply = std::move(closing_->reply);
  closing_.reset();
  if (auto err = db_->close(); err != caf::none)
    opts_->log(log_level::warning, "closing the file: " + describe(err));
  db_.reset();
  result.log_removed = sqlite::log_bytes(opts_->path) == 0;
  estate_->lock.reset();
  settlement_->report_best_effort();
  reply.deliver(std::move(result));
  quit({});
}

void sqlite_writer_state::quit(caf::error reason) {
  if (relay_)
    caf::anon_send_exit(relay_, caf::exit_reason::user_shutdown);
  self_->quit(std::move(reason));
}

sqlite_writer_actor::behavior_type
sqlite_writer(sqlite_writer_actor::stateful_pointer<sqlite_writer_state> self,
              database_core_actor database, std::shared_ptr<const options> opts,
              gauges_ptr shared, std::shared_ptr<writer_estate> estate,
              caf::error last_reason) {
  return compat::state(self).make_behavior(std::move(database), std::move(opts),
                                           std::move(shared), std::move(estate),
                                           std::move(last_reason));
}

} // namespace

sqlite_writer_actor
spawn_sqlite_writer(caf::actor_system& sys, database_core_actor database,
                    std::shared_ptr<const options> opts, gauges_ptr shared,
                    std::shared_ptr<writer_estate> estate,
                    caf::error last_reason) {
  if (opts->thread == writer_thread::scheduled)
    return sys.spawn(sqlite_writer, std::move(database), std::move(opts),
                     std::move(shared), std::move(estate),
                     std::move(last_reason));
  return sys.spawn<caf::detached>(sqlite_writer, std::move(database),
                                  std::move(opts), std::move(shared),
                                  std::move(estate), std::move(last_reason));
}

} // namespace onewriter
