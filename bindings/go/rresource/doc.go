// Package rresource measures and limits the resources that programs use, with the same calls on every Unix.
//
// It gets and sets the limits of this process and of other processes, several together or not at all, and explains
// refusals. It reads the usage of any process and reports which fields are known. It starts programs under limits and
// reports how they ended and what they used.
//
// # Linking
//
// The package uses the C library of the same name through cgo, which finds it through pkg-config and needs a C compiler.
// The program then needs the shared library librresource.so.0 when it runs. With
//
//	go build -ldflags '-linkmode external -extldflags -static'
//
// the program contains the library and the C library, and needs nothing. With CGO_ENABLED=0 the build fails with a message
// that says so.
//
// # Errors
//
// Every error of the library is or contains a [syscall.Errno]: errors.Is(err, syscall.EPERM) and
// errors.Is(err, fs.ErrPermission) work. [Explain] returns the library's text for an error. An error that concerns a
// limit is a *[LimitError]. An error that concerns a text is a *[ParseError]. An error that concerns a program or a
// directory has the type that os/exec or os uses for it. Each of them names what it concerns. A program that failed is
// not an error, unless [Outcome.Err] makes it one. A handle that was closed returns [os.ErrClosed]. EINVAL means an
// invalid argument. ENOTSUP means valid, but not supported on this system, so that zero never means "unknown".
//
// # Open files
//
// Go raises the soft limit on open files when a program starts. It restores the previous limit in the programs that it
// runs, unless [syscall.Setrlimit] has set the limit. The functions of this package that set [NOFILE] of this process
// report that to Go: children of os/exec and of [Command] then have the limit that was set. If nothing has set it,
// children of [Command] have the limit with which the program was started, as children of os/exec have.
//
// # Goroutines
//
// Every function and method can be called from any goroutine at any time. Limits apply to the whole process. [Thread]
// and [Check] concern one thread, which is the one that the goroutine is running on: see [runtime.LockOSThread].
package rresource
