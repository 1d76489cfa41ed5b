// What stands for the folder `secure` where CAF or OpenSSL is missing what it
// needs: no database is served to other machines, and none of theirs can be
// used.
#include "app/remote/remote_database.hpp"
#include "app/remote/remote_listener.hpp"

namespace onewriter::node {

namespace {

caf::error no_tls() {
  return make_failure(ec::missing_feature,
                      "this program was built without TLS: it needs CAF with "
                      "its module openssl (caf_openssl), and OpenSSL");
}

} // namespace

caf::expected<database_actor> spawn_remote_database(caf::actor_system&,
                                                    const remote_address&,
                                                    const tls_files&, options) {
  return no_tls();
}

caf::expected<std::unique_ptr<remote_listener>>
remote_listener::open(const endpoint&, const tls_files&,
                      const std::vector<std::string>&, const listen_limits&,
                      peer_log) {
  return no_tls();
}

} // namespace onewriter::node
