package rresource

// #include "shim.h"
import "C"

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"syscall"
	"time"
)

// Output runs the program as [Command.Run] does and returns what it wrote to its standard output, instead of to
// Stdout. It reads until no process has the output open for writing any more or ctx is done, and always
// everything that was written before the program ended.
func (c *Command) Output(ctx context.Context) ([]byte, Outcome, error) {
	var output bytes.Buffer
	command := *c
	command.Stdout = &output
	outcome, err := command.Run(ctx)
	return output.Bytes(), outcome, err
}

// CombinedOutput is [Command.Output] with what the program wrote to its standard error too, in the order in which it
// was written, instead of to Stderr.
func (c *Command) CombinedOutput(ctx context.Context) ([]byte, Outcome, error) {
	var output bytes.Buffer
	command := *c
	command.Stdout, command.Stderr = &output, &output
	outcome, err := command.Run(ctx)
	return output.Bytes(), outcome, err
}

// StdinPipe sets Stdin to a pipe and returns its other end, for the caller to write to and close. A command with such a
// pipe can be started once.
func (c *Command) StdinPipe() (io.WriteCloser, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.Stdin, c.pipes = reader, append(c.pipes, reader)
	return writer, nil
}

// StdoutPipe sets Stdout to a pipe and returns its other end, for the caller to read and close, before or after
// [Child.Wait]. A command with such a pipe can be started once.
func (c *Command) StdoutPipe() (io.ReadCloser, error) { return c.outputPipe(&c.Stdout) }

// StderrPipe is [Command.StdoutPipe] for Stderr.
func (c *Command) StderrPipe() (io.ReadCloser, error) { return c.outputPipe(&c.Stderr) }

func (c *Command) outputPipe(stream *io.Writer) (io.ReadCloser, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	*stream, c.pipes = writer, append(c.pipes, writer)
	return reader, nil
}

// streams copies between a program's pipes and the Reader and Writers of its command.
type streams struct {
	files   [3]*os.File // what the program gets; nil: the caller's own
	theirs  []*os.File  // those of files that were made here, to close once the program has them
	inputs  []*os.File  // the other ends, which are written to
	outputs []*os.File  // and read
	writes  []func() error
	reads   []func() error
	stopped chan struct{}
}

// open makes the pipes that a command needs.
func (s *streams) open(c *Command) error {
	s.stopped = make(chan struct{})
	var err error
	if file, ok := c.Stdin.(*os.File); ok || c.Stdin == nil {
		s.files[0] = file
	} else if s.files[0], err = s.input(c.Stdin); err != nil {
		return err
	}
	if s.files[1], err = s.output(c.Stdout); err != nil {
		return err
	}
	if c.Stderr != nil && same(c.Stdout, c.Stderr) { // so that one goroutine calls Write
		s.files[2] = s.files[1]
		return nil
	}
	s.files[2], err = s.output(c.Stderr)
	return err
}

// same reports whether two Writers are equal; == would panic if their type is not comparable.
func same(left, right io.Writer) (equal bool) {
	defer func() { _ = recover() }()
	return left == right
}

func (s *streams) input(from io.Reader) (*os.File, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	s.theirs, s.inputs = append(s.theirs, reader), append(s.inputs, writer)
	s.writes = append(s.writes, func() error {
		_, err := io.Copy(writer, from)
		if errors.Is(err, syscall.EPIPE) || errors.Is(err, os.ErrClosed) { // the program has stopped reading it
			err = nil
		}
		if closed := writer.Close(); err == nil && !errors.Is(closed, os.ErrClosed) {
			err = closed
		}
		return err
	})
	return reader, nil
}

func (s *streams) output(to io.Writer) (*os.File, error) {
	if file, ok := to.(*os.File); ok || to == nil {
		return file, nil
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	s.theirs, s.outputs = append(s.theirs, writer), append(s.outputs, reader)
	s.reads = append(s.reads, func() error {
		defer reader.Close() // if Write fails, so does the program's next write
		_, err := io.Copy(to, reader)
		if errors.Is(err, os.ErrDeadlineExceeded) && s.isStopped() {
			_, err = to.Write(left(reader))
		}
		return err
	})
	return writer, nil
}

// left returns what a pipe holds now, without waiting for more, because another writer may never stop.
func left(pipe *os.File) []byte {
	connection, err := pipe.SyscallConn()
	if err != nil {
		return nil
	}
	var bytes []byte
	connection.Control(func(descriptor uintptr) { bytes = make([]byte, C.bytes_held(C.int(descriptor))) })
	pipe.SetReadDeadline(time.Time{})
	count, _ := io.ReadFull(pipe, bytes)
	return bytes[:count]
}

// start begins to copy. The channel gets the first error, or nil, after everything is copied.
func (s *streams) start() <-chan error {
	closeAll(s.theirs)
	written, read := begin(s.writes), begin(s.reads)
	done := make(chan error, 1)
	go func() {
		var first error
		for range s.reads {
			first = firstOf(first, <-read)
		}
		for range s.writes {
			select {
			case err := <-written:
				first = firstOf(first, err)
			case <-s.stopped: // the source of the data may never send more
			}
		}
		done <- first
	}()
	return done
}

func begin(copies []func() error) <-chan error {
	results := make(chan error, len(copies))
	for _, copy := range copies {
		go func(copy func() error) { results <- copy() }(copy)
	}
	return results
}

func firstOf(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// stop ends the copying of a program that has ended: the content of its pipes is copied, and later output of
// descendants is not waited for.
func (s *streams) stop() {
	close(s.stopped)
	closeAll(s.inputs)
	for _, pipe := range s.outputs {
		pipe.SetReadDeadline(time.Unix(1, 0))
	}
}

func (s *streams) isStopped() bool {
	select {
	case <-s.stopped:
		return true
	default:
		return false
	}
}

// close closes every pipe, of a program that was not started.
func (s *streams) close() {
	for _, files := range [][]*os.File{s.theirs, s.inputs, s.outputs} {
		closeAll(files)
	}
}

func closeAll(files []*os.File) {
	for _, file := range files {
		file.Close()
	}
}
