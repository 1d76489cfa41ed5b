#include "tests/crash/document.hpp"
#include "tests/crash/kill_plan.hpp"
#include "tests/crash/log_index.hpp"
#include "tests/crash/process/writer_process.hpp"
#include "tests/crash/runs.hpp"
#include "tests/strain/tiny_resources.hpp"

#include <filesystem>
#include <thread>

#include <signal.h>
#include <sys/wait.h>

namespace onewriter::test {

namespace {

using namespace std::chrono_literals;

// How long anything may take that has to come, on a busy machine.
constexpr auto patience = 60s;

class kill_run {
public:
  kill_run(const run_setting& setting, bool keyed, bool tiny)
    : setting_{setting},
      database_{setting.folder + "/test.db"} {
    orders_.folder = setting.folder;
    orders_.keyed = keyed;
    orders_.tiny = tiny;
    report_.name
      = std::string{tiny ? "tiny " : ""} + (keyed ? "keyed" : "plain");
    if (tiny)
      create_tiny_file(database_);
  }

  run_report run(size_t kills) {
    for (auto& order : make_kill_plan(setting_.seed + orders_.tiny, kills))
      start_and_kill(order);
    finish();
    try {
      report_.outcome
        = verify(setting_.folder, orders_.keyed ? demand::everything_once
                                                : demand::acknowledged_once);
    } catch (const std::exception& ex) {
      trouble(std::string{"what is left cannot be read: "} + ex.what());
    }
    return std::move(report_);
  }

private:
  void start_and_kill(const kill_order& order) {
    auto orders = orders_;
    orders.checkpoints = order.when == moment::checkpoint;
    orders.pinned = order.pinned;
    if (order.when == moment::indexing) {
      orders.document = "document" + std::to_string(report_.killed);
      write_document(setting_.folder, orders.document);
    }
    writer_process process{orders, setting_.words};
    wait_for_moment(process, order);
    std::this_thread::sleep_for(order.delay);
    process.signal(SIGKILL);
    auto status = process.wait(patience);
    // One that was asked to stop may have been faster.
    auto ended = order.when == moment::stopping && WIFEXITED(status)
                 && WEXITSTATUS(status) == 0;
    if (!ended && !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
      trouble("a process ended by itself, status " + std::to_string(status));
    note(process.record());
  }

  void wait_for_moment(writer_process& process, const kill_order& order) {
    if (order.when == moment::opening)
      return;
    auto enough = [&](const run_record& x) {
      // With turns of three requests they take longer.
      auto receipts = order.receipts / (orders_.tiny ? 4 : 1);
      return x.receipts >= receipts && has_come(order.when, x);
    };
    if (!process.listen_until(enough, patience))
      return trouble("a process did not get to the moment of its end");
    if (order.when == moment::stopping)
      process.signal(SIGTERM);
  }

  // The first checkpoint is not the one that is waited for, so that what it
  // has left in the file is not taken for the second one's.
  static bool has_come(moment what, const run_record& x) {
    return x.opened && (what != moment::checkpoint || x.checkpoints >= 2)
           && (what != moment::indexing || x.jobs > 0);
  }

  void note(const run_record& x) {
    std::error_code ignored;
    auto log_bytes = std::filesystem::file_size(database_ + "-wal", ignored);
    auto in_checkpoint = x.checkpoints >= 2 && died_in_checkpoint(database_);
    report_.killed += x.stopped ? 0 : 1;
    report_.stopped += x.stopped ? 1 : 0;
    report_.killed_opening += x.opened ? 0 : 1;
    report_.killed_with_log += !ignored && log_bytes > 0 ? 1 : 0;
    report_.killed_in_checkpoint += in_checkpoint ? 1 : 0;
    report_.killed_pinned += x.pinned && !x.stopped ? 1 : 0;
    report_.burdens += x.burdens;
    report_.killed_indexing += x.jobs > x.jobs_done ? 1 : 0;
    report_.killed_stopping += x.stopping && !x.stopped ? 1 : 0;
    report_.resent += x.resent;
    report_.documents_acknowledged += x.jobs_done;
    for (auto& line : x.troubles)
      trouble(line);
  }

  // Lets one process do what the earlier ones have left undone.
  void finish() {
    auto orders = orders_;
    orders.last = true;
    writer_process process{orders, setting_.words};
    auto status = process.wait(patience);
    auto& x = process.record();
    if (status != 0 || !x.stopped)
      trouble("the last process failed, status " + std::to_string(status));
    ++report_.stopped;
    report_.resent += x.resent;
    report_.documents_whole = x.documents_whole;
    report_.documents_kept = x.documents_kept;
    if (x.documents_whole != documents_in(setting_.folder).size())
      trouble("documents are not whole");
    if (x.documents_kept < report_.documents_acknowledged)
      trouble("documents that were acknowledged had to be done again");
    for (auto& line : x.troubles)
      trouble(line);
  }

  void trouble(std::string what) {
    report_.troubles.push_back(std::move(what));
  }

  run_setting setting_;
  std::string database_;
  writer_orders orders_;
  run_report report_;
};

} // namespace

run_report run_kills(const run_setting& setting, size_t kills, bool keyed,
                     bool tiny) {
  return kill_run{setting, keyed, tiny}.run(kills);
}

} // namespace onewriter::test
