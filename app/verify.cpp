#include "app/verify.hpp"

#include "actors/text/sha256.hpp"
#include "app/format.hpp"
#include "app/node_schema.hpp"
#include "app/session_check.hpp"

#include <functional>
#include <memory>
#include <stdexcept>
#include <string_view>

#include <sqlite3.h>
#include <sys/stat.h>

namespace onewriter::node {

namespace {

// -- SQLite ---------------------------------------------------------------------

struct file_closer {
  void operator()(sqlite3* x) const {
    sqlite3_close(x);
  }
};

struct statement_closer {
  void operator()(sqlite3_stmt* x) const {
    sqlite3_finalize(x);
  }
};

using statement_ptr = std::unique_ptr<sqlite3_stmt, statement_closer>;

// One row while it is there.
class raw_row {
public:
  explicit raw_row(sqlite3_stmt* from) : from_{from} {
    // nop
  }

  int64_t integer(int column) const {
    return sqlite3_column_int64(from_, column);
  }

  std::string_view bytes(int column) const {
    auto data = sqlite3_column_blob(from_, column);
    auto size = sqlite3_column_bytes(from_, column);
    return {static_cast<const char*>(data), static_cast<size_t>(size)};
  }

private:
  sqlite3_stmt* from_;
};

// Errors are exceptions, which end the check that meets them.
class raw_file {
public:
  explicit raw_file(const std::string& path) {
    sqlite3* db = nullptr;
    auto flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    auto code = sqlite3_open_v2(uri_of(path).c_str(), &db, flags, nullptr);
    db_.reset(db);
    if (code != SQLITE_OK)
      fail();
  }

  void for_each(const char* sql, std::initializer_list<int64_t> parameters,
                const std::function<void(const raw_row&)>& visit) {
    auto what = prepare(sql);
    auto index = 0;
    for (auto x : parameters)
      sqlite3_bind_int64(what.get(), ++index, x);
    auto code = sqlite3_step(what.get());
    for (; code == SQLITE_ROW; code = sqlite3_step(what.get()))
      visit(raw_row{what.get()});
    if (code != SQLITE_DONE)
      fail();
  }

  uint64_t number(const char* sql,
                  std::initializer_list<int64_t> parameters = {}) {
    int64_t result = 0;
    for_each(sql, parameters, [&](const raw_row& x) { result = x.integer(0); });
    return static_cast<uint64_t>(result);
  }

private:
  // A file without a log has all there is, so it needs neither locks nor
  // shared memory, of which files would be left behind.
  static std::string uri_of(const std::string& path) {
    std::string result = "file:";
    for (auto c : path)
      if (c == '%' || c == '?' || c == '#')
        result += c == '%' ? "%25" : c == '?' ? "%3f" : "%23";
      else
        result += c;
    struct stat info;
    auto has_log = ::stat((path + "-wal").c_str(), &info) == 0;
    return has_log ? result : result + "?immutable=1";
  }

  statement_ptr prepare(const char* sql) {
    sqlite3_stmt* result = nullptr;
    if (sqlite3_prepare_v2(db_.get(), sql, -1, &result, nullptr) != SQLITE_OK)
      fail();
    return statement_ptr{result};
  }

  [[noreturn]] void fail() {
    throw std::runtime_error{sqlite3_errmsg(db_.get())};
  }

  std::unique_ptr<sqlite3, file_closer> db_;
};

// -- the checks -------------------------------------------------------------------

// Files that are put together again, and bytes of them, at the most.
constexpr uint64_t most_files = 20'000;
constexpr uint64_t most_bytes = 256'000'000;

constexpr const char* count_blocks_sql = "SELECT count(*) FROM block";

constexpr const char* all_blocks_sql = "SELECT hash, size, data FROM block";

constexpr const char* file_count_sql
  = "SELECT count(*) FROM file WHERE run = ? AND hash IS NOT NULL";

constexpr const char* file_block_count_sql
  = "SELECT count(*) FROM file JOIN file_block ON file_block.file = file.id "
    "WHERE run = ? AND file.hash IS NOT NULL";

// Whole files whose size is not the sum of their blocks.
constexpr const char* wrong_size_sql
  = "SELECT count(*) FROM file WHERE run = ? AND hash IS NOT NULL "
    "AND size <> (SELECT coalesce(sum(b.size), 0) FROM file_block AS fb "
    "JOIN block AS b ON b.hash = fb.hash WHERE fb.file = file.id)";

// Every nth file: number, size and hash.
constexpr const char* sample_sql
  = "SELECT id, size, hash FROM file WHERE run = ? AND hash IS NOT NULL "
    "AND id % ? = 0";

constexpr const char* content_sql
  = "SELECT data FROM file_block JOIN block USING(hash) WHERE file = ? "
    "ORDER BY position";

constexpr const char* wrong_connects_sql
  = "SELECT count(*) FROM peer LEFT JOIN (SELECT peer, count(*) AS sessions "
    "FROM session GROUP BY peer) AS s ON s.peer = peer.id "
    "WHERE connects <> coalesce(sessions, 0)";

constexpr const char* last_updates_sql
  = "SELECT id, update_number FROM peer WHERE update_run = ?";

constexpr const char* indexed_count_sql
  = "SELECT count(*) FROM file WHERE run = ? AND passages IS NOT NULL";

// Texts that were indexed, but that the index does not have as they are.
constexpr const char* wrong_documents_sql
  = "SELECT count(*) FROM file LEFT JOIN onewriter_document AS d "
    "ON d.index_id = ? AND d.key = file.path "
    "WHERE run = ? AND passages IS NOT NULL AND (d.id IS NULL "
    "OR d.bytes <> file.size OR d.end_passage - d.first_passage <> passages)";

class verification {
public:
  verification(const std::string& path, const evidence& what,
               const check_progress& progress)
    : path_{path},
      file_{path},
      what_{what},
      progress_{progress} {
    // nop
  }

  checks run() {
    attempt("sessions", [this] { sessions(); });
    attempt("peers", [this] { peers(); });
    attempt("domains", [this] { domains(); });
    attempt("peer updates", [this] { updates(); });
    attempt("blocks", [this] { blocks(); });
    attempt("files", [this] { files(); });
    attempt("contents of files", [this] { contents(); });
    attempt("index", [this] { documents(); });
    attempt("integrity", [this] { integrity(); });
    return std::move(result_);
  }

private:
  template <class F>
  void attempt(const char* name, F f) {
    try {
      f();
    } catch (std::exception& err) {
      add(std::string{name} + " can be read", false, err.what());
    }
  }

  void add(std::string name, bool holds, std::string detail) {
    result_.push_back({std::move(name), holds, std::move(detail)});
  }

  // Adds a check of which `wrong` are to be zero.
  void add_counted(std::string name, uint64_t wrong, std::string detail) {
    add(std::move(name), wrong == 0,
        wrong == 0 ? std::move(detail) : with_separators(wrong) + " wrong");
  }

  void sessions() {
    progress_("checking the sessions", 0, 0);
    session_audit audit{what_.ledgers};
    file_.for_each(all_sessions_sql, {what_.run}, [&](const raw_row& x) {
      audit.row(x.integer(0), static_cast<uint64_t>(x.integer(1)),
                x.integer(2));
    });
    for (auto& x : session_checks(audit.finish(), "raw SQL"))
      result_.push_back(std::move(x));
  }

  void peers() {
    add_counted(
      "each peer has as many sessions as connects",
      file_.number(wrong_connects_sql),
      format_count(file_.number("SELECT count(*) FROM peer"), "peer"));
  }

  void domains() {
    auto sum = sum_of(what_.ledgers);
    auto least = what_.versions_before + sum.domain_updates;
    auto found = file_.number(sum_versions_sql);
    auto holds = found >= least && found <= least + sum.domain_unknown;
    add("each domain update was done once", holds,
        holds ? format_count(sum.domain_updates, "update")
              : with_separators(found) + " versions, not "
                  + with_separators(least));
  }

  // Of best-effort messages the newest wins: it must be there, unless messages
  // were dropped.
  void updates() {
    auto& counts = what_.database.best_effort;
    auto lossless = counts.written + counts.coalesced == counts.submitted;
    uint64_t wrong = 0;
    auto ledger = what_.ledgers.begin();
    file_.for_each(last_updates_sql, {what_.run}, [&](const raw_row& x) {
      while (ledger != what_.ledgers.end() && ledger->peer < x.integer(0))
        ++ledger;
      auto last = static_cast<uint64_t>(x.integer(1));
      if (ledger == what_.ledgers.end() || ledger->peer != x.integer(0)
          || last > ledger->peer_updates
          || (lossless && last < ledger->peer_updates))
        ++wrong;
    });
    add_counted("each peer has its newest update", wrong,
                lossless ? "nothing dropped" : "some were dropped");
  }

  void blocks() {
    auto total = file_.number(count_blocks_sql);
    uint64_t done = 0;
    uint64_t bytes = 0;
    uint64_t wrong = 0;
    file_.for_each(all_blocks_sql, {}, [&](const raw_row& x) {
      auto data = x.bytes(2);
      if (to_hex(sha256_of(data)) != x.bytes(0)
          || static_cast<uint64_t>(x.integer(1)) != data.size())
        ++wrong;
      bytes += data.size();
      if (++done % 100 == 0)
        progress_("hashing blocks", done, total);
    });
    add_counted("each block's content hashes to its name", wrong,
                format_count(total, "block") + ", " + format_bytes(bytes));
  }

  void files() {
    progress_("checking the files", 0, 0);
    auto found = file_.number(file_count_sql, {what_.run});
    auto blocks = file_.number(file_block_count_sql, {what_.run});
    auto wrong = file_.number(wrong_size_sql, {what_.run});
    // A file that was being stored at the end has blocks, but is not whole.
    auto holds = found == what_.stored.files && wrong == 0
                 && blocks <= what_.stored.blocks
                 && (blocks == what_.stored.blocks || !what_.stored.finished
                     || what_.stored.unreadable > 0);
    add("each stored file has all of its blocks", holds,
        holds ? format_count(found, "file")
              : with_separators(found) + " of "
                  + format_count(what_.stored.files, "file") + ", "
                  + with_separators(blocks) + " of "
                  + format_count(what_.stored.blocks, "block") + ", "
                  + with_separators(wrong) + " incomplete");
  }

  // Puts files together again and compares them with what was read.
  void contents() {
    auto stride = sample_stride();
    uint64_t done = 0;
    uint64_t wrong = 0;
    auto total = what_.stored.files / stride;
    file_.for_each(sample_sql, {what_.run, static_cast<int64_t>(stride)},
                   [&](const raw_row& x) {
                     if (hash_of_file(x.integer(0)) != x.bytes(2))
                       ++wrong;
                     progress_("putting files together", ++done, total);
                   });
    auto all
      = stride == 1 ? "all of them" : "one in " + with_separators(stride);
    add_counted("files put together again are what was read", wrong,
                format_count(done, "file") + ", " + all);
  }

  uint64_t sample_stride() const {
    auto files = what_.stored.files / most_files;
    auto bytes = what_.stored.bytes / most_bytes;
    return std::max(files, bytes) + 1;
  }

  std::string hash_of_file(int64_t id) {
    sha256 sum;
    file_.for_each(content_sql, {id},
                   [&](const raw_row& x) { sum.update(x.bytes(0)); });
    return to_hex(sum.finish());
  }

  void documents() {
    constexpr const char* name = "each indexed text is in the index";
    if (what_.indexed.texts == 0)
      return;
    progress_("checking the index", 0, 0);
    auto index_id = find_text_index(path_, text_index);
    auto found = file_.number(indexed_count_sql, {what_.run});
    auto wrong = file_.number(wrong_documents_sql, {index_id, what_.run});
    if (found != what_.indexed.texts)
      add(name, false,
          with_separators(found) + " of "
            + format_count(what_.indexed.texts, "text"));
    else
      add_counted(name, wrong, format_count(found, "text"));
  }

  void integrity() {
    progress_("running PRAGMA integrity_check", 0, 0);
    std::string problem;
    file_.for_each("PRAGMA integrity_check", {}, [&](const raw_row& x) {
      if (problem.empty())
        problem = x.bytes(0);
    });
    add("the file is sound: raw PRAGMA integrity_check", problem == "ok",
        problem);
    uint64_t wrong = 0;
    file_.for_each("PRAGMA foreign_key_check", {},
                   [&](const raw_row&) { ++wrong; });
    add_counted("foreign keys hold: raw PRAGMA foreign_key_check", wrong, "ok");
  }

  const std::string& path_;
  raw_file file_;
  const evidence& what_;
  const check_progress& progress_;
  checks result_;
};

} // namespace

checks verify_file(const std::string& path, const evidence& what,
                   const check_progress& progress) {
  try {
    return verification{path, what, progress}.run();
  } catch (std::exception& err) {
    return {{"the file can be opened", false, err.what()}};
  }
}

int64_t find_text_index(const std::string& path, const std::string& name) {
  int64_t result = 0;
  try {
    raw_file file{path};
    file.for_each("SELECT id, name FROM onewriter_index", {},
                  [&](const raw_row& x) {
                    if (x.bytes(1) == name)
                      result = x.integer(0);
                  });
  } catch (std::exception&) {
    // Without the table there is no index.
  }
  return result;
}

} // namespace onewriter::node
