#pragma once

#include <string>
#include <vector>

namespace onewriter::node {

/// The lines that a person has typed before, in a file that only its user can
/// read: statements may hold secrets. Where it cannot be read or written there
/// is no history, which is no failure. Used in one thread.
class history_file {
public:
  static constexpr int max_lines = 1'000;

  explicit history_file(std::string path) : path_{std::move(path)} {
    // nop
  }

  /// Returns the last lines, the oldest first, and removes those before them
  /// from a file that has become long.
  [[nodiscard]] std::vector<std::string> load() const;

  /// Appends a line at once, so that it is kept where the shell is killed.
  void append(const std::string& line) const;

private:
  std::string path_;
};

/// Returns where the history belongs: `onewriter/history` in XDG_STATE_HOME,
/// or in `.local/state` of the home folder
/// (https://specifications.freedesktop.org/basedir-spec/latest/). Empty where
/// there is neither.
[[nodiscard]] std::string history_path();

} // namespace onewriter::node
