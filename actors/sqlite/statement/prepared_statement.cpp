#include "actors/sqlite/statement/prepared_statement.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/base/sql_text.hpp"
#include "actors/sqlite/base/values.hpp"
#include "actors/text/utf8.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cmath>

namespace onewriter::sqlite {

namespace {

// Whether SQLite chose the name: "?3" of a numbered parameter.
bool is_number(const std::string& name) {
  return name.front() == '?';
}

ec problem_of(const value& x, uint64_t max_bytes) {
  if (auto text = std::get_if<std::string>(&x.data)) {
    if (text->size() > max_bytes)
      return ec::too_big;
    return is_valid_utf8(*text) ? ec::none : ec::invalid_text;
  }
  if (auto number = std::get_if<double>(&x.data))
    return std::isnan(*number) ? ec::not_a_number : ec::none;
  if (auto bytes = std::get_if<blob>(&x.data))
    return bytes->size() > max_bytes ? ec::too_big : ec::none;
  return ec::none;
}

std::string explanation(ec problem, uint64_t max_bytes) {
  switch (problem) {
    case ec::too_big:
      return " is larger than " + std::to_string(max_bytes)
             + " bytes, which is the limit: split it, or raise "
               "max_value_bytes";
    case ec::invalid_text:
      return " is a text that is not valid UTF-8: pass it as a blob, or "
             "convert it";
    default:
      return " is NaN, which SQLite would store as NULL: pass NULL if that is "
             "what you want";
  }
}

} // namespace

prepared_statement::prepared_statement(std::string_view sql, statement_ptr stmt)
  : sql_{sql},
    stmt_{std::move(stmt)},
    parameter_count_{sqlite3_bind_parameter_count(stmt_.get())},
    has_columns_{sqlite3_column_count(stmt_.get()) > 0} {
  for (int i = 1; i <= parameter_count_; ++i)
    if (auto name = sqlite3_bind_parameter_name(stmt_.get(), i))
      names_.push_back({name, i});
  std::sort(names_.begin(), names_.end(),
            [](auto& x, auto& y) { return x.name < y.name; });
}

caf::error prepared_statement::check_numbering() const {
  auto nameless = static_cast<size_t>(parameter_count_) - names_.size();
  if (nameless == 0 || nameless == count_nameless_parameters(sql_))
    return {};
  return fail(ec::invalid_parameters,
              "a number is left out between ?1 and ?"
                + std::to_string(parameter_count_)
                + ": number the parameters from 1 without gaps");
}

caf::error prepared_statement::bind(const statement& what, uint64_t max_bytes) {
  if (!what.names.empty())
    return bind_named(what, max_bytes);
  for (auto& x : names_)
    if (!is_number(x.name))
      return fail(ec::invalid_parameters,
                  "the parameter " + x.name
                    + " has a name: pass its value with it, as in named(\""
                    + x.name + "\", value)");
  return bind(what.parameters.data(), what.parameters.size(), max_bytes);
}

caf::error prepared_statement::bind(const value* values, size_t count,
                                    uint64_t max_bytes) {
  if (count != static_cast<size_t>(parameter_count_))
    return wrong_count(count);
  for (int i = 0; i < parameter_count_; ++i) {
    auto err = bind_one(i + 1, values[i], max_bytes);
    if (err != caf::none)
      return err;
  }
  return {};
}

caf::error prepared_statement::bind_named(const statement& what,
                                          uint64_t max_bytes) {
  if (what.names.size() != what.parameters.size())
    return fail(ec::invalid_parameters,
                "some values have a name and some have none: name all of them "
                "or none");
  is_bound_.assign(static_cast<size_t>(parameter_count_) + 1, false);
  for (size_t i = 0; i < what.names.size(); ++i) {
    auto found = find(what.names[i]);
    if (found == nullptr)
      return unknown(what.names[i]);
    if (is_bound_[static_cast<size_t>(found->index)])
      return fail(ec::invalid_parameters,
                  "the parameter " + found->name + " has two values");
    is_bound_[static_cast<size_t>(found->index)] = true;
    auto err = bind_one(found->index, what.parameters[i], max_bytes);
    if (err != caf::none)
      return err;
  }
  return check_all_bound();
}

void prepared_statement::unbind() noexcept {
  sqlite3_reset(stmt_.get());
  if (parameter_count_ > 0)
    sqlite3_clear_bindings(stmt_.get());
}

caf::error prepared_statement::bind_one(int index, const value& x,
                                        uint64_t max_bytes) {
  auto problem = problem_of(x, max_bytes);
  if (problem != ec::none)
    return fail(problem, "the value of the parameter " + call(index)
                           + explanation(problem, max_bytes));
  auto rc = bind_value(stmt_.get(), index, x);
  if (rc != SQLITE_OK)
    return make_error(sqlite3_db_handle(stmt_.get()), rc, sql_);
  return {};
}

caf::error prepared_statement::check_all_bound() const {
  for (int i = 1; i <= parameter_count_; ++i)
    if (!is_bound_[static_cast<size_t>(i)])
      return fail(ec::invalid_parameters,
                  "the parameter " + call(i) + " has no value");
  return {};
}

const prepared_statement::parameter*
prepared_statement::find(std::string_view name) const {
  auto i = std::lower_bound(names_.begin(), names_.end(), name,
                            [](auto& x, auto& y) { return x.name < y; });
  return i != names_.end() && i->name == name ? &*i : nullptr;
}

caf::error prepared_statement::unknown(const std::string& name) const {
  std::string known;
  for (auto& x : names_)
    known += (known.empty() ? "" : ", ") + x.name;
  return fail(ec::invalid_parameters, "no parameter is called '" + name
                                        + "'; names begin with their "
                                          "prefix, and the statement has "
                                        + (known.empty() ? "none" : known));
}

caf::error prepared_statement::wrong_count(size_t given) const {
  return fail(ec::invalid_parameters,
              "the statement has " + std::to_string(parameter_count_)
                + " parameters, but " + std::to_string(given)
                + " values were passed");
}

caf::error prepared_statement::fail(ec code, std::string message) const {
  return make_error(code, std::move(message), sql_);
}

std::string prepared_statement::call(int index) const {
  for (auto& x : names_)
    if (x.index == index)
      return x.name;
  return "number " + std::to_string(index);
}

} // namespace onewriter::sqlite
