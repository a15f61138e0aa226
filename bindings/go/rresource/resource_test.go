package rresource_test

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"testing"

	"github.com/rresource/rresource/bindings/go/rresource"
)

func TestEveryResourceHasANameThatFindsIt(t *testing.T) {
	resources := rresource.Resources()
	if len(resources) != 16 {
		t.Errorf("%d resources on Linux, not 16", len(resources))
	}
	for _, resource := range resources {
		for _, prefix := range []string{"", "RLIMIT_", "RR_RLIMIT_", "Limit"} {
			found, err := rresource.ParseResource(prefix + resource.String())
			if found != resource || err != nil {
				t.Errorf("%s%s: %v, %v", prefix, resource, found, err)
			}
		}
		description, err := resource.Describe()
		if err != nil || description.Name != resource.String() || description.Summary == "" {
			t.Errorf("%s: %+v, %v", resource, description, err)
		}
	}
}

func TestDescribe(t *testing.T) {
	description, err := rresource.NOFILE.Describe()
	wanted := rresource.Description{
		Name: "NOFILE", Summary: "open file descriptors",
		Unit: rresource.Count, Scope: rresource.PerProcess, Enforced: true,
	}
	if err != nil || description != wanted {
		t.Errorf("%+v, %v", description, err)
	}
	rss, err := rresource.RSS.Describe()
	if err != nil || rss.Enforced || rss.Unit.String() != "bytes" || rss.Scope.String() != "process" {
		t.Errorf("%+v", rss)
	}
}

func TestTheNumbersAreTheSystems(t *testing.T) {
	for _, pair := range [][2]int{
		{int(rresource.CPU), syscall.RLIMIT_CPU}, {int(rresource.FSIZE), syscall.RLIMIT_FSIZE},
		{int(rresource.DATA), syscall.RLIMIT_DATA}, {int(rresource.STACK), syscall.RLIMIT_STACK},
		{int(rresource.CORE), syscall.RLIMIT_CORE}, {int(rresource.NOFILE), syscall.RLIMIT_NOFILE},
		{int(rresource.AS), syscall.RLIMIT_AS}, {int(rresource.Self), syscall.RUSAGE_SELF},
		{int(rresource.Children), syscall.RUSAGE_CHILDREN}, {int(rresource.Thread), syscall.RUSAGE_THREAD},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%d, not %d", pair[0], pair[1])
		}
	}
}

func TestWhatIsUnknownHasATextToo(t *testing.T) {
	for _, unknown := range []string{"", "NOFILES", "NOFILE\x00", "RLIMIT_", "ÜBER"} {
		_, err := rresource.ParseResource(unknown)
		failsWith(t, err, syscall.ENOENT)
	}
	_, err := rresource.Resource(99).Describe()
	failsWith(t, err, syscall.EINVAL)
	for text, wanted := range map[string]string{
		rresource.Resource(99).String():           "Resource(99)",
		rresource.NoResource.String():             "Resource(-1)",
		rresource.Unit(99).String():               "Unit(99)",
		rresource.Scope(99).String():              "Scope(99)",
		rresource.UsageGroups(0).String():         "0x0",
		rresource.UsageGroups(1<<60 | 1).String(): "CPU|0x1000000000000000",
	} {
		if text != wanted {
			t.Errorf("%q, not %q", text, wanted)
		}
	}
}

func TestErrorsAreThoseOfGo(t *testing.T) {
	err := rresource.Setrlimit(rresource.NOFILE, rresource.Rlimit{Cur: 2, Max: 1})
	var errno syscall.Errno
	if !errors.As(err, &errno) || errno != syscall.EINVAL {
		t.Errorf("%#v holds no syscall.Errno", err)
	}
	_, err = rresource.Prlimit(1, rresource.NOFILE, &rresource.Rlimit{Cur: rresource.Infinity, Max: rresource.Infinity})
	if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.ESRCH) {
		t.Errorf("%v: NOFILE above the system's maximum", err)
	}
	refused := &rresource.LimitError{Resource: rresource.AS, Err: syscall.EPERM}
	if text := rresource.Explain(refused); text != rresource.Explain(syscall.EPERM) || text == "" {
		t.Errorf("%q", text)
	}
	if rresource.Explain(nil) != "" || rresource.Explain(os.ErrClosed) != os.ErrClosed.Error() {
		t.Error("what holds no errno is explained otherwise")
	}
	if rresource.Version() == "" {
		t.Error("no version")
	}
}
