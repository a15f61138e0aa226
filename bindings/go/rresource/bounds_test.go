package rresource_test

import (
	"errors"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/rresource/rresource/bindings/go/rresource"
)

var boundKinds = []rresource.BoundKind{
	rresource.BoundMemory, rresource.BoundSwap, rresource.BoundCPU, rresource.BoundTasks, rresource.BoundFiles,
}

func TestBoundsTightestFirst(t *testing.T) {
	for _, kind := range boundKinds {
		bounds, err := rresource.Bounds(kind)
		succeeds(t, err)
		tightest := uint64(0)
		for i, bound := range bounds {
			if i > 0 && bounds[i-1].Limit > bound.Limit {
				t.Errorf("%v comes before %v", bounds[i-1], bound)
			}
			if tightest == 0 && bound.Source != rresource.SourceCgroupHigh {
				tightest = bound.Limit
			}
			firm := bound.Used - bound.Reclaimable
			if bound.Flags.Has(rresource.BoundUsedKnown) && bound.Limit >= firm && bound.Room != bound.Limit-firm {
				t.Errorf("%v: room %d", bound, bound.Room)
			}
		}
		limit, _, err := rresource.EffectiveBound(kind)
		succeeds(t, err)
		if limit.Limit != tightest {
			t.Errorf("the effective limit is %v, not %d", limit, tightest)
		}
	}
}

func TestBoundOfALimit(t *testing.T) {
	limits, err := rresource.Getrlimit(rresource.NOFILE)
	succeeds(t, err)
	bounds, err := rresource.Bounds(rresource.BoundFiles)
	succeeds(t, err)
	for _, bound := range bounds {
		if bound.Source == rresource.SourceRlimit {
			if bound.Limit != limits.Cur || rresource.Resource(bound.Detail) != rresource.NOFILE {
				t.Errorf("%v, but the limit is %d", bound, limits.Cur)
			}
			if !strings.Contains(bound.String(), "(RLIMIT_NOFILE)") {
				t.Errorf("%v does not name the limit", bound)
			}
		}
	}
}

func TestBoundsOfAnotherProcess(t *testing.T) {
	command := exec.Command("sh", "-c", "ulimit -n 77; echo; read line")
	stdin, err := command.StdinPipe()
	succeeds(t, err)
	stdout, err := command.StdoutPipe()
	succeeds(t, err)
	succeeds(t, command.Start())
	_, err = stdout.Read(make([]byte, 1))
	succeeds(t, err)
	process, err := rresource.OpenProcess(command.Process.Pid)
	succeeds(t, err)
	defer process.Close()
	limit, room, err := process.EffectiveBound(rresource.BoundFiles)
	succeeds(t, err)
	if limit.Limit != 77 || room.Limit < 77 {
		t.Errorf("the limit is %v, the room %v", limit, room)
	}
	bounds, err := process.Bounds(rresource.BoundFiles)
	succeeds(t, err)
	if len(bounds) == 0 || bounds[0].Limit != 77 {
		t.Errorf("the bounds are %v", bounds)
	}
	stdin.Close()
	command.Wait()
	if _, err := process.Bounds(rresource.BoundMemory); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("of an ended process: %v", err)
	}
	if _, _, err := process.EffectiveBound(rresource.BoundMemory); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("of an ended process: %v", err)
	}
}

func TestBoundKindsAndText(t *testing.T) {
	if _, err := rresource.Bounds(99); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("of an unknown kind: %v", err)
	}
	if _, _, err := rresource.EffectiveBound(99); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("of an unknown kind: %v", err)
	}
	bound := rresource.Bound{Kind: rresource.BoundCPU, Source: rresource.SourceCgroup, Limit: 1_500_000_000}
	if text := bound.String(); text != "processors: 1.5 (cpu.max, own control group)" || bound.Processors() != 1.5 {
		t.Errorf("%q, %v processors", text, bound.Processors())
	}
	if text := (rresource.Bound{}).String(); text != "bound of kind 0 from source 0" {
		t.Errorf("%q", text)
	}
}
