#include "tests/app/remote/authority.hpp"

#include <cstdio>
#include <stdexcept>
#include <utility>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

namespace onewriter::test {

namespace {

void require(bool holds, const char* what) {
  if (!holds)
    throw std::runtime_error(std::string{"OpenSSL: "} + what);
}

EVP_PKEY* make_key() {
  EVP_PKEY* result = nullptr;
  auto context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nullptr);
  auto made
    = EVP_PKEY_keygen_init(context) == 1
      && EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1)
           == 1
      && EVP_PKEY_keygen(context, &result) == 1;
  EVP_PKEY_CTX_free(context);
  require(made, "no key");
  return result;
}

void add_extension(X509* to, X509* issuer, int kind, const char* text) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  auto extension = X509V3_EXT_conf_nid(nullptr, &context, kind, text);
  require(extension != nullptr, text);
  X509_add_ext(to, extension, -1);
  X509_EXTENSION_free(extension);
}

// Without extensions, and not signed.
X509* make_certificate(const std::string& name, EVP_PKEY* key) {
  static long serial = 0;
  constexpr long hour = 3'600;
  auto result = X509_new();
  X509_set_version(result, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(result), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(result), -hour);
  X509_gmtime_adj(X509_getm_notAfter(result), 24 * hour);
  X509_set_pubkey(result, key);
  X509_NAME_add_entry_by_txt(
    X509_get_subject_name(result), "CN", MBSTRING_ASC,
    reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return result;
}

template <class F>
std::string write_pem(const std::string& path, F write) {
  auto file = std::fopen(path.c_str(), "w");
  require(file != nullptr, path.c_str());
  write(file);
  std::fclose(file);
  return path;
}

} // namespace

authority::authority(std::string folder, const std::string& name)
  : folder_{std::move(folder)},
    ca_file_{folder_ + "/" + name + ".pem"},
    key_{make_key()},
    certificate_{make_certificate(name, key_)} {
  X509_set_issuer_name(certificate_, X509_get_subject_name(certificate_));
  add_extension(certificate_, certificate_, NID_basic_constraints,
                "critical,CA:TRUE");
  add_extension(certificate_, certificate_, NID_key_usage,
                "critical,keyCertSign");
  require(X509_sign(certificate_, key_, EVP_sha256()) > 0, "not signed");
  write_pem(ca_file_, [this](FILE* to) { PEM_write_X509(to, certificate_); });
}

authority::~authority() {
  X509_free(certificate_);
  EVP_PKEY_free(key_);
}

node::tls_files authority::issue(const std::string& name,
                                 const std::string& usage) {
  auto key = make_key();
  auto made = make_certificate(name, key);
  X509_set_issuer_name(made, X509_get_subject_name(certificate_));
  add_extension(made, certificate_, NID_ext_key_usage, usage.c_str());
  require(X509_sign(made, key_, EVP_sha256()) > 0, "not signed");
  node::tls_files result;
  result.certificate = write_pem(folder_ + "/" + name + ".pem",
                                 [&](FILE* to) { PEM_write_X509(to, made); });
  result.key = write_pem(folder_ + "/" + name + ".key", [&](FILE* to) {
    PEM_write_PrivateKey(to, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
  ::chmod(result.key.c_str(), 0600);
  result.ca_file = ca_file_;
  X509_free(made);
  EVP_PKEY_free(key);
  return result;
}

} // namespace onewriter::test
