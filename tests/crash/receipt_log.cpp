#include "tests/crash/receipt_log.hpp"

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

// A log is lines of 32 bytes: the kind, the number, the detail. The size of a
// page is a multiple of that, so no line lies on two pages, and the kernel,
// which looks for SIGKILL between pages, writes all of a line or none of it.

namespace onewriter::test {

namespace {

constexpr size_t line_size = 32;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error{errno, std::generic_category(), what};
}

note parse(const std::string& line) {
  auto kind = '\0';
  note result;
  auto fields = std::sscanf(line.c_str(), "%c %" SCNu64 " %" SCNu64, &kind,
                            &result.number, &result.detail);
  if (fields != 3 || (kind != 'S' && kind != 'R' && kind != 'E'))
    throw std::runtime_error{"not a note: " + line};
  result.kind = static_cast<note_kind>(kind);
  return result;
}

} // namespace

receipt_log::receipt_log(const std::string& path)
  : file_{
    ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)} {
  if (file_ < 0)
    fail(path);
}

receipt_log::~receipt_log() {
  ::close(file_);
}

void receipt_log::add(const note& what) {
  char line[line_size + 1];
  std::snprintf(line, sizeof line, "%c %12" PRIu64 " %16" PRIu64 "\n",
                static_cast<char>(what.kind), what.number, what.detail);
  if (::write(file_, line, line_size) != ssize_t{line_size})
    fail("a receipt cannot be logged");
}

std::vector<note> receipt_log::read(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  auto text = std::string{std::istreambuf_iterator<char>{file}, {}};
  if (text.size() % line_size != 0)
    throw std::runtime_error{path + " ends within a line"};
  std::vector<note> result;
  for (size_t i = 0; i < text.size(); i += line_size)
    result.push_back(parse(text.substr(i, line_size)));
  return result;
}

std::string receipt_log_path(const std::string& folder, uint32_t client) {
  return folder + "/client-" + std::to_string(client) + ".log";
}

} // namespace onewriter::test
