#pragma once

#include "bench/score_card.hpp"
#include "bench/task.hpp"
#include "onewriter/options.hpp"

#include <functional>
#include <string>

namespace onewriter::bench {

/// A way to get rows into a file: onewriter, or one of its peers.
struct arrangement {
  std::string name;
  /// One line for people.
  std::string summary;
  /// Whether it can do this task.
  std::function<bool(const task&)> suits;
  /// Opens a file that does not exist yet with the PRAGMAs that follow from the
  /// options, makes the schema, starts the card, carries out the task, notes
  /// what was acknowledged, and closes the file. Throws `std::exception`.
  std::function<void(const task&, const options&, score_card&)> run;
};

} // namespace onewriter::bench
