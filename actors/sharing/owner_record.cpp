#include "actors/sharing/owner_record.hpp"

#include "actors/sqlite/file/files.hpp"
#include "actors/sqlite/file/owner_lock.hpp"

#include <array>
#include <cerrno>
#include <sstream>

#include <sys/random.h>
#include <unistd.h>

namespace onewriter {

namespace {

constexpr char end_of_record[] = "end";

constexpr size_t secret_bytes = 32;

bool is_secret(const std::string& x) {
  return x.size() == 2 * secret_bytes
         && x.find_first_not_of("0123456789abcdef") == x.npos;
}

bool is_complete(const owner_record& x) {
  return x.process_id > 0 && !x.host.empty() && x.port != 0 && x.protocol != 0
         && !x.caf.empty() && is_secret(x.secret);
}

// Sets the member of `to` that `key` names; others are of newer versions.
void read_field(const std::string& key, std::istream& from, owner_record& to) {
  if (key == "host")
    from >> to.host;
  else if (key == "port")
    from >> to.port;
  else if (key == "started")
    from >> to.started_unix_ms;
  else if (key == "protocol")
    from >> to.protocol;
  else if (key == "caf")
    from >> to.caf;
  else if (key == "secret")
    from >> to.secret;
}

template <class Bytes>
caf::error fill_randomly(Bytes& to) {
  if (::getrandom(to.data(), to.size(), 0) == static_cast<ssize_t>(to.size()))
    return {};
  return make_failure(ec::io_error,
                      "the operating system has no random numbers");
}

} // namespace

std::string to_text(const owner_record& what) {
  std::ostringstream out;
  out << what.process_id << "\nhost " << what.host << "\nport " << what.port
      << "\nstarted " << what.started_unix_ms << "\nprotocol " << what.protocol
      << "\ncaf " << what.caf << "\nsecret " << what.secret << '\n'
      << end_of_record << '\n';
  return out.str();
}

std::optional<owner_record> parse_owner_record(const std::string& text) {
  owner_record result;
  std::istringstream lines{text};
  std::string line;
  if (!std::getline(lines, line)
      || !(std::istringstream{line} >> result.process_id))
    return std::nullopt;
  while (std::getline(lines, line)) {
    if (line == end_of_record && is_complete(result))
      return result;
    std::istringstream words{line};
    std::string key;
    words >> key;
    read_field(key, words, result);
  }
  return std::nullopt;
}

caf::expected<std::optional<owner_record>>
read_owner_record(const std::string& path) {
  auto text = sqlite::owner_lock::read(path);
  if (!text)
    return text.error();
  return parse_owner_record(*text);
}

caf::error publish_owner_record(const std::string& path,
                                const owner_record& what) {
  return sqlite::owner_lock::annotate(path, to_text(what));
}

caf::expected<session_name> make_session_name() {
  session_name result;
  if (auto err = fill_randomly(result); err != caf::none)
    return err;
  return result;
}

caf::expected<std::string> make_secret() {
  std::array<unsigned char, secret_bytes> bytes;
  if (auto err = fill_randomly(bytes); err != caf::none)
    return err;
  constexpr char digits[] = "0123456789abcdef";
  std::string result;
  for (auto x : bytes)
    (result += digits[x >> 4]) += digits[x & 15];
  return result;
}

} // namespace onewriter
