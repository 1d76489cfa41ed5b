#include "actors/text/utf8.hpp"
#include "app/commands/import/column_type.hpp"
#include "app/commands/import/source_record.hpp"

#include <set>
#include <utility>

namespace onewriter::node {

namespace {

struct csv_field {
  std::string text;
  bool is_quoted = false;
};

/// Takes one record apart, as RFC 4180 says
/// (https://www.rfc-editor.org/rfc/rfc4180), with LF for CR LF as well.
class csv_parser {
public:
  enum class outcome { complete, more, broken };

  /// Reads the record that `text` begins with; `is_all` where nothing follows
  /// `text` in the file.
  outcome parse(std::string_view text, bool is_all) {
    text_ = text;
    is_all_ = is_all;
    size = 0;
    fields.clear();
    for (;;) {
      fields.emplace_back();
      auto& field = fields.back();
      field.is_quoted = size < text_.size() && text_[size] == '"';
      auto next = field.is_quoted ? quoted(field) : bare(field);
      if (next == step::end)
        return outcome::complete;
      if (next != step::next_field)
        return next == step::more ? outcome::more : outcome::broken;
    }
  }

  std::vector<csv_field> fields;
  /// How long the record is, with the end of its line.
  size_t size = 0;
  /// Why it is broken.
  std::string problem;

private:
  enum class step { next_field, end, more, broken };

  step fail(const char* why) {
    problem = why;
    return step::broken;
  }

  step bare(csv_field& field) {
    auto end = text_.find_first_of(",\"\n", size);
    if (end == text_.npos) {
      if (!is_all_)
        return step::more;
      field.text = text_.substr(size);
      size = text_.size();
      return step::end;
    }
    if (text_[end] == '"')
      return fail("a quote in a field that does not begin with one");
    field.text = text_.substr(size, end - size);
    size = end + 1;
    if (text_[end] == ',')
      return step::next_field;
    if (!field.text.empty() && field.text.back() == '\r')
      field.text.pop_back();
    return step::end;
  }

  step quoted(csv_field& field) {
    for (auto from = size + 1;;) {
      auto end = text_.find('"', from);
      if (end == text_.npos)
        return is_all_ ? fail("a quote that is never closed") : step::more;
      field.text += text_.substr(from, end - from);
      from = end + 1;
      if (from < text_.size() && text_[from] == '"') {
        field.text += '"';
        ++from;
      } else {
        size = from;
        return after_quotes();
      }
    }
  }

  step after_quotes() {
    auto rest = text_.substr(size, 2);
    if (rest.empty())
      return is_all_ ? step::end : step::more;
    if (rest.front() == ',') {
      ++size;
      return step::next_field;
    }
    if (rest.front() == '\n') {
      ++size;
      return step::end;
    }
    if (rest == "\r\n" || (rest == "\r" && is_all_)) {
      size += rest.size();
      return step::end;
    }
    return rest == "\r" ? step::more : fail("text behind a closing quote");
  }

  std::string_view text_;
  bool is_all_ = false;
};

class csv_reader final : public record_reader {
public:
  using record_reader::record_reader;

  caf::error begin() override {
    if (auto err = skip_byte_order_mark(); err != caf::none)
      return err;
    source_record header;
    start(header);
    auto found = read(header);
    if (!found)
      return found.error();
    if (!*found)
      return make_failure(ec::invalid_argument, "the file is empty: its first "
                                                "line has to name the columns");
    if (!header.problem.empty())
      return bad_header(header.problem);
    std::set<std::string> seen;
    for (auto& field : parser_.fields) {
      if (field.text.empty() || !is_valid_utf8(field.text))
        return bad_header("a column without a name in UTF-8");
      if (field.text.find('\r') != field.text.npos)
        return bad_header("it has a carriage return: lines have to end with "
                          "LF or CR LF");
      if (!seen.insert(folded_name(field.text)).second)
        return bad_header("the column " + field.text + " is there twice");
      columns_.push_back(std::move(field.text));
    }
    return {};
  }

  caf::expected<bool> next(source_record& result) override {
    start(result);
    auto found = read(result);
    if (!found || !*found || !result.problem.empty())
      return found;
    auto& fields = parser_.fields;
    if (fields.size() != columns_.size()) {
      result.problem = std::to_string(fields.size()) + " fields instead of "
                       + std::to_string(columns_.size());
      return true;
    }
    for (size_t i = 0; i < fields.size(); ++i) {
      auto& field = fields[i];
      auto is_null = field.text.empty() && !field.is_quoted;
      result.cells.push_back(
        {i, is_null ? value{} : value{std::move(field.text)}});
    }
    return true;
  }

  bool is_typed() const override {
    return false;
  }

  bool finds_columns() const override {
    return false;
  }

private:
  using outcome = csv_parser::outcome;

  static caf::error bad_header(const std::string& why) {
    return make_failure(ec::invalid_argument,
                        "the first line has to name the columns: " + why);
  }

  // Reads one record into the parser. Blank lines are none, unless the only
  // column is NULL there.
  caf::expected<bool> read(source_record& result) {
    auto is_all = false;
    for (;;) {
      auto window = file().window();
      auto found = window.empty() && !is_all ? outcome::more
                                             : parser_.parse(window, is_all);
      if (found == outcome::more && window.size() > max_record_bytes) {
        parser_.problem = "a record that is too long; is a quote not closed?";
        found = outcome::broken;
      }
      if (found == outcome::more) {
        auto more = file().extend();
        if (!more)
          return more.error();
        is_all = !*more;
      } else if (window.empty()) {
        return false;
      } else if (found == outcome::broken) {
        // Only this line: where a quote is missing, the lines that follow are
        // good ones.
        if (auto err = reject_line(result, parser_.problem); err != caf::none)
          return err;
        return true;
      } else {
        auto is_blank = columns_.size() != 1 && parser_.fields.size() == 1
                        && parser_.fields.front().text.empty()
                        && !parser_.fields.front().is_quoted;
        take(result, parser_.size);
        if (!is_blank)
          return true;
        result.line = file().position().line;
      }
    }
  }

  csv_parser parser_;
};

} // namespace

std::unique_ptr<record_reader> make_csv_reader(source_file file) {
  return std::make_unique<csv_reader>(std::move(file));
}

} // namespace onewriter::node
