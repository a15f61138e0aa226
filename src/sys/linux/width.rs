//! Whether the kernel can store a limit of 64 bits. A 32-bit kernel takes 64 bits from prlimit64 and stores an
//! `unsigned long`: a larger value silently becomes infinity, and 0xFFFFFFFF means infinity (`rlim64_to_rlim` and
//! `rlim64_is_infinity` in `kernel/sys.c`).

use crate::sys::Rlimit;

/// Whether the kernel would store both limits unchanged.
#[cfg(target_pointer_width = "64")]
pub fn is_representable(_: Rlimit) -> bool {
    true
}

#[cfg(not(target_pointer_width = "64"))]
pub fn is_representable(limits: Rlimit) -> bool {
    use crate::catalog::RR_RLIM_INFINITY;
    let fits = |value| value < u64::from(u32::MAX) || value == RR_RLIM_INFINITY;
    fits(limits.rlim_cur) && fits(limits.rlim_max) || !kernel_is_narrow()
}

/// uname(2) reports "i686" under personality(PER_LINUX32) on a 64-bit kernel too. So a change is tried that every
/// kernel refuses: a 64-bit kernel returns EINVAL, because the soft limit is above the hard one. For a 32-bit kernel
/// both are infinity, which is above `nr_open`, its next check: EPERM, whatever the caller's rights.
#[cfg(not(target_pointer_width = "64"))]
fn kernel_is_narrow() -> bool {
    use super::kernel::{self, address};
    use crate::catalog::RR_RLIMIT_NOFILE;
    use crate::errno::Errno;
    let mut limits = Rlimit { rlim_cur: (1 << 32) + 1, rlim_max: 1 << 32 };
    let arguments = [0, RR_RLIMIT_NOFILE as usize, address(&mut limits), 0, 0];
    // SAFETY: the kernel reads one struct rlimit64, two 64-bit fields.
    let result = unsafe { kernel::call(libc::SYS_prlimit64, arguments) };
    result == Err(Errno::EPERM)
}
