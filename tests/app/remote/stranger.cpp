#include "tests/app/remote/stranger.hpp"

#include <cerrno>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace onewriter::test {

namespace {

// Connects to a port of this machine. A read waits for a minute at most.
int connect_to(uint16_t port) {
  auto result = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  timeval limit{60, 0};
  ::setsockopt(result, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(result, reinterpret_cast<sockaddr*>(&address), sizeof address)
      != 0)
    throw std::runtime_error("no one listens at " + std::to_string(port));
  return result;
}

class tcp_connection {
public:
  explicit tcp_connection(uint16_t port) : file_{connect_to(port)} {
    // nop
  }

  tcp_connection(const tcp_connection&) = delete;

  tcp_connection& operator=(const tcp_connection&) = delete;

  ~tcp_connection() {
    ::close(file_);
  }

  int file() const {
    return file_;
  }

private:
  int file_;
};

SSL_CTX* make_context(const stranger_options& how) {
  auto result = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_verify(result, SSL_VERIFY_NONE, nullptr);
  if (how.is_old)
    SSL_CTX_set_max_proto_version(result, TLS1_2_VERSION);
  if (!how.files.certificate.empty()
      && (SSL_CTX_use_certificate_chain_file(result,
                                             how.files.certificate.c_str())
            != 1
          || SSL_CTX_use_PrivateKey_file(result, how.files.key.c_str(),
                                         SSL_FILETYPE_PEM)
               != 1))
    throw std::runtime_error("OpenSSL does not take the certificate");
  return result;
}

} // namespace

std::string bytes_for_stranger(uint16_t port, const stranger_options& how) {
  auto context = make_context(how);
  auto ssl = SSL_new(context);
  tcp_connection connection{port};
  SSL_set_fd(ssl, connection.file());
  std::string result;
  if (SSL_connect(ssl) == 1) {
    char buf[1'024];
    for (int size; (size = SSL_read(ssl, buf, sizeof buf)) > 0;)
      result.append(buf, static_cast<size_t>(size));
  }
  SSL_free(ssl);
  SSL_CTX_free(context);
  ERR_clear_error();
  return result.empty() ? "refused" : result;
}

size_t bytes_for_noise(uint16_t port, const std::string& bytes) {
  tcp_connection connection{port};
  static_cast<void>(
    ::send(connection.file(), bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0);
  ::shutdown(connection.file(), SHUT_WR);
  std::string got;
  char buf[1'024];
  for (ssize_t size;
       (size = ::recv(connection.file(), buf, sizeof buf, 0)) > 0;)
    got.append(buf, static_cast<size_t>(size));
  // An alert is a record of type 21 with two bytes, behind a header of five.
  constexpr size_t alert_size = 7;
  return got.size() == alert_size && got.front() == 21 ? 0 : got.size();
}

silent_connection::silent_connection(uint16_t port) : file_{connect_to(port)} {
  // nop
}

silent_connection::~silent_connection() {
  ::close(file_);
}

bool silent_connection::is_closed() {
  char byte = 0;
  auto size = ::recv(file_, &byte, 1, 0);
  return size == 0 || (size < 0 && errno == ECONNRESET);
}

void knock(uint16_t port) {
  tcp_connection{port};
}

} // namespace onewriter::test
