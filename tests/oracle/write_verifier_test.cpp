// Whether the oracle sees each way in which a file can contradict the senders:
// a sound file is doctored in one way after the other.
#include "tests/catch.hpp"
#include "tests/oracle/write_verifier.hpp"

using namespace onewriter::test;

namespace {

/// Two senders, two commits: the second one has writes 3 and 4.
class sound_file {
public:
  std::vector<write_record> sent = {
    {1, 0, 2, reply_state::acknowledged, 7},
    {2, 1, 1, reply_state::acknowledged, 7},
    {3, 0, 1, reply_state::acknowledged, 8},
    {4, 1, 2, reply_state::acknowledged, 8},
    {5, 0, 1, reply_state::refused, 0},
    {6, 1, 1, reply_state::unknown, 0},
  };
  std::vector<found_row> rows
    = {{1, 1}, {1, 2}, {2, 1}, {3, 1}, {4, 1}, {4, 2}};
  write_demands demands;

  sound_file() {
    demands.last_commit = 8;
  }

  void remove(uint64_t write) {
    std::vector<found_row> kept;
    for (auto& x : rows)
      if (x.write != write)
        kept.push_back(x);
    rows = kept;
  }

  write_record& of(uint64_t write) {
    return sent.at(write - 1);
  }

  /// Returns what the oracle finds, one word each.
  std::string findings() const {
    std::string result;
    for (auto& x : verify_writes(sent, sort_by_write(rows), demands))
      result += (result.empty() ? "" : "; ") + std::to_string(x.write) + " "
                + to_string(x.what);
    return result;
  }
};

} // namespace

TEST_CASE_METHOD(sound_file, "the oracle finds nothing in a sound file") {
  CHECK(findings() == "");
  // Either is right where the outcome is unknown.
  rows.push_back({6, 1});
  CHECK(findings() == "");
}

TEST_CASE_METHOD(sound_file, "the oracle sees that a write is missing") {
  remove(4);
  CHECK(findings() == "4 missing; 4 commits torn");
  of(4).commit = 0;
  CHECK(findings() == "4 missing");
}

TEST_CASE_METHOD(sound_file, "the oracle forgives the loss of the last commits "
                             "only where that is allowed") {
  remove(3);
  remove(4);
  demands.last_commit = 7;
  CHECK(findings() == "3 missing; 4 missing");
  demands.may_lose_last_commits = true;
  CHECK(findings() == "");
  remove(2);
  CHECK(findings() == "2 missing; 2 commits torn");
}

TEST_CASE_METHOD(sound_file, "the oracle sees a commit that is there in part") {
  demands.may_lose_last_commits = true;
  demands.last_commit = 7;
  remove(4);
  CHECK(findings() == "3 commits torn");
  // The number is known from a receipt that came too late for an oracle.
  demands.last_commit = 8;
  of(4).reply = reply_state::waiting;
  CHECK(findings() == "4 commits torn");
}

TEST_CASE_METHOD(sound_file, "the oracle sees rows that are there twice") {
  rows.push_back({2, 1});
  CHECK(findings() == "2 twice");
}

TEST_CASE_METHOD(sound_file, "the oracle sees a part of a write") {
  rows.erase(rows.begin());
  CHECK(findings() == "1 there in part");
}

TEST_CASE_METHOD(sound_file, "the oracle sees parts that are mixed up") {
  std::swap(rows[0], rows[1]);
  CHECK(findings() == "1 there in part");
  std::swap(rows[0], rows[1]);
  std::swap(rows[1], rows[2]);
  CHECK(findings() == "1 there in part");
}

TEST_CASE_METHOD(sound_file, "the oracle sees what was refused and is there") {
  rows.push_back({5, 1});
  CHECK(findings() == "5 refused, but there");
}

TEST_CASE_METHOD(sound_file, "the oracle sees what no sender has sent") {
  rows.push_back({9, 1});
  CHECK(findings() == "9 never sent");
}

TEST_CASE_METHOD(sound_file, "the oracle sees what came before it was sent") {
  of(6).reply = reply_state::unsent;
  CHECK(findings() == "");
  rows.push_back({6, 1});
  CHECK(findings() == "6 never sent");
}

TEST_CASE_METHOD(sound_file, "the oracle sees that writes overtook others") {
  rows = {{3, 1}, {1, 1}, {1, 2}, {2, 1}, {4, 1}, {4, 2}};
  CHECK(findings()
        == "3 out of order; 1 commits out of order; 2 commits out of order");
  // Where the commits are unknown, the order of a sender still tells.
  of(3).commit = 0;
  CHECK(findings() == "3 out of order");
  of(1).sender = no_sender;
  CHECK(findings() == "");
}

TEST_CASE_METHOD(sound_file, "the oracle sees gaps where they are forbidden") {
  of(2).reply = reply_state::waiting;
  of(2).commit = 0;
  remove(2);
  CHECK(findings() == "");
  demands.forbids_gaps = true;
  CHECK(findings() == "4 gaps in a sender's order");
  // What was refused leaves none.
  of(2).reply = reply_state::refused;
  CHECK(findings() == "");
}

TEST_CASE_METHOD(sound_file, "the oracle sees what was never answered") {
  of(6).reply = reply_state::waiting;
  CHECK(findings() == "");
  demands.all_answered = true;
  CHECK(findings() == "6 answers owed");
}

TEST_CASE_METHOD(sound_file, "the oracle sees that not everything is there") {
  remove(2);
  of(2).reply = reply_state::waiting;
  of(2).commit = 0;
  of(5).reply = reply_state::unsent;
  of(6).reply = reply_state::unsent;
  CHECK(findings() == "");
  demands.all_there = true;
  CHECK(findings() == "2 missing");
}

TEST_CASE("findings are counted by flaw") {
  auto counts = count({{flaw::twice, 1, ""}, {flaw::twice, 2, ""}});
  CHECK(counts[static_cast<size_t>(flaw::twice)] == 2);
  CHECK(counts[static_cast<size_t>(flaw::missing)] == 0);
}
