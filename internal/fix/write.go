package fix

import (
	"fmt"
	"os"
	"path/filepath"
)

// Write puts the file as it is to be in the place of what it was, at once: nobody ever sees half of it. It
// keeps the permissions, and what a symbolic link points to is what changes.
func (f File) Write() error {
	path, err := filepath.EvalSymlinks(f.Name)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".greenlight-*")
	if err != nil {
		return err
	}
	if err := fill(temporary, f.After, info.Mode()); err != nil {
		_ = os.Remove(temporary.Name()) // The first error is the one to tell.
		return fmt.Errorf("writing %s: %w", f.Name, err)
	}
	return os.Rename(temporary.Name(), path)
}

func fill(file *os.File, content []byte, mode os.FileMode) error {
	_, err := file.Write(content)
	for _, then := range []func() error{func() error { return file.Chmod(mode) }, file.Sync} {
		if err == nil {
			err = then()
		}
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}
