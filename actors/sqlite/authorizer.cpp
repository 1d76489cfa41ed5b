#include "actors/sqlite/authorizer.hpp"

#include "actors/sqlite/pragma_rules.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <iterator>
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

bool is_reserved(const char* name) {
  return is_same_name(view_of(name).substr(0, reserved_prefix.size()),
                      reserved_prefix);
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

std::string transaction_refusal(const action& x) {
  auto name = x.code == SQLITE_SAVEPOINT ? "SAVEPOINT, RELEASE or ROLLBACK TO"
                                         : x.first;
  return std::string{name}
         + " is the owner's business: put the statements into one write";
}

std::string temporary_refusal() {
  return "temporary objects are not allowed: they would vanish whenever the "
         "writer is restarted; use an ordinary table";
}

std::string reserved_refusal(const char* name) {
  return "the name " + std::string{name}
         + " is not allowed here: names that begin with onewriter_ are for its "
           "own tables, which are read-only";
}

std::string function_refusal(const char* name) {
  if (!is_same_name(view_of(name), "load_extension"))
    return {};
  return "load_extension is not allowed: link the extension into the program "
         "and register it with sqlite3_auto_extension";
}

std::string attach_refusal() {
  return "ATTACH, DETACH and VACUUM are not allowed: a database is one file; "
         "to copy it send a backup message";
}

// Refuses what is onewriter's own or temporary: at most two names and their
// database.
std::string object_refusal(const char* name, const char* other,
                           const char* database) {
  if (is_temporary(name, database))
    return temporary_refusal();
  for (auto x : {name, other})
    if (is_reserved(x))
      return reserved_refusal(x);
  return {};
}

} // namespace

std::string writer_refusal(const action& x) {
  switch (x.code) {
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
      return transaction_refusal(x);
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
      return attach_refusal();
    case SQLITE_CREATE_TEMP_INDEX:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_CREATE_TEMP_VIEW:
    case SQLITE_DROP_TEMP_INDEX:
    case SQLITE_DROP_TEMP_TABLE:
    case SQLITE_DROP_TEMP_TRIGGER:
    case SQLITE_DROP_TEMP_VIEW:
      return temporary_refusal();
    case SQLITE_PRAGMA:
      return pragma_refusal(role::writer, view_of(x.first),
                            x.second != nullptr);
    case SQLITE_FUNCTION:
      return function_refusal(x.second);
    case SQLITE_ALTER_TABLE:
      // The database comes first here.
      return object_refusal(x.second, nullptr, x.first);
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
      // The other argument is a column, which may have any name.
      return object_refusal(x.first, nullptr, x.database);
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
      return object_refusal(x.first, x.second, x.database);
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
    case SQLITE_ANALYZE:
    case SQLITE_REINDEX:
      return {};
    default:
      return "the statement does something that is not allowed (authorizer "
             "code "
             + std::to_string(x.code) + ")";
  }
}

std::string reader_refusal(const action& x) {
  switch (x.code) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
      return {};
    case SQLITE_FUNCTION:
      return function_refusal(x.second);
    case SQLITE_PRAGMA:
      return pragma_refusal(role::reader, view_of(x.first),
                            x.second != nullptr);
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
      return attach_refusal();
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
      return "a query is a transaction of its own: put what belongs together "
             "into one SELECT, or into a transaction message";
    default:
      return "the statement would change the schema: send it as a write";
  }
}

void authorizer::install(sqlite3* db) {
  sqlite3_set_authorizer(db, &authorizer::decide, this);
}

void authorizer::preparing() {
  preparing_ = true;
  first_action_ = 0;
  refusal_.clear();
}

int authorizer::decide(void* self, int code, const char* first,
                       const char* second, const char* database,
                       const char* inside) {
  auto& decider = *static_cast<authorizer*>(self);
  auto x = action{code, first, second, database, inside};
  return decider.allows(x) ? SQLITE_OK : SQLITE_DENY;
}

bool authorizer::allows(const action& x) {
  if (first_action_ == 0)
    first_action_ = x.code;
  if (trusted_ || is_inner(x))
    return true;
  auto refusal = role_ == role::writer ? writer_refusal(x) : reader_refusal(x);
  if (refusal.empty())
    return true;
  if (refusal_.empty())
    refusal_ = std::move(refusal);
  return false;
}

bool authorizer::is_inner(const action& x) const {
  // A statement is running, so unless it is being prepared again this comes
  // from a virtual table. If it is, then what it does itself was allowed
  // before; only its triggers may be new.
  if (preparing_ || x.inside != nullptr)
    return false;
  switch (x.code) {
    case SQLITE_SAVEPOINT:
      // optimize() of FTS3 and FTS4.
      return view_of(x.second) == "fts3";
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
      // FTS5 writes what our statements left pending when a user's statement
      // reads the index or starts a savepoint. Users cannot get here on their
      // own: SQLITE_DBCONFIG_DEFENSIVE makes these tables read-only for all but
      // the virtual table.
      return is_shadow_table(view_of(x.first));
    default:
      return false;
  }
}

} // namespace onewriter::sqlite
