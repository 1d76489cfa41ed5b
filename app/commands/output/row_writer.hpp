#pragma once

#include "onewriter/query.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace onewriter::node {

enum class row_format : uint8_t {
  /// Aligned columns, for people.
  table,
  /// RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180).
  csv,
  /// One JSON object a line (https://jsonlines.org).
  jsonl,
};

/// How rows are printed.
struct row_style {
  row_format format = row_format::table;
  /// Whether the names of the columns come first, in a table or CSV.
  bool header = true;
  /// Whether the rows go to a terminal, which must not be controlled by what is
  /// in them.
  bool terminal = false;
  /// Whether a table has colours.
  bool colours = false;
};

/// Turns the pages of one result into text, one after the other.
class row_writer {
public:
  virtual ~row_writer();

  /// Returns `page` as text. The first page brings the header, also where it
  /// has no rows.
  [[nodiscard]] virtual std::string render(const result_set& page) = 0;
};

[[nodiscard]] std::unique_ptr<row_writer> make_row_writer(const row_style& x);

} // namespace onewriter::node
