#pragma once

#include "actors/index/chunk/chunk_runner.hpp"

#include <vector>

namespace onewriter {

/// The runners of an indexer, those that run a job and those that are idle.
/// Belongs to the indexer, which starts runners when they are needed and
/// reports when one has terminated.
class runner_pool {
public:
  /// Adds a runner, which is not idle.
  void add(const chunk_runner_actor& runner);

  /// Takes an idle runner; an empty handle if there is none.
  chunk_runner_actor take();

  /// Takes back a runner whose job has ended, unless it has terminated.
  void put_back(const chunk_runner_actor& runner);

  /// Forgets a runner that has terminated.
  void remove(const caf::actor_addr& who);

  /// Lets all runners end once they are idle.
  void stop();

private:
  std::vector<chunk_runner_actor> all_;
  std::vector<chunk_runner_actor> idle_;
};

} // namespace onewriter
