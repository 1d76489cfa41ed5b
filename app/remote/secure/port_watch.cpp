#include "app/remote/secure/port_watch.hpp"

#include "actors/console/format.hpp"
#include "onewriter/compat/messaging.hpp"

#include <list>
#include <mutex>
#include <utility>

#include <sys/socket.h>

namespace onewriter::node {

// The last connection may end on another thread than the middleman's.
struct port_watch::visitor_list {
  struct stranger {
    int socket;
    time_point since;
  };

  std::mutex mutex;
  size_t all = 0;
  std::list<stranger> strangers;
};

// Goes before its socket is closed, whose number may then be another one's.
class port_watch::visitor final : public compat::port_visitor {
public:
  visitor(std::shared_ptr<visitor_list> where, visitor_list::stranger what)
    : list_{std::move(where)} {
    std::lock_guard<std::mutex> guard{list_->mutex};
    me_ = list_->strangers.insert(list_->strangers.end(), what);
    ++list_->all;
  }

  visitor(const visitor&) = delete;

  visitor& operator=(const visitor&) = delete;

  ~visitor() override {
    is_known();
    std::lock_guard<std::mutex> guard{list_->mutex};
    --list_->all;
  }

  void is_known() override {
    std::lock_guard<std::mutex> guard{list_->mutex};
    if (std::exchange(is_stranger_, false))
      list_->strangers.erase(me_);
  }

private:
  std::shared_ptr<visitor_list> list_;
  std::list<visitor_list::stranger>::iterator me_;
  bool is_stranger_ = true;
};

port_watch::port_watch(const listen_limits& limits,
                       std::shared_ptr<sealed_files> files,
                       std::function<void(const std::string&)> log,
                       std::function<time_point()> clock)
  : limits_{limits},
    files_{std::move(files)},
    log_{std::move(log)},
    clock_{std::move(clock)},
    visitors_{std::make_shared<visitor_list>()} {
  // nop
}

compat::port_visitor_ptr
port_watch::admit(caf::io::network::native_socket socket) {
  auto is_full = false;
  auto is_crowded = false;
  {
    std::lock_guard<std::mutex> guard{visitors_->mutex};
    is_full = visitors_->all >= limits_.max_connections;
    is_crowded = visitors_->strangers.size() >= limits_.max_strangers;
  }
  if (is_full || is_crowded) {
    note_refusal(is_full);
    return nullptr;
  }
  files_->take_replacement();
  return std::make_unique<visitor>(visitors_,
                                   visitor_list::stranger{socket, clock_()});
}

void port_watch::expire() {
  auto now = clock_();
  std::lock_guard<std::mutex> guard{visitors_->mutex};
  // CAF sees that the connection has ended, and closes it.
  for (auto& x : visitors_->strangers)
    if (now - x.since >= limits_.max_silence)
      ::shutdown(x.socket, SHUT_RDWR);
}

void port_watch::note_refusal(bool is_full) {
  ++refused_;
  auto now = clock_();
  if (last_line_ && now - *last_line_ < log_interval)
    return;
  last_line_ = now;
  auto why = is_full ? "there are as many as serve.max-connections says"
                     : "as many as serve.max-strangers says have not shown a "
                       "certificate yet";
  log_("closed " + format_count(std::exchange(refused_, 0), "connection")
       + " at once: " + why);
}

caf::actor spawn_expiry(caf::actor_system& sys,
                        std::shared_ptr<port_watch> watch,
                        std::chrono::nanoseconds interval) {
  return sys.spawn([watch = std::move(watch),
                    interval](caf::event_based_actor* self) -> caf::behavior {
    auto wait = [self, interval] {
      compat::delayed_send(self, caf::actor{self}, interval, caf::tick_atom_v);
    };
    wait();
    return {
      [watch, wait](caf::tick_atom) {
        watch->expire();
        wait();
      },
    };
  });
}

} // namespace onewriter::node
