// Disks that are full, or fail, while the owner of a database changes.
#include "tests/catch.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/others/small_disk.hpp"
#include "tests/sharing/peer.hpp"
#include "tests/temp_folder.hpp"
#include "tests/vfs/shim_vfs.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <sqlite3.h>
#include <unistd.h>

using namespace onewriter;
using namespace onewriter::test;

namespace {

constexpr size_t disk_bytes = 16 * 1024 * 1024;
constexpr size_t ballast_bytes = 13 * 1024 * 1024;

std::string code_in(const std::string& outcome) {
  return outcome.substr(0, outcome.find(':'));
}

/// Writes rows with the numbers 1, 2, 3... through a process.
class numbered_rows {
public:
  explicit numbered_rows(peer& through) : through_{through} {
    // nop
  }

  /// Writes the next row; returns "ok" or the code of the error.
  std::string write() {
    auto number = std::to_string(acknowledged_ + 1);
    auto outcome = through_.write("INSERT INTO t VALUES(" + number
                                  + ", randomblob(100000))");
    acknowledged_ += outcome == "ok" ? 1 : 0;
    return code_in(outcome);
  }

  std::string write_until_full() {
    auto outcome = write();
    while (outcome == "ok")
      outcome = write();
    return outcome;
  }

  /// Compares the rows in the file with what was acknowledged.
  std::string compare(const std::string& path) const {
    raw_database db{path};
    auto found = db.text("SELECT count(*) || ' ' || count(DISTINCT a) || ' ' "
                         "|| max(a) FROM t");
    auto n = std::to_string(acknowledged_);
    auto expected = n + " " + n + " " + n;
    return found == expected ? "as acknowledged"
                             : found + " instead of " + expected;
  }

private:
  peer& through_;
  int64_t acknowledged_ = 0;
};

// The rest of the disk.
void fill_up(const std::string& file) {
  std::ofstream out{file};
  while (out << std::string(4'096, 'x') << std::flush) {
  }
}

std::string scenario(const std::string& folder) {
  auto ballast = folder + "/ballast";
  std::ofstream{ballast} << std::string(ballast_bytes, 'x');
  options opts;
  opts.path = folder + "/test.db";
  opts.log = nullptr;
  peer first{opts};
  peer second{opts};
  first.write("CREATE TABLE t(a, b)");
  numbered_rows rows{second};
  // Where it was the commit that failed, it is not known what it has done.
  auto refused = rows.write_until_full();
  auto is_full = refused == "disk_full" || refused == "outcome_unknown";
  auto result = is_full ? std::string{"full"} : refused;
  fill_up(folder + "/rest");
  first.kill();
  result += ", then " + rows.write();
  std::filesystem::remove(ballast);
  result += ", then " + rows.write();
  return result + (second.leave() == "left" ? ", rows " : ", still there, ")
         + rows.compare(opts.path);
}

/// No file can be opened while there is one at `path`.
class failing_disk : public io_observer {
public:
  explicit failing_disk(std::string path) : path_{std::move(path)} {
    // nop
  }

  io_verdict before(const io_call& what) override {
    auto fails = what.what == io::open && ::access(path_.c_str(), F_OK) == 0;
    return fails ? io_verdict{SQLITE_IOERR, false, -1} : io_verdict{};
  }

private:
  std::string path_;
};

} // namespace

TEST_CASE("a process whose takeover fails tries again until the disk works") {
  temp_folder folder;
  auto failing = folder.file("failing");
  failing_disk disk{failing};
  shim_vfs vfs{disk};
  options opts;
  opts.path = folder.file("test.db");
  opts.log = nullptr;
  opts.vfs = vfs.name();
  opts.lock_patience = std::chrono::milliseconds{500};
  peer first{opts};
  peer second{opts};
  REQUIRE(first.write("CREATE TABLE t(a, b)") == "ok");
  numbered_rows rows{second};
  REQUIRE(rows.write() == "ok");
  std::ofstream{failing} << "now";
  first.kill();
  // It may have reached the process that is gone.
  auto outcome = rows.write();
  CAPTURE(outcome);
  CHECK((outcome == "unavailable" || outcome == "outcome_unknown"));
  std::filesystem::remove(failing);
  CHECK(rows.write() == "ok");
  CHECK(second.leave() == "left");
  CHECK(rows.compare(opts.path) == "as acknowledged");
}

TEST_CASE(
  "a process takes over on a full disk, and writes when there is room") {
  temp_folder folder;
  auto outcome = in_child([&]() -> std::string {
    auto problem = mount_small_disk(folder.path(), disk_bytes);
    return problem.empty() ? scenario(folder.path()) : "no disk: " + problem;
  });
  if (outcome.rfind("no disk: ", 0) == 0)
    WARN("skipped, a small disk cannot be mounted here: " + outcome);
  else
    CHECK(outcome == "full, then disk_full, then ok, rows as acknowledged");
}
