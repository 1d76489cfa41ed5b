#include "actors/reader/worker/sqlite_backup.hpp"

#include "actors/sqlite/online_backup.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <utility>

namespace onewriter {

namespace {

using clock_type = std::chrono::steady_clock;

// Pages that are copied between two checks of the mailbox: some milliseconds.
constexpr int pages_per_step = 1'000;

class sqlite_backup_state {
public:
  explicit sqlite_backup_state(sqlite_backup_actor::pointer self)
    : self_{self} {
    // nop
  }

  // CAF 0.17 sends no error for a broken promise. Only a killed actor still has
  // one here.
  ~sqlite_backup_state() {
    if (promise_.pending())
      promise_.deliver(make_failure(ec::unavailable, "the backup was stopped"));
  }

  sqlite_backup_actor::behavior_type make_behavior(reader_context context) {
    context_ = std::move(context);
    compat::on_exit_message(self_, [this](caf::exit_msg&) {
      fail(make_failure(ec::unavailable, "the backup was stopped"));
    });
    return {
      [this](backup_work& work) { return start(work); },
      [this](check_work& work) { return check(work); },
      [this](cancel_maintenance& what) { fail(std::move(what.reason)); },
      [this](copy_pages) { copy(); },
    };
  }

  static inline const char* name = "onewriter.backup";

private:
  // -- integrity check ------------------------------------------------------------

  caf::result<integrity_report> check(const check_work& work) {
    auto report = guarded<caf::expected<integrity_report>>(
      [&] { return look_for_damage(work); });
    if (!report && context_.shared->gate.is_shut())
      report = stopped_by_gate();
    close();
    return report;
  }

  caf::expected<integrity_report> look_for_damage(const check_work& work) {
    if (clock_type::now() >= work.expires)
      return make_failure(ec::deadline_exceeded,
                          "the deadline passed before the check could start");
    if (auto err = open(work.expires); err != caf::none)
      return err;
    db_->set_run_deadline(work.expires);
    return db_->check(work.what.quick);
  }

  // -- backup ---------------------------------------------------------------------

  caf::result<backup_receipt> start(backup_work& work) {
    promise_ = self_->make_response_promise<backup_receipt>();
    what_ = std::move(work.what);
    auto err = guarded<caf::error>([this] { return begin(); });
    if (err != caf::none)
      fail(std::move(err));
    else
      compat::send(self_, sqlite_backup_actor{self_}, copy_pages{});
    return promise_;
  }

  caf::error begin() {
    auto limit = clock_type::now() + context_.opts->lock_patience;
    if (auto err = open(limit); err != caf::none)
      return err;
    auto backup
      = sqlite::online_backup::begin(*db_, what_.path, what_.overwrite);
    if (!backup)
      return backup.error();
    backup_ = std::move(*backup);
    return {};
  }

  void copy() {
    if (!backup_)
      return;
    auto done = guarded<caf::expected<bool>>([this] { return step(); });
    if (!done)
      fail(std::move(done.error()));
    else if (*done)
      finish();
    else
      compat::send(self_, sqlite_backup_actor{self_}, copy_pages{});
  }

  caf::expected<bool> step() {
    auto done = backup_->step(pages_per_step);
    if (done && what_.listener)
      compat::anon_send(what_.listener,
                        backup_progress{what_.path, backup_->done_pages(),
                                        backup_->total_pages()});
    return done;
  }

  void finish() {
    auto receipt = guarded<caf::expected<backup_receipt>>(
      [this] { return backup_->finish(); });
    if (!receipt)
      return fail(std::move(receipt.error()));
    close();
    promise_.deliver(std::move(*receipt));
  }

  // -- both -----------------------------------------------------------------------

  caf::error open(clock_type::time_point limit) {
    auto db = retry_while_busy(*context_.shared, limit, [this] {
      return open_reader(*context_.opts, context_.shared);
    });
    if (!db)
      return db.error();
    db_ = std::move(*db);
    context_.shared->maintenance.set(clock_type::now());
    return {};
  }

  void fail(caf::error reason) {
    close();
    if (promise_.pending())
      promise_.deliver(std::move(reason));
  }

  // Before the reply, so that its receiver can ask for the next backup.
  void close() {
    backup_.reset();
    close_reader(db_, *context_.opts);
    context_.shared->maintenance.clear();
    compat::send(self_, context_.pool, maintenance_done{});
    self_->quit();
  }

  template <class Result, class F>
  Result guarded(F f) {
    try {
      return f();
    } catch (...) {
      return thrown_error("the backup");
    }
  }

  sqlite_backup_actor::pointer self_;
  reader_context context_;
  backup what_;
  caf::typed_response_promise<backup_receipt> promise_;
  reader_connection db_;
  std::unique_ptr<sqlite::online_backup> backup_;
};

sqlite_backup_actor::behavior_type
sqlite_backup(sqlite_backup_actor::stateful_pointer<sqlite_backup_state> self,
              reader_context context) {
  return compat::state(self).make_behavior(std::move(context));
}

} // namespace

sqlite_backup_actor spawn_sqlite_backup(caf::actor_system& sys,
                                        reader_context context) {
  require_thread();
  return sys.spawn<caf::detached>(sqlite_backup, std::move(context));
}

} // namespace onewriter
