#pragma once

#include "tests/oracle/found_writes.hpp"
#include "tests/oracle/write_record.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace onewriter::test {

/// The ways in which a file can contradict what the senders know.
enum class flaw : uint8_t {
  /// Acknowledged, or demanded, and not there.
  missing,
  /// There more than once.
  twice,
  /// There in part, or with rows of other writes in between.
  partial,
  /// There, though its sender got a refusal.
  refused,
  /// There, though no sender has sent it.
  never_sent,
  /// Before a write that the same sender sent earlier.
  out_of_order,
  /// There without one that the same sender sent earlier.
  gap,
  /// There, and its commit is not; or the reverse.
  torn_commit,
  /// Behind a write of a later commit.
  commit_order,
  /// Not answered, though everything had to be.
  unanswered,
};

inline constexpr size_t flaw_count = 10;

/// Returns a few words, for tables.
const char* to_string(flaw x);

struct finding {
  flaw what = flaw::missing;
  uint64_t write = 0;
  /// A sentence for people.
  std::string text;
};

/// What holds beside the contract in one run.
struct write_demands {
  /// Number of the last commit in the file, where it is known.
  std::optional<uint64_t> last_commit;
  /// Whether what was acknowledged may be missing where its commit is after the
  /// last one in the file.
  bool may_lose_last_commits = false;
  /// Whether a write that is missing takes all later ones of its sender along,
  /// apart from those that are refused.
  bool forbids_gaps = false;
  bool all_answered = false;
  /// Whether all that was sent is there, acknowledged or not.
  bool all_there = false;
};

/// Compares what the senders know with what is in the file. `sent` has the
/// writes of each sender in the order of sending. Returns what is wrong.
std::vector<finding> verify_writes(const std::vector<write_record>& sent,
                                   const found_writes& found,
                                   const write_demands& demands);

/// Counts findings by flaw.
std::array<uint64_t, flaw_count> count(const std::vector<finding>& xs);

} // namespace onewriter::test
