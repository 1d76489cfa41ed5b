#pragma once

#include "app/commands/command.hpp"
#include "app/commands/output/row_writer.hpp"
#include "onewriter/query.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace onewriter::node {

/// Rows of a page: few enough that the first are seen soon, and so many that a
/// page costs little.
inline constexpr uint64_t rows_of_page = 1'000;

/// What the command line says about rows.
struct row_options {
  /// `table`, `csv` or `jsonl`; empty means what suits the output.
  std::string format;
  bool header = true;
  bool json = false;
};

/// Adds `--format`, `--header` and `--json`.
void add_row_options(CLI::App& to, row_options& asked,
                     const char* json_description);

/// Makes a writer for the rows of one result.
[[nodiscard]] std::unique_ptr<row_writer>
make_row_writer(const command_context& ctx, const row_options& asked);

/// Reads the rows of `what` from `db` page by page, through a cursor, and calls
/// `visit` for each page until it returns false. Every result has a page.
/// Errors: as for `open_cursor` and `next_page`.
[[nodiscard]] caf::error
for_each_page(caf::actor_system& sys, const database_actor& db, query what,
              const std::function<bool(const result_set&)>& visit);

} // namespace onewriter::node
