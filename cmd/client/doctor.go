package main

import (
	"errors"
	"fmt"

	"nethelper/pkg/client"
)

// An examination is one thing that has to be so for the helper to serve.
type examination struct {
	about string
	// look returns what is so, and an ailment where that will not do.
	look func(*ctl) (string, error)
}

// An ailment is something that is not as it has to be, and what mends it.
type ailment struct{ what, remedy string }

func (a *ailment) Error() string { return a.what + "; " + a.remedy }

func ailing(remedy, format string, args ...any) error {
	return &ailment{fmt.Sprintf(format, args...), remedy}
}

// examinations are in the order in which one thing needs another. The last of them
// tries it.
var examinations = []examination{
	{"helper", examineHelper},
	{"privilege", examineFile},
	{"file system", examineMount},
	{"caller", examineCaller},
	{"account", examineAccount},
	{"policy", examinePolicy},
	{"records", examineRecords},
	{"namespaces", examineNamespaces},
	{"kernel", examineKernel},
	{"service", examineService},
}

// errAiling is the error of an installation that does not do.
var errAiling = errors.New("something is wrong with the installation")

// doctor looks at an installation from end to end, as the user who runs it, and
// says of each thing whether it will do and what mends it.
func (c *ctl) doctor(args []string) error {
	if len(args) > 0 {
		return usageErrorf("doctor takes no arguments")
	}
	if c.helper == "" {
		c.helper = client.DefaultPath
	}
	result := []symptom{}
	ill := false
	for _, e := range examinations {
		found, err := e.look(c)
		s := symptom{About: e.about, OK: err == nil, Found: found}
		if err != nil {
			ill = true
			s.Found, s.Remedy = err.Error(), ""
			var a *ailment
			if errors.As(err, &a) {
				s.Found, s.Remedy = a.what, a.remedy
			}
		}
		result = append(result, s)
	}
	if err := c.printSymptoms(result); err != nil {
		return err
	}
	if ill {
		return reported{errAiling}
	}
	return nil
}

// A symptom is what was found, for programs.
type symptom struct {
	About  string `json:"about"`
	OK     bool   `json:"ok"`
	Found  string `json:"found"`
	Remedy string `json:"remedy,omitempty"`
}

func (c *ctl) printSymptoms(all []symptom) error {
	if c.json {
		return c.printJSON(all)
	}
	for _, s := range all {
		verdict := "ok   "
		if !s.OK {
			verdict = "WRONG"
		}
		if _, err := fmt.Fprintf(c.stdout, "%s %-12s %s\n", verdict, s.About, printable(s.Found)); err != nil {
			return err
		}
		if s.Remedy != "" {
			if _, err := fmt.Fprintf(c.stdout, "      %-12s -> %s\n", "", s.Remedy); err != nil {
				return err
			}
		}
	}
	return nil
}
