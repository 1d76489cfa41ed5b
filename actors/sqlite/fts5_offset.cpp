#include "actors/sqlite/fts5_offset.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/base/handles.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace onewriter::sqlite {

namespace {

constexpr const char* function_name = "onewriter_offset";

// -- the function ---------------------------------------------------------------

// Finds the byte at which a token begins.
struct token_search {
  // Tokens to skip before it.
  int left = 0;
  int byte = -1;
};

// Called for each token in order; anything but SQLITE_OK ends it.
int on_token(void* context, int flags, const char*, int, int begin, int) {
  auto& search = *static_cast<token_search*>(context);
  // A synonym takes the place of the token before it.
  if ((flags & FTS5_TOKEN_COLOCATED) != 0)
    return SQLITE_OK;
  if (search.left-- > 0)
    return SQLITE_OK;
  search.byte = begin;
  return SQLITE_DONE;
}

// Finds the first token of the first column that matches, -1 if none does.
int first_match(const Fts5ExtensionApi& api, Fts5Context* row, int& token) {
  int count = 0;
  token = -1;
  auto rc = api.xInstCount(row, &count);
  for (int i = 0; i < count && rc == SQLITE_OK; ++i) {
    int phrase = 0;
    int column = 0;
    int position = 0;
    rc = api.xInst(row, i, &phrase, &column, &position);
    if (rc == SQLITE_OK && column == 0)
      token = token < 0 ? position : std::min(token, position);
  }
  return rc;
}

int find_byte(const Fts5ExtensionApi& api, Fts5Context* row, int token,
              int& byte) {
  const char* text = nullptr;
  int size = 0;
  token_search search;
  search.left = token;
  auto rc = api.xColumnText(row, 0, &text, &size);
  if (rc == SQLITE_OK)
    rc = api.xTokenize(row, text, size, &search, on_token);
  byte = search.byte;
  return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

void offset_function(const Fts5ExtensionApi* api, Fts5Context* row,
                     sqlite3_context* result, int, sqlite3_value**) {
  int token = -1;
  int byte = -1;
  auto rc = first_match(*api, row, token);
  if (rc == SQLITE_OK && token >= 0)
    rc = find_byte(*api, row, token, byte);
  if (rc != SQLITE_OK)
    sqlite3_result_error_code(result, rc);
  else if (byte >= 0)
    sqlite3_result_int(result, byte);
}

// -- registration -----------------------------------------------------------------

// Asks FTS5 for its interface, as described in https://sqlite.org/fts5.html;
// null if there is none.
fts5_api* find_api(sqlite3* db) {
  fts5_api* result = nullptr;
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(db, "SELECT fts5(?)", -1, &raw, nullptr) != SQLITE_OK)
    return nullptr;
  auto stmt = statement_ptr{raw};
  sqlite3_bind_pointer(stmt.get(), 1, &result, "fts5_api_ptr", nullptr);
  sqlite3_step(stmt.get());
  return result;
}

} // namespace

caf::error register_fts5_offset(connection& db) {
  auto api = find_api(db.handle());
  if (api == nullptr)
    return make_failure(ec::missing_feature,
                        "this SQLite has no FTS5: it has to be compiled with "
                        "SQLITE_ENABLE_FTS5");
  auto rc = api->xCreateFunction(api, function_name, nullptr, offset_function,
                                 nullptr);
  return rc == SQLITE_OK ? caf::error{} : make_error(db.handle(), rc);
}

} // namespace onewriter::sqlite
