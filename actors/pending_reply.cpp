#include "actors/pending_reply.hpp"

#include "messages/failure.hpp"

namespace onewriter {

pending_reply::~pending_reply() {
  if (to_.source)
    deliver(make_failure(ec::unavailable,
                         "the database was stopped before it had answered"));
}

} // namespace onewriter
