package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"nethelper/internal/trust"
)

const (
	suffix     = ".policy"
	maxDropIns = 64
	// maxEntries bounds the entries of the drop-in directory, of any name.
	maxEntries = 1024
	// maxTries is how often files are read that change meanwhile.
	maxTries = 3
)

// Open reads the policy at file and the drop-ins in dir, by their names in byte
// order. An empty dir means none, and a dir that is not there has none in it. The
// files and all directories above them have to be trusted.
//
// A drop-in is a file called NAME.policy, NAME being letters, digits, underscores
// and hyphens. Other names are passed over, so that what editors and package
// managers leave behind grants nothing; but a name that ends in .policy and is no
// such name is an error, unless it starts with a dot.
func Open(file, dir string, owners trust.Owners) ([]Source, Stamp, error) {
	for try := 1; ; try++ {
		sources, stamp, err := open(file, dir, owners)
		if try == maxTries || !errors.Is(err, trust.ErrChanged) {
			return sources, stamp, err
		}
	}
}

func open(file, dir string, owners trust.Owners) ([]Source, Stamp, error) {
	start := time.Now()
	text, state, err := owners.ReadFile(file, maxFile)
	if err != nil {
		return nil, Stamp{}, err
	}
	sources := []Source{{path.Base(file), text}}
	states := []stamped{{file, state}}
	if dir != "" {
		more, dirStates, err := openDir(dir, owners)
		if err != nil {
			return nil, Stamp{}, err
		}
		sources, states = append(sources, more...), append(states, dirStates...)
	}
	return sources, stampOf(states, start), nil
}

// openDir reads the drop-ins. The first state is that of the directory.
func openDir(dir string, owners trust.Owners) ([]Source, []stamped, error) {
	d, err := owners.Dir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, []stamped{{dir, trust.State{}}}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	sources, states, err := readDir(d, dir)
	return sources, states, errors.Join(err, d.Close())
}

func readDir(d *trust.Dir, dir string) ([]Source, []stamped, error) {
	before, err := d.State()
	if err != nil {
		return nil, nil, err
	}
	entries, err := d.Names(maxEntries)
	if err != nil {
		return nil, nil, err
	}
	names, err := dropIns(dir, entries)
	if err != nil {
		return nil, nil, err
	}
	changed := fmt.Errorf("%s: %w", dir, trust.ErrChanged)
	var sources []Source
	states := []stamped{{dir, before}}
	for _, name := range names {
		text, state, err := d.ReadFile(name, maxFile)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil, changed
		}
		if err != nil {
			return nil, nil, err
		}
		sources = append(sources, Source{path.Join(path.Base(dir), name), text})
		states = append(states, stamped{path.Join(dir, name), state})
	}
	after, err := d.State()
	if err != nil {
		return nil, nil, err
	}
	if after != before {
		return nil, nil, changed
	}
	return sources, states, nil
}

// dropIns picks the drop-ins among the entries of a directory, in byte order.
func dropIns(dir string, entries []string) ([]string, error) {
	var names []string
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry, suffix)
		switch {
		case !ok || strings.HasPrefix(entry, "."):
		case !madeOf(name, nameBytes):
			return nil, fmt.Errorf("%s: %q: want a name of letters, digits, _ and - before %s", dir, entry, suffix)
		default:
			names = append(names, entry)
		}
	}
	if len(names) > maxDropIns {
		return nil, fmt.Errorf("%s: %d files, the limit is %d", dir, len(names), maxDropIns)
	}
	slices.Sort(names)
	return names, nil
}
