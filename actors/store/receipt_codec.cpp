// The format: a version byte, then the fields in order, with integers of 8
// bytes.
#include "actors/store/receipt_codec.hpp"

#include "actors/store/decoder.hpp"
#include "actors/store/encoder.hpp"

namespace onewriter {

namespace {

constexpr uint8_t format_version = 1;

sha256_digest digest_of(const blob& bytes) {
  sha256 hash;
  hash.update(bytes.data(), bytes.size());
  return hash.finish();
}

} // namespace

blob encode(const write_receipt& x) {
  encoder out;
  out.put_byte(format_version);
  out.put(x.commit);
  out.put(uint64_t{x.shared});
  out.put(x.changes);
  out.put(x.last_insert_rowid);
  out.put(x.returned);
  return out.take();
}

caf::expected<write_receipt> decode_receipt(const blob& bytes) {
  decoder in{bytes};
  write_receipt result;
  uint64_t shared = 0;
  auto version = in.get_byte();
  in.get(result.commit);
  in.get(shared);
  in.get(result.changes);
  in.get(result.last_insert_rowid);
  in.get(result.returned);
  if (version != format_version || !in.ok() || !in.at_end())
    return make_failure(ec::corrupt, "the receipt stored with an idempotency "
                                     "key cannot be read");
  result.shared = static_cast<uint32_t>(shared);
  return result;
}

sha256_digest fingerprint(const write& x) {
  encoder out;
  out.put_byte(0);
  out.put(x.statements);
  return digest_of(out.take());
}

sha256_digest fingerprint(const call& x) {
  encoder out;
  out.put_byte(1);
  out.put(x.name);
  out.put(x.arguments);
  return digest_of(out.take());
}

} // namespace onewriter
