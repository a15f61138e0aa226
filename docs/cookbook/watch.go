// Watches a process until it ends, and reports each limit of which it uses 80% or more, once.
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/rresource/rresource/bindings/go/rresource"
)

func main() {
	pid, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	process, err := rresource.OpenProcess(pid)
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	defer process.Close()
	reported := map[rresource.Resource]bool{}
	for ; process.Alive() == nil; time.Sleep(100 * time.Millisecond) {
		limits, err := process.Getrlimits()
		if err != nil {
			break
		}
		for resource, limit := range limits {
			about, err := resource.Describe()
			used, unknown := process.Used(resource)
			if err != nil || unknown != nil || reported[resource] || !about.Enforced ||
				about.Unit == rresource.Priority || used == 0 || limit.Cur == rresource.Infinity || used*10 < limit.Cur*8 {
				continue
			}
			fmt.Printf("%v: %.0f%%\n", resource, 100*float64(used)/float64(limit.Cur))
			reported[resource] = true
		}
	}
	fmt.Println("ended")
}
