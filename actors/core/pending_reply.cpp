#include "actors/core/pending_reply.hpp"

#include "onewriter/failure.hpp"

namespace onewriter {

caf::error last_word(bool may_be_done) {
  return may_be_done
           ? make_failure(ec::outcome_unknown,
                          "the database was stopped before it knew whether the "
                          "request took effect")
           : make_failure(ec::unavailable,
                          "the database was stopped before it had answered");
}

// Without memory no reply can be sent.
pending_reply::~pending_reply() {
  if (to_.source)
    try {
      insist([this] { deliver(last_word(may_be_done_)); });
    } catch (...) {
      to_ = {};
    }
}

} // namespace onewriter
