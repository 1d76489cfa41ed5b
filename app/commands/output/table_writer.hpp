#pragma once

#include "actors/console/text_table.hpp"
#include "app/commands/output/row_writer.hpp"

#include <string>
#include <vector>

namespace onewriter::node {

/// Writes a table. Columns are as wide as the pages so far need, so later pages
/// may be wider; numbers are aligned to the right where the first page has
/// nothing but numbers. Characters that move the cursor, line breaks too,
/// become `\x` and two hexadecimal digits.
class table_writer final : public row_writer {
public:
  explicit table_writer(const row_style& style) : style_{style} {
    // nop
  }

  std::string render(const result_set& page) override;

private:
  void begin(const result_set& page);

  row_style style_;
  bool is_first_ = true;
  std::vector<text_table::column> columns_;
};

} // namespace onewriter::node
