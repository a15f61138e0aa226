package rresource_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/rresource/rresource/bindings/go/rresource"
)

// tooMany is more open files than any system allows: the maximum of nr_open is 2^31.
var tooMany = rresource.Rlimit{Cur: 0, Max: 1 << 40}

func TestGetrlimitIsThatOfTheSystem(t *testing.T) {
	all, err := rresource.Getrlimits()
	succeeds(t, err)
	if len(all) != len(rresource.Resources()) {
		t.Errorf("%d limits", len(all))
	}
	for resource, limits := range all {
		var theirs syscall.Rlimit
		succeeds(t, syscall.Getrlimit(int(resource), &theirs))
		ours, err := rresource.Getrlimit(resource)
		byPid, errByPid := rresource.Prlimit(0, resource, nil)
		if err != nil || errByPid != nil || ours != limits || byPid != limits || limits != rresource.Rlimit(theirs) {
			t.Errorf("%s: %v %v %v, not %v", resource, limits, ours, byPid, theirs)
		}
	}
}

func TestWrongLimits(t *testing.T) {
	crossed := rresource.Rlimit{Cur: 2, Max: 1}
	for _, resource := range []rresource.Resource{-1, 16, 99, math.MaxInt32, math.MinInt32} {
		_, err := rresource.Getrlimit(resource)
		failsWith(t, err, syscall.EINVAL)
		failsWith(t, rresource.Setrlimit(resource, rresource.Rlimit{}), syscall.EINVAL)
		_, err = rresource.Raise(resource, 1)
		failsWith(t, err, syscall.EINVAL)
		_, err = rresource.Used(resource)
		failsWith(t, err, syscall.EINVAL)
		_, err = rresource.Prlimit(-1, resource, nil) // checked before the PID
		failsWith(t, err, syscall.EINVAL)
		failsWith(t, rresource.Setrlimits(rresource.Limits{resource: {}}), syscall.EINVAL)
		_, err = rresource.Parse(resource, "1", rresource.Rlimit{})
		failsWith(t, err, syscall.EINVAL)
		_, err = rresource.Format(resource, rresource.Rlimit{})
		failsWith(t, err, syscall.EINVAL)
	}
	failsWith(t, rresource.Setrlimit(rresource.CORE, crossed), syscall.EINVAL)
	failsWith(t, rresource.Setrlimit(rresource.NOFILE, tooMany), syscall.EPERM)
	for _, pid := range []int{-1, math.MaxInt32, math.MaxInt32 + 1, 1 << 32, math.MinInt64} {
		_, err := rresource.Prlimit(pid, rresource.CORE, nil)
		failsWith(t, err, syscall.ESRCH)
	}
	_, err := rresource.Used(rresource.FSIZE)
	failsWith(t, err, syscall.ENOTSUP)
}

func TestSetrlimitsNamesWhatItRefuses(t *testing.T) {
	before, err := rresource.Getrlimits()
	succeeds(t, err)
	err = rresource.Setrlimits(rresource.Limits{
		rresource.CORE:   {Cur: 0, Max: before[rresource.CORE].Max},
		rresource.NOFILE: tooMany,
	})
	var refused *rresource.LimitError
	if !errors.As(err, &refused) || refused.Resource != rresource.NOFILE || !errors.Is(err, syscall.EPERM) {
		t.Errorf("%v", err)
	}
	if text := err.Error(); text != "NOFILE: operation not permitted: "+rresource.ReasonAboveSystemMaximum.String() {
		t.Errorf("%q", text)
	}
	after, err := rresource.Getrlimits()
	succeeds(t, err)
	for resource, limits := range before {
		if after[resource] != limits {
			t.Errorf("%s: %v, not %v", resource, after[resource], limits)
		}
	}
	succeeds(t, rresource.Setrlimits(nil))
}

func TestCheckForetellsAndExplains(t *testing.T) {
	for _, c := range []struct {
		resource rresource.Resource
		wanted   rresource.Rlimit
		err      error
		reason   rresource.Reason
	}{
		{rresource.CORE, rresource.Rlimit{}, nil, rresource.ReasonNone},
		{rresource.CORE, rresource.Rlimit{Cur: 2, Max: 1}, syscall.EINVAL, rresource.ReasonSoftAboveHard},
		{rresource.NOFILE, tooMany, syscall.EPERM, rresource.ReasonAboveSystemMaximum},
		{99, rresource.Rlimit{}, syscall.EINVAL, rresource.ReasonUnknownResource},
	} {
		verdict, err := rresource.Check(c.resource, c.wanted)
		if err != nil || verdict.Err != c.err || verdict.Reason != c.reason {
			t.Errorf("%s %v: %+v, %v", c.resource, c.wanted, verdict, err)
		}
		if text := verdict.Reason.String(); text == "" {
			t.Errorf("%d has no text", verdict.Reason)
		}
	}
}

func TestUsedCountsTheOpenFiles(t *testing.T) {
	before, err := rresource.Used(rresource.NOFILE)
	succeeds(t, err)
	file, err := syscall.Dup(0) // Go's own os.Open may open more than one the first time
	succeeds(t, err)
	defer syscall.Close(file)
	after, err := rresource.Used(rresource.NOFILE)
	if err != nil || after != before+1 {
		t.Errorf("%d, then %d, %v", before, after, err)
	}
}

func TestText(t *testing.T) {
	present := rresource.Rlimit{Cur: 10, Max: 4096}
	for _, c := range []struct {
		resource rresource.Resource
		text     string
		limits   rresource.Rlimit
		written  string
	}{
		{rresource.AS, "8M", rresource.Rlimit{Cur: 8 << 20, Max: 8 << 20}, "8M"},
		{rresource.NOFILE, "4:unlimited", rresource.Rlimit{Cur: 4, Max: rresource.Infinity}, "4:unlimited"},
		{rresource.NOFILE, "hard", rresource.Rlimit{Cur: 4096, Max: 4096}, "4096"},
		{rresource.NOFILE, "20:", rresource.Rlimit{Cur: 20, Max: 4096}, "20:4096"},
		{rresource.CPU, "1h30min", rresource.Rlimit{Cur: 5400, Max: 5400}, "1h30min"},
	} {
		limits, err := rresource.Parse(c.resource, c.text, present)
		if err != nil || limits != c.limits {
			t.Errorf("%s %q: %v, %v", c.resource, c.text, limits, err)
		}
		written, err := rresource.Format(c.resource, c.limits)
		if err != nil || written != c.written {
			t.Errorf("%s %v: %q, %v", c.resource, c.limits, written, err)
		}
	}
	for text, wanted := range map[string]error{
		"": syscall.EINVAL, "x": syscall.EINVAL, "5:4": syscall.EINVAL, "5\x00": syscall.EINVAL,
		"99999999999999999999": syscall.ERANGE,
	} {
		_, err := rresource.Parse(rresource.NOFILE, text, present)
		failsWith(t, err, wanted)
	}
}

// The soft limit on open files of a program that os/exec starts.
func softOfChild() string {
	output, err := exec.Command("sh", "-c", "ulimit -Sn").Output()
	must(err)
	return strings.TrimSpace(string(output))
}

func init() {
	set := func(change func(hard uint64)) func() {
		return func() {
			limits, err := rresource.Getrlimit(rresource.NOFILE)
			must(err)
			change(limits.Max)
			after, err := rresource.Getrlimit(rresource.NOFILE)
			must(err)
			fmt.Println(softOfChild(), after.Cur)
		}
	}
	own := func() *rresource.Process {
		process, err := rresource.OpenProcess(0)
		must(err)
		return process
	}
	parts["nothing"] = func() { fmt.Println(softOfChild()) }
	parts["setrlimit"] = set(func(hard uint64) {
		must(rresource.Setrlimit(rresource.NOFILE, rresource.Rlimit{Cur: hard - 1, Max: hard}))
	})
	parts["prlimit"] = set(func(hard uint64) {
		_, err := rresource.Prlimit(os.Getpid(), rresource.NOFILE, &rresource.Rlimit{Cur: hard - 1, Max: hard})
		must(err)
	})
	parts["setrlimits"] = set(func(hard uint64) {
		must(rresource.Setrlimits(rresource.Limits{rresource.NOFILE: {Cur: hard - 1, Max: hard}}))
	})
	parts["process"] = set(func(hard uint64) {
		must(own().Setrlimits(rresource.Limits{rresource.NOFILE: {Cur: hard - 1, Max: hard}}))
	})
	parts["raise"] = set(func(hard uint64) {
		_, err := rresource.Raise(rresource.NOFILE, hard-1)
		must(err)
	})
	parts["refused"] = set(func(uint64) {
		if err := rresource.Setrlimit(rresource.NOFILE, tooMany); !errors.Is(err, syscall.EPERM) {
			panic(err)
		}
	})
}

// Go's startup sets the soft limit to one below the hard limit (syscall/rlimit.go), and assumes that it set the
// limit as long as it has this value: so the test uses it.
func TestChildrenHaveTheLimitOnOpenFilesThatWasSet(t *testing.T) {
	const shell = "ulimit -Sn 64 && ulimit -Hn 512"
	if soft := alone(t, "nothing", shell); soft != "64" {
		t.Fatalf("%s: Go gives children back what the program was started with", soft)
	}
	for _, part := range []string{"setrlimit", "prlimit", "setrlimits", "process", "raise"} {
		if answer := alone(t, part, shell); answer != "511 511" {
			t.Errorf("after %s the child has and the process has %s, not 511", part, answer)
		}
	}
	if answer := alone(t, "refused", shell); !strings.HasPrefix(answer, "64 ") {
		t.Errorf("after a refusal the child has and the process has %s, not 64", answer)
	}
}

func init() {
	parts["lower"] = func() {
		limits := rresource.Rlimit{Cur: 10, Max: 20}
		must(rresource.Setrlimit(rresource.NPROC, rresource.Rlimit{Cur: 1000, Max: 2000}))
		must(rresource.Setrlimit(rresource.CORE, limits))
		old, err := rresource.Prlimit(0, rresource.CORE, &rresource.Rlimit{Cur: 5, Max: 20})
		must(err)
		raised, err := rresource.Raise(rresource.CORE, rresource.Infinity)
		must(err)
		verdict, err := rresource.Check(rresource.CORE, rresource.Rlimit{Cur: 1, Max: 21})
		must(err)
		err = rresource.Setrlimit(rresource.CORE, rresource.Rlimit{Cur: 1, Max: 21})
		ceiling := uint64(20)
		if err == nil { // privileged
			ceiling = rresource.Infinity
		}
		fmt.Println(old, raised, errors.Is(err, verdict.Err), verdict.Ceiling == ceiling)
	}
}

func TestLimitsCanBeLowered(t *testing.T) {
	if answer := alone(t, "lower", "true"); answer != "10:20 20 true true" {
		t.Error(answer)
	}
}

func TestLimitsAsText(t *testing.T) {
	for _, c := range []struct {
		limits rresource.Rlimit
		text   string
	}{
		{rresource.Rlimit{Cur: 64, Max: 64}, "64"},
		{rresource.Rlimit{Cur: 1024, Max: rresource.Infinity}, "1024:unlimited"},
		{rresource.Rlimit{Cur: rresource.Infinity, Max: rresource.Infinity}, "unlimited"},
		{rresource.Rlimit{}, "0"},
	} {
		if text := fmt.Sprint(c.limits); text != c.text {
			t.Errorf("%s, not %s", text, c.text)
		}
	}
}

func TestErrorsNameTheResourceAndTheText(t *testing.T) {
	_, parse := rresource.Parse(rresource.NOFILE, "12X", rresource.Rlimit{})
	for _, c := range []struct {
		err  error
		text string
	}{
		{parse, `parsing "12X" as a limit on NOFILE: invalid argument`},
		{
			rresource.Setrlimit(rresource.NOFILE, tooMany),
			"NOFILE: operation not permitted: " + rresource.ReasonAboveSystemMaximum.String(),
		},
		{
			rresource.Setrlimits(rresource.Limits{rresource.CORE: {Cur: 2, Max: 1}}),
			"CORE: invalid argument: " + rresource.ReasonSoftAboveHard.String(),
		},
	} {
		if c.err == nil || c.err.Error() != c.text {
			t.Errorf("%v, not %s", c.err, c.text)
		}
	}
}
