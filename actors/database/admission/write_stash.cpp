#include "actors/database/admission/write_stash.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

namespace {

bool is_in_doubt(const pending_write& what) {
  return what.uncertain_commit.number != 0;
}

caf::error unknown_outcome(const std::string& why) {
  return make_failure(ec::outcome_unknown,
                      "the commit failed and it cannot be found out whether it "
                      "took effect ("
                        + why + "); check the outcome before sending it again");
}

// Returns the error for a request that is refused for `reason`.
caf::error refusal_of(const pending_write& what, const caf::error& reason) {
  return insist([&] {
    return is_in_doubt(what) ? unknown_outcome(describe(reason)) : reason;
  });
}

} // namespace

void write_stash::push(pending_write_ptr what) {
  items_.push_back({std::move(what), 0});
}

void write_stash::settle(const writer_ready& found) {
  remove_if([&](item& x) {
    auto& what = *x.what;
    if (!is_in_doubt(what))
      return false;
    auto took_effect = what.uncertain_commit == found.stored;
    if (!took_effect && found.stored.number < what.uncertain_commit.number) {
      what.uncertain_commit = {};
      what.reply.may_be_done(false);
      what.receipt = {};
      return false;
    }
    if (took_effect && found.synced)
      finish(x);
    else if (took_effect)
      finish(x, insist([] {
               return unknown_outcome("the log could not be synced since");
             }));
    else
      finish(x, insist([] {
               return unknown_outcome("another commit came after it");
             }));
    return true;
  });
}

void write_stash::expire(pending_write::clock::time_point now) {
  remove_if([&](item& x) {
    if (now <= x.what->expires || is_in_doubt(*x.what) || !x.what->reply)
      return false;
    finish(x, insist([] {
             return make_failure(ec::deadline_exceeded,
                                 "the deadline passed while the writer was "
                                 "being restarted");
           }));
    return true;
  });
}

void write_stash::opening_failed(const caf::error& reason, const options& opts,
                                 pending_write::clock::time_point now) {
  auto is_busy = reason == ec::busy;
  remove_if([&](item& x) {
    if (!x.what->reply)
      return false;
    auto is_over = is_busy ? now - x.what->arrived >= opts.lock_patience
                           : ++x.failed_openings >= opts.max_attempts
                               || sqlite::is_lasting(code_of(reason));
    if (is_over)
      finish(x, refusal_of(*x.what, reason));
    return is_over;
  });
}

// Requests that the failed writer handed back may arrive after newer ones
// directly from the senders.
std::vector<pending_write_ptr> write_stash::take() {
  std::stable_sort(items_.begin(), items_.end(),
                   [](const item& x, const item& y) {
                     return x.what->arrived < y.what->arrived;
                   });
  std::vector<pending_write_ptr> result;
  insist([&] { result.reserve(items_.size()); });
  for (auto& x : std::exchange(items_, {}))
    result.push_back(std::move(x.what));
  return result;
}

uint64_t write_stash::refuse(const caf::error& reason) {
  uint64_t result = 0;
  for (auto& x : std::exchange(items_, {})) {
    result += x.what->counted ? 1 : 0;
    finish(x, refusal_of(*x.what, reason));
  }
  return result;
}

std::optional<pending_write::clock::time_point> write_stash::oldest() const {
  std::optional<pending_write::clock::time_point> result;
  for (auto& x : items_)
    if (x.what->counted && (!result || x.what->arrived < *result))
      result = x.what->arrived;
  return result;
}

template <class Predicate>
void write_stash::remove_if(Predicate pred) {
  for (auto& x : std::exchange(items_, {}))
    if (!pred(x))
      insist([&] { items_.push_back(std::move(x)); });
}

void write_stash::finish(item& x, const caf::error& reason) {
  x.what->reply.deliver(reason);
  if (!x.what->counted)
    return;
  ++finished_;
  finished_bytes_ += x.what->bytes;
  auto& count = reason == ec::outcome_unknown     ? counts_.unknown
                : reason == ec::deadline_exceeded ? counts_.expired
                                                  : counts_.failed;
  ++count;
}

void write_stash::finish(item& x) {
  x.what->reply.deliver(std::move(x.what->receipt));
  if (!x.what->counted)
    return;
  ++finished_;
  finished_bytes_ += x.what->bytes;
  ++counts_.acknowledged;
}

} // namespace onewriter
