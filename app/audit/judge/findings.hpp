#pragma once

#include "app/audit/core/facts.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::node {

enum class finding_level : uint8_t {
  /// Good to know: nothing is lost because of it.
  note,
  /// What is in the file, or written to it, may get lost.
  risk,
};

/// One thing that the user should know about the file.
struct finding {
  finding_level level = finding_level::note;
  /// A name that stays the same, for programs: "wal_reset_bug".
  std::string code;
  /// For people, in one paragraph.
  std::string what;
  /// What to do about it.
  std::string advice;
};

/// A log of at least this size is large: it has passed SQLite's own checkpoints
/// (1,000 pages, 4 MB) many times.
constexpr uint64_t large_log_bytes = 64 << 20;

/// Frames that a reader may keep in the log without a finding: as many as
/// SQLite itself lets come together before a checkpoint. A query that runs for
/// a moment keeps some.
constexpr uint64_t most_kept_frames = 999;

/// Returns what there is to say about `x`, the risks first. Looks at nothing
/// else.
[[nodiscard]] std::vector<finding> judge(const audit_facts& x);

[[nodiscard]] bool has_risk(const std::vector<finding>& xs);

// The parts of `judge`, each for one kind of facts.

void judge_files(const audit_facts& x, std::vector<finding>& to);

void judge_log(const audit_facts& x, std::vector<finding>& to);

void judge_processes(const audit_facts& x, std::vector<finding>& to);

void judge_reset_bug(const audit_facts& x, std::vector<finding>& to);

void judge_integrity(const audit_facts& x, std::vector<finding>& to);

} // namespace onewriter::node
