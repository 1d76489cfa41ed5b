#include "tests/index/test_core.hpp"

#include "actors/index/tables/schema.hpp"
#include "actors/sqlite/fts5_offset.hpp"
#include "actors/writer/writer_session.hpp"
#include "onewriter/compat/messaging.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

namespace onewriter::test {

namespace {

void must(const caf::error& err) {
  if (err != caf::none)
    throw std::runtime_error(describe(err));
}

std::string title_of_task(const pending_write& what) {
  auto task = std::get_if<internal_task>(&what.request);
  return task != nullptr ? task->name : "function";
}

class test_core_state {
public:
  explicit test_core_state(database_core_actor::pointer self) : self_{self} {
    // nop
  }

  database_core_actor::behavior_type make_behavior(core_script_ptr script) {
    script_ = std::move(script);
    return {
      [this](pending_write_ptr& what) { return run(*what); },
      [](const returned_requests&) {},
      [](const writer_ready&) {},
      [](const writer_failed&) {},
      [](const writer_closed&) {},
      [](readers_failed) {},
      [](readers_released) {},
      [](const best_effort_done&) {},
      [](const longest_write_seen&) {},
      [](const slow_statement_seen&) {},
      [](const child_event&) {},
      [](const process_turned_away&) {},
      [](check_alerts) {},
      [](flush_work) {},
    };
  }

  static inline const char* name = "onewriter.test_core";

private:
  caf::result<write_receipt> run(pending_write& what) {
    auto request = script_->add(what);
    auto decision = script_->decide(request);
    if (decision == fate::hold) {
      held_.push_back(self_->make_response_promise<write_receipt>());
      script_->done(request);
      return held_.back();
    }
    auto result = run(what, request, decision);
    script_->done(request);
    if (!result)
      return result.error();
    return std::move(*result);
  }

  caf::expected<write_receipt> run(pending_write& what,
                                   const core_request& request, fate decision) {
    if (decision == fate::refuse)
      return script_->refusal;
    if (decision == fate::lose)
      return make_failure(ec::outcome_unknown, "lost");
    if (decision == fate::repeat) {
      if (auto err = apply(what); err != caf::none)
        return err;
      db().rollback();
    }
    if (auto err = apply(what); err != caf::none)
      return err;
    if (auto err = db().commit(); err != caf::none)
      return err;
    write_receipt result;
    result.commit = ++commits_;
    result.shared = 1;
    script_->committed(request);
    if (decision == fate::doubt)
      return make_failure(ec::outcome_unknown, "committed, but who knows");
    return result;
  }

  // Leaves the transaction open, or nothing after an error.
  caf::error apply(pending_write& what) {
    if (auto err = db().begin_immediate(); err != caf::none)
      return err;
    if (auto err = db().savepoint(); err != caf::none)
      return err;
    auto result = call(what);
    auto err = result ? db().release_savepoint() : result.error();
    if (err != caf::none)
      db().rollback();
    return err;
  }

  caf::expected<result_set> call(pending_write& what) {
    if (auto task = std::get_if<internal_task>(&what.request))
      return task->function(db());
    writer_session session{db(), sqlite::result_limits{}};
    try {
      return std::get<transaction>(what.request).function(session);
    } catch (const std::exception& ex) {
      return make_failure(ec::function_failed, ex.what());
    }
  }

  sqlite::connection& db() {
    return *script_->db;
  }

  database_core_actor::pointer self_;
  core_script_ptr script_;
  uint64_t commits_ = 0;
  std::vector<caf::typed_response_promise<write_receipt>> held_;
};

database_core_actor::behavior_type
test_core(database_core_actor::stateful_pointer<test_core_state> self,
          core_script_ptr script) {
  return compat::state(self).make_behavior(std::move(script));
}

std::unique_ptr<sqlite::connection> open(const std::string& path,
                                         sqlite::role role) {
  sqlite::connection_options options;
  options.path = path;
  options.role = role;
  options.synchronous = synchronous::normal;
  auto result = sqlite::connection::open(options);
  if (!result)
    must(result.error());
  return std::move(*result);
}

} // namespace

std::vector<core_request> core_script::requests() {
  std::lock_guard<std::mutex> guard{mutex_};
  return requests_;
}

size_t core_script::count(const std::string& title) {
  size_t result = 0;
  for (auto& x : requests())
    result += x.title == title ? 1 : 0;
  return result;
}

void core_script::wait_for(
  const std::function<bool(const core_request&)>& pred) {
  std::unique_lock<std::mutex> guard{mutex_};
  auto has_come = [&] {
    return std::any_of(done_.begin(), done_.end(), pred);
  };
  if (!changed_.wait_for(guard, std::chrono::seconds{30}, has_come))
    throw std::runtime_error("an expected request did not come");
}

size_t core_script::wait_for_more_than(size_t count) {
  std::unique_lock<std::mutex> guard{mutex_};
  if (!changed_.wait_for(guard, std::chrono::seconds{30},
                         [&] { return done_.size() > count; }))
    throw std::runtime_error("no further request came");
  return done_.size();
}

core_request core_script::add(const pending_write& what) {
  std::lock_guard<std::mutex> guard{mutex_};
  requests_.push_back(
    {requests_.size(), title_of_task(what), what.sender, what.bytes});
  return requests_.back();
}

void core_script::done(const core_request& what) {
  std::lock_guard<std::mutex> guard{mutex_};
  done_.push_back(what);
  changed_.notify_all();
}

database_core_actor spawn_test_core(caf::actor_system& sys,
                                    core_script_ptr script) {
  return sys.spawn<caf::detached>(test_core, std::move(script));
}

std::unique_ptr<sqlite::connection> open_writer(const std::string& path) {
  auto result = open(path, sqlite::role::writer);
  must(sqlite::prepare_schema(*result, {index_schema()}));
  return result;
}

std::unique_ptr<sqlite::connection> open_reader(const std::string& path) {
  auto result = open(path, sqlite::role::reader);
  must(sqlite::register_fts5_offset(*result));
  return result;
}

} // namespace onewriter::test
