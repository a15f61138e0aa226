package rresource_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/rresource/rresource/bindings/go/rresource"
)

func TestReadersAndWritersAreCopied(t *testing.T) {
	data := strings.Repeat("0123456789abcdef", 1<<16) // more than a pipe holds
	command := shell("cat; echo end >&2")
	var stdout, stderr strings.Builder
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(data), &stdout, &stderr
	outcome, err := command.Run(background)
	if err != nil || !outcome.Success() || stdout.String() != data || stderr.String() != "end\n" {
		t.Errorf("%v, %v: %d bytes, %q", outcome, err, stdout.Len(), stderr.String())
	}
	command.Stdin = strings.NewReader("again")
	stdout.Reset()
	if _, err := command.Run(background); err != nil || stdout.String() != "again" {
		t.Errorf("%v, %q", err, stdout.String())
	}
}

// uncomparable is a Writer for which == panics.
type uncomparable struct {
	to     *bytes.Buffer
	unused []int
}

func (u uncomparable) Write(data []byte) (int, error) { return u.to.Write(data) }

func TestOneWriterForBothStreams(t *testing.T) {
	text, outcome, err := shell("echo one; echo two >&2; echo three; exit 3").CombinedOutput(background)
	if err != nil || outcome.ExitCode != 3 || string(text) != "one\ntwo\nthree\n" {
		t.Errorf("%q, %v, %v", text, outcome, err)
	}
	command := shell("echo one; echo two >&2")
	var out, log bytes.Buffer
	command.Stdout, command.Stderr = uncomparable{to: &out}, uncomparable{to: &log}
	_, err = command.Run(background)
	if err != nil || out.String() != "one\n" || log.String() != "two\n" {
		t.Errorf("%v: %q, %q", err, out.String(), log.String())
	}
}

func TestErrorsOfReadersAndWriters(t *testing.T) {
	failing := errors.New("out of ink")
	command := shell("cat; exit 3")
	command.Stdin = iotest.ErrReader(failing)
	outcome, err := command.Run(background)
	if !errors.Is(err, failing) || outcome.ExitCode != 3 {
		t.Errorf("%v, %v", outcome, err)
	}
	command = shell("echo x; exec 1>&-; exit 4")
	command.Stdout = writerFunc(func([]byte) (int, error) { return 0, failing })
	outcome, err = command.Run(background)
	if !errors.Is(err, failing) || outcome.ExitCode != 4 {
		t.Errorf("%v, %v", outcome, err)
	}
	// A program that stops reading its input is not an error.
	command = shell("exit 5")
	command.Stdin = strings.NewReader(strings.Repeat("x", 1<<20))
	if outcome, err = command.Run(background); err != nil || outcome.ExitCode != 5 {
		t.Errorf("%v, %v", outcome, err)
	}
}

type writerFunc func([]byte) (int, error)

func (w writerFunc) Write(data []byte) (int, error) { return w(data) }

func TestADeadlineBoundsTheStreamsToo(t *testing.T) {
	never, writer, err := os.Pipe()
	succeeds(t, err)
	defer writer.Close()
	defer never.Close()
	for name, change := range map[string]func(*rresource.Command){
		"a descendant holds stdout": func(c *rresource.Command) { c.Stdout = &bytes.Buffer{} },
		"a Reader that gives nothing": func(c *rresource.Command) {
			c.Args = []string{"-c", "exit 0"}
			c.Stdin = io.MultiReader(never)
		},
	} {
		command := shell("sleep 60 2>&- & exit 0")
		change(command)
		for _, timeout := range []time.Duration{300 * time.Millisecond, 3 * time.Second, 20 * time.Second} {
			ctx, cancel := context.WithTimeout(background, timeout)
			start := time.Now()
			outcome, err := command.Run(ctx)
			cancel()
			if outcome.Signal == syscall.SIGKILL && timeout < 20*time.Second {
				continue // the machine is busy: the program had no time to exit
			}
			if err != nil || !outcome.Success() || time.Since(start) > timeout+10*time.Second {
				t.Errorf("%s: %v, %v after %v", name, outcome, err, time.Since(start))
			}
			break
		}
	}
}

func TestPipesOfTheCaller(t *testing.T) {
	command := rresource.NewCommand("sh", "-c", "cat; echo err >&2")
	input, err := command.StdinPipe()
	succeeds(t, err)
	output, err := command.StdoutPipe()
	succeeds(t, err)
	log, err := command.StderrPipe()
	succeeds(t, err)
	child, err := command.Start()
	succeeds(t, err)
	_, err = io.WriteString(input, "in\n")
	succeeds(t, err)
	succeeds(t, input.Close())
	outcome, err := child.Wait(background)
	if err != nil || !outcome.Success() {
		t.Fatalf("%v, %v", outcome, err)
	}
	for _, c := range []struct {
		from   io.ReadCloser
		wanted string
	}{{output, "in\n"}, {log, "err\n"}} {
		if text, err := io.ReadAll(c.from); err != nil || string(text) != c.wanted {
			t.Errorf("%q, %v", text, err)
		}
		succeeds(t, c.from.Close())
	}
	if _, err := command.Start(); err != syscall.EBADF {
		t.Error(err)
	}
}

func TestAFailedStartLeavesNoPipes(t *testing.T) {
	before := openFiles(t)
	for i := 0; i < 20; i++ {
		command := rresource.NewCommand("/nowhere/program")
		command.Stdin, command.Stdout = strings.NewReader("x"), &bytes.Buffer{}
		if _, err := command.Start(); !errors.Is(err, syscall.ENOENT) {
			t.Fatal(err)
		}
	}
	if after := openFiles(t); after > before {
		t.Errorf("%d descriptors more", after-before)
	}
}

func openFiles(t *testing.T) int {
	entries, err := os.ReadDir("/proc/self/fd")
	succeeds(t, err)
	return len(entries)
}

func TestAnOutcomeAsAnError(t *testing.T) {
	outcome, err := shell("exit 3").Run(background)
	succeeds(t, err)
	var failed *rresource.ExitError
	if err := outcome.Err(); !errors.As(err, &failed) || failed.ExitCode != 3 || err.Error() != "exit status 3" {
		t.Error(err)
	}
	outcome, err = shell("exit 0").Run(background)
	succeeds(t, err)
	if err := outcome.Err(); err != nil {
		t.Error(err)
	}
	if rresource.NoOutcome.Err() == nil {
		t.Error("of none is known that it succeeded")
	}
}

func TestTheOutOfMemoryKiller(t *testing.T) {
	for script, wanted := range map[string]string{
		"exit 3": "no", "kill -TERM $$": "no", "kill -KILL $$": "no possible yes unknown",
	} {
		outcome, err := shell(script).Run(background)
		if err != nil || !strings.Contains(wanted, outcome.OOM.String()) {
			t.Errorf("%s: %v, %v", script, outcome.OOM, err)
		}
	}
}

func TestDurations(t *testing.T) {
	for text, wanted := range map[string]time.Duration{
		"200ms": 200 * time.Millisecond, "1h30min": 90 * time.Minute, "90": 90 * time.Second, "1.5s": 1500 * time.Millisecond,
		"9223372036854775807ns": 1<<63 - 1,
	} {
		if found, err := rresource.ParseDuration(text); err != nil || found != wanted {
			t.Errorf("%s: %v, %v", text, found, err)
		}
	}
	for text, wanted := range map[string]error{
		"": syscall.EINVAL, "-1s": syscall.EINVAL, "1s\x00": syscall.EINVAL, "9223372036854775808ns": syscall.ERANGE,
		"99999999999999h": syscall.ERANGE,
	} {
		_, err := rresource.ParseDuration(text)
		if !errors.Is(err, wanted) || !strings.Contains(err.Error(), " as a duration: ") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
