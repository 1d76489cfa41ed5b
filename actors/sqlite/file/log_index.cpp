// The index begins with two copies of a header of 48 bytes, each number in the
// machine's own order, and 40 bytes about checkpoints, of which the first four
// are the number of frames that are in the file. The numbers of the frames'
// pages follow.
#include "actors/sqlite/file/log_index.hpp"

#include "actors/sqlite/base/handles.hpp"

#include <sqlite3.h>

#include <cstring>

namespace onewriter::sqlite {

namespace {

constexpr int region_bytes = 32'768;
constexpr size_t header_bytes = 48;
constexpr uint32_t known_version = 3'007'000;
constexpr size_t page_bytes_at = 14;
constexpr size_t frames_at = 16;
constexpr size_t salt_at = 32;
constexpr size_t copied_at = 2 * header_bytes;
constexpr size_t first_page_at = copied_at + 40;
constexpr size_t begin_words = first_page_at / sizeof(uint32_t) + 1;

template <class T>
T number_at(const uint32_t* begin, size_t offset) {
  T result;
  std::memcpy(&result, reinterpret_cast<const char*>(begin) + offset,
              sizeof result);
  return result;
}

// The format has no room for 65,536.
uint32_t page_bytes_of(uint16_t stored) {
  constexpr uint32_t largest = 65'536;
  return stored == 1 ? largest : stored;
}

volatile uint32_t* shared_memory_of(sqlite3* db) {
  auto file = file_of(db, SQLITE_FCNTL_FILE_POINTER);
  if (file == nullptr || file->pMethods->iVersion < 2)
    return nullptr;
  volatile void* result = nullptr;
  auto rc = file->pMethods->xShmMap(file, 0, region_bytes, 0, &result);
  return rc == SQLITE_OK ? static_cast<volatile uint32_t*>(result) : nullptr;
}

} // namespace

uint64_t log_index::wal_size() const {
  constexpr uint64_t log_header = 32;
  constexpr uint64_t frame_header = 24;
  return frames == 0 ? 0 : log_header + frames * (frame_header + page_bytes);
}

std::optional<log_index> read_log_index(sqlite3* db) {
  auto memory = shared_memory_of(db);
  if (memory == nullptr)
    return std::nullopt;
  uint32_t begin[begin_words];
  for (size_t i = 0; i < begin_words; ++i)
    begin[i] = memory[i];
  log_index result;
  result.frames = number_at<uint32_t>(begin, frames_at);
  result.copied = number_at<uint32_t>(begin, copied_at);
  result.page_bytes = page_bytes_of(number_at<uint16_t>(begin, page_bytes_at));
  result.salt = number_at<uint64_t>(begin, salt_at);
  if (result.frames > 0)
    result.first_page = number_at<uint32_t>(begin, first_page_at);
  result.is_whole
    = number_at<uint32_t>(begin, 0) == known_version
      && std::memcmp(begin, begin + header_bytes / sizeof *begin, header_bytes)
           == 0;
  return result;
}

void discard_log_index(sqlite3* db) noexcept {
  if (auto memory = shared_memory_of(db))
    for (size_t i = 0; i < 2 * header_bytes / sizeof(uint32_t); ++i)
      memory[i] = 0;
}

} // namespace onewriter::sqlite
