package certificates

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// mount waits for a Secret and keeps its data in a folder, as the kubelet keeps a volume: whole versions, the
// newest of which a link leads to.
func (i *installation) mount(secret string) string {
	i.Helper()
	folder := i.TempDir()
	written := ""
	write := func(ctx context.Context) error {
		var found corev1.Secret
		if err := i.Get(ctx, client.ObjectKey{Namespace: namespace, Name: secret}, &found); err != nil {
			return err
		}
		if found.ResourceVersion == written {
			return nil
		}
		written = found.ResourceVersion
		return writeVersion(folder, found)
	}
	i.eventually("mounting Secret "+secret, write)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		wait.UntilWithContext(i.Context(), func(ctx context.Context) {
			if err := write(ctx); client.IgnoreNotFound(err) != nil && ctx.Err() == nil {
				i.Errorf("updating the volume of Secret %s: %v", secret, err)
			}
		}, period)
	}()
	i.Cleanup(func() { <-ended })
	return folder
}

func writeVersion(folder string, secret corev1.Secret) error {
	version := "..v" + secret.ResourceVersion
	errs := []error{os.Mkdir(filepath.Join(folder, version), 0o700)}
	for file, content := range secret.Data {
		errs = append(errs, os.WriteFile(filepath.Join(folder, version, file), content, 0o600))
		if _, err := os.Lstat(filepath.Join(folder, file)); err != nil {
			errs = append(errs, os.Symlink(filepath.Join("..data", file), filepath.Join(folder, file)))
		}
	}
	next := filepath.Join(folder, "..next")
	return errors.Join(append(errs, os.Symlink(version, next), os.Rename(next, filepath.Join(folder, "..data")))...)
}
