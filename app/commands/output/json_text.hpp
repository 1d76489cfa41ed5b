#pragma once

#include "onewriter/query.hpp"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace onewriter::node {

/// Members keep their order.
using json = nlohmann::ordered_json;

/// Returns `x` without loss: a blob as {"blob_hex": "00ff"}, a text that is not
/// UTF-8 as {"text_hex": "ff"}, and infinity as a number that only `json_line`
/// can print.
[[nodiscard]] json value_json(const value& x);

/// Names for the members of rows: those of `columns`, but each of them once.
/// The second `a` is `a:1`, as in SQLite's own subqueries.
[[nodiscard]] std::vector<std::string>
member_names(const std::vector<column>& columns);

/// Returns row `x` as an object. `names` are those of `member_names`.
[[nodiscard]] json row_json(const row& x,
                            const std::vector<std::string>& names);

/// Returns `x` on one line, with a line break at the end and without characters
/// that control a terminal. Bytes that are not UTF-8 are replaced. Infinity is
/// 9.0e+999, as SQLite's json_quote() writes it: too large for a real number,
/// it is read as infinity.
[[nodiscard]] std::string json_line(const json& x);

} // namespace onewriter::node
