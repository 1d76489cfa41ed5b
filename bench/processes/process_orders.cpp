#include "bench/processes/process_orders.hpp"

#include <sstream>

namespace onewriter::bench {

namespace {

constexpr char first_word[] = "client-process";

constexpr size_t own_words = 8;

std::string text_of(uint64_t x) {
  return std::to_string(x);
}

uint64_t number_of(const std::string& text) {
  return std::stoull(text);
}

} // namespace

std::vector<std::string> to_words(const process_orders& x) {
  std::vector<std::string> result{
    first_word,
    text_of(static_cast<uint64_t>(x.role)),
    x.path,
    to_string(x.synchronous),
    text_of(x.client),
    text_of(x.what.clients) + ' ' + text_of(x.what.outstanding),
    text_of(static_cast<uint64_t>(x.what.length.count())),
    text_of(x.what.rows.payload_bytes)};
  result.insert(result.end(), x.passed_on.begin(), x.passed_on.end());
  return result;
}

std::optional<process_orders>
parse_process_orders(const std::vector<std::string>& words) {
  if (words.size() < own_words || words[0] != first_word)
    return std::nullopt;
  process_orders result;
  result.role = static_cast<process_role>(number_of(words[1]));
  result.path = words[2];
  from_string(words[3], result.synchronous);
  result.client = number_of(words[4]);
  std::istringstream{words[5]} >> result.what.clients
    >> result.what.outstanding;
  result.what.length
    = std::chrono::nanoseconds{static_cast<int64_t>(number_of(words[6]))};
  result.what.rows.payload_bytes = number_of(words[7]);
  result.passed_on.assign(words.begin() + own_words, words.end());
  return result;
}

} // namespace onewriter::bench
