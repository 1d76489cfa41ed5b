#include "actors/writer/request_runner.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/store/dead_letter_store.hpp"
#include "actors/store/idempotency_store.hpp"
#include "actors/store/receipt_codec.hpp"
#include "actors/writer/writer_session.hpp"
#include "onewriter/failure.hpp"

#include <exception>
#include <new>
#include <optional>

namespace onewriter {

namespace {

/// Calls a function of the embedding program; an exception becomes an error,
/// except for a lack of memory, which undoes more than the function.
template <class F>
caf::expected<result_set> call_guarded(F& function, session& db) {
  try {
    return function(db);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& ex) {
    return make_failure(ec::function_failed,
                        std::string{"the function threw: "} + ex.what());
  } catch (...) {
    return make_failure(ec::function_failed,
                        "the function threw something that "
                        "is not a std::exception");
  }
}

// A function may fail with any error, but only SQLite's errors make the
// connection unreliable.
caf::error as_function_error(const caf::error& err) {
  if (!sqlite::is_transient(code_of(err)) && !sqlite::is_fatal(code_of(err)))
    return err;
  return make_failure(ec::function_failed, describe(err));
}

// Runs and stores a request that has no receipt from before.
template <class Run, class Store>
caf::error run_unless(caf::expected<std::optional<write_receipt>> found,
                      write_receipt& receipt, Run&& run, Store store) {
  if (!found)
    return std::move(found.error());
  if (*found) {
    receipt = std::move(**found);
    return {};
  }
  if (auto err = run(); err != caf::none)
    return err;
  return store();
}

write to_write(dead_letter letter) {
  write result{std::move(letter.statements)};
  result.idempotency_key = std::move(letter.idempotency_key);
  return result;
}

call to_call(dead_letter letter) {
  call result{std::move(letter.function)};
  result.arguments = std::move(letter.arguments);
  result.idempotency_key = std::move(letter.idempotency_key);
  return result;
}

bool has_own_key(const work_request& what) {
  if (auto request = std::get_if<write>(&what))
    return !request->idempotency_key.empty();
  if (auto request = std::get_if<call>(&what))
    return !request->idempotency_key.empty();
  return false;
}

bool is_single_statement(const pending_write& what) {
  if (auto request = std::get_if<write>(&what.request))
    return request->statements.size() == 1
           && request->statements.front().expected_changes < 0
           && request->idempotency_key.empty();
  if (auto request = std::get_if<best_effort>(&what.request))
    return request->what.expected_changes < 0;
  return false;
}

} // namespace

request_runner::request_runner(sqlite::connection& db, const options& opts)
  : db_{db},
    functions_{opts.functions},
    sessions_{db} {
  limits_.max_rows = opts.max_result_rows;
  limits_.max_bytes = opts.max_result_bytes;
  limits_.beyond = sqlite::on_limit::fail;
}

bool request_runner::needs_savepoint(const pending_write& what) {
  return !is_single_statement(what);
}

caf::error request_runner::run(const pending_write& what, uint64_t number,
                               write_receipt& receipt) {
  number_ = number;
  wants_own_transaction_ = false;
  room_ = limits_;
  sessions_.withdraw();
  auto run = [&] {
    return std::visit(
      [&](auto& request) { return run_request(request, receipt); },
      what.request);
  };
  if (what.position.session == nullptr || has_own_key(what.request))
    return run();
  return run_at(what.position, receipt, run);
}

template <class F>
caf::error request_runner::run_at(const session_position& position,
                                  write_receipt& receipt, F&& run) {
  return run_unless(sessions_.find(position), receipt, run, [&] {
    receipt.commit = number_;
    return sessions_.propose(position, receipt);
  });
}

template <class Request, class F>
caf::error
request_runner::run_once(const Request& what, write_receipt& receipt, F&& run) {
  if (what.idempotency_key.empty())
    return run();
  auto request = fingerprint(what);
  return run_unless(
    find_receipt(db_, what.idempotency_key, request), receipt, run, [&] {
      auto stored = receipt;
      stored.commit = number_;
      return store_receipt(db_, what.idempotency_key, request, stored);
    });
}

// -- kinds of requests ----------------------------------------------------------

caf::error request_runner::run_request(const write& what,
                                       write_receipt& receipt) {
  return run_once(what, receipt, [&]() -> caf::error {
    int32_t position = 0;
    for (auto& part : what.statements)
      if (auto err = run_statement(part, position++, receipt); err != caf::none)
        return err;
    return {};
  });
}

caf::error request_runner::run_request(const best_effort& what,
                                       write_receipt& receipt) {
  return run_statement(what.what, 0, receipt);
}

caf::error request_runner::run_request(const call& what,
                                       write_receipt& receipt) {
  auto function = functions_.find(what.name);
  if (function == functions_.end())
    return make_failure(ec::no_such_function,
                        "no function is registered as \"" + what.name
                          + "\"; add it to options::functions");
  return run_once(what, receipt, [&] {
    return run_function(
      [&](session& db) { return function->second(db, what.arguments); },
      receipt);
  });
}

caf::error request_runner::run_request(const transaction& what,
                                       write_receipt& receipt) {
  return run_function(what.function, receipt);
}

caf::error request_runner::run_request(const internal_task& what,
                                       write_receipt& receipt) {
  auto rows = what.function(db_);
  if (!rows)
    return rows.error();
  if (!rows->columns.empty())
    receipt.returned.push_back(std::move(*rows));
  return {};
}

caf::error request_runner::run_request(const replay_dead_letter& what,
                                       write_receipt& receipt) {
  auto letter = load_letter(db_, what.id);
  if (!letter)
    return letter.error();
  if (auto err = remove_letter(db_, what.id); err != caf::none)
    return err;
  if (!letter->function.empty())
    return run_request(to_call(std::move(*letter)), receipt);
  return run_request(to_write(std::move(*letter)), receipt);
}

// -- statements and functions ---------------------------------------------------

caf::error request_runner::run_statement(const statement& what,
                                         int32_t position,
                                         write_receipt& receipt) {
  db_.clear_last_insert_rowid();
  auto changes_before = db_.total_changes();
  auto rows = db_.run(what, room_);
  if (!rows)
    return sqlite::at_statement(rows.error(), position);
  auto changed = changes_since(db_, changes_before);
  if (what.expected_changes >= 0 && changed != what.expected_changes)
    return sqlite::at_statement(unexpected_changes(what, changed), position);
  receipt.changes += changed;
  if (auto rowid = db_.last_insert_rowid())
    receipt.last_insert_rowid = rowid;
  if (auto err = keep_rows(std::move(*rows), receipt); err != caf::none)
    return sqlite::at_statement(err, position);
  return {};
}

template <class F>
caf::error request_runner::run_function(F&& function, write_receipt& receipt) {
  db_.clear_last_insert_rowid();
  writer_session view{db_, limits_};
  auto rows = call_guarded(function, view);
  // A function that stopped at a failed statement has returned the full error.
  auto stopped = view.outgrown() && !view.was_refused() && !rows;
  wants_own_transaction_ = view.outgrown() && !stopped;
  if (view.broken() != caf::none && !stopped)
    return view.broken();
  if (!rows)
    return as_function_error(rows.error());
  receipt.changes = view.all_changes();
  receipt.last_insert_rowid = db_.last_insert_rowid();
  return keep_rows(std::move(*rows), receipt);
}

// The limits are for the whole receipt. Omitted rows would be lost.
caf::error request_runner::keep_rows(result_set rows, write_receipt& receipt) {
  if (rows.columns.empty())
    return {};
  auto bytes = uint64_t{rows.bytes()};
  if (bytes > room_.max_bytes || rows.rows.size() > room_.max_rows)
    return make_failure(ec::too_big,
                        "all that the request returns is over the size limit, "
                        "max-result-rows or max-result-bytes");
  room_.max_bytes -= bytes;
  room_.max_rows -= rows.rows.size();
  receipt.returned.push_back(std::move(rows));
  return {};
}

} // namespace onewriter
