// What becomes of a database whose files another process deletes, replaces or
// damages while it is open: each tampering to each file at each moment,
// wherever the rows are.
#include "tests/catch.hpp"
#include "tests/others/file_tampering.hpp"
#include "tests/others/tampering_owner.hpp"
#include "tests/temp_folder.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

namespace onewriter::test {

namespace {

namespace fs = std::filesystem;

constexpr victim all_victims[]
  = {victim::file, victim::log, victim::index, victim::lock, victim::folder};

constexpr tampering all_tampering[]
  = {tampering::erase, tampering::rename, tampering::replace,
     tampering::empty, tampering::cut,    tampering::spoil,
     tampering::blank, tampering::forbid, tampering::link};

constexpr moment all_moments[]
  = {moment::idle, moment::turn, moment::load, moment::restart, moment::cursor};

/// A user other than root, because root can open everything.
constexpr uid_t unprivileged = 65'534;

bool takes_the_name(tampering x) {
  return x == tampering::erase || x == tampering::rename
         || x == tampering::replace;
}

bool takes_bytes(tampering x) {
  return x == tampering::empty || x == tampering::cut;
}

bool can_be_taken_back(tampering x) {
  return x == tampering::forbid || x == tampering::link;
}

/// What is to come of tampering.
enum class fate : uint8_t {
  /// The database ends with `ec::file_replaced`.
  replaced,
  /// The database ends with `ec::corrupt`.
  corrupt,
  /// No caller notices.
  goes_on,
  /// Either `corrupt`, or `goes_on` but that writes may expire: SQLite does not
  /// rebuild the index while a cursor reads.
  heals,
  /// The operating system ends the process (SIGBUS), or as `heals`.
  dies,
};

fate fate_of(victim whom, tampering what) {
  if (can_be_taken_back(what))
    return fate::goes_on;
  if (takes_the_name(what))
    return fate::replaced;
  if (whom == victim::lock)
    return fate::goes_on;
  if (whom == victim::index)
    return takes_bytes(what) ? fate::dies : fate::heals;
  return fate::corrupt;
}

/// Whether the outcome of a refused write may be unknown: when it was being
/// committed just then, or when names and sizes do not show it.
bool may_be_unknown(tampering what, moment when) {
  return when == moment::turn || when == moment::load
         || what == tampering::spoil || what == tampering::blank;
}

/// Whether the file has all that was acknowledged before the tampering, once a
/// lost name is given back.
bool keeps_everything(victim whom, tampering what, moment when) {
  if (whom == victim::file)
    return what == tampering::rename || can_be_taken_back(what);
  if (whom == victim::log)
    // While the writer is away, there is nothing left to be rescued.
    return can_be_taken_back(what)
           || (takes_the_name(what) && when != moment::restart);
  return true;
}

struct report {
  std::string writes;
  std::string cursor;
  std::string last;
  std::string state;
};

/// A cell of the table.
struct tampering_case {
  victim whom;
  tampering what;
  moment when;
  rows_are where;
};

std::string name_of(const tampering_case& x) {
  return to_string(x.what) + " " + to_string(x.whom) + " at "
         + to_string(x.when)
         + (x.where == rows_are::in_log ? ", rows in the log" : "");
}

/// Has the tampering done to a database that another process owns.
class tampering_run {
public:
  explicit tampering_run(const tampering_case& x) : case_{x} {
    if (x.what == tampering::forbid && ::geteuid() == 0)
      for (auto& path : {files_.path(), notes_.path()})
        has_user_ &= ::chown(path.c_str(), unprivileged, unprivileged) == 0;
  }

  /// Returns what is wrong; empty where everything is right.
  std::string problem() {
    auto report_text = ask_owner();
    if (report_text.rfind("skipped", 0) == 0)
      return report_text;
    auto result = problem_of(report_text);
    if (case_.whom == victim::file && case_.what == tampering::rename)
      undo_tampering(case_.what, case_.whom, paths_.database);
    result += missing("later", paths_.later);
    if (keeps_everything(case_.whom, case_.what, case_.when))
      result += missing("before", paths_.before);
    return result.empty() ? "" : name_of(case_) + ": " + result;
  }

private:
  std::string ask_owner() {
    child_process owner{[this](talk_end& parent) {
      be_owner(parent);
    }};
    auto word = owner.wait();
    if (word != "ready")
      return word;
    tamper(case_.what, case_.whom, paths_.database);
    owner.tell();
    word = owner.wait();
    if (can_be_taken_back(case_.what))
      undo_tampering(case_.what, case_.whom, paths_.database);
    if (word == "settled") {
      owner.tell();
      word = owner.wait();
    }
    status_ = owner.end();
    return word;
  }

  void be_owner(talk_end& parent) {
    std::signal(SIGBUS, SIG_DFL);
    // Seconds. No owner runs for so long.
    ::alarm(60);
    if (case_.what == tampering::forbid && ::geteuid() == 0)
      has_user_ &= ::setgid(unprivileged) == 0 && ::setuid(unprivileged) == 0
                   && ::access(files_.path().c_str(), W_OK) == 0;
    if (!has_user_)
      return parent.tell("skipped, there is no other user to be");
    own_during_tampering(parent, case_.when, case_.where, paths_);
  }

  std::string problem_of(const std::string& report_text) const {
    auto expected = fate_of(case_.whom, case_.what);
    if (report_text.empty())
      return expected == fate::dies && WIFSIGNALED(status_)
                 && WTERMSIG(status_) == SIGBUS
               ? ""
               : "the owner ended with status " + std::to_string(status_);
    report x;
    std::istringstream lines{report_text};
    for (auto line : {&x.writes, &x.cursor, &x.last, &x.state})
      std::getline(lines, *line);
    auto is_well
      = x.cursor == "ok" && x.last == "ok ok balanced" && x.state == "open ok";
    auto goes_on = is_well && x.writes == "ok";
    auto heals
      = is_well && (x.writes == "ok" || x.writes == "deadline_exceeded ok");
    auto is_right = expected == fate::replaced  ? ends(x, "file_replaced")
                    : expected == fate::goes_on ? goes_on
                    : expected == fate::corrupt ? ends(x, "corrupt")
                                                : heals || ends(x, "corrupt");
    return is_right ? ""
                    : "writes " + x.writes + ", cursor " + x.cursor + ", last "
                        + x.last + ", " + x.state;
  }

  // What was read while the database ended is right or not there.
  bool ends(const report& x, const std::string& code) const {
    std::istringstream words{x.writes};
    for (std::string word; words >> word;)
      if (word != "ok" && word != code
          && !(word == "outcome_unknown"
               && may_be_unknown(case_.what, case_.when)))
        return false;
    return x.last == code + " " + code + " balanced" && x.state == "failed"
           && (x.cursor == "ok" || x.cursor == code
               || x.cursor == "cursor_closed" || x.cursor == "unavailable");
  }

  std::string missing(const char* which, const std::string& numbers) const {
    auto found = look_for_numbers(paths_.database, numbers);
    return found == "all there"
             ? ""
             : std::string{"; of those "} + which + " " + found;
  }

  tampering_case case_;
  temp_folder files_;
  temp_folder notes_;
  tampering_paths paths_{files_.file("test.db"), notes_.file("before"),
                         notes_.file("later")};
  bool has_user_ = true;
  int status_ = 0;
};

// A name or bytes of a folder are another matter: its files are not there.
bool makes_sense(victim whom, tampering what) {
  return whom != victim::folder || what == tampering::forbid;
}

std::string problems_at(moment when, rows_are where) {
  std::string result;
  for (auto whom : all_victims)
    for (auto what : all_tampering) {
      if (!makes_sense(whom, what))
        continue;
      auto problem = tampering_run{{whom, what, when, where}}.problem();
      if (problem.rfind("skipped", 0) == 0)
        WARN(problem);
      else if (!problem.empty())
        result += problem + '\n';
    }
  return result;
}

} // namespace

TEST_CASE("tampering with the files of a database that is open") {
  auto when
    = GENERATE(from_range(std::begin(all_moments), std::end(all_moments)));
  auto where = GENERATE(rows_are::in_file_and_log, rows_are::in_log);
  CHECK(problems_at(when, where) == "");
}

} // namespace onewriter::test
