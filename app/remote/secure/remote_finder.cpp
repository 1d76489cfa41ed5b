#include "app/remote/secure/remote_finder.hpp"

#include "actors/policy/backoff.hpp"
#include "actors/sharing/database_link.hpp"
#include "actors/support/guarded_log.hpp"
#include "actors/support/thrown.hpp"
#include "app/remote/secure/secure_network.hpp"
#include "messages/compat/execution.hpp"
#include "onewriter/compat/messaging.hpp"

#include <chrono>
#include <random>
#include <utility>

namespace onewriter::node {

namespace {

/// How long the other machine may take to answer.
constexpr std::chrono::seconds answer_limit{10};

backoff_options pauses_between_attempts() {
  backoff_options result;
  result.initial = std::chrono::milliseconds{50};
  result.maximum = std::chrono::seconds{2};
  return result;
}

class remote_finder_state {
public:
  explicit remote_finder_state(owner_finder_actor::pointer self)
    : self_{self},
      pauses_{pauses_between_attempts(), std::random_device{}()} {
    // nop
  }

  owner_finder_actor::behavior_type
  make_behavior(remote_address where, std::shared_ptr<const sealed_files> files,
                options opts, shared_core_actor user) {
    where_ = std::move(where);
    files_ = std::move(files);
    opts_ = std::move(opts);
    user_ = std::move(user);
    must_send(self_, owner_finder_actor{self_}, check_held{});
    return {
      [this](stop_sharing) {
        disconnect();
        self_->quit();
      },
      [this](check_held) { search(); },
    };
  }

  static inline const char* name = "onewriter.remote_finder";

private:
  void search() {
    if (network_)
      return;
    auto err = caught("joining another machine", [this] { return find(); });
    if (err == caf::none) {
      was_joined_ = true;
      return pauses_.reset();
    }
    disconnect();
    if (!was_joined_ || err == ec::invalid_argument) {
      must_send(self_, user_, owner_search_failed{err});
      return self_->quit();
    }
    must_send(self_, user_, owner_lost{std::move(err)});
    must_send_later(self_, owner_finder_actor{self_}, pauses_.next(),
                    check_held{});
  }

  caf::error find() {
    network_ = std::make_unique<secure_network>(files_);
    auto session = network_->enter(where_, answer_limit);
    if (!session)
      return session.error();
    link_ = spawn_database_link(network_->system(), *session, user_);
    compat::watch(self_, link_,
                  [this](const caf::actor_addr& who, const caf::error&) {
                    if (link_ && who == link_.address())
                      service_has_gone();
                  });
    must_send(self_, user_, owned_elsewhere{link_});
    return {};
  }

  void service_has_gone() {
    if (opts_.log)
      log_guarded(opts_.log, log_level::warning, [this] {
        return "lost the connection to " + to_string(where_.where);
      });
    must_send(self_, user_,
              owner_lost{make_failure(
                ec::unavailable,
                "the connection to " + to_string(where_.where) + " was lost")});
    disconnect();
    search();
  }

  void disconnect() {
    if (auto link = std::exchange(link_, nullptr))
      must_stop(link);
    network_.reset();
  }

  owner_finder_actor::pointer self_;
  remote_address where_;
  std::shared_ptr<const sealed_files> files_;
  options opts_;
  shared_core_actor user_;
  backoff pauses_;
  bool was_joined_ = false;
  // Where the other machine is connected.
  std::unique_ptr<secure_network> network_;
  link_actor link_;
};

owner_finder_actor::behavior_type
remote_finder(owner_finder_actor::stateful_pointer<remote_finder_state> self,
              remote_address where, std::shared_ptr<const sealed_files> files,
              options opts, shared_core_actor user) {
  return compat::state(self).make_behavior(std::move(where), std::move(files),
                                           std::move(opts), std::move(user));
}

} // namespace

owner_finder_actor
spawn_remote_finder(caf::actor_system& sys, remote_address where,
                    std::shared_ptr<const sealed_files> files, options opts,
                    shared_core_actor user) {
  require_thread();
  return sys.spawn<caf::detached>(remote_finder, std::move(where),
                                  std::move(files), std::move(opts),
                                  std::move(user));
}

} // namespace onewriter::node
