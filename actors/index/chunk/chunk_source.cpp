#include "actors/index/chunk/chunk_source.hpp"

#include "onewriter/failure.hpp"

namespace onewriter {

caf::error interruption(const job_signals& signals) {
  if (signals.cancelled)
    return make_failure(ec::cancelled, "the index job was cancelled");
  if (signals.stopped)
    return make_failure(ec::closed, "the database is being closed");
  return {};
}

pending_write_ptr to_pending_write(const chunk& what, uint64_t sender) {
  auto result = std::make_shared<pending_write>();
  result->request = what.request;
  result->in = lane::chunk;
  result->sender = sender;
  result->arrived = pending_write::clock::now();
  result->bytes = what.bytes;
  return result;
}

} // namespace onewriter
