#include "actors/sqlite/access/authorizer.hpp"

#include "actors/sqlite/access/pragma_rules.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <iterator>
#include <new>
#include <string_view>

namespace onewriter::sqlite {

namespace {

constexpr std::string_view reserved_prefix = "onewriter_";

// Tables that FTS5 keeps its content in end with these.
constexpr std::string_view shadow_suffixes[]
  = {"_data", "_idx", "_content", "_docsize", "_config"};

std::string_view view_of(const char* x) {
  return x == nullptr ? std::string_view{} : std::string_view{x};
}

bool is_shadow_table(std::string_view name) {
  auto ends_with = [name](std::string_view suffix) {
    return name.size() > suffix.size()
           && name.substr(name.size() - suffix.size()) == suffix;
  };
  return std::any_of(std::begin(shadow_suffixes), std::end(shadow_suffixes),
                     ends_with);
}

// ALTER TABLE looks through the schema of temporary objects, too. It is
// read-only to users.
bool is_temporary(const char* name, const char* database) {
  return is_same_name(view_of(database), "temp")
         && view_of(name) != "sqlite_temp_master";
}

// -- rules: each returns why it refuses `x`, or nothing -------------------------

std::string allow(const action&) {
  return {};
}

std::string refuse_control(const action& x) {
  auto name = x.code == SQLITE_SAVEPOINT ? "SAVEPOINT, RELEASE or ROLLBACK TO"
                                         : x.first;
  return std::string{name}
         + " is not allowed, because onewriter controls transactions: put the "
           "statements into one write";
}

std::string refuse_control_by_reader(const action&) {
  return "a query is a transaction of its own: put what belongs together into "
         "one SELECT, or into a transaction message";
}

std::string refuse_attach(const action&) {
  return "ATTACH, DETACH and VACUUM are not allowed: a database is one file; "
         "to copy it send a backup message";
}

std::string refuse_temporary(const action&) {
  return "temporary objects are not allowed: they would vanish whenever the "
         "writer is restarted; use an ordinary table";
}

std::string refuse_change(const action&) {
  return "the statement would change the schema: send it as a write";
}

std::string refuse_unknown(const action& x) {
  return "the statement does something that is not allowed (authorizer code "
         + std::to_string(x.code) + ")";
}

std::string check_function(const action& x) {
  if (!is_same_name(view_of(x.second), "load_extension"))
    return {};
  return "load_extension is not allowed: link the extension into the program "
         "and register it with sqlite3_auto_extension";
}

std::string check_name(const action& x, const char* name,
                       const char* database) {
  if (is_temporary(name, database))
    return refuse_temporary(x);
  if (!is_reserved(view_of(name)))
    return {};
  return "the name " + std::string{name}
         + " is not allowed here: names that begin with onewriter_ are for its "
           "own tables, which are read-only";
}

// The other argument is a column, which may have any name.
std::string check_content(const action& x) {
  return check_name(x, x.first, x.database);
}

// Both arguments are names of objects, or the second is null.
std::string check_objects(const action& x) {
  auto refusal = check_name(x, x.first, x.database);
  return refusal.empty() ? check_name(x, x.second, x.database) : refusal;
}

// The tables that it keeps its content in have names that begin with its own.
std::string check_virtual_table(const action& x) {
  if (!is_same_name(view_of(x.first), "onewriter"))
    return check_objects(x);
  return "the name " + std::string{x.first}
         + " is not allowed for a virtual table: it would keep its content in "
           "tables whose names begin with onewriter_, which are for "
           "onewriter's own";
}

// The database comes first here.
std::string check_alter(const action& x) {
  return check_name(x, x.second, x.first);
}

std::string check_writer_pragma(const action& x) {
  return pragma_refusal(role::writer, view_of(x.first), x.second != nullptr);
}

std::string check_reader_pragma(const action& x) {
  return pragma_refusal(role::reader, view_of(x.first), x.second != nullptr);
}

// -- tables ---------------------------------------------------------------------

struct action_rule {
  int code;
  std::string (*check)(const action&);
};

constexpr action_rule writer_rules[] = {
  {SQLITE_TRANSACTION, refuse_control},
  {SQLITE_SAVEPOINT, refuse_control},
  {SQLITE_ATTACH, refuse_attach},
  {SQLITE_DETACH, refuse_attach},
  {SQLITE_CREATE_TEMP_INDEX, refuse_temporary},
  {SQLITE_CREATE_TEMP_TABLE, refuse_temporary},
  {SQLITE_CREATE_TEMP_TRIGGER, refuse_temporary},
  {SQLITE_CREATE_TEMP_VIEW, refuse_temporary},
  {SQLITE_DROP_TEMP_INDEX, refuse_temporary},
  {SQLITE_DROP_TEMP_TABLE, refuse_temporary},
  {SQLITE_DROP_TEMP_TRIGGER, refuse_temporary},
  {SQLITE_DROP_TEMP_VIEW, refuse_temporary},
  {SQLITE_PRAGMA, check_writer_pragma},
  {SQLITE_FUNCTION, check_function},
  {SQLITE_INSERT, check_content},
  {SQLITE_UPDATE, check_content},
  {SQLITE_DELETE, check_content},
  {SQLITE_ALTER_TABLE, check_alter},
  {SQLITE_CREATE_INDEX, check_objects},
  {SQLITE_CREATE_TABLE, check_objects},
  {SQLITE_CREATE_TRIGGER, check_objects},
  {SQLITE_CREATE_VIEW, check_objects},
  {SQLITE_CREATE_VTABLE, check_virtual_table},
  {SQLITE_DROP_INDEX, check_objects},
  {SQLITE_DROP_TABLE, check_objects},
  {SQLITE_DROP_TRIGGER, check_objects},
  {SQLITE_DROP_VIEW, check_objects},
  {SQLITE_DROP_VTABLE, check_objects},
  // They rebuild existing objects, of any name.
  {SQLITE_ANALYZE, allow},
  {SQLITE_REINDEX, allow},
  {SQLITE_SELECT, allow},
  {SQLITE_READ, allow},
  {SQLITE_RECURSIVE, allow},
};

constexpr action_rule reader_rules[] = {
  {SQLITE_SELECT, allow},
  {SQLITE_READ, allow},
  {SQLITE_RECURSIVE, allow},
  {SQLITE_INSERT, allow},
  {SQLITE_UPDATE, allow},
  {SQLITE_DELETE, allow},
  {SQLITE_FUNCTION, check_function},
  {SQLITE_PRAGMA, check_reader_pragma},
  {SQLITE_ATTACH, refuse_attach},
  {SQLITE_DETACH, refuse_attach},
  {SQLITE_TRANSACTION, refuse_control_by_reader},
  {SQLITE_SAVEPOINT, refuse_control_by_reader},
};

bool is_schema_change(int code) {
  switch (code) {
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_VIEW:
    case SQLITE_CREATE_VTABLE:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_DROP_VIEW:
    case SQLITE_DROP_VTABLE:
    case SQLITE_ALTER_TABLE:
      return true;
    default:
      return false;
  }
}

} // namespace

bool is_reserved(std::string_view name) {
  return is_same_name(name.substr(0, reserved_prefix.size()), reserved_prefix);
}

std::string writer_refusal(const action& x) {
  for (auto& y : writer_rules)
    if (y.code == x.code)
      return y.check(x);
  return refuse_unknown(x);
}

std::string reader_refusal(const action& x) {
  for (auto& y : reader_rules)
    if (y.code == x.code)
      return y.check(x);
  return refuse_change(x);
}

void authorizer::install(sqlite3* db) {
  sqlite3_set_authorizer(db, &authorizer::decide, this);
}

void authorizer::preparing() {
  preparing_ = true;
  schema_change_ = false;
  first_action_ = 0;
  refusal_.clear();
}

int authorizer::decide(void* self, int code, const char* first,
                       const char* second, const char* database,
                       const char* inside) {
  auto& decider = *static_cast<authorizer*>(self);
  auto x = action{code, first, second, database, inside};
  try {
    return decider.allows(x) ? SQLITE_OK : SQLITE_DENY;
  } catch (const std::bad_alloc&) {
    // No exception may pass through SQLite. Only reasons of refusals allocate,
    // and this one is short enough not to.
    if (decider.refusal_.empty())
      decider.refusal_ = "not allowed";
    return SQLITE_DENY;
  }
}

bool authorizer::allows(const action& x) {
  if (first_action_ == 0)
    first_action_ = x.code;
  if (trusted_ || is_inner(x))
    return true;
  schema_change_ |= is_schema_change(x.code);
  auto refusal = role_ == role::writer ? writer_refusal(x) : reader_refusal(x);
  if (refusal.empty())
    return true;
  if (refusal_.empty())
    refusal_ = std::move(refusal);
  return false;
}

bool authorizer::is_inner(const action& x) const {
  // A statement is running, so unless it is being prepared again this comes
  // from a virtual table. If it is, its own actions were allowed before; only
  // its triggers may be new.
  if (preparing_ || x.inside != nullptr)
    return false;
  switch (x.code) {
    case SQLITE_SAVEPOINT:
      // optimize() of FTS3 and FTS4.
      return view_of(x.second) == "fts3";
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
      // FTS5 writes pending data of onewriter's statements when a user's
      // statement reads the index or starts a savepoint. Users cannot get here
      // otherwise: SQLITE_DBCONFIG_DEFENSIVE makes these tables read-only for
      // all but the virtual table.
      return is_shadow_table(view_of(x.first));
    default:
      return false;
  }
}

} // namespace onewriter::sqlite
