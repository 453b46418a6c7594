package ops

import (
	"fmt"
	"strconv"
)

// A bitWord names one bit of a word of flags.
type bitWord struct {
	mask uint32
	word string
}

// bitWords returns the words for the bits that are set; bits that have none are
// one number in hexadecimal.
func bitWords(flags uint32, words []bitWord) []string {
	var set []string
	for _, f := range words {
		if flags&f.mask != 0 {
			set = append(set, f.word)
			flags &^= f.mask
		}
	}
	if flags != 0 {
		set = append(set, fmt.Sprintf("%#x", flags))
	}
	return set
}

// wordOf returns the word for the number n, or the number.
func wordOf(words []string, n uint8) string {
	if int(n) < len(words) {
		return words[n]
	}
	return strconv.Itoa(int(n))
}
