#include "app/remote/remote_listener.hpp"

#include "actors/sharing/gate.hpp"
#include "app/remote/secure/secure_network.hpp"

#include <utility>
#include <vector>

namespace onewriter::node {

namespace {

class secure_listener final : public remote_listener {
public:
  explicit secure_listener(std::shared_ptr<const sealed_files> files)
    : network_{std::move(files)} {
    // nop
  }

  ~secure_listener() override {
    if (directory_)
      caf::anon_send_exit(directory_, caf::exit_reason::user_shutdown);
    for (auto& gate : gates_)
      caf::anon_send_exit(gate, caf::exit_reason::user_shutdown);
  }

  caf::error start(const endpoint& where, database_map databases,
                   peer_log log) {
    std::map<std::string, gate_actor> gates;
    for (auto& [name, database] : databases) {
      gate_limits limits;
      limits.log = [log, name = name](log_level, std::string_view line) {
        log(name, line);
      };
      auto gate = spawn_gate(network_.system(), database, std::move(limits));
      gates.emplace(name, gate);
      gates_.push_back(std::move(gate));
    }
    directory_
      = spawn_directory(network_.system(), std::move(gates), std::move(log));
    auto port = network_.publish(directory_, where);
    if (!port)
      return port.error();
    port_ = *port;
    return {};
  }

  uint16_t port() const override {
    return port_;
  }

private:
  // Destroyed last: it waits for the actors in it.
  secure_network network_;
  std::vector<gate_actor> gates_;
  directory_actor directory_;
  uint16_t port_ = 0;
};

} // namespace

caf::expected<std::unique_ptr<remote_listener>>
remote_listener::open(const endpoint& where, const tls_files& files,
                      database_map databases, peer_log log) {
  auto sealed = sealed_files::make(files);
  if (!sealed)
    return sealed.error();
  auto result = std::make_unique<secure_listener>(std::move(*sealed));
  if (auto err = result->start(where, std::move(databases), std::move(log));
      err != caf::none)
    return err;
  return std::unique_ptr<remote_listener>{std::move(result)};
}

} // namespace onewriter::node
