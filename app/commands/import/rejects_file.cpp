#include "app/commands/import/rejects_file.hpp"

#include "actors/console/format.hpp"
#include "app/commands/output/json_text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

bool write_at(int file, const std::string& text, off_t offset) {
  for (size_t done = 0; done < text.size();) {
    auto count = ::pwrite(file, text.data() + done, text.size() - done,
                          offset + static_cast<off_t>(done));
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    done += static_cast<size_t>(count);
  }
  return true;
}

} // namespace

caf::expected<uint64_t> rejects_file::write(uint64_t size,
                                            const std::string& text) const {
  auto file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0)
    return make_failure(ec::cannot_open, path_ + ": " + std::strerror(errno));
  struct stat found {};
  auto works = ::fstat(file, &found) == 0;
  // It is shorter where it was deleted since.
  auto kept = std::min(static_cast<off_t>(size), found.st_size);
  works = works && ::ftruncate(file, kept) == 0 && write_at(file, text, kept)
          && ::fsync(file) == 0;
  auto problem = errno;
  ::close(file);
  if (!works)
    return make_failure(ec::io_error, path_ + ": " + std::strerror(problem));
  return static_cast<uint64_t>(kept) + text.size();
}

bool rejects_file::has_content() const {
  struct stat found {};
  return ::stat(path_.c_str(), &found) == 0 && found.st_size > 0;
}

std::string reject_line(uint64_t line, const std::string& reason,
                        const std::string& bytes) {
  constexpr auto ends = "\r\n";
  auto first = std::min(bytes.find_first_not_of(ends), bytes.size());
  auto last = bytes.find_last_not_of(ends);
  auto text = last == bytes.npos ? "" : bytes.substr(first, last + 1 - first);
  return json_line({{"line", line},
                    {"reason", printable(reason)},
                    {"text", value_json(value{text})}});
}

} // namespace onewriter::node
