#include "tests/power/disk/disk_change.hpp"

#include <iterator>

namespace onewriter::test {

const char* to_string(change x) {
  constexpr const char* names[]
    = {"create", "write", "truncate", "sync", "sync folder", "remove"};
  return names[static_cast<size_t>(x)];
}

std::string to_string(const disk_change& x) {
  std::string result = to_string(x.what);
  if (x.what != change::sync_folder)
    result += std::string{" of the "} + to_string(x.kind) + " " + x.file;
  if (x.what == change::write)
    result += ", " + std::to_string(x.bytes.size()) + " bytes at "
              + std::to_string(x.offset);
  else if (x.what == change::truncate)
    result += " to " + std::to_string(x.offset) + " bytes";
  return result;
}

} // namespace onewriter::test
