// Sets the limits that a configuration file lists, all or none. A line is NAME=VALUE; # begins a comment.
package main

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/rresource/rresource/bindings/go/rresource"
)

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	limits, order := rresource.Limits{}, []rresource.Resource{}
	for _, line := range strings.Split(string(text), "\n") {
		line, _, _ = strings.Cut(line, "#")
		name, value, found := strings.Cut(strings.TrimSpace(line), "=")
		if !found {
			continue
		}
		resource, err := rresource.ParseResource(name)
		if err != nil {
			log.Fatalf("%s: %s", name, rresource.Explain(err))
		}
		present, err := rresource.Getrlimit(resource)
		if err != nil {
			log.Fatalf("%s: %s", name, rresource.Explain(err))
		}
		if limits[resource], err = rresource.Parse(resource, value, present); err != nil {
			log.Fatalf("%s: %s", name, rresource.Explain(err))
		}
		order = append(order, resource)
	}
	if err := rresource.Setrlimits(limits); err != nil {
		log.Fatal(rresource.Explain(err))
	}
	for _, resource := range order {
		text, _ := rresource.Format(resource, limits[resource])
		fmt.Printf("%v=%s\n", resource, text)
	}
}
