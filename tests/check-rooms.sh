#!/usr/bin/env bash
# Checks that dependencies between the folders of this tree point one way.
#
# usage: tests/check-rooms.sh [TREE]
#
# A folder may include from itself and from those above it in the list. Exit
# status: 0 for yes, 1 for no; then each include that points the other way is
# named.
set -euo pipefail

rooms=(
  messages/onewriter   # public: the protocol
  messages
  actors/onewriter     # public: client, database, configuration
  actors/text
  actors/policy        # neither CAF nor SQLite nor a clock
  actors/support
  actors/supervision   # knows nothing of SQLite
  actors/sqlite/base   # here and below are the only includes of sqlite3.h
  actors/sqlite/statement
  actors/sqlite/file   # the files of a database and their owner
  actors/sqlite/access # what SQL may do
  actors/sqlite/runner # opens files and runs statements
  actors/sqlite        # connections
  actors/core          # what all actors of a database have in common
  actors/store         # onewriter's own tables
  actors/index/tables
  actors/index/chunk
  actors/index/jobs
  actors/index
  actors/writer/completion
  actors/writer/checkpoint # copies the log into the file
  actors/writer
  actors/reader/worker # actors with a connection
  actors/reader/queue  # what waits for which reader
  actors/reader
  actors/database/admission
  actors/database/lifecycle
  actors/database/statistics
  actors/database
  actors/sharing/relay # between actor systems and processes
  actors/sharing       # which process owns the file
  actors/sharing/shared
  actors/sharing/alone # instead, where CAF has no middleman
  actors
  actors/console
  bench/workload       # what is written, and by how many
  bench/file           # the files that are written to, and SQLite by hand
  bench/measure        # one measurement of a backend
  bench/threads        # what baselines are made of
  bench/baselines
  bench/baselines/redis
  bench/load           # onewriter under the same load
  bench/onewriter      # onewriter as programs use it
  bench/processes      # clients that are processes of their own
  bench/results        # what was measured
  bench/report         # tables, Markdown, JSON
  bench/options
  bench/plan           # what is measured
  bench/targets
  bench
  app/core             # what several commands need
  app/remote           # databases of other machines
  app/remote/secure    # over TLS
  app/remote/alone     # instead, where TLS is missing
  app/demo/core        # what all actors of the demo have in common
  app/demo/content     # files, their blocks and texts
  app/demo/swarm
  app/demo/checks
  app/demo/setup
  app/demo/display
  app/demo/summary
  app/demo             # knows nothing of command lines
  app/audit/core       # what was found out about a database
  app/audit/gather     # from files and /proc
  app/audit/judge      # what is a risk, from these facts alone
  app/audit/report
  app/audit/source     # source trees
  app/audit
  app/commands/arguments
  app/commands/output  # what is printed
  app/commands/import  # files into tables
  app/commands/restore
  app/commands         # work on a file
  app/serve            # a service that keeps files open
  app/commands/shell
  app/commands/live    # what goes on until it is stopped
  app/commands/text    # full-text indexes
  app
  tests
)

cd "${1:-$(dirname "${BASH_SOURCE[0]}")/..}"
find messages actors app bench tests \
  \( -name '*.hpp' -o -name '*.cpp' \) -print0 2>/dev/null |
  xargs -0 grep -H '^ *# *include "' |
  awk -v list="${rooms[*]}" '
    BEGIN {
      count = split(list, rooms, " ")
      for (i = 1; i <= count; ++i)
        place[rooms[i]] = i
    }
    # The innermost folder of the list that holds `path`.
    function room_of(path) {
      while (sub("/[^/]*$", "", path))
        if (path in place)
          return path
      return ""
    }
    function exists(path,  ignored, found) {
      found = (getline ignored < path) >= 0
      close(path)
      return found
    }
    {
      file = $0
      sub(":.*", "", file)
      target = $0
      sub("^[^\"]*\"", "", target)
      sub("\".*", "", target)
      if (target ~ "^onewriter/")
        target = (exists("messages/" target) ? "messages/" : "actors/") target
      from = room_of(file)
      to = room_of(target)
      if (from == "" || to == "") {
        print file ": \"" target "\" is in no folder of the list"
        failed = 1
      } else if (place[to] > place[from]) {
        print file ": " from " includes " target
        failed = 1
      }
    }
    END { exit failed }
  '
