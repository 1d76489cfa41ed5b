// What may be left of a file. The model is that of a page cache over a disk
// that writes sectors:
//
// - Each sector holds what it held after the last sync or after any write since
//   (https://sqlite.org/atomiccommit.html, section 3.1: nothing is assumed
//   about the order in which sectors reach the disk).
// - A torn sector holds the bytes of one write up to some place within it and
//   what was there before from there on, or the reverse. What is outside of the
//   range of that write is as it was: SQLITE_IOCAP_POWERSAFE_OVERWRITE, on by
//   default (https://sqlite.org/psow.html).
// - The size of a file is metadata, which goes through a journal: it is what it
//   was after the last sync, or after any change since, apart from the content.
//   So a file may have grown without the bytes that made it grow, and holds
//   zeros there; and a truncation may be undone.
#include "tests/power/disk/sector_damage.hpp"

#include <algorithm>
#include <map>

namespace onewriter::test {

namespace {

bool draws(std::mt19937_64& random, unsigned percent) {
  return random() % 100 < percent;
}

size_t end_of(const disk_change& x) {
  return x.offset + x.bytes.size();
}

// One sector and what was done to it.
class sector {
public:
  sector(size_t begin, size_t size) : begin_{begin}, size_{size} {
    // nop
  }

  void add(const disk_change& x) {
    changes_.push_back(&x);
    if (x.what == change::truncate)
      least_ = changes_.size();
  }

  std::string remains(const std::string& synced, const damage_style& style,
                      std::mt19937_64& random, damage_counts& counts) const {
    auto count = changes_.size();
    auto last = draws(random, style.keeps)
                  ? count
                  : least_ + random() % (count - least_ + 1);
    auto result = version(synced, last);
    if (last > least_ && draws(random, style.tears)) {
      tear(result, version(synced, last - 1), *changes_[last - 1], random);
      ++counts.torn;
    } else {
      ++(last == count ? counts.kept : counts.lost);
    }
    return result;
  }

private:
  std::string version(const std::string& synced, size_t last) const {
    std::string result;
    if (begin_ < synced.size())
      result = synced.substr(begin_, size_);
    result.resize(size_);
    for (size_t i = 0; i < last; ++i)
      apply(*changes_[i], result);
    return result;
  }

  void apply(const disk_change& x, std::string& to) const {
    auto first = std::max(x.offset, begin_);
    if (x.what == change::truncate) {
      std::fill(to.begin() + static_cast<ptrdiff_t>(first - begin_), to.end(),
                '\0');
      return;
    }
    auto last = std::min(end_of(x), begin_ + size_);
    to.replace(first - begin_, last - first, x.bytes, first - x.offset,
               last - first);
  }

  void tear(std::string& now, const std::string& before, const disk_change& by,
            std::mt19937_64& random) const {
    auto first = std::max(by.offset, begin_) - begin_;
    auto last = std::min(end_of(by), begin_ + size_) - begin_;
    auto at = first + random() % (last - first + 1);
    if (random() % 2 == 0)
      now.replace(at, size_ - at, before, at, size_ - at);
    else
      now.replace(0, at, before, 0, at);
  }

  size_t begin_;
  size_t size_;
  std::vector<const disk_change*> changes_;
  // The versions before the last truncation are gone for good.
  size_t least_ = 0;
};

// The change up to which the metadata is on disk.
size_t draw_metadata(size_t changes, const damage_style& style,
                     std::mt19937_64& random) {
  return draws(random, style.keeps) ? changes : random() % (changes + 1);
}

class damaged_file {
public:
  damaged_file(const std::string& synced, size_t sector_bytes)
    : synced_{synced},
      sector_bytes_{sector_bytes},
      size_{synced.size()},
      extent_{synced.size()} {
    // nop
  }

  void add(const disk_change& x, bool has_metadata, damage_counts& counts) {
    if (x.what == change::truncate) {
      if (has_metadata)
        truncate(x);
      else if (x.offset < extent_)
        ++counts.lost_truncations;
      return;
    }
    extent_ = std::max(extent_, end_of(x));
    if (has_metadata)
      size_ = std::max(size_, end_of(x));
    for (auto i = x.offset / sector_bytes_; i * sector_bytes_ < end_of(x); ++i)
      at(i).add(x);
  }

  std::string remains(const damage_style& style, std::mt19937_64& random,
                      damage_counts& counts) const {
    auto result = synced_;
    result.resize(std::max(extent_, size_));
    for (auto& [i, what] : sectors_) {
      auto bytes = what.remains(synced_, style, random, counts);
      auto begin = i * sector_bytes_;
      if (begin < result.size())
        result.replace(begin, std::min(sector_bytes_, result.size() - begin),
                       bytes, 0,
                       std::min(sector_bytes_, result.size() - begin));
    }
    result.resize(size_);
    return result;
  }

private:
  sector& at(size_t i) {
    return sectors_.try_emplace(i, i * sector_bytes_, sector_bytes_)
      .first->second;
  }

  void truncate(const disk_change& x) {
    for (auto i = x.offset / sector_bytes_; i * sector_bytes_ < extent_; ++i)
      at(i).add(x);
    size_ = x.offset;
  }

  const std::string& synced_;
  size_t sector_bytes_;
  size_t size_;
  // How far any change reached.
  size_t extent_;
  std::map<size_t, sector> sectors_;
};

} // namespace

damage_style damage_style::draw(std::mt19937_64& random) {
  constexpr unsigned keeping[] = {0, 10, 50, 90, 100};
  constexpr unsigned tearing[] = {0, 10, 50};
  return {random() % 3 == 0 ? size_t{4'096} : size_t{512},
          keeping[random() % std::size(keeping)],
          tearing[random() % std::size(tearing)]};
}

std::string damaged(const std::string& synced,
                    const std::vector<const disk_change*>& unsynced,
                    const damage_style& style, std::mt19937_64& random,
                    damage_counts& counts) {
  if (unsynced.empty())
    return synced;
  damaged_file result{synced, style.sector};
  auto metadata = draw_metadata(unsynced.size(), style, random);
  for (size_t i = 0; i < unsynced.size(); ++i)
    result.add(*unsynced[i], i < metadata, counts);
  return result.remains(style, random, counts);
}

} // namespace onewriter::test
