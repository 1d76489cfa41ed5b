#include "actors/database/database_parts.hpp"

#include "actors/database/lifecycle/lifecycle.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter {

// An indexer that has ended has refused its requests itself.
bool database_parts::close_indexer(
  bool drain, std::function<void(uint64_t refused)> when_closed) {
  if (!children_.indexer())
    return false;
  insist([&] {
    compat::request(context_.self, children_.indexer(), caf::infinite,
                    onewriter::close_indexer{drain})
      .then([when_closed](uint64_t refused) { when_closed(refused); },
            [when_closed](const caf::error&) { when_closed(0); });
  });
  return true;
}

void database_parts::hurry_indexer() {
  if (children_.indexer())
    must_send(children_.indexer(), onewriter::close_indexer{false});
}

bool database_parts::finish_best_effort(bool drain) {
  if (!drain)
    best_effort_.lane().drop_all();
  best_effort_.flush();
  return best_effort_.lane().empty();
}

bool database_parts::all_have_started() const {
  return !children_.others_started() || children_.others_have_been_there();
}

bool database_parts::close_readers(bool drain,
                                   std::function<void()> when_closed) {
  if (!children_.readers())
    return false;
  insist([&] {
    compat::request(context_.self, children_.readers(), caf::infinite,
                    onewriter::close_readers{drain})
      .then([when_closed] { when_closed(); },
            [when_closed](const caf::error&) { when_closed(); });
  });
  return true;
}

void database_parts::hurry_readers() {
  if (children_.readers())
    must_send(children_.readers(), onewriter::close_readers{false});
}

void database_parts::stop_running() {
  context_.shared->refuses_rest = true;
}

void database_parts::close_file(bool drain, clock::time_point limit) {
  writes_.flush();
  close_writer what;
  what.drain = drain;
  what.limit = limit;
  must_send(context_.self, children_.writer(), what);
}

uint64_t database_parts::refuse_writes() {
  best_effort_.lane().drop_all();
  writes_.stash_unsent();
  return writes_.stash().refuse(insist(closed_error));
}

uint64_t database_parts::last_commit() const {
  return info_.commit;
}

void database_parts::stop_children() {
  children_.stop();
}

} // namespace onewriter
