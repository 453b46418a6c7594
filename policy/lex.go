package policy

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxFile = 256 << 10 // bytes
	maxLine = 4096      // bytes
)

const (
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	digits  = "0123456789"
	// nameBytes are what the names of sets and of drop-ins are made of.
	nameBytes = letters + digits + "_-"
)

// madeOf reports whether s is made of the characters, at least one.
func madeOf(s, characters string) bool {
	return s != "" && strings.Trim(s, characters) == ""
}

// A word is a piece of a line between blanks, or a part of such a piece.
type word struct {
	text string
	at   Position
}

// tail returns what is left of w behind its first n bytes.
func (w word) tail(n int) word {
	w.text = w.text[n:]
	w.at.Column += n
	return w
}

// statements splits a source into lines of words. What is no text of lines is an
// error, and so is a text that may have been cut short.
func (p *parser) statements(s Source) [][]word {
	at := Position{File: s.Name, Line: 1, Column: 1}
	switch {
	case len(s.Text) == 0:
		p.errorf(at, "the file is empty; to grant nothing, say so in a comment")
		return nil
	case len(s.Text) > maxFile:
		p.errorf(at, "more than %d bytes", maxFile)
		return nil
	}
	var statements [][]word
	for line := range bytes.Lines(s.Text) {
		text, whole := strings.CutSuffix(string(line), "\n")
		if fault, column := faultOf(text); fault != "" {
			p.errorf(Position{s.Name, at.Line, column + 1}, "%s", fault)
		} else if st := words(text, at); len(st) > 0 {
			statements = append(statements, st)
		}
		if !whole {
			p.errorf(Position{s.Name, at.Line, len(text) + 1}, "the last line has no end: the file may have been cut short")
		}
		at.Line++
	}
	return statements
}

// faultOf says what cannot stand in a line, and at which byte it is.
func faultOf(line string) (fault string, at int) {
	if len(line) > maxLine {
		return fmt.Sprintf("the line is longer than %d bytes", maxLine), maxLine
	}
	for i, r := range line {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(line[i:], string(utf8.RuneError)):
			return "not UTF-8", i
		case r == '\r' && i == len(line)-1:
			return "a carriage return: lines end in a newline alone", i
		case r != '\t' && !unicode.IsPrint(r):
			return "a control character, or one that cannot be seen", i
		}
	}
	return "", 0
}

// words splits a line at blanks. A comment starts where a word would start.
func words(line string, at Position) []word {
	var words []word
	for i := 0; i < len(line) && line[i] != '#'; {
		n := strings.IndexAny(line[i:], " \t")
		if n < 0 {
			n = len(line) - i
		}
		if n > 0 {
			words = append(words, word{line[i : i+n], Position{at.File, at.Line, i + 1}})
		}
		i += n + 1
	}
	return words
}

// split splits a word at commas.
func (p *parser) split(w word) []word {
	var parts []word
	for {
		text, _, more := strings.Cut(w.text, ",")
		if text == "" {
			p.errorf(w.at, "nothing between two commas or at an end of the list")
		} else {
			parts = append(parts, word{text, w.at})
		}
		if !more {
			return parts
		}
		w = w.tail(len(text) + 1)
	}
}
