// A connection of CAF's middleman over TLS, for CAF 0.17 and 1.x.
#pragma once

#include <caf/io/all.hpp>
#include <caf/io/network/stream.hpp>
#include <caf/openssl/session.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <sys/socket.h>

namespace onewriter::compat {

/// One connection of a port. Destroyed with it. Used by the thread of the
/// middleman.
class port_visitor {
public:
  virtual ~port_visitor() = default;

  /// Its first message has come: TLS has checked its certificate.
  virtual void is_known() = 0;
};

using port_visitor_ptr = std::unique_ptr<port_visitor>;

/// How a stream of CAF's reads and writes: through CAF's session of OpenSSL.
class secure_stream_policy {
public:
  using state = caf::io::network::rw_state;
  using socket = caf::io::network::native_socket;

  secure_stream_policy(caf::openssl::session_ptr session,
                       port_visitor_ptr visitor)
    : session_{std::move(session)},
      visitor_{std::move(visitor)} {
    // nop
  }

  state read_some(size_t& size, socket from, void* to, size_t limit) {
    auto result = session_->read_some(size, from, to, limit);
    if (size > 0 && !std::exchange(is_known_, true))
      visitor_->is_known();
    return result;
  }

  state write_some(size_t& size, socket to, const void* from, size_t limit) {
    auto result = session_->write_some(size, to, from, limit);
    has_written_ = has_written_ || size > 0;
    return result;
  }

  bool must_read_more(socket from, size_t threshold) {
    return session_->must_read_more(from, threshold);
  }

  /// Whether the peer has sent a message: TLS has checked its certificate.
  bool is_known() const {
    return is_known_;
  }

  /// Whether TLS may still be waiting for the peer's part of the handshake.
  bool is_shaking_hands() const {
    return !is_known_ && !has_written_;
  }

private:
  caf::openssl::session_ptr session_;
  port_visitor_ptr visitor_;
  bool is_known_ = false;
  bool has_written_ = false;
};

/// A stream that waits for its peer, and does not ask OpenSSL again and again
/// whether it has come: CAF 0.17 does, and takes a whole processor for each
/// connection that says nothing.
class secure_stream final : public caf::io::network::stream {
public:
  using operation = caf::io::network::operation;

  /// `owner` has this stream as a member.
  secure_stream(caf::io::network::default_multiplexer& mpx,
                caf::io::network::native_socket socket,
                secure_stream_policy how,
                caf::io::network::stream_manager* owner)
    : stream{mpx, socket},
      policy_{std::move(how)},
      owner_{owner} {
    // nop
  }

  void handle_event(operation what) override {
    if (what == operation::read)
      go_on_writing();
    handle_event_impl(what, policy_);
    if (what == operation::write)
      wait_for_peer();
  }

  // A stranger has nothing that waits for it. CAF would keep the connection
  // until the peer has taken what CAF wants to say first, and would not end
  // before.
  void graceful_shutdown() override {
    if (policy_.is_known())
      stream::graceful_shutdown();
    else
      ::shutdown(fd(), SHUT_RDWR);
  }

private:
#if CAF_MAJOR_VERSION >= 1
  void go_on_writing() {
    // nop: CAF does
  }

  void wait_for_peer() {
    // nop: CAF does
  }
#else
  // The next event of reading may be the peer's part of the handshake.
  void go_on_writing() {
    if (!std::exchange(is_waiting_, false))
      return;
    // What is to be written stays where it is.
    state_.writing = false;
    force_empty_write(owner_);
  }

  void wait_for_peer() {
    if (!state_.writing || !policy_.is_shaking_hands())
      return;
    is_waiting_ = true;
    backend().del(operation::write, fd(), this);
  }

  bool is_waiting_ = false;
#endif

  secure_stream_policy policy_;
  caf::io::network::stream_manager* owner_;
};

/// A connection over TLS. CAF's own is not in its headers.
class secure_scribe final : public caf::io::scribe {
public:
  using multiplexer = caf::io::network::default_multiplexer;

  using buffer
    = std::remove_reference_t<decltype(std::declval<scribe&>().wr_buf())>;

  secure_scribe(multiplexer& mpx, caf::io::network::native_socket socket,
                secure_stream_policy how)
    : scribe{caf::io::network::conn_hdl_from_socket(socket)},
      stream_{mpx, socket, std::move(how), this} {
    // nop
  }

  void configure_read(caf::io::receive_policy::config how) override {
    stream_.configure_read(how);
    if (std::exchange(has_started_, true))
      return;
    stream_.start(this);
    // OpenSSL may have to write first.
    stream_.force_empty_write(this);
  }

  void ack_writes(bool enable) override {
    stream_.ack_writes(enable);
  }

  buffer& wr_buf() override {
    return stream_.wr_buf();
  }

  buffer& rd_buf() override {
    return stream_.rd_buf();
  }

  void flush() override {
    stream_.flush(this);
  }

  void graceful_shutdown() override {
    stream_.graceful_shutdown();
    detach(&stream_.backend(), false);
  }

  std::string addr() const override {
    auto result = caf::io::network::remote_addr_of_fd(stream_.fd());
    return result ? *result : std::string{};
  }

  uint16_t port() const override {
    auto result = caf::io::network::remote_port_of_fd(stream_.fd());
    return result ? *result : uint16_t{0};
  }

  void add_to_loop() override {
    stream_.activate(this);
  }

  void remove_from_loop() override {
    stream_.passivate();
  }

private:
  bool has_started_ = false;
  secure_stream stream_;
};

} // namespace onewriter::compat
