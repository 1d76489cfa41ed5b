#include "actors/writer/writer_handover.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace onewriter;

namespace {

caf::error error_of(ec code) {
  return make_failure(code, "for a test");
}

} // namespace

TEST_CASE("the permission to own a file outlives a writer") {
  test::temp_folder folder;
  auto path = folder.file("test.db");
  writer_handover estate;
  writer_handover other;
  CHECK(estate.lock() == nullptr);
  CHECK(estate.take_lock(path) == caf::none);
  CHECK(other.take_lock(path) == ec::busy);
  // The next writer of the same database.
  CHECK(estate.take_lock(path) == caf::none);
  CHECK(estate.lock() != nullptr);
  estate.release_lock();
  CHECK(estate.lock() == nullptr);
  CHECK(other.take_lock(path) == caf::none);
}

TEST_CASE("a failure counts, unless it passes by itself") {
  writer_handover estate;
  CHECK(estate.judge(error_of(ec::internal)) == verdict::count);
  CHECK(estate.judge(error_of(ec::disk_full)) == verdict::excuse);
  // One that was never open has to be made accessible first.
  CHECK(estate.judge(error_of(ec::cannot_open)) == verdict::count);
  estate.mark_opened();
  CHECK(estate.judge(error_of(ec::cannot_open)) == verdict::excuse);
}

TEST_CASE("a failure that came of a request is excused once") {
  writer_handover estate;
  estate.note_failure(error_of(ec::internal), true);
  CHECK(estate.judge(error_of(ec::internal)) == verdict::excuse);
  CHECK(estate.judge(error_of(ec::internal)) == verdict::count);
}

TEST_CASE("a file that cannot be opened ends the database") {
  writer_handover estate;
  SECTION("if it never was") {
    estate.note_failed_opening(error_of(ec::disk_full));
    CHECK(estate.judge(error_of(ec::disk_full)) == verdict::give_up);
  }
  SECTION("if a person has to repair it") {
    estate.mark_opened();
    estate.note_failed_opening(error_of(ec::corrupt));
    CHECK(estate.judge(error_of(ec::corrupt)) == verdict::give_up);
  }
  SECTION("but not if the reason may pass") {
    estate.mark_opened();
    estate.note_failed_opening(error_of(ec::disk_full));
    CHECK(estate.judge(error_of(ec::disk_full)) == verdict::excuse);
  }
  SECTION("if another one has its name") {
    estate.mark_opened();
    estate.note_failure(error_of(ec::file_replaced), false);
    CHECK(estate.judge(error_of(ec::file_replaced)) == verdict::give_up);
  }
}

TEST_CASE("a file that was open is damaged if it is no database") {
  writer_handover estate;
  auto reason = error_of(ec::not_a_database);
  CHECK(estate.as_damage(reason) == ec::not_a_database);
  estate.mark_opened();
  CHECK(estate.as_damage(reason) == ec::corrupt);
  CHECK(estate.as_damage(error_of(ec::disk_full)) == ec::disk_full);
}
