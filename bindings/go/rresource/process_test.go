package rresource_test

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rresource/rresource/bindings/go/rresource"
)

func open(t *testing.T, pid int) *rresource.Process {
	t.Helper()
	process, err := rresource.OpenProcess(pid)
	succeeds(t, err)
	t.Cleanup(func() { process.Close() })
	return process
}

func TestAnotherProcess(t *testing.T) {
	child := sleeper(t)
	process := open(t, child.Process.Pid)
	if process.PID() != child.Process.Pid {
		t.Errorf("%d, not %d", process.PID(), child.Process.Pid)
	}
	succeeds(t, process.Alive())
	hard := rresource.Rlimit{Cur: 7, Max: 9}
	succeeds(t, process.Setrlimits(rresource.Limits{rresource.CORE: hard, rresource.NOFILE: {Cur: 64, Max: 64}}))
	limits, err := process.Getrlimits()
	if err != nil || limits[rresource.CORE] != hard || limits[rresource.NOFILE].Cur != 64 {
		t.Errorf("%v, %v", limits, err)
	}
	old, err := rresource.Prlimit(child.Process.Pid, rresource.CORE, &rresource.Rlimit{Cur: 1, Max: 9})
	if err != nil || old != hard {
		t.Errorf("%v, %v", old, err)
	}
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", process.PID()))
	succeeds(t, err)
	if files, err := process.Used(rresource.NOFILE); err != nil || files != uint64(len(entries)) {
		t.Errorf("%d open files, %v", files, err)
	}
	verdict, err := process.Check(rresource.CORE, rresource.Rlimit{Cur: 2, Max: 1})
	if err != nil || verdict.Reason != rresource.ReasonSoftAboveHard {
		t.Errorf("%v, %v", verdict, err)
	}
	usage, err := process.ReadUsage(rresource.UsageAll)
	const groups = rresource.UsageRSS | rresource.UsageCPU | rresource.UsageThreads
	if err != nil || !usage.Known.Has(groups) || usage.RSS == 0 || usage.Threads != 1 {
		t.Errorf("%+v, %v", usage, err)
	}
	if usage.Known.Has(rresource.UsageSwitches) {
		t.Errorf("%v: switches of another process cannot be had", usage.Known)
	}
}

func TestAProcessThatHasEnded(t *testing.T) {
	child := sleeper(t)
	process := open(t, child.Process.Pid)
	succeeds(t, child.Process.Kill())
	child.Wait()
	failsWith(t, process.Alive(), syscall.ESRCH)
	_, err := process.Getrlimits()
	failsWith(t, err, syscall.ESRCH)
	failsWith(t, process.Setrlimits(rresource.Limits{rresource.CORE: {}}), syscall.ESRCH)
	_, err = process.Used(rresource.NOFILE)
	failsWith(t, err, syscall.ESRCH)
	_, err = process.Check(rresource.NOFILE, rresource.Rlimit{})
	failsWith(t, err, syscall.ESRCH)
	_, err = process.ReadUsage(rresource.UsageAll)
	failsWith(t, err, syscall.ESRCH)
	failsWith(t, process.ResetPeak(), syscall.ESRCH)
}

func TestNoSuchProcess(t *testing.T) {
	for pid, wanted := range map[int]error{
		-1: syscall.EINVAL, math.MinInt64: syscall.EINVAL, math.MaxInt32: syscall.ESRCH, 1 << 32: syscall.ESRCH,
	} {
		_, err := rresource.OpenProcess(pid)
		failsWith(t, err, wanted)
	}
	for _, number := range []uintptr{1 << 20, 1 << 32, ^uintptr(0)} {
		_, err := rresource.ProcessFromFD(number)
		failsWith(t, err, syscall.EBADF)
	}
	file, err := os.Open("/")
	succeeds(t, err)
	defer file.Close()
	_, err = rresource.ProcessFromFD(file.Fd())
	failsWith(t, err, syscall.EBADF)
}

func TestAClosedHandle(t *testing.T) {
	process := open(t, 0)
	succeeds(t, process.Close())
	succeeds(t, process.Close())
	if process.PID() != os.Getpid() {
		t.Errorf("%d", process.PID())
	}
	for _, err := range []error{
		process.Alive(),
		process.ResetPeak(),
		process.Setrlimits(nil),
		func() error { _, err := process.Getrlimits(); return err }(),
		func() error { _, err := process.Used(rresource.NOFILE); return err }(),
		func() error { _, err := process.Check(rresource.NOFILE, rresource.Rlimit{}); return err }(),
		func() error { _, err := process.ReadUsage(rresource.UsageAll); return err }(),
	} {
		failsWith(t, err, os.ErrClosed)
	}
}

// The library's handles are for one thread at a time; those of this package are not.
func TestManyGoroutinesUseOneHandle(t *testing.T) {
	process := open(t, sleeper(t).Process.Pid)
	var group sync.WaitGroup
	for i := 0; i < 8; i++ {
		group.Add(1)
		go func(closes bool) {
			defer group.Done()
			for j := 0; j < 200; j++ {
				if _, err := process.Used(rresource.NOFILE); err != nil && err != os.ErrClosed {
					t.Error(err)
				}
				if closes && j == 100 {
					process.Close()
				}
			}
		}(i == 0)
	}
	group.Wait()
}

func TestTheGarbageCollectorClosesWhatWasForgotten(t *testing.T) {
	pid := sleeper(t).Process.Pid
	before := descriptors(t)
	for i := 0; i < 100; i++ {
		_, err := rresource.OpenProcess(pid)
		succeeds(t, err)
	}
	for i := 0; i < 200 && descriptors(t) > before; i++ {
		runtime.GC()
		time.Sleep(5 * time.Millisecond)
	}
	if after := descriptors(t); after > before {
		t.Errorf("%d descriptors, then %d", before, after)
	}
}
