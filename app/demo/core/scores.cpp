#include "app/demo/core/scores.hpp"

namespace onewriter::node {

std::string to_string(activity x) {
  constexpr const char* names[activity_count]
    = {"connect",     "peer update", "domain update", "look up",
       "search word", "list peers",  "store blocks",  "index text"};
  auto index = static_cast<size_t>(x);
  return index < activity_count ? names[index] : "unknown";
}

uint64_t total_dropped(const best_effort_counts& x) {
  return x.dropped_full + x.dropped_too_big + x.dropped_closed
         + x.dropped_unknown;
}

} // namespace onewriter::node
