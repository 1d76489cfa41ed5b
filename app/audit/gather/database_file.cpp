#include "app/audit/gather/database_file.hpp"

#include "actors/sqlite/file/file_system.hpp"
#include "app/audit/gather/file_reading.hpp"
#include "app/audit/gather/log_state.hpp"

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <system_error>

#include <sys/stat.h>

namespace onewriter::node {

namespace {

using namespace std::string_view_literals;

constexpr size_t header_bytes = 100;
constexpr auto header_mark = "SQLite format 3\0"sv;
// Of a journal that a transaction is in; SQLite writes zeros over it.
constexpr auto journal_mark = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"sv;
constexpr size_t journal_header_bytes = 28;

struct text_deleter {
  void operator()(char* x) const {
    std::free(x);
  }
};

bool begins_with(const std::string& text, std::string_view mark) {
  return text.compare(0, mark.size(), mark) == 0;
}

std::string system_text(int error_number) {
  return std::generic_category().message(error_number);
}

std::string why_absent(const std::string& path, int error_number) {
  struct stat info;
  if (error_number == ENOENT && ::lstat(path.c_str(), &info) == 0)
    return path + " is a link to a file that does not exist";
  return path + ": " + system_text(error_number);
}

std::string why_not_regular(const std::string& path, mode_t mode) {
  if (S_ISREG(mode))
    return {};
  return path
         + (S_ISDIR(mode) ? " is a folder: name a file in it, or use --source"
                          : " is not a regular file");
}

std::string why_not_database(const std::string& path,
                             const std::string& beginning) {
  if (begins_with(beginning, journal_mark) || begins_as_log(beginning))
    return path + " is a log of a database: name the database itself";
  if (beginning.size() < header_bytes || !begins_with(beginning, header_mark))
    return path + " is not a SQLite database, or it is encrypted";
  return {};
}

database_header header_of(const std::string& beginning) {
  database_header result;
  auto stored = big_endian(beginning, 16, 2);
  // The format has no room for 65,536.
  result.page_bytes = stored == 1 ? 65'536 : stored;
  result.write_version = static_cast<uint8_t>(big_endian(beginning, 18, 1));
  result.read_version = static_cast<uint8_t>(big_endian(beginning, 19, 1));
  return result;
}

std::string read_header(const std::string& path, database_header& result) {
  read_only_file from{path};
  if (!from.is_open())
    return path + ": " + system_text(from.error_number());
  auto beginning = from.read(0, header_bytes);
  if (beginning.empty())
    return {};
  if (auto problem = why_not_database(path, beginning); !problem.empty())
    return problem;
  result = header_of(beginning);
  return {};
}

void find_parts(audit_facts& result) {
  for_each_part([&](file_part x) {
    auto look = sqlite::look_at(result.path + suffix_of(x));
    result.parts[x] = {look.identity, look.bytes};
    if (x == file_part::file)
      result.names = look.names;
  });
}

// What follows the number is for clients of the owner only.
std::string named_owner(const audit_facts& x) {
  constexpr size_t most_digits = 20;
  auto text = x.parts[file_part::owner].identity
                ? read_text(x.path + suffix_of(file_part::owner), most_digits)
                : std::string{};
  return text.substr(0, text.find_first_not_of("0123456789"));
}

} // namespace

std::string find_database(const std::string& path, audit_facts& result) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0)
    return why_absent(path, errno);
  if (auto problem = why_not_regular(path, info.st_mode); !problem.empty())
    return problem;
  std::unique_ptr<char, text_deleter> real{::realpath(path.c_str(), nullptr)};
  if (!real)
    return path + ": " + system_text(errno);
  result.path = real.get();
  if (auto problem = read_header(path, result.header); !problem.empty())
    return problem;
  find_parts(result);
  result.network = sqlite::is_network_file_system(result.path);
  result.named_owner = named_owner(result);
  return {};
}

std::string journal_beginning(const std::string& path) {
  read_only_file from{path + suffix_of(file_part::journal)};
  auto result = from.read(0, journal_header_bytes);
  return begins_with(result, journal_mark) ? result : std::string{};
}

} // namespace onewriter::node
