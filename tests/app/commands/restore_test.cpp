#include "app/commands/restore/restore_file.hpp"

#include "actors/sqlite/file/owner_lock.hpp"
#include "app/commands/output/json_text.hpp"
#include "app/commands/restore/file_users.hpp"
#include "app/commands/restore/name_changes.hpp"
#include "tests/app/commands/command_fixture.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/sqlite/child_process.hpp"

#include <filesystem>
#include <fstream>
#include <memory>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace onewriter;
using namespace onewriter::test;
using onewriter::node::json;
using onewriter::node::restore_file;
using onewriter::node::restore_request;

namespace fs = std::filesystem;

namespace {

/// A database that holds `old` and a backup that holds `new`.
class restore_fixture : public command_fixture {
public:
  std::string backup = folder.file("backup.db");

  restore_fixture() {
    make_database(file, "new");
    REQUIRE(run({"backup", file, backup}).status == 0);
    fs::remove(file);
    make_database(file, "old");
  }

  void make_database(const std::string& path, const std::string& text) {
    for (auto& sql : {std::string{"CREATE TABLE t(a)"},
                      "INSERT INTO t VALUES('" + text + "')"})
      REQUIRE(run({"exec", "--create", path, sql}).status == 0);
  }

  /// Puts a database in the place of the file whose last commit is in its log
  /// only, as after a crash.
  void leave_log() {
    auto other = folder.file("other");
    {
      raw_database db{other};
      db.run("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
             "CREATE TABLE t(a); INSERT INTO t VALUES('in the log')");
      fs::copy_file(other, file, fs::copy_options::overwrite_existing);
      fs::copy_file(other + "-wal", file + "-wal");
      fs::copy_file(other + "-shm", file + "-shm");
    }
    fs::remove(other);
  }

  static std::string text_in(const std::string& path) {
    return raw_database{path}.text("SELECT group_concat(a) FROM t");
  }

  std::string kept(int number) const {
    return file + ".before-restore-" + std::to_string(number);
  }

  command_outcome restore(std::vector<std::string> more = {}) {
    std::vector<std::string> words{"restore", backup, file};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }

  restore_request request() const {
    restore_request result;
    result.backup = backup;
    result.file = file;
    result.force = true;
    return result;
  }
};

std::string outcome_of_restore(const restore_request& what) {
  auto receipt = restore_file(what);
  return receipt ? "ok" : to_string(code_of(receipt.error()));
}

/// What there is before something fails must be there afterwards.
class snapshot_of_folder {
public:
  explicit snapshot_of_folder(const command_fixture& x) : of_{x} {
    for (auto& entry : fs::directory_iterator{x.folder.path()})
      files_.emplace_back(entry.path().string(),
                          x.content_of(entry.path().string()));
    names_ = x.names();
  }

  bool is_unchanged() const {
    for (auto& [path, content] : files_)
      if (command_fixture::content_of(path) != content)
        return false;
    return of_.names() == names_;
  }

private:
  const command_fixture& of_;
  std::vector<std::pair<std::string, std::string>> files_;
  std::string names_;
};

} // namespace

// -- what is restored -------------------------------------------------------------

TEST_CASE_METHOD(restore_fixture, "a backup is restored where no file is") {
  fs::remove(file);
  auto result = restore();
  CHECK(result.err == "");
  CHECK(result.status == 0);
  CHECK(has(result.out, file + ": "));
  CHECK(content_of(file) == content_of(backup));
  CHECK(names() == "backup.db test.db");
  CHECK(rows("SELECT a FROM t") == "new\n");
}

TEST_CASE_METHOD(restore_fixture, "a file that exists is kept under another "
                                  "name") {
  auto refused = restore();
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "target_exists"));
  CHECK(text_in(file) == "old");
  auto object = json::parse(restore({"--force", "--json"}).out);
  CHECK(object["kept"] == kept(1));
  CHECK(text_in(file) == "new");
  CHECK(text_in(kept(1)) == "old");
  exec("UPDATE t SET a = 'newer'");
  CHECK(restore({"--force"}).status == 0);
  CHECK(text_in(file) == "new");
  CHECK(text_in(kept(2)) == "newer");
  CHECK(text_in(kept(1)) == "old");
}

TEST_CASE_METHOD(restore_fixture, "a log goes with its file") {
  leave_log();
  CHECK(restore().status == 1);
  CHECK(restore({"--force"}).status == 0);
  CHECK(names()
        == "backup.db test.db test.db.before-restore-1 "
           "test.db.before-restore-1-wal");
  CHECK(text_in(file) == "new");
  CHECK(text_in(kept(1)) == "in the log");
}

TEST_CASE_METHOD(restore_fixture, "a log without its file is kept, too") {
  leave_log();
  auto log = content_of(file + "-wal");
  fs::remove(file);
  auto refused = restore();
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "target_exists"));
  CHECK(restore({"--force"}).status == 0);
  CHECK(text_in(file) == "new");
  CHECK(content_of(kept(1) + "-wal") == log);
}

TEST_CASE_METHOD(restore_fixture, "a journal goes with its file") {
  std::ofstream{file + "-journal"} << "half of a transaction";
  CHECK(restore({"--force"}).status == 0);
  CHECK(content_of(kept(1) + "-journal") == "half of a transaction");
  CHECK(text_in(file) == "new");
}

TEST_CASE_METHOD(restore_fixture, "the new file has the permissions of the "
                                  "old one, and a link stays one") {
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write
                          | fs::perms::group_read);
  auto link = folder.file("link.db");
  fs::create_symlink(file, link);
  CHECK(run({"restore", backup, link, "--force"}).status == 0);
  CHECK(fs::is_symlink(link));
  CHECK(text_in(link) == "new");
  CHECK(fs::status(file).permissions()
        == (fs::perms::owner_read | fs::perms::owner_write
            | fs::perms::group_read));
}

// -- what is refused ----------------------------------------------------------------

TEST_CASE_METHOD(restore_fixture, "a file that is in use is left alone") {
  SECTION("by its owner") {
    auto lock = sqlite::owner_lock::acquire(file);
    REQUIRE(lock);
    auto result = restore({"--force"});
    CHECK(result.status == 3);
    CHECK(has(result.err, "is owned by process"));
  }
  SECTION("by a program that has no lock") {
    auto descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    auto result = restore({"--force"});
    ::close(descriptor);
    CHECK(result.status == 3);
    CHECK(has(result.err,
              "is open in process " + std::to_string(::getpid()) + " ("));
  }
  SECTION("by another process") {
    child_process child{[&](talk_end& parent) {
      auto descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
      parent.tell(descriptor >= 0 ? "open" : "failed");
      parent.wait();
    }};
    REQUIRE(child.wait() == "open");
    auto result = restore({"--force"});
    CHECK(result.status == 3);
    CHECK(has(result.err, "is open in process " + std::to_string(child.pid())));
  }
  CHECK(names() == "backup.db test.db");
  CHECK(text_in(file) == "old");
}

TEST_CASE_METHOD(restore_fixture, "locks of other processes are seen") {
  auto none = node::locker_of({file, file + "-wal"});
  REQUIRE(none);
  CHECK(none->empty());
  child_process child{[&](talk_end& parent) {
    auto descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    struct flock lock {};
    lock.l_type = F_RDLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = 0x40000002;
    lock.l_len = 510;
    auto done = ::fcntl(descriptor, F_SETLK, &lock) == 0;
    parent.tell(done ? "locked" : "failed");
    parent.wait();
  }};
  REQUIRE(child.wait() == "locked");
  auto found = node::locker_of({file});
  REQUIRE(found);
  CHECK(has(*found, "process " + std::to_string(child.pid())));
}

TEST_CASE_METHOD(restore_fixture, "a backup that is no sound database is "
                                  "refused") {
  auto before = content_of(file);
  auto refused = [&](const std::string& part) {
    auto result = restore({"--force"});
    CAPTURE(result.err);
    return result.status != 0 && has(result.err, part)
           && content_of(file) == before && !exists(kept(1))
           && !exists(file + "-owner");
  };
  SECTION("missing") {
    fs::remove(backup);
    CHECK(refused("No such file"));
  }
  SECTION("a folder") {
    fs::remove(backup);
    fs::create_directory(backup);
    CHECK(refused("is a folder"));
  }
  SECTION("empty") {
    std::ofstream{backup, std::ios::trunc};
    CHECK(refused("is empty"));
  }
  SECTION("something else") {
    std::ofstream{backup} << std::string(10'000, 'x');
    CHECK(refused("the backup is damaged: file is not a database"));
  }
  SECTION("cut off") {
    fs::resize_file(backup, fs::file_size(backup) - 4'096);
    CHECK(refused("the backup is damaged"));
  }
  SECTION("with a log") {
    std::ofstream{backup + "-wal"};
    CHECK(refused("backup.db-wal exists"));
  }
  SECTION("the file itself") {
    backup = file;
    CHECK(refused("is the file to be replaced"));
  }
  SECTION("the file itself under another name") {
    fs::remove(backup);
    fs::create_symlink(file, backup);
    CHECK(refused("is the file to be replaced"));
  }
}

TEST_CASE_METHOD(restore_fixture, "a place where no file can be is refused") {
  CHECK(run({"restore", backup, folder.path(), "--force"}).status == 1);
  CHECK(run({"restore", backup, folder.file("no/such.db")}).status == 1);
  CHECK(names() == "backup.db test.db");
}

// -- what fails half-way --------------------------------------------------------------

TEST_CASE_METHOD(restore_fixture, "nothing is lost where the copy fails") {
  leave_log();
  snapshot_of_folder before{*this};
  auto what = request();
  SECTION("because the disk is full") {
    what.copy = [](const std::string&, int to, const std::function<bool()>&) {
      auto written = ::write(to, "half", 4);
      return make_failure(ec::disk_full,
                          "no room after " + std::to_string(written));
    };
    CHECK(outcome_of_restore(what) == "disk_full");
  }
  SECTION("because it is shorter") {
    what.copy = [](const std::string&, int, const std::function<bool()>&) {
      return caf::error{};
    };
    CHECK(outcome_of_restore(what) == "corrupt");
  }
  SECTION("because it has other bytes") {
    what.copy = [](const std::string& from, int to,
                   const std::function<bool()>& stopped) {
      auto err = node::copy_content(from, to, stopped);
      const char zeros[512] = {};
      // The second page, of a table.
      auto done = ::pwrite(to, zeros, sizeof zeros, 4'096) == sizeof zeros;
      return done ? err : make_failure(ec::io_error, "not damaged");
    };
    CHECK(outcome_of_restore(what) == "corrupt");
  }
  SECTION("because the user stops it") {
    what.stopped = [] {
      return true;
    };
    CHECK(outcome_of_restore(what) == "cancelled");
  }
  SECTION("because the user stops it at the last moment") {
    auto questions = 0;
    what.copy
      = [](const std::string& from, int to, const std::function<bool()>&) {
          return node::copy_content(from, to, [] { return false; });
        };
    what.stopped = [&questions] {
      return ++questions > 0;
    };
    CHECK(outcome_of_restore(what) == "cancelled");
    CHECK(questions == 1);
  }
  SECTION("because another program opens the file") {
    auto descriptor = -1;
    what.copy = [&](const std::string& from, int to,
                    const std::function<bool()>& stopped) {
      descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
      return node::copy_content(from, to, stopped);
    };
    CHECK(outcome_of_restore(what) == "busy");
    ::close(descriptor);
  }
  CHECK(before.is_unchanged());
}

TEST_CASE_METHOD(restore_fixture, "nothing is lost where the names cannot be "
                                  "changed") {
  leave_log();
  SECTION("before the file has lost its name") {
    // A folder cannot have two names.
    fs::remove(file + "-wal");
    fs::create_directory(file + "-wal");
  }
  SECTION("after the file and its log have lost their names") {
    // A folder is not removed as a file is.
    fs::remove(file + "-shm");
    fs::create_directory(file + "-shm");
  }
  snapshot_of_folder before{*this};
  CHECK(outcome_of_restore(request()) == "io_error");
  CHECK(before.is_unchanged());
}

TEST_CASE_METHOD(restore_fixture, "nothing is lost where the system refuses "
                                  "more bytes") {
  snapshot_of_folder before{*this};
  auto what = request();
  auto outcome = in_child([&] {
    // The copy fails after its first page.
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{4'096, 4'096};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0)
      return std::string{"no limit"};
    return outcome_of_restore(what);
  });
  CHECK(outcome == "file_size_limit");
  CHECK(before.is_unchanged());
}

TEST_CASE_METHOD(command_fixture, "changes of names are undone, the last "
                                  "first") {
  for (auto name : {"a", "a-wal", "b"})
    std::ofstream{folder.file(name)} << name;
  snapshot_of_folder before{*this};
  {
    node::name_changes names;
    CHECK(names.add(folder.file("a-wal"), folder.file("kept-wal"))
          == caf::none);
    CHECK(names.rename(folder.file("a"), folder.file("kept")) == caf::none);
    CHECK(names.remove(folder.file("a-wal"), folder.file("kept-wal"))
          == caf::none);
    CHECK(names.rename(folder.file("b"), folder.file("a")) == caf::none);
    CHECK(this->names() == "a kept kept-wal");
    // Nothing is ever replaced.
    CHECK(code_of(names.rename(folder.file("a"), folder.file("kept")))
          == ec::target_exists);
    CHECK(code_of(names.add(folder.file("a"), folder.file("kept")))
          == ec::target_exists);
    CHECK(code_of(names.remove(folder.file("a"), folder.file("kept")))
          == ec::file_replaced);
  }
  CHECK(before.is_unchanged());
  {
    node::name_changes names;
    CHECK(names.rename(folder.file("a"), folder.file("kept")) == caf::none);
    names.keep();
  }
  CHECK(names() == "a-wal b kept");
}
