#include "app/demo/content/block_group.hpp"

#include "actors/text/sha256.hpp"
#include "app/demo/core/node_schema.hpp"

#include <algorithm>
#include <utility>

namespace onewriter::node {

namespace {

std::string name_of(const blob& data) {
  return to_hex(
    sha256_of({reinterpret_cast<const char*>(data.data()), data.size()}));
}

} // namespace

void block_group::begin_file(int64_t file, int64_t run, std::string path) {
  what_.then(insert_file_sql, file, run, std::move(path));
}

void block_group::add_block(int64_t file, int64_t position, blob data) {
  auto name = name_of(data);
  auto size = data.size();
  what_.then(insert_block_sql, name, static_cast<int64_t>(size),
             std::move(data));
  what_.then(insert_file_block_sql, file, position, name);
  bytes_ += size;
  ++blocks_;
}

void block_group::end_file(int64_t file, uint64_t size, std::string hash,
                           bool is_text) {
  what_.statements.push_back(statement{complete_file_sql,
                                       static_cast<int64_t>(size),
                                       std::move(hash), is_text, file}
                               .expect(1));
  ++files_;
  texts_ += is_text ? 1 : 0;
  text_bytes_ += is_text ? size : 0;
}

write block_group::request(int64_t run, uint64_t number) const {
  auto result = what_;
  result.idempotency_key
    = "blocks " + std::to_string(run) + ' ' + std::to_string(number);
  return result;
}

uint64_t block_group::new_blocks(int64_t changes) const {
  auto others = what_.statements.size() - blocks_;
  auto all = static_cast<uint64_t>(std::max(changes, int64_t{0}));
  return all - std::min<uint64_t>(all, others);
}

} // namespace onewriter::node
