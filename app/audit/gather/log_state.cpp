// The log begins with a header of 32 bytes, and each page in it with one of 24,
// numbers in big endian. The index begins with two copies of a header of 48
// bytes, each number in the machine's own order; then comes how many frames are
// in the file, and the read marks.
#include "app/audit/gather/log_state.hpp"

#include "app/audit/gather/file_reading.hpp"

#include <cstring>

namespace onewriter::node {

namespace {

constexpr size_t log_header_bytes = 32;
constexpr size_t frame_header_bytes = 24;
constexpr uint32_t known_version = 3'007'000;
constexpr size_t page_bytes_at = 8;
constexpr size_t salts_at = 16;
constexpr size_t frame_salts_at = 8;
constexpr size_t salts_bytes = 8;
constexpr size_t commit_mark_at = 4;

constexpr size_t index_header_bytes = 48;
constexpr size_t is_set_up_at = 12;
constexpr size_t frames_at = 16;
constexpr size_t copied_at = 2 * index_header_bytes;
constexpr size_t read_marks_at = copied_at + 4;
constexpr size_t index_bytes
  = read_marks_at + read_mark_count * sizeof(uint32_t);

// Looking at more takes seconds, and a log that large is a finding anyway.
constexpr uint64_t most_frames = 4'000'000;

// A commit updates the two headers within a microsecond.
constexpr int index_attempts = 1'000;

uint32_t own_order(const std::string& bytes, size_t at) {
  uint32_t result;
  std::memcpy(&result, bytes.data() + at, sizeof result);
  return result;
}

// What is behind the last commit, or of an earlier round of the log, has other
// salts or no commit mark.
uint64_t committed_frames(const read_only_file& from, const std::string& header,
                          uint32_t page_bytes) {
  uint64_t result = 0;
  auto salts = header.substr(salts_at, salts_bytes);
  uint64_t at = log_header_bytes;
  for (uint64_t frame = 1; frame <= most_frames; ++frame) {
    auto begin = from.read(at, frame_header_bytes);
    if (begin.size() < frame_header_bytes
        || begin.compare(frame_salts_at, salts_bytes, salts) != 0)
      return result;
    if (big_endian(begin, commit_mark_at, 4) != 0)
      result = frame;
    at += frame_header_bytes + page_bytes;
  }
  return result;
}

} // namespace

bool begins_as_log(const std::string& bytes) {
  // The lowest bit is the byte order of the checksums.
  return (big_endian(bytes, 0, 4) & ~1u) == 0x377f0682
         && big_endian(bytes, 4, 4) == known_version;
}

std::optional<index_facts> parse_index(const std::string& bytes) {
  if (bytes.size() < index_bytes || own_order(bytes, 0) != known_version
      || bytes[is_set_up_at] == 0
      || bytes.compare(0, index_header_bytes, bytes, index_header_bytes,
                       index_header_bytes)
           != 0)
    return std::nullopt;
  index_facts result;
  result.frames = own_order(bytes, frames_at);
  result.copied = own_order(bytes, copied_at);
  for (size_t i = 0; i < read_mark_count; ++i)
    result.read_marks[i] = own_order(bytes, read_marks_at + i * 4);
  return result;
}

std::optional<index_facts> read_index(const std::string& path) {
  read_only_file from{path + suffix_of(file_part::index)};
  for (int i = 0; i < index_attempts && from.is_open(); ++i)
    if (auto result = parse_index(from.read(0, index_bytes)))
      return result;
  return std::nullopt;
}

log_facts read_log(const std::string& path, bool is_live) {
  log_facts result;
  read_only_file from{path + suffix_of(file_part::log)};
  auto header = from.read(0, log_header_bytes);
  if (begins_as_log(header))
    result.page_bytes = big_endian(header, page_bytes_at, 4);
  if (is_live)
    result.index = read_index(path);
  if (!result.index && result.page_bytes > 0)
    result.committed = committed_frames(from, header, result.page_bytes);
  return result;
}

} // namespace onewriter::node
