// Whether the model sees each way to break the contract: what a file holds, or
// a search finds, is doctored in one way after the other.
#include "tests/catch.hpp"
#include "tests/model/ledger/document_ledger.hpp"
#include "tests/model/ledger/effort_ledger.hpp"
#include "tests/model/ledger/entry_ledger.hpp"
#include "tests/model/ledger/write_tally.hpp"

#include <algorithm>

using namespace onewriter;
using namespace onewriter::test;

namespace {

/// One sender. Contents 1 and 2 are acknowledged, 3 is refused, 4 is in doubt,
/// 5 is forgotten; 1 has two rows and moves a counter.
class sound_entries {
public:
  file_content file;
  complaints found;
  entry_ledger entries{found};

  sound_entries() {
    file.commit = 8;
    file.entries = {{1, 1, 1}, {2, 1, 2}, {3, 2, 1}, {4, 5, 1}};
    file.versions[0] = 1;
    for (uint64_t content = 1; content <= 5; ++content)
      send(content);
    acknowledge(0, 7, 2, 2);
    acknowledge(1, 8, 1, 3);
    entries.refused(2, 23);
    entries.in_doubt(3, 24);
  }

  void send(uint64_t content) {
    entry_request what;
    what.when = {0, content, never};
    what.content = content;
    what.rows = content == 1 ? 2 : 1;
    what.changes = what.rows;
    what.counter = content == 1 ? 0 : -1;
    what.forgotten = content == 5;
    entries.sent(what);
  }

  void acknowledge(size_t which, uint64_t commit, int64_t changes,
                   int64_t last_row) {
    write_receipt receipt;
    receipt.commit = commit;
    receipt.changes = changes;
    receipt.last_insert_rowid = last_row;
    entries.acknowledged(which, receipt, 20 + which);
  }

  size_t problems() {
    entries.check(file);
    return found.all().size();
  }
};

} // namespace

// -- writes -------------------------------------------------------------------------

TEST_CASE_METHOD(sound_entries, "the model has no objection to a sound file") {
  CHECK(problems() == 0);
  CHECK(entries.forgotten_and_done() == 1);
}

TEST_CASE_METHOD(sound_entries, "the model sees that a content is missing") {
  file.entries.erase(file.entries.begin() + 2);
  // And that its commit is not.
  CHECK(problems() == 2);
}

TEST_CASE_METHOD(sound_entries, "the model sees half of a content") {
  file.entries.erase(file.entries.begin());
  CHECK(problems() == 1);
}

TEST_CASE_METHOD(sound_entries,
                 "the model sees a content that is there twice") {
  file.entries.push_back({5, 2, 1});
  CHECK(problems() == 1);
}

TEST_CASE_METHOD(sound_entries, "the model sees refused and unknown contents") {
  file.entries.push_back({5, 3, 1});
  file.entries.push_back({6, 77, 1});
  // The first one has been overtaken, too.
  CHECK(problems() == 3);
}

TEST_CASE_METHOD(sound_entries, "the model sees contents that were overtaken") {
  std::swap(file.entries[2].content, file.entries[3].content);
  std::swap(file.entries[2].id, file.entries[3].id);
  CHECK(problems() == 1);
}

TEST_CASE_METHOD(sound_entries, "the model sees commits in the wrong order") {
  acknowledge(1, 6, 1, 3);
  CHECK(problems() == 1);
}

TEST_CASE_METHOD(sound_entries, "the model sees a request without an answer") {
  send(6);
  CHECK(problems() == 1);
}

TEST_CASE_METHOD(sound_entries, "the model sees receipts that are wrong") {
  SECTION("about changes") {
    acknowledge(0, 7, 3, 2);
  }
  SECTION("about rows") {
    acknowledge(0, 7, 2, 1);
  }
  SECTION("without a commit") {
    acknowledge(0, 0, 2, 2);
  }
  SECTION("about what was returned") {
    entries.returned(0, {{1, 1, 1}, {2, 1, 3}});
  }
  CHECK(problems() == 1);
}

TEST_CASE_METHOD(sound_entries, "the model sees what became of forgotten "
                                "requests") {
  size_t expected = 1;
  SECTION("neither written nor a letter") {
    file.entries.pop_back();
  }
  SECTION("written and a letter") {
    file.letters.push_back(5);
    // Too often, and not once.
    expected = 2;
  }
  SECTION("discarded and there") {
    entries.discarded(5);
  }
  SECTION("a letter of an awaited request") {
    file.letters.push_back(2);
  }
  CHECK(problems() == expected);
}

TEST_CASE_METHOD(sound_entries, "the model sees that counters are wrong") {
  file.versions[0] = 2;
  CHECK(problems() == 1);
}

TEST_CASE_METHOD(sound_entries, "the model sees snapshots that never were") {
  SECTION("without what was acknowledged before") {
    entries.saw({30, 31, {{1, 1, 1}, {2, 1, 2}}});
  }
  SECTION("with half of a content") {
    entries.saw({10, 31, {{1, 1, 1}}});
  }
  SECTION("with other rows") {
    entries.saw({10, 11, {{2, 1, 1}, {1, 1, 2}}});
  }
  CHECK(problems() == 1);
}

// -- best effort, counts and documents ----------------------------------------------

TEST_CASE("the model sees what is wrong with best-effort messages") {
  complaints found;
  effort_ledger efforts{found};
  efforts.sent({0, 1, never}, 1, "k", false);
  efforts.sent({0, 2, never}, 2, "k", false);
  best_effort_counts counts;
  counts.submitted = 2;
  counts.written = 2;
  file_content file;
  file.efforts = {{"k", 1}, {"k", 2}};
  size_t expected = 1;
  SECTION("nothing") {
    expected = 0;
  }
  SECTION("an older one is the last") {
    std::swap(file.efforts[0], file.efforts[1]);
    // It came behind, and the newest is not what is left.
    expected = 2;
  }
  SECTION("one is missing") {
    file.efforts.pop_back();
    expected = 2;
  }
  SECTION("one was never sent") {
    file.efforts.push_back({"k", 3});
    expected = 2;
  }
  SECTION("one has another key") {
    file.efforts[0].key = "other";
  }
  SECTION("they are counted wrongly") {
    counts.submitted = 3;
    expected = 2;
  }
  efforts.closed(counts);
  efforts.check(file);
  CHECK(found.all().size() == expected);
}

TEST_CASE("the model sees that writes are counted wrongly") {
  complaints found;
  write_tally tally{found};
  tally.sent(false);
  tally.sent(false);
  tally.answered(ec::none);
  tally.answered(ec::invalid_sql);
  write_counts counts;
  counts.submitted = 2;
  counts.acknowledged = 1;
  counts.failed = 1;
  size_t expected = 0;
  SECTION("nothing") {
  }
  SECTION("as acknowledged") {
    counts.acknowledged = 2;
    counts.failed = 0;
    expected = 2;
  }
  SECTION("as pending") {
    counts.failed = 0;
    counts.pending = 1;
    expected = 2;
  }
  tally.closed(counts);
  tally.check(0, 0);
  CHECK(found.all().size() == expected);
}

TEST_CASE("the model sees what is wrong with documents") {
  complaints found;
  document_ledger documents{found};
  auto bytes = document_text(1, 700).size();
  documents.done(documents.sent({{0, 1, never}, "a", 1, bytes}), 2);
  search_hits hits;
  search_hit hit;
  hit.key = "a";
  hit.snippet = "all version1 part0";
  hits.hits.push_back(hit);
  size_t expected = 1;
  SECTION("nothing") {
    expected = 0;
  }
  SECTION("it is not found") {
    hits.hits.clear();
  }
  SECTION("a part is not found") {
    hits.hits[0].offset = 300;
  }
  SECTION("another version is found") {
    hits.hits[0].snippet = "all version2 part0";
  }
  SECTION("two versions are found") {
    hit.snippet = "all version2 part0";
    hits.hits.push_back(hit);
    // The second one is not there, either.
    expected = 2;
  }
  documents.saw(3, 4, hits);
  CHECK(found.all().size() == expected);
}
