// The format: a version byte, then the fields in order. Integers and doubles
// are 8 bytes, least significant first; a text or blob is its size and its
// bytes; a list is its size and its elements; a value is one byte for its type,
// the position in value::variant, and its content.
#include "actors/store/receipt_codec.hpp"

#include "onewriter/protocol.hpp"

#include <cstring>

namespace onewriter {

namespace {

constexpr uint8_t format_version = 1;

/// Appends to a blob.
class encoder {
public:
  void put(uint64_t x) {
    for (auto shift = 0; shift < 64; shift += 8)
      put_byte(static_cast<uint8_t>(x >> shift));
  }

  void put(int64_t x) {
    put(static_cast<uint64_t>(x));
  }

  void put(bool x) {
    put_byte(x ? 1 : 0);
  }

  void put(double x) {
    uint64_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    put(bits);
  }

  void put(null) {
    // nop
  }

  void put(const std::string& x) {
    put_bytes(x.data(), x.size());
  }

  void put(const blob& x) {
    put_bytes(x.data(), x.size());
  }

  void put(const value& x) {
    put_byte(static_cast<uint8_t>(x.data.index()));
    std::visit([this](auto& content) { put(content); }, x.data);
  }

  void put(const row& x) {
    put(x.cells);
  }

  void put(const column& x) {
    put(x.name);
    put(x.declared_type);
  }

  void put(const result_set& x) {
    put(x.columns);
    put(x.rows);
  }

  void put(const statement& x) {
    put(x.sql);
    put(x.parameters);
    put(x.names);
    put(x.expected_changes);
  }

  template <class T>
  void put(const std::vector<T>& xs) {
    put(uint64_t{xs.size()});
    for (auto& x : xs)
      put(x);
  }

  void put_byte(uint8_t x) {
    bytes_.push_back(std::byte{x});
  }

  blob take() {
    return std::move(bytes_);
  }

private:
  void put_bytes(const void* data, size_t size) {
    put(uint64_t{size});
    auto first = static_cast<const std::byte*>(data);
    bytes_.insert(bytes_.end(), first, first + size);
  }

  blob bytes_;
};

/// Reads from a blob. After the first missing byte, everything reads as zero
/// and `ok` is false.
class decoder {
public:
  explicit decoder(const blob& bytes) : bytes_{bytes} {
    // nop
  }

  bool ok() const {
    return ok_;
  }

  bool at_end() const {
    return position_ == bytes_.size();
  }

  uint8_t get_byte() {
    return has(1) ? std::to_integer<uint8_t>(bytes_[position_++]) : 0;
  }

  void get(uint64_t& x) {
    x = 0;
    if (has(8))
      for (auto shift = 0; shift < 64; shift += 8)
        x |= uint64_t{get_byte()} << shift;
  }

  void get(int64_t& x) {
    uint64_t bits = 0;
    get(bits);
    x = static_cast<int64_t>(bits);
  }

  void get(double& x) {
    uint64_t bits = 0;
    get(bits);
    std::memcpy(&x, &bits, sizeof x);
  }

  void get(null&) {
    // nop
  }

  void get(std::string& x) {
    auto size = get_size();
    x.assign(reinterpret_cast<const char*>(bytes_.data()) + position_, size);
    position_ += size;
  }

  void get(blob& x) {
    auto size = get_size();
    auto first = bytes_.begin() + static_cast<std::ptrdiff_t>(position_);
    x.assign(first, first + static_cast<std::ptrdiff_t>(size));
    position_ += size;
  }

  void get(value& x) {
    switch (get_byte()) {
      case 0:
        return get(x.data.emplace<null>());
      case 1:
        return get(x.data.emplace<int64_t>());
      case 2:
        return get(x.data.emplace<double>());
      case 3:
        return get(x.data.emplace<std::string>());
      case 4:
        return get(x.data.emplace<blob>());
      default:
        ok_ = false;
    }
  }

  void get(row& x) {
    get(x.cells);
  }

  void get(column& x) {
    get(x.name);
    get(x.declared_type);
  }

  void get(result_set& x) {
    get(x.columns);
    get(x.rows);
  }

  template <class T>
  void get(std::vector<T>& xs) {
    // Every element takes at least one byte, so a damaged size cannot ask for
    // more memory than the blob has bytes.
    for (auto count = get_size(); count > 0 && ok_; --count)
      get(xs.emplace_back());
  }

private:
  bool has(size_t count) {
    ok_ = ok_ && bytes_.size() - position_ >= count;
    return ok_;
  }

  size_t get_size() {
    uint64_t size = 0;
    get(size);
    return has(size) ? size : 0;
  }

  const blob& bytes_;
  size_t position_ = 0;
  bool ok_ = true;
};

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
