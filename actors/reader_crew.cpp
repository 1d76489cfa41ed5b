#include "actors/reader_crew.hpp"

#include "actors/thrown.hpp"

#include <utility>

namespace onewriter {

void reader_crew::advance() {
  while (!line.empty() && readers.has_idle()) {
    auto& reader = readers.take_idle();
    auto next = line.pop();
    // Delegating takes the sender out of the promise before it has the memory.
    auto kept = next.promise;
    try {
      std::visit(
        [&](auto& work) { next.promise.delegate(reader, std::move(work)); },
        next.work);
    } catch (const std::bad_alloc&) {
      readers.put_back(reader);
      insist([&, reason = thrown_error("the query")] { kept.deliver(reason); });
    }
  }
}

} // namespace onewriter
