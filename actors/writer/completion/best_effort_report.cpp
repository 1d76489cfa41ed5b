#include "actors/writer/completion/best_effort_report.hpp"

#include "actors/support/thrown.hpp"

#include <utility>

namespace onewriter {

best_effort_report::best_effort_report(database_core_actor database)
  : database_{std::move(database)} {
  // nop
}

void best_effort_report::expect() {
  ++pending_;
}

void best_effort_report::count(bool written) {
  --pending_;
  ++(written ? done_.written : done_.failed);
}

void best_effort_report::give_back(best_effort message,
                                   const pending_write& what) {
  --pending_;
  if (what.uncertain_commit.number != 0) {
    ++done_.unknown;
    return;
  }
  insist([&] { done_.returned.push_back(std::move(message)); });
  insist([&] { done_.returned_arrived.push_back(what.arrived); });
}

void best_effort_report::give_back(best_effort_batch batch) {
  done_.returned = std::move(batch.messages);
  done_.returned_arrived = std::move(batch.arrived);
  send();
}

void best_effort_report::send() {
  auto settled
    = done_.written + done_.failed + done_.unknown + done_.returned.size();
  if (pending_ > 0 || settled == 0)
    return;
  must_send(database_, done_);
  done_ = {};
}

} // namespace onewriter
