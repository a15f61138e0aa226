package rresource_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rresource/rresource/bindings/go/rresource"
)

var background = context.Background()

// shell is a command that runs a script.
func shell(script string) *rresource.Command {
	return rresource.NewCommand("sh", "-c", script)
}

// output runs a command that has to succeed and returns what it wrote, without the last line's end.
func output(t *testing.T, command *rresource.Command) string {
	t.Helper()
	text, outcome, err := command.Output(background)
	if err != nil || !outcome.Success() {
		t.Fatalf("%v, %v\n%s", outcome, err, text)
	}
	return strings.TrimSuffix(string(text), "\n")
}

func TestTheOutcomeSaysHowItEnded(t *testing.T) {
	for script, wanted := range map[string]string{
		"exit 0": "exit status 0", "exit 3": "exit status 3", "kill -TERM $$": "signal: terminated",
	} {
		outcome, err := shell(script).Run(background)
		if err != nil || outcome.String() != wanted || outcome.Success() != (script == "exit 0") {
			t.Errorf("%s: %v, %v", script, outcome, err)
		}
		if outcome.Limit != rresource.NoResource || outcome.Wall <= 0 || outcome.Rusage.Minflt == 0 ||
			!outcome.Usage.Known.Has(rresource.UsageCPU|rresource.UsagePeakRSS) {
			t.Errorf("%s: %+v", script, outcome)
		}
	}
}

func TestALimitThatEndedItIsNamed(t *testing.T) {
	command := shell("while :; do :; done")
	command.Limits = rresource.Limits{rresource.CPU: {Cur: 1, Max: 2}}
	outcome, err := command.Run(background)
	if err != nil || outcome.Signal != syscall.SIGXCPU || outcome.ExitCode != -1 || outcome.Limit != rresource.CPU {
		t.Errorf("%v, %v", outcome, err)
	}
	// What the kernel compares with the limit and what it reports are counted differently.
	if outcome.Usage.CPU < 500*time.Millisecond || outcome.Usage.CPU > 2*time.Second {
		t.Errorf("%v", outcome.Usage.CPU)
	}
	text := outcome.String()
	if !strings.HasPrefix(text, "signal: CPU time limit exceeded") || !strings.HasSuffix(text, "(limit CPU)") {
		t.Error(text)
	}
}

// The record of peak memory of a larger parent is inherited by a child: see the header.
func TestThePeakIsTheProgramsOwn(t *testing.T) {
	const held = 256 << 20
	memory := make([]byte, held)
	for i := 0; i < len(memory); i += 4096 {
		memory[i] = 1
	}
	outcome, err := rresource.NewCommand("true").Run(background)
	if err != nil || !outcome.Usage.Known.Has(rresource.UsagePeakRSS) {
		t.Fatalf("%+v, %v", outcome, err)
	}
	if outcome.Usage.Known.Has(rresource.UsagePeakIsBound) {
		t.Skip("the launcher cannot run here")
	}
	if outcome.Usage.PeakRSS >= held/8 {
		t.Errorf("%d bytes, while %d are held here", outcome.Usage.PeakRSS, len(memory))
	}
}

func TestWhatTheProgramGets(t *testing.T) {
	command := shell(`echo "$0 $* $NAME"; pwd; ulimit -Sn; ulimit -Hn; ulimit -c`)
	command.Args = append(command.Args, "one", "two words", "")
	command.Arg0 = "me"
	command.Env = []string{"NAME=a=b", "PATH=/usr/bin:/bin"}
	command.Dir = "/usr"
	command.Limits = rresource.Limits{rresource.NOFILE: {Cur: 50, Max: 60}, rresource.CORE: {}}
	if text := output(t, command); text != "one two words  a=b\n/usr\n50\n60\n0" {
		t.Errorf("%q", text)
	}
	arguments := shell(`cat /proc/$$/cmdline`)
	arguments.Arg0 = "me"
	if text := output(t, arguments); !strings.HasPrefix(text, "me\x00-c\x00") {
		t.Errorf("%q", text)
	}
	none := rresource.NewCommand("/usr/bin/env")
	none.Env = []string{}
	if text := output(t, none); text != "" {
		t.Errorf("%q in an empty environment", text)
	}
}

func init() {
	parts["environment"] = func() {
		text, _, err := rresource.NewCommand("cat", "/proc/self/environ").Output(background)
		must(err)
		for _, variable := range strings.Split(string(text), "\x00") {
			if strings.Contains(variable, "of the start") {
				fmt.Println(variable)
			}
		}
	}
}

// C's environment is that of the start of the process; Go's has the first entry of each name.
func TestTheEnvironmentIsThatOfGo(t *testing.T) {
	reader, writer := pipe(t)
	process, err := os.StartProcess(os.Args[0], os.Args[:1], &os.ProcAttr{
		Env: append(os.Environ(), inChild+"=environment", "TWICE=first of the start", "TWICE=second of the start",
			"=nameless of the start", "no equals sign of the start"),
		Files: []*os.File{nil, writer, os.Stderr},
	})
	succeeds(t, err)
	writer.Close()
	text, err := io.ReadAll(reader)
	succeeds(t, err)
	if state, err := process.Wait(); err != nil || !state.Success() || string(text) != "TWICE=first of the start\n" {
		t.Errorf("%v, %v: %s", state, err, text)
	}
}

func TestFiles(t *testing.T) {
	reader, writer := pipe(t)
	command := shell("cat; echo err >&2; echo three >&3")
	input, err := os.CreateTemp(t.TempDir(), "")
	succeeds(t, err)
	defer input.Close()
	fmt.Fprintln(input, "in")
	input.Seek(0, io.SeekStart)
	command.Stdin, command.Stdout, command.Stderr, command.ExtraFiles = input, writer, writer, []*os.File{writer, nil}
	outcome, err := command.Run(background)
	writer.Close()
	if err != nil || !outcome.Success() {
		t.Fatalf("%v, %v", outcome, err)
	}
	if text, _ := io.ReadAll(reader); string(text) != "in\nerr\nthree\n" {
		t.Errorf("%q", text)
	}
	_, err = command.Start() // of which a file is closed by now
	failsWith(t, err, syscall.EBADF)
}

func TestWrongCommands(t *testing.T) {
	for _, c := range []struct {
		change func(*rresource.Command)
		wanted error
	}{
		{func(c *rresource.Command) { c.Program = "no-such-program" }, os.ErrNotExist},
		{func(c *rresource.Command) { c.Program = "" }, syscall.ENOENT},
		{func(c *rresource.Command) { c.Program = "/etc/passwd" }, syscall.EACCES},
		{func(c *rresource.Command) { c.Program = "tr\x00ue" }, syscall.EINVAL},
		{func(c *rresource.Command) { c.Args = []string{"\x00"} }, syscall.EINVAL},
		{func(c *rresource.Command) { c.Arg0 = "\x00" }, syscall.EINVAL},
		{func(c *rresource.Command) { c.Dir = "/no/such/folder" }, syscall.ENOENT},
		{func(c *rresource.Command) { c.Dir = "\x00" }, syscall.EINVAL},
		{func(c *rresource.Command) { c.Env = []string{"no equals sign"} }, syscall.EINVAL},
		{func(c *rresource.Command) { c.Env = []string{"=no name"} }, syscall.EINVAL},
		{func(c *rresource.Command) { c.Env = []string{"A=\x00"} }, syscall.EINVAL},
		{func(c *rresource.Command) { c.Limits = rresource.Limits{99: {}} }, syscall.EINVAL},
		{func(c *rresource.Command) { c.Limits = rresource.Limits{rresource.CORE: {Cur: 2, Max: 1}} }, syscall.EINVAL},
		{func(c *rresource.Command) { c.Limits = rresource.Limits{rresource.NOFILE: tooMany} }, syscall.EPERM},
	} {
		command := rresource.NewCommand("true")
		c.change(command)
		_, err := command.Start()
		if !errors.Is(err, c.wanted) {
			t.Errorf("%+v: %v, not %v", command, err, c.wanted)
		}
	}
	if _, _, _, err := rresource.Wait4(-1, syscall.WNOHANG); err != syscall.ECHILD {
		t.Errorf("%v: a command that did not start has left a child", err)
	}
}

// As os/exec and os report it, with the name of what the step failed on.
func TestAStartThatFailedSaysOnWhat(t *testing.T) {
	for _, c := range []struct {
		command rresource.Command
		text    string
		holds   error
	}{
		{rresource.Command{Program: "nonesuch"}, `exec: "nonesuch": executable file not found in $PATH`, exec.ErrNotFound},
		{rresource.Command{Program: "nonesuch"}, `exec: "nonesuch": executable file not found in $PATH`, syscall.ENOENT},
		{rresource.Command{Program: "/none/such"}, "exec /none/such: no such file or directory", syscall.ENOENT},
		{rresource.Command{Program: "/etc/passwd"}, "exec /etc/passwd: permission denied", syscall.EACCES},
		{rresource.Command{Program: "true", Dir: "/nope"}, "chdir /nope: no such file or directory", syscall.ENOENT},
		{rresource.Command{Program: "true", Dir: "/etc/passwd"}, "chdir /etc/passwd: not a directory", syscall.ENOTDIR},
		{
			rresource.Command{Program: "true", Dir: "/", Limits: rresource.Limits{rresource.CORE: {}, rresource.NOFILE: tooMany}},
			"NOFILE: operation not permitted: " + rresource.ReasonAboveSystemMaximum.String(), syscall.EPERM,
		},
	} {
		outcome, err := c.command.Run(background)
		if err == nil || err.Error() != c.text || !errors.Is(err, c.holds) {
			t.Errorf("%v, not %s", err, c.text)
		}
		if outcome.Success() || strings.Contains(outcome.String(), "limit") {
			t.Errorf("%v with an error", outcome)
		}
	}
	if text := (rresource.Outcome{}).String(); text != "exit status 0" {
		t.Error(text)
	}
}

func TestAChildThatRuns(t *testing.T) {
	command := rresource.NewCommand("sleep", "1000")
	command.Limits = rresource.Limits{rresource.CORE: {Cur: 3, Max: 4}}
	child, err := command.Start()
	succeeds(t, err)
	process, err := child.Process()
	succeeds(t, err)
	defer process.Close()
	limits, err := process.Getrlimits()
	if err != nil || process.PID() != child.PID() || limits[rresource.CORE] != (rresource.Rlimit{Cur: 3, Max: 4}) {
		t.Errorf("%d %v, %v", process.PID(), limits, err)
	}
	brief, cancel := context.WithTimeout(background, 20*time.Millisecond)
	defer cancel()
	_, err = child.Wait(brief)
	failsWith(t, err, context.DeadlineExceeded)
	succeeds(t, process.Alive())

	failsWith(t, child.Kill(1000), syscall.EINVAL)
	var group sync.WaitGroup
	for i := 0; i < 4; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			if outcome, err := child.Wait(background); err != nil || outcome.Signal != syscall.SIGTERM {
				t.Errorf("%v, %v", outcome, err)
			}
		}()
	}
	succeeds(t, child.Kill(syscall.SIGTERM))
	group.Wait()
	failsWith(t, child.Kill(syscall.SIGTERM), syscall.ESRCH)
	_, err = child.Process()
	failsWith(t, err, syscall.ESRCH)
	failsWith(t, process.Alive(), syscall.ESRCH)
}

func TestADoneContextDoesNotHideTheEnd(t *testing.T) {
	child, err := rresource.NewCommand("true").Start()
	succeeds(t, err)
	_, err = child.Wait(background)
	succeeds(t, err)
	done, cancel := context.WithCancel(background)
	cancel()
	for i := 0; i < 100; i++ {
		if outcome, err := child.Wait(done); err != nil || !outcome.Success() {
			t.Fatalf("%v, %v", outcome, err)
		}
	}
}

// The group's sleep has a pipe open for as long as it runs; the shell has one with a name.
func TestAContextEndsTheProgramAndItsGroup(t *testing.T) {
	for _, c := range []struct {
		script, outcome string
		err             error
	}{
		{"exec 4>&-; wait", "signal: killed", context.Canceled},
		{"exit 3", "exit status 3", nil}, // while the sleep holds the output
	} {
		group, groupWriter := pipe(t)
		shells := t.TempDir() + "/fifo"
		succeeds(t, syscall.Mkfifo(shells, 0o600))
		command := shell(`exec 4>"$0"; sleep 1000 4>&- & ` + c.script)
		command.Args = append(command.Args, shells)
		command.ExtraFiles, command.Group = []*os.File{groupWriter}, true
		ctx, cancel := context.WithCancel(background)
		defer cancel()
		go func() {
			os.ReadFile(shells) // until the shell has closed it
			cancel()
		}()
		_, outcome, err := command.Output(ctx)
		groupWriter.Close()
		if outcome.String() != c.outcome || err != c.err {
			t.Errorf("%s: %v, %v", c.script, outcome, err)
		}
		group.SetReadDeadline(time.Now().Add(20 * time.Second))
		if _, err := group.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("%s: %v: the sleep still runs", c.script, err)
		}
	}
}

// The shell counts each line after it has written it.
func TestOutputIsAllThatWasWritten(t *testing.T) {
	for i := 0; i < 10; i++ {
		notes, err := os.CreateTemp(t.TempDir(), "")
		succeeds(t, err)
		defer notes.Close()
		command := shell("i=0; while :; do i=$((i + 1)); echo $i; echo $i >&2; done")
		command.Stderr = notes
		ctx, cancel := context.WithCancel(background)
		defer cancel()
		go func() {
			for status, err := notes.Stat(); err == nil && status.Size() == 0; status, err = notes.Stat() {
				time.Sleep(time.Millisecond)
			}
			cancel()
		}()
		text, _, err := command.Output(ctx)
		failsWith(t, err, context.Canceled)
		noted, err := os.ReadFile(notes.Name())
		succeeds(t, err)
		if len(noted) == 0 || !bytes.HasPrefix(text, noted) {
			t.Errorf("%d bytes, of %d that were written", len(text), len(noted))
		}
	}
}

func init() {
	parts["what cannot be killed"] = func() {
		input, inputWriter, err := os.Pipe()
		must(err)
		output, outputWriter, err := os.Pipe()
		must(err)
		command := rresource.NewCommand("setpriv", "--reuid=65534", "--clear-groups", "cat")
		command.Stdin, command.Stdout = input, outputWriter
		ctx, cancel := context.WithCancel(background)
		go func() {
			inputWriter.Write([]byte{'\n'})
			output.Read(make([]byte, 1)) // it is another user's by now
			cancel()
			time.Sleep(10 * time.Second)
			inputWriter.Close()
		}()
		_, err = command.Run(ctx)
		fmt.Println(errors.Is(err, context.Canceled), errors.Is(err, syscall.EPERM))
	}
}

func TestWhatCannotBeKilledIsNotWaitedFor(t *testing.T) {
	const withoutKill = "exec setpriv --bounding-set=-kill"
	if err := exec.Command("sh", "-c", withoutKill+" setpriv --reuid=65534 --clear-groups true").Run(); err != nil {
		t.Skipf("nothing can be started as another user: %v", err)
	}
	if answer := alone(t, "what cannot be killed", withoutKill+` "$0"`); answer != "true true" {
		t.Error(answer)
	}
}

func TestAContextThatIsDoneStartsNothing(t *testing.T) {
	done, cancel := context.WithCancel(background)
	cancel()
	file := t.TempDir() + "/started"
	_, err := rresource.NewCommand("touch", file).Run(done)
	failsWith(t, err, context.Canceled)
	if _, err := os.Stat(file); err == nil {
		t.Error("it was started")
	}
}

func TestGroupsAndSessions(t *testing.T) {
	for _, command := range []*rresource.Command{
		{Program: "sleep", Args: []string{"1000"}, Group: true},
		{Program: "sleep", Args: []string{"1000"}, Session: true, NoLauncher: true},
	} {
		child, err := command.Start()
		succeeds(t, err)
		if group, err := syscall.Getpgid(child.PID()); err != nil || group != child.PID() {
			t.Errorf("%d, %v", group, err)
		}
		succeeds(t, child.Kill(syscall.SIGKILL))
		_, err = child.Wait(background)
		succeeds(t, err)
	}
}

func TestOneCommandManyTimesAtOnce(t *testing.T) {
	before := descriptors(t)
	command := rresource.NewCommand("true")
	var group sync.WaitGroup
	for i := 0; i < 8; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for j := 0; j < 25; j++ {
				if outcome, err := command.Run(background); err != nil || !outcome.Success() {
					t.Errorf("%v, %v", outcome, err)
				}
			}
		}()
	}
	group.Wait()
	if after := descriptors(t); after > before {
		t.Errorf("%d descriptors, then %d", before, after)
	}
}

func TestSomeoneElseWaited(t *testing.T) {
	child, err := rresource.NewCommand("true").Start()
	succeeds(t, err)
	_, _, _, err = rresource.Wait4(child.PID(), 0)
	succeeds(t, err)
	outcome, err := child.Wait(background)
	if err == nil { // Linux 6.15 keeps the status for the owner of a pidfd
		if !outcome.Success() || outcome.Usage.Known.Has(rresource.UsageCPU) || outcome.Usage.PeakRSS != 0 {
			t.Errorf("%+v", outcome)
		}
	} else {
		failsWith(t, err, syscall.ECHILD)
	}
}

func init() {
	soft := func() {
		text, outcome, err := shell("ulimit -Sn").Output(background)
		must(err)
		fmt.Print(outcome, " ", string(text))
	}
	parts["command"] = soft
	parts["command after setrlimit"] = func() {
		must(rresource.Setrlimit(rresource.NOFILE, rresource.Rlimit{Cur: 511, Max: 512}))
		soft()
	}
	parts["command after syscall"] = func() {
		must(syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 100, Max: 512}))
		soft()
	}
}

// As those of os/exec: see TestChildrenHaveTheLimitOnOpenFilesThatWasSet.
func TestProgramsHaveTheLimitOnOpenFilesOfTheStart(t *testing.T) {
	const limited = "ulimit -Sn 64 && ulimit -Hn 512"
	for part, wanted := range map[string]string{
		"command":                 "exit status 0 64",
		"command after setrlimit": "exit status 0 511",
		"command after syscall":   "exit status 0 100",
	} {
		if answer := alone(t, part, limited); answer != wanted {
			t.Errorf("%s: %q, not %q", part, answer, wanted)
		}
	}
	if text := alone(t, "command", "ulimit -Sn 512 && ulimit -Hn 512"); text != "exit status 0 512" {
		t.Error(text)
	}
}

// As os/exec does it.
func TestUserGroupsAndUmask(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root to become another user")
	}
	script := "id -u; id -g; id -G"
	for _, credential := range []*syscall.Credential{
		nil, {Uid: 65534, Gid: 65534}, {Uid: 1000, Gid: 1001, Groups: []uint32{1002, 1003}}, {Uid: 65534, NoSetGroups: true},
	} {
		ours, theirs := shell(script), exec.Command("sh", "-c", script)
		ours.Credential = credential
		theirs.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
		expected, err := theirs.Output()
		if shown := output(t, ours); err != nil || shown+"\n" != string(expected) {
			t.Errorf("%+v: %q, not %q, %v", credential, shown, expected, err)
		}
	}
	for _, mask := range []fs.FileMode{0o27, 0} {
		command := shell("umask")
		command.Umask = &mask
		if shown := output(t, command); shown != fmt.Sprintf("%04o", mask) {
			t.Errorf("%s, not %04o", shown, mask)
		}
	}
	tooMuch := fs.FileMode(0o1000)
	command := shell("umask")
	command.Umask = &tooMuch
	if _, err := command.Start(); err != syscall.EINVAL {
		t.Error(err)
	}
}
