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

bool job_queue::has_leftover(const document_name& document) const {
  return std::any_of(jobs_.begin(), jobs_.end(), [&](const index_job& job) {
    return is_leftover(job, document);
  });
}

void job_queue::drop_leftovers(const document_name& document) {
  drop_if([&](const index_job& job) { return is_leftover(job, document); });
}

void job_queue::cancel(const document_name& document,
                       const caf::error& reason) {
  drop_if([&](index_job& job) {
    if (!job.is_index_job() || !(job.document == document))
      return false;
    answer(job, reason);
    job.signals->cancelled = true;
    return !job.has_leftover;
  });
}

size_t job_queue::refuse_all(const caf::error& reason) {
  return drop_if([&](index_job& job) {
    answer(job, reason);
    return true;
  });
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

bool job_queue::is_leftover(const index_job& job,
                            const document_name& document) {
  return job.document == document && !job.has_requester()
         && !job.signals->cancelled;
}

// `pred` may change jobs. Returns the number of dropped jobs.
template <class Predicate>
size_t job_queue::drop_if(Predicate pred) {
  auto before = jobs_.size();
  for (auto pos = jobs_.begin(); pos != jobs_.end();) {
    auto current = pos++;
    if (pred(*current))
      extract(current);
  }
  return before - jobs_.size();
}

index_job job_queue::extract(std::list<index_job>::iterator pos) {
  auto result = std::move(*pos);
  bytes_ -= result.bytes;
  jobs_.erase(pos);
  return result;
}

} // namespace onewriter
