package policy

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// ReadUntrusted reads the files that [Open] reads, whoever they belong to. What it
// returns is to be checked and explained, and never enforced. An empty dir means
// none.
func ReadUntrusted(file, dir string) ([]Source, error) {
	text, err := os.ReadFile(file)
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
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), suffix)
		if !ok || strings.HasPrefix(name, ".") {
			continue
		}
		if !isName(name) {
			return nil, fmt.Errorf("%s: %q: want a name of letters, digits, _ and - before %s", dir, e.Name(), suffix)
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		sources = append(sources, Source{path.Join(path.Base(dir), e.Name()), text})
	}
	if n := len(sources) - 1; n > maxDropIns {
		return nil, fmt.Errorf("%s: %d files, the limit is %d", dir, n, maxDropIns)
	}
	return sources, nil
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
