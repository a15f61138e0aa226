//! The launcher's build, included by each build.rs that builds the library. It uses the same compiler and no libc, so
//! that the `core` of any Linux target of the same architecture suffices. Without a suitable `core`, a linker, or
//! assembly for the architecture, the library has no launcher and starts programs directly.
//!
//!   RRESOURCE_LAUNCHER            where it will be installed; empty: nowhere
//!   RRESOURCE_LAUNCHER_LINKER     the C compiler to link it with, where it is not the target's own
//!   RRESOURCE_LAUNCHER_RUSTFLAGS  further options for the compiler, separated by spaces

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

const MACHINES: [&str; 6] = ["x86_64", "x86", "aarch64", "arm", "riscv64", "s390x"];
/// Those of `supervisor/number.rs`.
const SUPERVISED: [&str; 3] = ["x86_64", "x86", "aarch64"];

/// Small: one page in one segment, without data for debuggers and for the dynamic loader.
const OPTIONS: [&str; 13] = [
    "--edition=2024",
    "--crate-name=launcher",
    "--crate-type=bin",
    "-Cpanic=abort",
    "-Copt-level=z",
    "-Clto",
    "-Cforce-unwind-tables=no",
    "-Crelocation-model=static",
    "-Cstrip=symbols",
    "-Clink-arg=-nostartfiles",
    "-Clink-arg=-nostdlib",
    "-Clink-arg=-static",
    "-Clink-arg=-Wl,--build-id=none,--no-eh-frame-hdr,-z,noexecstack,-T,src/launcher/segment.ld",
];

/// `project`: the project's folder, relative to where cargo runs build.rs.
pub fn prepare(project: &str) {
    println!("cargo:rustc-check-cfg=cfg(has_launcher, has_supervisor)");
    println!("cargo:rerun-if-changed={project}/src/launcher");
    for variable in ["RRESOURCE_LAUNCHER", "RRESOURCE_LAUNCHER_LINKER", "RRESOURCE_LAUNCHER_RUSTFLAGS"] {
        println!("cargo:rerun-if-env-changed={variable}");
    }
    println!("cargo:rustc-env=LAUNCHER_INSTALLED={}", variable("RRESOURCE_LAUNCHER"));
    let is_linux = ["linux", "android"].contains(&variable("CARGO_CFG_TARGET_OS").as_str());
    let has = |machines: &[&str]| machines.contains(&variable("CARGO_CFG_TARGET_ARCH").as_str());
    if !is_linux {
        return;
    }
    if has(&MACHINES) {
        build(project, "launcher", "main.rs", "programs are started directly");
    }
    if has(&SUPERVISED) {
        build(project, "supervisor", "supervisor/main.rs", "process trees are not supported");
    }
}

fn build(project: &str, name: &str, source: &str, without: &str) {
    if targets().iter().any(|target| builds(project, target, name, source)) {
        println!("cargo:rustc-cfg=has_{name}");
    } else {
        println!("cargo:warning=the {name} could not be built: {without}");
    }
}

/// The targets whose `core` to try: this one, then others of the same architecture.
fn targets() -> [String; 3] {
    let target = variable("TARGET");
    let machine = target.split('-').next().unwrap_or_default().to_owned();
    [target, format!("{machine}-unknown-linux-gnu"), format!("{machine}-unknown-linux-musl")]
}

fn builds(project: &str, target: &str, name: &str, source: &str) -> bool {
    let image = PathBuf::from(variable("OUT_DIR")).join(name);
    let linker = [variable("RRESOURCE_LAUNCHER_LINKER"), variable("RUSTC_LINKER")];
    let linker = linker.iter().find(|linker| !linker.is_empty());
    let extra = variable("RRESOURCE_LAUNCHER_RUSTFLAGS");
    let mut compiler = Command::new(variable("RUSTC"));
    compiler.current_dir(project).args(OPTIONS).arg("--target").arg(target).arg("-o").arg(&image);
    compiler.args(linker.map(|linker| format!("-Clinker={linker}")));
    compiler.args(extra.split_whitespace());
    compiler.arg(Path::new("src").join("launcher").join(source));
    compiler.status().is_ok_and(|status| status.success())
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}
