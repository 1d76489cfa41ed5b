#pragma once

#include "app/arguments.hpp"
#include "onewriter/write.hpp"
#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <ostream>
#include <sstream>
#include <string>
#include <vector>

namespace onewriter::test {

/// How a command of the program has ended.
struct command_outcome {
  int status = 0;
  std::string out;
  std::string err;
};

/// Runs commands of the program in this process, on files of a folder of its
/// own.
class command_fixture {
public:
  temp_folder folder;
  std::string file = folder.file("test.db");
  /// Whether the output passes for a terminal.
  bool is_terminal = false;

  /// Runs a command line, without the program's name.
  command_outcome run(const std::vector<std::string>& words);

  /// Runs a command line whose output goes to `out`. `stop` is what asks it to
  /// stop.
  command_outcome run_into(std::ostream& out, node::interruption& stop,
                           const std::vector<std::string>& words);

  /// Runs `exec` on the file, which is created where it does not exist, and
  /// requires that it works.
  void exec(const std::string& sql);

  /// Sends `writes`, which fail, to the file without a caller, and returns when
  /// all have become dead letters.
  void leave_dead_letters(const std::vector<write>& writes);

  /// The rows of a query as CSV without a header, with LF for CR LF.
  std::string rows(const std::string& sql);

  /// All of a file; empty where there is none, or a folder.
  static std::string content_of(const std::string& path);

  static bool exists(const std::string& path);

  /// The names of the files in the folder, in order, separated by spaces.
  std::string names() const;
};

/// `text` without the carriage returns of CSV.
std::string without_returns(const std::string& text);

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace onewriter::test
