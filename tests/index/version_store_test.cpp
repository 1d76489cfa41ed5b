#include "actors/index/tables/version_store.hpp"

#include "tests/index/store_fixture.hpp"

using namespace onewriter;
using namespace onewriter::test;

namespace {

class version_fixture : public store_fixture {
public:
  version_start begin(const std::string& text) {
    return commit([&](sticky_sql& steps) {
      return begin_version(steps, name, "/some/where", digest_of(text));
    });
  }

  void add(const open_version& at, const std::vector<passage>& passages) {
    commit([&](sticky_sql& steps) {
      add_passages(steps, name.key, at, passages);
      return 0;
    });
  }

  bool publish(const open_version& at, const std::string& text) {
    return commit([&](sticky_sql& steps) {
      return publish_version(steps, name.key, at, digest_of(text));
    });
  }

  std::string jobs() {
    return rows("SELECT key, path, first_passage, end_passage, next_passage, "
                "next_offset FROM onewriter_index_job");
  }

  std::string garbage() {
    return rows("SELECT first_passage, end_passage FROM "
                "onewriter_index_garbage ORDER BY 1");
  }

  std::string documents() {
    return rows("SELECT key, bytes, first_passage, end_passage FROM "
                "onewriter_document");
  }

  document_name name{"notes", "a"};
};

// Where `at` goes on after some passages.
open_version after(open_version at, const std::vector<passage>& passages) {
  at.next_passage += static_cast<int64_t>(passages.size());
  at.next_offset = passages.back().offset + passages.back().text.size();
  return at;
}

} // namespace

TEST_CASE_METHOD(version_fixture, "a version is written, then seen") {
  auto text = sample_text(10'000);
  auto start = begin(text);
  CHECK(error == "none");
  CHECK_FALSE(start.unchanged);
  CHECK_FALSE(start.resumed);
  CHECK(jobs() == "'a'|'/some/where'|1|6|1|0\n");
  add(start.version, cut(text));
  CHECK(jobs() == "'a'|'/some/where'|1|6|4|10000\n");
  CHECK(documents() == "");
  CHECK_FALSE(publish(start.version, text));
  CHECK(documents() == "'a'|10000|1|4\n");
  CHECK(jobs() == "");
  CHECK(garbage() == "");
}

TEST_CASE_METHOD(version_fixture, "there is always room for all passages") {
  for (size_t size : {0, 1, 2'048, 2'049, 2'050, 4'096, 4'097, 50'000}) {
    // As small as passages can be.
    std::string text;
    while (text.size() < size)
      text += std::string(2'048, 'x') + "\n" + std::string(2'047, 'y');
    text.resize(size);
    CAPTURE(size);
    auto start = begin(text);
    auto room = start.version.end_passage - start.version.first_passage;
    CHECK(room >= static_cast<int64_t>(cut(text).size()));
  }
}

TEST_CASE_METHOD(version_fixture, "a version of the same content is gone on "
                                  "with") {
  auto text = sample_text(20'000);
  auto passages = cut(text);
  auto start = begin(text);
  add(start.version, {passages.begin(), passages.begin() + 2});
  auto again = begin(text);
  CHECK(again.resumed);
  CHECK_FALSE(again.left_garbage);
  CHECK(again.version.first_passage == start.version.first_passage);
  CHECK(again.version.next_passage == start.version.first_passage + 2);
  CHECK(again.version.next_offset == passages[2].offset);
  add(again.version, {passages.begin() + 2, passages.end()});
  publish(again.version, text);
  CHECK(error == "none");
  CHECK(rows("SELECT start, length(body) FROM onewriter_fts_1 ORDER BY rowid")
        == [&] {
             std::string result;
             for (auto& x : passages)
               result += std::to_string(x.offset) + "|"
                         + std::to_string(x.text.size()) + "\n";
             return result;
           }());
}

TEST_CASE_METHOD(version_fixture, "a version of another content is discarded") {
  auto text = sample_text(20'000);
  auto start = begin(text);
  add(start.version, cut(text));
  auto other = begin("something else");
  CHECK(other.left_garbage);
  CHECK_FALSE(other.resumed);
  CHECK(other.version.first_passage == start.version.end_passage);
  CHECK(garbage() == "1|6\n");
}

TEST_CASE_METHOD(version_fixture, "content that is visible is left alone") {
  put(name, "hello");
  auto start = begin("hello");
  CHECK(start.unchanged);
  CHECK(start.passages == 1);
  CHECK(jobs() == "");
  begin("other");
  auto again = begin("hello");
  CHECK(again.unchanged);
  CHECK(jobs() == "");
}

TEST_CASE_METHOD(version_fixture, "what was visible becomes garbage") {
  put(name, "hello");
  auto start = begin("world");
  add(start.version, cut("world"));
  CHECK(places("hello") == "a@0");
  CHECK(publish(start.version, "world"));
  CHECK(places("hello OR world") == "a@0");
  CHECK(places("hello") == "");
  CHECK(garbage() == "1|2\n");
}

TEST_CASE_METHOD(version_fixture,
                 "steps that were committed already do nothing "
                 "when they are run again") {
  auto text = sample_text(20'000);
  auto passages = cut(text);
  std::vector<passage> first{passages.begin(), passages.begin() + 2};
  std::vector<passage> rest{passages.begin() + 2, passages.end()};
  put(name, "old");
  auto start = begin(text);
  CHECK(begin(text).version.first_passage == start.version.first_passage);
  for (int i = 0; i < 2; ++i) {
    add(start.version, first);
    CHECK(error == "none");
  }
  auto second = after(start.version, first);
  for (int i = 0; i < 2; ++i) {
    commit([&](sticky_sql& steps) {
      add_passages(steps, "a", second, rest);
      return publish_version(steps, "a", second, digest_of(text));
    });
    CHECK(error == "none");
  }
  CHECK(begin(text).unchanged);
  CHECK(rows("SELECT count(*) FROM onewriter_fts_1 WHERE rowid > 1")
        == std::to_string(passages.size()) + "\n");
  CHECK(garbage() == "1|2\n");
}

TEST_CASE_METHOD(version_fixture, "a version that is not there any more is "
                                  "noticed") {
  auto start = begin("hello");
  commit([&](sticky_sql& steps) {
    discard_version(steps, name);
    return 0;
  });
  CHECK(jobs() == "");
  add(start.version, cut("hello"));
  CHECK(error
        == "function_failed: the new version of a document disappeared from "
           "onewriter_index_job");
  publish(start.version, "hello");
  CHECK(error.substr(0, 16) == "function_failed:");
  CHECK(documents() == "");
}

TEST_CASE_METHOD(version_fixture,
                 "a version goes on nowhere else than where it "
                 "was left") {
  auto text = sample_text(20'000);
  auto passages = cut(text);
  auto start = begin(text);
  add(start.version, {passages.begin() + 1, passages.end()});
  CHECK(error
        == "function_failed: the new version of a document is not where it was "
           "left");
  auto later = after(start.version, {passages.front()});
  add(later, {passages.begin() + 1, passages.end()});
  CHECK(error.substr(0, 16) == "function_failed:");
  CHECK(rows("SELECT count(*) FROM onewriter_fts_1") == "0\n");
}

TEST_CASE_METHOD(version_fixture,
                 "a hidden document leaves all of its versions "
                 "as garbage") {
  put(name, "hello");
  auto text = sample_text(10'000);
  add(begin(text).version, cut(text));
  auto ranges = commit(
    [&](sticky_sql& steps) { return hide_document(steps, name).size(); });
  CHECK(ranges == 2);
  CHECK(documents() == "");
  CHECK(jobs() == "");
  CHECK(garbage() == "1|2\n2|5\n");
  CHECK(
    commit([&](sticky_sql& steps) { return hide_document(steps, name).size(); })
    == 0);
  CHECK(error == "none");
  commit([&](sticky_sql& steps) {
    return hide_document(steps, {"nothing", "a"}).size();
  });
  CHECK(error == "no_such_index: there is no index \"nothing\"");
}

TEST_CASE_METHOD(version_fixture, "garbage is removed piece by piece") {
  auto text = sample_text(40'000);
  put(name, text);
  put({"letters", "a"}, text);
  put({"notes", "b"}, "stays");
  auto hide = [&](const document_name& what) {
    commit(
      [&](sticky_sql& steps) { return hide_document(steps, what).size(); });
  };
  hide(name);
  hide({"letters", "a"});
  auto count = cut(text).size();
  REQUIRE(count == 10);
  auto remove = [&](size_t limit) {
    return commit([&](sticky_sql& steps) {
      auto removal = remove_garbage(steps, limit);
      return std::to_string(removal.passages)
             + (removal.index_ids.size() == 2 ? " of two" : "")
             + (removal.done ? " done" : "");
    });
  };
  CHECK(remove(4) == "4");
  CHECK(garbage() == "1|7\n1|11\n");
  CHECK(remove(9) == "9 of two");
  CHECK(remove(6) == "6");
  CHECK(remove(6) == "1 done");
  CHECK(remove(6) == "0 done");
  CHECK(rows("SELECT count(*) FROM onewriter_fts_1") == "1\n");
  CHECK(rows("SELECT count(*) FROM onewriter_fts_2") == "0\n");
  CHECK(places("stays") == "b@0");
}

TEST_CASE_METHOD(version_fixture, "garbage of one document is removed by its "
                                  "name") {
  put(name, sample_text(20'000));
  put({"notes", "b"}, "hello");
  commit([&](sticky_sql& steps) {
    hide_document(steps, name);
    return hide_document(steps, {"notes", "b"}).size();
  });
  auto remove = [&](garbage_range what) {
    return commit([&](sticky_sql& steps) {
      auto removal = remove_garbage(steps, what, 3);
      return std::to_string(removal.passages) + (removal.done ? " done" : "");
    });
  };
  CHECK(remove({1, 1, 6}) == "3");
  CHECK(remove({1, 1, 6}) == "2 done");
  CHECK(remove({1, 1, 6}) == "0 done");
  CHECK(garbage() == "11|12\n");
}
