#include "actors/sqlite/file/startup.hpp"

#include "onewriter/failure.hpp"
#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace onewriter;
using namespace onewriter::sqlite;

TEST_CASE("the versions with the WAL-reset bug are known") {
  for (auto version :
       {3'007'000, 3'040'001, 3'043'002, 3'044'000, 3'044'005, 3'045'000,
        3'049'002, 3'050'000, 3'050'006, 3'051'000, 3'051'002}) {
    INFO(version);
    CHECK(has_wal_reset_bug(version));
  }
  for (auto version : {3'006'023, 3'044'006, 3'044'007, 3'050'007, 3'050'099,
                       3'051'003, 3'052'000, 4'000'000}) {
    INFO(version);
    CHECK_FALSE(has_wal_reset_bug(version));
  }
}

TEST_CASE("this SQLite has what onewriter needs") {
  CHECK(check_features() == caf::none);
  CHECK(sqlite_version().substr(0, 2) == "3.");
  CHECK(sqlite_version_number() == features_of_library().version_number);
}

TEST_CASE("a feature that is missing is named") {
  auto complaint = [](library_features x) {
    auto err = check_features(x);
    return to_string(code_of(err)) + " " + failure_of(err).message;
  };
  auto has = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
  };
  CHECK(has(complaint({3'034'001, true, true}), "3.35.0"));
  CHECK(has(complaint({3'040'001, false, true}), "SQLITE_THREADSAFE"));
  CHECK(has(complaint({3'040'001, true, false}), "SQLITE_ENABLE_FTS5"));
  CHECK(has(complaint({3'040'001, true, false}), "missing_feature"));
  CHECK(complaint({3'035'000, true, true}) == "none ");
}

TEST_CASE("local folders and files are no network") {
  test::temp_folder folder;
  CHECK_FALSE(is_network_file_system(folder.path()));
  CHECK_FALSE(is_network_file_system(folder.file("missing.db")));
  CHECK_FALSE(is_network_file_system("/missing/folder/file.db"));
}

TEST_CASE("FUSE is a network only where its type says so") {
  for (auto type : {"fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone"})
    CHECK(is_network_mount_type(type));
  for (auto type :
       {"fuseblk", "fuse", "fuse.gocryptfs", "virtiofs", "ext4", ""})
    CHECK_FALSE(is_network_mount_type(type));
}
