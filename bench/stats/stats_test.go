package stats

import (
	"encoding/json"
	"math"
	"testing"
)

var nan = math.NaN()

func TestSpread(t *testing.T) {
	for _, test := range []struct {
		series Series
		want   string
	}{
		{nil, "–"},
		{Series{nan, nan}, "–"},
		{Series{5}, "5"},
		{Series{5, 5, nan}, "5"},
		{Series{3, 1, 2}, "2 [1–3]"},
		{Series{4, nan, 1, 2, 3}, "2.50 [1–4]"},
		{Series{28459, 22687.4, 38026.2}, "28,459 [22,687–38,026]"},
		{Series{4.412, 4.36, 5.5678}, "4.41 [4.36–5.57]"},
	} {
		if got := test.series.Spread().String(); got != test.want {
			t.Errorf("%v: %s, want %s", test.series, got, test.want)
		}
	}
}

// A disturbance of a whole round changes no ratio.
func TestPairCancels(t *testing.T) {
	a, b := Series{10, 20, 30, 40}, Series{5, 10, 15, 20}
	for _, v := range Pair(func(v ...float64) float64 { return v[0] / v[1] }, a, b) {
		if v != 2 {
			t.Errorf("ratio %v, want 2", v)
		}
	}
}

func TestPairMissing(t *testing.T) {
	sum := func(v ...float64) float64 { return v[0] + v[1] }
	got := Pair(sum, Series{1, nan, 3}, Series{1, 2})
	if len(got) != 3 || got[0] != 2 || !math.IsNaN(got[1]) || !math.IsNaN(got[2]) {
		t.Errorf("got %v, want 2 and nothing twice", got)
	}
	if got := Pair(sum, nil, nil); got.Spread().Rounds != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestQuantile(t *testing.T) {
	sorted := []float64{1, 2, 3, 4, 5}
	for q, want := range map[float64]float64{0: 1, 0.25: 2, 0.5: 3, 0.875: 4.5, 1: 5} {
		if got := Quantile(sorted, q); got != want {
			t.Errorf("%v: %v, want %v", q, got, want)
		}
	}
	if got := Quantile(nil, 0.5); !math.IsNaN(got) {
		t.Errorf("of nothing: %v", got)
	}
}

func TestFormat(t *testing.T) {
	for _, test := range []struct {
		v    float64
		want string
	}{
		{0, "0"}, {1, "1"}, {16, "16"}, {1.1, "1.10"}, {0.0123456, "0.0123"}, {9.999, "10.0"}, {99.96, "100"},
		{123.4, "123"}, {1234.5, "1,234"}, {999999.9, "1,000,000"}, {-1234567, "-1,234,567"}, {-0.5, "-0.500"},
		{nan, "–"}, {math.Inf(1), "–"},
	} {
		if got := Format(test.v); got != test.want {
			t.Errorf("%v: %s, want %s", test.v, got, test.want)
		}
	}
}

func TestSeriesJSON(t *testing.T) {
	var s Series
	s.Set(2, 1.00000049)
	text, err := json.Marshal(s)
	if err != nil || string(text) != "[null,null,1]" {
		t.Fatalf("%s, %v", text, err)
	}
	var back Series
	if err := json.Unmarshal(text, &back); err != nil || len(back) != 3 || !math.IsNaN(back[0]) || back[2] != 1 {
		t.Errorf("%v, %v", back, err)
	}
}
