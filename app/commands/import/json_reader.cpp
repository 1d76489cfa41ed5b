#include "app/commands/arguments/parameters.hpp"
#include "app/commands/import/column_type.hpp"
#include "app/commands/import/source_record.hpp"
#include "app/commands/output/json_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
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

// A number, a text or a truth value as it is.
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
  return x.dump();
}

// What `value_json` has printed. Objects and lists become texts.
source_cell cell_of(size_t column, const json& x) {
  auto is_text = hex_of(x, "text_hex");
  auto digits = is_text != nullptr ? is_text : hex_of(x, "blob_hex");
  if (digits != nullptr)
    if (auto bytes = parse_value("x'" + *digits + '\'');
        std::holds_alternative<blob>(bytes.data))
      return {column, std::move(bytes), is_text != nullptr};
  return {column, value_of(x)};
}

// -- numbers beyond the largest -----------------------------------------------

/// A member of a line whose number is infinite: which of them, from 0.
struct infinite_member {
  size_t index = 0;
  double content = 0;
};

// The first character behind the text in quotes that begins at `i`.
size_t behind_text(const std::string& line, size_t i) {
  for (++i; i < line.size() && line[i] != '"'; ++i)
    if (line[i] == '\\')
      ++i;
  return i + 1;
}

// Puts 0 in the place of each number of a member that is too large for a real
// number, such as 9.0e+999. SQLite reads it as infinity and writes infinity so
// (https://sqlite.org/src/file/test/json101.test), and the JSON library has
// neither.
std::vector<infinite_member> take_infinite(std::string& line) {
  std::vector<infinite_member> result;
  auto depth = 0;
  size_t colons = 0;
  for (size_t i = 0; i < line.size();) {
    auto c = line[i];
    if (c == '"') {
      i = behind_text(line, i);
      continue;
    }
    depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    ++i;
    if (c != ':' || depth != 1)
      continue;
    auto index = colons++;
    i = std::min(line.find_first_not_of(" \t", i), line.size());
    auto end
      = std::min(line.find_first_not_of("+-.0123456789eE", i), line.size());
    auto number = end > i ? std::strtod(line.c_str() + i, nullptr) : 0.0;
    if (!std::isinf(number))
      continue;
    result.push_back({index, number});
    line.replace(i, end - i, "0");
  }
  return result;
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
    auto parsed = parse(line);
    std::vector<infinite_member> infinite;
    if (parsed.is_discarded() && !is_deep_) {
      auto finite = line;
      infinite = take_infinite(finite);
      if (!infinite.empty())
        parsed = parse(finite);
    }
    if (is_deep_ || !parsed.is_object()) {
      result.problem = is_deep_ ? "values within values, too deep"
                       : parsed.is_discarded() ? "it is not JSON in UTF-8"
                                               : "it is no JSON object";
      return;
    }
    if (!find_columns(result))
      return;
    // No name is there twice, and members keep their order.
    size_t index = 0;
    for (auto& x : parsed)
      result.cells.push_back(cell_of(found_[index++], x));
    for (auto& x : infinite)
      result.cells[x.index].content = x.content;
  }

  json parse(const std::string& line) {
    is_deep_ = false;
    names_.clear();
    auto check = [this](int depth, json::parse_event_t event, json& x) {
      is_deep_ = is_deep_ || depth > max_depth;
      if (event == json::parse_event_t::key && depth == 1)
        names_.push_back(x.get<std::string>());
      return !is_deep_;
    };
    return json::parse(line, check, false);
  }

  // Sets `found_` to the columns of the members of a line.
  bool find_columns(source_record& result) {
    found_.clear();
    for (auto& name : names_) {
      auto column = column_of(name);
      if (column == columns_.size())
        result.problem = "the table has no column '" + name + "'";
      else if (std::find(found_.begin(), found_.end(), column) != found_.end())
        result.problem = "it has the column '" + name + "' twice";
      if (!result.problem.empty())
        return false;
      found_.push_back(column);
    }
    return true;
  }

  // The number of a column, or how many there are where it is unknown.
  size_t column_of(const std::string& name) {
    for (auto i = numbers_.size(); i < columns_.size(); ++i)
      numbers_.emplace(folded_name(columns_[i]), i);
    auto found = numbers_.find(folded_name(name));
    if (found != numbers_.end())
      return found->second;
    if (is_closed_)
      return columns_.size();
    columns_.push_back(name);
    return columns_.size() - 1;
  }

  std::unordered_map<std::string, size_t> numbers_;
  // Of the line that is being read.
  std::vector<std::string> names_;
  std::vector<size_t> found_;
  bool is_deep_ = false;
};

} // namespace

std::unique_ptr<record_reader> make_json_reader(source_file file) {
  return std::make_unique<json_reader>(std::move(file));
}

} // namespace onewriter::node
