#include "bench/file/schema.hpp"

#include <algorithm>

namespace onewriter::bench {

namespace {

constexpr size_t key_characters = 16;

// The finalizer of MurmurHash3: neighbours end up far apart.
uint64_t scattered(uint64_t x) {
  x = (x ^ (x >> 33)) * 0xFF51AFD7ED558CCD;
  x = (x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53;
  return x ^ (x >> 33);
}

} // namespace

std::vector<std::string> schema_sql(const row_shape& rows) {
  std::vector<std::string> result{
    "CREATE TABLE IF NOT EXISTS item(id INTEGER PRIMARY KEY, "
    "client INTEGER NOT NULL, number INTEGER NOT NULL, "
    "payload TEXT NOT NULL)"};
  for (size_t i = 1; i <= rows.indexes; ++i)
    result.push_back("CREATE INDEX IF NOT EXISTS item_key_" + std::to_string(i)
                     + " ON item(substr(payload, 1, 16))");
  return result;
}

std::string insert_sql(const row_shape& rows) {
  std::string result = "INSERT INTO item(client, number, payload) "
                       "VALUES(?, ?, ?)";
  return rows.returning ? result + " RETURNING id" : result;
}

std::string payload_of(const row_shape& rows, uint64_t client,
                       uint64_t number) {
  std::string result;
  fill_payload(rows, client, number, result);
  return result;
}

void fill_payload(const row_shape& rows, uint64_t client, uint64_t number,
                  std::string& to) {
  to.resize(rows.payload_bytes, 'x');
  if (rows.indexes == 0)
    return;
  auto key = scattered((client << 40) + number);
  auto end = std::min(key_characters, to.size());
  for (size_t i = 0; i < end; ++i, key >>= 4)
    to[i] = "0123456789abcdef"[key & 15];
}

} // namespace onewriter::bench
