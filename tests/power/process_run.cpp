#include "tests/power/process_run.hpp"

#include "actors/core/database_core.hpp"
#include "onewriter/client.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"
#include "tests/fixture.hpp"
#include "tests/power/document_text.hpp"
#include "tests/power/numbered_write.hpp"
#include "tests/strain/burden.hpp"
#include "tests/strain/log_pin.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <future>
#include <random>
#include <set>
#include <utility>

namespace onewriter::test {

namespace {

/// One process run: several sessions with the same file.
class process_run {
public:
  process_run(caf::actor_system& sys, volatile_disk& disk,
              std::string documents, const run_plan& plan, options opts,
              uint64_t seed, run_ledger& ledger)
    : sys_{sys},
      disk_{disk},
      documents_{std::move(documents)},
      plan_{plan},
      opts_{std::move(opts)},
      random_{seed},
      ledger_{ledger} {
    for (uint32_t i = 0; i < senders; ++i)
      senders_.push_back(std::make_unique<caf::scoped_actor>(sys));
    for (auto& [number, sender] : ledger.old_writes)
      last_number_ = std::max(last_number_, number);
  }

  void run() {
    for (uint32_t i = 0; i < plan_.sessions && goes_on(); ++i)
      run_session();
    // The remains of a session may outlive it for a moment.
    if (!disk_.wait_until_closed())
      complain("files stay open", {});
  }

private:
  bool goes_on() const {
    return !disk_.is_cut() && ledger_.problems.empty();
  }

  // Without power everything fails, but every caller gets a reply.
  bool is_wrong(const caf::error& err) const {
    return !disk_.is_cut() || code_of(err) == ec::deadline_exceeded;
  }

  void complain(const std::string& what, const caf::error& reason) {
    auto text = reason == caf::none ? what : what + ": " + describe(reason);
    ledger_.problems.push_back(text);
  }

  // -- a session -----------------------------------------------------------------

  void run_session() {
    database_ = spawn_database(sys_, opts_);
    disk_.on_cut(
      [db = database_] { caf::anon_send_exit(db, caf::exit_reason::kill); });
    make_tables();
    if (plan_.pinned)
      pin_log();
    auto job = start_job();
    for (uint32_t i = 0; i < plan_.writes_per_session && goes_on(); ++i)
      send_something();
    while (!outstanding_.empty())
      collect();
    if (job.valid())
      job.get();
    if (!job_problem_.empty())
      ledger_.problems.push_back("an index job failed: " + job_problem_);
    end_session();
  }

  void make_tables() {
    auto has_tables = !ledger_.old_writes.empty() || !ledger_.writes.empty();
    if (!has_tables) {
      auto tables = table_write();
      if (plan_.tiny)
        add_burden_tables(tables);
      send(0, 0, std::move(tables));
      collect();
    }
  }

  void send_something() {
    send(random_() % senders);
    auto draw = random_() % 16;
    if (draw == 0)
      ask<checkpoint_receipt>("a checkpoint", checkpoint{random_() % 2 == 0});
    else if (draw == 1)
      ask<result_set>("a query",
                      query{"SELECT sum(length(payload)) FROM entry"});
    else if (draw == 2 && plan_.pinned)
      pin_log();
    if (plan_.tiny && draw % 3 == 0)
      send_burden();
    while (outstanding_.size() >= plan_.window)
      collect();
  }

  void end_session() {
    auto closes = goes_on();
    client db{sys_, database_};
    db.reply_limit(patience);
    if (closes)
      if (auto receipt = db.close(); !receipt && !disk_.is_cut())
        complain("closing failed", receipt.error());
    caf::scoped_actor self{sys_};
    self->monitor(database_);
    caf::anon_send_exit(database_, caf::exit_reason::kill);
    self->receive([](const caf::down_msg&) {});
    disk_.on_cut(nullptr);
    cursor_ = nullptr;
    database_ = nullptr;
  }

  // The reader before, if there was one, lets go of its snapshot.
  void pin_log() {
    caf::scoped_actor self{sys_};
    cursor_actor next;
    auto refused = [this](const caf::error& err) {
      if (is_wrong(err))
        complain("the log cannot be pinned", err);
    };
    compat::request(self, database_, patience, pinning_cursor())
      .receive([&](cursor_actor& x) { next = x; }, refused);
    if (next)
      compat::request(self, next, patience, next_page{})
        .receive([](const cursor_page&) {}, refused);
    if (cursor_)
      caf::anon_send_exit(cursor_, caf::exit_reason::user_shutdown);
    cursor_ = std::move(next);
  }

  // -- requests ------------------------------------------------------------------

  void send(uint32_t sender) {
    auto number = ++last_number_;
    auto what = numbered_write(number, sender);
    if (plan_.tiny && random_() % 6 == 0)
      send(sender, number, with_burden(draw_burden(), std::move(what)));
    else
      send(sender, number, std::move(what));
  }

  burden draw_burden() {
    return burden::of(1 + random_() % 1'000'000);
  }

  void send_burden() {
    auto load = draw_burden();
    switch (random_() % 4) {
      case 0:
        return push_burden(load, burden_call(load));
      case 1:
        return push_burden(load, burden_transaction(load));
      case 2:
        compat::send(*senders_[random_() % senders], database_,
                     burden_best_effort(load));
        return;
      default:
        return push_burden(load, burden_write(load));
    }
  }

  template <class Request>
  void send(uint32_t sender, uint64_t number, Request what) {
    auto at = ledger_.writes.size();
    ledger_.writes.push_back({number, sender, disk_.position(), never, 0});
    auto note = [this, at](write_receipt& receipt) {
      auto& sent = ledger_.writes[at];
      sent.commit = receipt.commit;
      sent.receipt_at = disk_.position();
      open_.erase(sent.number);
    };
    auto name = "write " + std::to_string(number);
    auto& self = *senders_[sender];
    if (!has_positions(sender))
      return push<write_receipt>(self, database_, std::move(name),
                                 std::move(what), note);
    open_.insert(number);
    push<write_receipt>(
      self, caf::actor_cast<database_core_actor>(database_), std::move(name),
      positioned_write(number, sender, *open_.begin(), std::move(what)), note);
  }

  template <class Reply, class Request>
  void ask(const char* name, Request what) {
    push<Reply>(*senders_[0], database_, name, std::move(what), [](Reply&) {});
  }

  template <class Reply, class Handle, class Request, class F>
  void push(caf::scoped_actor& self, const Handle& whom, std::string name,
            Request what, F note) {
    auto response = compat::request(self, whom, patience, std::move(what));
    auto shared = std::make_shared<decltype(response)>(std::move(response));
    outstanding_.push_back([this, shared, name = std::move(name), note] {
      std::move(*shared).receive([&](Reply& x) { note(x); },
                                 [&](caf::error& err) {
                                   if (!disk_.is_cut()
                                       || code_of(err) == ec::deadline_exceeded)
                                     complain(name + " failed", err);
                                 });
    });
  }

  template <class Request>
  void push_burden(const burden& load, Request what) {
    auto& self = *senders_[random_() % senders];
    auto response = compat::request(self, database_, patience, std::move(what));
    auto shared = std::make_shared<decltype(response)>(std::move(response));
    outstanding_.push_back([this, shared, load] {
      std::move(*shared).receive(
        [&](write_receipt&) { complain(to_string(load) + " succeeded", {}); },
        [&](caf::error& err) {
          ++ledger_.burdens;
          if (is_wrong(err) && !is_error_of(load, code_of(err)))
            complain(to_string(load) + " failed otherwise", err);
        });
    });
  }

  void collect() {
    auto receive = std::move(outstanding_.front());
    outstanding_.pop_front();
    receive();
  }

  // -- documents -----------------------------------------------------------------

  // Asks again for what was interrupted, else for a new version.
  std::future<void> start_job() {
    if (!goes_on() || random_() % 4 == 0)
      return {};
    auto& sent = ledger_.documents;
    auto version = ledger_.old_version + 1;
    if (!sent.empty())
      version = sent.back().version + (sent.back().receipt_at == never ? 0 : 1);
    sent.push_back({version, disk_.position(), never, 0});
    return std::async(std::launch::async, [this, version, at = sent.size() - 1,
                                           from_file = random_() % 2 == 0] {
      run_job(version, from_file, at);
    });
  }

  void run_job(uint64_t version, bool from_file, size_t at) {
    chunked_index what;
    what.index = index_name;
    what.key = document_key;
    if (from_file)
      what.path = documents_ + "/" + word_of(version);
    else
      what.text = document_text(version);
    client db{sys_, database_};
    db.reply_limit(patience);
    auto receipt = db.index(std::move(what));
    if (receipt) {
      ledger_.documents[at].commit = receipt->unchanged ? 0 : receipt->commit;
      ledger_.documents[at].receipt_at = disk_.position();
    } else if (is_wrong(receipt.error())) {
      job_problem_ = describe(receipt.error());
    }
  }

  caf::actor_system& sys_;
  volatile_disk& disk_;
  std::string documents_;
  const run_plan& plan_;
  options opts_;
  std::mt19937_64 random_;
  run_ledger& ledger_;
  uint64_t last_number_ = 0;
  // Those with positions that have no receipt.
  std::set<uint64_t> open_;
  std::vector<std::unique_ptr<caf::scoped_actor>> senders_;
  database_actor database_;
  cursor_actor cursor_;
  std::deque<std::function<void()>> outstanding_;
  std::string job_problem_;
};

} // namespace

run_record run_process(caf::actor_system& sys, volatile_disk& disk,
                       const std::string& folder, const std::string& documents,
                       const run_plan& plan, enum synchronous level,
                       uint64_t seed, run_ledger ledger) {
  run_record result;
  result.ledger = std::move(ledger);
  auto opts = plan.database_options(level);
  opts.path = folder + "/test.db";
  opts.vfs = disk.name();
  disk.start(folder, plan.cut_at);
  process_run{sys, disk, documents, plan, opts, seed, result.ledger}.run();
  result.was_cut = disk.is_cut();
  result.changes = disk.take_changes();
  return result;
}

} // namespace onewriter::test
