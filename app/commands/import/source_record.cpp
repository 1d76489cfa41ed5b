#include "app/commands/import/source_record.hpp"

#include <algorithm>

namespace onewriter::node {

record_reader::~record_reader() = default;

caf::error record_reader::skip_byte_order_mark() {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  auto more = file_.extend();
  if (!more)
    return more.error();
  if (file_.window().substr(0, mark.size()) == mark)
    file_.consume(mark.size());
  return {};
}

void record_reader::start(source_record& result) const {
  result.begin = file_.position();
  result.line = result.begin.line;
  result.bytes.clear();
  result.cells.clear();
  result.problem.clear();
}

void record_reader::take(source_record& result, size_t size) {
  result.bytes += file_.window().substr(0, size);
  file_.consume(size);
}

caf::error record_reader::reject_line(source_record& result,
                                      std::string problem) {
  result.problem = std::move(problem);
  for (;;) {
    auto end = file_.window().find('\n');
    if (end != std::string_view::npos) {
      take(result, end + 1);
      return {};
    }
    take(result, file_.window().size());
    auto more = file_.extend();
    if (!more)
      return more.error();
    if (!*more)
      return {};
  }
}

} // namespace onewriter::node
