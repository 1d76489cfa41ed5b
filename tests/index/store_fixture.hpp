#pragma once

#include "actors/index/jobs/document_reader.hpp"
#include "actors/index/tables/fts_table.hpp"
#include "actors/index/tables/garbage_store.hpp"
#include "actors/index/tables/search.hpp"
#include "actors/index/tables/version_store.hpp"
#include "onewriter/config.hpp"
#include "onewriter/failure.hpp"
#include "tests/catch.hpp"
#include "tests/index/samples.hpp"
#include "tests/index/test_core.hpp"
#include "tests/temp_folder.hpp"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace onewriter::test {

/// A database file with all tables, a connection that writes and one that
/// searches.
class store_fixture {
public:
  message_types errors_need_this;
  temp_folder folder;
  std::string path = folder.file("test.db");
  std::unique_ptr<sqlite::connection> db = open_writer(path);
  std::unique_ptr<sqlite::connection> reader = open_reader(path);

  /// Runs `f(sticky_sql&)` in a transaction and returns what it returns.
  template <class F>
  auto commit(F f) {
    REQUIRE(db->begin_immediate() == caf::none);
    sticky_sql steps{*db};
    auto result = f(steps);
    if (steps.ok())
      steps.check(db->commit());
    else
      db->rollback();
    error = steps.ok() ? "none" : describe(steps.error());
    return result;
  }

  static document_digest digest_of(const std::string& text) {
    return {sha256_of(text), text.size()};
  }

  static std::vector<passage> cut(const std::string& text) {
    std::vector<passage> result;
    passage_cutter cutter{passage_bytes};
    cutter.feed(text);
    while (auto next = cutter.finish())
      result.push_back(std::move(*next));
    return result;
  }

  /// Puts a document into an index in one go.
  void put(const document_name& name, const std::string& text) {
    commit([&](sticky_sql& steps) {
      auto digest = digest_of(text);
      auto start = begin_version(steps, name, "", digest);
      if (start.unchanged)
        return 0;
      add_passages(steps, name.key, start.version, cut(text));
      publish_version(steps, name.key, start.version, digest);
      return 0;
    });
    REQUIRE(error == "none");
  }

  caf::expected<search_hits> find(const search& what) {
    auto err = reader->begin_read();
    if (err != caf::none)
      return err;
    auto result = run_search(*reader, what);
    reader->rollback();
    return result;
  }

  caf::expected<search_hits> find(std::string expression,
                                  std::string index = "notes") {
    search what;
    what.index = std::move(index);
    what.expression = std::move(expression);
    what.max_hits = 10'000;
    return find(what);
  }

  /// Returns where an expression is found, "key@offset" in order, or what is
  /// wrong with it.
  std::string places(const std::string& expression,
                     const std::string& index = "notes") {
    auto found = find(expression, index);
    if (!found)
      return describe(found.error());
    std::set<std::pair<std::string, uint64_t>> sorted;
    for (auto& hit : found->hits)
      sorted.emplace(hit.key, hit.offset);
    std::string result;
    for (auto& [key, offset] : sorted)
      result
        += (result.empty() ? "" : " ") + key + "@" + std::to_string(offset);
    return result;
  }

  /// Runs a statement and returns its rows, one per line.
  std::string rows(std::string sql) {
    auto result
      = reader->run(statement{std::move(sql)}, sqlite::result_limits{});
    return result ? to_string(*result) : describe(result.error());
  }

  /// How the last `commit` ended.
  std::string error;
};

} // namespace onewriter::test
