#include "tests/crash/numbered_row.hpp"

#include "tests/strain/burden.hpp"

#include <random>

namespace onewriter::test {

namespace {

constexpr auto create_row = "CREATE TABLE IF NOT EXISTS row("
                            "client INTEGER NOT NULL, number INTEGER NOT NULL, "
                            "content TEXT NOT NULL)";

constexpr auto create_tally = "CREATE TABLE IF NOT EXISTS tally("
                              "client INTEGER PRIMARY KEY, "
                              "rows INTEGER NOT NULL)";

constexpr auto fill_tally
  = "INSERT OR IGNORE INTO tally(client, rows) VALUES(?, 0)";

constexpr auto insert_row
  = "INSERT INTO row(client, number, content) VALUES(?, ?, ?)";

constexpr auto count_row = "UPDATE tally SET rows = rows + 1 WHERE client = ?";

constexpr auto function_name = "row with a burden";

caf::expected<result_set> add_row(session& db,
                                  const std::vector<value>& arguments) {
  auto [client, number] = row{arguments}.as<uint32_t, uint64_t>();
  if (auto err = bear_burden(db, burden::of(number)); err != caf::none)
    return err;
  for (auto& part : write_of_row(client, number).statements)
    if (auto done = db.run(part); !done)
      return done;
  return result_set{};
}

} // namespace

write creation_of_tables() {
  write result{create_row};
  result.then(create_tally);
  for (uint32_t client = 0; client < client_count; ++client)
    result.then(fill_tally, int64_t{client});
  return result;
}

write write_of_row(uint32_t client, uint64_t number) {
  write result{insert_row, int64_t{client}, static_cast<int64_t>(number),
               content_of(client, number)};
  result.then(count_row, int64_t{client});
  return result;
}

call call_of_row(uint32_t client, uint64_t number) {
  return call{function_name, int64_t{client}, static_cast<int64_t>(number)};
}

void add_row_function(options& to) {
  to.functions[function_name] = add_row;
}

std::string content_of(uint32_t client, uint64_t number) {
  std::mt19937_64 random{(uint64_t{client} << 40) + number};
  auto is_long = random() % 64 == 0;
  std::string result(random() % (is_long ? 20'000 : 400), ' ');
  for (auto& letter : result)
    letter = static_cast<char>('a' + random() % 26);
  return result;
}

} // namespace onewriter::test
