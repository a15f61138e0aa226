//! What a command asks for its process tree, and what became of that.

use crate::abi::tree::{
    RR_TREE_ANY, RR_TREE_CPU_NS, RR_TREE_MEMORY, RR_TREE_TASKS, RR_TREE_WAIT, RR_TREE_WALL_NS, Tree,
};
use crate::catalog::RR_RLIM_INFINITY;
use crate::errno::{Errno, Result};
use crate::sys::{RR_USAGE_CPU, RR_USAGE_PEAK_IS_BOUND, RR_USAGE_TIMES, RR_USAGE_WALL, TreeEnd, TreePlan};
use crate::usage::{Usage, from_rusage};
use core::ffi::c_int;

pub struct Trees {
    /// 0 where no tree was asked for.
    flags: u32,
    cpu_ns: Option<u64>,
    wall_ns: Option<u64>,
    memory: Option<u64>,
    tasks: Option<u64>,
}

impl Trees {
    pub const fn none() -> Trees {
        Trees { flags: 0, cpu_ns: None, wall_ns: None, memory: None, tasks: None }
    }

    pub fn allow(&mut self, flags: u32) -> Result<()> {
        if flags & !(RR_TREE_ANY | RR_TREE_WAIT) != 0 || flags & RR_TREE_ANY == 0 {
            return Err(Errno::EINVAL);
        }
        self.flags = flags;
        Ok(())
    }

    pub fn limit(&mut self, what: c_int, value: u64) -> Result<()> {
        let limit = match what {
            RR_TREE_CPU_NS => &mut self.cpu_ns,
            RR_TREE_WALL_NS => &mut self.wall_ns,
            RR_TREE_MEMORY => &mut self.memory,
            RR_TREE_TASKS => &mut self.tasks,
            _ => return Err(Errno::EINVAL),
        };
        if value == 0 {
            return Err(Errno::EINVAL);
        }
        *limit = (value != RR_RLIM_INFINITY).then_some(value);
        Ok(())
    }

    /// EINVAL for a limit of a tree without a tree.
    pub fn plan(&self) -> Result<Option<TreePlan>> {
        let Trees { flags, cpu_ns, wall_ns, memory, tasks } = *self;
        if flags == 0 {
            let is_limited = [cpu_ns, wall_ns, memory, tasks].iter().any(Option::is_some);
            return if is_limited { Err(Errno::EINVAL) } else { Ok(None) };
        }
        let (mechanisms, waits_for_all) = (flags & RR_TREE_ANY, flags & RR_TREE_WAIT != 0);
        Ok(Some(TreePlan { mechanisms, waits_for_all, cpu_ns, wall_ns, memory, tasks }))
    }
}

impl Tree {
    pub fn new(end: &TreeEnd, wall_ns: u64) -> Tree {
        let mut usage = end.rusage.as_ref().and_then(|rusage| from_rusage(rusage).ok()).unwrap_or_default();
        if let Some([all, user, system]) = end.times {
            // What the group does not count is the start before the program joined it.
            if all > usage.cpu_ns {
                (usage.cpu_ns, usage.user_ns, usage.system_ns) = (all, user, system);
            }
            usage.known |= RR_USAGE_CPU | RR_USAGE_TIMES;
        }
        // No process of it began with a memory that is none of the tree's.
        let known = usage.known & !RR_USAGE_PEAK_IS_BOUND | RR_USAGE_WALL;
        Tree {
            known: known | end.known,
            mechanism: end.mechanism as i32,
            limit: end.limit.unwrap_or(-1),
            complete: i32::from(end.is_complete),
            usage: Usage { known, wall_ns, ..usage },
            peak_memory_bytes: end.peak_memory_bytes,
            processes: end.processes,
            orphans: end.orphans,
            killed: end.killed,
            oom_kills: end.oom_kills,
            ..Tree::default()
        }
    }
}
