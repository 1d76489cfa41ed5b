// The only file of the audit that uses SQLite.
#include "app/audit/gather/integrity.hpp"

#include "actors/sqlite/statement/statement_deadline.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include <sqlite3.h>
#include <sys/stat.h>

namespace onewriter::node {

namespace {

constexpr int most_problems = 5;

struct checked_closer {
  void operator()(sqlite3* x) const {
    sqlite3_close(x);
  }
};

using checked_database = std::unique_ptr<sqlite3, checked_closer>;

std::string uri_of_checked(const std::string& path, check_access how) {
  std::string result = "file:";
  for (auto c : path)
    if (c == '%' || c == '?' || c == '#')
      result += c == '%' ? "%25" : c == '?' ? "%3f" : "%23";
    else
      result += c;
  // An index that may not be changed is not recovered, either.
  return result
         + (how == check_access::unused ? "?immutable=1" : "?readonly_shm=1");
}

// Fails with SQLite's code.
int open_checked(const std::string& path, check_access how,
                 checked_database& to) {
  sqlite3* db = nullptr;
  auto flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  auto code
    = sqlite3_open_v2(uri_of_checked(path, how).c_str(), &db, flags, nullptr);
  to.reset(db);
  if (code == SQLITE_OK)
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return code;
}

/// Interrupts what `db` runs once the time is over: a `statement_deadline` is
/// not asked within the one step that checks all pages.
class interrupter {
public:
  interrupter(sqlite3* db, std::chrono::nanoseconds limit)
    : thread_{[this, db, limit] {
        wait(db, limit);
      }} {
    // nop
  }

  interrupter(const interrupter&) = delete;

  interrupter& operator=(const interrupter&) = delete;

  ~interrupter() {
    {
      std::lock_guard guard{mutex_};
      done_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

private:
  void wait(sqlite3* db, std::chrono::nanoseconds limit) {
    // An interrupt has no effect before the statement begins.
    constexpr std::chrono::milliseconds pause{20};
    std::unique_lock guard{mutex_};
    for (auto time = limit;
         !wake_.wait_for(guard, time, [this] { return done_; }); time = pause)
      sqlite3_interrupt(db);
  }

  bool done_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::thread thread_;
};

std::string text_of(const unsigned char* x) {
  return x == nullptr ? "" : reinterpret_cast<const char*>(x);
}

// Fails with SQLite's code.
int collect_problems(sqlite3* db, const std::string& check,
                     std::vector<std::string>& to) {
  auto sql = "PRAGMA " + check + "(" + std::to_string(most_problems) + ")";
  sqlite3_stmt* statement = nullptr;
  auto code = sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr);
  if (code == SQLITE_OK) {
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
      to.push_back(text_of(sqlite3_column_text(statement, 0)));
    code = sqlite3_finalize(statement);
  }
  return code;
}

integrity_facts outcome_of_check(sqlite3* db, integrity_facts result,
                                 int code) {
  auto& problems = result.problems;
  if (code == SQLITE_INTERRUPT) {
    problems.clear();
    result.outcome = integrity_outcome::unfinished;
  } else if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
    problems.push_back(sqlite3_errmsg(db));
    result.outcome = integrity_outcome::damaged;
  } else if (code != SQLITE_OK) {
    problems.clear();
    result.reason = sqlite3_errmsg(db);
  } else if (problems == std::vector<std::string>{"ok"}) {
    problems.clear();
    result.outcome = integrity_outcome::sound;
  } else {
    result.outcome = integrity_outcome::damaged;
  }
  return result;
}

struct file_stamp {
  off_t bytes = -1;
  timespec changed{};
};

file_stamp stamp_of(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0)
    return {};
  return {info.st_size, info.st_mtim};
}

bool operator==(const file_stamp& x, const file_stamp& y) {
  return x.bytes == y.bytes && x.changed.tv_sec == y.changed.tv_sec
         && x.changed.tv_nsec == y.changed.tv_nsec;
}

integrity_facts run_check(const std::string& path, check_access how,
                          bool is_full, std::chrono::nanoseconds limit) {
  integrity_facts result;
  result.check = is_full ? "integrity_check" : "quick_check";
  sqlite::statement_deadline deadline;
  checked_database db;
  auto code = open_checked(path, how, db);
  if (code == SQLITE_OK) {
    deadline.install(db.get());
    deadline.set(std::chrono::steady_clock::now() + limit);
    interrupter timer{db.get(), limit};
    code = collect_problems(db.get(), result.check, result.problems);
  }
  return outcome_of_check(db.get(), std::move(result), code);
}

} // namespace

integrity_facts check_integrity(const std::string& path, check_access how,
                                bool is_full, std::chrono::nanoseconds limit) {
  auto log = path + suffix_of(file_part::log);
  auto before = stamp_of(path);
  auto log_before = stamp_of(log);
  auto result = run_check(path, how, is_full, limit);
  auto is_same = before == stamp_of(path) && log_before == stamp_of(log);
  // Without locks, a page of before and one of after look like damage.
  if (how == check_access::unused && !is_same) {
    result.problems.clear();
    result.outcome = integrity_outcome::unchecked;
    result.reason = "another process changed the file during the check";
  }
  return result;
}

} // namespace onewriter::node
