#include "actors/index/running_jobs.hpp"

#include "actors/support/thrown.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

const index_job& running_jobs::add(index_job job) {
  auto id = job.id;
  auto place = insist([&] { return jobs_.try_emplace(id).first; });
  place->second = std::move(job);
  return place->second;
}

std::optional<index_job> running_jobs::take(uint64_t id) {
  auto place = jobs_.find(id);
  if (place == jobs_.end())
    return std::nullopt;
  auto result = std::move(place->second);
  jobs_.erase(place);
  return result;
}

std::optional<uint64_t>
running_jobs::job_of(const caf::actor_addr& runner) const {
  for (auto& [id, job] : jobs_)
    if (job.runner.address() == runner)
      return id;
  return std::nullopt;
}

bool running_jobs::cancel(const document_name& document, promise done) {
  for (auto& [id, job] : jobs_) {
    if (!job.is_index_job() || !(job.document == document))
      continue;
    job.signals->cancelled = true;
    job.cancels.push_back(std::move(done));
    return true;
  }
  return false;
}

void running_jobs::stop_all() {
  for (auto& [id, job] : jobs_)
    job.signals->stopped = true;
}

void running_jobs::stop_cleanup() {
  for (auto& [id, job] : jobs_)
    if (job.is_cleanup)
      job.signals->stopped = true;
}

void running_jobs::abandon_all(const caf::error& reason) {
  stop_all();
  for (auto& x : jobs_) {
    auto& job = x.second;
    answer_all(std::exchange(job.cancels, {}), reason);
    insist([&] { answer(job, reason); });
  }
}

bool running_jobs::has_cleanup() const {
  return std::any_of(jobs_.begin(), jobs_.end(),
                     [](auto& x) { return x.second.is_cleanup; });
}

size_t running_jobs::size_without_cleanup() const {
  return jobs_.size() - (has_cleanup() ? 1 : 0);
}

} // namespace onewriter
