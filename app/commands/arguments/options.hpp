#pragma once

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

namespace onewriter::node {

// -- values ---------------------------------------------------------------------

inline constexpr std::string_view whole = "0123456789";
inline constexpr std::string_view fractions = "0123456789.";

/// Accepts numbers from `min` to `max` that consist of `characters`: CLI11
/// itself takes hexadecimal ones and NaN as well.
[[nodiscard]] CLI::Validator number(std::string_view characters, double min,
                                    double max);

[[nodiscard]] CLI::Validator not_empty();

/// Accepts `names`, which are the name of the validator as well, with spaces
/// between: completion of command lines reads them there.
[[nodiscard]] CLI::Validator one_of(std::initializer_list<const char*> names);

[[nodiscard]] std::chrono::nanoseconds seconds(double x);

// -- options --------------------------------------------------------------------

/// Adds an option that puts one word into `target`, unchanged.
CLI::Option& add_text(CLI::App& to, const std::string& name,
                      std::string& target, const std::string& description);

/// Adds an argument that has to be there and must not be empty.
CLI::Option& add_argument(CLI::App& to, const std::string& name,
                          std::string& target, const std::string& description);

/// Adds an argument that takes all words that are left, unchanged.
CLI::Option& add_list(CLI::App& to, const std::string& name,
                      std::vector<std::string>& target,
                      const std::string& description);

/// Adds `--tls-certificate` and the others, which become words of `system`.
void add_tls_options(CLI::App& to, std::vector<std::string>& system);

/// Sets what `--help` says below the options: `own`, and what is true of all
/// commands that open a database.
void set_footer(CLI::App& to, const std::string& own);

/// The same for a command that opens none: nothing of addresses and options of
/// the database.
void set_local_footer(CLI::App& to, const std::string& own);

} // namespace onewriter::node
