#include "tests/database/client_fixture.hpp"

#include <stdexcept>

namespace onewriter::test {

std::string outcome_of(const caf::error& err) {
  return err == caf::none ? "ok" : to_string(code_of(err));
}

// -- gate -------------------------------------------------------------------------

std::function<void()> gate::entrance() const {
  return [state = state_] {
    std::unique_lock guard{state->mutex};
    state->visited = true;
    state->changed.notify_all();
    state->changed.wait(guard, [&] { return state->open; });
  };
}

void gate::wait_for_visitor() {
  std::unique_lock guard{state_->mutex};
  if (!state_->changed.wait_for(guard, patience,
                                [this] { return state_->visited; }))
    throw std::runtime_error("no thread came to the gate");
}

void gate::open() {
  std::unique_lock guard{state_->mutex};
  state_->open = true;
  state_->changed.notify_all();
}

// -- requests ---------------------------------------------------------------------

template class sent<write_receipt>;
template sent_write::sent(caf::actor_system&, const database_actor&, write);
template sent_write::sent(caf::actor_system&, const database_actor&,
                          transaction);

namespace {

transaction waiting(std::function<void()> pass) {
  transaction result;
  result.priority = priority::urgent;
  result.function = [pass](session&) -> caf::expected<result_set> {
    pass();
    return result_set{};
  };
  return result;
}

} // namespace

held_writer::held_writer(caf::actor_system& sys, const database_actor& db)
  : request_{sys, db, waiting(gate_.entrance())} {
  gate_.wait_for_visitor();
}

std::string held_writer::release() {
  gate_.open();
  return outcome_of(request_.reply());
}

// -- log --------------------------------------------------------------------------

log_sink log_book::sink() const {
  return [pages = pages_](log_level, std::string_view line) {
    std::unique_lock guard{pages->mutex};
    pages->lines += std::string{line} + '\n';
  };
}

std::string log_book::text() const {
  std::unique_lock guard{pages_->mutex};
  return pages_->lines;
}

// -- client -----------------------------------------------------------------------

client_fixture::client_fixture() {
  opts.path = folder.file("test.db");
  opts.log = log.sink();
  // What waits is run in one turn, however slow the machine is, and nothing
  // expires or is refused unless a test wants it.
  opts.queue.turn_time = std::chrono::hours{1};
  opts.queue.overload_target = std::chrono::nanoseconds{0};
  opts.query_deadline = patience;
  opts.slow_statement = std::chrono::hours{1};
}

caf::error client_fixture::try_open() {
  auto opened = open_database(sys, opts);
  if (!opened)
    return opened.error();
  db = std::make_unique<client>(sys, own(*opened));
  db->reply_limit(patience);
  return {};
}

void client_fixture::open() {
  if (auto err = try_open(); err != caf::none)
    FAIL(describe(err));
}

close_receipt client_fixture::close(onewriter::close what) {
  auto receipt = db->close(what);
  if (!receipt)
    FAIL(describe(receipt.error()));
  return *receipt;
}

void client_fixture::reopen() {
  close();
  open();
}

write_receipt client_fixture::must(write what) {
  auto receipt = db->write(std::move(what));
  if (!receipt)
    FAIL(describe(receipt.error()));
  return *receipt;
}

statistics client_fixture::stats() {
  auto result = db->statistics();
  if (!result)
    FAIL(describe(result.error()));
  return *result;
}

std::string client_fixture::in_one_line(const result_set& x) {
  std::string result;
  for (auto& line : x.rows)
    result += (result.empty() ? "" : " ") + to_string(line);
  return result;
}

held_writer client_fixture::hold() {
  return {sys, db->database()};
}

void client_fixture::pass_on() {
  stats();
}

} // namespace onewriter::test
