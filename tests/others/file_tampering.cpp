#include "tests/others/file_tampering.hpp"

#include "tests/oracle/raw_database.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>

namespace onewriter::test {

namespace {

namespace fs = std::filesystem;

// Writes over what is there, in place and in one piece.
void fill(const std::string& path, char byte) {
  std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
  auto bytes = std::string(fs::file_size(path), byte);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void spoil(const std::string& path) {
  fill(path, '\xa5');
}

void replace(victim whom, const std::string& path) {
  auto other = path + "-other";
  if (whom == victim::file) {
    raw_database{other}.run("CREATE TABLE t(a)");
  } else {
    fs::copy_file(path, other);
    spoil(other);
  }
  fs::rename(other, path);
}

} // namespace

std::string to_string(victim x) {
  constexpr const char* names[] = {"file", "log", "index", "lock", "folder"};
  return names[static_cast<size_t>(x)];
}

std::string to_string(tampering x) {
  constexpr const char* names[] = {"erase", "rename", "replace", "empty", "cut",
                                   "spoil", "blank",  "forbid",  "link"};
  return names[static_cast<size_t>(x)];
}

std::string path_of(victim x, const std::string& path) {
  if (x == victim::folder)
    return fs::path{path}.parent_path().string();
  constexpr const char* endings[] = {"", "-wal", "-shm", "-owner"};
  return path + endings[static_cast<size_t>(x)];
}

void tamper(tampering what, victim whom, const std::string& path) {
  auto target = path_of(whom, path);
  switch (what) {
    case tampering::erase:
      fs::remove(target);
      return;
    case tampering::rename:
      return fs::rename(target, target + "-away");
    case tampering::replace:
      return replace(whom, target);
    case tampering::empty:
      return fs::resize_file(target, 0);
    case tampering::cut:
      return fs::resize_file(target, fs::file_size(target) / 2);
    case tampering::spoil:
      return spoil(target);
    case tampering::blank:
      return fill(target, '\0');
    case tampering::forbid:
      return fs::permissions(target, fs::perms::none);
    default:
      return fs::create_hard_link(target, target + "-link");
  }
}

void undo_tampering(tampering what, victim whom, const std::string& path) {
  auto target = path_of(whom, path);
  if (what == tampering::rename)
    fs::rename(target + "-away", target);
  else if (what == tampering::forbid)
    fs::permissions(target, fs::perms::owner_all);
  else if (what == tampering::link)
    fs::remove(target + "-link");
}

// In a damaged file anything can be found, also what is no number; what was
// read before the damage counts.
std::string look_for_numbers(const std::string& path,
                             const std::string& numbers) {
  std::set<uint64_t> found;
  std::string problem;
  try {
    raw_database{path}.for_each(
      "SELECT a FROM t", [&](const raw_row& x) { found.insert(x.number(0)); });
  } catch (const std::runtime_error& ex) {
    problem = ex.what();
  }
  size_t missing = 0;
  std::ifstream file{numbers};
  for (uint64_t number = 0; file >> number;)
    missing += 1 - found.count(number);
  if (missing == 0)
    return "all there";
  return problem.empty() ? std::to_string(missing) + " missing" : problem;
}

} // namespace onewriter::test
