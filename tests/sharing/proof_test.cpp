#include "actors/sharing/proof.hpp"
#include "tests/catch.hpp"

using namespace onewriter;

TEST_CASE("HMAC-SHA256 is that of RFC 4231") {
  CHECK(hmac_sha256(std::string(20, '\x0b'), "Hi There")
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hmac_sha256("Jefe", "what do ya want for nothing?")
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hmac_sha256(std::string(131, '\xaa'),
                    "Test Using Larger Than Block-Size Key - Hash Key First")
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("proofs of the two sides differ") {
  CHECK(proof_of_owner("secret", "a", "b")
        != proof_of_process("secret", "a", "b"));
  CHECK(proof_of_owner("secret", "a", "b")
        != proof_of_owner("other", "a", "b"));
  CHECK(proof_of_process("secret", "a", "b")
        != proof_of_process("secret", "b", "a"));
  CHECK(public_identifier("secret").find("secret") == std::string::npos);
  CHECK(is_same_proof("ab", "ab"));
  CHECK_FALSE(is_same_proof("ab", "ac"));
  CHECK_FALSE(is_same_proof("ab", "abc"));
}
