#include "app/demo/swarm/expected_state.hpp"

namespace onewriter::node {

peer_record sum_of(const std::vector<peer_record>& ledgers) {
  peer_record result;
  auto append = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  for (auto& x : ledgers) {
    result.sent += x.sent;
    append(result.refused, x.refused);
    append(result.unknown, x.unknown);
    result.domain_updates += x.domain_updates;
    result.domain_unknown += x.domain_unknown;
    result.peer_updates += x.peer_updates;
    result.lookups += x.lookups;
    result.overlooked += x.overlooked;
  }
  return result;
}

searcher_record sum_of(const std::vector<searcher_record>& ledgers) {
  searcher_record result;
  for (auto& x : ledgers) {
    result.searches += x.searches;
    result.hits += x.hits;
    result.in_vain += x.in_vain;
    if (!x.example.empty())
      result.example = x.example;
    if (!x.word.empty())
      result.word = x.word;
  }
  return result;
}

} // namespace onewriter::node
