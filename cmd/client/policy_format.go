package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"nethelper/pkg/ops"
	"nethelper/policy"
)

func formatFlags(o *options, fs *flag.FlagSet) {
	fs.BoolVar(&o.write, "w", false, "write the file instead of printing it")
}

// policyFormat prints a policy in its one form, or writes it back.
func (c *ctl) policyFormat(args []string) error {
	if len(args) != 1 {
		return usageErrorf("policy fmt: want FILE")
	}
	sources, err := policy.ReadUntrusted(args[0], "")
	if err != nil {
		return err
	}
	text := string(sources[0].Text)
	formatted := policy.Format(text, ops.Schema())
	accounts, err := policy.ReadUntrustedAccounts()
	if err != nil {
		return err
	}
	if _, err := policy.Parse(sources, ops.Schema(), accounts); err == nil {
		sources[0].Text = []byte(formatted)
		if _, err := policy.Parse(sources, ops.Schema(), accounts); err != nil {
			return fmt.Errorf("it would no longer be a policy: %w", err)
		}
	}
	if !c.write {
		_, err := c.stdout.WriteString(formatted)
		return err
	}
	if formatted == text {
		return nil
	}
	return replaceFile(args[0], formatted)
}

// replaceFile writes a file beside another, with its mode, and puts it in its place.
func replaceFile(name, text string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	beside := name + ".new"
	f, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Chmod(info.Mode().Perm()), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(beside, name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(beside))
	}
	return nil
}
