#pragma once

#include "onewriter/compat/inspection.hpp"

#include <caf/actor.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace onewriter {

/// Asks to put a document into a full-text index, chunk by chunk.
///
/// The text comes from the file `path`, or from `text` if `path` is empty. A
/// document that the index already has under this key with the same content is
/// skipped; a changed one is replaced: a search finds all of the old or all of
/// the new. Reply: an `index_receipt` once the document can be found. Retry:
/// safe. Errors: `ec::unreadable_document`, `ec::document_changed`,
/// `ec::invalid_text`, `ec::cancelled`; the index keeps its previous content. A
/// job whose text comes from a file continues after a restart of the process.
struct chunked_index {
  /// Name of the index, 1 to 255 bytes of any text; created when first used.
  std::string index;
  /// Identifies the document within the index, 1 to 4,096 bytes of any text.
  std::string key;
  /// An absolute or relative path; a relative one is resolved at once.
  std::string path;
  std::string text;
  /// Receives `index_progress` messages; may be empty.
  caf::actor listener;
};

template <class Inspector>
auto inspect(Inspector& f, chunked_index& x) {
  return compat::inspect_object(
    f, x, compat::field("index", x.index), compat::field("key", x.key),
    compat::field("path", x.path), compat::field("text", x.text),
    compat::field("listener", x.listener));
}

/// Reports the progress of a job; sent to its listener after a chunk, at most
/// ten times a second.
struct index_progress {
  std::string index;
  std::string key;
  uint64_t done_bytes = 0;
  uint64_t total_bytes = 0;
};

template <class Inspector>
auto inspect(Inspector& f, index_progress& x) {
  return compat::inspect_object(f, x, compat::field("index", x.index),
                                compat::field("key", x.key),
                                compat::field("done_bytes", x.done_bytes),
                                compat::field("total_bytes", x.total_bytes));
}

/// Confirms that a document can be found.
struct index_receipt {
  /// Whether the index already had the same content, so that nothing was done.
  bool unchanged = false;
  /// Whether an older content was replaced.
  bool replaced = false;
  /// Whether the job continued where an earlier process had stopped.
  bool resumed = false;
  /// Size of the document.
  uint64_t bytes = 0;
  /// Number of rows in the index that the document takes.
  uint64_t passages = 0;
  /// Number of transactions.
  uint64_t chunks = 0;
  /// The longest time that one chunk occupied the writer.
  std::chrono::nanoseconds longest_chunk{0};
  /// Number of the commit that made the document visible.
  uint64_t commit = 0;
};

template <class Inspector>
auto inspect(Inspector& f, index_receipt& x) {
  return compat::inspect_object(
    f, x, compat::field("unchanged", x.unchanged),
    compat::field("replaced", x.replaced), compat::field("resumed", x.resumed),
    compat::field("bytes", x.bytes), compat::field("passages", x.passages),
    compat::field("chunks", x.chunks),
    compat::field("longest_chunk", x.longest_chunk),
    compat::field("commit", x.commit));
}

/// Asks to stop the job of a document, waiting or running. Its requester gets
/// `ec::cancelled`, and the passages written by the job are removed. Reply:
/// nothing; a job that does not exist (any more) is no error. Retry: safe.
struct cancel_index {
  std::string index;
  std::string key;
};

template <class Inspector>
auto inspect(Inspector& f, cancel_index& x) {
  return compat::inspect_object(f, x, compat::field("index", x.index),
                                compat::field("key", x.key));
}

/// Asks to take a document out of an index, chunk by chunk; searches stop
/// finding it at once. Reply: a `job_receipt`. Retry: safe. Error:
/// `ec::no_such_index`; a document that the index does not have is no error.
struct remove_document {
  std::string index;
  std::string key;
};

template <class Inspector>
auto inspect(Inspector& f, remove_document& x) {
  return compat::inspect_object(f, x, compat::field("index", x.index),
                                compat::field("key", x.key));
}

} // namespace onewriter
