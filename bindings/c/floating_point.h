// SPDX-License-Identifier: Apache-2.0
// Internal to bindings/c.
#ifndef LIBMPI_BINDINGS_C_FLOATING_POINT_H_
#define LIBMPI_BINDINGS_C_FLOATING_POINT_H_

#include <cfenv>

namespace libmpi::c {

// The usual state of floating point while it lives, then the caller's again: callers' may trap, as Delphi's and Free
// Pascal's does where a logarithm of 0 is taken, or round otherwise, which would change weights. Some nanoseconds.
class UsualFloatingPoint {
 public:
  UsualFloatingPoint() : unusual_(fegetexcept() != 0 || std::fegetround() != FE_TONEAREST) {
    if (unusual_ && std::fegetenv(&callers_) == 0) std::fesetenv(FE_DFL_ENV);
  }
  ~UsualFloatingPoint() {
    if (unusual_) std::fesetenv(&callers_);
  }
  UsualFloatingPoint(const UsualFloatingPoint&) = delete;
  UsualFloatingPoint& operator=(const UsualFloatingPoint&) = delete;

 private:
  const bool unusual_;
  std::fenv_t callers_;
};

}  // namespace libmpi::c

#endif  // LIBMPI_BINDINGS_C_FLOATING_POINT_H_
