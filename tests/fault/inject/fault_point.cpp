#include "tests/fault/inject/fault_point.hpp"

#include <sqlite3.h>

#include <array>
#include <exception>
#include <iterator>

namespace onewriter::test {

namespace {

constexpr const char* fault_names[]
  = {"error", "error_after", "error_half", "full", "full_half", "busy", "lost"};

static_assert(std::size(fault_names) == fault_count);

constexpr const char* duration_names[]
  = {"once", "while", "for_good", "to_the_end"};

static_assert(std::size(duration_names) == duration_count);

// In the order of `io`.
constexpr int error_codes[] = {
  SQLITE_CANTOPEN,     SQLITE_IOERR_CLOSE,    SQLITE_IOERR_READ,
  SQLITE_IOERR_WRITE,  SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_FSYNC,
  SQLITE_IOERR_FSTAT,  SQLITE_IOERR_LOCK,     SQLITE_IOERR_UNLOCK,
  SQLITE_IOERR_SHMMAP, SQLITE_IOERR_SHMLOCK,  SQLITE_IOERR_SHMLOCK,
  SQLITE_IOERR_DELETE, SQLITE_IOERR,
};

static_assert(std::size(error_codes) == io_count);

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> result(1);
  for (auto c : text)
    if (c == ':')
      result.emplace_back();
    else
      result.back() += c;
  return result;
}

// Finds the value below `count` that is called `name`.
template <class Enum>
std::optional<Enum> named(const std::string& name, size_t count) {
  for (size_t i = 0; i < count; ++i)
    if (name == to_string(static_cast<Enum>(i)))
      return static_cast<Enum>(i);
  return std::nullopt;
}

std::optional<uint64_t> number(const std::string& text) {
  try {
    return std::stoull(text);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

} // namespace

std::string to_string(fault x) {
  return fault_names[static_cast<size_t>(x)];
}

std::string to_string(duration x) {
  return duration_names[static_cast<size_t>(x)];
}

std::string to_string(const fault_point& x) {
  return std::string{to_string(x.what)} + ":" + to_string(x.how) + ":"
         + to_string(x.how_long) + ":" + std::to_string(x.index)
         + (x.under.tiny ? ":tiny" : "") + (x.under.pinned ? ":pinned" : "");
}

std::optional<fault_point> point_from(const std::string& text) {
  auto words = split(text);
  auto ends_with = [&](const char* last) {
    auto found = words.size() > 4 && words.back() == last;
    if (found)
      words.pop_back();
    return found;
  };
  strain under;
  under.pinned = ends_with("pinned");
  under.tiny = ends_with("tiny");
  if (words.size() != 4)
    return std::nullopt;
  auto what = named<io>(words[0], io_count);
  auto how = named<fault>(words[1], fault_count);
  auto how_long = named<duration>(words[2], duration_count);
  auto index = number(words[3]);
  if (!what || !how || !how_long || !index)
    return std::nullopt;
  return fault_point{*what, *how, *how_long, *index, under};
}

// What lets go of something is done even where it reports an error: what is
// left behind would be in the way of all that follows, which no operating
// system does.
std::vector<fault> faults_of(io what) {
  switch (what) {
    case io::write:
      return {fault::error, fault::error_after, fault::error_half, fault::full,
              fault::full_half};
    case io::truncate:
      return {fault::error, fault::full};
    case io::sync:
      return {fault::error, fault::error_after, fault::lost};
    case io::lock:
    case io::shm_lock:
      return {fault::error, fault::busy};
    case io::close:
    case io::unlock:
    case io::shm_unlock:
      return {fault::error_after};
    // SQLite ignores its result.
    case io::forget:
      return {};
    default:
      return {fault::error};
  }
}

int sqlite_code_of(io what, fault how) {
  if (how == fault::full || how == fault::full_half)
    return SQLITE_FULL;
  return how == fault::busy ? SQLITE_BUSY
                            : error_codes[static_cast<size_t>(what)];
}

} // namespace onewriter::test
