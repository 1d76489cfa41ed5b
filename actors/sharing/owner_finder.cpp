#include "actors/sharing/owner_finder.hpp"

#include "actors/database/admission/database_gate.hpp"
#include "actors/database/owned_database.hpp"
#include "actors/policy/backoff.hpp"
#include "actors/sharing/database_link.hpp"
#include "actors/sharing/gate.hpp"
#include "actors/sharing/network.hpp"
#include "actors/sharing/owner_record.hpp"
#include "actors/sqlite/base/errors.hpp"
#include "actors/support/guarded_log.hpp"
#include "actors/support/thrown.hpp"
#include "actors/support/wall_clock.hpp"
#include "onewriter/compat/setup.hpp"
#include "onewriter/failure.hpp"

#include <memory>
#include <random>
#include <string>
#include <utility>

#include <unistd.h>

namespace onewriter {

namespace {

// The file may change its owner at any time, and callers wait.
backoff_options pauses() {
  backoff_options result;
  result.initial = std::chrono::milliseconds{2};
  result.maximum = std::chrono::milliseconds{200};
  return result;
}

// What a process cannot join because of how it was built.
caf::error mismatch(const owner_record& owner) {
  auto differs = [&](const std::string& what, const std::string& theirs,
                     const std::string& mine) {
    return make_failure(ec::invalid_argument,
                        "the database is owned by process "
                          + std::to_string(owner.process_id) + " with " + what
                          + ' ' + theirs + ", this process has " + mine
                          + ": use the same in all processes");
  };
  if (owner.protocol != sharing_protocol)
    return differs("version of the protocol", std::to_string(owner.protocol),
                   std::to_string(sharing_protocol));
  if (owner.caf != compat::caf_generation())
    return differs("CAF", owner.caf, compat::caf_generation());
  return {};
}

class owner_finder_state {
public:
  explicit owner_finder_state(owner_finder_actor::pointer self)
    : self_{self},
      pauses_{pauses(), std::random_device{}()} {
    // nop
  }

  owner_finder_actor::behavior_type make_behavior(options opts,
                                                  shared_core_actor user) {
    opts_ = std::move(opts);
    user_ = std::move(user);
    must_send(self_, owner_finder_actor{self_}, check_held{});
    return {
      [this](stop_sharing) { stop(); },
      [this](check_held) { search(); },
    };
  }

  static inline const char* name = "onewriter.owner_finder";

private:
  // -- looking for an owner ------------------------------------------------------

  void search() {
    if (network_)
      return;
    auto err = caught("the search for the owner", [this] { return find(); });
    if (err == caf::none)
      return pauses_.reset();
    disconnect();
    if (is_permanent(err)) {
      must_send(self_, user_, owner_search_failed{err});
      return self_->quit();
    }
    must_send(self_, user_, owner_lost{std::move(err)});
    must_send_later(self_, owner_finder_actor{self_}, pauses_.next(),
                    check_held{});
  }

  // Another process may succeed where this one has failed only while the owner
  // changes. One that has had the database waits for what passes by itself,
  // such as a full disk.
  bool is_permanent(const caf::error& err) const {
    auto code = code_of(err);
    if (code == ec::busy || code == ec::unavailable || code == ec::closed)
      return false;
    return !has_had_owner_ || !sqlite::is_transient(code);
  }

  caf::error find() {
    auto lock = sqlite::owner_lock::acquire(opts_.path);
    if (lock)
      return open(std::move(*lock));
    return lock.error() == ec::busy ? join(lock.error()) : lock.error();
  }

  caf::error open(std::unique_ptr<sqlite::owner_lock> lock) {
    auto database
      = spawn_owned_database(self_->home_system(), opts_, std::move(lock));
    if (auto err = wait_until_open(self_->home_system(), database);
        err != caf::none)
      return err;
    auto gate = flow_gate_of(self_->home_system(), database);
    // Callers of this process go on also where others cannot join.
    if (auto err = publish(database, gate); err != caf::none)
      log(log_level::warning,
          [&] { return "other processes cannot join: " + describe(err); });
    has_had_owner_ = true;
    must_send(self_, user_, owned_here{std::move(database), std::move(gate)});
    return {};
  }

  caf::error publish(const database_actor& database,
                     const flow_gate_ptr& gate) {
    owner_record what;
    auto secret = make_secret();
    if (!secret)
      return secret.error();
    network_ = std::make_unique<network>(*secret);
    gate_limits limits;
    limits.session.max_request_bytes = opts_.queue.max_bytes;
    limits.session.max_untaken_bytes = opts_.max_result_bytes;
    limits.direct = gate;
    limits.session.may_inject_failures
      = opts_.allow_failure_injection_by_others;
    limits.session.owner_functions = opts_.owner_functions;
    limits.secret = *secret;
    limits.log = opts_.log;
    auto port = network_->publish(
      spawn_gate(network_->system(), database, std::move(limits)), opts_.log);
    if (!port)
      return port.error();
    what.process_id = ::getpid();
    what.host = loopback;
    what.port = *port;
    what.started_unix_ms = unix_ms_now();
    what.protocol = sharing_protocol;
    what.caf = compat::caf_generation();
    what.secret = *secret;
    return publish_owner_record(opts_.path, what);
  }

  // An owner that publishes nothing, or not yet, is only `in_the_way`.
  caf::error join(const caf::error& in_the_way) {
    auto owner = read_owner_record(opts_.path);
    if (!owner)
      return owner.error();
    if (!*owner)
      return in_the_way;
    if (auto err = mismatch(**owner); err != caf::none)
      return err;
    network_ = std::make_unique<network>((*owner)->secret);
    auto session = network_->join((*owner)->host, (*owner)->port);
    if (!session)
      return session.error();
    link_ = spawn_database_link(network_->system(), *session, user_);
    compat::watch(self_, link_,
                  [this](const caf::actor_addr& who, const caf::error&) {
                    if (link_ && who == link_.address())
                      owner_has_gone();
                  });
    log(log_level::info, [&] {
      return "joined process " + std::to_string((*owner)->process_id)
             + ", which owns " + opts_.path;
    });
    has_had_owner_ = true;
    must_send(self_, user_, owned_elsewhere{link_});
    return {};
  }

  void owner_has_gone() {
    log(log_level::warning,
        [&] { return "lost the process that owns " + opts_.path; });
    must_send(self_, user_,
              owner_lost{make_failure(ec::unavailable,
                                      "the process that owned the database has "
                                      "ended")});
    disconnect();
    search();
  }

  // -- the end -------------------------------------------------------------------

  void stop() {
    disconnect();
    self_->quit();
  }

  void disconnect() {
    if (auto link = std::exchange(link_, nullptr))
      must_stop(link);
    network_.reset();
  }

  template <class F>
  void log(log_level level, F line) const {
    if (opts_.log)
      log_guarded(opts_.log, level, line);
  }

  owner_finder_actor::pointer self_;
  options opts_;
  shared_core_actor user_;
  backoff pauses_;
  // Where this process owns the file or has joined its owner.
  std::unique_ptr<network> network_;
  link_actor link_;
  // This process, or another that it has joined.
  bool has_had_owner_ = false;
};

owner_finder_actor::behavior_type
owner_finder(owner_finder_actor::stateful_pointer<owner_finder_state> self,
             options opts, shared_core_actor user) {
  return compat::state(self).make_behavior(std::move(opts), std::move(user));
}

} // namespace

owner_finder_actor spawn_owner_finder(caf::actor_system& sys, options opts,
                                      shared_core_actor user) {
  require_thread();
  return sys.spawn<caf::detached>(owner_finder, std::move(opts),
                                  std::move(user));
}

} // namespace onewriter
