#include "actors/index/chunk/runner_pool.hpp"

#include "actors/support/thrown.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

void runner_pool::add(const chunk_runner_actor& runner) {
  all_.push_back(runner);
}

chunk_runner_actor runner_pool::take() {
  if (idle_.empty())
    return {};
  auto result = std::move(idle_.back());
  idle_.pop_back();
  return result;
}

void runner_pool::put_back(const chunk_runner_actor& runner) {
  if (std::find(all_.begin(), all_.end(), runner) != all_.end())
    insist([&] { idle_.push_back(runner); });
}

void runner_pool::remove(const caf::actor_addr& who) {
  for (auto xs : {&all_, &idle_})
    xs->erase(std::remove_if(xs->begin(), xs->end(),
                             [&](const chunk_runner_actor& x) {
                               return x.address() == who;
                             }),
              xs->end());
}

void runner_pool::stop() {
  for (auto& runner : all_)
    must_stop(runner);
}

} // namespace onewriter
