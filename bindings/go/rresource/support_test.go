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

	"github.com/rresource/rresource/bindings/go/rresource"
)

// inChild names, in the environment of a process that a test started, what that process is to do.
const inChild = "RRESOURCE_TEST_IN_CHILD"

// parts are what tests do in a process of their own: what lowers limits that cannot be raised again.
var parts = map[string]func(){}

func TestMain(m *testing.M) {
	if name := os.Getenv(inChild); name != "" {
		os.Unsetenv(inChild)
		parts[name]()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// alone runs a part in a process of its own and returns what it printed, without the line's end. shell
// is what a shell does first in that process, such as "ulimit -Sn 64".
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

// failsWith checks that an error is, or holds, a certain one.
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

// sleeper starts a process that does nothing until the test ends.
func sleeper(t *testing.T) *exec.Cmd {
	t.Helper()
	command := exec.Command("sleep", "1000")
	succeeds(t, command.Start())
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	return command
}

// descriptors counts the open descriptors of this process.
func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	succeeds(t, err)
	return len(entries)
}

// resident is the resident set of this process in KiB, collected garbage apart.
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

// mayRaise tells whether this process may raise hard limits.
func mayRaise(t *testing.T) bool {
	t.Helper()
	verdict, err := rresource.Check(rresource.CORE, rresource.Rlimit{Cur: 0, Max: rresource.Infinity})
	succeeds(t, err)
	limits, err := rresource.Getrlimit(rresource.CORE)
	succeeds(t, err)
	return verdict.Err == nil && limits.Max != rresource.Infinity
}
