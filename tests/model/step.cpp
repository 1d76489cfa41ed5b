#include "tests/model/step.hpp"

#include <array>

namespace onewriter::test {

namespace {

constexpr std::array<const char*, action_count> names{{
  "write rows",
  "write rows and return them",
  "write if the version is as expected",
  "write with an idempotency key",
  "write what fails",
  "open or close the gate",
  "call a function",
  "call with an idempotency key",
  "run a transaction",
  "run a transaction that fails",
  "send a burden",
  "bear a burden",
  "write and forget",
  "write through the gate and forget",
  "write what fails and forget",
  "send best effort",
  "send best effort that fails",
  "query rows",
  "open a cursor",
  "read a page of a cursor",
  "index a text",
  "index a file",
  "cancel an index job",
  "remove a document",
  "search",
  "replay a dead letter",
  "discard a dead letter",
  "ask for statistics",
  "checkpoint",
  "back up",
  "check integrity",
  "recover a copy",
  "pin the log",
  "let the connection fail",
  "let a turn throw",
  "let a sync fail",
  "let a sync be reported as failed",
  "collect the sender's replies",
  "collect all replies",
  "close in order",
  "close in haste",
}};

const char* to_string(patience_of x) {
  switch (x) {
    case patience_of::long_enough:
      return ", far deadline";
    case patience_of::expired:
      return ", expired";
    case patience_of::negative:
      return ", negative deadline";
    default:
      return "";
  }
}

} // namespace

uint32_t step::pick(uint32_t count, uint32_t salt) const {
  auto bits = (uint64_t{choice} + 1) * 0x9e3779b97f4a7c15u
              + salt * uint64_t{0xbf58476d1ce4e5b9u};
  bits ^= bits >> 29;
  bits *= 0x94d049bb133111ebu;
  return static_cast<uint32_t>((bits >> 32) % count);
}

const char* to_string(action x) {
  return names[static_cast<size_t>(x)];
}

std::string to_string(const step& x) {
  auto result = std::to_string(x.number) + ". sender "
                + std::to_string(x.sender) + ": " + to_string(x.what);
  if (x.priority != priority::normal)
    result += ", " + to_string(x.priority);
  result += to_string(x.patience);
  return result + " (" + std::to_string(x.choice) + ")";
}

} // namespace onewriter::test
