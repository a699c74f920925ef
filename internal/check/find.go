package check

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"greenlight.dev/greenlight/internal/helm"
	"greenlight.dev/greenlight/internal/kustomize"
)

// Stdin is what standard input is called among the files.
const Stdin = "stdin"

// extensions are those of the files in a folder that are read.
var extensions = []string{".yaml", ".yml", ".json"}

// finder collects what paths lead to.
type finder struct {
	options Options
	sources []source
	faults  []Error
}

// find returns what to read, sorted by name and each once, and what is wrong with the paths.
func find(paths []string, options Options) ([]source, []Error) {
	finder := finder{options: options}
	for _, path := range paths {
		if path == "-" {
			finder.sources = append(finder.sources, plain(Stdin, func() ([]byte, error) { return io.ReadAll(options.Stdin) }))
			continue
		}
		finder.add(filepath.Clean(path))
	}
	slices.SortStableFunc(finder.sources, func(a, b source) int { return cmp.Compare(a.name, b.name) })
	sources := slices.CompactFunc(finder.sources, func(a, b source) bool { return a.name == b.name })
	return withoutBases(sources, paths), finder.faults
}

func (f *finder) add(path string) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		f.faults = append(f.faults, unreadable(filepath.ToSlash(path), err))
	case info.IsDir():
		f.walk(path)
	default:
		f.file(path)
	}
}

func (f *finder) file(path string) {
	f.sources = append(f.sources, plain(filepath.ToSlash(path), func() ([]byte, error) { return os.ReadFile(path) }))
}

// walk reads the manifests in a folder. Where it comes upon a chart or a kustomization, that is rendered, and
// the files that belong to it are not read by themselves.
func (f *finder) walk(root string) {
	built := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			f.faults = append(f.faults, unreadable(filepath.ToSlash(path), err))
		case path != root && f.skips(path, entry):
			return skip(entry)
		case entry.IsDir() && helm.IsChart(path):
			f.sources = append(f.sources, chart(path, f.options))
			return fs.SkipDir
		case entry.IsDir() && kustomize.File(path) != "":
			f.sources = append(f.sources, kustomization(path))
			built[path] = true
		case entry.IsDir():
			built[path] = built[filepath.Dir(path)]
		case isManifest(path) && !built[filepath.Dir(path)]:
			f.file(path)
		}
		return nil
	})
	if err != nil {
		f.faults = append(f.faults, unreadable(filepath.ToSlash(root), err))
	}
}

func skip(entry fs.DirEntry) error {
	if entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// skips reports whether a file or a folder is excluded, or is a hidden folder such as .git.
func (f *finder) skips(path string, entry fs.DirEntry) bool {
	return entry.IsDir() && strings.HasPrefix(entry.Name(), ".") || slices.ContainsFunc(f.options.Exclude, func(glob string) bool {
		return matches(glob, filepath.ToSlash(path)) || matches(glob, entry.Name())
	})
}

func matches(glob, name string) bool {
	matched, err := doublestar.Match(glob, name)
	return err == nil && matched
}

// isManifest reports whether a file in a folder is to be read: not, for one, a pipe, which may never end.
func isManifest(path string) bool {
	if !slices.Contains(extensions, strings.ToLower(filepath.Ext(path))) {
		return false
	}
	info, err := os.Stat(path)
	return err != nil || info.Mode().IsRegular()
}

// unreadable tells why a file cannot be read, without naming it again.
func unreadable(file string, err error) Error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return Error{Place{File: file}, fmt.Sprintf("cannot be read: %v", err)}
}

// ValidGlob returns an error where a glob of Options.Exclude is not one.
func ValidGlob(glob string) error {
	if !doublestar.ValidatePattern(glob) {
		return fmt.Errorf("%q is not a glob: want something like charts/** or *_test.yaml", glob)
	}
	return nil
}
