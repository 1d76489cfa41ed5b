#pragma once

#include "onewriter/client.hpp"
#include "onewriter/options.hpp"
#include "tests/fault/inject/strain.hpp"
#include "tests/fault/replies.hpp"
#include "tests/fault/script.hpp"
#include "tests/strain/log_pin.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onewriter::test {

/// The fault of a trial: from `start` on, which gets the folder of the files,
/// until `stop`. At the end of the script, `is_over` returns whether the fault
/// ends now, or after the database was closed.
struct trouble {
  std::function<void(const std::string& folder)> start;
  std::function<bool()> is_over;
  std::function<void()> stop;
};

/// The results of a trial.
struct trial_result {
  /// Whether the database could not be opened.
  bool unopened = false;
  /// Whether it was opened, and has given up.
  bool gave_up = false;
  /// Callers that got an error which they would not have got otherwise.
  uint64_t errors = 0;
  uint64_t restarts = 0;
  std::vector<std::string> problems;
};

/// Returns options for a database that meets failures all the time: it tries
/// again soon, gives up waiting soon, and never ends because of transient
/// failures.
options options_for_trouble();

/// Runs a script on a fresh file while faults are injected, and then checks,
/// without faults, that the file agrees with the replies, that the statistics
/// add up, and that the database takes work, before and after it is opened
/// again, and answers again what has a position in a session.
class trial {
public:
  trial(caf::actor_system& sys, options opts, script_length length,
        strain under = {});

  trial_result run(const trouble& what);

private:
  void run_script(const trouble& what);

  void ask_again();

  bool open();

  void close_in_peace();

  void recover_copy();

  void close_in_trouble(const trouble& what);

  std::optional<statistics> settle();

  void check_statistics(const statistics& now);

  void check_writes(const statistics& now);

  void check_messages(const statistics& now);

  void probe(uint64_t id);

  void search_document();

  void close();

  void give_up_on_it();

  void reopen();

  /// Records a problem if `reply` is an error.
  template <class T>
  bool must(const std::string& what, const caf::expected<T>& reply);

  void problem(std::string what);

  caf::actor_system& sys_;
  options opts_;
  script_length length_;
  strain strain_;
  std::string folder_;
  std::unique_ptr<client> db_;
  std::unique_ptr<log_pin> pin_;
  replies replies_;
  trial_result result_;
};

} // namespace onewriter::test
