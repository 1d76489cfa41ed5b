#pragma once

#include "actors/core/session_position.hpp"
#include "actors/database/admission/flow_gate.hpp"
#include "actors/sharing/relay/batches.hpp"
#include "actors/sharing/shared/shared_database.hpp"
#include "actors/sharing/shared/waiting_request.hpp"
#include "onewriter/options.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace onewriter {

/// The state of a shared database: where the owner is, and the requests whose
/// replies have not come. Runs on the scheduler's threads.
class shared_database_state {
public:
  explicit shared_database_state(full_shared_actor::pointer self);

  shared_database_state(const shared_database_state&) = delete;

  shared_database_state& operator=(const shared_database_state&) = delete;

  /// Starts to look for the owner. Called once.
  full_shared_actor::behavior_type make_behavior(options opts,
                                                 const finder_factory& find);

  static inline const char* name = "onewriter.shared_database";

private:
  enum class place {
    /// Not known: requests wait.
    unknown,
    /// In this process.
    here,
    /// In another process.
    elsewhere,
    /// This process has left, or there is no owner.
    none,
  };

  // -- requests --------------------------------------------------------------

  template <class Reply, class Request>
  caf::result<Reply> take(Request& what);

  template <class Reply, class Request>
  caf::result<Reply> keep(Request& what);

  template <class Reply>
  caf::result<Reply> refuse(caf::error reason);

  void send(uint64_t number);

  void send_here(uint64_t number);

  bool hand_over(waiting_request& what, uint64_t number);

  void send_elsewhere(uint64_t number);

  void flush();

  void unpack(reply_batch& what);

  void finished(uint64_t number, uint64_t link, const caf::error& err);

  void refuse_all(const caf::error& reason);

  void check();

  bool has_been_sought() const;

  void check_later();

  // -- the owner -------------------------------------------------------------

  void found_here(owned_here& what);

  void found_elsewhere(owned_elsewhere& what);

  void found(place where);

  void lost(owner_lost& what);

  void fell_silent();

  void answers_again();

  void hold_in_silence(waiting_request& what);

  void search_failed(owner_search_failed& what);

  void count_turned_away(process_turned_away& what);

  // -- the end ---------------------------------------------------------------

  caf::result<close_receipt> start_closing(close& what);

  void close_own(const close& what);

  void leave();

  void search_has_ended();

  void left(caf::error reason);

  full_shared_actor::pointer self_;
  owner_finder_actor finder_;
  place where_ = place::unknown;
  // The database of this process.
  database_actor target_;
  flow_gate_ptr gate_;
  // The way to that of another one, and what is about to be sent there.
  link_actor link_to_owner_;
  request_batch outgoing_;
  bool is_flush_due_ = false;
  // Counts the owners.
  uint64_t link_ = 0;
  // Whether the owner, another process, does not answer.
  bool is_silent_ = false;
  // Whether it has refused a request because it is being closed: it refuses all
  // others as well, until its link goes down.
  bool is_owner_closing_ = false;
  // Why there is no owner.
  caf::error reason_;
  // In order of arrival.
  std::map<uint64_t, std::shared_ptr<waiting_request>> waiting_;
  uint64_t last_number_ = 0;
  uint64_t max_waiting_ = 0;
  std::chrono::nanoseconds patience_{0};
  bool is_check_due_ = false;
  // Of this process. With a number it identifies a request to all owners.
  std::shared_ptr<const session_name> session_;
  // While closing.
  std::vector<pending_reply> closers_;
  close_receipt receipt_;
  // Why the database of this process was not closed in order.
  caf::error close_problem_;
  bool is_leaving_ = false;
  waiting_request::clock::time_point leaving_since_;
  std::chrono::nanoseconds leaving_limit_{0};
  bool is_own_open_ = false;
  bool has_search_ended_ = false;
};

} // namespace onewriter
