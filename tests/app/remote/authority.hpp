#pragma once

#include "app/core/tls_files.hpp"

#include <memory>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace onewriter::test {

/// A certificate authority for the time of a test. The functions throw
/// `std::runtime_error`.
class authority {
public:
  /// Keeps its files in `folder`. The names of authorities differ.
  authority(std::string folder, const std::string& name);

  authority(const authority&) = delete;

  authority& operator=(const authority&) = delete;

  ~authority();

  /// Issues a certificate for `name`, which may be used as `usage` says:
  /// `serverAuth`, `clientAuth` or both. Returns the files of its owner.
  node::tls_files issue(const std::string& name,
                        const std::string& usage = "serverAuth,clientAuth");

private:
  std::string folder_;
  std::string ca_file_;
  evp_pkey_st* key_;
  x509_st* certificate_;
};

} // namespace onewriter::test
