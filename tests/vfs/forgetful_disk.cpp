#include "tests/vfs/forgetful_disk.hpp"

#include <sqlite3.h>

#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace onewriter::test {

forgetful_disk::~forgetful_disk() {
  for (auto& [path, file] : files_)
    ::close(file.descriptor);
}

void forgetful_disk::copy_synced(const std::string& path,
                                 const std::string& copy) {
  std::lock_guard guard{mutex_};
  auto& file = file_at(path);
  std::vector<char> content(
    static_cast<size_t>(::lseek(file.descriptor, 0, SEEK_END)));
  auto size = static_cast<ssize_t>(content.size());
  auto to = ::open(copy.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  auto is_copied
    = ::pread(file.descriptor, content.data(), content.size(), 0) == size
      && ::pwrite(to, content.data(), content.size(), 0) == size;
  if (is_copied)
    undo(file.unsynced, to);
  ::close(to);
  if (!is_copied)
    throw std::runtime_error("the disk cannot copy " + path);
}

io_verdict forgetful_disk::before(const io_call& what) {
  if (what.kind != file_kind::database)
    return {};
  std::lock_guard guard{mutex_};
  if (what.what == io::write)
    note_write(what);
  if (what.what != io::sync)
    return {};
  auto& file = file_at(what.path);
  if (fails_next_.exchange(false)) {
    undo(file.unsynced, file.descriptor);
    file.unsynced.clear();
    return {SQLITE_IOERR_FSYNC, false};
  }
  file.unsynced.clear();
  return {};
}

forgetful_disk::open_file& forgetful_disk::file_at(const std::string& path) {
  auto& result = files_[path];
  if (result.descriptor < 0)
    result.descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (result.descriptor < 0)
    throw std::runtime_error("the disk cannot open " + path);
  return result;
}

void forgetful_disk::note_write(const io_call& what) {
  auto& file = file_at(what.path);
  std::vector<char> content(static_cast<size_t>(what.amount));
  auto size
    = ::pread(file.descriptor, content.data(), content.size(), what.offset);
  auto length = content.size();
  content.resize(size > 0 ? static_cast<size_t>(size) : 0);
  file.unsynced.push_back({what.offset, length, std::move(content)});
}

// Where the file was shorter, it has zeros now.
void forgetful_disk::undo(const std::vector<old_bytes>& writes,
                          int descriptor) {
  for (auto x = writes.rbegin(); x != writes.rend(); ++x) {
    auto content = x->content;
    content.resize(x->length);
    if (::pwrite(descriptor, content.data(), x->length, x->offset)
        != static_cast<ssize_t>(x->length))
      throw std::runtime_error("the disk cannot write");
  }
}

} // namespace onewriter::test
