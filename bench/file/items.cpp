#include "bench/file/items.hpp"

#include "bench/file/schema.hpp"

#include <utility>

namespace onewriter::bench {

void item_write::fill(const row_shape& rows, uint64_t index) {
  number = index * rows.rows_per_write;
  for (size_t i = 0; i < payloads.size(); ++i)
    fill_payload(rows, client, number + i, payloads[i]);
}

baseline_connection_ptr create_file(const options& opts,
                                    const row_shape& rows) {
  auto result = std::make_shared<baseline_connection>(opts, access::write);
  for (auto& sql : schema_sql(rows))
    result->execute(sql);
  return result;
}

// -- writing --------------------------------------------------------------------

item_writer::item_writer(baseline_connection_ptr db, const row_shape& rows)
  : db_{std::move(db)},
    begin_{*db_, "BEGIN IMMEDIATE"},
    commit_{*db_, "COMMIT"},
    insert_{*db_, insert_sql(rows)} {
  // nop
}

void item_writer::rollback() {
  // Some failures have rolled back by themselves.
  if (!db_->is_autocommit())
    db_->execute("ROLLBACK");
}

uint64_t item_writer::insert(uint64_t client, uint64_t number,
                             std::string_view payload) {
  insert_.bind(1, client);
  insert_.bind(2, number);
  insert_.bind(3, payload);
  uint64_t id = 0;
  while (insert_.step())
    id = insert_.integer(0);
  return id;
}

uint64_t item_writer::insert(const item_write& what) {
  uint64_t id = 0;
  auto number = what.number;
  for (auto& payload : what.payloads)
    id = insert(what.client, number++, payload);
  return id;
}

uint64_t item_writer::write(const item_write& what) {
  if (what.payloads.size() == 1)
    return insert(what);
  begin();
  auto id = insert(what);
  commit();
  return id;
}

// -- reading --------------------------------------------------------------------

item_reader::item_reader(baseline_connection_ptr db)
  : db_{std::move(db)},
    select_{*db_, select_sql} {
  // nop
}

bool item_reader::read(uint64_t id) {
  select_.bind(1, id);
  auto found = false;
  while (select_.step()) {
    client_ = select_.integer(0);
    number_ = select_.integer(1);
    payload_ = select_.text(2);
    found = true;
  }
  return found;
}

} // namespace onewriter::bench
