#pragma once

#include "onewriter/protocol.hpp"

#include <cstddef>
#include <type_traits>

namespace onewriter {

/// What a reply takes that holds no rows.
inline constexpr size_t plain_reply_bytes = 256;

// The approximate sizes of replies in memory and on the wire.

template <class Reply>
size_t size_of_reply(const Reply&) {
  return plain_reply_bytes;
}

inline size_t size_of_reply(const result_set& x) {
  return plain_reply_bytes + x.bytes();
}

inline size_t size_of_reply(const write_receipt& x) {
  auto result = plain_reply_bytes;
  for (auto& rows : x.returned)
    result += rows.bytes();
  return result;
}

inline size_t size_of_reply(const search_hits& x) {
  auto result = plain_reply_bytes;
  for (auto& hit : x.hits)
    result += sizeof hit + hit.key.size() + hit.snippet.size();
  return result;
}

inline size_t size_of_reply(const dead_letters& x) {
  auto result = plain_reply_bytes;
  for (auto& letter : x.letters) {
    result += sizeof letter + letter.error.size();
    for (auto& what : letter.statements)
      result += what.bytes();
    for (auto& argument : letter.arguments)
      result += argument.bytes();
  }
  return result;
}

/// Whether a caller can ask for less of it, and nothing is lost where it does
/// not come.
template <class Reply>
constexpr bool is_optional_reply
  = std::disjunction_v<std::is_same<Reply, result_set>,
                       std::is_same<Reply, search_hits>,
                       std::is_same<Reply, dead_letters>>;

// The approximate sizes of requests, as far as they have a large one.

template <class Request>
size_t size_of_request(const Request&) {
  return plain_reply_bytes;
}

inline size_t size_of_request(const write& x) {
  return bytes_of(x);
}

inline size_t size_of_request(const call& x) {
  return bytes_of(x);
}

inline size_t size_of_request(const query& x) {
  return plain_reply_bytes + x.what.bytes();
}

inline size_t size_of_request(const chunked_index& x) {
  return plain_reply_bytes + x.text.size();
}

} // namespace onewriter
