#include "actors/reader/queue/reader_groups.hpp"

#include "actors/support/thrown.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

void reader_groups::advance() {
  dedicated_.advance();
  inline_.advance();
}

void reader_groups::add_idle(uint32_t slot, sqlite_reader_actor reader) {
  auto dedicated = dedicated_.readers.slots();
  if (slot < dedicated)
    dedicated_.readers.add_idle(slot, std::move(reader));
  else
    inline_.readers.add_idle(slot - dedicated, std::move(reader));
}

void reader_groups::release(const sqlite_reader_actor& reader) {
  forget(reader.address());
  must_send(reader, release_connections{});
}

void reader_groups::release_idle() {
  for (auto group : {&dedicated_, &inline_})
    while (group->readers.has_idle())
      // A copy: the set's own is gone once it forgets the reader.
      release(sqlite_reader_actor{group->readers.take_idle()});
}

void reader_groups::forget(const caf::actor_addr& who) {
  dedicated_.readers.forget(who);
  inline_.readers.forget(who);
}

void reader_groups::forget_all() {
  dedicated_.readers.forget_all();
  inline_.readers.forget_all();
}

bool reader_groups::any_busy() const {
  return dedicated_.readers.any_busy() || inline_.readers.any_busy();
}

size_t reader_groups::waiting() const {
  return dedicated_.waiting.size() + inline_.waiting.size();
}

reader_groups::time_point reader_groups::next_expiry() const {
  return std::min(dedicated_.waiting.next_expiry(),
                  inline_.waiting.next_expiry());
}

void reader_groups::refuse_expired(time_point now) {
  onewriter::refuse_expired(dedicated_.waiting, now);
  onewriter::refuse_expired(inline_.waiting, now);
}

void reader_groups::refuse_waiting(const caf::error& reason) {
  refuse_all(dedicated_.waiting, reason);
  refuse_all(inline_.waiting, reason);
}

} // namespace onewriter
