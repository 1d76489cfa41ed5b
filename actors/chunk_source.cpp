#include "actors/chunk_source.hpp"

#include "messages/failure.hpp"

namespace onewriter {

caf::error interruption(const job_signals& signals) {
  if (signals.cancelled)
    return make_failure(ec::cancelled, "the index job was cancelled");
  if (signals.stopped)
    return make_failure(ec::closed, "the database is being closed");
  return {};
}

work_ptr to_work(const chunk& what, uint64_t sender) {
  auto result = std::make_shared<work>();
  result->request = what.request;
  result->in = lane::chunk;
  result->sender = sender;
  result->arrived = work::clock::now();
  result->bytes = what.bytes;
  return result;
}

} // namespace onewriter
