#include "bench/file/prefilled_file.hpp"

#include "bench/file/items.hpp"
#include "bench/file/schema.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace onewriter::bench {

namespace {

namespace fs = std::filesystem;

constexpr auto prefilled_prefix = "prefilled-";

constexpr uint64_t rows_per_transaction = 10'000;

// What SQLite's file format adds to a row, and what an entry of an index takes
// with its 16 characters.
constexpr uint64_t bytes_beside_payload = 17;
constexpr uint64_t bytes_per_index = 25;

void write_rows(item_writer& db, const task& what) {
  std::string payload;
  for (uint64_t first = 0; first < what.rows_before;
       first += rows_per_transaction) {
    auto end = std::min(first + rows_per_transaction, what.rows_before);
    db.begin();
    for (auto number = first; number < end; ++number) {
      fill_payload(what.rows, no_client, number, payload);
      db.insert(no_client, number, payload);
    }
    db.commit();
  }
}

// Without a journal, since what is not finished is thrown away. Indexes come
// last: sorting them is faster than growing them.
void make_file(const std::string& path, const task& what) {
  options opts;
  opts.path = path;
  row_shape bare;
  auto db = create_file(opts, bare);
  db->execute("PRAGMA journal_mode=OFF");
  db->execute("PRAGMA synchronous=OFF");
  auto writer = item_writer{db, bare};
  write_rows(writer, what);
  for (auto& sql : schema_sql(what.rows))
    db->execute(sql);
  db->execute("PRAGMA journal_mode=WAL");
}

void remove_all(const std::string& path) {
  for (auto suffix : {"", "-wal", "-shm"})
    fs::remove(path + suffix);
}

std::string shape_in_name(const task& what) {
  return "-" + std::to_string(what.rows.payload_bytes) + "-"
         + std::to_string(what.rows.indexes);
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size()
         && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// Files of one shape are measured after each other. Files of other shapes
// would fill the page cache, and runs would wait for the disk.
void remove_other_shapes(const std::string& folder, const task& what) {
  std::error_code ignored;
  for (auto& entry : fs::directory_iterator{folder, ignored}) {
    auto name = entry.path().filename().string();
    if (name.rfind(prefilled_prefix, 0) == 0
        && !ends_with(name, shape_in_name(what)))
      fs::remove(entry.path(), ignored);
  }
}

std::string prefilled_in(const std::string& folder, const task& what) {
  auto name
    = prefilled_prefix + std::to_string(what.rows_before) + shape_in_name(what);
  auto path = (fs::path{folder} / name).string();
  if (fs::exists(path))
    return path;
  remove_other_shapes(folder, what);
  // The file of a program that was stopped is never mistaken for a whole one.
  auto unfinished = path + ".part";
  remove_all(unfinished);
  make_file(unfinished, what);
  fs::rename(unfinished, path);
  return path;
}

// Otherwise the system would write cached pages during the run.
void sync_file(const std::string& path) {
  auto file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  auto result = file < 0 ? -1 : ::fsync(file);
  if (file >= 0)
    ::close(file);
  if (result != 0)
    throw std::runtime_error{"cannot sync " + path};
}

} // namespace

uint64_t rows_in(uint64_t file_bytes, const row_shape& rows) {
  return file_bytes
         / (rows.payload_bytes + bytes_beside_payload
            + rows.indexes * bytes_per_index);
}

void copy_prefilled(const std::string& folder, const task& what,
                    const std::string& to) {
  fs::copy_file(prefilled_in(folder, what), to);
  sync_file(to);
}

} // namespace onewriter::bench
