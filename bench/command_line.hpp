#pragma once

#include <string>
#include <vector>

namespace onewriter::bench {

/// A command line in the order that CAF understands: it looks for options only
/// in front of the first word that is none, and CAF 0.17 ignores options for
/// help if there are words, too.
class command_line {
public:
  command_line(int argc, char** argv);

  /// An error text; empty if CAF may read it.
  const std::string& problem() const {
    return problem_;
  }

  /// Options first, words last; only the option for help if there is one.
  int argc() const {
    return static_cast<int>(ordered_.size());
  }

  char** argv() {
    return ordered_.data();
  }

  /// Options of groups, such as `--onewriter.readers=2`.
  std::vector<std::string> group_options() const;

private:
  std::vector<char*> ordered_;
  std::string problem_;
};

} // namespace onewriter::bench
