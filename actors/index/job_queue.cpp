#include "actors/index/job_queue.hpp"

#include <algorithm>

namespace onewriter {

void job_queue::push(index_job job) {
  auto bytes = job.bytes;
  jobs_.push_back(std::move(job));
  bytes_ += bytes;
}

std::optional<index_job> job_queue::pop() {
  auto may_run = [this](const index_job& job) {
    return !job.document || busy_.count(name_of(*job.document)) == 0;
  };
  auto pos = std::find_if(jobs_.begin(), jobs_.end(), may_run);
  if (pos == jobs_.end())
    return std::nullopt;
  if (pos->document)
    busy_.insert(name_of(*pos->document));
  return extract(pos);
}

void job_queue::release(const index_job& job) {
  if (job.document)
    busy_.erase(name_of(*job.document));
}

std::vector<document_name> job_queue::documents() const {
  std::vector<document_name> result;
  for (auto& job : jobs_)
    if (job.document)
      result.push_back(*job.document);
  for (auto& [index, key] : busy_)
    result.push_back({index, key});
  return result;
}

index_job job_queue::extract(std::list<index_job>::iterator pos) {
  auto result = std::move(*pos);
  bytes_ -= result.bytes;
  jobs_.erase(pos);
  return result;
}

} // namespace onewriter
