#pragma once

#include "onewriter/failure.hpp"
#include "onewriter/statement.hpp"

#include <string>
#include <vector>

#include <caf/expected.hpp>

namespace onewriter::node {

/// What `--help` says about parameters.
inline constexpr const char* parameters_help
  = R"(A PARAM is NULL, an integer, a real number, a blob (x'00ff') or a text:
- A number is what JSON calls one. An integer has to fit into 64 bits, and a
  real number has a point or an exponent. All else is a text, also 007, +5 and
  integers of more digits, so that no digit is lost. 9e999 is infinity.
- :NAME=VALUE gives the parameter :NAME its value; @NAME and $NAME likewise.
  Either all parameters are given by name, or none.
- With --text every PARAM is a text by itself, also what looks like a number.
Options may stand anywhere; what follows -- is no option, so that a text may
begin with a dash: onewriter exec FILE SQL -- --x)";

/// Returns the value that `word` stands for, without a name.
[[nodiscard]] value parse_value(const std::string& word);

/// Makes a statement of `sql` and its parameters. With `all_text`, each of
/// `words` is a text. Error: `ec::invalid_argument` where some have names and
/// others have none.
[[nodiscard]] caf::expected<statement>
make_statement(std::string sql, const std::vector<std::string>& words,
               bool all_text);

} // namespace onewriter::node
