#include "app/commands/restore/restore_file.hpp"

#include "actors/sqlite/file/files.hpp"
#include "actors/sqlite/file/owner_lock.hpp"
#include "app/commands/restore/file_users.hpp"
#include "app/commands/restore/name_changes.hpp"
#include "app/core/raw_file.hpp"

#include <cerrno>
#include <stdexcept>
#include <utility>
#include <vector>

#include <unistd.h>

namespace onewriter::node {

namespace {

// What belongs to a database file: the log and the journal hold changes that
// are not in it. The index of the log holds nothing of its own.
constexpr const char* changes_beside[] = {"-wal", "-journal"};
constexpr const char* log_index = "-shm";

std::vector<std::string> files_of(const std::string& path) {
  std::vector<std::string> result{path, path + log_index};
  for (auto x : changes_beside)
    result.push_back(path + x);
  return result;
}

// -- before anything is done ------------------------------------------------------

caf::error check_backup(const std::string& backup, const std::string& file) {
  if (auto err = sqlite::explain_access(backup, false); err != caf::none)
    return err;
  for (auto& path : files_of(file))
    if (backup == path
        || sqlite::identity_of(backup) == sqlite::identity_of(path))
      return make_failure(ec::invalid_argument,
                          backup
                            + " is the file to be replaced, or belongs "
                              "to it");
  for (auto x : changes_beside)
    if (sqlite::exists(backup + x))
      return make_failure(ec::cannot_open,
                          backup + x
                            + " exists: the backup is in use, or was not "
                              "closed properly; `onewriter backup` makes one "
                              "that is complete by itself");
  if (sqlite::file_bytes(backup) == 0)
    return make_failure(ec::not_a_database, backup + " is empty");
  return {};
}

caf::error check_users(const std::string& file) {
  auto user = user_of(files_of(file));
  if (user.empty()) {
    auto locker = locker_of(files_of(file));
    if (!locker)
      return std::move(locker.error());
    user = std::move(*locker);
  }
  if (user.empty())
    return {};
  return make_failure(ec::busy,
                      file + " is open in " + user + ": stop that one first");
}

caf::error check_place(const std::string& file, bool force) {
  if (auto err = sqlite::explain_access(file, true); err != caf::none)
    return err;
  if (auto err = check_users(file); err != caf::none)
    return err;
  if (force)
    return {};
  for (auto& path : files_of(file))
    if (sqlite::exists(path))
      return make_failure(ec::target_exists,
                          path
                            + " exists: name another file, or keep this one "
                              "under another name with --force");
  return {};
}

// -- the copy -----------------------------------------------------------------------

caf::error check_content(const std::string& path, const char* what) {
  std::string problem;
  try {
    raw_file file{path};
    file.for_each("PRAGMA integrity_check(1)", {},
                  [&](const raw_row& x) { problem = std::string{x.bytes(0)}; });
  } catch (const std::runtime_error& err) {
    problem = err.what();
  }
  if (problem == "ok")
    return {};
  return make_failure(ec::corrupt,
                      std::string{what} + " is damaged: " + problem);
}

caf::error make_copy(const restore_request& what, temporary_file& copy) {
  auto before = sqlite::look_at(what.backup);
  auto err = what.copy(what.backup, copy.descriptor(), what.stopped);
  if (err != caf::none)
    return err;
  auto model = sqlite::exists(what.file) ? what.file : what.backup;
  if (err = copy.finish(model); err != caf::none)
    return err;
  if (sqlite::file_bytes(copy.path()) != before.bytes)
    return make_failure(ec::corrupt, "the copy of " + what.backup
                                       + " is not as large as the backup");
  return check_content(copy.path(), "the copy");
}

// -- the names --------------------------------------------------------------------

std::string free_name(const std::string& file) {
  for (auto i = 1;; ++i) {
    auto result = file + ".before-restore-" + std::to_string(i);
    auto is_free = true;
    for (auto& path : files_of(result))
      is_free = is_free && !sqlite::exists(path);
    if (is_free)
      return result;
  }
}

// The names of `beside` that exist.
std::vector<const char*> found_beside(const std::string& file) {
  std::vector<const char*> result;
  for (auto x : changes_beside)
    if (sqlite::exists(file + x))
      result.push_back(x);
  return result;
}

// Until the file has its new name, the log has both: a database that is found
// without its log, or with that of another, would be damaged by the next
// program that opens it. While there is no file, SQLite deletes a log of its
// name.
caf::error set_aside(name_changes& names, const std::string& file,
                     const std::string& kept) {
  auto beside = found_beside(file);
  for (auto x : beside)
    if (auto err = names.add(file + x, kept + x); err != caf::none)
      return err;
  if (sqlite::exists(file))
    if (auto err = names.rename(file, kept); err != caf::none)
      return err;
  if (auto err = sqlite::sync_path(sqlite::folder_of(file)); err != caf::none)
    return err;
  for (auto x : beside)
    if (auto err = names.remove(file + x, kept + x); err != caf::none)
      return err;
  if (::unlink((file + log_index).c_str()) != 0 && errno != ENOENT)
    return sqlite::make_system_error(ec::io_error, file + log_index, errno);
  return sqlite::sync_path(sqlite::folder_of(file));
}

caf::error publish(const std::string& copy, const std::string& file,
                   const std::string& kept) {
  name_changes names;
  auto err = set_aside(names, file, kept);
  if (err == caf::none)
    err = names.rename(copy, file);
  if (err == caf::none)
    err = sqlite::sync_path(sqlite::folder_of(file));
  if (err == caf::none)
    names.keep();
  return err;
}

caf::expected<restore_receipt> replace(const restore_request& what) {
  auto copy = temporary_file::create(what.file);
  if (!copy)
    return copy.error();
  if (auto err = make_copy(what, **copy); err != caf::none)
    return err;
  // Checking took a while.
  if (what.stopped())
    return make_failure(ec::cancelled, "nothing was restored");
  if (auto err = check_place(what.file, what.force); err != caf::none)
    return err;
  restore_receipt result;
  result.path = what.file;
  result.bytes = sqlite::file_bytes((*copy)->path());
  auto has_old = sqlite::exists(what.file) || !found_beside(what.file).empty();
  auto kept = free_name(what.file);
  if (auto err = publish((*copy)->path(), what.file, kept); err != caf::none)
    return err;
  if (has_old)
    result.kept = kept;
  return result;
}

} // namespace

caf::expected<restore_receipt> restore_file(const restore_request& what) {
  auto backup = sqlite::canonical_path(what.backup);
  if (!backup)
    return backup.error();
  auto file = sqlite::canonical_path(what.file);
  if (!file)
    return file.error();
  if (auto err = check_backup(*backup, *file); err != caf::none)
    return err;
  // From now on no onewriter opens the file.
  auto lock = sqlite::owner_lock::acquire(*file);
  if (!lock)
    return lock.error();
  if (auto err = check_place(*file, what.force); err != caf::none)
    return err;
  if (auto err = check_content(*backup, "the backup"); err != caf::none)
    return err;
  auto with_paths = what;
  with_paths.backup = *backup;
  with_paths.file = *file;
  return replace(with_paths);
}

} // namespace onewriter::node
