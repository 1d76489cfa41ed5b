#include "actors/core/write_reply.hpp"

namespace onewriter {

write_replies::~write_replies() = default;

// Without memory no reply can be sent.
write_reply::~write_reply() {
  if (many_)
    try {
      insist([this] { deliver(last_word(may_be_done_)); });
    } catch (...) {
      many_ = nullptr;
    }
}

} // namespace onewriter
