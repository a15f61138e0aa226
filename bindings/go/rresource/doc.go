// Package rresource measures and limits what a program uses, the same on every Unix: limits of this
// process and of others, many at once and explained; usage, and how much of it is really known; and
// programs that are started under limits, whose true cost comes back with their exit status.
//
// It stands on the C library of the same name, which cgo finds through pkg-config.
//
// # Errors
//
// Every error of the library is or holds a [syscall.Errno], so that errors.Is(err, syscall.EPERM) and
// errors.Is(err, fs.ErrPermission) hold; [Explain] says it in the library's own words. Where an error is about a
// limit, a text, a program or a directory it is a *[LimitError], a *[ParseError], or what os/exec and os have
// for it, and names that. A program that failed is no error, unless [Outcome.Err] makes it one. A handle that was closed
// answers [os.ErrClosed]. EINVAL is a wrong argument; ENOTSUP a right one that this system cannot serve, so that zero
// never stands for "unknown".
//
// # Open files
//
// Go raises the soft limit on open files as a program starts, and gives the programs that it runs the
// former one back, unless [syscall.Setrlimit] has set it. What sets [NOFILE] of this process through
// this package tells Go, so that children of os/exec have the limit that was set, and so have those
// of [Command]; where nothing set it, those of [Command] too have the one that the program was started
// with.
//
// # Goroutines
//
// Every function and method may be called from any goroutine at any time. Limits belong to the whole
// process. What tells of one thread, [Thread] and [Check], tells of the one that the goroutine happens
// to be on: see [runtime.LockOSThread].
package rresource
