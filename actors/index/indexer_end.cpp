#include "actors/index/indexer_state.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/failure.hpp"

#include <utility>

namespace onewriter {

// Only a killed indexer still has promises here.
indexer_state::~indexer_state() {
  auto reason = is_closing() ? insist(closed_error)
                             : stopped_error("the indexer was stopped");
  refuse_waiting(reason);
  running_.abandon_all(reason);
  answer_all(closing_, reason);
  answer_all(resuming_, reason);
  runners_.stop();
}

caf::result<uint64_t> indexer_state::close(const close_indexer& what) {
  auto promise = self_->make_response_promise<uint64_t>();
  insist([&] { closing_.push_back(promise); });
  if (what.drain) {
    running_.stop_cleanup();
  } else {
    refuse_waiting(insist(closed_error));
    running_.stop_all();
  }
  go_on();
  return promise;
}

void indexer_state::refuse_waiting(const caf::error& reason) {
  closed_jobs_ += waiting_.refuse_all(reason);
}

void indexer_state::finish_closing() {
  auto is_busy = !running_.empty() || waiting_.size() > 0 || !resuming_.empty();
  if (!is_closing() || is_busy)
    return;
  answer_all(std::exchange(closing_, {}), closed_jobs_);
  self_->quit();
}

caf::error indexer_state::closed_error() {
  return make_failure(ec::closed, "the database is being closed");
}

} // namespace onewriter
