#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace onewriter::test {

/// Ends the process with `sentence` unless `kept`: what libFuzzer takes for a
/// finding.
inline void must(bool kept, const std::string& sentence) {
  if (kept)
    return;
  std::fprintf(stderr, "broken: %s\n", sentence.c_str());
  std::abort();
}

} // namespace onewriter::test
