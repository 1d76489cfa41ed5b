#pragma once

#include "actors/index/index_job.hpp"

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

  /// Returns whether a job for `document` waits that an earlier process left
  /// and no caller waits for.
  bool has_leftover(const document_name& document) const;

  /// Drops the jobs for which `has_leftover` holds.
  void drop_leftovers(const document_name& document);

  /// Ends the waiting jobs that add `document`; their callers get `reason`.
  /// Jobs that an earlier process began stay, because they have something to
  /// undo.
  void cancel(const document_name& document, const caf::error& reason);

  /// Ends all waiting jobs; their callers get `reason`. Returns their number.
  size_t refuse_all(const caf::error& reason);

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

  static bool is_leftover(const index_job& job, const document_name& document);

  template <class Predicate>
  size_t drop_if(Predicate pred);

  index_job extract(std::list<index_job>::iterator pos);

  std::list<index_job> jobs_;
  std::set<name> busy_;
  size_t bytes_ = 0;
};

} // namespace onewriter
