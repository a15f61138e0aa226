package rresource_test

import (
	"errors"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

// inChild names, in the environment of a process that a test started, what that process is to do.
const inChild = "RRESOURCE_TEST_IN_CHILD"

// parts run in a separate process, because they lower limits that cannot be raised again.
var parts = map[string]func(){}

func TestMain(m *testing.M) {
	if name := os.Getenv(inChild); name != "" {
		os.Unsetenv(inChild)
		parts[name]()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// alone runs a part in a separate process and returns its output, without the newline. shell is a command that
// a shell runs first in that process, such as "ulimit -Sn 64".
func alone(t *testing.T, name, shell string) string {
	t.Helper()
	command := exec.Command("sh", "-c", shell+` && exec "$0"`, os.Args[0])
	command.Env = append(os.Environ(), inChild+"="+name)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, output)
	}
	return strings.TrimSuffix(string(output), "\n")
}

// must ends a part that failed.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// failsWith checks that an error is, or contains, a certain one.
func failsWith(t *testing.T, err, wanted error) {
	t.Helper()
	if !errors.Is(err, wanted) {
		t.Errorf("%v, not %v", err, wanted)
	}
}

func succeeds(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// pipe is closed at the end of the test unless the test has closed it.
func pipe(t *testing.T) (reader, writer *os.File) {
	t.Helper()
	reader, writer, err := os.Pipe()
	succeeds(t, err)
	t.Cleanup(func() {
		reader.Close()
		writer.Close()
	})
	return reader, writer
}

// sleeper starts a process that does nothing until the test ends. It has sent a byte, so that its startup is
// over.
func sleeper(t *testing.T) *exec.Cmd {
	t.Helper()
	input, inputWriter := pipe(t)
	output, outputWriter := pipe(t)
	command := exec.Command("cat")
	command.Stdin, command.Stdout = input, outputWriter
	succeeds(t, command.Start())
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	_, err := inputWriter.Write([]byte{'\n'})
	succeeds(t, err)
	outputWriter.Close()
	_, err = output.Read(make([]byte, 1))
	succeeds(t, err)
	return command
}

// descriptors counts the open descriptors of this process.
func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	succeeds(t, err)
	return len(entries)
}

// resident is the resident set size of this process in KiB, without collected garbage.
func resident(t *testing.T) int {
	t.Helper()
	for i := 0; i < 3; i++ { // finalizers run after the first
		debug.FreeOSMemory()
		time.Sleep(10 * time.Millisecond)
	}
	status, err := os.ReadFile("/proc/self/status")
	succeeds(t, err)
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	kib, err := strconv.Atoi(strings.Fields(after)[0])
	succeeds(t, err)
	return kib
}
