#pragma once

#include "onewriter/failure.hpp"
#include "onewriter/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>

namespace onewriter::node {

/// What a column takes.
enum class column_type : uint8_t {
  /// Every value, each as what it looks like.
  any,
  integer,
  real,
  text,
  blob,
};

/// The declaration of a column in CREATE TABLE; empty for `any`.
[[nodiscard]] const char* declaration_of(column_type x);

/// What a column that was declared so takes: SQLite's own rules
/// (https://sqlite.org/datatype3.html#determination_of_column_affinity), with
/// `any` for NUMERIC.
[[nodiscard]] column_type type_of(const std::string& declaration);

/// Returns what is the same for all spellings of a column's name that SQLite
/// takes for one: ASCII letters in lower case.
[[nodiscard]] std::string folded_name(std::string name);

/// Makes `x` what a column of this type holds, and returns why it cannot be;
/// empty where it can. Where not `is_typed`, `x` is a text that may stand for
/// another value.
[[nodiscard]] std::string fit(value& x, column_type type, bool is_typed);

/// Finds out which type suits all values of a column.
class type_inference {
public:
  void add(const value& x, bool is_typed);

  /// The narrowest type that keeps all values apart; `any` for none.
  [[nodiscard]] column_type result() const;

private:
  void add_kind(const value& x);

  bool is_typed_ = false;
  bool has_integer_ = false;
  // One that a real number cannot hold.
  bool has_large_integer_ = false;
  bool has_real_ = false;
  bool has_text_ = false;
  bool has_blob_ = false;
};

/// A column and its type, as the command line says.
struct typed_column {
  std::string name;
  column_type type = column_type::any;
};

/// Reads `name:type,name:type`. Error: `ec::invalid_argument`.
[[nodiscard]] caf::expected<std::vector<typed_column>>
parse_types(std::string_view text);

} // namespace onewriter::node
