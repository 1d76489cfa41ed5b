#pragma once

#include "bench/file/sqlite.hpp"
#include "bench/workload/task.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::bench {

/// The values of one write.
struct item_write {
  item_write(const row_shape& rows, uint64_t whose)
    : client{whose},
      payloads(rows.rows_per_write) {
    // nop
  }

  /// Makes it the write `index` of the client.
  void fill(const row_shape& rows, uint64_t index);

  uint64_t client;
  /// Of the first row; the other rows follow.
  uint64_t number = 0;
  /// One per row.
  std::vector<std::string> payloads;
};

/// Creates the file and the table, and returns a connection that writes.
baseline_connection_ptr create_file(const options& opts, const row_shape& rows);

/// Inserts rows through prepared statements. For one thread at a time.
class item_writer {
public:
  item_writer(baseline_connection_ptr db, const row_shape& rows);

  void begin() {
    begin_.run();
  }

  /// Returns false where another connection holds the lock.
  bool begin_unless_busy() {
    return begin_.run_unless_busy();
  }

  void commit() {
    commit_.run();
  }

  /// Undoes what a failure has left.
  void rollback();

  /// Returns the rowid where the statement returns it, otherwise zero.
  uint64_t insert(uint64_t client, uint64_t number, std::string_view payload);

  /// Inserts the rows of a write, and returns the rowid of the last one.
  uint64_t insert(const item_write& what);

  /// Makes a write a transaction of its own. A single row needs no BEGIN.
  uint64_t write(const item_write& what);

private:
  baseline_connection_ptr db_;
  baseline_statement begin_;
  baseline_statement commit_;
  baseline_statement insert_;
};

/// Reads rows by their rowid. For one thread at a time.
class item_reader {
public:
  explicit item_reader(baseline_connection_ptr db);

  /// Returns whether there is such a row.
  bool read(uint64_t id);

private:
  baseline_connection_ptr db_;
  baseline_statement select_;
  uint64_t client_ = 0;
  uint64_t number_ = 0;
  std::string payload_;
};

} // namespace onewriter::bench
