#pragma once

#include "actors/core/pending_write.hpp"
#include "onewriter/protocol.hpp"
#include "tests/fault/replies.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace onewriter::test {

/// How long a reply of the script may take. A machine that is busy with other
/// things is no reason to miss it.
inline constexpr auto reply_limit = std::chrono::seconds{30};

/// How much of a script is run.
enum class script_length : uint8_t {
  /// All of it.
  full,
  /// Half of the writes and a document of three passages.
  brief,
};

/// Asks a database for what a program asks for: writes of several statements by
/// three senders, some of which are wrong, requests with positions in a
/// session, as those of other processes have, best-effort messages that
/// coalesce, two versions of a document, queries, searches and checkpoints.
/// Records all replies.
///
/// What belongs to one round is sent while the writer is held by a transaction
/// of the script, so that the same requests share a commit every time.
///
/// Tables: `entry(id, part)` has the rows of the writes, in the order in which
/// they were made; `tally(n)` counts the writes; `latest(key, number)` has the
/// best-effort messages; `numbered(id)` has those with positions.
class script {
public:
  /// `folder` exists and takes the document.
  /// With `burdened`, each round has requests that fail after they have changed
  /// more than a tiny page cache holds, and writes that go on after a statement
  /// that did.
  script(caf::actor_system& sys, database_actor database, std::string folder,
         replies& so_far, script_length length = script_length::full,
         bool burdened = false);

  void run();

private:
  class round;

  void create_tables();

  void run_writes(uint64_t first, uint64_t last, bool is_mixed);

  void index(uint64_t version);

  void read();

  void cut_back(bool truncate);

  /// Sends a request as the sender `index`, blocks for the reply and returns
  /// the error, if there was one.
  template <class Reply, class Request>
  caf::error
  ask(size_t sender, Request what, std::function<void(Reply&)> use = {});

  caf::actor_system& sys_;
  database_actor database_;
  std::string folder_;
  replies& replies_;
  script_length length_;
  bool burdened_;
  std::vector<std::unique_ptr<caf::scoped_actor>> senders_;
};

/// Returns the request at position `number` of the script's session, which is
/// the same however often it is sent.
pending_write_ptr numbered_write(uint64_t number, uint64_t settled);

/// Returns the index and the key of the document of the script.
std::string index_name();

std::string document_key();

/// Returns the text of a version of the document. Each passage of version 1
/// contains the word "first", each of version 2 "second".
std::string document_text(uint64_t version, script_length length);

/// Returns the word that only this version contains, in each of its passages.
std::string word_of(uint64_t version);

} // namespace onewriter::test
