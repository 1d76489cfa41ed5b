#include "actors/index/index_job.hpp"

#include "actors/support/thrown.hpp"

#include <utility>

namespace onewriter {

namespace {

void acknowledge_cancels(index_job& job) {
  acknowledge_all(std::exchange(job.cancels, {}));
}

} // namespace

void answer(index_job& job, job_outcome outcome) {
  if (outcome.reason != caf::none)
    return answer(job, outcome.reason);
  if (auto document = std::get_if<index_job::index_reply>(&job.reply))
    insist([&] { document->deliver(outcome.document); });
  else if (auto totals = std::get_if<index_job::job_reply>(&job.reply))
    insist([&] { totals->deliver(outcome.totals); });
  job.reply = std::monostate{};
  acknowledge_cancels(job);
}

void answer(index_job& job, const caf::error& reason) {
  if (auto document = std::get_if<index_job::index_reply>(&job.reply))
    insist([&] { document->deliver(reason); });
  else if (auto totals = std::get_if<index_job::job_reply>(&job.reply))
    insist([&] { totals->deliver(reason); });
  job.reply = std::monostate{};
  acknowledge_cancels(job);
}

} // namespace onewriter
