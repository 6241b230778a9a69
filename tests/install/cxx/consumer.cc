// SPDX-License-Identifier: Apache-2.0
// The installed library as a vendor uses it: two records, one question.
#include <cstdio>

#include "libmpi/linkage/linker.h"

int main() {
  libmpi::Record a, b;
  a.key = {"H001", "1", 0};
  b.key = {"C001", "1", 0};
  a.names.push_back({"小鳥遊 朔", "", "", "タカナシ サク", "", "", ""});
  b.names.push_back({"", "", "", "ﾀｶﾅｼ ｻｸ", "", "", ""});
  a.births = {"1999-01-02"};
  b.births = {"平成11年1月2日"};
  a.phones = b.phones = {"022-123-4567"};
  const auto e = libmpi::ExplainPair(a, b, libmpi::Model::Default(), {}).value();
  std::printf("%s", e.ToText().c_str());
  return e.weight > 0 ? 0 : 1;
}
