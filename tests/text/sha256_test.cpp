#include "actors/text/sha256.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

using namespace onewriter;
using namespace std::literals;

namespace {

std::string hex_of(std::string_view bytes) {
  return to_hex(sha256_of(bytes));
}

// Returns `size` bytes of which neighbours and neighbouring sizes differ.
std::string sample(size_t size) {
  std::string result(size, '\0');
  for (size_t i = 0; i < size; ++i)
    result[i] = static_cast<char>((i * 7 + size) % 256);
  return result;
}

// Feeds `text` in blocks of up to `max_block` bytes, some of them empty.
void feed_in_blocks(sha256& hash, std::string_view text, size_t max_block,
                    std::mt19937_64& random) {
  while (!text.empty()) {
    auto n = std::min<size_t>(random() % (max_block + 1), text.size());
    hash.update(text.substr(0, n));
    text.remove_prefix(n);
  }
}

} // namespace

TEST_CASE("sha256 gives the checksums that the standard's examples give") {
  CHECK(hex_of("")
        == "e3b0c44298fc1c149afbf4c8996fb924"
           "27ae41e4649b934ca495991b7852b855");
  CHECK(hex_of("abc")
        == "ba7816bf8f01cfea414140de5dae2223"
           "b00361a396177a9cb410ff61f20015ad");
  CHECK(hex_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039"
           "a33ce45964ff2167f6ecedd419db06c1");
  CHECK(hex_of("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
               "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu")
        == "cf5b16a778af8380036ce59e7b049237"
           "0b249b11e8f07a51afac45037afee9d1");
  CHECK(hex_of(std::string(1'000'000, 'a'))
        == "cdc76e5c9914fb9281a1c7e284d73e67"
           "f1809a48a497200e046d39ccc7112cd0");
}

// The expected checksum is what Python's hashlib computes for the same bytes.
TEST_CASE("sha256 pads messages of every size around the size of a block") {
  sha256 all;
  for (size_t size = 0; size <= 300; ++size) {
    auto digest = sha256_of(sample(size));
    all.update(digest.data(), digest.size());
  }
  CHECK(to_hex(all.finish())
        == "60d63ff40b5558727a9b786ac0be9300"
           "f7ca58fd9ddd3b2f3681b369018a87dc");
}

TEST_CASE("sha256 does not care where a message is split in two") {
  for (size_t size : {1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129, 200}) {
    auto text = sample(size);
    auto expected = hex_of(text);
    for (size_t cut = 0; cut <= size; ++cut) {
      CAPTURE(size, cut);
      sha256 hash;
      hash.update(text.data(), cut);
      hash.update(text.data() + cut, size - cut);
      REQUIRE(to_hex(hash.finish()) == expected);
    }
  }
}

TEST_CASE("sha256 does not care about the blocks that a message arrives in") {
  constexpr uint64_t seed = 20261;
  std::mt19937_64 random{seed};
  for (auto max_block : {1, 3, 63, 64, 65, 1000}) {
    for (int round = 0; round < 20; ++round) {
      CAPTURE(seed, max_block, round);
      auto text = sample(random() % 2000);
      sha256 hash;
      feed_in_blocks(hash, text, max_block, random);
      REQUIRE(to_hex(hash.finish()) == hex_of(text));
    }
  }
}

TEST_CASE("a finished sha256 starts again from nothing") {
  sha256 hash;
  hash.update("something else, longer than the next message"sv);
  CHECK(hash.finish() != sha256_of("abc"));
  hash.update("abc");
  CHECK(hash.finish() == sha256_of("abc"));
  CHECK(hash.finish() == sha256_of(""));
}

TEST_CASE("sha256 takes nothing from a null pointer") {
  sha256 hash;
  hash.update(nullptr, 0);
  hash.update(std::string_view{});
  CHECK(hash.finish() == sha256_of(""));
}

TEST_CASE("sha256 tells NULs at the end of a message apart") {
  CHECK(sha256_of("a"sv) != sha256_of("a\0"sv));
  CHECK(sha256_of("\0"sv) != sha256_of("\0\0"sv));
}

TEST_CASE("to_hex writes two lower-case digits per byte") {
  sha256_digest digest{};
  digest[0] = std::byte{0x0f};
  digest[1] = std::byte{0xf0};
  digest[2] = std::byte{0xab};
  digest[31] = std::byte{0x9c};
  CHECK(to_hex(digest) == "0ff0ab" + std::string(56, '0') + "9c");
}
