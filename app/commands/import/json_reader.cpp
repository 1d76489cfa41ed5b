#include "app/commands/arguments/parameters.hpp"
#include "app/commands/import/source_record.hpp"
#include "app/commands/output/json_text.hpp"

#include <limits>
#include <unordered_map>
#include <utility>

namespace onewriter::node {

namespace {

/// Deeper values would exhaust the stack when they are printed.
constexpr int max_depth = 100;

// The bytes of {"blob_hex": "00ff"}, if `x` is such an object.
const std::string* hex_of(const json& x, const char* name) {
  if (!x.is_object() || x.size() != 1 || x.begin().key() != name)
    return nullptr;
  return x.front().get_ptr<const std::string*>();
}

// What `value_json` has printed. Objects and lists become texts.
value value_of(const json& x) {
  if (x.is_null())
    return null{};
  if (x.is_boolean())
    return x.get<bool>() ? 1 : 0;
  if (x.is_number_integer() && !x.is_number_unsigned())
    return x.get<int64_t>();
  if (x.is_number_unsigned()) {
    constexpr auto max
      = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    auto number = x.get<uint64_t>();
    return number <= max ? value{static_cast<int64_t>(number)}
                         : value{static_cast<double>(number)};
  }
  if (x.is_number())
    return x.get<double>();
  if (x.is_string())
    return x.get<std::string>();
  auto is_blob = hex_of(x, "blob_hex");
  auto digits = is_blob != nullptr ? is_blob : hex_of(x, "text_hex");
  if (digits != nullptr) {
    auto bytes = parse_value("x'" + *digits + '\'');
    if (auto found = std::get_if<blob>(&bytes.data)) {
      if (is_blob != nullptr)
        return bytes;
      return std::string{reinterpret_cast<const char*>(found->data()),
                         found->size()};
    }
  }
  return x.dump();
}

class json_reader final : public record_reader {
public:
  using record_reader::record_reader;

  caf::error begin() override {
    return skip_byte_order_mark();
  }

  caf::expected<bool> next(source_record& result) override {
    start(result);
    auto is_all = false;
    for (;;) {
      auto window = file().window();
      auto end = window.find('\n');
      if (end != window.npos || (is_all && !window.empty())) {
        auto size = end == window.npos ? window.size() : end + 1;
        auto line = std::string{window.substr(0, size)};
        take(result, size);
        if (line.find_first_not_of(" \t\r\n") != line.npos) {
          read(line, result);
          return true;
        }
        result.line = file().position().line;
      } else if (is_all) {
        return false;
      } else if (window.size() > max_record_bytes) {
        if (auto err = reject_line(result, "a line that is too long");
            err != caf::none)
          return err;
        return true;
      } else {
        auto more = file().extend();
        if (!more)
          return more.error();
        is_all = !*more;
      }
    }
  }

  bool is_typed() const override {
    return true;
  }

  bool finds_columns() const override {
    return true;
  }

private:
  void read(const std::string& line, source_record& result) {
    auto is_deep = false;
    auto check = [&is_deep](int depth, json::parse_event_t, json&) {
      is_deep = is_deep || depth > max_depth;
      return !is_deep;
    };
    auto parsed = json::parse(line, check, false);
    if (is_deep || !parsed.is_object()) {
      result.problem = is_deep ? "values within values, too deep"
                       : parsed.is_discarded() ? "it is not JSON in UTF-8"
                                               : "it is no JSON object";
      return;
    }
    for (auto& [name, content] : parsed.items()) {
      auto column = column_of(name);
      if (column == columns_.size()) {
        result.problem = "the table has no column '" + name + "'";
        return;
      }
      result.cells.push_back({column, value_of(content)});
    }
  }

  // The number of a column, or how many there are where it is unknown.
  size_t column_of(const std::string& name) {
    for (auto i = numbers_.size(); i < columns_.size(); ++i)
      numbers_.emplace(columns_[i], i);
    auto found = numbers_.find(name);
    if (found != numbers_.end())
      return found->second;
    if (is_closed_)
      return columns_.size();
    columns_.push_back(name);
    return columns_.size() - 1;
  }

  std::unordered_map<std::string, size_t> numbers_;
};

} // namespace

std::unique_ptr<record_reader> make_json_reader(source_file file) {
  return std::make_unique<json_reader>(std::move(file));
}

} // namespace onewriter::node
