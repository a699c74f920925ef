package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/check"
)

// errFindings is the error of a check that found something, and of a fix that would change something. It has
// been told already.
var errFindings = errors.New("there are findings")

// errInput is the error of a check of which some input was wrong. It has been told already.
var errInput = errors.New("not everything could be checked")

// checkFlags are the flags of check as they are written.
type checkFlags struct {
	outputs, exclude, values, old []string
	failOn, policy, profile       string
	namespace, color              string
	complete, allowEmpty, cluster bool
	kubeconfig                    kubeconfig
}

func newCheckCommand() *cobra.Command {
	var flags checkFlags
	cmd := &cobra.Command{
		Use:   "check PATH...|-",
		Short: "Judge the manifests in files and folders",
		Long: `Judge the manifests in files and folders, and of standard input for -. A folder with a
kustomization or a chart is rendered first, from local files alone.

The exit code is 0 where nothing is found at or above --fail-on, 1 where something is, and 2 where the
input, the policy or a flag is wrong. What is found goes to standard output, what is wrong to standard error.`,
		Example: `  greenlight check deploy/
  kubectl get deployments,services -o yaml | greenlight check -
  greenlight check --complete --profile strict -o text -o json=findings.json deploy/`,
		Args: cobra.MinimumNArgs(1),
		RunE: flags.run,
	}
	set := cmd.Flags()
	set.StringArrayVarP(&flags.outputs, "output", "o", []string{"text"}, "`FORMAT[=PATH]` to write: "+formatNames()+"; may be repeated")
	set.StringVar(&flags.failOn, "fail-on", string(v1alpha1.Deny), "the mildest `MODE` of a finding that fails the check: deny, warn or audit")
	set.StringVar(&flags.policy, "policy", "", "`FILE` with the RolloutPolicy to judge by (default "+policyFile+", where there is one, and with --cluster those in force there)")
	set.StringVar(&flags.profile, "profile", "", "the built-in `PROFILE` to judge by, instead of a policy: baseline or strict")
	set.StringVarP(&flags.namespace, "namespace", "n", "", "the `NAMESPACE` of objects that name none (default \"default\", and with --cluster that of the context)")
	flags.kubeconfig.addContextFlags(set)
	set.BoolVar(&flags.cluster, "cluster", false, "judge the input as a change of what is in the cluster now, by its policies; it is only read")
	set.BoolVar(&flags.complete, "complete", false, "take the input for all that is in its namespaces, so that rules may conclude what is not there")
	set.StringArrayVar(&flags.old, "old", nil, "`PATH` of the manifests before: the input is judged as a change of them; may be repeated")
	set.StringArrayVar(&flags.exclude, "exclude", nil, "`GLOB` of files and folders that are not read, by name or path; may be repeated")
	set.StringArrayVar(&flags.values, "values", nil, "`FILE` with values for the charts; may be repeated, and the last wins")
	set.BoolVar(&flags.allowEmpty, "allow-empty", false, "take an input without any object for a success")
	set.StringVar(&flags.color, "color", "auto", "color the text: `WHEN` is auto, always or never")
	cmd.MarkFlagsMutuallyExclusive("policy", "profile")
	cmd.MarkFlagsMutuallyExclusive("old", "cluster")
	return cmd
}

func (f *checkFlags) run(cmd *cobra.Command, paths []string) error {
	options, err := f.options(cmd.InOrStdin(), paths)
	if err != nil {
		return err
	}
	failOn, err := oneOf("--fail-on", f.failOn, v1alpha1.Deny, v1alpha1.Warn, v1alpha1.Audit)
	if err != nil {
		return err
	}
	outputs, err := f.parseOutputs(cmd.OutOrStdout())
	if err != nil {
		return err
	}
	if err := f.reach(cmd.Context(), &options, cmd.ErrOrStderr()); err != nil {
		return err
	}
	result := check.Run(cmd.Context(), options)
	if err := complain(cmd.ErrOrStderr(), result.Errors); err != nil {
		return err
	}
	for _, output := range outputs {
		if err := output.write(result); err != nil {
			return err
		}
	}
	switch {
	case len(result.Errors) > 0:
		return errInput
	case result.AtLeast(failOn):
		return errFindings
	}
	return nil
}

// complain tells what was wrong with the input.
func complain(w io.Writer, faults []check.Error) error {
	for _, fault := range faults {
		if _, err := fmt.Fprintln(w, fault); err != nil {
			return err
		}
	}
	return nil
}

// oneOf returns the value of a flag that has to be one of a few.
func oneOf[T ~string](flag, value string, allowed ...T) (T, error) {
	for _, one := range allowed {
		if value == string(one) {
			return one, nil
		}
	}
	return "", fmt.Errorf("%s is %q: want one of %v", flag, value, allowed)
}
