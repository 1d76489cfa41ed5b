#include "actors/reader_crew.hpp"

#include <utility>

namespace onewriter {

void reader_crew::advance() {
  while (!line.empty() && readers.has_idle()) {
    auto& reader = readers.take_idle();
    auto next = line.pop();
    std::visit(
      [&](auto& work) { next.promise.delegate(reader, std::move(work)); },
      next.work);
  }
}

} // namespace onewriter
