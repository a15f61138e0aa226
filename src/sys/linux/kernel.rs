//! The way into the kernel: syscall(2).
//!
//! On the two commonest architectures without libc: an answer that is a plain value costs neither
//! the call of `syscall` nor the saving of `errno`, which together are a tenth of a cheap call.

use crate::errno::Result;
use core::ffi::c_long;

/// A system call of up to five arguments; a pointer goes in as its exposed address.
///
/// # Safety
/// As the call itself asks: what its arguments point to has to be there.
pub unsafe fn call(number: c_long, arguments: [usize; 5]) -> Result<usize> {
    // SAFETY: passed on.
    unsafe { entry(number, arguments) }
}

#[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), target_pointer_width = "64"))]
unsafe fn entry(number: c_long, [first, second, third, fourth, fifth]: [usize; 5]) -> Result<usize> {
    use crate::errno::Errno;
    use core::arch::asm;

    let answer: isize;
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the kernel changes rax, rcx and r11 and whatever the call writes to; nothing else.
    unsafe {
        asm!("syscall", inlateout("rax") number as isize => answer, in("rdi") first, in("rsi") second, in("rdx") third,
            in("r10") fourth, in("r8") fifth, lateout("rcx") _, lateout("r11") _, options(nostack, preserves_flags));
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: the kernel changes x0 and whatever the call writes to; nothing else.
    unsafe {
        asm!("svc 0", in("x8") number, inlateout("x0") first => answer, in("x1") second, in("x2") third,
            in("x3") fourth, in("x4") fifth, options(nostack, preserves_flags));
    }
    // The kernel's MAX_ERRNO.
    match answer {
        -4095..=-1 => Err(Errno(-answer as i32)),
        value => Ok(value as usize),
    }
}

#[cfg(not(all(any(target_arch = "x86_64", target_arch = "aarch64"), target_pointer_width = "64")))]
unsafe fn entry(number: c_long, [first, second, third, fourth, fifth]: [usize; 5]) -> Result<usize> {
    // SAFETY: passed on; `syscall` takes a long for each argument, of a pointer's size.
    crate::sys::portable::unix::checked::<super::Host, _>(|| unsafe {
        libc::syscall(number, first, second, third, fourth, fifth)
    })
    .map(|value| value as usize)
}

/// Where the kernel is to read or write.
pub fn address<T>(object: &mut T) -> usize {
    (&raw mut *object).expose_provenance()
}

/// `long` in the kernel's structs; x32 programs have a 64-bit kernel's.
#[cfg(any(target_pointer_width = "64", target_arch = "x86_64"))]
pub type KernelLong = i64;
#[cfg(not(any(target_pointer_width = "64", target_arch = "x86_64")))]
pub type KernelLong = i32;

/// getpid(2).
pub fn own_pid() -> i32 {
    // SAFETY: getpid takes nothing.
    unsafe { call(libc::SYS_getpid, [0; 5]) }.map_or(0, |pid| pid as i32)
}
