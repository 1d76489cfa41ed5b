#pragma once

#include "app/commands/import/column_type.hpp"
#include "app/commands/import/source_record.hpp"
#include "onewriter/client.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace onewriter::node {

/// The table that rows are put into.
struct import_target {
  std::string table;
  bool is_view = false;
  std::vector<typed_column> columns;
};

/// Returns the name as SQL, in double quotes.
[[nodiscard]] std::string quoted_name(const std::string& name);

/// Returns `table` as it is in the database, without its generated columns;
/// nothing where there is no such table.
[[nodiscard]] caf::expected<std::optional<import_target>>
find_target(client& db, const std::string& table);

/// Returns the table that suits all records of `reader`, which is read to its
/// end, with those types that are not in `given` inferred. Asks `go_on` before
/// each record. Errors: those of `record_reader::next`; `ec::invalid_argument`
/// where no record has a value, or SQLite refuses such a table;
/// `ec::cancelled`, also for more than `max_rejects` records that are none.
[[nodiscard]] caf::expected<import_target>
infer_target(record_reader& reader, const std::string& table,
             const std::vector<typed_column>& given, uint64_t max_rejects,
             const std::function<bool()>& go_on);

/// Returns CREATE TABLE for `what`.
[[nodiscard]] std::string creation_of(const import_target& what);

/// Returns the columns of `what` that records with these columns have, found by
/// name as SQLite does: without regard to the case of ASCII letters. Error:
/// `ec::invalid_argument` for a column that `what` does not have.
[[nodiscard]] caf::expected<std::vector<typed_column>>
match_columns(const import_target& what,
              const std::vector<std::string>& columns);

/// Replaces types of `columns` by those of `given`. Error:
/// `ec::invalid_argument` for a column that is not there.
[[nodiscard]] caf::error apply_types(std::vector<typed_column>& columns,
                                     const std::vector<typed_column>& given);

} // namespace onewriter::node
