//! The program's process, up to exec. It shares the supervisor's memory until then.

use crate::kernel::{address, call, exit};
use crate::message::{LEADS_GROUP, LEADS_SESSION, SETS_USER};
use crate::protocol::is_passed_over;
use crate::{ENOTSUP, Job, NONE, TREE, group, number};
use core::ffi::c_int;

// `RR_STEP_...` of `src/abi/command.rs`.
const SESSION: c_int = 2;
const CREDENTIALS: c_int = 3;
const LIMIT: c_int = 5;
const EXEC: c_int = 6;
const START: c_int = 9;

const PR_SET_PDEATHSIG: usize = 1;
const SIG_SETMASK: usize = 2;
const SIGPIPE: usize = 13;
const SIGCHLD: usize = 17;
const SIGKILL: usize = 9;
const SET_BYTES: usize = 8;

/// What a step returns: its number, its detail, and the error.
type Failed = (c_int, c_int, isize);

/// # Safety
/// No other process uses the job until this process has executed or ended.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn program(job: *mut Job) -> ! {
    // SAFETY: the job is this process's alone until it has executed or ended.
    let job = unsafe { &mut *job };
    let (step, detail, error) = why_not(job);
    let mut answer = [step, detail, -error as c_int];
    // SAFETY: three ints are read.
    unsafe { call(number::WRITE, [job.pipe, address(&mut answer), size_of_val(&answer)]) };
    exit()
}

fn at(step: c_int, answer: isize) -> Result<(), Failed> {
    if answer < 0 { Err((step, 0, answer)) } else { Ok(()) }
}

/// Comes back only where it cannot execute.
fn why_not(job: &mut Job) -> Failed {
    if let Err(failed) = prepare(job) {
        return failed;
    }
    let (arguments, environment) = (job.arguments.expose_provenance(), job.environment.expose_provenance());
    // As `why_none_runs` of the library has it.
    const ENOENT: isize = -2;
    const EACCES: isize = -13;
    let mut answer = ENOENT;
    for index in 0..job.path_count {
        // SAFETY: strings ended by NUL, and arrays of such ended by NULL.
        let error = unsafe {
            let path = (*job.paths.add(index)).expose_provenance();
            call(number::EXECVE, [path, arguments, environment])
        };
        if !is_passed_over(-error) {
            answer = error;
            break;
        }
        if answer != EACCES {
            answer = error;
        }
    }
    (EXEC, 0, answer)
}

fn prepare(job: &mut Job) -> Result<(), Failed> {
    // SAFETY: each call gets what it asks for: numbers, a struct sigaction, two 64-bit numbers of a struct
    // rlimit64, a byte, and a signal set of zeros.
    unsafe {
        if job.group != NONE {
            // The mechanism does not work here, whatever the reason is.
            at(TREE, if group::join(job.group) { 0 } else { -(ENOTSUP as isize) })?;
        }
        // It ends with its supervisor, unless it executes what changes its user: prctl(2).
        at(START, call(number::PRCTL, [PR_SET_PDEATHSIG, SIGKILL]))?;
        let former = address(&mut job.action);
        at(START, call(number::RT_SIGACTION, [SIGCHLD, former, 0, SET_BYTES]))?;
        if job.flags & LEADS_SESSION != 0 {
            at(SESSION, call(number::SETSID, []))?;
        } else if job.flags & LEADS_GROUP != 0 {
            at(SESSION, call(number::SETPGID, [0, 0]))?;
        }
        for _ in 0..job.limit_count {
            let resource = job.numbers.next() as usize;
            let mut limits = [job.numbers.next(), job.numbers.next()];
            let answer = call(number::PRLIMIT64, [0, resource, address(&mut limits), 0]);
            at(LIMIT, answer).map_err(|(step, _, error)| (step, resource as c_int, error))?;
        }
        // SIG_DFL, no flags, no mask: larger than the kernel's struct on each architecture.
        let mut default = [0_usize; 8];
        at(START, call(number::RT_SIGACTION, [SIGPIPE, address(&mut default), 0, SET_BYTES]))?;
        if job.flags & SETS_USER != 0 {
            for number in [number::SETRESGID, number::SETRESUID] {
                at(CREDENTIALS, call(number, [job.numbers.next() as usize; 3]))?;
            }
        }
        at(START, call(number::RT_SIGPROCMASK, [SIG_SETMASK, address(&mut default), 0, SET_BYTES]))
    }
}
