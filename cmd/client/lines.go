package main

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"strings"

	"nethelper/pkg/protocol"
)

// A line is a request in a file of requests.
type line struct {
	number int
	words  []string
}

// lines yields the lines that have words, and last the error, if there is one, with
// its line. A comment starts where a word would start.
func lines(r io.Reader) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		scanner := bufio.NewScanner(r)
		scanner.Buffer(nil, 2*protocol.MaxRequest)
		l := line{number: 1}
		for ; scanner.Scan(); l.number++ {
			l.words = splitLine(scanner.Text())
			if len(l.words) > 0 && !yield(l, nil) {
				return
			}
		}
		err := scanner.Err()
		if errors.Is(err, bufio.ErrTooLong) {
			err = usageErrorf("longer than any request")
		}
		if err != nil {
			yield(l, err)
		}
	}
}

func splitLine(text string) []string {
	words := strings.Fields(text)
	for i, w := range words {
		if strings.HasPrefix(w, "#") {
			return words[:i]
		}
	}
	return words
}

// A lineOrError is what lines yields.
type lineOrError struct {
	line line
	err  error
}

// readAhead reads lines as they come, until done is closed.
func readAhead(r io.Reader, done <-chan struct{}) <-chan lineOrError {
	in := make(chan lineOrError, window)
	go func() {
		defer close(in)
		for l, err := range lines(r) {
			select {
			case in <- lineOrError{l, err}:
			case <-done:
				return
			}
		}
	}()
	return in
}

// nextLine returns the next line if there is one, or, if it is to wait, if there
// will be one.
func nextLine(in <-chan lineOrError, wait bool) (l lineOrError, ok bool) {
	if wait {
		l, ok = <-in
		return l, ok
	}
	select {
	case l, ok = <-in:
	default:
	}
	return l, ok
}
