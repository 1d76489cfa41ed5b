#include "app/commands/import/import_target.hpp"

#include "app/commands/import/rejects_file.hpp"
#include "app/core/raw_file.hpp"

#include <algorithm>
#include <utility>

namespace onewriter::node {

namespace {

template <class Columns>
auto find_column(Columns& columns, const std::string& name) {
  auto wanted = folded_name(name);
  return std::find_if(
    columns.begin(), columns.end(),
    [&](const typed_column& x) { return folded_name(x.name) == wanted; });
}

caf::error no_column(const std::string& name) {
  return make_failure(ec::invalid_argument,
                      "the table has no column '" + name + "'");
}

// SQLite's own opinion of a table, before there is a file for it.
caf::error check_creation(const import_target& what) {
  auto problem = problem_in_empty_database(creation_of(what));
  if (problem.empty())
    return {};
  return make_failure(ec::invalid_argument,
                      "no table can be made of it: " + problem);
}

} // namespace

std::string quoted_name(const std::string& name) {
  std::string result = "\"";
  for (auto c : name)
    result.append(c == '"' ? 2 : 1, c);
  return result + '"';
}

caf::expected<std::optional<import_target>>
find_target(client& db, const std::string& table) {
  // Generated columns are 2 and 3 there, hidden ones of virtual tables 1.
  auto found = db.query(
    "SELECT m.name, c.name, c.type, m.type = 'view' FROM sqlite_schema m, "
    "pragma_table_xinfo(m.name) c WHERE m.type IN ('table', 'view') "
    "AND lower(m.name) = lower(?) AND c.hidden = 0 ORDER BY c.cid",
    table);
  if (!found)
    return found.error();
  if (found->rows.empty())
    return std::optional<import_target>{};
  import_target result;
  for (auto& x : found->rows) {
    result.table = x.get<std::string>(0);
    result.is_view = x.get<int>(3) != 0;
    result.columns.push_back(
      {x.get<std::string>(1), type_of(x.get<std::string>(2))});
  }
  return std::optional<import_target>{std::move(result)};
}

caf::expected<import_target>
infer_target(record_reader& reader, const std::string& table,
             const std::vector<typed_column>& given, uint64_t max_rejects,
             const std::function<bool()>& go_on) {
  std::vector<type_inference> types;
  source_record record;
  uint64_t rejected = 0;
  for (;;) {
    if (!go_on())
      return make_failure(ec::cancelled, "the types were not found out");
    auto found = reader.next(record);
    if (!found)
      return found.error();
    if (!*found)
      break;
    if (!record.problem.empty() && ++rejected > max_rejects)
      return too_many_rejects(max_rejects, record.line, record.problem);
    types.resize(std::max(types.size(), reader.columns().size()));
    for (auto& x : record.cells)
      types[x.column].add(x.content, reader.is_typed());
  }
  types.resize(reader.columns().size());
  import_target result;
  result.table = table;
  for (size_t i = 0; i < types.size(); ++i)
    result.columns.push_back({reader.columns()[i], types[i].result()});
  if (result.columns.empty())
    return make_failure(ec::invalid_argument,
                        "no record has a value: a table needs a column");
  if (auto err = apply_types(result.columns, given); err != caf::none)
    return err;
  if (auto err = check_creation(result); err != caf::none)
    return err;
  return result;
}

std::string creation_of(const import_target& what) {
  std::string list;
  for (auto& x : what.columns) {
    list += (list.empty() ? "" : ", ") + quoted_name(x.name);
    if (auto declaration = std::string{declaration_of(x.type)};
        !declaration.empty())
      list += ' ' + declaration;
  }
  return "CREATE TABLE " + quoted_name(what.table) + '(' + list + ')';
}

caf::expected<std::vector<typed_column>>
match_columns(const import_target& what,
              const std::vector<std::string>& columns) {
  std::vector<typed_column> result;
  for (auto& name : columns) {
    auto found = find_column(what.columns, name);
    if (found == what.columns.end())
      return no_column(name);
    result.push_back(*found);
  }
  return result;
}

caf::error apply_types(std::vector<typed_column>& columns,
                       const std::vector<typed_column>& given) {
  for (auto& x : given) {
    auto found = find_column(columns, x.name);
    if (found == columns.end())
      return no_column(x.name);
    found->type = x.type;
  }
  return {};
}

} // namespace onewriter::node
