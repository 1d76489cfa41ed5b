#include "app/audit/gather/file_reading.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

ssize_t read_at(int descriptor, char* to, size_t bytes, uint64_t at) {
  for (;;) {
    auto result = ::pread(descriptor, to, bytes, static_cast<off_t>(at));
    if (result >= 0 || errno != EINTR)
      return result;
  }
}

std::optional<sqlite::file_identity> identity_at(int descriptor,
                                                 const char* path, int flags) {
  struct statx info;
  if (::statx(descriptor, path, flags | AT_STATX_DONT_SYNC, STATX_INO, &info)
      != 0)
    return std::nullopt;
  // As `sqlite::identity_of` makes it.
  auto device = (uint64_t{info.stx_dev_major} << 32) + info.stx_dev_minor;
  return sqlite::file_identity{device, info.stx_ino};
}

} // namespace

read_only_file::read_only_file(const std::string& path)
  : descriptor_{::open(path.c_str(),
                       O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)},
    error_number_{descriptor_ < 0 ? errno : 0} {
  // nop
}

read_only_file::~read_only_file() {
  if (is_open())
    ::close(descriptor_);
}

std::optional<sqlite::file_identity> read_only_file::identity() const {
  if (!is_open())
    return std::nullopt;
  return identity_at(descriptor_, "", AT_EMPTY_PATH);
}

std::string read_only_file::read(uint64_t at, size_t bytes) const {
  std::string result(is_open() ? bytes : 0, '\0');
  size_t done = 0;
  while (done < result.size()) {
    auto size
      = read_at(descriptor_, &result[done], result.size() - done, at + done);
    if (size <= 0)
      break;
    done += static_cast<size_t>(size);
  }
  result.resize(done);
  return result;
}

std::string read_text(const std::string& path, size_t max_bytes) {
  constexpr size_t piece_bytes = 65'536;
  read_only_file from{path};
  std::string result;
  while (result.size() < max_bytes) {
    auto piece = from.read(result.size(),
                           std::min(piece_bytes, max_bytes - result.size()));
    if (piece.empty())
      break;
    result += piece;
  }
  return result;
}

std::optional<sqlite::file_identity> known_identity(const std::string& path) {
  return identity_at(AT_FDCWD, path.c_str(), 0);
}

uint32_t big_endian(const std::string& text, size_t at, size_t bytes) {
  if (at + bytes > text.size())
    return 0;
  uint32_t result = 0;
  for (size_t i = 0; i < bytes; ++i)
    result = (result << 8) | static_cast<unsigned char>(text[at + i]);
  return result;
}

} // namespace onewriter::node
