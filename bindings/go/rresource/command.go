package rresource

// #include "shim.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// Command is a program to be started under limits. Set what differs from the defaults, then [Command.Run]
// or [Command.Start] it, as often as wanted and from any goroutine.
type Command struct {
	// Program is a path, or a name without a slash to be found in the program's own PATH. A relative path
	// counts from Dir.
	Program string
	Args    []string // its arguments, without its name
	Arg0    string   // its name as it sees it; "": Program
	Env     []string // "NAME=value", the whole environment; nil: [os.Environ]
	Dir     string   // its working directory; "": that of the caller

	// Stdin, Stdout and Stderr are its standard files; nil: those of the caller, unlike in os/exec. The program gets
	// an [*os.File] itself; anything else is copied through a pipe, until its end or an error, and [Child.Wait] waits
	// for that too. If Stdout and Stderr are equal, one goroutine at a time calls Write.
	Stdin  io.Reader
	Stdout io.Writer // see Stdin
	Stderr io.Writer // see Stdin
	// ExtraFiles are its further open files: entry i is its descriptor 3+i; nil: none.
	ExtraFiles []*os.File

	// Credential is the user and the groups that it runs as, as in [syscall.SysProcAttr]; nil: the caller's. It needs
	// privilege.
	Credential *syscall.Credential
	Umask      *fs.FileMode // its file mode creation mask; nil: the caller's

	Limits  Limits // what of its limits differs from the caller's
	Group   bool   // whether it leads a new process group, which [Child.Kill] then signals as a whole
	Session bool   // whether it leads a new session
	// NoLauncher starts it without the library's launcher: on Linux its peak is then only an upper bound if the
	// caller is larger.
	NoLauncher bool

	pipes []*os.File // the program's ends of the pipes that the caller requested
}

// NewCommand makes a command of a program and its arguments.
func NewCommand(program string, arguments ...string) *Command {
	return &Command{Program: program, Args: arguments}
}

// Outcome is how a program ended and what it used. With an error it is [NoOutcome].
type Outcome struct {
	ExitCode   int            // -1 when a signal ended it
	Signal     syscall.Signal // 0 when it exited
	CoreDumped bool           // whether it left a core dump
	Limit      Resource       // whose limit ended it, if known; else NoResource
	Wall       time.Duration  // from its start to its end
	Rusage     Rusage         // of it and the descendants that it waited for, as reported by wait4(2)
	Usage      Usage          // the same in nanoseconds and bytes, with its own peak if known
	OOM        OOM            // whether the out-of-memory killer ended it
}

// NoOutcome is the outcome of a program about which nothing is known: no success, and no limit.
var NoOutcome = Outcome{ExitCode: -1, Limit: NoResource}

// Success reports whether the program exited with 0.
func (o Outcome) Success() bool { return o.ExitCode == 0 && o.Signal == 0 }

// Err is nil after success, else an [*ExitError], for callers that treat a failed program as an error.
func (o Outcome) Err() error {
	if o.Success() {
		return nil
	}
	return &ExitError{o}
}

// ExitError is the error of a program that did not exit with 0: see [Outcome.Err].
type ExitError struct{ Outcome }

// Error is [Outcome.String].
func (e *ExitError) Error() string { return e.Outcome.String() }

// OOM is whether the out-of-memory killer ended a program.
type OOM int32

// Whether the out-of-memory killer ended a program.
const (
	OOMNo       OOM = C.RR_OOM_NO       // it did not end the program
	OOMPossible OOM = C.RR_OOM_POSSIBLE // SIGKILL ended it, and the system's count of such kills rose while it ran
	OOMYes      OOM = C.RR_OOM_YES      // the program's control group recorded the kill
	OOMUnknown  OOM = C.RR_OOM_UNKNOWN  // SIGKILL ended it, and the system does not report why
)

// String is like "possible".
func (o OOM) String() string {
	switch o {
	case OOMNo:
		return "no"
	case OOMPossible:
		return "possible"
	case OOMYes:
		return "yes"
	case OOMUnknown:
		return "unknown"
	default:
		return fmt.Sprintf("OOM(%d)", int32(o))
	}
}

// String describes how the program ended, like "exit status 1" or "signal: killed (limit CPU)".
func (o Outcome) String() string {
	text := fmt.Sprintf("exit status %d", o.ExitCode)
	if o.Signal != 0 {
		text = "signal: " + o.Signal.String()
	}
	if o.CoreDumped {
		text += " (core dumped)"
	}
	if o.Limit != NoResource && o.Signal != 0 { // a limit ends a program by a signal
		text += " (limit " + o.Limit.String() + ")"
	}
	return text
}

// Run starts the program, waits until it has ended and returns its outcome. If ctx is done first, the program
// is killed, with its process group if it leads one; the error is then that of ctx, and the outcome has the
// usage until then. A program that fails is not an error: see [Outcome.Success].
//
// Errors of [Command.Start] and [Child.Wait]. If it cannot be killed, such as with EPERM after it became
// another user's, it continues to run: the error then contains both that of ctx and the reason.
func (c *Command) Run(ctx context.Context) (Outcome, error) {
	if err := ctx.Err(); err != nil {
		return NoOutcome, err
	}
	child, err := c.Start()
	if err != nil {
		return NoOutcome, err
	}
	if outcome, err := child.Wait(ctx); err == nil || ctx.Err() == nil {
		return outcome, err
	}
	// Its record is kept until its streams have ended, so that this reaches its group even after it has ended.
	if err := child.Kill(syscall.SIGKILL); err != nil && err != syscall.ESRCH {
		child.goesOn = true
		close(child.abandoned)
		<-child.streamsLeft // nothing is written to c's Writers after this returns
		return NoOutcome, errors.Join(ctx.Err(), err)
	}
	close(child.abandoned)
	outcome, err := child.Wait(context.Background())
	if err == nil && outcome.Signal == syscall.SIGKILL {
		err = ctx.Err()
	}
	return outcome, err
}

// Start starts the program. It returns when the program runs, or an error that contains the [syscall.Errno]: an
// *[exec.Error] for a name that PATH does not have, an *[fs.PathError] for another Program and for Dir, with
// ENOENT, ENOTDIR, EACCES or ENOEXEC; a *[LimitError] with EPERM for a hard limit above the caller's; EBADF for
// a closed file; EINVAL for a text with a NUL inside, a variable without "=" or a resource that this system
// does not have.
func (c *Command) Start() (*Child, error) {
	defer closeAll(c.pipes)
	var streams streams
	err := streams.open(c)
	if err != nil {
		streams.close()
		return nil, err
	}
	command, err := c.build(streams.files)
	if err != nil {
		streams.close()
		return nil, err
	}
	defer C.rr_command_free(command)
	// Elsewhere in the program a descriptor may be open that is not close-on-exec yet.
	syscall.ForkLock.Lock()
	result := C.command_spawn(command)
	syscall.ForkLock.Unlock()
	runtime.KeepAlive(c) // the command has its files by number
	if result.error != 0 {
		streams.close()
		return nil, c.refusal(failure(result.error), result.failure)
	}
	child := &Child{
		handle: result.child, pid: int(C.rr_child_pid(result.child)), done: make(chan struct{}),
		streams: &streams, copied: streams.start(), abandoned: make(chan struct{}),
		streamsLeft: make(chan struct{}),
	}
	runtime.SetFinalizer(child, (*Child).release)
	return child, nil
}

// refusal is the error of a failed start: it names what the step failed on.
func (c *Command) refusal(err error, failed C.rr_failure) error {
	step, detail := failed.step, int(failed.detail)
	if step == C.RR_STEP_START {
		step, detail = c.likelyStep(err)
	}
	switch step {
	case C.RR_STEP_LIMIT:
		return limitError(nil, Resource(detail), c.Limits[Resource(detail)], err)
	case C.RR_STEP_DESCRIPTOR:
		return &fs.PathError{Op: "dup", Path: fmt.Sprintf("descriptor %d of the program", detail), Err: err}
	case C.RR_STEP_DIRECTORY:
		return &fs.PathError{Op: "chdir", Path: c.Dir, Err: err}
	case C.RR_STEP_EXEC:
		if err == syscall.ENOENT && !strings.Contains(c.Program, "/") {
			return &exec.Error{Name: c.Program, Err: notInPath{}}
		}
		return &fs.PathError{Op: "exec", Path: c.Program, Err: err}
	default:
		return os.NewSyscallError(C.GoString(C.rr_step_text(C.int(step))), err)
	}
}

// likelyStep is the step that would fail with this error now, for systems that do not report the failed step.
func (c *Command) likelyStep(err error) (step C.int32_t, detail int) {
	if err == syscall.EPERM {
		for resource, limits := range c.Limits {
			if verdict, err := Check(resource, limits); err == nil && verdict.Err != nil {
				return C.RR_STEP_LIMIT, int(resource)
			}
		}
	}
	if c.Dir != "" {
		if status, err := os.Stat(c.Dir); err != nil || !status.IsDir() {
			return C.RR_STEP_DIRECTORY, 0
		}
	}
	switch err {
	case syscall.ENOENT, syscall.EACCES, syscall.ENOEXEC, syscall.ENOTDIR, syscall.ELOOP, syscall.ENAMETOOLONG,
		syscall.E2BIG: // errors of execve(2) and, of the other steps, only of chdir(2)
		return C.RR_STEP_EXEC, 0
	}
	return C.RR_STEP_START, 0
}

// notInPath is exec.ErrNotFound, and ENOENT too.
type notInPath struct{}

// Error is that of exec.ErrNotFound.
func (notInPath) Error() string { return exec.ErrNotFound.Error() }

// Unwrap returns both.
func (notInPath) Unwrap() []error { return []error{exec.ErrNotFound, syscall.ENOENT} }

// build makes the library's command, which the caller frees.
func (c *Command) build(standard [3]*os.File) (*C.rr_command, error) {
	program, err := syscall.BytePtrFromString(c.Program)
	if err != nil {
		return nil, err
	}
	made := C.command_new(text(program))
	if made.error != 0 {
		return nil, failure(made.error)
	}
	for _, part := range []func(*C.rr_command) error{
		c.setArguments, c.setEnvironment,
		func(command *C.rr_command) error { return c.setFiles(command, standard) },
		c.setLimits, c.setOptions,
	} {
		if err := part(made.command); err != nil {
			C.rr_command_free(made.command)
			return nil, err
		}
	}
	return made.command, nil
}

func (c *Command) setArguments(command *C.rr_command) error {
	if c.Arg0 != "" {
		name, err := syscall.BytePtrFromString(c.Arg0)
		if err != nil {
			return err
		}
		if code := C.rr_command_set_arg0(command, text(name)); code != 0 {
			return failure(code)
		}
	}
	for _, argument := range c.Args {
		bytes, err := syscall.BytePtrFromString(argument)
		if err != nil {
			return err
		}
		if code := C.rr_command_add_arg(command, text(bytes)); code != 0 {
			return failure(code)
		}
	}
	return nil
}

func (c *Command) setEnvironment(command *C.rr_command) error {
	variables := c.Env
	if variables == nil {
		variables = callersEnvironment()
	}
	if code := C.rr_command_clear_env(command); code != 0 {
		return failure(code)
	}
	for _, variable := range variables {
		name, value, found := strings.Cut(variable, "=")
		if !found {
			return syscall.EINVAL
		}
		nameBytes, err := syscall.BytePtrFromString(name)
		if err != nil {
			return err
		}
		valueBytes, err := syscall.BytePtrFromString(value)
		if err != nil {
			return err
		}
		if code := C.rr_command_set_env(command, text(nameBytes), text(valueBytes)); code != 0 {
			return failure(code)
		}
	}
	return nil
}

// callersEnvironment is read under Go's lock: the library would read that of C, which os.Setenv in another
// goroutine may move meanwhile. Entries that are not "NAME=value", which execve(2) allows, are left out.
func callersEnvironment() []string {
	return slices.DeleteFunc(os.Environ(), func(variable string) bool { return strings.Index(variable, "=") < 1 })
}

func (c *Command) setFiles(command *C.rr_command, standard [3]*os.File) error {
	files := append(standard[:], c.ExtraFiles...)
	for number, file := range files {
		if file == nil {
			continue
		}
		descriptor := file.Fd()
		if descriptor == ^uintptr(0) { // it was closed
			return syscall.EBADF
		}
		if code := C.rr_command_dup2(command, C.int(descriptor), C.int(number)); code != 0 {
			return failure(code)
		}
	}
	return nil
}

func (c *Command) setLimits(command *C.rr_command) error {
	for resource, limits := range c.Limits {
		if code := C.command_limit(command, C.int(resource), limits.c()); code != 0 {
			return limitError(nil, resource, limits, failure(code))
		}
	}
	if _, given := c.Limits[NOFILE]; !given {
		if limits, differ := nofileForChildren(); differ {
			return failure(C.command_limit(command, C.int(NOFILE), limits.c()))
		}
	}
	return nil
}

func (c *Command) setOptions(command *C.rr_command) error {
	if c.Dir != "" {
		path, err := syscall.BytePtrFromString(c.Dir)
		if err != nil {
			return err
		}
		if code := C.rr_command_set_directory(command, text(path)); code != 0 {
			return failure(code)
		}
	}
	if c.Umask != nil {
		if code := C.rr_command_set_umask(command, C.uint32_t(*c.Umask)); code != 0 {
			return failure(code)
		}
	}
	if c.Credential != nil {
		if err := c.setCredential(command); err != nil {
			return err
		}
	}
	for _, option := range []struct {
		wanted bool
		set    func() C.int
	}{
		{c.Group, func() C.int { return C.rr_command_new_group(command) }},
		{c.Session, func() C.int { return C.rr_command_new_session(command) }},
		{c.NoLauncher, func() C.int { return C.rr_command_no_launcher(command) }},
	} {
		if option.wanted {
			if code := option.set(); code != 0 {
				return failure(code)
			}
		}
	}
	return nil
}

// setCredential sets the groups too, which the library always does: with NoSetGroups those of the caller.
func (c *Command) setCredential(command *C.rr_command) error {
	groups := c.Credential.Groups
	if c.Credential.NoSetGroups {
		present, err := os.Getgroups()
		if err != nil {
			return err
		}
		groups = nil
		for _, group := range present {
			groups = append(groups, uint32(group))
		}
	}
	first := (*C.uint32_t)(unsafe.Pointer(unsafe.SliceData(groups)))
	uid, gid := C.uint32_t(c.Credential.Uid), C.uint32_t(c.Credential.Gid)
	return failure(C.rr_command_set_credentials(command, uid, gid, first, C.size_t(len(groups))))
}

func text(bytes *byte) *C.char { return (*C.char)(unsafe.Pointer(bytes)) }

// Child is a started program. The caller has to wait for it: until then it remains as a zombie after its end.
type Child struct {
	pid    int
	reaper sync.Once
	done   chan struct{} // is closed once outcome and err are final

	streams     *streams
	copied      <-chan error  // gets a value after all of streams is copied
	abandoned   chan struct{} // is closed when the end of the streams is no longer waited for
	goesOn      bool          // nor for the program, which cannot be killed
	streamsLeft chan struct{} // is closed once the streams of such a program are no longer copied

	mu      sync.Mutex
	handle  *C.rr_child // nil once it was waited for
	outcome Outcome
	err     error
}

// PID is the PID of the program's process. It may be reused after the process was waited for.
func (c *Child) PID() int { return c.pid }

// Process opens a handle for the program's process, to read its usage and limits while it runs. The caller
// closes it. ESRCH: it was waited for.
func (c *Child) Process() (*Process, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.handle == nil {
		return nil, syscall.ESRCH
	}
	return newProcess(C.child_process(c.handle))
}

// Kill sends a signal to the program, and to its process group if it leads one. ESRCH: it was waited for.
func (c *Child) Kill(signal syscall.Signal) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.handle == nil {
		return syscall.ESRCH
	}
	return failure(C.rr_child_kill(c.handle, C.int(signal)))
}

// Wait waits until the program has ended and returns its outcome. It can be called more than once, and from
// several goroutines. If ctx is done first, the error is that of ctx, and the program continues.
//
// If it was already reaped elsewhere, its usage is lost: Linux 6.15 and later still report how it ended,
// otherwise the error is ECHILD. An error in copying to or from the command's Stdin, Stdout or Stderr is
// returned with the outcome.
func (c *Child) Wait(ctx context.Context) (Outcome, error) {
	c.reaper.Do(func() { go c.reap() })
	select {
	case <-c.done:
	case <-ctx.Done():
		select { // if both are ready, the select above took either
		case <-c.done:
		default:
			return NoOutcome, ctx.Err()
		}
	}
	return c.outcome, c.err
}

// reap waits in a separate goroutine, without c.mu, so that the program can be killed meanwhile.
func (c *Child) reap() {
	var outcome C.rr_outcome
	c.outcome = NoOutcome
	var copying error
	isCopied := false
	select { // before it is reaped, so that a signal reaches its group as long as that holds a pipe
	case copying = <-c.copied:
		isCopied = true
	case <-c.abandoned:
		if c.goesOn {
			c.streams.stop()
			copying, isCopied = <-c.copied, true
		}
	}
	close(c.streamsLeft)
	if c.err = failure(C.rr_child_wait(c.handle, -1, &outcome)); c.err == nil {
		c.outcome = outcomeOf(&outcome)
	}
	c.release()
	if !isCopied {
		c.streams.stop()
		copying = <-c.copied
	}
	c.err = firstOf(c.err, copying)
	close(c.done)
}

// release frees the handle, which neither kills the program nor waits for it.
func (c *Child) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	runtime.SetFinalizer(c, nil)
	C.rr_child_free(c.handle)
	c.handle = nil
}

func outcomeOf(outcome *C.rr_outcome) Outcome {
	return Outcome{
		ExitCode:   int(outcome.exit_code),
		Signal:     syscall.Signal(outcome.signal),
		CoreDumped: outcome.core_dumped != 0,
		Limit:      Resource(outcome.limit),
		Wall:       nanoseconds(outcome.wall_ns),
		Rusage:     rusageOf(&outcome.rusage),
		Usage:      usageOf(&outcome.usage),
		OOM:        OOM(outcome.oom),
	}
}
