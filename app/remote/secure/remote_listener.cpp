#include "app/remote/remote_listener.hpp"

#include "actors/sharing/gate.hpp"
#include "app/remote/secure/port_watch.hpp"
#include "app/remote/secure/secure_network.hpp"

#include <utility>
#include <vector>

namespace onewriter::node {

namespace {

class secure_listener final : public remote_listener {
public:
  secure_listener(std::shared_ptr<sealed_files> files,
                  const std::vector<std::string>& names,
                  const listen_limits& limits, peer_log log)
    : network_{files, limits.max_silence},
      files_{std::move(files)},
      limits_{limits},
      names_{names},
      log_{std::move(log)},
      gates_{std::make_shared<gate_table>(names)} {
    // nop
  }

  ~secure_listener() override {
    if (directory_)
      caf::anon_send_exit(directory_, caf::exit_reason::user_shutdown);
    if (expiry_)
      caf::anon_send_exit(expiry_, caf::exit_reason::user_shutdown);
    for (auto& name : names_)
      turn_away(name);
  }

  caf::error start(const endpoint& where) {
    directory_ = spawn_directory(network_.system(), gates_, log_);
    auto watch = std::make_shared<port_watch>(
      limits_, files_, [log = log_](const std::string& line) {
        log(log_level::warning, {}, line);
      });
    auto port = network_.publish(directory_, where, watch);
    if (!port)
      return port.error();
    port_ = *port;
    // A stranger is cut off at most a tenth later than it should.
    constexpr auto looks = 10;
    expiry_ = spawn_expiry(network_.system(), std::move(watch),
                           limits_.max_silence / looks);
    return {};
  }

  uint16_t port() const override {
    return port_;
  }

  caf::error renew(const tls_files& files) override {
    auto next = sealed_files::make(files);
    if (!next)
      return next.error();
    files_->replace(std::move(*next));
    return {};
  }

  void admit(const std::string& name, const database_actor& database) override {
    gate_limits limits;
    limits.log = [log = log_, name](log_level level, std::string_view line) {
      log(level, name, line);
    };
    set_gate(name, spawn_gate(network_.system(), database, std::move(limits)));
  }

  void turn_away(const std::string& name) override {
    set_gate(name, gate_actor{});
  }

private:
  void set_gate(const std::string& name, gate_actor next) {
    if (auto last = gates_->set(name, std::move(next)))
      caf::anon_send_exit(last, caf::exit_reason::user_shutdown);
  }

  // Destroyed last: it waits for the actors in it.
  secure_network network_;
  std::shared_ptr<sealed_files> files_;
  listen_limits limits_;
  std::vector<std::string> names_;
  peer_log log_;
  std::shared_ptr<gate_table> gates_;
  directory_actor directory_;
  caf::actor expiry_;
  uint16_t port_ = 0;
};

} // namespace

caf::expected<std::unique_ptr<remote_listener>>
remote_listener::open(const endpoint& where, const tls_files& files,
                      const std::vector<std::string>& names,
                      const listen_limits& limits, peer_log log) {
  auto sealed = sealed_files::make(files);
  if (!sealed)
    return sealed.error();
  auto result = std::make_unique<secure_listener>(std::move(*sealed), names,
                                                  limits, std::move(log));
  if (auto err = result->start(where); err != caf::none)
    return err;
  return std::unique_ptr<remote_listener>{std::move(result)};
}

} // namespace onewriter::node
