#pragma once

#include "actors/index/index_job.hpp"

#include <algorithm>
#include <cstddef>
#include <list>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace onewriter {

/// Jobs that wait to run, first in, first out, except that a job waits for
/// earlier jobs for the same document, also while they run.
class job_queue {
public:
  void push(index_job job);

  /// Takes out the next job that may run; nothing if there is none. Its
  /// document is busy until `release`.
  std::optional<index_job> pop();

  /// Reports that a job returned by `pop` has ended.
  void release(const index_job& job);

  /// Returns whether `pred` holds for any waiting job.
  template <class Predicate>
  bool any_of(Predicate pred) const {
    return std::any_of(jobs_.begin(), jobs_.end(), pred);
  }

  /// Drops the jobs for which `pred` holds, which may change all of them.
  /// Returns their number.
  template <class Predicate>
  size_t drop_if(Predicate pred) {
    auto before = jobs_.size();
    for (auto pos = jobs_.begin(); pos != jobs_.end();) {
      auto current = pos++;
      if (pred(*current))
        extract(current);
    }
    return before - jobs_.size();
  }

  /// Returns the documents of all jobs, waiting and running.
  std::vector<document_name> documents() const;

  size_t size() const {
    return jobs_.size();
  }

  /// Returns the approximate size of the waiting jobs in memory.
  size_t bytes() const {
    return bytes_;
  }

private:
  using name = std::pair<std::string, std::string>;

  static name name_of(const document_name& x) {
    return {x.index, x.key};
  }

  index_job extract(std::list<index_job>::iterator pos);

  std::list<index_job> jobs_;
  std::set<name> busy_;
  size_t bytes_ = 0;
};

} // namespace onewriter
