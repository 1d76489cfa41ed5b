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

void interruption::intercept(std::function<bool(int signal)> how) {
  std::lock_guard<std::mutex> guard{mutex_};
  intercept_ = std::move(how);
}

bool interruption::is_intercepted(int signal) const {
  std::lock_guard<std::mutex> guard{mutex_};
  return intercept_ && intercept_(signal);
}

} // namespace onewriter::node
