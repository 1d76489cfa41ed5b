#include "app/audit/gather/process_libraries.hpp"

#include "app/audit/gather/file_reading.hpp"
#include "app/audit/gather/memory_map.hpp"
#include "app/audit/gather/sqlite_version.hpp"

namespace onewriter::node {

namespace {

// A process with a thousand libraries has a map of half a megabyte.
constexpr size_t most_map_bytes = 64 << 20;

std::optional<sqlite_copy> look_into_file(const read_only_file& from) {
  return identify(traces_in_file(
    [&](uint64_t at, size_t bytes) { return from.read(at, bytes); }));
}

// Devices are left out: btrfs and overlayfs count them otherwise in a map.
bool is_mapped_file(const read_only_file& from, const mapped_program& program) {
  auto identity = from.identity();
  return identity && identity->node == program.identity.node;
}

} // namespace

std::vector<sqlite_copy> library_scan::of(const std::string& process) {
  std::vector<sqlite_copy> result;
  for (auto& program : parse_maps(read_text(process + "/maps", most_map_bytes)))
    if (auto found = look_into(process, program)) {
      found->path = program.path;
      result.push_back(std::move(*found));
    }
  return result;
}

std::optional<sqlite_copy>
library_scan::look_into(const std::string& process,
                        const mapped_program& program) {
  for (auto& [identity, found] : known_)
    if (identity == program.identity)
      return found;
  // The first name leads to the file that is really mapped, also where it was
  // deleted, but only for a privileged user; the others find it by its name, as
  // the process sees it, and as this one does.
  for (auto& path : {process + "/map_files/" + program.range,
                     process + "/root" + program.path, program.path}) {
    read_only_file from{path};
    if (!is_mapped_file(from, program))
      continue;
    auto found = look_into_file(from);
    known_.emplace_back(program.identity, found);
    return found;
  }
  return std::nullopt;
}

} // namespace onewriter::node
