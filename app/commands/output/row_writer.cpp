#include "app/commands/output/row_writer.hpp"

#include "app/commands/output/csv_writer.hpp"
#include "app/commands/output/json_text.hpp"
#include "app/commands/output/table_writer.hpp"

namespace onewriter::node {

namespace {

class json_lines_writer final : public row_writer {
public:
  std::string render(const result_set& page) override {
    auto names = member_names(page.columns);
    std::string result;
    for (auto& line : page.rows)
      result += json_line(row_json(line, names));
    return result;
  }
};

} // namespace

row_writer::~row_writer() = default;

std::unique_ptr<row_writer> make_row_writer(const row_style& x) {
  switch (x.format) {
    case row_format::csv:
      return std::make_unique<csv_writer>(x);
    case row_format::jsonl:
      return std::make_unique<json_lines_writer>();
    default:
      return std::make_unique<table_writer>(x);
  }
}

} // namespace onewriter::node
