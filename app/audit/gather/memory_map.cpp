#include "app/audit/gather/memory_map.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <sstream>

namespace onewriter::node {

namespace {

constexpr std::string_view deleted_program_mark = " (deleted)";

bool remove_ending(std::string& text, std::string_view ending) {
  auto at = text.size() - std::min(text.size(), ending.size());
  if (text.compare(at, text.npos, ending) != 0)
    return false;
  text.resize(at);
  return true;
}

// "7f00-7f01 r-xp 00001000 fe:00 1234      /usr/lib/libsqlite3.so.0".
std::optional<mapped_program> parse_line(const std::string& line) {
  std::istringstream in{line};
  mapped_program result;
  std::string rights;
  std::string skipped;
  uint64_t major = 0;
  uint64_t minor = 0;
  char colon = 0;
  in >> result.range >> rights >> skipped >> std::hex >> major >> colon >> minor
    >> std::dec >> result.identity.node >> std::ws;
  std::getline(in, result.path);
  auto is_program = rights.find('x') != rights.npos && result.path[0] == '/';
  if (!is_program)
    return std::nullopt;
  result.identity.device = (major << 32) + minor;
  result.deleted = remove_ending(result.path, deleted_program_mark);
  return result;
}

bool is_named_sqlite(const mapped_program& x) {
  std::string name = x.path.substr(x.path.rfind('/') + 1);
  for (auto& c : name)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name.find("sqlite") != name.npos;
}

} // namespace

std::vector<mapped_program> parse_maps(std::string_view text) {
  std::vector<mapped_program> result;
  std::istringstream lines{std::string{text}};
  for (std::string line; std::getline(lines, line);) {
    auto x = parse_line(line);
    auto is_new = x
                  && std::none_of(result.begin(), result.end(),
                                  [&](const mapped_program& y) {
                                    return y.identity == x->identity;
                                  });
    if (is_new)
      result.push_back(std::move(*x));
  }
  std::stable_partition(result.begin(), result.end(), is_named_sqlite);
  return result;
}

} // namespace onewriter::node
