#pragma once

#include "app/commands/import/column_type.hpp"
#include "app/commands/import/import_target.hpp"
#include "onewriter/client.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace onewriter::node {

/// How far an import is.
struct import_state {
  /// Whether the types of columns are being inferred, before the first row.
  bool is_inferring = false;
  /// All rows of the file that are in the table, and all lines that were
  /// rejected; the runs before included.
  uint64_t rows = 0;
  uint64_t rejected = 0;
  /// The next line, from 1.
  uint64_t line = 1;
  /// Bytes of the file that are done, and all.
  uint64_t done_bytes = 0;
  uint64_t total_bytes = 0;
};

/// What to import.
struct import_request {
  std::string table;
  std::string source;
  /// `csv` or `jsonl`; empty means what the name of the source ends with.
  std::string format;
  /// Where rejected lines go; empty means `<source>.rejects`.
  std::string rejects;
  uint64_t max_rejects = 1'000;
  /// In place of those of the table, or of those that are inferred.
  std::vector<typed_column> types;
  /// Whether the table is created where it does not exist.
  bool create = false;
  /// The table that is created; none where it has to be inferred.
  std::optional<import_target> plan;
  /// Whether an earlier import of the same file into the same table is
  /// forgotten.
  bool again = false;
  /// Asked from time to time: whether to stop.
  std::function<bool()> stopped = [] {
    return false;
  };
  std::function<void(const import_state&)> progressed
    = [](const import_state&) {
      };
  std::function<void(uint64_t line, const std::string& reason)> rejected
    = [](uint64_t, const std::string&) {
      };
};

/// How an import has ended.
struct import_report {
  import_state state;
  /// What was there already when it began.
  uint64_t rows_before = 0;
  uint64_t rejected_before = 0;
  bool created = false;
  /// Where the rejected lines are; empty where there are none.
  std::string rejects;
  /// Why it has ended early; none where it has not.
  caf::error problem;
};

/// Returns the table that `asked` creates in a database that does not exist
/// yet, so that what cannot be imported leaves no new file behind. Errors:
/// those of `run_import` where nothing was begun.
[[nodiscard]] caf::expected<import_target>
plan_import(const import_request& asked);

/// Adds the records of a file to a table, in transactions of a few hundred rows
/// of low priority, so that others write at the same time. Each stores how far
/// the import is: the same request goes on there, after any kind of end, and no
/// row is added twice.
///
/// Returns an error where nothing was begun, and a report with a `problem`
/// where it ended early. Errors: `ec::cannot_open`; `ec::invalid_argument` for
/// a file that was changed where it was imported, a header or columns
/// that do not fit, or a table that does not exist; `ec::target_exists` where
/// there is a rejects file of another import, `ec::busy` where that one is
/// running; `ec::cancelled` for too many
/// rejects or where `stopped`; `ec::unexpected_changes` where another process
/// imports the same; those of `write` and `query`.
[[nodiscard]] caf::expected<import_report>
run_import(caf::actor_system& sys, client& db, const import_request& asked);

} // namespace onewriter::node
