#include "actors/reader/reader_group.hpp"

namespace onewriter {

void reader_group::advance() {
  while (!line.empty() && readers.has_idle()) {
    auto& reader = readers.take_idle();
    auto next = line.pop();
    if (auto err = next.delegate_to(reader); err != caf::none) {
      readers.put_back(reader);
      insist([&] { next.promise.deliver(err); });
    }
  }
}

} // namespace onewriter
