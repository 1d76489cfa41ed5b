#pragma once

#include "app/commands/import/import_progress.hpp"
#include "app/commands/import/source_file.hpp"
#include "onewriter/statement.hpp"

#include <string>
#include <utility>
#include <vector>

namespace onewriter::node {

/// A record of a file, as a statement that adds it to the table.
struct import_entry {
  uint64_t line = 1;
  std::string bytes;
  statement what;
  /// Why it is rejected; empty where it is not.
  std::string problem;
};

/// Records that follow each other in a file and go into one transaction.
class import_group {
public:
  /// A group that begins at `begin`; `digest` has seen all bytes before.
  import_group(file_position begin, const sha256& digest)
    : begin_{begin},
      digest_{digest} {
    // nop
  }

  void add(import_entry x);

  bool empty() const {
    return entries_.empty();
  }

  /// Whether it is time for the next group.
  bool is_full() const;

  /// How many of its records are rejected.
  size_t rejected() const;

  /// How many are not.
  size_t accepted() const {
    return entries_.size() - rejected();
  }

  const std::vector<import_entry>& entries() const {
    return entries_;
  }

  /// Rejects the record that is number `index`, from 0, of those accepted.
  void reject(size_t index, std::string problem);

  /// Takes the group apart in its middle. It has two records at least.
  std::pair<import_group, import_group> split() const;

  /// The progress that follows `before` with this group, except for the size of
  /// the rejects.
  import_progress after(const import_progress& before) const;

  /// The statements of the records that are not rejected, behind `first`.
  std::vector<statement> statements(statement first) const;

  /// What the rejects file says about those that are.
  std::string reject_lines() const;

private:
  file_position begin_;
  sha256 digest_;
  std::vector<import_entry> entries_;
  size_t bytes_ = 0;
};

} // namespace onewriter::node
