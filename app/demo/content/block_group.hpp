#pragma once

#include "onewriter/write.hpp"

#include <cstdint>
#include <string>

namespace onewriter::node {

/// Blocks, and what is known of the files that they belong to, which are stored
/// with one `write`: what other programs call `put_many`.
class block_group {
public:
  /// Groups are full with so many bytes or statements: large enough that the
  /// cost of a commit does not matter, small enough that a write which has to
  /// wait for a group does not wait for long.
  static constexpr size_t full_bytes = 32 * 1024;
  static constexpr size_t full_statements = 64;

  bool empty() const {
    return what_.statements.empty();
  }

  bool full() const {
    return bytes_ >= full_bytes || what_.statements.size() >= full_statements;
  }

  void begin_file(int64_t file, int64_t run, std::string path);

  /// Adds a block, which is stored unless one of the same name is.
  void add_block(int64_t file, int64_t position, blob data);

  void end_file(int64_t file, uint64_t size, std::string hash, bool is_text);

  /// Returns the write. It has an idempotency key, so that it may be sent again
  /// after an unknown outcome.
  write request(int64_t run, uint64_t number) const;

  // -- what the group holds ----------------------------------------------------

  /// Bytes of its blocks.
  uint64_t bytes() const {
    return bytes_;
  }

  uint64_t blocks() const {
    return blocks_;
  }

  /// Files that end in the group.
  uint64_t files() const {
    return files_;
  }

  uint64_t texts() const {
    return texts_;
  }

  uint64_t text_bytes() const {
    return text_bytes_;
  }

  /// Returns how many of the blocks were new, going by the rows that the write
  /// changed: all other statements change one each.
  uint64_t new_blocks(int64_t changes) const;

private:
  write what_;
  uint64_t bytes_ = 0;
  uint64_t blocks_ = 0;
  uint64_t files_ = 0;
  uint64_t texts_ = 0;
  uint64_t text_bytes_ = 0;
};

} // namespace onewriter::node
