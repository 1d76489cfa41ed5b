#include "app/commands/interruption.hpp"

#include <utility>

namespace onewriter::node {

bool interruption::requested() const {
  std::lock_guard<std::mutex> guard{mutex_};
  return requested_;
}

void interruption::request() {
  std::lock_guard<std::mutex> guard{mutex_};
  requested_ = true;
  if (how_)
    how_();
}

void interruption::react(std::function<void()> how) {
  std::lock_guard<std::mutex> guard{mutex_};
  how_ = std::move(how);
  if (requested_ && how_)
    how_();
}

} // namespace onewriter::node
