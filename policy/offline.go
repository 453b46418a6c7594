package policy

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// ReadUntrusted reads the files that [Open] reads, whoever they belong to. What it
// returns is to be checked and explained, and never enforced. An empty dir means
// none.
func ReadUntrusted(file, dir string) ([]Source, error) {
	text, err := readBounded(file)
	if err != nil {
		return nil, err
	}
	sources := []Source{{path.Base(file), text}}
	if dir == "" {
		return sources, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	listed := make([]string, len(entries))
	for i, e := range entries {
		listed[i] = e.Name()
	}
	names, err := dropIns(dir, listed)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := readBounded(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		sources = append(sources, Source{path.Join(path.Base(dir), name), text})
	}
	return sources, nil
}

// ReadUntrustedAccounts reads the files that [ReadAccounts] reads, whoever they
// belong to, for policies that are not enforced.
func ReadUntrustedAccounts() (*Accounts, error) {
	passwd, err := os.ReadFile(passwdFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	group, err := os.ReadFile(groupFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return ParseAccounts(passwd, group), nil
}

// readBounded reads a file so far that Parse sees whether it is too large.
func readBounded(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() // nothing was written
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// ParsePrincipal reads the principal of an imagined request, as an expect
// statement has it: the least principal that grants to it cover.
func ParsePrincipal(text string, names Names) (Principal, error) {
	p := &parser{names: names}
	who, err := p.who(text)
	if err != nil {
		return Principal{}, err
	}
	return p.principal(who), nil
}
