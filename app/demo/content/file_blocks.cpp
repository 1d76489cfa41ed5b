#include "app/demo/content/file_blocks.hpp"

#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

// Does not block if the file has been replaced by a pipe or a device.
int open_regular(const std::string& path) {
  auto file = ::open(path.c_str(),
                     O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY);
  struct stat info;
  if (file >= 0 && ::fstat(file, &info) == 0 && S_ISREG(info.st_mode))
    return file;
  if (file >= 0)
    ::close(file);
  return -1;
}

// Reads until `size` bytes are there, or the file ends. Returns -1 on failure.
ssize_t read_fully(int file, std::byte* to, size_t size) {
  size_t done = 0;
  while (done < size) {
    auto count = ::read(file, to + done, size - done);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return -1;
    if (count == 0)
      break;
    done += static_cast<size_t>(count);
  }
  return static_cast<ssize_t>(done);
}

} // namespace

file_blocks::file_blocks(const std::string& path)
  : file_{open_regular(path)},
    failed_{file_ < 0} {
  // nop
}

file_blocks::~file_blocks() {
  if (file_ >= 0)
    ::close(file_);
}

std::optional<blob> file_blocks::next() {
  if (failed_ || at_end_)
    return std::nullopt;
  blob result(block_bytes);
  auto count = read_fully(file_, result.data(), result.size());
  if (count < 0) {
    failed_ = true;
    return std::nullopt;
  }
  result.resize(static_cast<size_t>(count));
  look_at(result);
  if (result.empty())
    return std::nullopt;
  // Most blocks are small files: do not carry the rest of a block around.
  result.shrink_to_fit();
  return result;
}

void file_blocks::look_at(const blob& block) {
  std::string_view bytes{reinterpret_cast<const char*>(block.data()),
                         block.size()};
  size_ += bytes.size();
  sum_.update(bytes);
  is_text_
    = is_text_ && bytes.find('\0') == bytes.npos && validator_.feed(bytes);
  at_end_ = bytes.size() < block_bytes;
  if (!at_end_)
    return;
  hash_ = to_hex(sum_.finish());
  is_text_ = validator_.finish() && is_text_;
}

} // namespace onewriter::node
