#pragma once

#include "app/commands/output/row_writer.hpp"

#include <string>

namespace onewriter::node {

/// Writes CSV: lines end with CR LF, NULL is an empty field, and an empty text
/// is a quoted one. Bytes of texts stay as they are unless they go to a
/// terminal.
class csv_writer final : public row_writer {
public:
  explicit csv_writer(const row_style& style) : style_{style} {
    // nop
  }

  std::string render(const result_set& page) override;

private:
  std::string field(const value& x) const;

  row_style style_;
  bool is_first_ = true;
};

} // namespace onewriter::node
