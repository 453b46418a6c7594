// Package stats holds what is measured round by round, and what is made of it.
package stats

import (
	"encoding/json"
	"math"
	"slices"
)

// A Series is one measurement, a value a round. A round in which it failed is NaN,
// which is null in JSON.
type Series []float64

// MarshalJSON rounds to what was measured: seven digits are more than any of it
// is worth.
func (s Series) MarshalJSON() ([]byte, error) {
	values := make([]*float64, len(s))
	for i, v := range s {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			v = significant(v, 7)
			values[i] = &v
		}
	}
	return json.Marshal(values)
}

func (s *Series) UnmarshalJSON(data []byte) error {
	var values []*float64
	if err := json.Unmarshal(data, &values); err != nil {
		return err
	}
	*s = make(Series, len(values))
	for i, v := range values {
		(*s)[i] = math.NaN()
		if v != nil {
			(*s)[i] = *v
		}
	}
	return nil
}

// At returns the value of a round, which is NaN for one that was not measured.
func (s Series) At(round int) float64 {
	if round >= len(s) {
		return math.NaN()
	}
	return s[round]
}

// Set sets the value of a round.
func (s *Series) Set(round int, v float64) {
	for len(*s) <= round {
		*s = append(*s, math.NaN())
	}
	(*s)[round] = v
}

// Spread says what a series comes to. The zero value is that of a series without
// values.
type Spread struct {
	Median, Min, Max float64
	Rounds           int
}

// Spread leaves out the rounds without a value.
func (s Series) Spread() Spread {
	values := slices.DeleteFunc(slices.Clone(s), math.IsNaN)
	if len(values) == 0 {
		return Spread{}
	}
	slices.Sort(values)
	return Spread{Median: Quantile(values, 0.5), Min: values[0], Max: values[len(values)-1], Rounds: len(values)}
}

// Pair combines series round by round, so that what disturbs a whole round cancels
// out. A round that lacks one of them has no value.
func Pair(combine func(values ...float64) float64, series ...Series) Series {
	var paired Series
	rounds := 0
	for _, s := range series {
		rounds = max(rounds, len(s))
	}
	values := make([]float64, len(series))
	for round := range rounds {
		for i, s := range series {
			values[i] = s.At(round)
		}
		if slices.ContainsFunc(values, math.IsNaN) {
			paired.Set(round, math.NaN())
			continue
		}
		paired.Set(round, combine(values...))
	}
	return paired
}

// Quantile returns the value below which the part q of the sorted values lies. It
// interpolates between neighbours.
func Quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := q * float64(len(sorted)-1)
	low := int(math.Floor(at))
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}
