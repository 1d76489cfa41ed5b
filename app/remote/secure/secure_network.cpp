#include "app/remote/secure/secure_network.hpp"

#include "actors/sharing/network.hpp"
#include "app/remote/secure/listen_problem.hpp"
#include "app/remote/secure/tls_library.hpp"
#include "messages/compat/secure_network.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/scheduler.hpp"

#include <utility>

#include <unistd.h>

namespace onewriter::node {

namespace {

/// What both sides expect, beside certificates.
constexpr char application[] = "onewriter";

/// Signs of life that are sent while a peer waits for one.
constexpr auto heartbeats = 4;

const tls_files& prepared(const sealed_files& files) {
  set_up_tls_library();
  return files.names();
}

} // namespace

secure_config::secure_config(const tls_files& files,
                             std::chrono::nanoseconds max_silence) {
  register_messages(*this);
  compat::register_types<ec, caf::id_block::onewriter_remote>(*this);
  compat::load_network(*this, application);
  compat::load_tls(*this, files.certificate, files.key, files.ca_file);
  compat::expect_heartbeats(*this, max_silence / heartbeats, max_silence);
  set(max_threads_key, size_t{1});
  compat::share_scheduler_queue(*this);
}

secure_network::secure_network(std::shared_ptr<const sealed_files> files,
                               std::chrono::nanoseconds max_silence)
  : files_{std::move(files)},
    config_{prepared(*files_), max_silence},
    system_{config_} {
  compat::hide_services(system_);
}

secure_network::~secure_network() {
  if (presence_)
    caf::anon_send_exit(presence_, caf::exit_reason::user_shutdown);
}

caf::expected<uint16_t>
secure_network::publish(const directory_actor& directory, const endpoint& where,
                        std::shared_ptr<compat::port_guard> guard) {
  auto port = compat::publish_over_tls(system_, directory, where.port,
                                       where.host, std::move(guard));
  if (!port)
    return listen_problem(where, compat::render(system_, port.error()));
  return *port;
}

caf::expected<caf::actor>
secure_network::enter(const remote_address& where,
                      std::chrono::nanoseconds limit) {
  auto directory = compat::connect_over_tls<directory_actor>(
    system_, where.where.host, where.where.port, limit);
  if (!directory)
    return make_failure(ec::unavailable,
                        "cannot connect to " + to_string(where.where)
                          + ", or one side refuses the other's certificate: "
                          + compat::render(system_, directory.error()));
  presence_ = spawn_presence(system_);
  onewriter::node::enter what;
  what.database = where.database;
  what.what.process_id = ::getpid();
  what.what.presence = presence_;
  caf::scoped_actor self{system_};
  caf::expected<caf::actor> result{caf::make_error(caf::sec::runtime_error)};
  compat::request(self, *directory, limit, std::move(what))
    .receive([&](admission_ticket& ticket) { result = ticket.session; },
             [&](caf::error& err) { result = std::move(err); });
  return result;
}

} // namespace onewriter::node
