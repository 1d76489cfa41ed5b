#include "tests/power/history.hpp"

#include "tests/power/document_text.hpp"
#include "tests/power/numbered_write.hpp"
#include "tests/power/recovery/recovered_system.hpp"
#include "tests/power/recovery/verdict.hpp"
#include "tests/strain/tiny_resources.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <ostream>
#include <utility>

namespace onewriter::test {

namespace {

// More than a history can ask for.
constexpr uint64_t most_versions = 3 * runs_per_history + 1;

/// Where the power is cut, and the number of the cut.
struct power_cut {
  size_t position = 0;
  uint64_t number = 0;
};

bool operator<(const power_cut& x, const power_cut& y) {
  return x.position < y.position;
}

std::mt19937_64 random_of(uint64_t seed, uint64_t number, uint64_t purpose) {
  std::seed_seq seeds{seed, number, purpose};
  return std::mt19937_64{seeds};
}

// Those without a receipt, and some of those with one.
std::vector<repeated_write> writes_to_repeat(const run_ledger& ledger,
                                             size_t cut) {
  constexpr size_t most_answered = 5;
  size_t answered = 0;
  std::vector<repeated_write> result;
  for (auto x = ledger.writes.rbegin(); x != ledger.writes.rend(); ++x) {
    auto is_answered = x->receipt_at <= cut;
    if (x->number == 0 || !has_positions(x->sender) || x->sent_at > cut
        || (is_answered && ++answered > most_answered))
      continue;
    result.push_back({x->number, x->sender, is_answered});
  }
  return result;
}

// An empty database with pages of 512 bytes, on the disk for long.
folder_content tiny_file(harness& lab) {
  auto folder = lab.folder.make("tiny");
  create_tiny_file(folder + "/test.db");
  std::ifstream file{folder + "/test.db", std::ios::binary};
  std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  lab.folder.remove(folder);
  return {{"test.db", bytes}};
}

/// The database of a history.
class history {
public:
  history(harness& lab, power_counts& counts, bool tiny)
    : lab_{lab},
      counts_{counts},
      tiny_{tiny} {
    if (tiny)
      content_ = tiny_file(lab);
  }

  /// Does one process run and tries cuts number `first` to `last`. Returns
  /// whether the database can go on.
  bool run_once(uint64_t first, uint64_t last) {
    auto random = random_of(lab_.seed, first, 0);
    auto plan = run_plan::draw(random, tiny_);
    auto folder = lab_.folder.make("run-" + std::to_string(first));
    write_folder(folder, content_);
    auto record = run_process(lab_.sys, lab_.disk, folder, lab_.documents, plan,
                              counts_.level, random(), ledger_);
    lab_.folder.remove(folder);
    ++counts_.runs;
    counts_.tiny_runs += plan.tiny ? 1 : 0;
    counts_.pinned_runs += plan.pinned ? 1 : 0;
    counts_.burdens += record.ledger.burdens;
    for (auto& x : record.ledger.problems)
      complain(first, record, record.changes.size(), {x}, {});
    auto sound = record.ledger.problems.empty();
    disk_state disk{content_};
    size_t done = 0;
    for (auto& cut : draw_cuts(record, first, last, random)) {
      for (; done < cut.position; ++done)
        disk.apply(record.changes[done]);
      auto is_end = cut.number == last;
      auto is_wanted = lab_.only == 0 || lab_.only == cut.number;
      // The next run begins with what the end leaves.
      if (is_wanted || (is_end && lab_.only > last))
        sound = try_cut(record, disk, cut, is_end) && sound;
    }
    return sound;
  }

private:
  // The last one is at the end, wherever that was.
  static std::vector<power_cut> draw_cuts(const run_record& record,
                                          uint64_t first, uint64_t last,
                                          std::mt19937_64& random) {
    std::vector<power_cut> result;
    for (auto number = first; number < last; ++number)
      result.push_back({draw_position(record.changes, random), number});
    std::sort(result.begin(), result.end());
    result.push_back({record.changes.size(), last});
    return result;
  }

  // Most changes are writes to the log, and most happen once the file is open:
  // the others are looked for, some of them and what comes right after them.
  static size_t draw_position(const std::vector<disk_change>& changes,
                              std::mt19937_64& random) {
    constexpr size_t beginning = 100;
    auto draw = random() % 10;
    auto end = draw < 2 ? std::min(beginning, changes.size()) : changes.size();
    auto result = random() % (end + 1);
    if (draw < 7)
      return result;
    while (result < end && is_log_write(changes[result]))
      ++result;
    return std::min(result + random() % 3, end);
  }

  static bool is_log_write(const disk_change& x) {
    return x.what == change::write && x.kind == file_kind::log;
  }

  bool try_cut(const run_record& record, const disk_state& disk,
               const power_cut& cut, bool is_end) {
    auto random = random_of(lab_.seed, cut.number, 1);
    auto remains = disk.remains(random, counts_.damage);
    auto& ledger = record.ledger;
    // After the end nothing was synced any more: each receipt counts.
    auto at = is_end ? never - 1 : cut.position;
    auto indexing = was_indexing(ledger, at);
    auto versions = possible_versions(ledger, at);
    // As good as any other job where it had not begun, and takes its time.
    auto repeats_jobs = random() % 4 == 0;
    auto recovered
      = recover(lab_.sys, lab_.folder, lab_.documents, remains, versions,
                repeats_jobs, writes_to_repeat(ledger, at));
    auto result = verify(recovered.found, ledger, at, counts_.level);
    count(result, recovered, indexing, is_end && record.was_cut);
    result.problems.insert(result.problems.end(), recovered.problems.begin(),
                           recovered.problems.end());
    if (!result.problems.empty())
      complain(cut.number, record, cut.position, result.problems, remains);
    if (is_end)
      begin_again(std::move(remains), recovered, ledger, indexing);
    return result.problems.empty();
  }

  void count(const verdict& result, const recovery& recovered, bool indexing,
             bool is_real) {
    ++counts_.cuts;
    counts_.real_cuts += is_real ? 1 : 0;
    counts_.acknowledged += result.acknowledged;
    counts_.lost += result.lost;
    counts_.lost_commits += result.lost_commits;
    counts_.jobs_interrupted += indexing ? 1 : 0;
    counts_.jobs_resumed += indexing && recovered.resumed ? 1 : 0;
  }

  void begin_again(folder_content remains, const recovery& recovered,
                   const run_ledger& before, bool indexing) {
    content_ = std::move(remains);
    ledger_ = {};
    ledger_.old_writes = recovered.found.writes;
    ledger_.old_version = recovered.found.version;
    if (!indexing && !recovered.had_open_job)
      return;
    // A job may go on by itself as soon as the file is open.
    for (auto& x : before.documents)
      if (x.version > ledger_.old_version)
        ledger_.documents.push_back({x.version, 0, never, 0});
  }

  void complain(uint64_t number, const run_record& record, size_t position,
                const std::vector<std::string>& problems,
                const folder_content& remains) {
    ++counts_.failed_cuts;
    auto& out = lab_.complaints;
    if (!lab_.keeps_remains)
      return;
    out << "cut " << number << " with seed " << lab_.seed
        << ", synchronous=" << to_string(counts_.level)
        << (tiny_ ? ", tiny" : "") << ", before change " << position << " of "
        << record.changes.size() << " ("
        << (position < record.changes.size()
              ? to_string(record.changes[position])
              : "the end")
        << "):\n";
    for (auto& x : problems)
      out << "  " << x << '\n';
    if (!remains.empty())
      out << "  what was left is in "
          << keep_folder("onewriter-power-cut-" + std::to_string(number),
                         remains)
          << '\n';
  }

  harness& lab_;
  power_counts& counts_;
  bool tiny_;
  folder_content content_;
  run_ledger ledger_;
};

} // namespace

harness::harness(caf::actor_system& system, std::ostream& out)
  : sys{system},
    documents{folder.make("documents")},
    complaints{out} {
  folder_content texts;
  for (uint64_t version = 1; version <= most_versions; ++version)
    texts[word_of(version)] = document_text(version);
  write_folder(documents, texts);
}

void run_history(harness& lab, uint64_t first, uint64_t last,
                 power_counts& counts) {
  // Every other one, with every seed.
  constexpr auto all = runs_per_history * cuts_per_run;
  auto draw = random_of(lab.seed, 0, 2)();
  history database{lab, counts, (first / all + draw) % 2 == 0};
  auto goes_on = true;
  while (goes_on && first <= last) {
    auto end = std::min(first + cuts_per_run - 1, last);
    goes_on = database.run_once(first, end);
    first = end + 1;
    if (lab.only != 0 && lab.only < first)
      return;
  }
}

} // namespace onewriter::test
