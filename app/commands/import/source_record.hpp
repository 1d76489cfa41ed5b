#pragma once

#include "app/commands/import/source_file.hpp"
#include "onewriter/value.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace onewriter::node {

/// One value of a record.
struct source_cell {
  /// Which of the columns of the reader it belongs to.
  size_t column = 0;
  value content;
  /// Whether `content` is a blob with the bytes of a text that is not UTF-8: no
  /// parameter can be such a text.
  bool is_broken_text = false;
};

/// What becomes a row: a line, or several where a field has line breaks.
struct source_record {
  /// Where `bytes` begins.
  file_position begin;
  /// The first line of the record itself: blank lines are left out.
  uint64_t line = 1;
  /// All bytes of the file from the end of the last record on.
  std::string bytes;
  std::vector<source_cell> cells;
  /// Why it is no record; empty where it is one.
  std::string problem;
};

/// Reads the records of a file, whose format it knows. Used in one thread.
class record_reader {
public:
  explicit record_reader(source_file file) : file_{std::move(file)} {
    // nop
  }

  record_reader(const record_reader&) = delete;

  record_reader& operator=(const record_reader&) = delete;

  virtual ~record_reader();

  /// Reads what comes before the first record. Called once. Errors:
  /// `ec::io_error`, `ec::invalid_argument` for a header that cannot be used.
  [[nodiscard]] virtual caf::error begin() = 0;

  /// Reads the next record into `result`. Returns false where there is none.
  /// Error: `ec::io_error`.
  [[nodiscard]] virtual caf::expected<bool> next(source_record& result) = 0;

  /// Whether the kind of a value is known, and not only its text.
  virtual bool is_typed() const = 0;

  /// Whether records may have other columns than these.
  virtual bool finds_columns() const = 0;

  source_file& file() {
    return file_;
  }

  const std::vector<std::string>& columns() const {
    return columns_;
  }

  /// Sets the only columns that records may have from now on.
  void set_columns(std::vector<std::string> names) {
    columns_ = std::move(names);
    is_closed_ = true;
  }

protected:
  /// The largest record: that of the largest value, and room for its quotes.
  static constexpr size_t max_record_bytes = 128 * 1024 * 1024;

  /// Moves over a byte order mark. Error: `ec::io_error`.
  [[nodiscard]] caf::error skip_byte_order_mark();

  /// Begins `result` where the file is.
  void start(source_record& result) const;

  /// Moves over the first `size` bytes of the window, which belong to `result`.
  void take(source_record& result, size_t size);

  /// Moves to the next line, and says in `result` why this one is no record.
  [[nodiscard]] caf::error reject_line(source_record& result,
                                       std::string problem);

  std::vector<std::string> columns_;
  bool is_closed_ = false;

private:
  source_file file_;
};

/// Makes a reader for CSV (RFC 4180), whose first line names the columns.
[[nodiscard]] std::unique_ptr<record_reader> make_csv_reader(source_file file);

/// Makes a reader for JSON lines: an object a line, whose members are the
/// values.
[[nodiscard]] std::unique_ptr<record_reader> make_json_reader(source_file file);

} // namespace onewriter::node
