package rresource_test

import (
	"os/exec"
	"runtime"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"github.com/rresource/rresource/bindings/go/rresource"
)

// spin uses at least so much processor time of this process.
func spin(t *testing.T, length time.Duration) {
	t.Helper()
	start, err := rresource.ReadUsage(rresource.UsageCPU)
	succeeds(t, err)
	for now := start; now.CPU < start.CPU+length; {
		for i := 0; i < 1_000_000; i++ {
		}
		now, err = rresource.ReadUsage(rresource.UsageCPU)
		succeeds(t, err)
	}
}

func TestGetrusageIsThatOfTheSystem(t *testing.T) {
	var before, after syscall.Rusage
	for before.Utime.Nano() == 0 {
		spin(t, time.Millisecond)
		succeeds(t, syscall.Getrusage(syscall.RUSAGE_SELF, &before))
	}
	usage, err := rresource.Getrusage(rresource.Self)
	succeeds(t, err)
	succeeds(t, syscall.Getrusage(syscall.RUSAGE_SELF, &after))
	between := func(name string, low, value, high int64) {
		if value < low || value > high {
			t.Errorf("%s: %d is not within %d and %d", name, value, low, high)
		}
	}
	between("utime", before.Utime.Nano(), int64(usage.Utime), after.Utime.Nano())
	between("stime", before.Stime.Nano(), int64(usage.Stime), after.Stime.Nano())
	between("maxrss", before.Maxrss, usage.Maxrss, after.Maxrss)
	between("minflt", before.Minflt, usage.Minflt, after.Minflt)
	between("majflt", before.Majflt, usage.Majflt, after.Majflt)
	between("inblock", before.Inblock, usage.Inblock, after.Inblock)
	between("oublock", before.Oublock, usage.Oublock, after.Oublock)
	between("nvcsw", before.Nvcsw, usage.Nvcsw, after.Nvcsw)
	between("nivcsw", before.Nivcsw, usage.Nivcsw, after.Nivcsw)
	if usage.Utime == 0 || usage.Maxrss == 0 || usage.Minflt == 0 {
		t.Errorf("%+v", usage)
	}
}

func TestWhose(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, who := range []rresource.Who{rresource.Self, rresource.Children, rresource.Both, rresource.Thread} {
		_, err := rresource.Getrusage(who)
		succeeds(t, err)
	}
	_, err := rresource.Getrusage(7)
	failsWith(t, err, syscall.EINVAL)
}

func TestWait4(t *testing.T) {
	child := exec.Command("sh", "-c", "exit 3")
	succeeds(t, child.Start())
	waited, status, usage, err := rresource.Wait4(child.Process.Pid, 0)
	if err != nil || waited != child.Process.Pid || status.ExitStatus() != 3 || usage.Maxrss == 0 {
		t.Errorf("%d %v %+v, %v", waited, status, usage, err)
	}
	child.Process.Release()

	running := sleeper(t)
	waited, status, usage, err = rresource.Wait4(running.Process.Pid, syscall.WNOHANG)
	if err != nil || waited != 0 || status != 0 || usage != (rresource.Rusage{}) {
		t.Errorf("%d %v %+v, %v", waited, status, usage, err)
	}
	_, _, _, err = rresource.Wait4(1<<32, 0)
	failsWith(t, err, syscall.ECHILD)
	_, _, _, err = rresource.Wait4(running.Process.Pid, -1)
	failsWith(t, err, syscall.EINVAL)
	_, _, _, err = rresource.Wait4(running.Process.Pid, 1<<32)
	failsWith(t, err, syscall.EINVAL)
}

func TestUsageOfThisProcess(t *testing.T) {
	start, err := rresource.ReadUsage(rresource.UsageAll)
	succeeds(t, err)
	if !start.Known.Has(rresource.UsageAll) || start.RSS == 0 || start.PeakRSS < start.RSS || start.Threads == 0 ||
		start.Virtual < start.RSS || start.CPU > start.User+start.System+100*time.Millisecond || start.OpenFiles < 3 {
		t.Errorf("%+v", start)
	}
	spin(t, 30*time.Millisecond)
	end, err := rresource.ReadUsage(rresource.UsageAll)
	succeeds(t, err)
	used, err := end.Since(start)
	if err != nil || used.CPU < 30*time.Millisecond || used.CPU != end.CPU-start.CPU || used.RSS != end.RSS {
		t.Errorf("%+v, %v", used, err)
	}
	_, err = start.Since(end)
	failsWith(t, err, syscall.ERANGE)

	one, err := rresource.ReadUsage(rresource.UsageCPU)
	if err != nil || !one.Known.Has(rresource.UsageCPU) || one.Known.Has(rresource.UsageOpenFiles) || one.OpenFiles != 0 {
		t.Errorf("%+v, %v", one, err)
	}
}

func TestUsageOfARecord(t *testing.T) {
	record := rresource.Rusage{
		Utime: 2*time.Second + 3*time.Microsecond, Stime: time.Second, Maxrss: 5, Inblock: 2, Nvcsw: 7,
	}
	usage, err := record.Usage()
	succeeds(t, err)
	if usage.User != record.Utime || usage.CPU != record.Utime+record.Stime || usage.PeakRSS != 5*1024 ||
		usage.ReadBytes != 1024 || usage.VoluntarySwitches != 7 {
		t.Errorf("%+v", usage)
	}
	if !usage.Known.Has(rresource.UsagePeakRSS|rresource.UsagePeakIsBound) || usage.Known.Has(rresource.UsageRSS) {
		t.Errorf("%v", usage.Known)
	}
	if text := (rresource.UsageCPU | rresource.UsagePeakIsBound).String(); text != "CPU|PeakIsBound" {
		t.Errorf("%q", text)
	}
	for _, wrong := range []rresource.Rusage{{Minflt: -1}, {Utime: -1000}} {
		_, err = wrong.Usage()
		failsWith(t, err, syscall.EINVAL)
	}
}

func TestThePeakCanBeForgotten(t *testing.T) {
	memory := make([]byte, 64<<20)
	for i := range memory {
		memory[i] = 1
	}
	before, err := rresource.ReadUsage(rresource.UsagePeakRSS)
	succeeds(t, err)
	runtime.KeepAlive(memory)
	memory = nil
	runtime.GC()
	debug.FreeOSMemory()
	if err := rresource.ResetPeak(); err == syscall.ENOTSUP {
		t.Skip("this kernel was built without it")
	} else {
		succeeds(t, err)
	}
	after, err := rresource.ReadUsage(rresource.UsagePeakRSS)
	succeeds(t, err)
	if after.PeakRSS+(32<<20) > before.PeakRSS {
		t.Errorf("%d, then %d bytes", before.PeakRSS, after.PeakRSS)
	}
}
