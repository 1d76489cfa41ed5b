#include "tests/crash/log_index.hpp"

#include <cstdint>
#include <cstring>
#include <fstream>

namespace onewriter::test {

namespace {

// Frames of the log that are in the file, and frames that a checkpoint has
// begun to copy; numbers in the machine's own order of bytes.
constexpr size_t done_offset = 96;
constexpr size_t begun_offset = 128;

uint32_t number_at(const char* bytes, size_t offset) {
  uint32_t result = 0;
  std::memcpy(&result, bytes + offset, sizeof result);
  return result;
}

} // namespace

bool died_in_checkpoint(const std::string& database) {
  char header[begun_offset + sizeof(uint32_t)];
  std::ifstream file{database + "-shm", std::ios::binary};
  return file.read(header, sizeof header)
         && number_at(header, begun_offset) > number_at(header, done_offset);
}

} // namespace onewriter::test
