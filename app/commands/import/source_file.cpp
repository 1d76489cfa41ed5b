#include "app/commands/import/source_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

constexpr size_t block_bytes = 256 * 1024;

} // namespace

caf::expected<source_file> source_file::open(const std::string& path) {
  auto descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    return make_failure(ec::cannot_open, path + ": " + std::strerror(errno));
  source_file result{descriptor, 0};
  struct stat found {};
  if (::fstat(descriptor, &found) != 0)
    return make_failure(ec::io_error, path + ": " + std::strerror(errno));
  // A pipe cannot be read again from where an import has stopped.
  if (!S_ISREG(found.st_mode))
    return make_failure(ec::invalid_argument, path + " is no regular file");
  result.size_ = static_cast<uint64_t>(found.st_size);
  return result;
}

source_file::source_file(int descriptor, uint64_t size)
  : descriptor_{descriptor},
    size_{size} {
  // nop
}

source_file::source_file(source_file&& other) noexcept
  : descriptor_{std::exchange(other.descriptor_, -1)},
    size_{other.size_},
    buffer_{std::move(other.buffer_)},
    begin_{other.begin_},
    last_byte_{other.last_byte_},
    position_{other.position_},
    digest_{other.digest_} {
  // nop
}

source_file::~source_file() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

caf::expected<bool> source_file::extend() {
  buffer_.erase(0, std::exchange(begin_, 0));
  auto old_size = buffer_.size();
  buffer_.resize(old_size + std::max(block_bytes, old_size));
  for (;;) {
    auto count = ::read(descriptor_, buffer_.data() + old_size,
                        buffer_.size() - old_size);
    if (count < 0 && errno == EINTR)
      continue;
    buffer_.resize(old_size + static_cast<size_t>(std::max(count, ssize_t{0})));
    if (count < 0)
      return make_failure(ec::io_error,
                          std::string{"cannot read: "} + std::strerror(errno));
    return count > 0;
  }
}

void source_file::consume(size_t size) {
  auto bytes = window().substr(0, size);
  if (!bytes.empty())
    last_byte_ = bytes.back();
  digest_.update(bytes);
  position_.offset += bytes.size();
  position_.line
    += static_cast<uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
  begin_ += bytes.size();
}

caf::error source_file::advance_to(uint64_t offset) {
  while (position_.offset < offset) {
    if (window().empty()) {
      auto more = extend();
      if (!more)
        return more.error();
      if (!*more)
        return {};
    }
    auto left = offset - position_.offset;
    consume(static_cast<size_t>(std::min<uint64_t>(left, window().size())));
  }
  return {};
}

} // namespace onewriter::node
