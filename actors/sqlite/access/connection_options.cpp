#include "actors/sqlite/access/connection_options.hpp"

namespace onewriter::sqlite {

connection_options connection_options::from(const options& x,
                                            enum role what_for) {
  connection_options result;
  result.path = x.path;
  result.role = what_for;
  result.vfs = x.vfs;
  result.synchronous = x.synchronous;
  result.foreign_keys = x.foreign_keys;
  result.busy_timeout = x.busy_timeout;
  result.max_value_bytes = x.max_value_bytes;
  result.max_result_rows = x.max_result_rows;
  result.max_result_bytes = x.max_result_bytes;
  result.statement_cache = x.statement_cache;
  result.cache_bytes = x.cache_bytes;
  result.wal_limit_bytes = x.wal_limit_bytes;
  return result;
}

} // namespace onewriter::sqlite
