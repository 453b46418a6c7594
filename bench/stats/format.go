package stats

import (
	"math"
	"strconv"
	"strings"
)

// Format writes a value with three significant digits, whole numbers in full, and
// thousands apart.
func Format(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	digits := 0
	if a := math.Abs(significant(v, 3)); a > 0 && a < 100 {
		digits = 2 - int(math.Floor(math.Log10(a)))
	}
	text := strconv.FormatFloat(v, 'f', digits, 64)
	if whole := strconv.FormatFloat(v, 'f', -1, 64); v == math.Trunc(v) && v < 100 {
		text = whole
	}
	return thousands(text)
}

// String returns the median with the smallest and the largest value, where there
// is more than one.
func (s Spread) String() string {
	switch {
	case s.Rounds == 0:
		return "–"
	case s.Min == s.Max:
		return Format(s.Median)
	}
	return Format(s.Median) + " [" + Format(s.Min) + "–" + Format(s.Max) + "]"
}

// thousands sets commas into the whole part of a number.
func thousands(text string) string {
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole
}

// significant rounds to a number of digits that count.
func significant(v float64, digits int) float64 {
	if v == 0 {
		return 0
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', digits-1, 64), 64)
	if err != nil {
		return v
	}
	return rounded
}
