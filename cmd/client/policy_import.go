package main

import (
	"flag"
	"strings"

	"nethelper/internal/adopt"
)

func importFlags(o *options, fs *flag.FlagSet) {
	fs.StringVar(&o.from, "from", "", "what the file is")
}

// policyImport says what a configuration of another program really permitted, and
// proposes grants in its place.
func (c *ctl) policyImport(args []string) error {
	if len(args) != 1 {
		return usageErrorf("policy import: want --from FORMAT FILE")
	}
	var names []string
	for _, f := range adopt.Formats {
		names = append(names, f.Name)
		if f.Name != c.from {
			continue
		}
		source, err := c.openLog(args[0])
		if err != nil {
			return err
		}
		defer source.Close()
		all, err := f.Read(source)
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(all)
		}
		_, err = c.stdout.WriteString(adopt.Policy(all))
		return err
	}
	return usageErrorf("policy import --from: %q: want %s", c.from, strings.Join(names, ", "))
}
