#include "actors/database/admission/admission.hpp"

#include "actors/database/admission/request_problems.hpp"
#include "actors/store/dead_letter_store.hpp"
#include "actors/text/utf8.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

namespace {

constexpr size_t max_idempotency_key_bytes = 255;

lane lane_of(priority x) {
  switch (x) {
    case priority::urgent:
      return lane::urgent;
    case priority::background:
      return lane::background;
    default:
      return lane::normal;
  }
}

template <class Request>
void fill_any(pending_write& to, Request& what,
              pending_write::clock::time_point now) {
  to.in = lane_of(what.priority);
  to.counted = true;
  to.arrived = now;
  // A deadline beyond what the clock can express is none.
  if (what.deadline != what.deadline.zero()
      && what.deadline < pending_write::clock::time_point::max() - now)
    to.expires = now + what.deadline;
  to.run_limit = what.run_limit;
  to.bytes = bytes_of(what);
  to.request = std::move(what);
}

struct problem_finder {
  caf::error operator()(const write& x) const {
    if (x.statements.empty())
      return make_failure(ec::empty_statement,
                          "the write has no statement; add one");
    auto err = priority_problem(x.priority);
    return err == caf::none ? key_problem(x.idempotency_key) : err;
  }

  caf::error operator()(const call& x) const {
    auto err = priority_problem(x.priority);
    return err == caf::none ? key_problem(x.idempotency_key) : err;
  }

  caf::error operator()(const transaction& x) const {
    if (!x.function)
      return make_failure(ec::invalid_argument,
                          "the transaction has no function");
    return priority_problem(x.priority);
  }

  template <class Request>
  caf::error operator()(const Request&) const {
    return {};
  }

  static caf::error priority_problem(priority x) {
    if (is_known(x))
      return {};
    return make_failure(ec::invalid_argument,
                        "priority: must be urgent, normal or background");
  }

  static caf::error key_problem(const std::string& key) {
    if (key.size() > max_idempotency_key_bytes)
      return make_failure(ec::invalid_argument,
                          "idempotency_key: must have at most 255 bytes");
    if (!is_valid_utf8(key))
      return make_failure(ec::invalid_text,
                          "idempotency_key: must be valid UTF-8");
    return {};
  }
};

} // namespace

void fill(pending_write& to, write& what,
          pending_write::clock::time_point now) {
  fill_any(to, what, now);
}

void fill(pending_write& to, call& what, pending_write::clock::time_point now) {
  fill_any(to, what, now);
}

void fill(pending_write& to, transaction& what,
          pending_write::clock::time_point now) {
  fill_any(to, what, now);
}

size_t bytes_of(const transaction&) {
  return sizeof(transaction);
}

work_request removal_of_letter(int64_t id) {
  auto remove = [id](sqlite::connection& db) -> caf::expected<result_set> {
    if (auto err = remove_letter(db, id); err != caf::none)
      return err;
    return result_set{};
  };
  return internal_task{"(removal of a dead letter)", remove};
}

caf::error problem_of(const pending_write& what) {
  if (what.expires < what.arrived)
    return make_failure(ec::invalid_argument, "deadline: must not be negative");
  if (what.run_limit < what.run_limit.zero())
    return make_failure(ec::invalid_argument,
                        "run_limit: must not be negative");
  return std::visit(problem_finder{}, what.request);
}

admission::admission(std::shared_ptr<const options> opts, metrics_ptr shared,
                     const write_stash& stash)
  : opts_{std::move(opts)},
    shared_{std::move(shared)},
    stash_{stash} {
  // nop
}

void admission::count_refused() {
  ++submitted_;
  ++refused_;
}

void admission::count_admitted(const pending_write& what) {
  ++submitted_;
  ++admitted_;
  admitted_bytes_ += what.bytes;
}

bool admission::shed() {
  auto& limits = opts_->queue;
  if (pending() < limits.max_items && pending_bytes() < limits.max_bytes)
    return false;
  count_refused();
  return true;
}

caf::error admission::refusal(const pending_write& what,
                              const caf::error& closed,
                              double requests_per_second) const {
  if (closed != caf::none)
    return closed;
  if (auto err = problem_of(what); err != caf::none)
    return err;
  auto refuse = [&](const char* why) {
    return overloaded(why, requests_per_second);
  };
  auto& limits = opts_->queue;
  if (what.bytes > limits.max_bytes)
    return make_failure(ec::too_big,
                        "the write alone exceeds max-bytes, the size of the "
                        "queue: split it, or raise max-bytes");
  if (pending() >= limits.max_items)
    return refuse("too many writes are pending");
  if (pending_bytes() + what.bytes > limits.max_bytes)
    return refuse("pending writes occupy too much memory");
  if (shared_->writer.overloaded.get() != 0)
    return refuse("writes have been waiting for too long");
  return {};
}

// Half of what is pending should be done by then.
caf::error admission::overloaded(const char* why,
                                 double requests_per_second) const {
  auto rate = std::max(requests_per_second, 1.0);
  auto seconds = static_cast<double>(pending()) / rate / 2;
  failure details;
  details.message = std::string{why} + "; send less at once, or later";
  details.retry_after = std::chrono::milliseconds{
    static_cast<int64_t>(std::clamp(seconds, 0.01, 10.0) * 1000)};
  return make_failure(ec::overloaded, std::move(details));
}

void admission::add_to(write_counts& to) const {
  to.submitted += submitted_;
  to.refused += refused_;
  to.pending += pending();
  to.pending_bytes += pending_bytes();
}

uint64_t admission::pending() const {
  return admitted_ - shared_->writer.finished.get() - stash_.finished();
}

uint64_t admission::pending_bytes() const {
  return admitted_bytes_ - shared_->writer.finished_bytes.get()
         - stash_.finished_bytes();
}

} // namespace onewriter
