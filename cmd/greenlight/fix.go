package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"greenlight.dev/greenlight/internal/fix"
)

// fixFlags are the flags of fix as they are written.
type fixFlags struct {
	policy, namespace string
	exclude           []string
	diff              bool
}

func newFixCommand() *cobra.Command {
	var flags fixFlags
	cmd := &cobra.Command{
		Use:   "fix PATH...",
		Short: "Write what the webhook would inject into the manifests",
		Long: `Write what the webhook would inject into the manifests in files and folders: readiness probes, preStop sleeps
and the grace periods for them. Comments, order and style stay, and so does whatever else is in the files. The
Services among the manifests say who serves. An HTTP path is never invented.

The exit code is 0 where all is well then, and 2 where something could not be read or fixed. With --diff it is 1
where something would change, as that of diff.`,
		Example: `  greenlight fix deploy/
  greenlight fix --diff deploy/ | git apply`,
		Args: cobra.MinimumNArgs(1),
		RunE: flags.run,
	}
	set := cmd.Flags()
	set.BoolVar(&flags.diff, "diff", false, "show what would change and change nothing")
	set.StringVar(&flags.policy, "policy", "", "`FILE` with the RolloutPolicy whose defaults are written (default "+policyFile+", where there is one)")
	set.StringVarP(&flags.namespace, "namespace", "n", "default", "the `NAMESPACE` of objects that name none")
	set.StringArrayVar(&flags.exclude, "exclude", nil, "`GLOB` of files and folders that are not read, by name or path; may be repeated")
	return cmd
}

func (f *fixFlags) run(cmd *cobra.Command, paths []string) error {
	if slices.Contains(paths, "-") {
		return errors.New("standard input is no file to write to: name files or folders")
	}
	checks := checkFlags{policy: f.policy, namespace: f.namespace, exclude: f.exclude}
	options, err := checks.options(nil, paths)
	if err != nil {
		return err
	}
	if err := checks.govern(&options); err != nil {
		return err
	}
	result := fix.Run(cmd.Context(), options)
	if err := complain(cmd.ErrOrStderr(), slices.Concat(result.Warnings, result.Errors)); err != nil {
		return err
	}
	if err := f.apply(cmd.OutOrStdout(), result.Files); err != nil {
		return err
	}
	switch {
	case len(result.Errors) > 0:
		return errInput
	case f.diff && len(result.Files) > 0:
		return errFindings
	}
	return nil
}

// apply shows or makes the changes.
func (f *fixFlags) apply(w io.Writer, files []fix.File) error {
	for _, file := range files {
		told, err := f.tell(file)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, told); err != nil {
			return err
		}
	}
	return nil
}

// tell returns the diff of a file, or what was changed in it.
func (f *fixFlags) tell(file fix.File) (string, error) {
	if f.diff {
		return file.Diff()
	}
	if err := file.Write(); err != nil {
		return "", err
	}
	told := ""
	for _, change := range file.Changes {
		told += fmt.Sprintf("%s:%d:%d %s: %s\n", change.File, change.Line, change.Column, change.Object, change.Message)
	}
	return told, nil
}
