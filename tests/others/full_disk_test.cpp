// A disk that is really full, and has room again later.
#include "onewriter/client.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/config.hpp"
#include "onewriter/failure.hpp"
#include "tests/catch.hpp"
#include "tests/others/small_disk.hpp"
#include "tests/sqlite/child_process.hpp"
#include "tests/temp_folder.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

namespace onewriter::test {

namespace {

using namespace std::chrono_literals;

constexpr size_t disk_bytes = 16 * 1024 * 1024;
constexpr size_t ballast_bytes = 13 * 1024 * 1024;
constexpr int64_t blob_bytes = 100'000;
constexpr auto patience = 30s;

std::string outcome_of(const caf::expected<write_receipt>& x) {
  return x ? "ok" : to_string(code_of(x.error()));
}

onewriter::write big_row(int64_t number) {
  return onewriter::write{"INSERT INTO t(a, b) VALUES(?, randomblob(?))",
                          number, blob_bytes};
}

/// A database on a small disk that other files mostly fill. Runs in a process
/// of its own, because the disk is there for one process only.
class crowded_database {
public:
  crowded_database(const std::string& folder, uint32_t max_attempts,
                   uint32_t checkpoint_pages)
    : ballast_{folder + "/ballast"} {
    std::ofstream{ballast_} << std::string(ballast_bytes, 'x');
    options opts;
    opts.path = folder + "/test.db";
    opts.log = nullptr;
    opts.max_attempts = max_attempts;
    opts.checkpoint_pages = checkpoint_pages;
    auto opened = open_database(sys_, opts);
    if (!opened)
      throw std::runtime_error{describe(opened.error())};
    database_ = *opened;
    db_ = std::make_unique<client>(sys_, database_);
    must_write(onewriter::write{"CREATE TABLE t(a, b)"});
  }

  ~crowded_database() {
    caf::anon_send_exit(database_, caf::exit_reason::user_shutdown);
  }

  void make_room() {
    std::filesystem::remove(ballast_);
  }

  /// Writes one row after the other until something else than a receipt comes;
  /// returns that.
  std::string fill() {
    for (;;) {
      auto outcome = outcome_of(db_->write(big_row(acknowledged_ + 1)));
      if (outcome != "ok")
        return outcome;
      ++acknowledged_;
    }
  }

  /// Returns the longest time that one of `count` rows took that the disk has
  /// no room for.
  std::chrono::nanoseconds longest_refusal(int count) {
    auto longest = 0ns;
    for (auto i = 0; i < count; ++i) {
      auto start = std::chrono::steady_clock::now();
      if (outcome_of(db_->write(big_row(acknowledged_ + 1))) == "ok")
        ++acknowledged_;
      longest = std::max<std::chrono::nanoseconds>(
        longest, std::chrono::steady_clock::now() - start);
    }
    return longest;
  }

  /// Returns how long a row took that there is room for.
  std::chrono::nanoseconds time_of_row() {
    auto start = std::chrono::steady_clock::now();
    must_write(big_row(++acknowledged_));
    return std::chrono::steady_clock::now() - start;
  }

  void must_write(onewriter::write what) {
    if (auto receipt = db_->write(std::move(what)); !receipt)
      throw std::runtime_error{describe(receipt.error())};
  }

  /// Sends writes of more than fits on the disk; returns their outcomes when
  /// `when_full`, called once the disk has been full for a while, has returned.
  template <class F>
  std::string write_more_than_fits(F when_full) {
    // Twice, in the log and in the file, it fits on the disk without ballast.
    constexpr auto count = disk_bytes / 3 / blob_bytes;
    caf::scoped_actor self{sys_};
    using handle
      = decltype(compat::request(self, database_, patience, big_row(1)));
    std::vector<handle> replies;
    for (size_t i = 1; i <= count; ++i)
      replies.push_back(compat::request(self, database_, patience,
                                        big_row(static_cast<int64_t>(i))));
    auto waits = wait_for_restarts();
    when_full();
    for (auto& reply : replies)
      std::move(reply).receive([&](const write_receipt&) { ++acknowledged_; },
                               [](const caf::error&) {});
    return waits + ", " + std::to_string(acknowledged_ - int64_t{count})
           + " refused";
  }

  /// Compares the rows with those that were acknowledged, 1, 2, 3...
  std::string rows() {
    auto found
      = db_->query("SELECT COUNT(*), COUNT(DISTINCT a), MAX(a) FROM t");
    if (!found)
      return describe(found.error());
    auto count = std::to_string(acknowledged_);
    auto expected = count + "|" + count + "|" + count;
    auto there = to_string(found->rows.front());
    return there == expected ? "as acknowledged" : there + " of " + expected;
  }

private:
  std::string wait_for_restarts() {
    for (;;) {
      auto now = db_->statistics();
      if (!now)
        return describe(now.error());
      if (now->writes.pending == 0)
        return "nothing waits";
      if (now->writer_restarts >= 10)
        return "the rest waits";
      std::this_thread::sleep_for(1ms);
    }
  }

  std::string ballast_;
  config cfg_;
  caf::actor_system sys_{cfg_};
  database_actor database_;
  std::unique_ptr<client> db_;
  int64_t acknowledged_ = 0;
};

std::string scenario_of_refusal(const std::string& folder) {
  // The log ends with a write for which there was no room, so that there is
  // some for a small one in its place.
  crowded_database x{folder, 3, 1'000};
  auto outcome = x.fill();
  auto result = "fill: " + outcome + ", rows " + x.rows();
  x.make_room();
  x.must_write(onewriter::write{"DELETE FROM t WHERE a < 0"});
  return result + ", then " + x.rows();
}

// The log ends with the last commit, so that the writer has no room for the one
// with which it begins.
std::string scenario_of_readers(const std::string& folder) {
  crowded_database x{folder, 3, 250};
  x.fill();
  auto result = "rows " + x.rows();
  x.make_room();
  x.must_write(onewriter::write{"DELETE FROM t WHERE a < 0"});
  return result + ", then " + x.rows();
}

// The limits are twice what is promised, and a fraction of what the pauses
// between the restarts of a writer grow to otherwise.
std::string scenario_of_haste(const std::string& folder) {
  crowded_database x{folder, 5, 250};
  x.fill();
  auto soon = x.longest_refusal(5) < 2s;
  x.make_room();
  auto goes_on = x.time_of_row() < 2s;
  return std::string{"refused "} + (soon ? "soon" : "late") + ", goes on "
         + (goes_on ? "soon" : "late") + ", rows " + x.rows();
}

std::string scenario_of_patience(const std::string& folder) {
  crowded_database x{folder, 1'000'000, 250};
  auto waiting = x.write_more_than_fits([&] { x.make_room(); });
  return waiting + ", rows " + x.rows();
}

/// Runs a scenario in a process with a small disk.
std::string
run_on_small_disk(std::string (*scenario)(const std::string& folder)) {
  temp_folder folder;
  return in_child([&]() -> std::string {
    if (auto problem = mount_small_disk(folder.path(), disk_bytes);
        !problem.empty())
      return "no disk: " + problem;
    try {
      return scenario(folder.path());
    } catch (const std::exception& ex) {
      return ex.what();
    }
  });
}

/// Whether the scenario could be run; says why not.
bool has_disk(const std::string& outcome) {
  auto result = outcome.rfind("no disk: ", 0) != 0;
  if (!result)
    WARN("skipped, a small disk cannot be mounted here: " + outcome);
  return result;
}

} // namespace

TEST_CASE("a write that finds the disk full for too long is refused") {
  auto outcome = run_on_small_disk(scenario_of_refusal);
  if (has_disk(outcome))
    CHECK(outcome
          == "fill: disk_full, rows as acknowledged, then as acknowledged");
}

TEST_CASE("a write that finds the disk full again and again is refused soon") {
  auto outcome = run_on_small_disk(scenario_of_haste);
  if (has_disk(outcome))
    CHECK(outcome == "refused soon, goes on soon, rows as acknowledged");
}

TEST_CASE("a full disk does not keep clients from reading") {
  auto outcome = run_on_small_disk(scenario_of_readers);
  if (has_disk(outcome))
    CHECK(outcome == "rows as acknowledged, then as acknowledged");
}

TEST_CASE("writes wait for room on a full disk and go on by themselves") {
  auto outcome = run_on_small_disk(scenario_of_patience);
  if (has_disk(outcome))
    CHECK(outcome == "the rest waits, 0 refused, rows as acknowledged");
}

} // namespace onewriter::test
