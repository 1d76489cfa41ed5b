#include "app/evidence.hpp"

namespace onewriter::node {

peer_ledger sum_of(const std::vector<peer_ledger>& ledgers) {
  peer_ledger result;
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

searcher_ledger sum_of(const std::vector<searcher_ledger>& ledgers) {
  searcher_ledger result;
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
