#include "bench/results/machine.hpp"

#include "actors/console/format.hpp"
#include "onewriter/compat/setup.hpp"

#include <sqlite3.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/vfs.h>

#include <fstream>
#include <thread>

namespace onewriter::bench {

namespace {

std::string processor() {
  std::ifstream info{"/proc/cpuinfo"};
  std::string line;
  std::string name = "unknown";
  while (std::getline(info, line))
    if (line.compare(0, 10, "model name") == 0) {
      name = line.substr(line.find(':') + 2);
      break;
    }
  return name + ", "
         + format_count(std::thread::hardware_concurrency(), "core");
}

std::string memory() {
  struct sysinfo info = {};
  ::sysinfo(&info);
  return format_bytes(uint64_t{info.totalram} * info.mem_unit);
}

std::string kernel() {
  struct utsname info = {};
  ::uname(&info);
  return std::string{info.sysname} + " " + info.release;
}

// The numbers are of the kernel's interface (statfs(2)).
std::string file_system(const std::string& folder) {
  struct statfs info = {};
  if (::statfs(folder.c_str(), &info) != 0)
    return "unknown";
  switch (info.f_type) {
    case 0xEF53:
      return "ext4";
    case 0x58465342:
      return "xfs";
    case 0x9123683E:
      return "btrfs";
    case 0x01021994:
      return "tmpfs (in memory: syncing costs nothing)";
    case 0x794C7630:
      return "overlayfs";
    default:
      return "another";
  }
}

std::string versions() {
  return std::string{"SQLite "} + sqlite3_libversion() + ", CAF "
         + compat::caf_version() + ", compiler " + __VERSION__;
}

std::string checkpoint_pages(options opts) {
  auto with = [&](enum synchronous level) {
    opts.synchronous = level;
    return std::to_string(effective_checkpoint_pages(opts));
  };
  auto full = with(synchronous::full);
  auto normal = with(synchronous::normal);
  return full == normal
           ? full + " pages"
           : full + " pages (synchronous=full) or " + normal + " (normal)";
}

std::string pragmas(const options& opts) {
  return "journal_mode=WAL, page_size=4096, cache_size=-"
         + std::to_string(opts.cache_bytes / 1024) + ", a checkpoint every "
         + checkpoint_pages(opts)
         + " (the others: SQLite's own, every 1000), synchronous as each table "
           "says";
}

} // namespace

facts machine_facts(const options& opts, const std::string& folder) {
  return {{"processor", processor()},
          {"memory", memory()},
          {"system", kernel() + ", " + file_system(folder)},
          {"versions", versions()},
          {"PRAGMAs", pragmas(opts)}};
}

} // namespace onewriter::bench
