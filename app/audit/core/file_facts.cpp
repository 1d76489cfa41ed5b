#include "app/audit/core/file_facts.hpp"

namespace onewriter::node {

const char* suffix_of(file_part x) {
  constexpr const char* names[] = {"", "-wal", "-shm", "-journal", "-owner"};
  return names[static_cast<size_t>(x)];
}

} // namespace onewriter::node
