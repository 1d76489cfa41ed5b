#include "actors/index/chunk/chunk_limit.hpp"

#include "tests/catch.hpp"

#include <chrono>
#include <cstdint>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

void begin_chunks(chunk_limit& limit, uint64_t answered, int chunks) {
  for (int i = 0; i < chunks; ++i)
    limit.begin_chunk(answered);
}

} // namespace

TEST_CASE("a chunk takes all its time where no caller has written") {
  chunk_limit limit{2ms};
  for (int i = 0; i < 3; ++i) {
    limit.begin_chunk(0);
    CHECK(limit.get() == 2ms);
  }
}

TEST_CASE("chunks are short after a write until no caller came for long") {
  chunk_limit limit{2ms};
  limit.begin_chunk(0);
  limit.begin_chunk(1);
  for (int i = 0; i < chunk_limit::calm_chunks; ++i) {
    CHECK(limit.get() == 500us);
    limit.begin_chunk(1);
  }
  CHECK(limit.get() == 2ms);
}

TEST_CASE("each write makes chunks short for as long again") {
  chunk_limit limit{2ms};
  begin_chunks(limit, 1, chunk_limit::calm_chunks);
  begin_chunks(limit, 5, chunk_limit::calm_chunks);
  CHECK(limit.get() == 500us);
  begin_chunks(limit, 5, 1);
  CHECK(limit.get() == 2ms);
}

TEST_CASE("what was written before the first chunk makes it short") {
  chunk_limit limit{2ms};
  limit.begin_chunk(1000);
  CHECK(limit.get() == 500us);
}
