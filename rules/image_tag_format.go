package rules

import (
	"context"
	"fmt"
	"regexp"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/state"
)

var imageTagFormat = &Rule{
	ID: "image-tag-format",
	Doc: `# The tag does not say which build it is

Whoever looks into an incident asks first which code runs. A tag in the form that the team has agreed
on, a version, a build number or the hash of a commit, leads there; any other tag leads nowhere.

The policy gives the form as a pattern, a regular expression that the whole tag must match. Without one
the rule is not evaluated. An image with a digest and no tag passes: the digest names the build.

## Wrong

    image: shop/web:fixed-again

## Right

    image: shop/web:1.4.2

## How to fix it

Push the image under a tag of the policy's form, and use that.
`,
	Kinds:  deployments,
	Params: func() any { return &ImageTagFormatParams{} },
	Run:    runImageTagFormat,
}

// ImageTagFormatParams are the parameters of image-tag-format.
type ImageTagFormatParams struct {
	// Pattern is the regular expression, in the syntax of Go, that every whole tag must match:
	// \d+\.\d+\.\d+ for versions, [0-9a-f]{7,40} for hashes of commits. It has no default.
	Pattern string `json:"pattern"`
}

// Validate returns what is wrong with the parameters.
func (p *ImageTagFormatParams) Validate(path *field.Path) field.ErrorList {
	path = path.Child("pattern")
	if p.Pattern == "" {
		return field.ErrorList{field.Required(path, `say which tags are allowed, for example \d+\.\d+\.\d+`)}
	}
	if _, err := regexp.Compile(p.Pattern); err != nil {
		return field.ErrorList{field.Invalid(path, p.Pattern, err.Error())}
	}
	return nil
}

func runImageTagFormat(_ context.Context, pass *Pass) error {
	pattern := pass.Params.(*ImageTagFormatParams).Pattern
	if pattern == "" {
		return state.Unknown{Reason: "the policy does not give the pattern of tags"}
	}
	whole, err := regexp.Compile("^(?:" + pattern + ")$")
	if err != nil {
		return err
	}
	for _, container := range allContainers(&pass.Object.(*appsv1.Deployment).Spec.Template.Spec) {
		if why := misnamed(container.Image, whole); why != "" {
			pass.Report(Finding{
				Path:    container.path().Child("image"),
				Message: fmt.Sprintf("the policy asks for tags that match %s, and image %q %s: nobody can tell which build it is.", pattern, container.Image, why),
				Fix:     "Use a tag of that form.",
			})
		}
	}
	return nil
}

// misnamed returns why an image has no tag of the form: empty if it has, or if its name is not valid.
func misnamed(image string, form *regexp.Regexp) string {
	name, valid := parseImage(image)
	switch {
	case !valid || name.tag == "" && name.pinned || form.MatchString(name.tag):
		return ""
	case name.tag == "":
		return "has no tag"
	}
	return "has the tag " + name.tag
}
