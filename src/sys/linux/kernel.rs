//! System calls: syscall(2).
//!
//! Without libc on the two most common architectures: that saves the call of `syscall` and the saving of `errno`,
//! which together are a tenth of a cheap call.

use crate::errno::Result;
use core::ffi::c_long;

/// Makes a system call with up to five arguments; a pointer is passed as its exposed address.
///
/// An object that a pointer refers to is read normally afterwards: its address was exposed, so the compiler has to
/// assume that an unknown call writes to it, and neither the assembly below nor libc's `syscall` is declared to leave
/// memory unchanged.
///
/// # Safety
/// As the system call requires: what its arguments point to has to be valid.
pub unsafe fn call<const COUNT: usize>(number: c_long, arguments: [usize; COUNT]) -> Result<usize> {
    let argument = |index| arguments.get(index).copied().unwrap_or(0);
    let (first, second, third) = (argument(0), argument(1), argument(2));
    // SAFETY: passed on.
    unsafe {
        if COUNT <= 3 {
            entry_of_three(number, [first, second, third])
        } else {
            entry(number, [first, second, third, argument(3), argument(4)])
        }
    }
}

/// Missing arguments cost nothing: most calls have at most three.
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
unsafe fn entry_of_three(number: c_long, [first, second, third]: [usize; 3]) -> Result<usize> {
    let returned: isize;
    // SAFETY: as below.
    unsafe {
        core::arch::asm!("syscall", inlateout("rax") number as isize => returned, in("rdi") first, in("rsi") second,
            in("rdx") third, lateout("rcx") _, lateout("r11") _, options(nostack, preserves_flags));
    }
    result(returned)
}

#[cfg(not(all(target_arch = "x86_64", target_pointer_width = "64")))]
unsafe fn entry_of_three(number: c_long, [first, second, third]: [usize; 3]) -> Result<usize> {
    // SAFETY: passed on.
    unsafe { entry(number, [first, second, third, 0, 0]) }
}

#[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), target_pointer_width = "64"))]
unsafe fn entry(number: c_long, [first, second, third, fourth, fifth]: [usize; 5]) -> Result<usize> {
    use core::arch::asm;

    let returned: isize;
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the kernel changes rax, rcx and r11 and whatever the call writes to; nothing else.
    unsafe {
        asm!("syscall", inlateout("rax") number as isize => returned, in("rdi") first, in("rsi") second, in("rdx") third,
            in("r10") fourth, in("r8") fifth, lateout("rcx") _, lateout("r11") _, options(nostack, preserves_flags));
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: the kernel changes x0 and whatever the call writes to; nothing else.
    unsafe {
        asm!("svc 0", in("x8") number, inlateout("x0") first => returned, in("x1") second, in("x2") third,
            in("x3") fourth, in("x4") fifth, options(nostack, preserves_flags));
    }
    result(returned)
}

#[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), target_pointer_width = "64"))]
fn result(returned: isize) -> Result<usize> {
    match returned {
        // The kernel's MAX_ERRNO.
        -4095..=-1 => Err(crate::errno::Errno(-returned as i32)),
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

/// The address of an object that the kernel reads or writes.
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
    unsafe { call(libc::SYS_getpid, []) }.map_or(0, |pid| pid as i32)
}
