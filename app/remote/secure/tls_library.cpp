#include "app/remote/secure/tls_library.hpp"

#include <memory>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace onewriter::node {

namespace {

// OpenSSL has a list of errors for each thread, and reports the failure of a
// connection while another one's errors are on it
// (https://docs.openssl.org/3.0/man3/SSL_get_error/). CAF serves all
// connections on one thread, and, where it was built without its log, leaves
// the list as it is: any stranger would cut off others.
void forget_errors(const SSL*, int where, int result) {
  auto has_failed = (where & SSL_CB_EXIT) != 0 && result <= 0;
  if (has_failed || (where & SSL_CB_ALERT) != 0)
    ERR_clear_error();
}

// Called by OpenSSL for each context, of which CAF makes one a connection.
void set_up_context(void* parent, void*, CRYPTO_EX_DATA*, int, long, void*) {
  auto context = static_cast<SSL_CTX*>(parent);
  SSL_CTX_set_info_callback(context, forget_errors);
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
#ifdef SSL_OP_IGNORE_UNEXPECTED_EOF
  // CAF closes connections without telling the peer's TLS, which would be an
  // error on the list. Its messages have a length, so none is cut unnoticed.
  SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
#endif
}

// Called for each connection that ends.
void forget_last_errors(void*, void*, CRYPTO_EX_DATA*, int, long, void*) {
  ERR_clear_error();
}

// Instead of a question on the terminal.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

caf::error not_taken(const char* option, const std::string& path) {
  auto code = ERR_peek_last_error();
  auto reason = ERR_reason_error_string(code);
  ERR_clear_error();
  return make_failure(ec::invalid_argument,
                      std::string{option} + ": OpenSSL does not take " + path
                        + (reason == nullptr ? "" : ": ")
                        + (reason == nullptr ? "" : reason));
}

} // namespace

void set_up_tls_library() {
  static const auto done = [] {
    SSL_CTX_get_ex_new_index(0, nullptr, set_up_context, nullptr, nullptr);
    SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, forget_last_errors);
    return true;
  }();
  static_cast<void>(done);
}

caf::error check_content(const tls_files& what) {
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context{
    SSL_CTX_new(TLS_method()), SSL_CTX_free};
  if (!context)
    return make_failure(ec::out_of_memory, "OpenSSL cannot be used");
  SSL_CTX_set_default_passwd_cb(context.get(), no_passphrase);
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context.get(),
                                         what.certificate.c_str())
      != 1)
    return not_taken("tls-certificate", what.certificate);
  if (SSL_CTX_use_PrivateKey_file(context.get(), what.key.c_str(),
                                  SSL_FILETYPE_PEM)
      != 1)
    return not_taken("tls-key", what.key);
  if (SSL_CTX_check_private_key(context.get()) != 1)
    return not_taken("tls-key", what.key);
  if (SSL_CTX_load_verify_locations(context.get(), what.ca_file.c_str(),
                                    nullptr)
      != 1)
    return not_taken("tls-ca-file", what.ca_file);
  return {};
}

} // namespace onewriter::node
