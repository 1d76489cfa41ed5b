#pragma once

#include "actors/index/indexer.hpp"
#include "actors/index/tables/search.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"
#include "tests/fixture.hpp"
#include "tests/index/samples.hpp"
#include "tests/index/test_core.hpp"

#include <memory>
#include <set>
#include <string>
#include <utility>

namespace onewriter::test {

/// Returns the name of the code of `x`, "none" for no error.
template <class T>
std::string name_of(const caf::expected<T>& x) {
  return x ? "none" : to_string(code_of(x.error()));
}

template <class T>
std::string message_of(const caf::expected<T>& x) {
  return x ? "" : failure_of(x.error()).message;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// What is true of all receipts.
inline bool is_sound(const caf::expected<index_receipt>& x) {
  return x && x->chunks > 0 && x->commit > 0
         && x->longest_chunk > x->longest_chunk.zero();
}

/// Whether a request writes passages.
inline bool is_content(const core_request& x) {
  return x.title == "index passages" && x.bytes > 0;
}

/// Returns a long text whose passages all hold `word`.
inline std::string text_with(const std::string& word, size_t bytes) {
  std::string result;
  while (result.size() < bytes)
    result += word + " " + sample_text(200) + "\n";
  return result;
}

/// An indexer on a database file, with a test core between them.
class index_fixture : public fixture {
public:
  index_fixture() {
    opts.path = folder.file("test.db");
    opts.log = nullptr;
    script->db = open_writer(opts.path);
    reader = open_reader(opts.path);
  }

  ~index_fixture() {
    if (indexer)
      end_process();
  }

  /// Starts the indexer, once the script is written.
  void start() {
    core = spawn_test_core(sys, script);
    shared = std::make_shared<metrics>(1, 1);
    indexer = spawn_indexer(sys, core, opts, shared);
  }

  /// Ends the process with its scope.
  struct scoped_process {
    explicit scoped_process(index_fixture* what) : owner{what} {
      // nop
    }

    scoped_process(const scoped_process&) = delete;

    scoped_process& operator=(const scoped_process&) = delete;

    ~scoped_process() {
      if (owner->indexer)
        owner->end_process();
    }

    index_fixture* owner;
  };

  /// The same, for a script that refers to local variables: what runs ends
  /// before they do.
  [[nodiscard]] scoped_process start_scoped() {
    start();
    return scoped_process{this};
  }

  /// Lets everything vanish that a crash of the process would.
  void end_process() {
    kill(indexer);
    kill(core);
    script->db.reset();
  }

  /// The same, and prepares the next process, which `start` starts.
  void crash() {
    end_process();
    script = std::make_shared<core_script>();
    script->db = open_writer(opts.path);
  }

  template <class Handle>
  void kill(Handle& what) {
    caf::anon_send_exit(what, caf::exit_reason::kill);
    static_cast<void>(wait_for_end(what));
    what = nullptr;
  }

  // -- requests -------------------------------------------------------------------

  static chunked_index from_text(std::string key, std::string text) {
    chunked_index result;
    result.index = "notes";
    result.key = std::move(key);
    result.text = std::move(text);
    return result;
  }

  static chunked_index from_file(std::string key, std::string path) {
    chunked_index result;
    result.index = "notes";
    result.key = std::move(key);
    result.path = std::move(path);
    return result;
  }

  /// Sends a request without waiting for the reply.
  template <class Request>
  auto send(Request what) {
    return compat::request(self, indexer, patience, std::move(what));
  }

  /// Blocks for the reply of a request that was sent before.
  template <class T = index_receipt, class Response>
  caf::expected<T> reply_of(Response& response) {
    return receive<T>(std::move(response));
  }

  caf::expected<index_receipt> put(chunked_index what) {
    return ask<index_receipt>(indexer, std::move(what));
  }

  caf::expected<index_receipt> put(std::string key, std::string text) {
    return put(from_text(std::move(key), std::move(text)));
  }

  std::string cancel(std::string key) {
    return name_of(
      ask<caf::unit_t>(indexer, cancel_index{"notes", std::move(key)}));
  }

  caf::expected<uint64_t> close(bool drain) {
    auto result = ask<uint64_t>(indexer, close_indexer{drain});
    static_cast<void>(wait_for_end(indexer));
    return result;
  }

  /// Blocks until everything that searches cannot find is removed.
  void wait_until_clean() {
    size_t done = 0;
    while (rows("SELECT count(*) FROM onewriter_index_garbage") != "0\n")
      done = script->wait_for_more_than(done);
  }

  // -- what is there --------------------------------------------------------------

  static caf::expected<search_hits> find(sqlite::connection& db,
                                         const std::string& expression) {
    search what;
    what.index = "notes";
    what.expression = expression;
    what.max_hits = 10'000;
    auto err = db.begin_read();
    if (err != caf::none)
      return err;
    auto result = run_search(db, what);
    db.rollback();
    return result;
  }

  /// Returns "key@offset" of each hit, in this order.
  std::string places(const std::string& expression) {
    auto found = find(*reader, expression);
    if (!found)
      return to_string(code_of(found.error()));
    std::set<std::pair<std::string, uint64_t>> sorted;
    for (auto& hit : found->hits)
      sorted.emplace(hit.key, hit.offset);
    std::string result;
    for (auto& [key, offset] : sorted)
      result
        += (result.empty() ? "" : " ") + key + "@" + std::to_string(offset);
    return result;
  }

  /// Returns the text of a document as it can be found, empty where there is no
  /// document.
  std::string content(const std::string& key) {
    std::string result;
    auto found = reader->run_internal(
      "SELECT p.body FROM onewriter_document AS d JOIN onewriter_fts_1 AS p ON "
      "p.rowid >= d.first_passage AND p.rowid < d.end_passage "
      "WHERE d.key = ? ORDER BY p.start",
      key);
    // Without any document there is no table.
    if (!found)
      return result;
    for (auto& line : found->rows)
      result += line.get<std::string>(0);
    return result;
  }

  /// Returns the number of passages in the index, found or not.
  size_t passages() {
    auto found = reader->run_internal("SELECT count(*) FROM onewriter_fts_1");
    return found ? found->rows.front().get<size_t>(0) : 0;
  }

  /// Runs a statement and returns its rows, one per line.
  std::string rows(std::string sql) {
    auto result
      = reader->run(statement{std::move(sql)}, sqlite::result_limits{});
    return result ? to_string(*result) : describe(result.error());
  }

  options opts;
  core_script_ptr script = std::make_shared<core_script>();
  std::unique_ptr<sqlite::connection> reader;
  metrics_ptr shared;
  database_core_actor core;
  indexer_actor indexer;
};

} // namespace onewriter::test
