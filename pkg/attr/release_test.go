package attr

import "testing"

func TestParseRelease(t *testing.T) {
	for text, want := range map[string]Release{
		"6.1.0-56-amd64": {6, 1}, "6.18.44": {6, 18}, "5.15": {5, 15}, "7.0-rc1": {7, 0}, "6.13+": {6, 13},
	} {
		if got, err := ParseRelease(text); err != nil || got != want {
			t.Errorf("%q: %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "6", "6.", ".1", "x.1", "Linux 6.1"} {
		if got, err := ParseRelease(text); err == nil {
			t.Errorf("%q: %v, want an error", text, got)
		}
	}
}

func TestBefore(t *testing.T) {
	for _, c := range []struct {
		a, b Release
		want bool
	}{
		{Release{6, 1}, Release{6, 13}, true},
		{Release{6, 13}, Release{6, 13}, false},
		{Release{7, 0}, Release{6, 13}, false},
		{Release{5, 19}, Release{6, 0}, true},
		{Release{}, Release{5, 6}, true},
	} {
		if got := c.a.Before(c.b); got != c.want {
			t.Errorf("%v before %v: %v", c.a, c.b, got)
		}
	}
}
