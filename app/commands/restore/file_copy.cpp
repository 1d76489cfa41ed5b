#include "app/commands/restore/file_copy.hpp"

#include "actors/sqlite/file/files.hpp"

#include <cerrno>
#include <cstdlib>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

constexpr size_t piece_bytes = 1024 * 1024;

caf::error system_failure(const std::string& path, int error_number) {
  auto code = ec::io_error;
  if (error_number == ENOSPC || error_number == EDQUOT)
    code = ec::disk_full;
  else if (error_number == EFBIG)
    code = ec::file_size_limit;
  else if (error_number == EACCES || error_number == EROFS)
    code = ec::read_only;
  return sqlite::make_system_error(code, path, error_number);
}

// Returns the number of the error, or 0.
int write_all(int to, const char* data, size_t size) {
  while (size > 0) {
    auto count = ::write(to, data, size);
    if (count < 0 && errno != EINTR)
      return errno;
    if (count > 0) {
      data += count;
      size -= static_cast<size_t>(count);
    }
  }
  return 0;
}

caf::error copy_pieces(const std::string& path, int from, int to,
                       const std::function<bool()>& stopped) {
  std::vector<char> piece(piece_bytes);
  for (;;) {
    if (stopped())
      return make_failure(ec::cancelled, "the copy was interrupted");
    auto count = ::read(from, piece.data(), piece.size());
    if (count < 0 && errno != EINTR)
      return system_failure(path, errno);
    if (count == 0)
      return {};
    if (count < 0)
      continue;
    if (auto problem = write_all(to, piece.data(), static_cast<size_t>(count));
        problem != 0)
      return system_failure("the copy of " + path, problem);
  }
}

} // namespace

caf::error copy_content(const std::string& from, int to,
                        const std::function<bool()>& stopped) {
  auto source = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  if (source < 0)
    return sqlite::make_system_error(ec::cannot_open, from, errno);
  auto result = copy_pieces(from, source, to, stopped);
  ::close(source);
  return result;
}

caf::expected<std::unique_ptr<temporary_file>>
temporary_file::create(const std::string& beside) {
  auto pattern = beside + ".restore-XXXXXX";
  auto descriptor = ::mkostemp(pattern.data(), O_CLOEXEC);
  if (descriptor < 0)
    return system_failure(pattern, errno);
  return std::unique_ptr<temporary_file>{
    new temporary_file(std::move(pattern), descriptor)};
}

temporary_file::temporary_file(std::string path, int descriptor)
  : path_{std::move(path)},
    descriptor_{descriptor} {
  // nop
}

temporary_file::~temporary_file() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
  ::unlink(path_.c_str());
}

caf::error temporary_file::finish(const std::string& model) {
  struct stat info {};
  if (::stat(model.c_str(), &info) != 0)
    return system_failure(model, errno);
  // Only root may give a file away; others restore what is theirs.
  static_cast<void>(::fchown(descriptor_, info.st_uid, info.st_gid) == 0);
  constexpr mode_t permissions = 0777;
  auto descriptor = std::exchange(descriptor_, -1);
  auto failed = ::fchmod(descriptor, info.st_mode & permissions) != 0
                || ::fsync(descriptor) != 0;
  auto error_number = errno;
  failed = ::close(descriptor) != 0 || failed;
  return failed ? system_failure(path_, error_number) : caf::error{};
}

} // namespace onewriter::node
