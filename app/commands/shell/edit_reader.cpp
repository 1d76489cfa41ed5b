#include "app/commands/shell/line_reader.hpp"

#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cwchar>

#include <histedit.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

// Its own functions are used and not those that imitate GNU readline: only
// these let another thread end the wait for a key, as Ctrl-C does here.
class edit_reader final : public line_reader {
public:
  edit_reader(history_file& file, shell_signals& signals)
    : file_{file},
      signals_{signals},
      history_{history_init()},
      editor_{el_init("onewriter", stdin, stdout, stderr)} {
    // Characters are those of the terminal; numbers stay as they are.
    std::setlocale(LC_CTYPE, "");
    HistEvent ignored;
    history(history_, &ignored, H_SETSIZE, history_file::max_lines);
    history(history_, &ignored, H_SETUNIQUE, 1);
    for (auto& line : file_.load())
      history(history_, &ignored, H_ENTER, line.c_str());
    el_set(editor_, EL_CLIENTDATA, this);
    el_set(editor_, EL_PROMPT, prompt_of);
    el_set(editor_, EL_GETCFN, key_of);
    el_set(editor_, EL_HIST, history, history_);
    el_set(editor_, EL_EDITOR, "emacs");
    el_set(editor_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    el_source(editor_, nullptr);
  }

  edit_reader(const edit_reader&) = delete;

  edit_reader& operator=(const edit_reader&) = delete;

  ~edit_reader() override {
    el_end(editor_);
    history_end(history_);
  }

  line_outcome read(const std::string& prompt, std::string& line) override {
    signals_.begin();
    prompt_ = prompt;
    el_resize(editor_);
    auto count = 0;
    auto text = el_gets(editor_, &count);
    if (signals_.is_cancelled())
      return line_outcome::cancelled;
    if (text == nullptr || count <= 0)
      return line_outcome::end;
    line.assign(text, static_cast<size_t>(count));
    if (line.back() == '\n')
      line.pop_back();
    remember(line);
    return line_outcome::line;
  }

private:
  static edit_reader& self_of(EditLine* editor) {
    void* result = nullptr;
    el_get(editor, EL_CLIENTDATA, &result);
    return *static_cast<edit_reader*>(result);
  }

  static char* prompt_of(EditLine* editor) {
    return self_of(editor).prompt_.data();
  }

  // Reads one character for libedit; 0 ends the line.
  static int key_of(EditLine* editor, wchar_t* result) {
    auto& signals = self_of(editor).signals_;
    std::mbstate_t state{};
    for (;;) {
      char byte = 0;
      if (!signals.pipe()->wait(STDIN_FILENO)) {
        signals.pipe()->clear();
        if (signals.is_cancelled())
          return 0;
        continue;
      }
      auto count = ::read(STDIN_FILENO, &byte, 1);
      if (count < 0 && errno == EINTR)
        continue;
      if (count <= 0)
        return 0;
      auto size = std::mbrtowc(result, &byte, 1, &state);
      constexpr auto incomplete = static_cast<size_t>(-2);
      if (size == 1)
        return 1;
      // A byte that begins no character is left out, and so is NUL, which a
      // terminal makes of Ctrl-D that is typed while it changes its mode.
      if (size != incomplete)
        state = {};
    }
  }

  void remember(const std::string& line) {
    if (line.find_first_not_of(" \t") == line.npos)
      return;
    HistEvent ignored;
    history(history_, &ignored, H_ENTER, line.c_str());
    file_.append(line);
  }

  history_file& file_;
  shell_signals& signals_;
  History* history_;
  EditLine* editor_;
  std::string prompt_;
};

} // namespace

std::unique_ptr<line_reader> make_edit_reader(history_file& history,
                                              shell_signals& signals) {
  return std::make_unique<edit_reader>(history, signals);
}

} // namespace onewriter::node
