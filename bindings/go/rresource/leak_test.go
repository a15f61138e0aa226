//go:build !race

// The race detector's own memory grows with the work: the memory is measured without it.

package rresource_test

import (
	"math"
	"testing"

	"github.com/rresource/rresource/bindings/go/rresource"
)

// In all 100,000 calls. In each round the smallest piece of memory that malloc gives, 32 bytes, would show if
// each call left one; and of starting programs as many as a test has time for, of whose descriptors and
// children one would show.
const (
	rounds       = 4
	calls        = 25_000
	programs     = 500
	toleratedKiB = 400
)

func TestNothingIsLeftBehind(t *testing.T) {
	pid := sleeper(t).Process.Pid
	process := open(t, pid)
	for name, call := range map[string]func() error{
		"Getrlimit": func() error { _, err := rresource.Getrlimit(rresource.NOFILE); return err },
		"Setrlimit": func() error {
			limits, err := rresource.Getrlimit(rresource.CORE)
			if err == nil {
				err = rresource.Setrlimit(rresource.CORE, limits)
			}
			return err
		},
		"Prlimit":   func() error { _, err := rresource.Prlimit(pid, rresource.CORE, nil); return err },
		"Getrusage": func() error { _, err := rresource.Getrusage(rresource.Both); return err },
		"ReadUsage": func() error { _, err := rresource.ReadUsage(rresource.UsageCPU | rresource.UsageRSS); return err },
		"OpenProcess": func() error {
			process, err := rresource.OpenProcess(pid)
			if err == nil {
				err = process.Close()
			}
			return err
		},
		"Process.ReadUsage": func() error { _, err := process.ReadUsage(rresource.UsageRSS); return err },
		"Parse":             func() error { _, err := rresource.Parse(rresource.CPU, "1h", rresource.Rlimit{}); return err },
		"Format":            func() error { _, err := rresource.Format(rresource.CPU, rresource.Rlimit{}); return err },
		"a command": func() error {
			command := rresource.NewCommand("true", "one", "two")
			command.Env = []string{"A=B"}
			command.Limits = rresource.Limits{99: {}}
			if _, err := command.Start(); err == nil {
				t.Error("accepted")
			}
			return nil
		},
		"Command.Run": func() error {
			child, err := rresource.NewCommand("true").Start()
			if err != nil {
				return err
			}
			process, err := child.Process()
			if err != nil {
				return err
			}
			process.Close()
			_, err = child.Wait(background)
			return err
		},
		"a refusal": func() error {
			if rresource.Setrlimits(rresource.Limits{rresource.CORE: {Cur: 2, Max: 1}}) == nil {
				t.Error("accepted")
			}
			return nil
		},
	} {
		repeat := func(times int) {
			for i := 0; i < times; i++ {
				if err := call(); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
		}
		calls := calls
		if name == "Command.Run" {
			calls = programs
		}
		repeat(calls)
		opened, memory := descriptors(t), resident(t)
		// A leak grows in every round; the memory of Go's runtime does not.
		grown := math.MaxInt
		for i := 0; i < rounds; i++ {
			repeat(calls)
			now := resident(t)
			grown = min(grown, now-memory)
			memory = now
		}
		if now := descriptors(t); now > opened {
			t.Errorf("%s: %d descriptors, then %d", name, opened, now)
		}
		if grown > toleratedKiB {
			t.Errorf("%s: %d KiB more after each %d calls", name, grown, calls)
		}
	}
}
