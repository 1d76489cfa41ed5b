#include "actors/index/indexer_state.hpp"
#include "actors/index/jobs/resume_step.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/messaging.hpp"

#include <memory>
#include <utility>

namespace onewriter {

caf::result<uint64_t> indexer_state::resume() {
  if (is_closing())
    return closed_error();
  auto promise = self_->make_response_promise<uint64_t>();
  resuming_.push_back(promise);
  insist([this] { find_jobs(); });
  return promise;
}

void indexer_state::find_jobs() {
  auto step = std::make_shared<resume_step>(waiting_.documents());
  auto what = make_index_chunk("find index jobs", step, chunk_time_);
  compat::request(self_, database_, caf::infinite,
                  to_pending_write(what, admission_.next_id()))
    .then([this, step](write_receipt&) { resume(std::move(step->found)); },
          [this](const caf::error& err) { resume_failed(err); });
}

void indexer_state::resume(std::vector<chunked_index> found) {
  if (is_closing())
    found.clear();
  for (auto& what : found)
    insist([&] { waiting_.push(admission_.make_resumed(what)); });
  is_cleanup_due_ = true;
  answer_all(std::exchange(resuming_, {}), uint64_t{found.size()});
  go_on();
}

void indexer_state::resume_failed(const caf::error& reason) {
  answer_all(std::exchange(resuming_, {}), reason);
  go_on();
}

} // namespace onewriter
