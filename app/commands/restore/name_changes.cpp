#include "app/commands/restore/name_changes.hpp"

#include "actors/sqlite/file/files.hpp"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

caf::error failed_change(const std::string& path, int error_number) {
  return sqlite::make_system_error(error_number == EEXIST ? ec::target_exists
                                                          : ec::io_error,
                                   path, error_number);
}

// Gives `from` the name `to`, which must not exist.
int rename_without_replacing(const std::string& from, const std::string& to) {
#ifdef RENAME_NOREPLACE
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(),
                  RENAME_NOREPLACE)
      == 0)
    return 0;
  // Not every file system can do that.
  if (errno != EINVAL && errno != ENOSYS)
    return -1;
#endif
  if (sqlite::exists(to)) {
    errno = EEXIST;
    return -1;
  }
  return ::rename(from.c_str(), to.c_str());
}

} // namespace

name_changes::~name_changes() {
  for (auto i = undo_.rbegin(); i != undo_.rend(); ++i)
    (*i)();
}

caf::error name_changes::add(const std::string& path, const std::string& name) {
  if (::link(path.c_str(), name.c_str()) != 0)
    return failed_change(name, errno);
  undo_.push_back([name] { ::unlink(name.c_str()); });
  return {};
}

caf::error name_changes::rename(const std::string& path,
                                const std::string& name) {
  if (rename_without_replacing(path, name) != 0)
    return failed_change(name, errno);
  undo_.push_back([path, name] { rename_without_replacing(name, path); });
  return {};
}

caf::error name_changes::remove(const std::string& path,
                                const std::string& name) {
  if (sqlite::identity_of(path) != sqlite::identity_of(name))
    return make_failure(ec::file_replaced,
                        path + " was replaced by another program");
  if (::unlink(path.c_str()) != 0)
    return failed_change(path, errno);
  undo_.push_back([path, name] {
    static_cast<void>(::link(name.c_str(), path.c_str()) == 0);
  });
  return {};
}

} // namespace onewriter::node
