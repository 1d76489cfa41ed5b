#include "actors/index/job_admission.hpp"

#include "actors/index/jobs/document_job.hpp"
#include "actors/index/jobs/removal_job.hpp"
#include "actors/index/jobs/task_job.hpp"
#include "actors/index/request_check.hpp"
#include "onewriter/failure.hpp"

#include <memory>
#include <utility>

namespace onewriter {

job_admission::job_admission(const options& opts)
  : limits_{opts.queue},
    off_limits_{files_of_database(opts.path)} {
  // nop
}

// -- room -----------------------------------------------------------------------

size_t job_admission::bytes_of(const chunked_index& what) {
  return sizeof(index_job) + what.text.size() + what.key.size()
         + what.path.size();
}

size_t job_admission::bytes_of(const remove_document& what) {
  return sizeof(index_job) + what.key.size();
}

size_t job_admission::bytes_of(const chunked_job&) {
  return sizeof(index_job);
}

caf::error job_admission::check_room(size_t bytes,
                                     const job_queue& waiting) const {
  auto is_full = waiting.size() >= limits_.max_items
                 || waiting.bytes() + bytes > limits_.max_bytes;
  // A single text that is larger than the limit must still be accepted.
  if (!is_full || waiting.size() == 0)
    return {};
  return make_failure(ec::overloaded,
                      "too many index jobs are waiting; try again later");
}

// -- jobs -----------------------------------------------------------------------

index_job job_admission::make(chunked_index what, const job_queue& waiting) {
  auto result = make_job(document_name{what.index, what.key}, bytes_of(what));
  what.path = absolute_path(what.path);
  result.has_leftover = waiting.has_leftover(*result.document);
  add_source(result, std::move(what));
  return result;
}

index_job job_admission::make(remove_document what, const job_queue&) {
  auto bytes = bytes_of(what);
  document_name document{std::move(what.index), std::move(what.key)};
  auto result = make_job(document, bytes);
  result.source
    = std::make_shared<removal_job>(std::move(document), result.signals);
  return result;
}

index_job job_admission::make(chunked_job what, const job_queue&) {
  auto result = make_job(std::nullopt, bytes_of(what));
  result.source
    = std::make_shared<task_job>(std::move(what.task), result.signals);
  return result;
}

index_job job_admission::make_resumed(chunked_index what) {
  auto result = make_job(document_name{what.index, what.key}, 0);
  result.has_leftover = true;
  add_source(result, std::move(what));
  return result;
}

index_job job_admission::make_cleanup() {
  auto result = make_job(std::nullopt, 0);
  result.source = std::make_shared<removal_job>(result.signals);
  result.is_cleanup = true;
  return result;
}

index_job job_admission::make_job(std::optional<document_name> document,
                                  size_t bytes) {
  index_job result;
  result.id = next_id();
  result.document = std::move(document);
  result.bytes = bytes;
  return result;
}

void job_admission::add_source(index_job& job, chunked_index what) const {
  job.listener = what.listener;
  job.source = std::make_shared<document_job>(std::move(what), job.has_leftover,
                                              off_limits_, job.signals);
}

} // namespace onewriter
