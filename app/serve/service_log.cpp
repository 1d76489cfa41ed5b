#include "app/serve/service_log.hpp"

#include "actors/console/format.hpp"
#include "actors/support/wall_clock.hpp"
#include "app/commands/output/json_text.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

// With milliseconds and in UTC, as RFC 3339 writes it.
std::string time_text(int64_t unix_ms) {
  auto when = static_cast<std::time_t>(unix_ms / 1'000);
  std::tm parts{};
  if (::gmtime_r(&when, &parts) == nullptr)
    return std::to_string(unix_ms);
  char buf[32];
  auto size = std::strftime(buf, sizeof buf, "%Y-%m-%dT%H:%M:%S", &parts);
  char fraction[8];
  std::snprintf(fraction, sizeof fraction, ".%03dZ",
                static_cast<int>(unix_ms % 1'000));
  return std::string(buf, size) + fraction;
}

// In one call where the system allows it, so that lines of several processes
// are not mixed.
bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    auto size = ::write(file, text.data(), text.size());
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0)
      return false;
    text.remove_prefix(static_cast<size_t>(size));
  }
  return true;
}

} // namespace

service_log::~service_log() {
  if (file_ >= 0)
    ::close(file_);
}

std::string service_log::configure(log_settings what) {
  auto file = -1;
  if (!what.file.empty()) {
    file = ::open(what.file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
                  0640);
    if (file < 0)
      return "cannot open the log file " + what.file + ": "
             + std::strerror(errno);
  }
  std::lock_guard<std::mutex> guard{mutex_};
  if (file_ >= 0)
    ::close(file_);
  file_ = file;
  settings_ = std::move(what);
  return {};
}

void service_log::write(log_level level, std::string_view database,
                        std::string_view text) {
  std::lock_guard<std::mutex> guard{mutex_};
  if (level < settings_.level)
    return;
  auto line
    = log_line(settings_.format, unix_ms_now(), level, database, text) + '\n';
  if (file_ < 0 || !write_all(file_, line))
    write_all(STDERR_FILENO, line);
}

std::string log_line(log_format format, int64_t unix_ms, log_level level,
                     std::string_view database, std::string_view text) {
  if (format == log_format::json) {
    json line{{"time", time_text(unix_ms)}, {"level", to_string(level)}};
    if (!database.empty())
      line["database"] = database;
    line["message"] = text;
    auto result = json_line(line);
    result.pop_back();
    return result;
  }
  auto result = time_text(unix_ms) + ' ' + to_string(level) + ' ';
  if (!database.empty())
    result += printable(database) + ": ";
  return result + printable(text);
}

} // namespace onewriter::node
